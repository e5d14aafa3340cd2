"""Backfill: articles of the past, from the archives of crawls and from sitemaps.

    WARC file ─ stretches ─ parse ─ decide ─▶ batches: entries, articles, outcomes  crawls.py
                (in the parsers' processes)                                        stretches.py
        one that would be read from its beginning, pages that end a parser        one_by_one.py
        articles on several pages                                                    several.py
    sitemap ─ addresses ─▶ entries that wait ─ harvest ─▶ as ever                   sitemaps.py

Either way each page is an entry with an outcome, so the funnel adds up, and a second time finds
every entry there and adds nothing. Nobody is alerted of what comes in this way.
"""
