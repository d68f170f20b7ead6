"""The page that people read: title, date, count of views, body, topics, other releases, one below the other.

Some clients get it rendered, others a shell for scripts to fill. What stands where is known from the text alone, for
the elements of the page change with its design; `seeds/portal_markers.csv` has the words.
"""

import re
from itertools import islice
from typing import NamedTuple

from warehouse.portal.exchange import LANGUAGES, Answer, Page, PortalRequest, Reading, Target
from warehouse.portal.read import evidence, names, published
from warehouse.portal.read.attachments import Attachments
from warehouse.portal.read.charset import decode
from warehouse.portal.read.markers import Markers, current_markers, heading_of
from warehouse.portal.read.markup import CHROME, TAGS, TooMuchMarkup
from warehouse.portal.read.status import is_shell, read_status, take_release, unreadable
from warehouse.portal.read.text import BULLET, PlainText, line_of, text_of

name = "html"

_PAGE_TAGS = {**TAGS, **CHROME}
_LANGUAGE = re.compile(r"<html\b[^<>]{0,1000}?\slang\s*=\s*[\"']?\s*([a-z]{2})(?![a-z])", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,300})", re.IGNORECASE)
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_HEAD = 100_000  # characters of a page in which it says its language
_TAIL = 2_000  # characters at its end in which it is closed
_HEADING = 80  # characters: a longer line is no heading, and no date with what stands beside it
_DATE = 30  # characters: a longer line is no date alone
_CAPTION = 40  # characters: a longer line may be a paragraph
_MARKED = 200  # characters of a line in which the count of views is looked for
_LOOKED_THROUGH = 500  # lines below the title, or of a page without one, in which it is looked for
_BELOW_TITLE = 5  # lines below the title in which a date alone may begin the body
_ABOVE_TITLE = 3  # lines above the title in which its date may stand
_NO_RELEASE = "No whole release on the page"
_LOST = 0.01  # share of characters that could not be decoded, from which on a page is in another character set


class _Begin(NamedTuple):
    """The line with the count of views, what stands before it there, what behind it, and the line below.

    `word` is what the count is called, in small letters; empty where only the date was found.
    """

    number: int
    below: int
    before: str
    rest: str
    word: str = ""


class _Frame(NamedTuple):
    """What a page says of itself beside its text: its language, whether it declares the release's address, and ends."""

    language: str | None
    is_named: bool
    is_whole: bool


def page_request(base_url: str, target: Target) -> PortalRequest:
    """Ask for one release in one language. Raises UsageError for what is no code or language."""
    slug, code = names.check_name(target.slug), names.check_name(target.code)
    language = names.check_language(target.language)
    url = f"{base_url.rstrip('/')}/memleket/entities/{slug}/press/news/details/{code}?lang={language}"
    return PortalRequest(name, url, {"Accept": "text/html", "Accept-Language": language})


def read_page(answer: Answer, target: Target) -> Reading:
    """What the page says of the release asked for."""
    page = decode(answer.body, answer.headers.get("content-type", ""))
    return (
        _read_status(answer, target)
        or evidence.read_address(answer.url, target.code)
        or evidence.read_declarations(page, target.code)
        or _read_text(answer, page, target)
    )


def _read_status(answer: Answer, target: Target) -> Reading | None:
    reading = read_status(answer, target.language)
    if reading and reading.outcome == "not_found" and evidence.is_elsewhere(answer.url, target.code):
        return unreadable(f"HTTP {answer.status} of {answer.url[:200]}, not of {target.code}", answer)
    return reading


def _read_text(answer: Answer, page: str, target: Target) -> Reading:
    """What the text of a page says that may be the release's."""
    try:
        text = text_of(page, _PAGE_TAGS)
    except TooMuchMarkup:
        return unreadable("More markup than any release has", answer)
    begin = _begin(text, current_markers())
    if begin is None:
        return _read_without_release(answer, page, text)
    language = _LANGUAGE.search(page, 0, _HEAD)
    frame = _Frame(
        language=language[1].lower() if language else None,
        is_named=evidence.declares(page, target.code),
        is_whole=_END.search(page[-_TAIL:]) is not None,
    )
    return _read_release(text, begin, target, frame) or unreadable(_NO_RELEASE, answer)


def _read_without_release(answer: Answer, page: str, text: PlainText) -> Reading:
    """What a page means in which no release begins: a shell, or what it says in place of one."""
    if is_shell(answer):
        return Reading("shell", "A page without content, for scripts to fill.")
    headings = [" ".join(text.lines[first:after]) for first, after in text.headings]
    if title := _TITLE.search(page, 0, _HEAD):
        headings.append(line_of(title[1])[0])
    said = evidence.read_headings(headings) or evidence.read_absence(text.lines)
    return said or unreadable(_NO_RELEASE, answer)


