"""A run in words: one line for lists of runs, a summary for a terminal, and Markdown for the Prefect UI."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from warehouse.clock import clock_time, day_and_time
from warehouse.errors import cut
from warehouse.report.text import LONGEST_CELL, count, markdown_link, markdown_table, message, short
from warehouse.runs.load_run import STEPS, LoadRun

if TYPE_CHECKING:
    from warehouse.check.observations import Observation
    from warehouse.check.outcomes import CheckState
    from warehouse.portal.visits.plan import Plan
    from warehouse.portal.visits.tally import Tally

NAMED_REJECTS = 5
"""How many rejected records the summary names; `press query rejected_records` lists all."""

NAMED_BYSTANDERS = 10
"""How many of the paths that were passed over the summary names."""

NAMED_REASONS = 20
"""How many reasons of a run that is not complete are lines of their own."""

NAMED_PAGES = 20
"""How many pages a plan names."""

NAMED_REASONS = 3
"""How many reasons for failed requests the summary names, the most frequent first."""
NAMED_DIGESTS = 50
"""How many digests the summary in the Prefect UI names, refused ones first."""

WARNING = "Warning:"
"""How the line of a run begins when something is odd."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The line of a run, whether the run must not be trusted, and whether anything is odd."""

    sentence: str
    is_lost: bool = False
    is_warning: bool = False


def headline(load_run: LoadRun) -> Headline:
    """What a run did in one line, and what is odd."""
    return _with_odd(load_run.sentence(), load_run, _subject(load_run))


def idle_headline(sentence: str, load_run: LoadRun) -> Headline:
    """The line of a run without new files, and what is odd."""
    last = clock_time(load_run.last_change, load_run.as_of) if load_run.last_change else ""
    # The sentence has the moment already where a digest was the last change.
    since = f"No change since {last}. " if last and last not in sentence else ""
    return _with_odd(since + sentence, load_run, "digests")


def _subject(load_run: LoadRun) -> str:
    return "digests" if load_run.kind == "ingest" else "pages"


def _odd(load_run: LoadRun, subject: str) -> list[Observation]:
    return [each for each in load_run.observations if each.subject == subject and each.outcome == "failing"]


def _with_odd(line: str, load_run: LoadRun, subject: str) -> Headline:
    odd = _odd(load_run, subject)
    # Only the run that loaded odd values is not to be trusted; later runs warn of it until it is over.
    lost = [each for each in odd if each.is_lost and load_run.run_id in each.run_ids]
    if lost:
        return Headline(f"Not to be trusted: {_reasons(lost)} {line}", is_lost=True, is_warning=True)
    if odd:
        return Headline(f"{WARNING} {_reasons(odd)} {line}", is_warning=True)
    return Headline(line)


def _reasons(odd: list[Observation]) -> str:
    return " ".join(f"{_reason(each)}." for each in odd)


def _reason(odd: Observation) -> str:
    return f"{odd.sentence.rstrip('.')}: {odd.detail}"


def plan_summary(plan: Plan) -> str:
    """Which pages would be visited."""
    lines = [f"Would visit {count(len(plan.visits), 'page')}; {plan.left:,} more beyond the limit."]
    lines += [f"  {target.code} {target.language} {target.slug}" for target, _ in plan.visits[:NAMED_PAGES]]
    if len(plan.visits) > NAMED_PAGES:
        lines.append(f"  … and {len(plan.visits) - NAMED_PAGES:,} more")
    return "\n".join(message(line) for line in lines)


def facts(load_run: LoadRun, as_of: str) -> list[tuple[str, str]]:
    """What a run did, as pairs of a name and a value; `as_of` is its moment in words."""
    checks = [f"{load_run.count_checks('passed')} passed"]
    checks += [f"{number} {outcome}" for outcome in ("warned", "failed") if (number := load_run.count_checks(outcome))]
    took = ", ".join(f"{step} {load_run.seconds[step]:.2f} s" for step in STEPS if step in load_run.seconds)
    blind = ", but gov.kz showed no page" if load_run.tally and load_run.tally.is_blind else ""
    return [
        ("status", f"{load_run.status}{blind}"),
        ("as of", as_of),
        *(_digest_facts(load_run) if load_run.kind == "ingest" else _page_facts(load_run)),
        ("checks", ", ".join(checks) if load_run.checks else "none needed, nothing was new"),
        *_tally_facts(load_run.tally),
        ("took", took),
    ]


def _digest_facts(load_run: LoadRun) -> list[tuple[str, str]]:
    counts = load_run.counts
    files = f"{len(load_run.files_loaded):,} loaded, {len(load_run.files_known):,} known already"
    if load_run.refusals:
        files += f", {len(load_run.refusals):,} refused"
    if load_run.bystanders:
        files += f", {len(load_run.bystanders):,} passed over"
    kinds = f"{counts.releases_new:,} new, {counts.releases_changed:,} changed, {counts.releases_unchanged:,} unchanged"
    return [
        ("files", files),
        ("listings", f"{load_run.listings:,}"),
        ("releases", f"{counts.releases:,} ({kinds})"),
        ("new texts", f"{load_run.counts.texts_new:,}"),
        ("without body", f"{counts.without_body:,}"),
        ("rejected", f"{load_run.rejected:,}"),
    ]


