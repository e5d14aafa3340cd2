"""Headlines of news searches, and the pages of an outlet that may be theirs.

what an outlet lists: a feed, a sitemap, its home page     listing.py
  ─▶ pages with their titles and times
a headline ─ the same as people read it?                   compare.py
           ─ another wording of the same, by time and words?
           ─ its words in an address?
  ─▶ the page, and by what it was found                    match.py
"""
