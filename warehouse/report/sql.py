"""SQL that a person types: statements that read, asked of a confined connection, and errors with their place.

What may run is decided by the kind of statement, as DuckDB parses it; that the file is open for reading only, and
confined (`warehouse.database.confine`), holds whatever gets past that.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.database.confine import confine
from warehouse.database.connection import reading
from warehouse.errors import UsageError, cut
from warehouse.settings import Settings

READS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
"""Kinds of statements that run: DESCRIBE, SHOW, SUMMARIZE, PIVOT, VALUES and FROM are SELECT to DuckDB."""

LONGEST_ERROR = 400
"""Characters of an error of DuckDB, which may repeat a value or list many names."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement that reads, as DuckDB parsed it.

    `types` are statements to run before it: PIVOT makes a temporary type of the values that become columns.
    """

    statement: duckdb.Statement
    types: tuple[duckdb.Statement, ...]

    @property
    def is_plan(self) -> bool:
        """Whether it asks how a statement would run, not for rows."""
        return bool(self.statement.type == duckdb.StatementType.EXPLAIN)


@contextmanager
def confined(settings: Settings, folder: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the published copy, or to the warehouse while nothing is published, for SQL that somebody types.

    DuckDB may write to `folder`. Raises what `reading` raises.
    """
    path = settings.published if settings.published.exists() else settings.warehouse
    with reading(path) as con:
        confine(con, folder)
        yield con


def statements(con: duckdb.DuckDBPyConnection, text: str) -> list[Reading]:
    """The statements of a text; raises UsageError where it cannot be parsed, or one of them does more than read."""
    try:
        text.encode()
        parsed = con.extract_statements(text)
    except UnicodeEncodeError:
        raise UsageError("The SQL is no text in UTF-8.") from None
    except duckdb.Error as error:
        raise UsageError(sentence(error, text)) from error
    readings: list[Reading] = []
    types: list[duckdb.Statement] = []
    start = 0
    for statement in parsed:
        # What DuckDB adds to a statement by itself has no text of its own.
        if statement.type == duckdb.StatementType.CREATE and not statement.query:
            types.append(statement)
            continue
        at = text.find(statement.query, start) if statement.query else start
        start = at if at >= 0 else start
        if statement.type not in READS:
            where = _place(text, start + len(statement.query) - len(statement.query.lstrip()))
            raise UsageError(f"{where}: {statement.type.name} is refused, for this reads and changes nothing.")
        readings.append(Reading(statement, tuple(types)))
        types, start = [], start + len(statement.query)
    return readings


def answer(con: duckdb.DuckDBPyConnection, reading: Reading) -> duckdb.DuckDBPyRelation:
    """The answer to a statement, computed while its rows are read; both under `errors_with_place`."""
    for kind in reading.types:
        con.execute(kind)
    try:
        return con.sql(reading.statement)
    except duckdb.Error as error:
        if not _is_json(error):
            # Errors of a relation have no place; run as a statement it fails in the same way, and says where.
            con.execute(reading.statement)
        raise


@contextmanager
def errors_with_place(text: str) -> Iterator[None]:
    """Turn errors of DuckDB about a statement of a text into UsageErrors, one line each."""
    try:
        yield
    except duckdb.Error as error:
        raise UsageError(sentence(error, text)) from error


def sentence(error: duckdb.Error, text: str = "") -> str:
    """An error of a confined connection as a line: where in a text, if there is one, and what."""
    if not _is_json(error):
        return cut(" ".join(str(error).split()), LONGEST_ERROR)
    details = json.loads(str(error)[str(error).index("{") :])
    message = cut(" ".join(details["exception_message"].split()), LONGEST_ERROR)
    if not text or "position" not in details:
        return message
    offset = int(details["position"])
    if details["exception_type"] != "Parser":
        # The parser counts characters, all others count bytes (DuckDB 1.5.5).
        offset = len(text.encode()[:offset].decode(errors="ignore"))
    return f"{_place(text, offset)}: {message}"


def _is_json(error: duckdb.Error) -> bool:
    return '{"exception_type":' in str(error)


def _place(text: str, offset: int) -> str:
    """Line and column, both from 1, of a character of a text."""
    before = text[:offset]
    return f"line {before.count(chr(10)) + 1}, column {offset - before.rfind(chr(10))}"
