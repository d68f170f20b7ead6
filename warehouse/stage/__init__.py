"""Staging: archived bytes become Parquet files under contracts, here or in worker processes."""
