"""Measure our pipeline beside what a user would assemble instead, on synthetic digests.

    python benchmarks/bench.py --releases 100000 --rounds 3 [--large]

Generates the corpora it lacks, runs every contestant as a process of its own in paired rounds whose order
alternates, holds each warehouse against the truth, and writes `bench-<N>.json`, `.md`, `.svg` and `.png`.
Nothing here fails because something was slow: `targets.csv` says what was hoped for, the report whether it
was reached.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import chart
import report
from answers import write_answers
from contestants import CHANGED_AS_OF, CHANGED_SHARE, FIRST_AS_OF, Contestant, parse_only, peers, press, read_answers
from corpus import write_digests
from measure import measure
from verify import differences, rejects
from warehouse.settings import load_settings

HERE = Path(__file__).parent
RESULTS = HERE / "results"
SMALL, SHOWN, LARGE = 1_000, 100_000, 1_000_000
"""Sizes in releases; the comparison at the one `SHOWN` goes into docs/speed.md."""
ANSWERS = 10_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Digest files of one size: the first set, the set with edited bodies, and the totals of the first."""

    releases: int
    folder: Path
    first: list[Path]
    changed: list[Path]
    totals: dict[str, Any]


def corpus_of(data: Path, releases: int) -> Corpus:
    """The corpus of `releases` under `data`, generated if it is not there."""
    folder = data / str(releases)
    if not all((folder / f"{name}.json").exists() for name in ("first", "changed")):
        print(f"generating {releases:,} releases twice", flush=True)
        write_digests(folder, "first", releases, seed=1)
        write_digests(folder, "changed", releases, seed=1, changed=CHANGED_SHARE)
    totals = json.loads((folder / "first.json").read_text(encoding="utf-8"))
    first = sorted((folder / "first").glob("*.txt"))
    return Corpus(releases, folder, first, sorted((folder / "changed").glob("*.txt")), totals)


