"""Parse digest files with `warehouse.digest.read` and nothing else; print what that took as JSON.

python benchmarks/parse_only.py DIGEST...
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from warehouse.digest.read import BLOCK_BYTES, parse
from warehouse.reference.header_names import HeaderNames


def main() -> None:
    """Read the files block by block and drop each page, so that memory is the parser's own."""
    size = listings = rejects = 0
    started, started_cpu = time.perf_counter(), time.process_time()
    for path in sys.argv[1:]:
        with Path(path).open("rb") as file:
            for page in parse(iter(partial(file.read, BLOCK_BYTES), b""), HeaderNames()):
                size += page.bytes
                listings += len(page.listings)
                rejects += len(page.rejects)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - started_cpu
    print(
        json.dumps(
            {
                "listings": listings,
                "rejects": rejects,
                "mb_per_s": size / 1e6 / seconds,
                "mb_per_cpu_s": size / 1e6 / cpu_seconds,
            }
        )
    )


if __name__ == "__main__":
    main()
