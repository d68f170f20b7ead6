"""The documents as tests need them: their commands with the output shown, their blocks, their tables, and a copy of the
project to run them in."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from warehouse.project import PROJECT

BLOCK = re.compile(r"^( *)```(\w*) ?(.*)\n((?:.*\n)*?)\1```$", re.MULTILINE)


def text_of(document: str) -> str:
    return (PROJECT / document).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what follows it on the fence (the path of a file, or nothing), and its lines."""

    language: str
    note: str
    text: str

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Commands of a console block, each with the output shown below it."""
        pieces = re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]
        return [(command, output) for command, _, output in (piece.partition("\n") for piece in pieces)]

    def write(self, folder: Path) -> None:
        """Do to the file what the block says: make it, append to it, or, with a diff, change its one such place."""
        name, _, how = self.note.partition(" ")
        path = folder / name
        if self.language == "diff":
            lines = self.text.splitlines(keepends=True)
            old, new = ("".join(line[1:] for line in lines if line[0] in marks) for marks in (" -", " +"))
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{name} has {text.count(old)} places like this:\n{old}"
            path.write_text(text.replace(old, new), encoding="utf-8")
        elif how == "(append)":
            with path.open("a", encoding="utf-8") as file:
                file.write(self.text)
        else:
            assert not how, f"“{how}” is no way to write {name}"
            assert not path.exists(), f"{name} is there already"
            path.write_text(self.text, encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a document, those of lists too, without their indentation."""
    return [Block(language, note, textwrap.dedent(lines)) for _, language, note, lines in BLOCK.findall(text)]


def consoles(text: str) -> list[tuple[str, str]]:
    """Commands of a document with the output shown below each."""
    return [pair for block in blocks(text) if block.language == "console" for pair in block.commands]


def rows_of_table(text: str, header: str) -> list[list[str]]:
    """The cells of the Markdown table whose first line is `header`."""
    below = text.split(f"{header}\n", 1)[1].splitlines()[1:]
    rows = []
    for line in below:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


MASKS = {
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC|\d{8}T\d{6}Z|[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d": "<moment>",
    r"\d+\.\d\d s\b": "<seconds>",
    r"(?<=\d passed).* in .*": "",
}
"""What differs from run to run: moments and durations."""


def masked(text: str) -> list[str]:
    """Lines without what differs from run to run, and without white space at their ends."""
    for pattern, mask in MASKS.items():
        text = re.sub(pattern, mask, text)
    return [line.rstrip() for line in text.splitlines()]


def is_shown(expected: str, output: str) -> bool:
    """Whether the output shown is that of a command; a line “…” stands for any lines."""
    return _match(masked(expected), masked(output))


def _match(expected: list[str], lines: list[str]) -> bool:
    if not expected:
        return not lines
    if expected[0] == "…":
        return any(_match(expected[1:], lines[skipped:]) for skipped in range(len(lines) + 1))
    return bool(lines) and expected[0] == lines[0] and _match(expected[1:], lines[1:])


LOG_CONNECTIONS = """
import os, sys

def log(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            with open(os.environ["CONNECTIONS"], "a") as file:
                print(event, address, file=file)
    elif event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", "::1", "localhost", None):
        with open(os.environ["CONNECTIONS"], "a") as file:
            print(event, arguments[:2], file=file)

sys.addaudithook(log)
"""


@dataclass(frozen=True)
class Copy:
    """A copy of the project as a person clones it, with the installed packages of this environment and no data."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> "Copy":
        left_out = shutil.ignore_patterns(".git", ".*cache", ".venv*", "__pycache__", "data", ".env")
        shutil.copytree(PROJECT, folder, ignore=left_out)
        venv = folder / ".venv"
        venv.mkdir()
        for part in ("bin", "lib", "include", "pyvenv.cfg"):
            if (Path(sys.prefix) / part).exists():
                (venv / part).symlink_to(Path(sys.prefix) / part)
        for mark in ("run", "dev", "bench"):
            (venv / mark).touch()
        (folder / "data").mkdir()
        audit = folder.parent / "audit"
        audit.mkdir(exist_ok=True)
        (audit / "sitecustomize.py").write_text(LOG_CONNECTIONS, encoding="utf-8")
        return cls(folder)

    @property
    def connections(self) -> Path:
        """The file with the addresses of other machines that were spoken to; none where none were."""
        return self.folder.parent / "connections.log"

    @property
    def environ(self) -> dict[str, str]:
        """No setting of this machine; and the installed `press` takes the copy for the project."""
        left_out = re.compile("PRESS_|PREFECT_|MAKE|COV_|COVERAGE|PYTEST_")
        kept = {name: value for name, value in os.environ.items() if not left_out.match(name)}
        paths = f"{self.folder}{os.pathsep}{self.folder.parent / 'audit'}"
        return {**kept, "CONNECTIONS": str(self.connections), "PYTHONPATH": paths}

    def run(self, command: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=cwd or self.folder,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
        )

    def show(self, command: str, expected: str, **environ: str) -> None:
        """Run a command, which must succeed and print what is shown, where “…” stands for the folder of the project."""
        done = self.run(command, **environ)
        assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"
        assert is_shown(expected, done.stdout.replace(str(self.folder), "…")), f"{command}\n{done.stdout}"

    def show_code(self, code: str, *arguments: str) -> str:
        """Run Python, which must succeed; returns what it printed."""
        done = self.run(" ".join([".venv/bin/python", "-c", *map(shlex.quote, (code, *arguments))]))
        assert done.returncode == 0, f"{code}: {done.stderr}"
        return done.stdout

    def follow(self, block: Block, leave_out: Collection[str] = ()) -> None:
        """Do what a block of a document says: write its file, or run its commands."""
        if block.note:
            block.write(self.folder)
        for command, expected in block.commands if block.language == "console" else ():
            if command not in leave_out:
                self.show(command, expected)
