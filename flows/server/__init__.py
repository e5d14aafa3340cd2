"""At home on a Prefect server: what `pressclip server` starts there, and what a run has to tell.

    pressclip server up                          up.py
      server, worker: found again by a mark      processes.py
    pressclip server deploy                      deploying.py
      a poll and a harvest for each shard        sharding.py
      what somebody switched off stays off       switches.py
      what to do when something happens          automations.py
    pressclip server worker                      worker.py
      ─▶ a flow run
           what it is called while it waits      naming.py
           what it may be asked for              parameters.py
           how it ends when it is stopped        stopping.py
           what it brought, step by step         reporting.py
             ─▶ events, which start others       events.py
             ─▶ tables and lists in the UI       artifacts.py

`up.py`, `processes.py`, `sharding.py` and `events.py` do without Prefect, which takes two seconds
to import.
"""
