"""Write the results of a bench run as JSON and as a page of tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import summary
from contestants import CHANGED_AS_OF, CHANGED_SHARE, FIRST_AS_OF
from verify import is_correct

SPEED = Path(__file__).parent.parent / "docs" / "speed.md"

STEPS = {
    "parse": "parse only, one core",
    "parse_two": "parse only, two cores",
    "load": "full load",
    "same": "same files again",
    "force": "same files, `--force`",
    "changed": "1 % of bodies edited",
    "few": "a digest of 20 items",
    "answers": "answers of the portal, archive → warehouse",
    "help": "`press --help`",
    "run": "`make run`, the second time",
}
BESIDE = ("wall s before", "CPU s before", "wall before ÷ now", "CPU before ÷ now")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _cost(figures: dict[str, float]) -> list[str]:
    return [_number(figures["wall_s"]), _number(figures["cpu_s"]), _number(figures["peak_mb"], 0)]


def _contestants(document: dict[str, Any]) -> str:
    rows = []
    for name, label in document["labels"].items():
        figures = summary.medians(document, contestant=name, releases=document["releases"], step="load")
        ratio = summary.ratios(document, name, document["releases"], "load")
        times = [_number(ratio[key], 1) for key in ("wall_ratio", "cpu_ratio", "peak_ratio")]
        rows.append([label, *_cost(figures), *times, _number(figures["size_ratio"])])
    heads = [
        "",
        "wall s",
        "CPU s",
        "peak MB",
        "wall ÷ ours",
        "CPU ÷ ours",
        "memory ÷ ours",
        "database ÷ text",
    ]
    return _table(heads, rows)


def _our_steps(document: dict[str, Any]) -> str:
    rows = []
    for releases in sorted({entry["releases"] for entry in document["measurements"]}):
        for step, label in STEPS.items():
            figures = summary.medians(document, contestant="press", releases=releases, step=step)
            if figures:
                speed = [_number(figures.get(name), 0) for name in ("mb_per_s", "mb_per_cpu_s", "pages_per_s")]
                size = f"{releases:,}" if releases else "–"
                rows.append([size, label, *_cost(figures), *_beside(document, releases, step), *speed])
    heads = ["wall s", "CPU s", "peak MB", *BESIDE, "MB/s", "MB per CPU s", "pages/s"]
    return _table(["releases", "step", *heads], rows)


def _beside(document: dict[str, Any], releases: int, step: str) -> list[str]:
    """What a step took before, and how many times more than now: medians of paired rounds."""
    figures = summary.medians(document, contestant="before", releases=releases, step=step)
    ratio = summary.ratios(document, "before", releases, step)
    values = (*(figures.get(name) for name in ("wall_s", "cpu_s")), *map(ratio.get, ("wall_ratio", "cpu_ratio")))
    return [_number(value) for value in values]


def _questions(document: dict[str, Any]) -> str:
    rows = []
    for releases in sorted({entry["releases"] for entry in document["measurements"]}):
        for step in summary.question_steps(document, releases):
            figures = summary.medians(document, contestant="press", releases=releases, step=step)
            name = f"`{step.removeprefix(summary.QUESTION)}`"
            rows.append([f"{releases:,}", name, *_cost(figures), *_beside(document, releases, step)])
    return _table(["releases", "question", "wall s", "CPU s", "peak MB", *BESIDE], rows)


def _correctness(document: dict[str, Any]) -> str:
    rows = []
    for entry in document["correctness"]:
        found = entry["differences"]
        wrong = {name: count for name, count in found.items() if name not in ("expected", "releases", "with_body")}
        wrong_counts = ", ".join(f"{name} {count:,}" for name, count in wrong.items() if count) or "none"
        rejected = "–"
        if "rejects" in entry:
            same = entry["rejects"] == entry["rejects_expected"]
            rejected = f"{sum(entry['rejects'].values()):,} " + ("as expected" if same else "**not as expected**")
        counts = [f"{found['releases']:,} of {found['expected']:,}", f"{found['with_body']:,}"]
        label = document["labels"][entry["contestant"]]
        verdict = "yes" if is_correct(found) else "**no**"
        rows.append([label, f"{entry['releases']:,}", entry["digests"], *counts, wrong_counts, rejected, verdict])
    heads = ["", "corpus", "digests", "releases", "with body", "differences", "rejects", "as the truth says"]
    return _table(heads, rows)


def _targets(document: dict[str, Any]) -> str:
    words = {None: "not measured", True: "yes", False: "**no**"}
    rows = [
        [t.name, t.size, f"{t.relation} {t.limit:g}", _number(t.found), words[t.reached], t.reason]
        for t in summary.targets(document)
    ]
    return _table(["target", "releases", "hoped for", "found", "reached", "why"], rows)


def _page(document: dict[str, Any]) -> str:
    releases, corpus, machine = document["releases"], document["corpus"], document["machine"]
    broken = sum(corpus["rejects"].values())
    by_cpu = summary.exponent(document, releases, "cpu_s")
    return f"""# Benchmark: {releases:,} releases

