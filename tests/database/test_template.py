"""The template: a new warehouse is a copy of it, and what is in the cache is never trusted unseen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from warehouse.database.template import HASH_BYTES, KEPT, copy_template


def make(path: Path) -> None:
    path.write_bytes(b"a warehouse")


def refuse(path: Path) -> None:
    raise AssertionError(f"{path} was made again")


def test_it_is_made_once_and_copied_from_then_on(tmp_path: Path) -> None:
    copy_template(tmp_path / "cache", "one", make, tmp_path / "first")
    copy_template(tmp_path / "cache", "one", refuse, tmp_path / "second")
    assert (tmp_path / "second").read_bytes() == (tmp_path / "first").read_bytes() == b"a warehouse"


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-1], lambda content: content[:HASH_BYTES] + b"another", lambda _: b""]
)
def test_a_torn_or_damaged_copy_is_made_again(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    copy_template(tmp_path, "one", make, tmp_path / "first")
    stored = tmp_path / "template-one"
    whole = stored.read_bytes()
    stored.write_bytes(damage(whole))
    copy_template(tmp_path, "one", make, tmp_path / "second")
    assert (tmp_path / "second").read_bytes() == b"a warehouse"
    assert stored.read_bytes() == whole


def test_one_of_another_schema_or_version_of_duckdb_is_not_taken(tmp_path: Path) -> None:
    copy_template(tmp_path, "one", make, tmp_path / "first")
    copy_template(
        tmp_path, "another", lambda path: path.write_bytes(b"of another schema") and None, tmp_path / "second"
    )
    assert (tmp_path / "second").read_bytes() == b"of another schema"


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT + 2):
        copy_template(tmp_path / "cache", str(number), make, tmp_path / "new")
    assert len(list((tmp_path / "cache").iterdir())) == KEPT


@pytest.mark.parametrize("cache", [None, Path("/proc/no-folder-can-be-made-here")])
def test_without_a_cache_it_is_made_each_time(tmp_path: Path, cache: Path | None) -> None:
    copy_template(cache, "one", make, tmp_path / "first")
    assert (tmp_path / "first").read_bytes() == b"a warehouse"
