"""Play every fault on a served warehouse, and report how it came out: `make drill`.

    python -m tests.drills.drill [--only NAME…] [--seed N] [--write]

While digests arrive and pages are fetched, each fault is brought on and ended. Then: does the API list a run as running
that has not run for three minutes, does the next scheduled run complete unaided, what does the API say of the runs that
the fault hit, and does the published copy hold exactly what was put in? `--write` puts the table into
docs/operations.md.
"""

import argparse
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.desk.portal_server import Portal
from tests.desk.ports import free_port
from tests.drills import faults
from tests.drills.document import DOCUMENT, read, write
from tests.drills.stage import FlowRun, Stage
from tests.drills.surroundings import Postgres, clock_environment, small_disk
from tests.drills.truth import Truth
from warehouse.project import PROJECT

NOT_PLAYED = "not as it should"
LOGS = PROJECT / "data" / "drills"
"""Where the logs of a stage go on which something was not survived."""

LEFT_AFTER_S = 180
"""After how many seconds the API may list no run as running that does not."""

STARTED_AHEAD = timedelta(seconds=20)
"""How long before it is due a run's process may be started, and more."""

TELLING = ("Failed", "Crashed", "Cancelled", "Missed", "TimedOut", "AwaitingRetry")
"""The states that say that something went wrong or was left out."""

LONGEST_MESSAGE = 200
"""How many characters of a message the table shows."""

EVERY_S = {"ingest-inbox": 20, "refetch-due": 60}
PAGES_A_RUN = 40
SIZES = (5, 20, 60, 300)
"""Items of the digests that arrive."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one fault came out."""

    fault: str
    course: str
    leftovers: str
    losses: str
    duplicates: str
    next_run: str
    messages: str

    @property
    def is_well(self) -> bool:
        """Whether it was survived."""
        is_played = not self.course.startswith(NOT_PLAYED)
        is_right = self.losses == self.duplicates == "0"
        return is_played and is_right and self.leftovers == "none" and "completed" in self.next_run


Play = Callable[[Stage, random.Random], str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: its name on the command line, and what stage it needs: `disk`, `clock`, `postgres` or a `second` one."""

    name: str
    title: str
    play: Callable[..., str]
    needs: str = "disk"


FAULTS = (
    Fault("flow", "kill -9 of the flow", faults.kill_flow),
    Fault("runner", "kill -9 of the runner", faults.kill_runner),
    Fault("server", "kill -9 of the server", faults.kill_server),
    Fault("serve", "kill -9 of `make serve`", faults.kill_serving),
    Fault("unreachable", "server unreachable for minutes", faults.cut_off_server),
    Fault("hung", "server hangs for good", faults.hang_server),
    Fault("disk", "disk full and back", faults.fill_disk),
    Fault("reader", "reader holds the copy open", faults.hold_copy_open),
    Fault("corrupt", "warehouse file corrupt", faults.corrupt_warehouse),
    Fault("clock", "clock jumps", faults.set_clock_twice, "clock"),
    Fault("postgres", "PostgreSQL restarts", faults.restart_postgres, "postgres"),
    Fault("machines", "two machines, one warehouse", faults.serve_on_two_machines, "second"),
)


@contextmanager
def feed_inbox(stage: Stage, truth: Truth, portal: Portal, sizes: Sequence[int] = SIZES) -> Iterator[None]:
    """Let digests of random sizes arrive every few seconds, and the portal know their releases."""
    is_over = threading.Event()
    failures: list[BaseException] = []

    def feed() -> None:
        try:
            while not is_over.wait(truth.chance.uniform(1, 6)):
                truth.deliver(stage.settings.inbox, truth.chance.choice(sizes))
                portal.releases.update(truth.newest())
        except Exception as error:  # noqa: BLE001 - the thread that waits raises it
            failures.append(error)

    thread = threading.Thread(target=feed, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
    assert not failures, failures


def play(fault: Fault, stage: Stage, truth: Truth, portal: Portal, *more: Any) -> Outcome:
    """Play one fault on a stage that serves."""
    start = stage.now()
    with feed_inbox(stage, truth, portal):
        try:
            course = fault.play(stage, *more, truth.chance)
        except (AssertionError, OSError) as error:
            keep_logs(fault, stage)
            course = f"{NOT_PLAYED}: {error}"
            stage.stop()
            stage.restart()
        over = stage.now()
        earlier = {run.id for run in stage.runs(until=over + STARTED_AHEAD) if run.kind != "SCHEDULED"}
        next_run = _next_run(stage, over, earlier)
        leftovers = _left(stage, over)
    runs = stage.runs(start)
    losses, duplicates = _audit(stage, truth)
    outcome = Outcome(fault.title, course, leftovers, losses, duplicates, next_run, _messages(stage, runs, over))
    if not outcome.is_well:
        keep_logs(fault, stage)
    return outcome


def keep_logs(fault: Fault, stage: Stage) -> None:
    """Keep the stage's logs, where somebody can look into it."""
    folder = LOGS / fault.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "terminal.log").write_text("".join([*stage.outputs, stage.serving.output]), encoding="utf-8")
    for log in stage.serving.home.glob("serve.log*"):
        shutil.copy(log, folder)


