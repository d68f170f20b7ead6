"""Read an archive of answers into texts, as `press replay` does, and load them; print what that took as JSON.

python benchmarks/read_answers.py WAREHOUSE
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"  # as `press replay` has it
sys.path.insert(0, str(Path(__file__).parent.parent))

from warehouse.runs import pages
from warehouse.runs.pages import small_run
from warehouse.settings import load_settings


def main() -> None:
    """`parse` is archive → texts; the time of loading them stands beside it."""
    with small_run(load_settings().at(Path(sys.argv[1])), None, "refetch") as run:
        started = time.perf_counter()
        attempts = pages.parse(run)
        parsed = time.perf_counter()
        pages.load(run, attempts)
        run.check()
        loaded = time.perf_counter()
        run.publish()
    figures = {"pages": attempts.pages, "texts": run.load_run.counts.texts_new, "outcomes": attempts.outcomes}
    print(json.dumps(figures | {"pages_per_s": attempts.pages / (parsed - started), "load_s": loaded - parsed}))


if __name__ == "__main__":
    main()
