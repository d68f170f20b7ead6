"""What may be put into a request: codes, slugs and languages of known form, and nothing else."""

import re
from urllib.parse import unquote

from warehouse.errors import UsageError
from warehouse.portal.exchange import LANGUAGES

_NAME = re.compile(r"[A-Za-z0-9_%-]{1,300}")
_LETTERS = re.compile(r"[\w-]+")
"""What a name with percent signs stands for: letters of old links, and no dots or slashes."""


def is_name(value: str) -> bool:
    """Whether it can be a release's code or a publisher's slug, and nothing more than that."""
    return bool(_NAME.fullmatch(value) and _LETTERS.fullmatch(unquote(value, errors="replace")))


def check_name(value: str) -> str:
    """A release's code or a publisher's slug, unchanged. Raises UsageError for any other."""
    if not is_name(value):
        raise UsageError(f"“{value[:80]}” is no code or slug of gov.kz: letters, digits, hyphens and underscores only.")
    return value


def check_language(value: str) -> str:
    """A language, unchanged. Raises UsageError for one that the portal does not have."""
    if value not in LANGUAGES:
        raise UsageError(f"“{value[:80]}” is no language of gov.kz: {', '.join(LANGUAGES)}.")
    return value


def check_count(value: int) -> int:
    """A page's number or size, unchanged. Raises UsageError below one."""
    if value < 1:
        raise UsageError(f"{value} is no page, and no size of one: both begin at one.")
    return value
