"""What a run decides, apart from what it does: records in, records out, without I/O.

which links to fetch, in which chunks        plan.py
what becomes of a feed that was asked        feed_state.py
  which of its entries it showed before      recognition.py
  which of its entries are new               new_entries.py
  when it is asked again                     poll_times.py
  whether it moved for good                  redirects.py
  whether it is another one                  same_feeds.py
what becomes of an entry that was harvested  outcomes.py
  whether its page is known by another address   same_texts.py
what its host had of the run, and what waits host_budget.py
what a parser of today would change          reparse_diff.py
"""
