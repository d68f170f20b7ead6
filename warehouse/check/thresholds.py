"""Thresholds: what is expected of each observation, one row of `seeds/quality_thresholds.csv` each.

`low` and `high` hold until there are `history` values to learn from; `warehouse.check.observations` says how they are
learnt then, by `method`, `spread` and `floor`. From `odd_from` on a value is odd, however often it was so before. From
`fail_from` on trust is lost as well: the run that it is about fails.
"""

import csv
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from warehouse.database.sql import SQL
from warehouse.errors import UsageError

THRESHOLDS = "quality_thresholds.csv"

UNITS = ("hours", "bytes", "share")
METHODS = ("differences", "ratios", "gaps")
SUBJECTS = ("digests", "pages")


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is expected of an observation."""

    name: str
    subject: str
    unit: str
    at_least: float
    low: float | None
    high: float | None
    odd_from: float | None
    fail_from: float | None
    method: str
    history: float
    spread: float
    floor: float

    @property
    def query(self) -> Path:
        """The file of SQL that observes."""
        return SQL / "observations" / f"{self.name}.sql"


def load_thresholds(path: Path) -> list[Threshold]:
    """Read the thresholds. Raises UsageError with the file and row that cannot be read."""
    optional = {"low", "high", "odd_from", "fail_from"}
    numbers = {"at_least", *optional, "history", "spread", "floor"}
    thresholds = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                values: dict[str, Any] = {column.name: row[column.name] for column in fields(Threshold)}
                for name in numbers:
                    values[name] = None if name in optional and not values[name] else float(values[name])
                threshold = Threshold(**values)
                is_known = threshold.unit in UNITS and threshold.method in METHODS and threshold.subject in SUBJECTS
                if not is_known or not threshold.query.exists():
                    raise UsageError(
                        f"{path}: the row “{threshold.name}” has an unknown name, unit, method or subject."
                    )
                thresholds.append(threshold)
    except OSError as error:
        raise UsageError(f"The thresholds {path} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise UsageError(f"The thresholds {path} are not understood: {error}.") from error
    return thresholds


def format_value(value: float, unit: str) -> str:
    """A value with its unit, as a person reads it: “45 %”, “1,200 bytes”, “2.5 days”."""
    if unit == "share":
        return f"{100 * value:.0f} %"
    if unit == "bytes":
        return f"{value:,.0f} bytes"
    return f"{value / 24:.1f} days" if value >= 48 else f"{value:.0f} hours"
