"""What people read: the copy that is swapped in by rename, or a lake itself.

private file ─▶ publish.py ─▶ published copy ─▶ read.py ─▶ rows
                               search_index.py ─▶ search.py
                               newest.py: held open, for a server that asks on
                               ask.py: what people ask in SQL    strangers.py: what strangers ask
                               export.py: files for elsewhere     outgoing.py: stories for feeds
"""
