"""The command that says whether a commit and this tree load the same rows: what it takes out and what it damages."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.project import PROJECT

sys.path.insert(0, str(PROJECT / "benchmarks"))

import checkout
from before_after import damage


def test_damage_is_the_same_for_the_same_chance_and_leaves_most_as_it_was() -> None:
    content = b"".join(b"%07d\n" % number for number in range(20_000))
    damaged = damage(content, random.Random(1))
    assert damaged == damage(content, random.Random(1))
    assert damaged != damage(content, random.Random(2))
    lines = set(content.splitlines())
    assert len(lines) // 2 < len(lines.intersection(damaged.splitlines())) < len(lines)


def test_a_commit_is_taken_out_beside_the_tree_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.setattr(checkout, "PROJECT", project)
    note = project / "note.txt"
    note.write_text("before", encoding="utf-8")
    author = ["-c", "user.name=A", "-c", "user.email=a@example.kz"]
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "Note"]):
        subprocess.run(["git", *command], check=True, cwd=project)
    note.write_text("after", encoding="utf-8")
    tree = checkout.take_out("HEAD", tmp_path / "tree")
    assert (tree / "note.txt").read_text(encoding="utf-8") == "before"
    assert note.read_text(encoding="utf-8") == "after"
