"""When the portal says that a release was published."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from warehouse.clock import YEARS, almaty, without_zone

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ].{1,40})?")
_TIME = (
    r"(?:\D{0,12}?(?<![0-9])(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?![0-9])(?::[0-9]{2}(?![0-9]))?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b)?)?"
)
_YEAR_WORD = r"(?:\s?(?:жылғы|жылы|ж\.|г\.|года))?"
_ON_A_PAGE = (
    re.compile(rf"(?<![0-9])(?P<day>[0-9]{{1,2}})\s(?P<month>[^\W\d_]+)\.?,?\s(?P<year>[0-9]{{4}})(?![0-9]){_TIME}"),
    re.compile(rf"(?P<month>[^\W\d_]+)\.?\s(?P<day>[0-9]{{1,2}}),?\s(?P<year>[0-9]{{4}})(?![0-9]){_TIME}"),
    re.compile(
        rf"(?<![0-9])(?P<year>[0-9]{{4}}){_YEAR_WORD}[\s,]{{0,2}}(?P<day>[0-9]{{1,2}})[\s-](?P<month>[^\W\d_]+){_TIME}"
    ),
    re.compile(rf"(?<![0-9])(?P<day>[0-9]{{2}})\.(?P<month>[0-9]{{2}})\.(?P<year>[0-9]{{4}})(?![0-9]){_TIME}"),
    re.compile(rf"(?<![0-9])(?P<year>[0-9]{{4}})([-.])(?P<month>[0-9]{{2}})\2(?P<day>[0-9]{{2}})(?![0-9]){_TIME}"),
)
_WITH_ZONE = re.compile(
    r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}[0-9:.]{0,16}(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)

Published = tuple[datetime | None, bool]
"""UTC without zone, None where it is not known; and whether only the day is known: its 00:00 stands for it then.

That is in no zone, and of the same day in Almaty: a date stays a date.
"""


def from_iso(text: object) -> Published:
    """Read `created_date`: ISO 8601 with an offset or Z; without one it is wall time in Almaty.

    Midnight, as written or in Almaty, marks a day and no time: so are the items that were migrated in 2019 to 2021.
    """
    if not isinstance(text, str) or not _ISO.fullmatch(text := text.strip()):
        return None, False
    try:
        moment = datetime.fromisoformat(text)
        local = moment.replace(tzinfo=almaty()) if moment.tzinfo is None else moment.astimezone(almaty())
        day = next((known.date() for known in (moment, local) if known.time() == time()), None)
        return _published(local, day)
    except (ValueError, OverflowError):
        return None, False


def from_line(line: str, months: Mapping[str, int]) -> Published:
    """Read the date of a rendered page (“13 июля 2026 17:29”), wall time in Almaty, from a line that has it.

    `months` gives their numbers by forms in small letters. The first date of the line that the calendar has is taken.
    """
    if moment := _WITH_ZONE.search(line[:500]):
        return from_iso(moment[0])
    for form in _ON_A_PAGE:
        for match in form.finditer(line[:500]):
            word = match["month"].lower()
            month = int(word) if word.isdecimal() else months.get(word)
            if month is None:
                continue
            hour, minute = _hour(match["hour"], match["half"]), int(match["minute"] or 0)
            try:
                local = datetime(int(match["year"]), month, int(match["day"]), hour, minute, tzinfo=almaty())
                return _published(local, local.date() if local.time() == time() else None)
            except (ValueError, OverflowError):
                continue
    return None, False


def _published(moment: datetime, day: date | None) -> Published:
    """What is known: the moment, or only the day; nothing of years in which nothing was published, as of 0001."""
    if moment.year not in YEARS:
        return None, False
    return (without_zone(moment), False) if day is None else (datetime.combine(day, time()), True)


def _hour(number: str | None, half: str | None) -> int:
    """The hour of the day, of clocks with twelve hours too; midnight where there is none."""
    hour = int(number or 0)
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half in "Pp" else 0)
