"""How commands print.

lines and messages; nothing in them can drive a terminal      console.py
tables, as wide as a terminal, or whole lines in a pipe       tables.py
the same for programs: JSON, CSV, TSV                         forms.py
how far a run or a long command is                            progress.py
"""
