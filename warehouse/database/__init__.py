"""A warehouse as a database: a DuckDB file or a DuckLake, opened, migrated, locked.

open_warehouse(desk) ─▶ Warehouse        open.py, warehouse.py
  one writer at a time                   locks.py
  a DuckLake, and what it needs          lakes.py, extensions.py
    its writers take turns               writer_queue.py
  older schemas brought up to date       migrate.py (../migrations: tables and data)
    what of them SQL can't tell          sites.py
  views, macros and comments             definitions.py (../definitions)
  DuckDB's errors as ours                errors.py
what readers have, and its state         published_state.py, bounds.py
"""
