"""The archive of raw pages: what sites answered, byte for byte, in WARC files.

    pages of a batch ─ record.py ─▶ raw/2026-11-22/<batch>.warc.gz     writing.py
    a WARC file, ours or a crawl's ─▶ records ─▶ pages                 records.py, reading.py
    files too old, or too many                                         retention.py

A batch's file is complete and on disk before the batch is landed, so whatever the warehouse says
was read is in the archive; a run killed in between leaves a file whose pages are fetched again.
"""
