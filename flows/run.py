"""What `make run` does: the flow `ingest` beside a temporary server that starts before Prefect is imported.

python -m flows.run [PATH…]
"""

from flows.serving.temporary_server import start


def main() -> None:
    """Run the flow as `python -m flows.ingest` does, with the same output and exit codes."""
    wait = start()
    from flows.ingest import main as ingest

    ingest(wait)


if __name__ == "__main__":
    main()
