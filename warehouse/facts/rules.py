"""The versions of the rules: a hash of the code and the tables by which each kind of fact is read."""

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from warehouse.reference.rows import SEEDS
from warehouse.reference.table import hash_tables

PACKAGE = Path(__file__).parent.parent
IMPORT = re.compile(r"^\s*from warehouse\.((?:facts|normalise)\.\w+) import", re.MULTILINE)


class Rules(NamedTuple):
    """The modules that rules begin in, and the tables that they read: those of `lexicon/`, then others of `seeds/`."""

    modules: tuple[str, ...]
    lexicons: tuple[str, ...]
    tables: tuple[str, ...]


RULES: Mapping[str, Rules] = {
    "figures": Rules(
        ("facts.figures",),
        ("units", "scales", "counted_words", "kept_out_words", "context_words", "times_words", "number_endings"),
        ("months", "number_words"),
    ),
    "mentions": Rules(
        ("facts.mentions", "facts.identity"),
        (
            *("offices", "first_names", "common_capitals", "name_contexts", "place_forms", "organisation_forms"),
            "office_fields",
        ),
        ("gazetteer", "lexicon"),
    ),
    "promises": Rules(
        ("facts.promises", "facts.quotes"), ("future_words", "deadlines", "quarters", "say_words"), ("months",)
    ),
}
"""The rules by what they read; those for promises read quotes, too."""


def lexicons_in(seeds: Path) -> Path:
    """The folder of reference files that facts are read by: `SEEDS` stands in for one that has no lexicons."""
    return seeds if (seeds / "lexicon").is_dir() else SEEDS


def versions(seeds: Path) -> Mapping[str, str]:
    """The version of each of `RULES` with the tables of a folder: 12 hex digits of a SHA-256."""
    folder = lexicons_in(seeds)
    return _versions(folder, hash_tables(folder / "lexicon") + hash_tables(folder))


@lru_cache(maxsize=4)
def _versions(folder: Path, _state: bytes) -> Mapping[str, str]:
    found = {}
    for name, rules in RULES.items():
        paths = [folder / "lexicon" / f"{table}.csv" for table in rules.lexicons]
        paths += [folder / f"{table}.csv" for table in rules.tables]
        digest = hashlib.sha256()
        for path in (*paths, *_code(rules.modules)):
            digest.update(path.read_bytes() if path.exists() else (SEEDS / path.name).read_bytes())
        found[name] = digest.hexdigest()[:12]
    return found


def _code(modules: tuple[str, ...]) -> list[Path]:
    """The files of modules and of all that they import of what reads texts."""
    found: set[str] = set()
    ahead = [*modules]
    while ahead:
        if (module := ahead.pop()) not in found:
            found.add(module)
            ahead += IMPORT.findall(_path(module).read_text(encoding="utf-8"))
    return [_path(module) for module in sorted(found)]


def _path(module: str) -> Path:
    return PACKAGE / f"{module.replace('.', '/')}.py"
