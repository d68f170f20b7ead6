"""The command line every peer has."""

from __future__ import annotations

import argparse
from pathlib import Path


def read_arguments(description: str) -> argparse.Namespace:
    """Return `warehouse` (path of the DuckDB file), `as_of` (UTC timestamp as text), `plain` and `digests` (paths)."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--warehouse", type=Path, required=True)
    parser.add_argument("--as-of", default="2025-06-01 00:00:00")
    parser.add_argument("--plain", action="store_true", help="look for nothing in the texts (pandas only)")
    parser.add_argument("digests", type=Path, nargs="+")
    return parser.parse_args()
