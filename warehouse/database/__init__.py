"""The DuckDB file: settings become an open connection with its schema, and files of SQL become statements run."""
