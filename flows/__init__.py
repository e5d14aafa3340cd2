"""Everything that touches the world: HTTP, clock, environment, Prefect, command line."""
