"""Run the served warehouse for hundreds of scheduled runs, with faults and readers: `make soak`.

    python -m tests.drills.soak [--runs 300] [--seed N] [--write]

Digests arrive all the time, and one run follows another to take them in; processes are killed now and then, and readers
ask the published copy all the time. In the end it reports what each process held in memory, how large files grew, and
what readers met. Ctrl-C ends it before its time, and reports what was seen so far. `--write` keeps the chart as
docs/img/soak.png and the summary in docs/operations.md.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.desk.portal_server import Portal
from tests.drills import faults
from tests.drills.document import write
from tests.drills.drill import feed_inbox
from tests.drills.soak_summary import CHART, PROCESSES, Sample, SoakResults, chart, is_well, summary
from tests.drills.stage import Stage, kill, memory_mb, peak_mb
from tests.drills.truth import Truth
from warehouse.settings import Settings

FETCHES_EVERY = 6
"""After how many runs of the inbox one asks for pages."""

PAGES_A_RUN = 30
SAMPLED_EVERY_S = 1.0
FAULT_EVERY_RUNS = 12
READERS = 3
SIZES = (5, 10, 20, 40)
"""Items of the digests that arrive."""

READER = """
import random, sys, time
from pathlib import Path
import duckdb
path, chance = Path(sys.argv[1]), random.Random(sys.argv[2])
while not path.exists():
    time.sleep(0.1)
asked = 0
while True:
    try:
        with duckdb.connect(path, read_only=True) as con:
            until = time.monotonic() + chance.choice((0, 0, 0, 1, 30))
            seen = set()
            while True:
                seen.add(con.execute(
                    "select (select count(*) from fact_listing), (select sum(listing_count) from fact_release)"
                ).fetchone())
                asked += 1
                if time.monotonic() > until:
                    break
                time.sleep(1)
        [(listings, counted)] = seen
        assert listings == counted, (listings, counted)
        print("asked", asked, flush=True)
    except Exception as error:
        print("error", type(error).__name__, " ".join(str(error).split()), flush=True)
    time.sleep(chance.uniform(0, 2))
