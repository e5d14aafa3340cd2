"""The one place for HTTP: polite, bounded and safe.

    HttpClient.get(url)                          client.py
      for each hop of the redirects              request.py
        straight or through a proxy?             proxies.py
        wait until the host may be asked again   host_pools.py, pacing.py
          also for other runs on this machine    host_locks.py
        connect, to public addresses only        guarded_backend.py, addresses.py
        send, read within the limits             exchange.py, bodies.py
          of one page, and of all together       memory_budget.py
        undo gzip, br, zstd                      decompress.py
      ─▶ a page, and the way to it               fetched.py
    Robots.check(url), before a page is asked    robots.py
    what the next run must know of both          host_cache.py

Whatever a server answers is a `Page`, 404 and 503 too; what kept it from answering is a
`Retry` (it may work later) or a `Drop` (we refuse).
"""
