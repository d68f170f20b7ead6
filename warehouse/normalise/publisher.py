"""Kind and region of a publisher's slug which no reference row knows.

gov.kz names its 2,000 publishers by hyphenated slugs in families: ``kgd-pavlodar`` is a department of the
State Revenue Committee, ``abay-ayagoz-madeniet`` the akimat of a rural okrug. ``seeds/slug_families.csv``
holds families and places, ``seeds/regions.csv`` the spellings of regions; here is only the grammar:

    slug = exact | prefix territory | territory suffix | territory | territory topic | territory place
         | territory place settlement | topic territory

Only whole tokens between hyphens count (``almatyx`` is not ``almaty``), except after a ``glued`` prefix
(``duisaktobe``), whose rest must be a known territory. Among rules of a form the longest wins. What a slug
does not say stays unknown: ``unknown`` and null are answers; ``newbody-pavlodar`` tells its region alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import polars as pl

from warehouse.errors import UsageError
from warehouse.reference.contracts import KINDS

SCOPES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("exact", "suffix", "topic"), ("",)),
    "glued": ("territory",),
    "prefix": ("territory", "akimat", "abroad"),
    "place": ("anywhere", "below_region"),
}
SCHEMA = pl.Schema({"slug": pl.String, "kind": pl.String, "region_iso": pl.String})

Tokens: TypeAlias = tuple[str, ...]


class Rule(NamedTuple):
    """One row of ``slug_families``; ``kind`` is empty where it follows from the territory beside it."""

    form: str
    pattern: str
    kind: str
    scope: str
    region_iso: str | None

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.form}:{self.pattern}"


class Territory(NamedTuple):
    """What a run of ``length`` tokens names; ``akimat`` is empty for a region, else its akimat's kind."""

    akimat: str
    region_iso: str | None
    length: int


class Issuer(NamedTuple):
    """What is read from one slug."""

    kind: str = "unknown"
    region_iso: str | None = None


