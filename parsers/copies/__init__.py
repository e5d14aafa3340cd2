"""Which texts are copies, and which copies are one story.

text ─▶ fingerprint ─▶ are two copies?         fingerprints.py
all pairs of copies ─▶ stories                 clustering.py
"""
