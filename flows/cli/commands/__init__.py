"""The commands, a file a group; `flows.cli.main` lists them.

collect   ingest  add  backfill  reparse         read      read (clippings, status, sql)
choose    feeds  failures                                  search  export
look after it   warehouse  settings              serve     server  trigger  push  demo
"""