def _read_release(text: PlainText, begin: _Begin, target: Target, frame: _Frame) -> Reading | None:
    """The release of a rendered page; None where it may break off, or cannot be parted from what surrounds it."""
    markers = current_markers()
    first, after = max(
        ((first, after) for first, after in text.headings if after <= begin.number), default=(begin.number, 0)
    )
    below_title = text.lines[after : begin.number]
    if reading := evidence.read_absence((" ".join(text.lines[first:after]), *below_title)):
        return reading
    end = _end(text.lines, begin.below, markers)
    if end is None and not frame.is_whole:
        return None
    surroundings = (begin.word, heading_of(text.lines[end]) if end is not None else "")
    languages = {language for word in surroundings for language in markers.languages.get(word, ())}
    if frame.language in set(LANGUAGES) - {target.language} and target.language not in languages:
        return Reading("unreadable", f"A page in another language, {frame.language}, than {target.language}.")
    above = (begin.before, *reversed(below_title), *reversed(text.lines[max(first - _ABOVE_TITLE, 0) : first]))
    dates = (_date(line, markers) for line in above)
    published_at, day_only = next((date for date in dates if date[0]), (None, False))
    undated = (line for line in reversed(text.lines[: begin.number]) if not _date(line, markers)[0])
    title = text.lines[first:after] or islice(undated, 1)
    lines = ((begin.rest,) if begin.rest else ()) + text.lines[begin.below : end]
    page = Page(
        code=target.code,
        language=target.language,
        title=" ".join(title),
        body="\n".join(lines) or None,
        published_at=published_at,
        published_day_only=day_only,
        is_repaired=text.is_repaired,
        **Attachments.of(text.attachments(begin.number if begin.rest else begin.below, end))._asdict(),
    )
    if page.body is None and after and any(len(line) > _CAPTION for line in below_title):
        return None  # what stands above the count of views may well be the body
    may_be_list = end is None and not frame.is_named
    dates_alone = sum(_is_date_alone(line, markers) for line in lines) if may_be_list else 0
    return _judge(page, dates_alone, has_evidence=frame.is_named or any(surroundings))


def _judge(page: Page, dates_alone: int, *, has_evidence: bool) -> Reading:
    """Whether what reads as a release is one."""
    if page.body and page.body.count("\ufffd") > _LOST * len(page.body):
        return Reading("unreadable", "A page in another character set than it says.")
    if not has_evidence:
        return evidence.lack_evidence(page.title)
    return evidence.read_kind(page, dates_alone) or evidence.read_words(page) or take_release(page)


def _begin(text: PlainText, markers: Markers) -> _Begin | None:
    """Where the count of views stands, or else the date below a title."""
    first = text.headings[0][1] if text.headings else 0
    lines = text.lines[: first + _LOOKED_THROUGH]
    for number in range(first, len(lines)):
        line = lines[number]
        if views := markers.views.search(line, 0, _MARKED):
            rest = line[views.end() :].strip()
            before, word = line[: views.start()], heading_of(views["word"])
            if views["count"] or views["bare"]:
                return _Begin(number, number + 1, before, rest, word)
            if not rest:  # the count may stand in a line of its own
                return _Begin(number, _skip_count(lines, number + 1, markers), before, "", word)
    for _, after in text.headings:
        for number in range(after, min(after + _BELOW_TITLE, len(lines))):
            if _date(lines[number], markers)[0]:
                return _Begin(number, _skip_count(lines, number + 1, markers), lines[number], "")
    return None


def _skip_count(lines: tuple[str, ...], number: int, markers: Markers) -> int:
    """The line with this number, or the one below it where it is a number of views and nothing else."""
    line = lines[number] if number < len(lines) else ""
    return number + (len(line) <= _HEADING and markers.count.fullmatch(line) is not None)


def _end(lines: tuple[str, ...], body: int, markers: Markers) -> int | None:
    """The line below the body: the heading of topics above that of other releases, or this one.

    Of headings with the same words the last counts, for a body may have such a heading of its own; those with other
    words further down belong to what surrounds the page.
    """
    headings = [heading_of(line) if len(line) <= _HEADING else "" for line in lines]
    below = range(body, len(lines))
    first = next((number for number in below if headings[number] in markers.related), None)
    related = None if first is None else max(number for number in below if headings[number] == headings[first])
    topics = [
        number
        for number in range(body, len(lines) if related is None else related)
        if headings[number] in markers.directions
    ]
    return topics[-1] if topics else related


def _is_date_alone(line: str, markers: Markers) -> bool:
    """Whether a line is a date, and no item of a list that begins with one."""
    return len(line) <= _DATE and not line.startswith(BULLET) and _date(line, markers)[0] is not None


def _date(line: str, markers: Markers) -> published.Published:
    """The date of a line that has nothing but a date and what stands beside it."""
    return published.from_line(line, markers.months) if len(line) <= _HEADING else (None, False)
