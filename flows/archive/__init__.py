"""The archive of raw pages: what sites answered, byte for byte, in WARC files.

    a page ─▶ is it worth keeping?               choice.py
    pages of a batch
      ─▶ raw/2026-11-22/<batch>.warc.gz          writing.py
    a WARC file, ours or a crawl's
      ─▶ records, past what is broken            recorded_pages.py
      ─▶ pages, within the limits                reading.py
    files too old, or too many ─▶ deleted        retention.py

A batch's file is complete and on disk before the batch is landed, so whatever the warehouse says
was read is in the archive; a run killed in between leaves a file whose pages are fetched again.
"""
