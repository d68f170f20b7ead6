"""Where and when, as the beginning of a body states it: the dateline, or the first sentence of the release.

Read are a dateline (`Astana, May 16, 2025 –`, `г. Алматы, 16.05.2025`, `Астана қ., 2025 ж. 16 мамыр`), a date
that the body begins with (`On May 29, 2025, a panel session …`) and a city that the first sentence calls one
(`in the city of`, `в городе`, `қаласында`). What is not stated is not guessed: a date without a year gives no
date, one that the calendar does not have gives none, and a date further on (`as of April 1, 2025`, `since 1
May 2025`) is no event's. Of a range of days the first is taken. A future date is the event's date as well.

Polars finds the bodies that begin with figures as of a date or a mark of a city; what these state is read head by
head.
"""

import re
from datetime import date
from typing import NamedTuple, Self

import polars as pl

from warehouse.normalise.letters import LETTER, SPACE, WHITE, capital, word_at_end
from warehouse.normalise.lexicon import set_of
from warehouse.reference.months import month_numbers

HEAD = 250  # characters of a body that are read
OPENING = 110  # characters of these in which a dateline or a first date must begin
FIGURE = 5  # characters that tell a day or a year from another figure
DATE_AND_PLACE = 60  # characters read from a date on: it, and the place that may follow it
SCHEMA = {
    "event_place": pl.String,
    "event_date": pl.Date,
    "place_start": pl.UInt32,
    "place_end": pl.UInt32,
    "date_start": pl.UInt32,
    "date_end": pl.UInt32,
}
_DAY = rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:{SPACE}?[-–—]{SPACE}?[0-9]{{1,2}})?"
_YEAR = rf"(?:,?{SPACE}+(?P<year>[0-9]{{4}}))?"
# A date from the first figure of the body on; in the first order the month stands before it.
_MONTH_FIRST = re.compile(rf"(?P<date>{_DAY}{_YEAR})(?:[^0-9]|\Z)")
_DAY_FIRST = re.compile(rf"(?P<date>{_DAY}{SPACE}+(?:of{SPACE}+)?(?P<month>{LETTER}+\.?){_YEAR})(?:[^0-9]|\Z)")
_FIGURES = re.compile(r"(?P<date>(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4}))(?:[^0-9]|\Z)")
_YEAR_FIRST = re.compile(
    rf"(?P<date>(?P<year>[0-9]{{4}}){SPACE}*(?P<year_word>{LETTER}+\.?){SPACE}*{_DAY}{SPACE}*[-–]?{SPACE}*"
    rf"(?P<month>{LETTER}+))"
)
_BEGINS_WITH_YEAR, _BEGINS_WITH_FIGURES = re.compile("[0-9]{4}"), re.compile(r"[0-9]{1,2}\.[0-9]")
_DASH_AFTER = re.compile(rf"[^–—0-9]{{0,8}}[–—-]{SPACE}")
_BLANKS = re.compile(f"{SPACE}+")
_FIRST_FIGURE = re.compile("[0-9]")
# What every date begins with, by the first figures of a body, of which its end may cut off some.
_DAY_OR_YEAR = r"^[^0-9]*(?:[0-9]{1,2}(?:[^0-9]|$)|[0-9]{4}\s*(?:\p{L}|$))"


class Event(NamedTuple):
    """What the beginning of a body states: the place as it stands there, the date, and where either begins and ends."""

    place: str | None = None
    place_start: int | None = None
    day: date | None = None
    date_start: int | None = None
    date_end: int | None = None


class _FirstDate(NamedTuple):
    """The first figures of a body as a date; `day` is None without a year, or where the calendar has no such day.

    `lead` and `rest` are what stands before and behind it.
    """

    lead: str
    rest: str
    start: int
    end: int
    day: date | None


