"""Parsers at work in processes of their own, which can be timed out, killed and replaced.

page ─▶ ParserPool.page                  pool.py
          cheap test, many pages a task  prefilter_queue.py
          a task for a worker            workers.py
            bounds on its memory         process.py
            what it is forked with       preload.py
       ◀─ Article | Rejection, or the error that kept it from being read

What people wait for on the desk's pages goes to such workers too, by turns: bounded.py.
"""
