"""How commands print.

tables, lines, JSON; nothing in them can drive a terminal     console.py
how far a run or a long command is                            progress.py
"""
