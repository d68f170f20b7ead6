"""Say whether a commit and the tree as it is load the same rows: every table and view, after each load.

    python benchmarks/before_after.py --before COMMIT [--releases 5000] [--only HISTORY …] [--except TABLE …]

Both load the same files in the same order, each history into a warehouse of its own: the seed; a synthetic corpus, the
same again by force, with edited bodies, and answers of the portal; some of its digests one by one, backwards in time;
digests damaged at random, then whole ones. Prints a table and exits with 1 where rows or exit codes differ. What the
schema is called (`schema_version`) may.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from answers import write_answers
from checkout import PROJECT, press, take_out
from compare import as_table, compare
from corpus import write_digests
from warehouse.settings import load_settings

HISTORIES = ("seed", "corpus", "pieces", "damaged")
SCHEMA = "schema_version"
FIRST, SECOND, THIRD = (f"2025-06-0{day}T00:00:00Z" for day in (1, 2, 3))
CHANGED_SHARE = 0.05
DAMAGE_EVERY = 5_000  # bytes, on average: every fourth item
ANSWERS_SHARE = 0.1
PIECE_EVERY = 3  # digests: neighbours list some releases again, others have nothing in common


@dataclass(frozen=True, slots=True)
class Load:
    """One command of a history: what it is called, and its arguments but for the warehouse."""

    name: str
    arguments: list[str]


def damage(content: bytes, chance: random.Random) -> bytes:
    """Damage one stretch in about `DAMAGE_EVERY` bytes: other bytes, or lost, doubled or carried elsewhere."""
    damaged = bytearray(content)
    for _ in range(len(content) // DAMAGE_EVERY + 1):
        start = chance.randrange(len(damaged))
        stop = start + min(int(chance.paretovariate(0.7)), 5_000)
        stretch = bytes(damaged[start:stop])
        kind = chance.choice(("other", "lost", "doubled", "carried"))
        if kind == "other":
            damaged[start:stop] = chance.randbytes(len(stretch))
        elif kind == "doubled":
            damaged[start:start] = stretch
        else:
            del damaged[start:stop]
        if kind == "carried":
            place = chance.randrange(len(damaged) + 1)
            damaged[place:place] = stretch
    return bytes(damaged)


def write_corpus(folder: Path, releases: int) -> None:
    """Write the digests `first`, `changed` and `damaged` under `folder`."""
    write_digests(folder, "first", releases, seed=1)
    write_digests(folder, "changed", releases, seed=1, changed=CHANGED_SHARE)
    (folder / "damaged").mkdir()
    chance = random.Random(1)
    for digest in _digests(folder / "changed"):
        (folder / "damaged" / digest.name).write_bytes(damage(digest.read_bytes(), chance))


def _digests(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.txt"))


def _ingest(name: str, as_of: str, *arguments: Path | str) -> Load:
    return Load(name, ["ingest", *map(str, arguments), "--as-of", as_of])


def histories(corpus: Path) -> dict[str, list[Load]]:
    """Each history as loads in their order."""
    first, changed, damaged = (corpus / name for name in ("first", "changed", "damaged"))
    return {
        "seed": [_ingest("seed", FIRST, PROJECT / "seeds" / "digests")],
        "corpus": [
            _ingest("first", FIRST, first),
            _ingest("same, by force", SECOND, first, "--force"),
            _ingest("changed", THIRD, changed),
            Load("answers", ["replay", "--as-of", THIRD]),
        ],
        "pieces": [
            *(_ingest(f"changed {digest.name}", SECOND, digest) for digest in _digests(changed)[::-PIECE_EVERY]),
            *(_ingest(f"first {digest.name}", THIRD, digest) for digest in _digests(first)[::-PIECE_EVERY]),
        ],
        "damaged": [_ingest("damaged", FIRST, damaged), _ingest("whole", SECOND, first)],
    }


def differences(
    trees: dict[str, Path], history: str, loads: list[Load], work: Path, pages: int, excepted: list[str]
) -> Iterator[str]:
    """Load a history by both trees; yields a line for each load, then what differs after it."""
    warehouses = {side: work / side / history / "warehouse.duckdb" for side in trees}
    for load in loads:
        said = {}
        for side, tree in trees.items():
            if load.arguments[0] == "replay":
                write_answers(load_settings().at(warehouses[side]).answers, pages)
            said[side] = press(tree, *load.arguments, "--warehouse", str(warehouses[side]))
        before, after = said["before"], said["after"]
        if before.returncode != after.returncode or not all(path.exists() for path in warehouses.values()):
            yield f"{history:8} {load.name:32} DIFFERS: exit codes {before.returncode} and {after.returncode}"
            yield f"before: {before.stderr.strip()}\nafter: {after.stderr.strip()}"
            continue
        found = compare(warehouses["before"], warehouses["after"])
        odd = [one for one in found if not one.is_equal and one.name not in excepted]
        rows = sum(one.after or 0 for one in found)
        verdict = f"DIFFERS in {len(odd)} of {len(found)}" if odd else f"equal in {len(found)}"
        yield f"{history:8} {load.name:32} {verdict} tables and views, {rows:,} rows, exit code {after.returncode}"
        if odd:
            yield as_table(odd, excepted)


def main() -> int:
    """Load every history by both trees; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--before", required=True, metavar="COMMIT")
    parser.add_argument("--releases", type=int, default=5_000, help="of the synthetic corpus")
    parser.add_argument(
        "--only", nargs="+", choices=HISTORIES, default=HISTORIES, metavar="HISTORY", help=f"of {', '.join(HISTORIES)}"
    )
    parser.add_argument("--except", dest="excepted", nargs="*", default=[], metavar="TABLE")
    arguments = parser.parse_args()
    is_equal = True
    with tempfile.TemporaryDirectory(prefix="press-before-after-") as name:
        work = Path(name)
        trees = {"before": take_out(arguments.before, work / "tree"), "after": PROJECT}
        write_corpus(work / "corpus", arguments.releases)
        pages = max(1, int(arguments.releases * ANSWERS_SHARE))
        for history, loads in histories(work / "corpus").items():
            if history not in arguments.only:
                continue
            for line in differences(trees, history, loads, work, pages, [SCHEMA, *arguments.excepted]):
                is_equal = is_equal and "DIFFERS" not in line
                print(line, flush=True)
    print("Equal row for row." if is_equal else "There are differences.")
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main())
