"""WebSub (W3C Recommendation, 2018): feeds that tell when they have something new.

    feeds that name a hub ─▶ whom to ask         deciding.py
      ─▶ hubs are asked to push, or to stop      hubs.py
    what a hub wants confirmed ─▶ the verdict    app.py, deciding.py
    a push ─▶ is its signature right?            app.py, deciding.py
      ─▶ a poll of the feed                      flows.push
    what is known of each subscription           subscription.py
      ─▶ push.sqlite, beside the warehouse       store.py
    how often a feed that pushes is polled       rhythm.py

A push is a hint, never content: its body is checked against its signature and thrown away.
"""
