"""Lay releases out as the digest does, with the ways in which it is known to be irregular."""

from __future__ import annotations

import datetime
import functools
import random

from releases import Release

BLANK_LINE_MISSING = 0.10  # seed: 2 of 19 gaps
DATE_BELOW_TITLE = 0.02
TRAILER_GLUED, TRAILER_AFTER_SPACE = 0.55, 0.35  # else on a line of its own
TRAILER_IN_OWN_LANGUAGE = 0.5  # of the Russian and Kazakh releases
TRAILER_IN_OTHER_LANGUAGE = 0.02
TRAILER_WORDS = {"en": "Source", "ru": "Источник", "kk": "Дереккөз"}

# Reject reason → place among 2,500 releases before which one such item is put, so that every size has some.
BROKEN_EVERY = 2_500
BROKEN = {"impossible_date": 70, "trailer_without_title": 320, "foreign_source": 810}


@functools.cache
def _dotted(day: datetime.date) -> str:
    return day.strftime("%d.%m.%Y")


def item(release: Release, rng: random.Random) -> str:
    """Lay one release out as the digest does, line feed and, mostly, blank line included."""
    draw = rng.random
    date = _dotted(release.listed)
    head = f"{release.title}\n{date}\n" if draw() < DATE_BELOW_TITLE else f"{release.title} {date}\n"
    language = release.language if draw() < TRAILER_IN_OWN_LANGUAGE else "en"
    if draw() < TRAILER_IN_OTHER_LANGUAGE:
        language = rng.choice(("ru", "kk"))
    trailer = TRAILER_WORDS[language] + (" : " if draw() < 0.9 else ": ") + release.url
    end = "\n" if draw() < BLANK_LINE_MISSING else "\n\n"
    if release.body is None:
        return head + trailer + end
    place = draw()
    gap = "" if place < TRAILER_GLUED else " " if place < TRAILER_GLUED + TRAILER_AFTER_SPACE else "\n"
    return head + release.body + gap + trailer + end


def broken_item(reason: str, release: Release) -> str:
    """Spoil a release in the way `reason` says; the result belongs to no release."""
    date = _dotted(release.listed)
    if reason == "impossible_date":
        return f"{release.title} 31.02.2025\n{release.title}.Source : {release.url}0\n\n"
    if reason == "trailer_without_title":
        return f"\nSource : {release.url}0\n\n"
    return f"{release.title} {date}\n{release.title}.Source : https://www.zakon.kz/pravo/{release.code}.html\n\n"
