"""Digests with random releases, and the truth about them: what the warehouse must hold once they are in."""

import csv
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from tests.desk.portal_releases import Release, invent
from warehouse.project import PROJECT
from warehouse.settings import Settings

SUBJECTS = ("roads of the region", "winter stocks of grain", "new schools", "water in the canals", "housing queues")
DID = ("were discussed", "were inspected", "are to be paid for", "were reported on", "have been put in order")
SENTENCES = (
    "The akim heard reports of the heads of all departments.",
    "Work goes on in every district, and its pace was called insufficient.",
    "About {number} million tenge are set aside for it in this year's budget.",
    "Residents asked {number} questions, and each was answered.",
    "The next meeting is to take place in {number} days.",
)
FIRST_CODE = 1_000_001
LISTED = date(2025, 5, 21)
AGAIN, EDIT, WITHOUT_BODY = 0.1, 0.05, 0.3
"""Shares of a digest's items: listed before, edited since, and those without a body."""

GROWS = 0.25
"""Share of digests that are written slowly under their own name."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A release as a digest listed it: its publisher's slug, title and body, None where it has none."""

    code: str
    slug: str
    title: str
    body: str | None

    def item(self, listed: date) -> str:
        """The item of a digest that lists it."""
        body = f"{self.body}\n" if self.body else ""
        url = f"https://www.gov.kz/memleket/entities/{self.slug}/press/news/details/{self.code}?lang=en"
        return f"{self.title} {listed:%d.%m.%Y}\n{body}Source : {url}\n"


@dataclass(frozen=True, slots=True)
class Audit:
    """What the warehouse lacks of what was put in, and what it has too often; sentences, empty where all is well."""

    losses: list[str]
    duplicates: list[str]


@dataclass
class Truth:
    """Random digests, and what was put into them. One that is written is remembered; it must arrive."""

    chance: random.Random
    releases: dict[str, Listing] = field(default_factory=dict)
    listings: Counter[str] = field(default_factory=Counter)
    bodies: dict[str, set[str]] = field(default_factory=dict)
    digests: int = 0
    bytes: int = 0

    def __post_init__(self) -> None:
        with (PROJECT / "seeds" / "publishers.csv").open(encoding="utf-8", newline="") as file:
            self._slugs = [row["slug"] for row in csv.DictReader(file)]
        self._next = FIRST_CODE
        self._newest: list[str] = []

    def digest(self, items: int) -> str:
        """A digest of so many releases: most are new, some were listed before, a few of those were edited."""
        chosen: dict[str, Listing] = {}
        before = self._next
        for _ in range(items):
            draw = self.chance.random()
            is_new = before == FIRST_CODE or draw >= AGAIN + EDIT
            listing = self._new() if is_new else self._again(before, is_edited=draw < EDIT)
            chosen.setdefault(listing.code, listing)
        for listing in chosen.values():
            self.releases[listing.code] = listing
            self.listings[listing.code] += 1
            if listing.body:
                self.bodies.setdefault(listing.code, set()).add(listing.body)
        self._newest = list(chosen)
        self.digests += 1
        listed = LISTED + timedelta(days=self.digests // 50)
        text = "\n".join(["Law", *(listing.item(listed) for listing in chosen.values())])
        self.bytes += len(text.encode())
        return text

    def deliver(self, inbox: Path, items: int) -> Path:
        """Put a digest into the inbox, under a hidden name until it is whole; one in four grows slowly instead.

        Tries again while the disk is full, and leaves no half of it meanwhile.
        """
        text = self.digest(items)
        path = inbox / f"digest-{self.digests:05}.txt"
        grows = self.chance.random() < GROWS
        pause_s = self.chance.uniform(0.1, 1) if grows else 0
        while not self._write(path if grows else path.with_name(f".{path.name}"), text, pause_s):
            time.sleep(0.5)
        if not grows:
            path.with_name(f".{path.name}").rename(path)
        return path

    @staticmethod
    def _write(path: Path, text: str, pause_s: float) -> bool:
        half = len(text) // 2
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8") as file:
                try:
                    file.write(text[:half])
                    file.flush()
                    time.sleep(pause_s)
                    file.write(text[half:])
                    file.flush()
                except OSError:
                    path.unlink()
                    raise
        except OSError:
            return False
        return True

    def newest(self) -> dict[str, Release]:
        """The releases of the last digest as the portal has them."""
        begin = datetime(2025, 5, 20, 6, tzinfo=UTC)
        return {code: invent(code, self.releases[code].slug, begin) for code in self._newest}

    def _new(self) -> Listing:
        code, self._next = str(self._next), self._next + 1
        body = None if self.chance.random() < WITHOUT_BODY else self._body(code)
        title = f"No. {code}: {self.chance.choice(SUBJECTS)} {self.chance.choice(DID)}"
        return Listing(code, self.chance.choice(self._slugs), title, body)

    def _again(self, before: int, *, is_edited: bool) -> Listing:
        listing = self.releases[str(self.chance.randrange(FIRST_CODE, before))]
        if not is_edited or listing.body is None:
            return listing
        return Listing(
            listing.code, listing.slug, listing.title, f"{listing.body} Corrected for the {self.digests}th time."
        )

    def _body(self, code: str) -> str:
        chosen = self.chance.choices(SENTENCES, k=self.chance.randrange(2, 12))
        return f"Decision {code}. " + " ".join(one.format(number=self.chance.randrange(2, 999)) for one in chosen)

    def audit(self, settings: Settings) -> Audit:
        """Hold the published copy against all that was put in so far."""
        with duckdb.connect(settings.published, read_only=True) as con:
            listed = Counter(dict(con.execute(LISTINGS).fetchall()))
            releases = Counter(dict(con.execute(RELEASES).fetchall()))
            versions = dict(con.execute(VERSIONS).fetchall())
            (fetches, attempts) = con.execute(FETCHES).fetchone() or (0, 0)
            (pages,) = con.execute(PAGES).fetchone() or (0,)
        losses, duplicates = [], []
        for what, expected, actual in (
            ("listings", self.listings, listed),
            ("releases", Counter(dict.fromkeys(self.releases, 1)), releases),
            ("texts", Counter({code: len(bodies) for code, bodies in self.bodies.items()}), Counter(versions)),
        ):
            if missing := (expected - actual).total():
                losses.append(f"{missing} {what}")
            if more := (actual - expected).total():
                duplicates.append(f"{more} {what}")
        if fetches != attempts:
            duplicates.append(f"{fetches - attempts} fetches")
        if pages:
            duplicates.append(f"{pages} texts of pages")
        return Audit(losses, duplicates)


LISTINGS = "select release_code, count(*) from fact_listing join fact_release using (release_key) group by all"
RELEASES = "select release_code, count(*) from fact_release group by all"
VERSIONS = """
select release_code, count(distinct dim_text.content_key)
from dim_text join fact_release using (release_key)
where origin = 'digest' and body is not null
group by all"""
FETCHES = "select count(*), count(distinct fetch_key) from fact_fetch"
PAGES = """
select count(*)
from (
    select release_key, language_key from dim_text where origin = 'portal' group by all having count(*) > 1
)"""
"""Pages of the drills' portal never change, so that a second version of one is one loaded twice."""
