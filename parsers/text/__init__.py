"""Text as such, whatever it is the text of.

bytes ─▶ text                    decode.py         spellings that read alike      spelling.py
lines of text                    lines.py          words                          words.py
what is no character of a text   characters.py     characters by their numbers    references.py
dates for machines               dates.py          dates as people write them     written_dates.py
words of a search index          search_words.py   marks of form in a text        marks.py
"""
