"""From a headline in a news search to the outlet's own article.

    waiting entries whose links tell nothing    headlines.py
      ─ what the warehouse knows of the outlet
      ─ its feeds, its sitemaps                 outlet.py, sitemaps.py
      ─ which page is it?                       parsers/headlines
      ─▶ entries with the address of the page, to be harvested like all others;
         the others wait for the outlet's next listing, or are given up      outcomes.py

Outlets that nobody watches are suggested by what searches say of them (suggest.py).

Each outlet is asked once for all its open headlines (resolve.py). No link that is known to tell
nothing is asked.
"""
