"""Feeds and lists of feeds.

bytes ─▶ parse.py ─▶ xml_feed.py (RSS, Atom, RDF) or json_feed.py ─▶ ParsedFeed, Entries
           encoding.py  which encoding               xml_item.py  an item of RSS, Atom, RDF
           repair.py    what is broken               items.py     an item to an Entry
             markup.py    tags and references        text.py      its titles and summaries
           trim.py      what is too much
feeds out                        write.py            lists of feeds         opml.py
feeds that a page names          discovery.py        addresses of a site    sitemaps.py
hubs that push                   hubs.py             XML by elements        xml_stream.py
"""
