"""Prefect flows: thin wrappers around `warehouse` with retries, schedules and artifacts."""

import logging


def _without_traceback(record: logging.LogRecord) -> bool:
    """Whether a record is to be logged: not the traceback of a run that ended Failed on purpose.

    Such a run has told why in a sentence of its log and in its state; Prefect's engine would add how it learnt of it.
    """
    return not (record.exc_info and type(record.exc_info[1]).__name__ == "FailedRun")


logging.getLogger("prefect.engine").addFilter(_without_traceback)
