"""Parse digest files over two processes with `parse_only.py`, each half of the bytes; print both together as JSON.

python benchmarks/parse_two.py PARSE_ONLY DIGEST...
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def halves(digests: list[str]) -> list[list[str]]:
    """The files in two shares of about as many bytes."""
    shares: list[list[str]] = [[], []]
    sizes = [0, 0]
    for digest in sorted(digests, key=lambda path: -Path(path).stat().st_size):
        lighter = sizes.index(min(sizes))
        shares[lighter].append(digest)
        sizes[lighter] += Path(digest).stat().st_size
    return shares


def main() -> None:
    """Start both at once; the speed of the two is the sum of theirs while both ran."""
    script, *digests = sys.argv[1:]
    started = [
        subprocess.Popen([sys.executable, script, *share], stdout=subprocess.PIPE) for share in halves(digests) if share
    ]
    printed = [json.loads(process.communicate()[0]) for process in started]
    print(json.dumps({name: sum(each[name] for each in printed) for name in printed[0]}))


if __name__ == "__main__":
    main()
