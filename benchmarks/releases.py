"""Compose synthetic releases: who published what, when, in which language, with a body or without.

Release number i is the same whatever the number of releases (up to one million): each block of 250 has a
random generator of its own, seeded by its number.
"""

from __future__ import annotations

import csv
import datetime
import random
from itertools import accumulate
from typing import NamedTuple

from phrases import VOCABULARY, Phrases, build_phrases

BLOCK = 250
NEWEST_ID, NEWEST_DAY, IDS_A_DAY = 1_007_000, datetime.date(2025, 5, 31), 640  # gov.kz ids at that time
POOL_SIZES = {"en": 20_000, "ru": 3_000, "kk": 3_000}

WITH_BODY = 0.55  # seed: 11 of 20
LANGUAGES = {"en": 0.93, "ru": 0.05, "kk": 0.02}
ENGLISH_TITLE_ABOVE_OTHER_BODY = 0.2  # of the Russian and Kazakh bodies
IDS_OUT_OF_ORDER = 0.03  # seed: 1 of 19 neighbours
TEXT_SLUG = 0.001  # links of 2020-2021 carry words in place of the number
SEVERAL_LINES = 0.03
DATELINE, CONTACT_LINES, LONG_BODY = 0.15, 0.08, 0.002
LISTED_AGAIN = 0.005
URL_LANGUAGES = {"?lang=kk": 0.80, "": 0.10, "?lang=ru": 0.05, "?lang=en": 0.05}


class Release(NamedTuple):
    """One release as the digest lists it; `body` is None where there is none."""

    code: str
    slug: str
    title: str
    body: str | None
    listed: datetime.date
    url: str
    language: str
    is_listed_again: bool


class Writer:
    """Composes releases from phrases; holds what all blocks share."""

    def __init__(self, releases: int, seed: int) -> None:
        self.seed = seed
        self.phrases = {language: build_phrases(language, seed, size) for language, size in POOL_SIZES.items()}
        self._newest_id = max(NEWEST_ID, releases + IDS_A_DAY)
        with (VOCABULARY / "publishers.csv").open(encoding="utf-8", newline="") as file:
            publishers = list(csv.DictReader(file))
        self._slugs = [row["slug"] for row in publishers]
        self._slug_weights = list(accumulate(float(row["weight"]) for row in publishers))

    def block(self, start: int, stop: int, may_list_again: bool) -> list[Release]:
        """Compose releases `start` to `stop` (one block), newest first with a few neighbours swapped."""
        rng = random.Random(f"{self.seed}/block/{start // BLOCK}")
        draw = rng.random
        count = stop - start
        slugs = rng.choices(self._slugs, cum_weights=self._slug_weights, k=BLOCK)
        url_languages = rng.choices(list(URL_LANGUAGES), list(URL_LANGUAGES.values()), k=BLOCK)
        languages = rng.choices(list(LANGUAGES), list(LANGUAGES.values()), k=BLOCK)
        releases = []
        for slug, url_language, language, index in zip(
            slugs, url_languages, languages, range(start, stop), strict=False
        ):
            phrases = self.phrases[language]
            body = _body(phrases, rng) if draw() < WITH_BODY else None
            title_phrases = phrases
            if language != "en" and draw() < ENGLISH_TITLE_ABOVE_OTHER_BODY and body is not None:
                title_phrases = self.phrases["en"]
            code = str(self._newest_id - index)
            if draw() < TEXT_SLUG:
                code = f"{slug}-habarlama-{code}"
            releases.append(
                Release(
                    code=code,
                    slug=slug,
                    title=title_phrases.titles[int(draw() * len(title_phrases.titles))],
                    body=body,
                    listed=NEWEST_DAY - datetime.timedelta(index // IDS_A_DAY),
                    url=f"https://www.gov.kz/memleket/entities/{slug}/press/news/details/{code}{url_language}",
                    language=language,
                    is_listed_again=draw() < LISTED_AGAIN and may_list_again,
                )
            )
        for place in range(count - 1):
            if draw() < IDS_OUT_OF_ORDER:
                releases[place], releases[place + 1] = releases[place + 1], releases[place]
        return releases

    def edit(self, releases: list[Release], start: int, share: float) -> list[tuple[Release, bool]]:
        """Edit the bodies of a `share` of all releases; return each release with whether it was edited."""
        rng = random.Random(f"{self.seed}/edit/{start // BLOCK}")
        of_those_with_body = share / WITH_BODY
        edited = []
        for release in releases:
            is_changed = release.body is not None and rng.random() < of_those_with_body
            if is_changed:
                addition = _sentences(self.phrases[release.language], rng, 1)
                release = release._replace(body=f"{release.body} {addition}")
            edited.append((release, is_changed))
        return edited


def _sentences(phrases: Phrases, rng: random.Random, count: int) -> str:
    draws = memoryview(rng.randbytes(6 * count)).cast("H")  # every pool has 65,536 places
    parts = [""] * (3 * count)
    parts[0::3] = map(phrases.openings.__getitem__, draws[0::3])
    parts[1::3] = map(phrases.middles.__getitem__, draws[1::3])
    parts[2::3] = map(phrases.closings.__getitem__, draws[2::3])
    return "".join(parts).rstrip()


def _body(phrases: Phrases, rng: random.Random) -> str:
    draw = rng.random
    count = 2 + int(19 * draw())
    if draw() < LONG_BODY:
        count *= 10
    if draw() < SEVERAL_LINES:
        body = "\n".join(_sentences(phrases, rng, max(1, count // 3)) for _ in range(3))
    else:
        body = _sentences(phrases, rng, count)
    if draw() < DATELINE:
        body = f"Astana, May {1 + int(28 * draw())}, 2025 – {body}"
    if draw() < CONTACT_LINES:
        body += rng.choice(phrases.contacts)
    return body
