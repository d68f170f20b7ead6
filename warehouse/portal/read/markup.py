"""Markup of strangers, cut down to what the shape of a text hangs on, before a parser sees it.

A parser of HTML is quadratic in places that its standard asks for: one tag with a hundred thousand attributes, divs
nested as deep, formatting elements opened again in each paragraph. Here a tokeniser that only goes forward drops what
says nothing about paragraphs, lists and tables: attributes, inline elements, comments, scripts. Of what it leaves the
nesting and the number are bounded. Where it and HTML's standard could differ, it follows the standard.
"""

import re
from collections.abc import Mapping

from warehouse.portal.read.attachments import MOST, Attachment, behind, may_attach, read_tag

MAX_DEPTH = 100
"""Elements within one another that are kept; those further in become breaks between lines."""
MAX_TAGS = 200_000
"""Tags of one text that are kept; a table of 5,000 rows and five columns has half as many."""
FEW_TAGS = 1_000
"""Up to so many tags no nesting costs anything worth a look."""

# Quotation marks part a value only behind an equals sign; an unclosed value or tag goes on to the end.
_ATTRIBUTES = r"""(?:[^>"'=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+|["'])*+"""
_RAW = "script|style|title|textarea|iframe|xmp|noembed|noframes"  # what stands in these is no markup
_MARKUP = re.compile(
    rf"<(?:(?=[stixn])(?P<raw>{_RAW})(?=[\s/>]){_ATTRIBUTES}(?:>|\Z)(?:[^<]++|<(?!/(?P=raw)[\s/>]))*+"
    rf"|(?P<tag>/?[a-z][^\s/>]*+){_ATTRIBUTES}(?:>|\Z)"
    r"|!--(?:-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))"
    r"|(?:[!?]|/(?![a-z]))[^>]*+(?:>|\Z)"
    r"|)",  # a sign less-than that begins nothing
    re.IGNORECASE,
)
_NUMBERED = {
    "<ol>": ("start", re.compile(r"\sstart\s*=\s*[\"']?\s*([0-9]{1,6})(?![0-9])", re.IGNORECASE)),
    "<li>": ("value", re.compile(r"\svalue\s*=\s*[\"']?\s*([0-9]{1,6})(?![0-9])", re.IGNORECASE)),
}
_SPECIAL = frozenset(("<drop>", "</drop>", *_NUMBERED))
_KEPT_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")

_BLOCKS = (
    "address article aside blockquote center dd details dialog dir dl dt fieldset figcaption figure footer form h2 h3 "
    "h4 h5 h6 header hgroup legend main nav option pre search section summary"
)
_DROPPED = "applet audio button canvas datalist map math meter noscript object progress select svg template video"
_HIDES_ALL = frozenset(("noscript", "select", "template"))  # up to its own end, whatever ends before
_NEVER_WITHIN_ITSELF = frozenset(("button", "noscript", "select"))
_KEPT = "p div h1 ul ol li table caption tbody tr td"
RAISED, LOWERED = "\ufdd0", "\ufdd1"
"""Stand around what is raised (sup): two of the code points that Unicode keeps from text."""
ATTACHED = "\ufdd2"
"""Stands around the number of an attachment, where that stands in the text."""
_ALIKE = {"thead": "tbody", "tfoot": "tbody", "th": "td", "menu": "ul"} | dict.fromkeys(_BLOCKS.split(), "div")


def _tags() -> dict[str, str]:
    names = {name: name for name in _KEPT.split()} | _ALIKE | dict.fromkeys(_DROPPED.split(), "drop")
    tags = {name: f"<{kept}>" for name, kept in names.items()}
    tags |= {f"/{name}": f"</{kept}>" for name, kept in names.items()} | dict.fromkeys(("br", "hr"), "<br>")
    return tags | {"sup": RAISED, "/sup": LOWERED}


TAGS = _tags()
"""The tag, in small letters and with its slash, and what becomes of it; other tags go, their text stays."""
CHROME = dict.fromkeys(("nav", "footer"), "<drop>") | dict.fromkeys(("/nav", "/footer"), "</drop>")
"""The same for what surrounds the release on a rendered page."""


