"""Run the steps of a bench run, each as a process of its own, and collect what `report` needs as plain data."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from answers import write_answers
from checkout import PROJECT
from contestants import CHANGED_AS_OF, CHANGED_SHARE, FIRST_AS_OF, Contestant, parse_only, parse_two, read_answers
from corpus import write_digests, write_few
from measure import measure
from verify import differences, rejects
from warehouse.report.questions import questions
from warehouse.settings import load_settings

ANSWERS = 10_000
FEW = "few.txt"
FEW_AS_OF = "2025-06-02T00:15:00Z"
PHRASE = "Kostanay"
ANY = 0
"""The size of what needs no corpus."""


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
    write_few(folder / FEW, releases, seed=1)
    totals = json.loads((folder / "first.json").read_text(encoding="utf-8"))
    first = sorted((folder / "first").glob("*.txt"))
    return Corpus(releases, folder, first, sorted((folder / "changed").glob("*.txt")), totals)


class Bench:
    """Runs contestants under the folder `work`, and keeps what was measured and whether the rows were right."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self.measurements: list[dict[str, Any]] = []
        self.correctness: list[dict[str, Any]] = []

    def warehouse(self, contestant: Contestant) -> Path:
        """Where a contestant's DuckDB file is; its folder holds whatever else the contestant writes."""
        return self._work / contestant.name / "warehouse.duckdb"

    def _log(self, contestant: Contestant, releases: int, step: str) -> Path:
        return self._work / f"{contestant.name}-{releases}-{step.replace(' ', '-')}.log"

    def _record(
        self,
        contestant: Contestant,
        releases: int,
        step: str,
        number: int,
        command: Sequence[str],
        variables: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        environment = {**contestant.environment, **(variables or {})}
        cost = measure(command, self._log(contestant, releases, step), environment)
        entry = {
            "contestant": contestant.name,
            "releases": releases,
            "step": step,
            "round": number,
            **asdict(cost),
        }
        self.measurements.append(entry)
        figures = f"{cost.wall_s:8.2f} s wall {cost.cpu_s:8.2f} s CPU {cost.peak_mb:7.0f} MB"
        print(f"{releases:>9,} {contestant.name:<12} {step:<32} round {number} {figures}", flush=True)
        return entry

    def _printed(self, contestant: Contestant, releases: int, step: str) -> dict[str, float]:
        figures: dict[str, float] = json.loads(self._log(contestant, releases, step).read_text(encoding="utf-8"))
        return figures

    def parse(self, ours: Contestant, corpus: Corpus, number: int) -> None:
        """The parser alone, on one core and on two."""
        for step, command in (("parse", parse_only), ("parse_two", parse_two)):
            entry = self._record(ours, corpus.releases, step, number, command(ours.tree, corpus.first))
            printed = self._printed(ours, corpus.releases, step)
            entry |= {name: printed[name] for name in ("mb_per_s", "mb_per_cpu_s")}

    def answers(self, ours: Contestant, number: int) -> None:
        """The archive of the portal's answers into texts, and these into a warehouse that does not exist yet."""
        warehouse = self._work / f"{ours.name}-answers" / "warehouse.duckdb"
        settings = load_settings().at(warehouse)
        if number == 1:
            shutil.rmtree(warehouse.parent, ignore_errors=True)
            write_answers(settings.answers, ANSWERS)
        warehouse.unlink(missing_ok=True)
        # With a record of a load the warehouse would be one that is gone.
        shutil.rmtree(settings.loads, ignore_errors=True)
        entry = self._record(ours, ANSWERS, "answers", number, read_answers(ours.tree, warehouse))
        entry["pages_per_s"] = self._printed(ours, ANSWERS, "answers")["pages_per_s"]

    def start(self, ours: Contestant, number: int) -> None:
        """What every command costs before it does anything, and `make run` once its environment is there."""
        self._record(ours, ANY, "help", number, [ours.head[0], "--help"])
        home = self._work / f"{ours.name}-run"
        home.mkdir(exist_ok=True)
        variables = {"PREFECT_HOME": str(home / "prefect"), "PRESS_WAREHOUSE": str(home / "warehouse.duckdb")}
        (home / "prefect").mkdir(exist_ok=True)
        # It was another module before.
        is_there = ((ours.tree or PROJECT) / "flows" / "run.py").exists()
        command = [sys.executable, "-m", "flows.run" if is_there else "flows.ingest"]
        if number == 1:
            measure(command, self._log(ours, ANY, "run"), {**ours.environment, **variables})
        self._record(ours, ANY, "run", number, command, variables)

    def load(self, contestant: Contestant, corpus: Corpus, number: int) -> None:
        """Everything into a warehouse that does not exist yet; held against the truth in the first round."""
        warehouse = self.warehouse(contestant)
        shutil.rmtree(warehouse.parent, ignore_errors=True)
        warehouse.parent.mkdir(parents=True)
        command = contestant.load(warehouse, FIRST_AS_OF, corpus.first)
        entry = self._record(contestant, corpus.releases, "load", number, command)
        entry["size_ratio"] = warehouse.stat().st_size / corpus.totals["bytes"]
        if number == 1:
            self._verify(contestant, corpus, "first")

    def further(self, ours: Contestant, corpus: Corpus, number: int) -> None:
        """On the warehouse just loaded: the same files, the same by force, those with edited bodies, a few items."""
        warehouse = self.warehouse(ours)
        for step, as_of, digests, options in (
            ("same", FIRST_AS_OF, corpus.first, []),
            ("force", FIRST_AS_OF, corpus.first, ["--force"]),
            ("changed", CHANGED_AS_OF, corpus.changed, []),
            ("few", FEW_AS_OF, [corpus.folder / FEW], []),
        ):
            if step == "few" and number == 1:
                self._verify(ours, corpus, "changed")
            self._record(ours, corpus.releases, step, number, ours.load(warehouse, as_of, digests, *options))

    def ask(self, ours: Contestant, corpus: Corpus, number: int) -> None:
        """Every saved question, of the published copy of the warehouse last loaded."""
        warehouse = self.warehouse(ours)
        with duckdb.connect(str(warehouse), read_only=True) as con:
            (code,) = con.sql("select max(release_code) from fact_release").fetchone() or ("",)
        values = {"code": code, "phrase": PHRASE}
        for question in questions():
            if not ((ours.tree or Path()) / "sql" / "queries" / f"{question.name}.sql").exists():
                continue
            required = [p.name for p in question.parameters if p.default is None]
            parameters = [part for name in required for part in ("--param", f"{name}={values[name]}")]
            command = [ours.head[0], "query", question.name, *parameters, "--warehouse", str(warehouse)]
            self._record(ours, corpus.releases, f"query {question.name}", number, command)

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
