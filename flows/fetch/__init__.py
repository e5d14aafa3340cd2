"""The one place for HTTP: polite, bounded and safe.

    HttpClient.get(url)                          client.py
      for each hop of the redirects
        straight or through a proxy?             proxies.py
        wait for the host's turn                 lanes.py, pacing.py
        connect, to public addresses only        connecting.py, addresses.py
        send, read within the limits             exchange.py
        undo gzip, br, zstd                      unpack.py
    Robots.check(url), before a page is asked    robots.py
    what the next run must know of both          memory.py

Whatever a server answers is a `Page`, 404 and 503 too; what kept it from answering is a
`Retry` (it may work later) or a `Drop` (we refuse).
"""