class TooMuchMarkup(ValueError):
    """A text with more tags than any release has."""


def skeleton(html: str, tags: Mapping[str, str] = TAGS) -> tuple[str, list[Attachment]]:
    """The text of `html` with its entities, and of its tags only those that shape it, without attributes.

    What is left: p, div (for any block), h1, ul, ol (with `start`, where it is a number), li (with `value`), table,
    caption, tbody, tr, td, br, and drop, without tags in it, around what is not to be read; `RAISED` and `LOWERED` in
    the place of sup; `ATTACHED` and a number in that of what is attached, which is the second value. Raises
    TooMuchMarkup.
    """
    get = tags.get
    open_drops: list[str] = []
    attached: list[Attachment] = []

    def keep(match: re.Match[str]) -> str:
        name = match[2]  # "tag"; by its number, for this runs for every tag there is
        if name is None:
            is_raw = match[1] and not open_drops
            kept = "" if match.end() - match.start() > 1 else "&lt;"
            return _attach(match[1].lower(), match, attached) if is_raw else kept
        lowered = name.lower()
        return ("" if open_drops else _attach(lowered, match, attached)) + shape(lowered, match)

    def shape(name: str, match: re.Match[str]) -> str:
        tag = get(name, "")
        if tag and (open_drops or tag in _SPECIAL):
            if open_drops or tag not in _NUMBERED:
                return _drop(name, tag, open_drops, is_empty=match[0].endswith("/>"))
            attribute, form = _NUMBERED[tag]
            if number := form.search(match[0]):
                return f'{tag[:-1]} {attribute}="{number[1]}">'
        return tag

    text = _MARKUP.sub(keep, html)
    count = text.count("<")
    if count > MAX_TAGS:
        raise TooMuchMarkup(f"{count} tags")
    return (text if count <= FEW_TAGS else _KEPT_TAG.sub(_Nesting().rewrite, text)), attached


def _attach(name: str, match: re.Match[str], attached: list[Attachment]) -> str:
    """What stands in the place of a tag's attachment, which joins those before it; empty without one."""
    if not may_attach(name) or len(attached) == MOST:
        return ""
    one = read_tag(name, match[0], behind(match.string, match.end()))
    if one is None:
        return ""
    attached.append(one)
    return f"{ATTACHED}{len(attached) - 1}{ATTACHED}"


def _drop(name: str, tag: str, inside: list[str], *, is_empty: bool) -> str:
    """What becomes of a tag that begins or ends what is not read, or stands in it; `inside` names what is open there.

    No tag in there is left: a block that is not closed would go on behind it, as what is not read. What is itself never
    closed ends where something around it does.
    """
    is_end = name.startswith("/")
    if is_end and name[1:] in inside:
        while inside.pop() != name[1:]:
            pass
        return "" if inside else "</drop>"
    if tag in {"<br>", RAISED, LOWERED, "</drop>"} or len(inside) == MAX_DEPTH or (tag == "<drop>" and is_empty):
        return ""
    if is_end:
        if not _HIDES_ALL.isdisjoint(inside):
            return ""
        inside.clear()
        return "</drop>" + tag
    if name not in _NEVER_WITHIN_ITSELF or name not in inside:
        inside.append(name)
    return tag if len(inside) == 1 else ""


class _Nesting:
    """The elements that are open: every one is closed in its turn, and none stands deeper than MAX_DEPTH."""

    # A new one of these ends the one before it; their depth is bounded by that of lists and tables.
    _ENDED_BY_NEXT = frozenset(("p", "li", "caption", "tbody", "tr", "td"))

    def __init__(self) -> None:
        self.open: list[str] = []

    def rewrite(self, tag: re.Match[str]) -> str:
        slash, name = tag[1], tag[2]
        if name == "br" or name in self._ENDED_BY_NEXT:
            return tag[0]
        if not slash:
            if len(self.open) >= MAX_DEPTH:
                return "<br>"
            self.open.append(name)
            return tag[0]
        if name not in self.open:
            return "<br>"
        closed: list[str] = []
        while not closed or closed[-1] != name:
            closed.append(self.open.pop())
        return "".join(f"</{one}>" for one in closed)
