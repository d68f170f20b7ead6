"""Measure our pipeline beside what it was before and what a user would assemble instead, on synthetic digests.

    python benchmarks/bench.py --releases 100000 --rounds 3 [--large] [--before COMMIT]

Generates the corpora it lacks, takes the commit before out into a folder, runs every contestant as a process of its
own in paired rounds whose order alternates, holds each warehouse against the truth, and writes `bench-<N>.json`,
`.md`, `.svg` and `.png`. Nothing here fails because something was slow: `targets.csv` says what was hoped for, the
report whether it was reached.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import chart
import report
from checkout import PROJECT, take_out
from contestants import BEFORE, Contestant, peers, press
from rounds import Bench, corpus_of

HERE = Path(__file__).parent
RESULTS = HERE / "results"
SMALL, SHOWN, LARGE = 1_000, 100_000, 1_000_000
"""Sizes in releases; the comparison at the one `SHOWN` goes into docs/speed.md."""


def run(
    bench: Bench, data: Path, releases: int, rounds: int, ours: list[Contestant], others: list[Contestant], large: bool
) -> dict[str, Any]:
    """Run all rounds; `ours` are this project as it is and, if wanted, as it was.

    Returns the totals of the corpus that all contestants loaded.
    """
    main_corpus = corpus_of(data, releases)
    for number in range(1, rounds + 1):
        turn = 1 if number % 2 else -1
        for contestant in [*ours, *others][::turn]:
            bench.load(contestant, main_corpus, number)
        for contestant in ours[::turn]:
            bench.further(contestant, main_corpus, number)
            bench.ask(contestant, main_corpus, number)
        for contestant in ours[::turn]:
            bench.parse(contestant, main_corpus, number)
            bench.answers(contestant, number)
            bench.start(contestant, number)
            for size in sorted({SMALL, releases // 10} - {releases, 0}):
                bench.load(contestant, corpus_of(data, size), number)
    if large and releases != LARGE:
        large_corpus = corpus_of(data, LARGE)
        for number in range(1, rounds + 1):
            for contestant in ours[:: 1 if number % 2 else -1]:
                bench.parse(contestant, large_corpus, number)
                bench.load(contestant, large_corpus, number)
                bench.further(contestant, large_corpus, number)
            bench.ask(ours[0], large_corpus, number)
    return main_corpus.totals


def machine() -> dict[str, Any]:
    """What the figures depend on, without naming the machine."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    packages = {name: version(name) for name in ("duckdb", "polars")}
    system = {"cores": os.cpu_count(), "memory_gb": round(memory_gb), "system": platform.system()}
    return {**system, "python": platform.python_version(), **packages}


def main() -> None:
    """Read the command line, measure, write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", action="store_true", help="also 1,000,000 releases, without the peers")
    parser.add_argument("--only-ours", action="store_true", help="leave the peers out")
    parser.add_argument("--before", default=BEFORE, metavar="COMMIT", help="held against this; empty for none")
    parser.add_argument("--date", default=datetime.date.today().isoformat(), help="the day the report carries")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where corpora and warehouses are put")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--press", type=Path, default=Path(sys.executable).parent / "press")
    parser.add_argument("--peers-python", type=Path, default=HERE / ".venv-peers" / "bin" / "python")
    arguments = parser.parse_args()
    others = [] if arguments.only_ours else peers(arguments.peers_python)
    if not others and not arguments.only_ours:
        print(f"no peers: {arguments.peers_python} does not exist", file=sys.stderr)
    work = arguments.data / "runs"
    work.mkdir(parents=True, exist_ok=True)
    bench = Bench(work)
    ours = [press("press", "press (this project)", arguments.press, PROJECT)]
    with tempfile.TemporaryDirectory(prefix="press-before-") as folder:
        if arguments.before:
            tree = take_out(arguments.before, Path(folder))
            ours.append(press("before", f"press before ({arguments.before[:7]})", arguments.press, tree))
        totals = run(bench, arguments.data, arguments.releases, arguments.rounds, ours, others, arguments.large)
    document = {
        "date": arguments.date,
        "releases": arguments.releases,
        "rounds": arguments.rounds,
        "machine": machine(),
        "corpus": totals,
        "labels": {contestant.name: contestant.label for contestant in (*ours, *others)},
        "measurements": bench.measurements,
        "correctness": bench.correctness,
    }
    written = report.write(document, arguments.results)
    written += chart.write(document, arguments.results)
    if others and arguments.releases == SHOWN and arguments.results == RESULTS:
        written.append(report.write_speed(document))
    print("\n".join(str(path) for path in written))


if __name__ == "__main__":
    main()