class Bench:
    """Runs contestants and collects what `report` needs, as plain data."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self.measurements: list[dict[str, Any]] = []
        self.correctness: list[dict[str, Any]] = []

    def warehouse(self, contestant: Contestant) -> Path:
        """Where a contestant's DuckDB file is; its folder holds whatever else the contestant writes."""
        return self._work / contestant.name / "warehouse.duckdb"

    def _record(
        self,
        name: str,
        corpus: Corpus,
        step: str,
        number: int,
        command: Sequence[str],
        environment: dict[str, str],
    ) -> dict[str, Any]:
        output = self._work / f"{name}-{corpus.releases}-{step}.log"
        cost = measure(command, output, environment)
        entry = {
            "contestant": name,
            "releases": corpus.releases,
            "step": step,
            "round": number,
            **asdict(cost),
        }
        self.measurements.append(entry)
        figures = f"{cost.wall_s:8.2f} s wall {cost.cpu_s:8.2f} s CPU {cost.peak_mb:7.0f} MB"
        print(f"{corpus.releases:>9,} {name:<10} {step:<8} round {number} {figures}", flush=True)
        return entry

    def parse(self, corpus: Corpus, number: int) -> None:
        """Our parser alone, in a process of its own."""
        entry = self._record("press", corpus, "parse", number, parse_only(corpus.first), {})
        printed = json.loads((self._work / f"press-{corpus.releases}-parse.log").read_text(encoding="utf-8"))
        entry |= {name: printed[name] for name in ("mb_per_s", "mb_per_cpu_s")}

    def answers(self, number: int) -> None:
        """The archive of the portal's answers into texts, and these into a warehouse that does not exist yet."""
        warehouse = self._work / "answers" / "warehouse.duckdb"
        settings = load_settings().at(warehouse)
        if number == 1:
            shutil.rmtree(warehouse.parent, ignore_errors=True)
            write_answers(settings.answers, ANSWERS)
        warehouse.unlink(missing_ok=True)
        # With a record of a load the warehouse would be one that is gone.
        shutil.rmtree(settings.loads, ignore_errors=True)
        corpus = Corpus(ANSWERS, warehouse.parent, [], [], {})
        entry = self._record("press", corpus, "answers", number, read_answers(warehouse), {})
        printed = json.loads((self._work / f"press-{ANSWERS}-answers.log").read_text(encoding="utf-8"))
        entry["pages_per_s"] = printed["pages_per_s"]

    def load(self, contestant: Contestant, corpus: Corpus, number: int) -> None:
        """Everything into a warehouse that does not exist yet; held against the truth in the first round."""
        warehouse = self.warehouse(contestant)
        shutil.rmtree(warehouse.parent, ignore_errors=True)
        warehouse.parent.mkdir(parents=True)
        command = contestant.command(warehouse, FIRST_AS_OF, corpus.first, [])
        entry = self._record(contestant.name, corpus, "load", number, command, contestant.environment)
        entry["size_ratio"] = warehouse.stat().st_size / corpus.totals["bytes"]
        if number == 1:
            self._verify(contestant, corpus, "first")

    def further(self, contestant: Contestant, corpus: Corpus, number: int) -> None:
        """On the warehouse just loaded: the same files, the same by force, then those with edited bodies."""
        warehouse = self.warehouse(contestant)
        for step, as_of, digests, options in (
            ("same", FIRST_AS_OF, corpus.first, []),
            ("force", FIRST_AS_OF, corpus.first, ["--force"]),
            ("changed", CHANGED_AS_OF, corpus.changed, []),
        ):
            command = contestant.command(warehouse, as_of, digests, options)
            self._record(contestant.name, corpus, step, number, command, contestant.environment)
        if number == 1:
            self._verify(contestant, corpus, "changed")

    def _verify(self, contestant: Contestant, corpus: Corpus, name: str) -> None:
        warehouse = self.warehouse(contestant)
        found = differences(warehouse, corpus.folder / f"{name}.parquet", contestant)
        entry = {
            "contestant": contestant.name,
            "releases": corpus.releases,
            "digests": name,
            "differences": found,
        }
        if name == "first" and (rejected := rejects(warehouse, contestant)) is not None:
            entry |= {"rejects": rejected, "rejects_expected": corpus.totals["rejects"]}
        self.correctness.append(entry)


def run(
    bench: Bench,
    data: Path,
    releases: int,
    rounds: int,
    ours: Contestant,
    others: list[Contestant],
    large: bool,
) -> dict[str, Any]:
    """Run all rounds; return the totals of the corpus that all contestants loaded."""
    main_corpus = corpus_of(data, releases)
    for number in range(1, rounds + 1):
        bench.parse(main_corpus, number)
        contestants = [ours, *others]
        for contestant in contestants if number % 2 else contestants[::-1]:
            bench.load(contestant, main_corpus, number)
        bench.further(ours, main_corpus, number)
        for size in sorted({SMALL, releases // 10} - {releases, 0}):
            bench.load(ours, corpus_of(data, size), number)
        bench.answers(number)
    if large and releases != LARGE:
        large_corpus = corpus_of(data, LARGE)
        bench.parse(large_corpus, 1)
        bench.load(ours, large_corpus, 1)
        bench.further(ours, large_corpus, 1)
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
    parser.add_argument("--large", action="store_true", help="also 1,000,000 releases with our pipeline, one round")
    parser.add_argument("--only-ours", action="store_true", help="leave the peers out")
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
    ours = press(arguments.press)
    totals = run(bench, arguments.data, arguments.releases, arguments.rounds, ours, others, arguments.large)
    document = {
        "date": arguments.date,
        "releases": arguments.releases,
        "rounds": arguments.rounds,
        "machine": machine(),
        "corpus": totals,
        "labels": {contestant.name: contestant.label for contestant in (ours, *others)},
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
