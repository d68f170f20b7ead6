"""What can befall a served warehouse: a function for each fault, which brings it on, ends it, and says what it did."""

import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import duckdb

from tests.drills.stage import Stage, kill
from tests.drills.surroundings import Postgres, set_clock
from warehouse.project import PROJECT

LONGEST_RUN_S = 4.0
"""A kill comes at a random moment within so many seconds of a run's start, which is as long as most take."""

LONGEST_START_S = 8.0
"""A run's process is started so many seconds before the run is due, at most, to be there in time."""

GONE_WITHIN_S = 60
"""How soon after `make serve` was killed all that it had started must be gone."""

READER = """
import sys, time, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
count = "select count(*), bit_xor(hash(listing_key)) from fact_listing"
first = con.execute(count).fetchone()
print("ready", flush=True)
sys.stdin.read()
print("same" if con.execute(count).fetchone() == first else "changed", flush=True)
"""


def kill_flow(stage: Stage, chance: random.Random, times: int = 4) -> str:
    """Kill processes of flow runs, loads and fetches, at random moments."""
    for _ in range(times):
        wait_at_random(stage, chance)
        kill(running_flow(stage, chance))
    return f"{times} flow processes killed"


def kill_runner(stage: Stage, chance: random.Random, times: int = 2) -> str:
    """Kill the process that serves the deployments while a run is under way, wait until there is another one."""
    return _kill_process(stage, chance, "runner", times)


def kill_server(stage: Stage, chance: random.Random, times: int = 2) -> str:
    """Kill Prefect's server while a run is under way, wait until there is another one that answers."""
    return _kill_process(stage, chance, "server", times)


def _kill_process(stage: Stage, chance: random.Random, of: str, times: int) -> str:
    for _ in range(times):
        wait_at_random(stage, chance)
        old = stage.pid(of)
        assert old is not None
        kill(old)
        stage.wait_until(partial(_is_another, stage, of, old), 120, f"the {of} was not restarted")
        stage.wait_until(lambda: answers(stage), 120, "the server did not answer")
    return f"the {of} killed {times} times during runs"


def kill_serving(stage: Stage, chance: random.Random) -> str:
    """Kill the process of `make serve`, and start it again once all it had started is gone."""
    wait_at_random(stage, chance)
    begin = time.monotonic()
    stage.serving.kill(GONE_WITHIN_S)
    took = time.monotonic() - begin
    stage.restart()
    return f"make serve killed during a run; all it had started was gone after {took:.0f} s; started again"


def cut_off_server(stage: Stage, chance: random.Random, for_s: float = 150) -> str:
    """Stop the server as if it were cut off: connections to it are taken, and nothing is answered."""
    wait_at_random(stage, chance)
    server = stage.pid("server")
    assert server is not None
    kill(server, signal.SIGSTOP)
    time.sleep(for_s)
    kill(server, signal.SIGCONT)
    stage.wait_until(lambda: answers(stage), 120, "the server did not answer")
    return f"the server answered nothing for {for_s:.0f} s"


def hang_server(stage: Stage, chance: random.Random) -> str:
    """Stop the server for good: the one that serves must find out, end it, and start another one."""
    wait_at_random(stage, chance)
    server = stage.pid("server")
    assert server is not None
    kill(server, signal.SIGSTOP)
    took = stage.wait_until(lambda: stage.pid("server") not in (None, server), 420, "the server was not replaced")
    stage.wait_until(lambda: answers(stage), 120, "the server did not answer")
    return f"the server hung, and was replaced after {took:.0f} s"


def fill_disk(stage: Stage, chance: random.Random, for_s: float = 45) -> str:
    """Fill the disk that everything lies on, Prefect's own database too, and make room again."""
    wait_at_random(stage, chance)
    filler = stage.folder / "filler"
    ends = time.monotonic() + for_s
    with filler.open("wb", buffering=0) as file:
        while time.monotonic() < ends:
            try:
                file.write(bytes(64 << 10))
            except OSError:
                time.sleep(0.1)
        size = file.tell()
    filler.unlink()
    stage.wait_until(lambda: answers(stage), 180, "the server did not answer")
    return f"the disk was full for {for_s:.0f} s ({size >> 20} MB taken), Prefect's database on it too"


