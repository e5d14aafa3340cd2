"""At home on a Prefect server: events, automations, artifacts, a worker, and `pressclip server`."""
