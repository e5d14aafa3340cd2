"""What every step of one run works with, and what it holds while it runs.

open_run(settings) ─▶ Run: settings, desk, topics, client, parser pool, clock   context.py
  who wants to know how it gets on                                              listener.py
  that no second run of a step is at work                                       lock.py
"""
