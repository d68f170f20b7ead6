"""The sentences in which page and Markdown say the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from warehouse.clock import day_and_month, in_almaty, weekday_and_day
from warehouse.report.brief.gather import Brief, Row
from warehouse.report.text import count

NOTHING_YET = "The warehouse holds no release yet: load a digest first, with `press ingest` or `make run`."

KINDS_OF_EDITS = {
    "body_added": "a body was added",
    "body_removed": "the body was removed",
    "number": "a figure changed",
    "date": "a date changed",
    "name": "a name changed",
    "wording": "the wording changed",
    "cosmetic": "only typography changed",
}
"""What an edit of each kind did: `fact_edit.kind`."""

GONE = {
    "vanished": "gone from gov.kz",
    "suspected": "probably gone: some routes deny it, others do not answer",
    "returned": "back on gov.kz",
}
"""What is said of a page by its state: `mart_vanished.status`."""


def figure(value: Any) -> str:
    """A figure with its thousands apart, and no decimals that say nothing."""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def listed(parts: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def moment(when: datetime) -> str:
    """A moment (UTC, without zone) by Kazakhstan's clock, to the minute."""
    return f"{in_almaty(when):%Y-%m-%d %H:%M}"


def headline(brief: Brief) -> str:
    """What is in the brief, in one sentence: for a run's state and a terminal."""
    totals, answers = brief.totals, brief.answers
    if not totals["releases"]:
        said = f"Brief of {brief.day}: no releases"
    else:
        releases, publishers = count(totals["releases"], "release"), count(totals["publishers"], "publisher")
        said = f"Brief of {brief.day}: {releases} by {publishers}"
    states = {page["status"]: page["in_state"] for page in answers["vanished"]}
    without = totals["releases"] - totals["with_body"]
    counted = [
        f"{without:,} without a body" if without else "",
        f"{edited:,} edited" if (edited := in_all(answers["edits"])) else "",
        *(f"{number:,} {status}" for status in GONE if (number := states.get(status))),
        f"{count(silent, 'usual publisher')} silent" if (silent := in_all(answers["silent_publishers"])) else "",
        *(
            f"{count(number, 'check')} {outcome}"
            for outcome in ("failed", "warned")
            if (number := checks(brief, outcome))
        ),
    ]
    return "; ".join(filter(None, [said, ", ".join(filter(None, counted))])) + "."


def in_all(rows: Sequence[Row]) -> int:
    """How many rows an answer has, those beyond what is shown, too."""
    return rows[0]["in_all"] if rows else 0


def checks(brief: Brief, outcome: str) -> int:
    """How many checks passed, warned or failed."""
    return sum(check.outcome == outcome for check in brief.checks)


def chosen(brief: Brief) -> str:
    """Why the brief is of this day, and what lies around it."""
    near, has_releases = brief.near, brief.totals["releases"] > 0
    said = []
    if brief.is_latest:
        said.append("This is the latest day with releases.")
    elif not has_releases:
        around = [f"the nearest earlier day with releases is {weekday_and_day(near.before)}" if near.before else ""]
        around.append(f"the nearest later one is {weekday_and_day(near.after)}" if near.after else "")
        around = [part for part in around if part] or ["the warehouse holds no release of any day"]
        said.append(f"No release counts for this day; {', and '.join(around)}.")
    if has_releases and near.before:
        said.append(compared(brief))
    if day_off := brief.totals["day_off"]:
        said.append(f"It was a day off: {day_off}.")
    return " ".join(said)


def compared(brief: Brief) -> str:
    """How many releases there were on the day before, and on days before on the average."""
    assert brief.near.before is not None
    days = [day for day in brief.answers["days"][:-1] if day["releases"]]
    if not days:
        return f"The day with releases before it is {weekday_and_day(brief.near.before)}."
    last = next(day for day in reversed(days) if day["date"] == brief.near.before)
    said = f"The day with releases before it, {day_and_month(last['date'])}, had {last['releases']:,}"
    if len(days) > 1:
        mean = sum(day["releases"] for day in days) / len(days)
        average = f"{mean:,.{0 if mean >= 10 else 1}f} on the average"
        said += f"; the {len(days)} such days of the four weeks before had {average}"
    return said + "."


def dated(brief: Brief) -> str:
    """By what the releases are dated, where not all are by a digest; or nothing."""
    totals = brief.totals
    said = [
        f"{count(totals['dated_by_publication'], 'release')} stood in no digest and counted by publication on gov.kz"
        if totals["dated_by_publication"]
        else "",
        f"{count(totals['dated_by_learning'], 'release')} by the time the warehouse learnt of them"
        if totals["dated_by_learning"]
        else "",
    ]
    return f"{listed([part for part in said if part])}." if any(said) else ""


def numbered(values: dict[str, Any]) -> str:
    """The offending row of a check, as text."""
    return ", ".join(f"{name} {value}" for name, value in values.items())
