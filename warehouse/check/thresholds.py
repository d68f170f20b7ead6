"""Thresholds: what is expected of each observation, one row of `seeds/quality_thresholds.csv` each.

`low` and `high` hold until there are `history` values to learn from; `warehouse.check.observations` says how they are
learnt then, by `method`, `spread` and `floor`. From `odd_from` on a value is odd, however often it was so before. From
`fail_from` on trust is lost as well: the run that it is about fails.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from warehouse.database.sql import SQL
from warehouse.errors import UsageError
from warehouse.reference.rows import read_rows

THRESHOLDS = "quality_thresholds.csv"


class Threshold(BaseModel, frozen=True):
    """What is expected of an observation."""

    name: str
    subject: Literal["digests", "pages"]
    unit: Literal["hours", "bytes", "share"]
    at_least: float
    low: float | None
    high: float | None
    odd_from: float | None
    fail_from: float | None
    method: Literal["differences", "ratios", "gaps"]
    history: float
    spread: float
    floor: float

    @property
    def query(self) -> Path:
        """The file of SQL that observes."""
        return SQL / "observations" / f"{self.name}.sql"


def load_thresholds(path: Path) -> list[Threshold]:
    """Read the thresholds. Raises UsageError with the file and row that cannot be read."""
    thresholds = []
    for row in read_rows(path, tuple(Threshold.model_fields)).to_dicts():
        try:
            threshold = Threshold.model_validate(row)
        except ValidationError as error:
            wrong = error.errors()[0]
            raise UsageError(
                f"{path}, “{row['name']}”: {wrong['loc'][0]} is “{wrong['input']}”: {wrong['msg']}."
            ) from None
        if not threshold.query.exists():
            raise UsageError(f"{path}: there is no observation “{threshold.name}”.")
        thresholds.append(threshold)
    return thresholds


def format_value(value: float, unit: str) -> str:
    """A value with its unit, as a person reads it: “45 %”, “1,200 bytes”, “2.5 days”."""
    if unit == "share":
        return f"{100 * value:.0f} %"
    if unit == "bytes":
        return f"{value:,.0f} bytes"
    return f"{value / 24:.1f} days" if value >= 48 else f"{value:.0f} hours"
