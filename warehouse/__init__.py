"""The only code that knows DuckDB: queue, landing folder, tables, published copy."""
