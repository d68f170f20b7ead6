"""The sentences that page and Markdown share."""

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
    "picture": "a picture changed",
    "video": "a video changed",
    "link": "a link changed",
    "cosmetic": "only typography changed",
}
"""What an edit of each kind did: `fact_edit.kind`."""

GONE = {
    "vanished": "gone from gov.kz",
    "suspected": "probably gone: some routes deny it, others do not answer",
    "returned": "back on gov.kz",
}
"""The state of a page in words: `mart_vanished.status`."""


def figure(value: Any) -> str:
    """A figure with its thousands apart, and no empty decimals."""
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def enumerate_words(parts: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def moment(when: datetime) -> str:
    """A moment (UTC, without zone) by Kazakhstan's clock, to the minute."""
    return f"{in_almaty(when):%Y-%m-%d %H:%M}"


def headline(brief: Brief) -> str:
    """The brief in one sentence, for the state of a run and for a terminal."""
    totals, answers = brief.totals, brief.answers
    if not totals["releases"]:
        sentence = f"Brief of {brief.day}: no releases"
    else:
        releases, publishers = count(totals["releases"], "release"), count(totals["publishers"], "publisher")
        sentence = f"Brief of {brief.day}: {releases} by {publishers}"
    states = {page["status"]: page["in_state"] for page in answers["vanished"]}
    without = totals["releases"] - totals["with_body"]
    numbers = [
        f"{without:,} without a body" if without else "",
        f"{edited:,} edited" if (edited := in_all(answers["edits"])) else "",
        *(f"{number:,} {status}" for status in GONE if (number := states.get(status))),
        f"{count(silent, 'usual publisher')} silent" if (silent := in_all(answers["silent_publishers"])) else "",
        *(
            f"{count(number, 'check')} {outcome}"
            for outcome in ("failed", "warned")
            if (number := sum(check.outcome == outcome for check in brief.checks))
        ),
    ]
    return "; ".join(filter(None, [sentence, ", ".join(filter(None, numbers))])) + "."


def in_all(rows: Sequence[Row]) -> int:
    """How many rows an answer has, with those beyond the limit."""
    return rows[0]["in_all"] if rows else 0


def choice_of_day(brief: Brief) -> str:
    """Why the brief is of this day, and which days with releases are near."""
    near, has_releases = brief.near, brief.totals["releases"] > 0
    sentences = []
    if brief.is_latest:
        sentences.append("This is the latest day with releases.")
    elif not has_releases:
        around = [f"the nearest earlier day with releases is {weekday_and_day(near.before)}" if near.before else ""]
        around.append(f"the nearest later one is {weekday_and_day(near.after)}" if near.after else "")
        around = [part for part in around if part] or ["the warehouse holds no release of any day"]
        sentences.append(f"No release counts for this day; {', and '.join(around)}.")
    if has_releases and near.before:
        sentences.append(comparison(brief))
    if day_off := brief.totals["day_off"]:
        sentences.append(f"It was a day off: {day_off}.")
    return " ".join(sentences)


def comparison(brief: Brief) -> str:
    """How many releases the day before had, and the days before on average."""
    assert brief.near.before is not None
    days = [day for day in brief.answers["days"][:-1] if day["releases"]]
    if not days:
        return f"The day with releases before it is {weekday_and_day(brief.near.before)}."
    sentence = f"The day with releases before it, {day_and_month(brief.near.before)}, had {days[-1]['releases']:,}"
    if len(days) > 1:
        mean = sum(day["releases"] for day in days) / len(days)
        average = f"{mean:,.{0 if mean >= 10 else 1}f} on the average"
        sentence += f"; the {len(days)} such days of the four weeks before had {average}"
    return sentence + "."


def dating(brief: Brief) -> str:
    """What dates the releases that no digest dates; empty where there are none."""
    totals = brief.totals
    parts = [
        f"{count(totals['dated_by_publication'], 'release')} stood in no digest and counted by publication on gov.kz"
        if totals["dated_by_publication"]
        else "",
        f"{count(totals['dated_by_learning'], 'release')} by the time the warehouse learnt of them"
        if totals["dated_by_learning"]
        else "",
    ]
    return f"{enumerate_words([part for part in parts if part])}." if any(parts) else ""
