"""What a server is told. Data files; read them with `importlib.resources`."""