class DatelineWords:
    """The patterns by which datelines are read, made of the names of places and months and of the lexicon."""

    def __init__(self, places: dict[str, str], months: dict[str, int], forms: dict[str, list[str]]) -> None:
        """Take the English name of each form of a place, the number of each of a month, and the lexicon by kind."""
        self.places, self.months = places, months
        self.year_words = frozenset(forms.get("year_word", []))
        before = forms.get("in_city_before", [])
        self._before = list(dict.fromkeys(each for form in before for each in (form, form[:1].upper() + form[1:])))
        self._after = forms.get("in_city_after", [])
        city_before, city_after, day_word, date_before = (
            _any(forms.get(kind, [])) for kind in ("city_before", "city_after", "day_word", "date_before")
        )
        name = rf"{capital()}(?:{LETTER}|['’])+(?:-(?:{LETTER}|['’])+)*"
        self._dateline = re.compile(
            rf"(?P<before>{SPACE}*[«“\"(]?(?:{city_before}(?:{SPACE}+|\b))?)(?P<place>{capital()}[^,.:/–—]*?)"
            rf"(?P<between>(?:{SPACE}*\b{city_after})?(?:{SPACE}|[,.:/])*[–—-]?{SPACE}*(?:{date_before}{SPACE}+)?)\Z"
        )
        self._bare = re.compile(rf"{SPACE}*[«“\"(]?(?:{day_word},?{SPACE}+)?(?:{date_before}{SPACE}+)?\Z")
        self._late = re.compile(
            rf"(?P<late>(?:(?!{capital()})[^–—0-9]){{0,10}})(?P<place>{name}(?:{SPACE}{name})?)"
            rf"(?:{SPACE}*{city_after})?(?:{SPACE}|[.,])*[–—-]{SPACE}"
        )
        self._names = re.compile(rf"{name}(?:{SPACE}{name}){{0,2}}\Z")
        self._day_word = re.compile(rf"{day_word}\Z")
        self._name_ahead = re.compile(rf"({name}){SPACE}+\Z")
        self._names_behind = re.compile(rf"{SPACE}*({name}(?:{SPACE}{name})?)")
        self._sentence_end = re.compile(
            rf"(?:{LETTER}|[0-9)%»”\"]){{2}}[.!?…][»”\"]?{SPACE}*(?:{capital()}|[«“])|[!?…\n]"
        )

    @classmethod
    def of(cls, places: pl.DataFrame, months: pl.DataFrame, lexicon: pl.DataFrame) -> Self:
        """Take them from name_en, form (`seeds/places.csv`), month, form (months.csv) and kind, form (lexicon.csv)."""
        names: dict[str, str] = {}
        for name, form in places.select("name_en", "form").iter_rows():
            names.setdefault(form.lower(), name)
        forms: dict[str, set[str]] = {}
        for kind, form in lexicon.select("kind", "form").iter_rows():
            forms.setdefault(kind, set()).add(form)
        # Longest first: an alternation takes what it meets first.
        in_order = {kind: sorted(group, key=lambda form: (-len(form), form)) for kind, group in forms.items()}
        return cls(names, month_numbers(months), in_order)

    @property
    def city_marks(self) -> tuple[str, ...]:
        """What a first sentence calls a city by."""
        return (*self._before, *self._after)

    def read(self, head: str, *, has_mark: bool) -> Event:
        """What the beginning of a body states; whether it has one of the marks of a city is known."""
        first = self._first_date(head)
        opening = first and self._opening(first)
        if not has_mark or (opening and opening.place is not None):
            return opening or Event()
        place, start = self._city(head) or (None, None)
        return Event(place, start, *(opening or Event())[2:])

    def _first_date(self, head: str) -> _FirstDate | None:
        """Read the first figures of a body as a date."""
        figure = _FIRST_FIGURE.search(head, 0, OPENING)
        if not figure:
            return None
        begin = figure.start()
        lead, tail = head[:begin], head[begin : begin + DATE_AND_PLACE]
        bare = lead.rstrip(WHITE)
        has_stop = bare.endswith(".")
        word = word_at_end(bare, len(bare) - has_stop) if len(bare) < len(lead) else ""
        name = (word + "." * has_stop).lower() if word else ""
        order = (
            _MONTH_FIRST
            if name in self.months
            else _YEAR_FIRST
            if _BEGINS_WITH_YEAR.match(tail)
            else _FIGURES
            if _BEGINS_WITH_FIGURES.match(tail)
            else _DAY_FIRST
        )
        match = order.match(tail)
        if not match:
            return None
        parts = match.groupdict()
        month = parts.get("month", name).lower()
        number = self.months.get(month) or (int(month) if month[0].isdecimal() else None)
        if number is None or ("year_word" in parts and parts["year_word"].lower() not in self.year_words):
            return None
        start = begin - (len(word) + has_stop + len(lead) - len(bare) if order is _MONTH_FIRST else 0)
        end = begin + len(match["date"])
        return _FirstDate(lead[:start], tail[end - begin :], start, end, _day(parts["year"], number, parts["day"]))

    def _opening(self, first: _FirstDate) -> Event | None:
        """What a dateline or a body's first words state."""
        stated = (first.day, first.start, first.end)
        if self._bare.match(first.lead):
            behind = self._late.match(first.rest)
            if behind and self.english_name(behind["place"]):
                return Event(behind["place"], first.end + len(behind["late"]), *stated)
            return Event(None, None, *stated)
        ahead = self._dateline.match(first.lead)
        if ahead and (self.english_name(ahead["place"]) or self._is_dateline(ahead, first.rest)):
            return Event(ahead["place"], len(ahead["before"]), *stated)
        return None

    def _is_dateline(self, ahead: re.Match[str], rest: str) -> bool:
        """Whether a place that no reference row knows is one by how it is written."""
        is_name = self._names.match(ahead["place"]) and not self._day_word.match(ahead["place"])
        return bool(is_name and "," in ahead["between"] and _DASH_AFTER.match(rest))

    def english_name(self, place: str) -> str | None:
        """The English name of a place as it stands in a text; None for one that no reference row knows."""
        return self.places.get(_BLANKS.sub(" ", place).lower())

    def _city(self, head: str) -> tuple[str, int] | None:
        """The city that the first sentence calls one, and where it begins."""
        cities = []
        for mark in self._before:
            lead, found, rest = head.partition(mark)
            names = self._names_behind.match(rest)
            if found and names and not self._sentence_end.search(lead):
                city = names[1] if names[1].lower() in self.places else _BLANKS.split(names[1])[0]
                cities.append((city, len(lead) + len(mark) + names.start(1)))
        for mark in self._after:
            lead, found, _ = head.partition(mark)
            if found and (match := self._name_ahead.search(lead)) and not self._sentence_end.search(lead):
                cities.append((match[1], len(lead.rstrip(WHITE)) - len(match[1])))
        return min(cities, key=lambda city: city[1], default=None)


