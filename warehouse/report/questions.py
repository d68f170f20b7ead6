"""Saved questions: the files of `sql/queries/`, asked of the published copy.

The first comment of a file is the question. Parameters stand in it as `$name`; a line `-- param name: TYPE = default`
says what each is: its type is one of `TYPES`, and one without a default is required. A line `-- values name: a, b` says
which values there are; of a release, publisher, language or region they are those of the warehouse. Others are refused,
because nothing could match them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from warehouse.database.sql import SQL
from warehouse.errors import UsageError, did_you_mean

FOLDER = SQL / "queries"
PARAMETER = re.compile(r"^-- param (?P<name>\w+): (?P<type>\w+)(?: = (?P<default>.+))?$", re.MULTILINE)

VALUES = re.compile(r"^-- values (\w+): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question: its name, its SQL type, and its default as text (None when it is required).

    `values` are those there are; none where it takes any.
    """

    name: str
    type: str
    default: str | None
    values: tuple[str, ...] = ()


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
    by_name = {each.name: each for each in questions()}
    if name not in by_name:
        raise UsageError(
            f"There is no question “{name}”: `press query` lists those there are.{did_you_mean(name, by_name)}"
        )
    return by_name[name]


def _question(path: Path) -> Question:
    sql = path.read_text(encoding="utf-8")
    lines = [line.removeprefix("-- ") for line in sql.splitlines() if line.startswith("-- ")]
    text = " ".join(line for line in lines if not line.startswith(("param ", "values ")))
    values = {name: tuple(listed.split(", ")) for name, listed in VALUES.findall(sql)}
    parameters = tuple(
        Parameter(match["name"], match["type"], match["default"], values.get(match["name"], ()))
        for match in PARAMETER.finditer(sql)
    )
    return Question(path.stem, text, parameters, sql)


def ask(con: duckdb.DuckDBPyConnection, question: Question, arguments: Mapping[str, object]) -> duckdb.DuckDBPyRelation:
    """Ask a question; `arguments` are values of its parameters, as text or as something that `str` turns into it.

    Values are bound, never written into the SQL. Raises UsageError for a parameter that the question lacks, that is
    missing, or that cannot be read as its type.
    """
    names = [parameter.name for parameter in question.parameters]
    if unknown := sorted(set(arguments) - set(names)):
        alike = did_you_mean(unknown[0], names)
        raise UsageError(
            f"“{question.name}” has no parameter {', '.join(unknown)}; it takes: {', '.join(names) or 'none'}.{alike}"
        )
    values = {parameter.name: _value(question, parameter, arguments) for parameter in question.parameters}
    for parameter in question.parameters:
        if parameter.values or (parameter.name in KNOWN and parameter.name in arguments):
            _refuse_unknown(con, parameter, str(values[parameter.name]))
    return con.sql(question.sql, params=values)


def _value(question: Question, parameter: Parameter, arguments: Mapping[str, object]) -> object:
    value = arguments.get(parameter.name, parameter.default)
    if value is None:
        raise UsageError(f"“{question.name}” needs {parameter.name}: --param {parameter.name}=…")
    what, read = TYPES[parameter.type]
    try:
        return read(str(value))
    except ValueError:
        raise UsageError(f"{parameter.name} is “{value}”, which is no {what}.") from None


def _refuse_unknown(con: duckdb.DuckDBPyConnection, parameter: Parameter, value: str) -> None:
    """Raise UsageError for a value that nothing could match."""
    if parameter.values:
        if value not in parameter.values:
            raise UsageError(f"{parameter.name} is “{value}”; it can be {', '.join(parameter.values)}.")
        return
    what, table, column = KNOWN[parameter.name]
    if con.execute(f"select 1 from {table} where {column} = $value limit 1", {"value": value}).fetchone():
        return
    # Releases are millions, and codes that look alike are not meant for each other.
    names = [] if what == "release" else con.execute(f"select {column} from {table}").fetchall()
    alike = did_you_mean(value, (str(name) for (name,) in names))
    raise UsageError(f"{parameter.name} is “{value}”, and the warehouse knows no such {what}.{alike}")


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**32:
        raise ValueError(text)
    return number


def _text(text: str) -> str:
    text.encode()  # raises UnicodeEncodeError, a ValueError, for bytes of the command line that are no UTF-8
    return text


PUBLISHER = ("publisher", "dim_publisher", "slug")
KNOWN = {
    "code": ("release", "fact_release", "release_code"),
    "publisher": PUBLISHER,
    "publisher_slug": PUBLISHER,
    "slug": PUBLISHER,
    "language": ("language", "dim_language", "code"),
    "region": ("region", "dim_region", "iso_code"),
}
"""Parameters whose values the warehouse knows, by name: what they are, and the table and column that have them."""

TYPES: dict[str, tuple[str, Callable[[str], object]]] = {
    "DATE": ("day like 2025-05-21", date.fromisoformat),
    "UINTEGER": ("whole number from 0 up", _count),
    "VARCHAR": ("text in UTF-8", _text),
}
"""The types of parameters: in words, and the function that reads one."""
