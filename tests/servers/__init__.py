"""Servers that tests talk to over real sockets on loopback, a module each.

    site            a web site whose every answer a test writes, the wrong ones above all
    proxy           a forward proxy in front of a site
    asgi            any ASGI app, such as a receiver of pushes
    websub_hub      a WebSub hub, and one that misbehaves
    flask_hub       a WebSub hub that others wrote
    bucket          an S3 service
    postgres        a PostgreSQL server
    prefect_server  a desk on a real Prefect server

`ports` finds each of them a place. The made-up press is served by the program itself
(`flows.newsstand`).
"""
