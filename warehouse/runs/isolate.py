"""Isolate: which digests of a load that fails are at fault, so that the others can be loaded."""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import TypeVar

import duckdb
import polars as pl

from warehouse.check.checks import CheckResult
from warehouse.errors import CheckFailed, ContractBroken
from warehouse.keys import joined
from warehouse.runs.run import SYSTEM_ERRORS

FORESEEN = (CheckFailed, ContractBroken, duckdb.DataError, duckdb.IntegrityError)
"""Errors by which a digest shows that it is at fault, even if it is the only one."""

OF_INPUT = (
    *FORESEEN,
    duckdb.InvalidInputException,
    duckdb.NotImplementedException,
    pl.exceptions.PolarsError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Errors that what a digest says may lead to; others come from the system, the settings or the warehouse.

Those that nobody foresaw may come from reference rows as well: digests are at fault only where others load.
"""

ENOUGH_FAULTS = 25
"""After so many things that fail while none loads, they are not what is at fault."""

NAMED = """
select distinct source_file_key
from fact_listing
inner join source_file using (source_file_key)
left join text_version using (content_key)
where
    source_file_key in (select source_file_key from scope_file)
    and (
        list_contains($paths, path)
        or source_file_key in (select key from key_at_fault)
        or listing_key in (select key from key_at_fault)
        or fact_listing.release_key in (select key from key_at_fault)
        or content_key in (select key from key_at_fault)
        or text_key in (select key from key_at_fault)
    )
"""

T = TypeVar("T", bound=Hashable)
Failure = Exception
Attempt = Callable[[Sequence[T]], Failure | None]
"""Loads things in place of those of the attempt before; gives the error where that fails."""


def is_of_input(error: BaseException) -> bool:
    """Whether an error may come from what a digest says."""
    return isinstance(error, OF_INPUT) and not any(words in str(error) for words in SYSTEM_ERRORS)


def suspects(con: duckdb.DuckDBPyConnection, checks: Iterable[CheckResult]) -> set[int]:
    """The keys of source files that the rows of failed checks name, by path or by any of their keys.

    Call it while what was checked is still loaded.
    """
    rows = [row for check in checks if check.outcome == "failed" for row in check.rows]
    keys = {value for row in rows for name, value in row.items() if name.endswith("key") and isinstance(value, int)}
    paths = [value for row in rows for name, value in row.items() if name == "path"]
    con.execute(
        "create or replace temp table key_at_fault as "
        "select unnest(string_split(nullif($keys, ''), ','))::bigint as key",
        {"keys": joined(keys)},
    )
    return {source_file for (source_file,) in con.execute(NAMED, {"paths": paths}).fetchall()}


def faults(
    attempt: Attempt[T], things: Sequence[T], suspected: Collection[T], failure: Failure
) -> list[tuple[T, Failure]]:
    """Things without which the others load, each with the reason; all together fail with `failure`.

    Where the others load without those `suspected`, only these are looked at. One fault among many things costs about
    two loads of all. The outcome depends on the things and their order alone. Raises `failure` where so many fail, and
    none loads, that it does not come from them.
    """
    others = [thing for thing in things if thing not in suspected]
    if suspected and others and attempt(others) is None:
        return _halve(attempt, [thing for thing in things if thing in suspected], failure, others)
    alone = _halve(attempt, things, failure, None)
    at_fault = {thing for thing, _ in alone}
    rest = [thing for thing in things if thing not in at_fault]
    if not rest and not isinstance(failure, FORESEEN):
        raise failure
    reason = attempt(rest) if rest else None
    # Each loads by itself, and some do not beside others.
    return alone if reason is None else alone + _halve(attempt, rest, reason, [])


def _halve(
    attempt: Attempt[T], things: Sequence[T], failure: Failure, beside: Sequence[T] | None
) -> list[tuple[T, Failure]]:
    """Halve things that fail with `failure` until each that fails is alone: by itself, or `beside` others.

    Beside others, what loads joins these.
    """
    at_fault: list[tuple[T, Failure]] = []
    sound = list(beside or ())
    is_any_sound = bool(sound)
    groups: list[tuple[Sequence[T], Failure | None]] = [(things, failure)]
    while groups:
        group, reason = groups.pop()
        if reason is None:
            reason = attempt([*sound, *group])
        middle = len(group) // 2
        if reason is None:
            is_any_sound = True
            sound += group if beside is not None else ()
        elif middle:
            groups += [(group[middle:], None), (group[:middle], None)]
        elif len(at_fault) == ENOUGH_FAULTS and not is_any_sound:
            raise failure
        else:
            at_fault.append((group[0], reason))
    return at_fault
