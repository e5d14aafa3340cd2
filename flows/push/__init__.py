"""The receiver: a process of its own that hubs push to, and that starts polls."""