@dataclass
class Rulebook:
    """All rules, by form and tokens; a place's name may stand in several regions."""

    rules: dict[tuple[str, Tokens], Rule] = field(default_factory=dict)
    glued: list[Rule] = field(default_factory=list)
    places: dict[Tokens, dict[str | None, Rule]] = field(default_factory=dict)
    regions: dict[Tokens, str] = field(default_factory=dict)
    akimats: dict[str, Issuer] = field(default_factory=dict)
    longest: int = 1

    def add(self, rule: Rule) -> None:
        """File a rule; raises UsageError for a form, scope or kind not known, and for a rule given twice."""
        if rule.scope not in SCOPES.get(rule.form, ()):
            raise UsageError(f"Slug family {rule.name} has form and scope {rule.form}, {rule.scope}: not known.")
        if rule.kind not in KINDS and not (rule.form == "topic" and rule.kind == ""):
            raise UsageError(f"Slug family {rule.name} has the kind “{rule.kind}”: not known.")
        tokens = tuple(rule.pattern.split("-"))
        if rule.form == "place":
            first = self.places.setdefault(tokens, {}).setdefault(rule.region_iso, rule)
        else:
            first = self.rules.setdefault((rule.form, tokens), rule)
        if first is not rule:
            raise UsageError(f"Slug family {rule.name} is given twice.")
        if rule.form == "glued":
            self.glued.append(rule)
        self.longest = max(self.longest, len(tokens))

    def add_region(self, iso_code: str, kind: str, akimat_slug: str, prefixes: str) -> None:
        """File a region and its pipe-separated spellings; raises UsageError when two regions claim one."""
        akimat = "city_akimat" if kind == "city" else "regional_akimat"
        self.akimats[akimat_slug] = Issuer(akimat, iso_code)
        for prefix in prefixes.split("|"):
            tokens = tuple(prefix.split("-"))
            if (known := self.regions.setdefault(tokens, iso_code)) != iso_code:
                raise UsageError(f"Slug prefix “{prefix}” is claimed by {known} and {iso_code}.")
            self.longest = max(self.longest, len(tokens))

    def heads(self, tokens: Tokens) -> list[Tokens]:
        """Leading runs of tokens, the longest that can match first."""
        return [tokens[:n] for n in range(min(self.longest, len(tokens)), 0, -1)]

    def tails(self, tokens: Tokens) -> list[Tokens]:
        """Trailing runs of tokens, the longest that can match first."""
        return [tokens[-n:] for n in range(min(self.longest, len(tokens)), 0, -1)]

    def territory(self, run: Tokens) -> Territory | None:
        """The region or place whose whole name the run is, with no region beside it.

        A place comes before a region of the same name; one that lies in several regions has no region.
        """
        rules = [rule for rule in self.places.get(run, {}).values() if rule.scope == "anywhere"]
        if rules:
            region_iso = rules[0].region_iso if len(rules) == 1 else None
            return Territory(min(rule.kind for rule in rules), region_iso, len(run))
        region_iso = self.regions.get(run)
        return Territory("", region_iso, len(run)) if region_iso else None

    def territory_at_head(self, tokens: Tokens) -> Territory | None:
        """The longest territory at the head of the tokens."""
        return next(filter(None, map(self.territory, self.heads(tokens))), None)

    def territory_within(self, tokens: Tokens) -> Territory | None:
        """The longest territory at the head of the tokens, else at their tail (otdel-kultury-karagandy)."""
        return self.territory_at_head(tokens) or next(filter(None, map(self.territory, self.tails(tokens))), None)

    def first(self, form: str, runs: list[Tokens], region_iso: str | None = None) -> tuple[Rule, int] | None:
        """The first rule of a form among runs (of places: in that region) and how many tokens it took."""
        for run in runs:
            places = self.places.get(run, {})
            if rule := places.get(region_iso) if form == "place" else self.rules.get((form, run)):
                return rule, len(run)
        return None


def read_glued(slug: str, book: Rulebook) -> Issuer | None:
    """``duisaktobe``: the whole rest must be a territory, for a prefix without a hyphen proves little."""
    for rule in sorted(book.glued, key=lambda rule: -len(rule.pattern)):
        rest = tuple(slug[len(rule.pattern) :].removeprefix("-").split("-"))
        if slug.startswith(rule.pattern) and (territory := book.territory(rest)):
            return Issuer(rule.kind, territory.region_iso)
    return None


def read_prefix(tokens: Tokens, book: Rulebook) -> Issuer | None:
    """``kgd-pavlodar``: a family, then the territory it serves, if it is one we know."""
    match = book.first("prefix", book.heads(tokens))
    if match is None or not any(tokens[match[1] :]):
        return None
    rule = match[0]
    territory = None if rule.scope == "abroad" else book.territory_within(tokens[match[1] :])
    kind = territory.akimat if territory and territory.akimat and rule.scope == "akimat" else rule.kind
    return Issuer(kind, territory.region_iso if territory else None)


def read_suffix(tokens: Tokens, book: Rulebook) -> Issuer | None:
    """``kostanai-arkalyk-kalasy-akimat``: a territory, then what of it."""
    match = book.first("suffix", book.tails(tokens))
    if match is None or not any(tokens[: -match[1]]):
        return None
    territory = book.territory_at_head(tokens[: -match[1]])
    return Issuer(match[0].kind, territory.region_iso if territory else None)


def read_in_region(rest: Tokens, region: Territory, book: Rulebook) -> Issuer:
    """``abay-transport``, ``abay-ayagoz``, ``abay-ayagoz-madeniet``: what follows a region's name.

    Below a district every word is a settlement: nearly all are, some called Madeniet (culture) or Enbek.
    """
    place = book.first("place", book.heads(rest), region.region_iso)
    topic = book.first("topic", book.heads(rest))
    if place and (topic is None or place[1] >= topic[1]):
        kind = place[0].kind if place[1] == len(rest) else "rural_akimat"
        return Issuer(kind, region.region_iso)
    if topic:
        return Issuer(topic[0].kind or "regional_department", region.region_iso)
    return Issuer("unknown", region.region_iso)


