"""The command line.

pressclip COMMAND ─▶ main.py ─▶ commands/, imported when asked for ─▶ output/ ─▶ screen or pipe
  options that several commands share             options.py
  the Prefect server that a command talks to      prefect_server.py
"""
