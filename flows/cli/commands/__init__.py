"""The commands, a file a group; `flows.cli.main` lists them.

collect          ingest  add  backfill  reparse  demo (newsstand too)
read             read (clippings, status, sql)  search  export
choose and mend  feeds  outlets  failures
keep running     server  trigger  push  warehouse (maintain too)  settings
"""
