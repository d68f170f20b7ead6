"""Run the served warehouse for hundreds of scheduled runs, with faults and readers: `make soak`.

    python -m tests.drills.soak [--runs 300] [--seed N] [--write]

Digests arrive all the time, and one run follows another to take them in; processes are killed now and then, and readers
ask the published copy all the time. Told in the end: what each process held in memory, how large files grew, and what
readers met. Ctrl-C ends it before its time, and tells what was seen so far. `--write` keeps the chart as
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
from tests.drills.drill import feeding
from tests.drills.soaked import CHART, PROCESSES, Sample, Soaked, chart, is_well, summary
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
def reading(published: Path, seed: int, found: Soaked) -> Iterator[None]:
    """Let readers ask the published copy; what they met is counted in the end."""
    with ExitStack() as stack:
        readers = []
        for number in range(READERS):
            said = stack.enter_context(tempfile.TemporaryFile("w+"))
            command = [sys.executable, "-c", READER, str(published), f"{seed}/{number}"]
            readers.append((subprocess.Popen(command, stdout=said, stderr=said), said))
        try:
            yield
        finally:
            for reader, said in readers:
                reader.kill()
                reader.wait()
                said.seek(0)
                lines = said.read().splitlines()
                found.asked += max((int(line.split()[1]) for line in lines if line.startswith("asked ")), default=0)
                found.errors += [line for line in lines if not line.startswith("asked ")]


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


def soak(stage: Stage, portal: Portal, truth: Truth, runs: int, is_over: threading.Event) -> Soaked:
    """Let so many runs end, while faults are brought on and everything is measured; fewer when `is_over` is set."""
    found = Soaked()
    chance = random.Random(truth.chance.random())
    begun = datetime.now(UTC)
    next_fault, told = FAULT_EVERY_RUNS, 0
    with reading(stage.settings.published, chance.randrange(10_000), found), feeding(stage, truth, portal, SIZES):
        while len(found.runs) < runs and not is_over.wait(SAMPLED_EVERY_S):
            _look(stage, begun, truth, found)
            done = len(found.runs)
            _go_on(stage, begun, done)
            if done >= next_fault:
                next_fault += FAULT_EVERY_RUNS
                found.faults.append(_befall(stage, chance, is_late=done > runs / 2))
            if done >= told + 25:
                told = done
                memory = ", ".join(f"{name} {mb:.0f} MB" for name, mb in found.samples[-1].memory.items())
                print(f"{done} runs, {truth.digests} digests, {len(found.faults)} faults; {memory}", flush=True)
    return found


def _go_on(stage: Stage, begun: datetime, done: int) -> None:
    """Have the next run of the inbox begin where there is none, and now and then one that asks for pages."""
    waiting = Counter(run.deployment for run in stage.runs(begun) if run.is_under_way or run.kind == "SCHEDULED")
    if not waiting["ingest-inbox"]:
        stage.run_now("ingest-inbox")
    if not waiting["refetch-due"] and done % FETCHES_EVERY == 0:
        stage.run_now("refetch-due")


def _look(stage: Stage, begun: datetime, truth: Truth, found: Soaked) -> None:
    for run in stage.runs(begun):
        if run.kind in ("COMPLETED", "FAILED", "CRASHED"):
            found.runs[run.id] = run.state
    done = len(found.runs)
    pids = {name: pid for name in PROCESSES if (pid := stage.pid(name)) is not None}
    held = memory_mb(list(pids.values()))
    memory = {name: held[pid] for name, pid in pids.items() if pid in held}
    for pid, mb in peak_mb(stage.flows()).items():
        found.peaks[pid] = (done, max(mb, found.peaks.get(pid, (0, 0.0))[1]))
    found.samples.append(Sample(done, memory, sizes_mb(stage.settings, stage.home, truth)))


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
        faults.server_unreachable(stage, chance, for_s=chance.uniform(2, 12))
    elif (pid := stage.pid(of)) is not None:
        kill(pid)
    return of


def main() -> None:
    """Soaked as the command line asks; exits with 1 when something grew, was lost, or failed a reader."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="of digests and faults")
    parser.add_argument("--write", action="store_true", help="keep chart and summary in docs")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    begun = time.monotonic()
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
        found = soak(stage, portal, truth, arguments.runs, is_over)
        _empty(stage)
        _look(stage, datetime.now(UTC), truth, found)
        audit = truth.audit(stage.settings)
    took = ("took", f"{(time.monotonic() - begun) / 60:.0f} minutes")
    told = [took, *summary(found, truth, audit.lost, audit.doubled)]
    print("\n" + "\n".join(f"{name:28} {value}" for name, value in told))
    for error in found.errors[:5]:
        print(f"reader: {error}")
    if arguments.write:
        chart(found, CHART)
        lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in told)]
        picture = f"![Memory of each process and sizes of files over {len(found.runs)} runs](img/{CHART.name})"
        write("soak", "\n".join([picture, "", *lines]))
    sys.exit(0 if is_well(found, audit.lost, audit.doubled) else 1)


if __name__ == "__main__":
    main()