def _page_facts(load_run: LoadRun) -> list[tuple[str, str]]:
    counts = load_run.counts
    attempts = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(load_run.outcomes.items()))
    return [
        ("attempts", attempts or "none"),
        ("releases", f"{counts.releases_new:,} new, {counts.releases_changed:,} with another version"),
        ("new texts", f"{load_run.counts.texts_new:,}"),
        ("edits", f"{counts.edits_new:,}"),
    ]


def _tally_facts(tally: Tally | None) -> list[tuple[str, str]]:
    if tally is None:
        return []
    pairs = [("refused", f"{route}: {reason}") for route, reason in tally.refusing.items()]
    pairs += [("failed", f"{number:,} × {reason}") for reason, number in tally.failing.most_common(NAMED_REASONS)]
    pairs.append(("left", f"{tally.left:,} for the next run"))
    pairs += [("slowest", f"{page}, {seconds:.2f} s, {outcome}") for seconds, page, outcome in tally.slowest[:1]]
    return pairs


def summary(load_run: LoadRun) -> str:
    """The summary for a terminal."""
    lines = [load_run.message, ""]
    lines += [f"  {name:13} {value}" for name, value in facts(load_run, _terminal_time(load_run.as_of))]
    lines += ["", f"  {'warehouse':13} {short(load_run.warehouse)}", f"  {'published':13} {short(load_run.published)}"]
    odd = [f"  {outcome:13} {text}" for outcome, text in _findings(load_run)]
    odd += [
        f"  {'rejected':13} {reject['path']}:{reject['line_no']} {reject['reason']}: {reject['detail']}"
        for reject in load_run.rejects[:NAMED_REJECTS]
    ]
    if load_run.rejected > NAMED_REJECTS:
        odd.append(f"  {'':13} … all {load_run.rejected:,}: press query rejected_records")
    odd += [
        f"  {'passed over':13} {path}: {reason}"
        for path, reason in itertools.islice(load_run.bystanders.items(), NAMED_BYSTANDERS)
    ]
    if (more := len(load_run.bystanders) - NAMED_BYSTANDERS) > 0:
        odd.append(f"  {'':13} … and {more:,} more")
    # Text of a digest and names of files may neither act on the terminal nor break the lines.
    return "\n".join(message(line.replace("\n", " ")) for line in [*lines, *([""] if odd else []), *odd])


def reasons(load_run: LoadRun) -> list[str]:
    """Why a run did not load all, one line for each path that was refused, or passed over while nothing was loaded."""
    if not load_run.is_incomplete:
        return []
    overlooked = {} if load_run.status == "loaded" else load_run.overlooked
    each = [*load_run.refusals.values(), *(f"{path} is passed over: {reason}." for path, reason in overlooked.items())]
    more = [f"… and {len(each) - NAMED_REASONS:,} more."] if len(each) > NAMED_REASONS else []
    return each[:NAMED_REASONS] + more


def state_text(state: CheckState) -> str:
    """A check or observation that does not pass, as a line for a terminal: what it finds, and since when."""
    detail = cut(state.detail, LONGEST_CELL)
    return f"{state.name}: {state.sentence} {detail}, since {_terminal_time(state.since)}"


def _findings(load_run: LoadRun) -> Iterator[tuple[str, str]]:
    """What does not pass: checks of what was loaded, then what else is so in the warehouse, observations too."""
    odd = [check for check in load_run.checks if check.outcome != "passed"]
    yield from ((check.outcome, str(check)) for check in odd)
    names = {check.name for check in odd}
    for state in load_run.states:
        if state.outcome != "passed" and state.name not in names:
            yield state.outcome, state_text(state)


def _terminal_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def markdown(load_run: LoadRun) -> str:
    """The summary for the Prefect UI, which shows the headline above it."""
    pairs = [*facts(load_run, day_and_time(load_run.as_of)), ("warehouse", load_run.warehouse)]
    lines = _table(["", ""], [*pairs, ("published", load_run.published)])
    digests = [(f"refused. {reason}", path) for path, reason in load_run.refusals.items()]
    digests += [(f"passed over: {reason}", path) for path, reason in load_run.bystanders.items()]
    digests += [("loaded", path) for path in load_run.files_loaded]
    digests += [("known already", path) for path in load_run.files_known]
    if digests:
        lines += ["", "## Digests", "", *_table(["outcome", "digest"], digests[:NAMED_DIGESTS])]
    if len(digests) > NAMED_DIGESTS:
        lines += ["", f"{count(len(digests) - NAMED_DIGESTS, 'more digest')} not shown."]
    return "\n".join(lines) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Iterable[object]]) -> list[str]:
    return markdown_table(heads, ([markdown_link(value) for value in row] for row in rows))
