"""Prefect flows: thin wrappers around `warehouse` with retries, schedules and artifacts."""