def detect(body: pl.Series, words: DatelineWords) -> pl.DataFrame:
    """Read place and date of the event from the beginning of each body (String).

    Returns one row per body with the columns of SCHEMA: event_place is the English name, or what stands in the text
    where no reference row knows it; the offsets count characters of the body as received, half-open, and are null
    together with their value.
    """
    head, has_mark = pl.col("head"), pl.col("has_mark")
    heads = (
        body.str.head(HEAD)
        .to_frame("head")
        .with_row_index("at")
        .with_columns(has_mark=head.str.contains_any(set_of(words.city_marks)))
        .filter(has_mark | head.str.head(OPENING + FIGURE).str.contains(_DAY_OR_YEAR))
    )
    at = heads["at"]
    rows = [
        _row(words.read(text, has_mark=marked), words) for text, marked in heads.select("head", "has_mark").iter_rows()
    ]
    events = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    place = (
        pl.Series([None], dtype=pl.UInt32)
        .new_from_index(0, len(body))
        .scatter(at, pl.int_range(len(at), dtype=pl.UInt32, eager=True))
    )
    return events.select(pl.all().gather(place))


def _row(event: Event, words: DatelineWords) -> tuple[object, ...]:
    place, start, day, date_start, date_end = event
    if day is None:
        date_start = date_end = None
    if place is None or start is None:
        return None, day, None, None, date_start, date_end
    return words.english_name(place) or _BLANKS.sub(" ", place), day, start, start + len(place), date_start, date_end


def _day(year: str | None, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day)) if year else None
    except ValueError:
        return None


def _any(forms: list[str]) -> str:
    return "(?i:" + "|".join(re.escape(form).replace(r"\ ", f"{SPACE}+") for form in forms) + ")"
