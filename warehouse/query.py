"""Saved questions: the files of `sql/queries/`, asked of the published copy.

The first comment of a file is the question. Parameters stand in it as `$name`; a line `-- param name: TYPE = default` says
what each is, with a default in SQL or none.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.database import SQL
from warehouse.errors import UsageError

FOLDER = SQL / "queries"
PARAMETER = re.compile(r"^-- param (?P<name>\w+): (?P<type>\w+)(?: = (?P<default>.+))?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question: its name, its SQL type, and its default as text (None when it must be given)."""

    name: str
    type: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question: its name, what it asks in words, its parameters and its SQL."""

    name: str
    text: str
    parameters: tuple[Parameter, ...]
    sql: str


def questions() -> list[Question]:
    """All saved questions by name."""
    return [_question(path) for path in sorted(FOLDER.glob("*.sql"))]


def question(name: str) -> Question:
    """One saved question; raises UsageError when there is none of that name."""
    path = FOLDER / f"{name}.sql"
    if not re.fullmatch(r"\w+", name) or not path.is_file():
        known = ", ".join(found.name for found in questions())
        raise UsageError(f"There is no question “{name}”; there are: {known}.")
    return _question(path)


def _question(path: Path) -> Question:
    sql = path.read_text(encoding="utf-8")
    lines = [line.removeprefix("-- ") for line in sql.splitlines() if line.startswith("-- ")]
    text = " ".join(line for line in lines if not line.startswith("param "))
    parameters = tuple(
        Parameter(match["name"], match["type"].upper(), match["default"]) for match in PARAMETER.finditer(sql)
    )
    return Question(path.stem, text, parameters, sql)


def ask(con: duckdb.DuckDBPyConnection, asked: Question, given: dict[str, str]) -> duckdb.DuckDBPyRelation:
    """Ask a question; `given` has values of parameters as text, cast by DuckDB to their types.

    Raises UsageError for a parameter that the question lacks, that is missing, or that cannot be read as its type.
    """
    known = {parameter.name: parameter for parameter in asked.parameters}
    if unknown := sorted(set(given) - set(known)):
        takes = ", ".join(known) or "none"
        raise UsageError(f"“{asked.name}” has no parameter {', '.join(unknown)}; it takes: {takes}.")
    values = {}
    for parameter in asked.parameters:
        text = given.get(parameter.name, parameter.default)
        if text is None:
            raise UsageError(f"“{asked.name}” needs --param {parameter.name}=… ({parameter.type}).")
        try:
            row = con.execute(f"select try_cast($text as {parameter.type})", {"text": text}).fetchone()  # noqa: S608 - type from our own file
        except duckdb.Error as error:
            raise UsageError(f"{parameter.name}: {str(error).splitlines()[0]}") from error
        if row is None or (row[0] is None and text != "null"):
            raise UsageError(f"{parameter.name} is “{text}”, which is no {parameter.type}.")
        values[parameter.name] = row[0]
    return con.sql(asked.sql, params=values)
