"""The receiver: a process of its own that hubs push to, and that starts polls.

    pressclip push serve                         serving.py
      hubs ─▶ the callbacks' server              flows.websub.app
        ─▶ push.sqlite, what was pushed          flows.websub.store
      beside it, now and then:
        feeds that name a hub ─▶ ask the hub     flows.websub.hubs
        what was pushed ─▶ a poll of the feeds   passing_on.py
          by an event, where a server is         flows.server.events
          or in this process                     flows.steps

Whatever fails in one round is tried again in the next: hubs always get their answer.
"""