def hold_copy_open(stage: Stage, chance: random.Random, publishes: int = 8) -> str:
    """Hold the published copy open while it is replaced many times, and ask the same at the end."""
    published = stage.settings.published
    stage.wait_until(published.exists, 120, "nothing was published")
    command = [sys.executable, "-c", READER, str(published)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        begin = time.monotonic()
        for _ in range(publishes):
            old = _inode(published)
            stage.wait_until(partial(_is_replaced, published, old), 120, "nothing was published again")
        answer, _ = reader.communicate()
    assert answer == "same\n", answer
    took = time.monotonic() - begin
    return f"a reader held the copy over {publishes} publications ({took:.0f} s), and still read its own"


def corrupt_warehouse(stage: Stage, chance: random.Random) -> str:
    """Put a file of random bytes in the warehouse's place; once a run failed by it, have it made again."""
    settings = stage.settings
    stage.wait_until(settings.warehouse.exists, 120, "there is no warehouse")
    time.sleep(chance.uniform(0, 15))
    damaged = settings.warehouse.with_name("damaged")
    damaged.write_bytes(chance.randbytes(1 << 20))
    content = damaged.read_bytes()
    os.replace(damaged, settings.warehouse)
    seen = {run.id for run in stage.runs()}

    def messages() -> list[str]:
        runs = [run for run in stage.runs() if run.id not in seen and run.state == "Failed"]
        return [run.message for run in runs if "press rebuild" in run.message]

    stage.wait_until(lambda: bool(messages()), 120, "no run failed by the damaged file")
    assert settings.warehouse.read_bytes() == content, "the damaged file was written"
    with duckdb.connect(settings.published, read_only=True) as con:
        assert con.execute("select count(*) from fact_release").fetchone() != (0,)
    rebuilt = subprocess.run(
        [sys.executable, "-m", "warehouse.cli.main", "rebuild"],
        env=stage.serving.environ | {"PRESS_LOCK_TIMEOUT_S": "60"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert rebuilt.returncode == 0, rebuilt.stderr
    return "random bytes in place of the warehouse; nothing was overwritten, and `press rebuild` made it again"


def set_clock_twice(stage: Stage, chance: random.Random) -> str:
    """Set the clock of the whole stage 26 hours ahead, and later two hours back."""
    for hours, while_s in ((26, 90), (24, 90)):
        wait_at_random(stage, chance)
        set_clock(stage.folder, hours)
        time.sleep(while_s)
    return "the clock was set 26 hours ahead during a run, and two hours back during another"


def serve_on_two_machines(stage: Stage, other: Stage, chance: random.Random, for_s: float = 75) -> str:
    """Let a second machine serve the same warehouse and the same inbox, and kill it during a run."""
    with other:
        other.hurry({"ingest-inbox": 20})
        time.sleep(for_s)
        kill(running_flow(other, chance))
        time.sleep(for_s / 3)
        ran = len([run for run in other.runs() if run.state == "Completed"])
        other.serving.kill(GONE_WITHIN_S)
    return f"two machines on one warehouse and inbox for {for_s:.0f} s; the second ran {ran} times, then was killed"


def restart_postgres(stage: Stage, postgres: Postgres, chance: random.Random) -> str:
    """Restart PostgreSQL under Prefect's server during runs: in order, and cut off for a while."""
    for how, away_s in (("fast", 0), ("immediate", 20)):
        wait_at_random(stage, chance)
        postgres.stop(how)
        time.sleep(away_s)
        postgres.start()
        stage.wait_until(lambda: answers(stage), 120, "the server did not answer")
    return "PostgreSQL restarted during a run, and was cut off for 20 s during another"


def answers(stage: Stage) -> bool:
    """Whether the server's API answers a question that needs its database."""
    try:
        stage.serving.api("/flow_runs/count", {}, patience_s=0)
    except OSError:
        return False
    return True


def wait_at_random(stage: Stage, chance: random.Random) -> None:
    """Wait for a random moment in the life of a run: most are while it runs, some while its process begins."""
    if chance.random() < 0.25:
        stage.wait_until(lambda: bool(stage.flows()), 180, "no process of a run began")
        time.sleep(chance.uniform(0, LONGEST_START_S))
        return
    stage.wait_until(lambda: any(run.state == "Running" for run in stage.runs()), 180, "no run began")
    time.sleep(chance.uniform(0, LONGEST_RUN_S))


def running_flow(stage: Stage, chance: random.Random) -> int:
    """The process of a flow run; waits for one where there is none."""
    while not (flows := stage.flows()):
        time.sleep(0.05)
    return chance.choice(flows)


def _is_another(stage: Stage, of: str, old: int) -> bool:
    return stage.pid(of) not in (None, old)


def _is_replaced(path: Path, old: int) -> bool:
    return _inode(path) != old


def _inode(path: Path) -> int:
    return path.stat().st_ino if path.exists() else 0
