"""Texts with their mentions marked, the golden cases of the readers of names.

A mark is `[kind surface]`, kind one of P (person), L (place), O (organisation), E (eponym); behind a person's surface
the office may follow: `[P Асель Омарова|врач]`. The rest of the text stands as it is read.
"""

import re
from typing import NamedTuple

KINDS = {"P": "person", "L": "place", "O": "organisation", "E": "eponym"}


class Marked(NamedTuple):
    """A text without marks; its mentions as (kind, surface, office)."""

    text: str
    mentions: list[tuple[str, str, str | None]]


def unmark(text: str) -> Marked:
    """Take the marks off a text."""
    mentions = [
        (KINDS[kind], surface, office or None)
        for kind, surface, office in re.findall(r"\[([PLOE]) ([^\]|]+)(?:\|([^\]]+))?\]", text)
    ]
    return Marked(re.sub(r"\[[PLOE] ([^\]|]+)(?:\|[^\]]+)?\]", r"\1", text), mentions)