def _next_run(stage: Stage, over: datetime, earlier: Container[str]) -> str:
    """How the first scheduled run of the inbox that was due after the fault, and begun after it, ended."""

    def done() -> list[FlowRun]:
        runs = [run for run in stage.runs(over) if run.deployment == "ingest-inbox" and run.is_scheduled]
        ended = ("COMPLETED", "FAILED", "CRASHED")
        return [run for run in runs if run.kind in ended and run.id not in earlier]

    try:
        took = stage.wait_until(lambda: bool(done()), LEFT_AFTER_S, "no run")
    except TimeoutError:
        return f"none within {LEFT_AFTER_S} s"
    return f"{done()[0].state.lower()} after {took:.0f} s"


def _left(stage: Stage, over: datetime) -> str:
    """Runs that the API lists as running since before the fault ended, until none is or three minutes have passed."""

    def leftovers() -> list[FlowRun]:
        return [run for run in stage.runs() if run.is_under_way and run.since < over]

    def since_over() -> float:
        return (stage.now() - over).total_seconds()

    while (runs := leftovers()) and since_over() < LEFT_AFTER_S:
        time.sleep(1)
    return f"{len(runs)}: {runs[0].name}, {runs[0].state}" if runs else "none"


def _audit(stage: Stage, truth: Truth) -> tuple[str, str]:
    """Wait until the inbox is empty, and hold the published copy against what was put in."""
    inbox = stage.settings.inbox
    try:
        stage.wait_until(lambda: not [*inbox.glob("*.txt")], LEFT_AFTER_S, "the inbox was not emptied")
    except TimeoutError:
        return f"{len([*inbox.glob('*.txt')])} digests left in the inbox", "?"
    # A file leaves the inbox only once what is in it is published.
    audit = truth.audit(stage.settings)
    return ", ".join(audit.losses) or "0", ", ".join(audit.duplicates) or "0"


def _messages(stage: Stage, runs: Sequence[FlowRun], over: datetime) -> str:
    """What the API says of the runs that the fault hit: each state with how often, and its message."""
    odd = [run for run in runs if run.due_at <= over and run.state in TELLING]
    counts = Counter((run.state, _shorten(run.message, stage)) for run in odd)
    several = [f"{state}{f' ×{count}' if count > 1 else ''}: {message}" for (state, message), count in counts.items()]
    return " ".join(several) or "Every run completed."


def _shorten(message: str, stage: Stage) -> str:
    """A message without the stage's folder and the names of runs, in the length that a table bears."""
    text = re.sub(r"the run \S+", "a later run", message.replace(str(stage.folder), "…"))
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}…"


def play_all(names: Sequence[str], seed: int, report: Callable[[Outcome], None]) -> list[Outcome]:
    """Play the faults of these names, those that need the same stage one after another on one."""
    outcomes = []
    for needs in dict.fromkeys(fault.needs for fault in FAULTS):
        chosen = [fault for fault in FAULTS if fault.needs == needs and fault.name in names]
        if not chosen:
            continue
        with ExitStack() as stack:
            above = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-", ignore_cleanup_errors=True)))
            folder = above / "stage"
            portal = stack.enter_context(Portal())
            environ = {"PRESS_PORTAL_URL": portal.url, "PRESS_PORTAL_INTERVAL_S": "0.2"}
            more: list[Any] = []
            if needs == "disk":
                stack.enter_context(small_disk(folder))
            else:
                folder.mkdir()
            if needs == "clock":
                environ |= clock_environment(folder)
            elif needs == "postgres":
                above.chmod(0o755)
                postgres = stack.enter_context(Postgres(above / "postgres", free_port()))
                environ["PRESS_SERVER_DATABASE_URL"] = postgres.url
                more.append(postgres)
            elif needs == "second":
                more.append(Stage(folder, environ, home="second"))
            stage = stack.enter_context(Stage(folder, environ))
            stage.hurry(EVERY_S, {"refetch-due": {"limit": PAGES_A_RUN}})
            truth = Truth(random.Random(seed))
            for fault in chosen:
                outcomes.append(play(fault, stage, truth, portal, *more))
                report(outcomes[-1])
    return outcomes


COLUMNS = ("fault", "what happened", "runs left running", "lost", "doubled", "next scheduled run", "the UI tells")


def table(outcomes: Sequence[Outcome], before: str = "") -> str:
    """The outcomes as a Markdown table; faults that were not played keep their rows of the table before."""
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in before.splitlines()}
    for one in outcomes:
        cells = (one.fault, one.course, one.leftovers, one.losses, one.duplicates, one.next_run, one.messages)
        rows[one.fault] = f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    known = [rows[fault.title] for fault in FAULTS if fault.title in rows]
    return "\n".join([f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}", *known])


def main() -> None:
    """Play what the command line asks for; exits with 1 when something was not survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [fault.name for fault in FAULTS]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="of digests and moments")
    parser.add_argument("--write", action="store_true", help=f"put the table into {DOCUMENT.relative_to(PROJECT)}")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)

    def report(one: Outcome) -> None:
        print(f"{'ok  ' if one.is_well else 'FAIL'} {one.fault}: {one.course}", flush=True)
        print(f"     left {one.leftovers} · lost {one.losses} · doubled {one.duplicates} · next {one.next_run}")
        print(f"     {one.messages}", flush=True)

    outcomes = play_all(arguments.only, arguments.seed, report)
    print(f"\n{table(outcomes)}")
    if arguments.write:
        write("drill", table(outcomes, read("drill")))
    sys.exit(0 if all(one.is_well for one in outcomes) else 1)


if __name__ == "__main__":
    main()