"""
"""Ask again and again, in a connection of a moment or of half a minute, which must go on seeing one state."""


@contextmanager
def read_copy(published: Path, seed: int, results: SoakResults) -> Iterator[None]:
    """Let readers ask the published copy, and count in the end what they met."""
    with ExitStack() as stack:
        readers = []
        for number in range(READERS):
            output = stack.enter_context(tempfile.TemporaryFile("w+"))
            command = [sys.executable, "-c", READER, str(published), f"{seed}/{number}"]
            readers.append((subprocess.Popen(command, stdout=output, stderr=output), output))
        try:
            yield
        finally:
            for reader, output in readers:
                reader.kill()
                reader.wait()
                output.seek(0)
                lines = output.read().splitlines()
                results.questions += max(
                    (int(line.split()[1]) for line in lines if line.startswith("asked ")), default=0
                )
                results.errors += [line for line in lines if not line.startswith("asked ")]


def sizes_mb(settings: Settings, home: Path, truth: Truth) -> dict[str, float]:
    """How large files are, and what was put in."""
    folders = {
        "warehouse": settings.warehouse.parent.glob(f"{settings.warehouse.name}*"),
        "published": settings.published.parent.glob("*"),
        "staging": settings.staging.rglob("*"),
        "archive": (settings.home / "archive").rglob("*"),
        "Prefect's database": home.glob("prefect.db*"),
    }
    sizes = {name: sum(_size(path) for path in paths) / 1e6 for name, paths in folders.items()}
    return sizes | {"digests put in": truth.bytes / 1e6}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def soak(stage: Stage, portal: Portal, truth: Truth, runs: int, is_over: threading.Event) -> SoakResults:
    """Let so many runs end, while faults are brought on and everything is measured; fewer when `is_over` is set."""
    results = SoakResults()
    chance = random.Random(truth.chance.random())
    start = datetime.now(UTC)
    next_fault, reported = FAULT_EVERY_RUNS, 0
    with (
        read_copy(stage.settings.published, chance.randrange(10_000), results),
        feed_inbox(stage, truth, portal, SIZES),
    ):
        while len(results.runs) < runs and not is_over.wait(SAMPLED_EVERY_S):
            _look(stage, start, truth, results)
            done = len(results.runs)
            _go_on(stage, start, done)
            if done >= next_fault:
                next_fault += FAULT_EVERY_RUNS
                results.faults.append(_befall(stage, chance, is_late=done > runs / 2))
            if done >= reported + 25:
                reported = done
                memory = ", ".join(f"{name} {mb:.0f} MB" for name, mb in results.samples[-1].memory.items())
                print(f"{done} runs, {truth.digests} digests, {len(results.faults)} faults; {memory}", flush=True)
    return results


def _go_on(stage: Stage, begin: datetime, done: int) -> None:
    """Have the next run of the inbox begin where there is none, and now and then one that asks for pages."""
    waiting = Counter(run.deployment for run in stage.runs(begin) if run.is_under_way or run.kind == "SCHEDULED")
    if not waiting["ingest-inbox"]:
        stage.serving.run("ingest-inbox")
    if not waiting["refetch-due"] and done % FETCHES_EVERY == 0:
        stage.serving.run("refetch-due")


def _look(stage: Stage, begin: datetime, truth: Truth, results: SoakResults) -> None:
    for run in stage.runs(begin):
        if run.kind in ("COMPLETED", "FAILED", "CRASHED"):
            results.runs[run.id] = run.state
    done = len(results.runs)
    pids = {name: pid for name in PROCESSES if (pid := stage.pid(name)) is not None}
    resident = memory_mb(list(pids.values()))
    memory = {name: resident[pid] for name, pid in pids.items() if pid in resident}
    for pid, mb in peak_mb(stage.flows()).items():
        results.peaks[pid] = (done, max(mb, results.peaks.get(pid, (0, 0.0))[1]))
    results.samples.append(Sample(done, memory, sizes_mb(stage.settings, stage.serving.home, truth)))


def _empty(stage: Stage) -> None:
    """Take in what is left in the inbox."""
    ends = time.monotonic() + 300
    while [*stage.settings.inbox.glob("*.txt")] and time.monotonic() < ends:
        _go_on(stage, stage.now() - timedelta(minutes=5), 1)
        time.sleep(SAMPLED_EVERY_S)
    stage.wait_until(lambda: not stage.flows(), 180, "runs did not end")


def _befall(stage: Stage, chance: random.Random, *, is_late: bool) -> str:
    """Bring on a fault. In the second half only flows are killed, so that what the others hold can be followed."""
    of = chance.choice(["flow", "flow", "pause"] if is_late else ["flow", "flow", "pause", "runner", "server"])
    if of == "flow":
        kill(faults.running_flow(stage, chance))
    elif of == "pause":
        faults.cut_off_server(stage, chance, for_s=chance.uniform(2, 12))
    elif (pid := stage.pid(of)) is not None:
        kill(pid)
    return of


def main() -> None:
    """Soak as the command line asks; exits with 1 when something grew, was lost, or failed a reader."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="of digests and faults")
    parser.add_argument("--write", action="store_true", help="keep chart and summary in docs")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    begin = time.monotonic()
    truth = Truth(random.Random(arguments.seed))
    is_over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: is_over.set())
    with ExitStack() as stack:
        above = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True)))
        folder = above / "stage"
        folder.mkdir()
        portal = stack.enter_context(Portal())
        environ = {"PRESS_PORTAL_URL": portal.url, "PRESS_PORTAL_INTERVAL_S": "0.02"}
        environ["PREFECT_RUNNER_POLL_FREQUENCY"] = "1"
        stage = stack.enter_context(Stage(folder, environ))
        stage.hurry(dict.fromkeys(("ingest-inbox", "refetch-due"), 86_400), {"refetch-due": {"limit": PAGES_A_RUN}})
        results = soak(stage, portal, truth, arguments.runs, is_over)
        _empty(stage)
        _look(stage, datetime.now(UTC), truth, results)
        audit = truth.audit(stage.settings)
    took = ("took", f"{(time.monotonic() - begin) / 60:.0f} minutes")
    rows = [took, *summary(results, truth, audit)]
    print("\n" + "\n".join(f"{name:28} {value}" for name, value in rows))
    for error in results.errors[:5]:
        print(f"reader: {error}")
    if arguments.write:
        chart(results, CHART)
        lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
        picture = f"![Memory of each process and sizes of files over {len(results.runs)} runs](img/{CHART.name})"
        write("soak", "\n".join([picture, "", *lines]))
    sys.exit(0 if is_well(results, audit) else 1)


if __name__ == "__main__":
    main()