def read_in_place(rest: Tokens, place: Territory, book: Rulebook) -> Issuer:
    """``ile-karaoi``, ``ekibastuz-sport``, ``sauran-turkestan``, ``uralsk``: what follows a place's name.

    An unknown word after a district is an okrug (``kegen-kegen`` too); after a city it may be anything.
    """
    if not rest or book.regions.get(rest, "") == place.region_iso:
        return Issuer(place.akimat, place.region_iso)
    if topic := book.first("topic", book.heads(rest)):
        return Issuer(topic[0].kind or "district_department", place.region_iso)
    kind = "rural_akimat" if place.akimat == "district_akimat" else "unknown"
    return Issuer(kind, place.region_iso)


def read_topic(tokens: Tokens, book: Rulebook) -> Issuer | None:
    """``culture-osakarovka``: a topic, then at the very end the territory it is for."""
    match = book.first("topic", book.heads(tokens))
    territory = match and book.territory_within(tokens[match[1] :])
    if not match or not territory:
        return None
    department = "district_department" if territory.akimat else "regional_department"
    return Issuer(match[0].kind or department, territory.region_iso)


def read(slug: str | None, book: Rulebook) -> Issuer:
    """Everything one slug says; letters outside ASCII are in no slug of the portal, so they say nothing."""
    if not slug or not slug.isascii():
        return Issuer()
    slug = slug.lower()
    tokens = tuple(slug.split("-"))
    if exact := book.rules.get(("exact", tokens)):
        return Issuer(exact.kind, exact.region_iso)
    if slug in book.akimats:
        return book.akimats[slug]
    if reading := read_glued(slug, book) or read_prefix(tokens, book) or read_suffix(tokens, book):
        return reading
    if (head := book.territory_at_head(tokens)) is None:
        tail = book.territory_within(tokens)
        region_alone = Issuer("unknown", tail.region_iso) if tail else Issuer()
        return read_topic(tokens, book) or region_alone
    read_rest = read_in_place if head.akimat else read_in_region
    return read_rest(tokens[head.length :], head, book)


def infer(slugs: pl.Series, families: pl.DataFrame, regions: pl.DataFrame) -> pl.DataFrame:
    """Kind and region of each slug: ``slug, kind, region_iso``, one row per slug, in their order.

    ``families`` has the columns of ``seeds/slug_families.csv`` (form, pattern, kind, scope, region_iso,
    reason), ``regions`` those of ``seeds/regions.csv`` (iso_code, kind, akimat_slug, slug_prefixes and
    others), all String. The ``scope`` of a prefix says what follows it: a ``territory``, an ``akimat`` whose
    kind the place gives, or ``abroad`` (never a region); that of a place, where it may stand. ``kind`` is a
    word of ``KINDS``, never null; ``region_iso`` is null where the slug names none or one of several.
    Upper case reads as lower. The order of slugs and rules does not matter. Raises UsageError for rules given
    twice or with a word not known.
    """
    if slugs.is_empty():  # as mostly: the rules are not needed
        return pl.DataFrame(schema=SCHEMA)
    book = Rulebook()
    columns = families.select("form", "pattern", "kind", "scope", "region_iso")
    for form, pattern, kind, scope, region_iso in columns.iter_rows():
        book.add(Rule(form, pattern, kind or "", scope or "", region_iso))
    for row in regions.select("iso_code", "kind", "akimat_slug", "slug_prefixes").iter_rows():
        book.add_region(*row)
    return pl.DataFrame([(slug, *read(slug, book)) for slug in slugs], schema=SCHEMA, orient="row")
