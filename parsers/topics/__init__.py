"""Which articles are about which topic.

topics.toml ─▶ rules.py ─▶ Topics                              topics.py
  every form of an alias                                       forms.py
  cheap test on a page's bytes                                 prefilter.py, anchors.py
  mentions in an article's text, and how salient they are      matcher.py, chunked_search.py
"""
