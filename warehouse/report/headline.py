"""The one line that a person reads of a run in a list of runs: what came in, and what is wrong."""

from dataclasses import dataclass

from warehouse.check.observations import Observed
from warehouse.clock import clock_time
from warehouse.runs.load_run import Report

WARNING = "Warning:"
"""What the line of a run begins with for which something is odd."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The line, whether the run is one that must not be trusted, and whether anything is odd."""

    sentence: str
    is_lost: bool
    is_warning: bool


def of_ingest(report: Report) -> Headline:
    """“Loaded 41 releases: 38 new, 3 edited, 1 rejected.” or “No change since 06:00 Almaty time.”, and what is odd."""
    return _headline(_loaded(report), report, "digests")


def of_pages(report: Report, asked: str) -> Headline:
    """What was asked of gov.kz and what it brought; `asked` is the run's own sentence."""
    return _headline(asked, report, "pages")


def of_idle(said: str, report: Report) -> Headline:
    """What is said of a run for which nothing had arrived, and what is odd about that."""
    last = clock_time(report.last_change, report.as_of) if report.last_change else ""
    # Where a digest was the last change, it is said already.
    since = f"No change since {last}. " if last and last not in said else ""
    return _headline(since + said, report, "digests")


def _loaded(report: Report) -> str:
    loaded = report.loaded
    if report.status == "unchanged":
        since = f" since {clock_time(report.last_change, report.as_of)}" if report.last_change else ""
        said = f"No change{since}."
    elif report.status == "failed":
        said = "Nothing loaded."
    else:
        releases = loaded.releases_new + loaded.releases_changed + loaded.releases_unchanged
        same = f", {loaded.releases_unchanged:,} unchanged" if loaded.releases_unchanged else ""
        said = (
            f"Loaded {_counted(releases, 'release')}: {loaded.releases_new:,} new, {loaded.releases_changed:,} edited"
            f"{same}, {report.rejected:,} rejected."
        )
    if report.refused:
        said += f" Refused {_counted(len(report.refused), 'file')}: {report.reasons()}"
    return said


def _headline(said: str, report: Report, subject: str) -> Headline:
    odd = [one for one in report.observed if one.subject == subject and one.outcome == "failing"]
    # A run is to blame for what it did itself; what an earlier one left is a warning until it is over.
    lost = [one for one in odd if one.is_lost and report.run_id in one.run_ids]
    if lost:
        return Headline(f"Not to be trusted: {_reasons(lost)} {said}", is_lost=True, is_warning=True)
    if odd:
        return Headline(f"{WARNING} {_reasons(odd)} {said}", is_lost=False, is_warning=True)
    return Headline(said, is_lost=False, is_warning=False)


def _reasons(odd: list[Observed]) -> str:
    return " ".join(f"{one.sentence.rstrip('.')}: {one.detail}." for one in odd)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}"
