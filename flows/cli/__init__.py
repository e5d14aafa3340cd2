"""The command line.

pressclip COMMAND ─▶ main.py ─▶ commands/, imported when asked for ─▶ output/ ─▶ screen or pipe
  how groups of commands look, and are loaded     groups.py
  options that several commands share             options.py
  what the shell completes                        completion.py
  topics and outlets, as people name them         names.py
  the Prefect server that a command talks to      prefect_server.py
"""
