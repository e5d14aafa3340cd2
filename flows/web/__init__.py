"""The desk as pages, read-only: what the press said, by whom first, how the sources are doing.

browser ─▶ serving.py: deadlines ─▶ guard.py: who may ask, and how ─▶ app.py ─▶ pages/
           copies.py: the newest published copy, or the lake ◀───────────────────┤
                      asked by warehouse.published.pages ─▶ records              ▼
                      answers.py: the same records as HTML (templates/) or as JSON
"""