{document["date"]} · {machine["cores"]} cores, {machine["memory_gb"]} GB · {machine["system"]},
Python {machine["python"]}, DuckDB {machine["duckdb"]}, Polars {machine["polars"]} ·
{document["rounds"]} paired rounds in alternating order, medians; the digests were in the page cache.

Corpus: {corpus["bytes"] / 1e6:,.1f} MB in {len(corpus["files"])} digests, {corpus["with_body"]:,} releases
with a body, {corpus["without_body"]:,} without, {corpus["listings"]:,} listings, {broken:,} broken items.
CPU is user + system of the process and its children; peak memory that of the process tree,
read from /proc every 20 ms.

## A full load: this project and what one would assemble instead
![wall time and memory of each contestant](bench-{releases}.svg)

{_contestants(document)}

Ratios are medians of paired rounds. The peers share one ordinary parser and normaliser
(`benchmarks/peers/parse.py`, `normalise.py`), which fill the same columns; “texts unread” leaves
those of the texts empty.

## Our steps
{_our_steps(document)}

Pages a second are those of archive → texts; the seconds beside them include loading the texts, and starting Python.

Cost grows from {releases // 10:,} to {releases:,} releases with exponent \
{_number(summary.exponent(document, releases))} (wall) and {_number(by_cpu)} (CPU); 1 is linear.

## Saved questions
Asked of the published copy by `press query`, a process each.

{_questions(document)}

## Correctness against the truth file
{_correctness(document)}

## Targets
{_targets(document)}

## Commands
```
python benchmarks/corpus.py --releases {releases} --changed {CHANGED_SHARE} --seed {corpus["seed"]} --out data
press ingest data/first/*.txt --warehouse warehouse.duckdb --as-of {FIRST_AS_OF}
press ingest data/first/*.txt --warehouse warehouse.duckdb --as-of {FIRST_AS_OF} --force
press ingest data/changed/*.txt --warehouse warehouse.duckdb --as-of {CHANGED_AS_OF}
python benchmarks/parse_only.py data/first/*.txt
python benchmarks/answers.py --pages 10000 --out data/archive/portal/warehouse.duckdb
python benchmarks/read_answers.py data/warehouse.duckdb
python benchmarks/peers/dlt_dbt.py --warehouse warehouse.duckdb data/first/*.txt   # likewise the other peers
python benchmarks/bench.py --releases {releases} --rounds {document["rounds"]}
```
"""


def write(document: dict[str, Any], results: Path) -> list[Path]:
    """Write `bench-<N>.json` and `bench-<N>.md` into `results`; return their paths."""
    results.mkdir(parents=True, exist_ok=True)
    held = [asdict(target) for target in summary.targets(document)]
    as_json = results / f"bench-{document['releases']}.json"
    as_json.write_text(json.dumps({**document, "targets": held}, indent=1) + "\n", encoding="utf-8")
    page = results / f"bench-{document['releases']}.md"
    page.write_text(_page(document), encoding="utf-8")
    return [as_json, page]


def write_speed(document: dict[str, Any], page: Path = SPEED) -> Path:
    """Put the comparison of all contestants between the markers of docs/speed.md; return its path."""
    releases, corpus = document["releases"], document["corpus"]
    results = f"../benchmarks/results/bench-{releases}"
    rows = []
    for name, label in document["labels"].items():
        figures = summary.medians(document, contestant=name, releases=releases, step="load")
        rows.append([label, *_cost(figures), _number(figures["size_ratio"])])
    before, begin, rest = page.read_text(encoding="utf-8").partition("<!-- speed: begin -->\n")
    _, end, after = rest.partition("<!-- speed: end -->")
    text = f"""
A full load of {releases:,} releases ({corpus["bytes"] / 1e6:,.0f} MB) on {document["machine"]["cores"]} cores \
([all figures]({results}.md); paired rounds: {document["rounds"]}):

![wall time and memory of each contestant]({results}.png)

{_table(["", "wall s", "CPU s", "peak MB", "database ÷ text"], rows)}

"""
    page.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")
    return page
