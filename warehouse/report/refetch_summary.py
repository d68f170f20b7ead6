"""What a run at the portal did, in words: for a terminal and as Markdown for the Prefect UI."""

from pathlib import Path

from warehouse.portal.visits.plan import Plan
from warehouse.portal.visits.tally import Tally
from warehouse.portal.visits.visit import FOUND
from warehouse.report.output import visible
from warehouse.runs.load_run import STEPS, Report

SHOWN_PAGES = 20
"""How many pages a plan names."""


def is_blind(fetched: Tally) -> bool:
    """Whether pages were visited and the portal let none of them be seen: not even that they are gone."""
    seen = (*FOUND, "not_found")
    return fetched.visits > 0 and not any(fetched.outcomes.get(outcome) for outcome in seen)


def plan_told(plan: Plan) -> str:
    """Which pages would be visited."""
    shown = [f"  {target.code} {target.language} {target.slug}" for target, _ in plan.visits[:SHOWN_PAGES]]
    if len(plan.visits) > SHOWN_PAGES:
        shown.append(f"  … and {len(plan.visits) - SHOWN_PAGES:,} more")
    told = f"Would visit {_pages(len(plan.visits))}; {plan.left:,} more beyond the limit."
    return "\n".join(visible(line) for line in [told, *shown])


def facts(report: Report, fetched: Tally | None) -> list[tuple[str, str]]:
    """What the run did, as pairs of a name and a value."""
    loaded = report.loaded
    attempts = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(report.outcomes.items()))
    pairs = [
        ("status", report.status),
        ("as of", f"{report.as_of:%Y-%m-%d %H:%M:%S} UTC"),
        ("attempts", attempts or "none"),
        ("releases", f"{loaded.releases_new:,} new, {loaded.releases_changed:,} with another version"),
        ("new texts", f"{report.texts_new:,}"),
        ("edits", f"{loaded.edits_new:,}"),
        ("checks", f"{report.count_checks('passed')} passed, {report.count_checks('warned')} warned"),
    ]
    if fetched is not None:
        pairs += [("refused", f"{route}: {why}") for route, why in fetched.refusing.items()]
        pairs += [("left", f"{fetched.left:,} for the next run")]
        if fetched.slowest:
            seconds, page, outcome = fetched.slowest[0]
            pairs += [("slowest", f"{page}, {seconds:.2f} s, {outcome}")]
    took = ", ".join(f"{step} {report.seconds[step]:.2f} s" for step in STEPS if step in report.seconds)
    return [*pairs, ("took", took)]


def summary(report: Report, fetched: Tally | None = None) -> str:
    """The summary for a terminal."""
    lines = [report.message, "", *(f"  {name:13} {value}" for name, value in facts(report, fetched))]
    lines += ["", f"  {'warehouse':13} {_short(report.warehouse)}"]
    lines += [f"  {check.outcome:13} {check}" for check in report.checks if check.outcome != "passed"]
    return "\n".join(visible(line.replace("\n", " ")) for line in lines)


def _pages(count: int) -> str:
    return f"{count:,} page{'s' if count != 1 else ''}"


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
