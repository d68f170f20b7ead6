"""Moments and days: UTC without a zone in the warehouse, and what the clocks of Kazakhstan show to people.

Days are days in Asia/Almaty. Kazakhstan's clocks went from UTC+6 to UTC+5 on 1 March 2024, so the tz database decides.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from warehouse.errors import PressError, UsageError

YEARS = range(2000, 2100)
"""The years that a moment or a day may lie in: those of listed dates."""


ZONE = "Asia/Almaty"


@cache
def almaty() -> ZoneInfo:
    """The zone of Kazakhstan's days and of the portal's wall times: the same on every machine.

    It comes from the package tzdata, whatever zones the system has or `PYTHONTZPATH` names: those may be older.
    Raises PressError where the package is missing, or is too old to know of March 2024.
    """
    try:
        with files("tzdata").joinpath("zoneinfo", *ZONE.split("/")).open("rb") as file:
            zone = ZoneInfo.from_file(file, ZONE)
    except (ImportError, OSError, ValueError) as error:
        raise PressError(f"{ZONE} cannot be read from the Python package tzdata ({error}): {_INSTALL}") from error
    if datetime(2024, 3, 1, tzinfo=zone).utcoffset() != timedelta(hours=5):
        raise PressError(f"The Python package tzdata has {ZONE} at UTC+6 after March 2024: {_INSTALL}")
    return zone


_INSTALL = "install tzdata 2024.1 or newer."


def utc(moment: datetime | str | None) -> datetime:
    """A moment as UTC without zone; None is the clock's now.

    Text is ISO 8601, and a moment without zone is taken as UTC.

    Raises UsageError for text that is no moment, and for years that no digest is from.
    """
    if moment is None:
        return datetime.now(UTC).replace(tzinfo=None)
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            raise UsageError(f"as_of is “{moment}”, which is no moment: write it like 2025-06-01T06:00:00Z.") from None
    if moment.year not in YEARS:
        raise UsageError(f"as_of is {moment.isoformat()}, which is not between {YEARS[0]} and {YEARS[-1]}.")
    return without_zone(moment) if moment.tzinfo else moment


def without_zone(moment: datetime) -> datetime:
    """A moment with a zone as UTC without one: a plain datetime, also of the subclass that Prefect hands to flows."""
    there = moment.astimezone(UTC)
    return datetime.combine(date(there.year, there.month, there.day), there.time())


def midnight(day: date) -> datetime:
    """When a day begins in Almaty, UTC without zone."""
    return without_zone(datetime.combine(day, time(), almaty()))


def in_almaty(moment: datetime) -> datetime:
    """A moment, UTC without zone, on the clocks of Almaty."""
    return moment.replace(tzinfo=UTC).astimezone(almaty())


def day_of(moment: datetime) -> date:
    """The day of a moment, UTC without zone, in Almaty."""
    return in_almaty(moment).date()


def parse_day(text: str) -> date:
    """A day written like 2025-05-21. Raises UsageError for anything else, and for years that no digest is from."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"The day {text}: write it like 2025-05-21.") from None
    if day.year not in YEARS:
        raise UsageError(f"The day {text}: it is not between {YEARS[0]} and {YEARS[-1]}.")
    return day


def clock_time(moment: datetime, now: datetime) -> str:
    """“06:00 Almaty time”, with its day where that is not today's; both moments are UTC without zone."""
    there = in_almaty(moment)
    return f"{there:%H:%M} Almaty time" if there.date() == day_of(now) else day_and_time(moment)


def day_and_time(moment: datetime) -> str:
    """“21 May 2025, 06:00 Almaty time”, of a moment in UTC without zone."""
    there = in_almaty(moment)
    return f"{day_in_words(there)}, {there:%H:%M} Almaty time"


def day_in_words(day: date) -> str:
    """“21 May 2025”."""
    return f"{day_and_month(day)} {day.year}"


def day_and_month(day: date) -> str:
    """“21 May”, of a day in a year that is known."""
    return f"{day.day} {day:%B}"


def weekday_and_day(day: date) -> str:
    """“Wednesday, 21 May 2025”."""
    return f"{day:%A}, {day_in_words(day)}"
