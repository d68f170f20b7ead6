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

from warehouse.runs.refetch import PortalRun
from warehouse.settings import load_settings


def main() -> None:
    """`parse` is archive → texts; loading them is told beside it."""
    with PortalRun(load_settings().at(Path(sys.argv[1]))) as run:
        started = time.perf_counter()
        pages = run.parse().pages
        parsed = time.perf_counter()
        run.load()
        run.check()
        loaded = time.perf_counter()
        texts = run.report.texts_new
        run.publish()
    figures = {"pages": pages, "texts": texts, "outcomes": run.staged_attempts.outcomes}
    print(json.dumps(figures | {"pages_per_s": pages / (parsed - started), "load_s": loaded - parsed}))


if __name__ == "__main__":
    main()
