"""Bytes and text in, records out: no network, no clock, no database, no Prefect.

a feed ─▶ entries                                    feeds/
a page ─▶ article ─▶ its topics, its fingerprint     parse.py tells it all
            the text                                   extraction/
            title, authors, dates …                    metadata/
            put together, or why it is none            articles/
            topics                                     topics/
            fingerprints, and stories out of them      copies/
beneath: text as such                                text/
         URLs and sites                              urls.py, url_rules.py, sites.py
         what travels, ids, errors                   records.py, identity.py, errors.py
"""
