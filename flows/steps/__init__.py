"""The steps of the walk. Each takes the run it is part of; the same functions run with Prefect
(`flows.prefect_flows`), from the command line, and in `ingest`, which is all of them in one.

    poll ──────▶ harvest ──────▶ publish            ingest.py: all three, and loads in between
    poll.py      harvest.py      publish.py
    due.py       buffer.py       outgoing.py
                 further_pages.py

    single links and files       add.py             feeds watched, or no longer   subscriptions.py
    articles of the past         backfill/          retry or drop what failed     failures.py
    changed topics               rematch.py         the daily upkeep              maintain.py
    what outlets are called      outlets.py
    better parsers               reparse.py         what an operator must know    health.py
"""
