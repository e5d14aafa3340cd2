"""What the steps ask of the warehouse: what waits, what is known, what came in.

feeds that are due                feeds.py          what has just come in         arrivals.py
entries that wait                 entries.py        failures and who decides      failures.py
articles to match again           articles.py       feeds that fail, thin days    health.py
what was read when                revisions.py      home pages to be asked        outlets.py
"""
