"""The summary of a load, as text for a terminal and as Markdown for the Prefect UI."""

import re
from pathlib import Path

from warehouse.report.output import visible
from warehouse.runs.load_run import STEPS, Report

SHOWN_REJECTS = 5
"""How many rejected records the summary names; the rest is a question away."""


def facts(report: Report) -> list[tuple[str, str]]:
    """What a load did, as pairs of a name and a value."""
    loaded = report.loaded
    releases = loaded.releases_new + loaded.releases_changed + loaded.releases_unchanged
    checks = f"{report.count_checks('passed')} passed"
    for outcome in ("warned", "failed"):
        if number := report.count_checks(outcome):
            checks += f", {number} {outcome}"
    files = f"{len(report.files_loaded)} loaded, {len(report.files_known)} known already"
    if report.refused:
        files += f", {len(report.refused)} refused"
    releases_told = (
        f"{releases:,} ({loaded.releases_new:,} new, {loaded.releases_changed:,} changed, "
        f"{loaded.releases_unchanged:,} unchanged)"
    )
    return [
        ("status", report.status),
        ("as of", f"{report.as_of:%Y-%m-%d %H:%M:%S} UTC"),
        ("files", files),
        ("listings", f"{report.listings:,}"),
        ("releases", releases_told),
        ("new texts", f"{report.texts_new:,}"),
        ("without body", f"{loaded.without_body:,}"),
        ("rejected", f"{report.rejected:,}"),
        ("checks", checks if report.checks else "none needed, nothing was new"),
        ("took", ", ".join(f"{step} {report.seconds[step]:.2f} s" for step in STEPS if step in report.seconds)),
    ]


def summary(report: Report) -> str:
    """The summary for a terminal."""
    lines = [report.message, ""]
    lines += [f"  {name:13} {value}" for name, value in facts(report)]
    lines += ["", f"  {'warehouse':13} {short(report.warehouse)}", f"  {'published':13} {short(report.published)}"]
    odd = [f"  {check.outcome:13} {check}" for check in report.checks if check.outcome != "passed"]
    odd += [
        f"  {'rejected':13} {reject['path']}:{reject['line_no']} {reject['reason']}: {reject['detail']}"
        for reject in report.rejects[:SHOWN_REJECTS]
    ]
    if report.rejected > SHOWN_REJECTS:
        odd.append(f"  {'':13} … all {report.rejected:,}: press query rejected_records")
    # What stands in a digest, or is a file's name, may neither act on the terminal nor break the lines.
    return "\n".join(visible(line.replace("\n", " ")) for line in [*lines, *([""] if odd else []), *odd])


def short(path: Path) -> str:
    """A path as seen from here, where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


MARKDOWN = re.compile(r"[\\`*\[\]<>&|~]|(?<!\w)_|_(?!\w)|^[#+=-]")
ORDINAL = re.compile(r"^(\d+)([.)])")


def markdown_text(text: object) -> str:
    """Text from a release or a file name, so that Markdown and HTML show it as it is, on one line.

    Only what Markdown would act on is escaped, because newer versions of Prefect's UI show tables as plain text.
    """
    line = visible(" ".join(str(text).split("\n"))).strip()
    return ORDINAL.sub(r"\1\\\2", MARKDOWN.sub(r"\\\g<0>", line))


def markdown(report: Report, headline: str) -> str:
    """The summary for the Prefect UI, below a headline."""
    lines = [markdown_text(headline), "", "| | |", "|---|---|"]
    lines += [f"| {name} | {markdown_text(value)} |" for name, value in facts(report)]
    lines.append(f"| warehouse | {markdown_text(report.warehouse)} |")
    lines.append(f"| published | {markdown_text(report.published)} |")
    digests = [(path, "loaded") for path in report.files_loaded]
    digests += [(path, "known already") for path in report.files_known]
    digests += [(path, f"refused. {why}") for path, why in report.refused.items()]
    if digests:
        lines += ["", "## Digests", "", "| digest | outcome |", "|---|---|"]
        lines += [f"| {markdown_text(path)} | {markdown_text(what)} |" for path, what in digests]
    if report.checks:
        lines += ["", "## Checks", "", "| check | outcome | rows | what it looks for |", "|---|---|---|---|"]
        lines += [
            f"| {markdown_text(check.name)} | {check.outcome} | {check.offending} | {markdown_text(check.sentence)} |"
            for check in report.checks
        ]
    return "\n".join(lines) + "\n"
