"""Settings of the portal that can be meant: what could never be sent, or waited for, is refused before anything is."""

import math
import re

from warehouse.errors import UsageError
from warehouse.settings import PortalSettings

LONGEST_S = 86_400.0
"""Seconds of a day: nobody waits longer for an answer, or between two requests."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_COOKIE = re.compile(r"[^\x00-\x20\x7f;,]*")


def refuse_nonsense(settings: PortalSettings) -> None:
    """Raise UsageError with the name of a setting that cannot be meant; an operator's secrets are not in it."""
    for name, seconds, least in (
        ("PRESS_PORTAL_INTERVAL_S", settings.interval_s, 0.0),
        ("PRESS_PORTAL_TIMEOUT_S", settings.timeout_s, 0.001),
    ):
        if not (math.isfinite(seconds) and least <= seconds <= LONGEST_S):
            raise UsageError(f"{name} is {seconds:g}; it must be between {least:g} and {LONGEST_S:g} seconds.")
    named = user_agent(settings)
    if not settings.user_agent.strip() or named != named.strip() or not _VALUE.fullmatch(named):
        raise UsageError("PRESS_PORTAL_USER_AGENT with PRESS_PORTAL_CONTACT must be one line that names the client.")
    for name, value in settings.headers.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value) or value != value.strip():
            raise UsageError("PRESS_PORTAL_HEADERS has a name or value that no header can have; it is not shown here.")
    for name, value in settings.cookies.items():
        if not _NAME.fullmatch(name) or not _COOKIE.fullmatch(value):
            raise UsageError("PRESS_PORTAL_COOKIES has a name or value that no cookie can have; it is not shown here.")


def user_agent(settings: PortalSettings) -> str:
    """What the client calls itself, and whom the portal can write to."""
    if not settings.contact or settings.contact in settings.user_agent:
        return settings.user_agent
    return f"{settings.user_agent} (+{settings.contact})"
