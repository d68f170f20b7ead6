"""Where and when, as the beginning of a body states it: the dateline, or the first sentence of the release.

Read are a dateline (`Astana, May 16, 2025 –`, `г. Алматы, 16.05.2025`, `Астана қ., 2025 ж. 16 мамыр`), a date
that the body begins with (`On May 29, 2025, a panel session …`) and a city that the first sentence calls one
(`in the city of`, `в городе`, `қаласында`). What is not stated is not guessed: a date without a year gives no
date, one that the calendar does not have gives none, and a date further on (`as of April 1, 2025`, `since 1
May 2025`) is no event's. Of a range of days the first is taken. A future date is the event's date as well.
"""

import re

import polars as pl

HEAD = 250  # characters of a body that are read
OPENING = 110  # characters of these in which a dateline or a first date must begin
DATED = 60  # characters read from a date on: it, and the place that may follow it
SCHEMA = {
    "event_place": pl.String,
    "event_date": pl.Date,
    "place_start": pl.UInt32,
    "place_end": pl.UInt32,
    "date_start": pl.UInt32,
    "date_end": pl.UInt32,
}
NAME = r"\p{Lu}[\p{L}'’]+(?:-[\p{L}'’]+)*"
DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:\s?[-–—]\s?[0-9]{1,2})?"
# A date from the first figure of the body on; in the first order the month stands before it.
MONTH_FIRST = rf"^(?P<date>{DAY}(?:,?\s+(?P<year>[0-9]{{4}}))?)(?:[^0-9]|$)"
DAY_FIRST = rf"^(?P<date>{DAY}\s+(?:of\s+)?(?P<month>\p{{L}}+\.?)(?:,?\s+(?P<year>[0-9]{{4}}))?)(?:[^0-9]|$)"
FIGURES = r"^(?P<date>(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4}))(?:[^0-9]|$)"
YEAR_FIRST = rf"^(?P<date>(?P<year>[0-9]{{4}})\s*(?P<year_word>\p{{L}}+\.?)\s*{DAY}\s*[-–]?\s*(?P<month>\p{{L}}+))"
DASH_AFTER = r"^[^–—0-9]{0,8}[–—-]\s"
SENTENCE_END = r"[\p{L}0-9)%»”\"]{2}[.!?…][»”\"]?\s*[\p{Lu}«“]|[!?…\n]"


def detect(body: pl.Series, places: pl.DataFrame, months: pl.DataFrame, lexicon: pl.DataFrame) -> pl.DataFrame:
    """Read place and date of the event from the beginning of each body (String).

    `places`: name_en, form (`seeds/places.csv`). `months`: month Int64 1..12, form (`seeds/months.csv`).
    `lexicon`: kind, form (`seeds/lexicon.csv`), of which the kinds about cities, years, days and dates are
    used. Returns one row per body with the columns of SCHEMA: event_place is the English name, or what stands
    in the text where no reference row knows it; the offsets count characters of the body as received,
    half-open, and are null together with their value. Raises a `polars.exceptions.PolarsError` when a column
    is missing or of another type.
    """
    heads = body.to_frame("body").select(
        row=pl.int_range(pl.len(), dtype=pl.UInt32), head=pl.col("body").str.head(HEAD)
    )
    names = places.select(pl.col("form").str.to_lowercase(), "name_en").unique(
        "form", keep="first", maintain_order=True
    )
    opening = _openings(_dates(heads, months, lexicon), names["form"], lexicon)
    placed = opening.filter(pl.col("place").is_not_null())
    cities = _cities(heads.join(placed, on="row", how="anti"), names["form"], lexicon)
    rows = (
        heads.select("row")
        .join(opening, on="row", how="left", maintain_order="left")
        .join(cities, on="row", how="left", maintain_order="left", suffix="_of_city")
        .with_columns(
            place=pl.coalesce("place", "place_of_city"),
            place_start=pl.coalesce("place_start", "place_start_of_city"),
        )
    )
    surface = pl.col("place").str.replace_all(r"\s+", " ")
    return rows.select(
        surface.str.to_lowercase()
        .replace_strict(names["form"], names["name_en"], default=surface)
        .alias("event_place"),
        "event_date",
        "place_start",
        place_end=pl.col("place_start") + pl.col("place").str.len_chars(),
        date_start=pl.when(pl.col("event_date").is_not_null()).then(pl.col("date_start")),
        date_end=pl.when(pl.col("event_date").is_not_null()).then(pl.col("date_end")),
    ).cast(SCHEMA)  # type: ignore[arg-type]


def _forms(lexicon: pl.DataFrame, kind: str) -> list[str]:
    """The forms of this kind, longest first: an alternation takes what it meets first."""
    return sorted(set(lexicon.filter(pl.col("kind") == kind)["form"]), key=lambda form: (-len(form), form))


def _any(lexicon: pl.DataFrame, kind: str) -> str:
    return "(?i:" + "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in _forms(lexicon, kind)) + ")"


def _dates(heads: pl.DataFrame, months: pl.DataFrame, lexicon: pl.DataFrame) -> pl.DataFrame:
    """Read the first figures of a body as a date.

    Columns: row, lead and rest (what stands before and behind it), date_start, date_end, event_date (null
    without a year, or where the calendar has no such day).
    """
    number = months.select(pl.col("form").str.to_lowercase(), pl.col("month").cast(pl.String)).unique("form")
    started = heads.filter(pl.col("head").str.head(OPENING).str.contains(r"[0-9]"))
    started = started.with_columns(lead=pl.col("head").str.extract(r"^([^0-9]*)"))
    lead_length = pl.col("lead").str.len_chars()
    started = started.with_columns(dated=pl.col("head").str.slice(lead_length, DATED))
    month_first = pl.col("lead").str.extract(r"(\p{L}+\.?)\s+$").str.to_lowercase()
    named = month_first.is_in(number["form"].to_list()).fill_null(value=False)
    year_first = pl.col("dated").str.contains(r"^[0-9]{4}")
    figures_only = pl.col("dated").str.contains(r"^[0-9]{1,2}\.[0-9]")
    named_day, rest = started.filter(named), started.filter(~named)
    dates = pl.concat(
        [
            _parts(named_day, MONTH_FIRST),
            _parts(rest.filter(year_first), YEAR_FIRST),
            _parts(rest.filter(figures_only), FIGURES),
            _parts(rest.filter(~year_first & ~figures_only), DAY_FIRST),
        ]
    )
    dates = dates.with_columns(
        month=pl.coalesce(pl.col("month"), month_first).str.to_lowercase(),
        month_first=pl.when(pl.col("month").is_null()).then(pl.col("lead").str.extract(r"(\p{L}+\.?\s+)$")),
    )
    month = pl.col("month").replace_strict(number["form"], number["month"], default=None)
    figures = pl.when(pl.col("month").str.contains(r"^[0-9]")).then(pl.col("month"))
    year_word = pl.col("year_word").str.to_lowercase().is_in(_forms(lexicon, "year_word"))
    month_length = pl.col("month_first").str.len_chars().fill_null(0)
    return (
        dates.with_columns(number=pl.coalesce(month, figures))
        .filter(pl.col("number").is_not_null() & (year_word | pl.col("year_word").is_null()))
        .select(
            "row",
            lead=pl.col("lead").str.head(lead_length - month_length),
            date_start=lead_length - month_length,
            date_end=lead_length + pl.col("date").str.len_chars(),
            event_date=pl.concat_str(
                "year", pl.col("number").str.zfill(2), pl.col("day").str.zfill(2), separator="-"
            ).str.to_date("%Y-%m-%d", strict=False),
            rest=pl.col("dated").str.slice(pl.col("date").str.len_chars()),
        )
    )


def _parts(started: pl.DataFrame, order: str) -> pl.DataFrame:
    """The rows whose date stands in this order, with its parts: date, year, month, day, year_word."""
    groups = started.select("row", "lead", "dated", pl.col("dated").str.extract_groups(order).alias("groups"))
    groups = groups.unnest("groups").filter(pl.col("date").is_not_null())
    parts = ("date", "year", "month", "day", "year_word")
    absent = [pl.lit(None, dtype=pl.String).alias(part) for part in parts if part not in groups.columns]
    return groups.with_columns(absent).select("row", "lead", "dated", *parts)


def _openings(dates: pl.DataFrame, known: pl.Series, lexicon: pl.DataFrame) -> pl.DataFrame:
    """Keep what a dateline or a body's first words state: row, place, place_start and the date."""
    city_before, city_after, day_word, date_before = (
        _any(lexicon, kind) for kind in ("city_before", "city_after", "day_word", "date_before")
    )
    dateline = (
        rf"^(?P<before>\s*[«“\"(]?(?:{city_before}(?:\s+|\b))?)(?P<place>\p{{Lu}}[^,.:/–—]*?)"
        rf"(?P<between>(?:\s*\b{city_after})?[\s,.:/]*[–—-]?\s*(?:{date_before}\s+)?)$"
    )
    bare = rf"^\s*[«“\"(]?(?:{day_word},?\s+)?(?:{date_before}\s+)?$"
    late = (
        rf"^(?P<late>[^–—0-9\p{{Lu}}]{{0,10}})(?P<place>{NAME}(?:\s{NAME})?)"
        rf"(?:\s*{city_after})?[\s.,]*[–—-]\s"
    )
    is_bare = pl.col("lead").str.contains(bare)
    ahead = pl.col("lead").str.extract_groups(dateline).alias("ahead")
    first = dates.filter(~is_bare).with_columns(ahead).unnest("ahead")
    first = first.with_columns(place_start=pl.col("before").str.len_chars())
    is_known = pl.col("place").str.replace_all(r"\s+", " ").str.to_lowercase().is_in(known.to_list())
    is_dateline = (
        pl.col("place").str.contains(rf"^{NAME}(?:\s{NAME}){{0,2}}$")
        & ~pl.col("place").str.contains(f"^{day_word}$")
        & pl.col("between").str.contains(",", literal=True)
        & pl.col("rest").str.contains(DASH_AFTER)
    )
    last = dates.filter(is_bare).with_columns(pl.col("rest").str.extract_groups(late).alias("behind")).unnest("behind")
    last = last.with_columns(place_start=pl.col("date_end") + pl.col("late").str.len_chars())
    last = last.with_columns(pl.when(is_known).then(pl.col(name)).alias(name) for name in ("place", "place_start"))
    columns = ["row", "place", "place_start", "event_date", "date_start", "date_end"]
    return pl.concat([first.filter(is_known | is_dateline).select(columns), last.select(columns)])


def _cities(heads: pl.DataFrame, known: pl.Series, lexicon: pl.DataFrame) -> pl.DataFrame:
    """Find the city that the first sentence calls one: row, place, place_start."""
    before, after = _forms(lexicon, "in_city_before"), _forms(lexicon, "in_city_after")
    before = [spelling for form in before for spelling in (form, form[:1].upper() + form[1:])]
    heads = heads.filter(pl.col("head").str.contains_any(before + after))
    found = []
    for mark in before + after:
        halves = pl.col("head").str.splitn(mark, 2)
        named = heads.filter(pl.col("head").str.contains(mark, literal=True)).select(
            "row", lead=halves.struct.field("field_0"), rest=halves.struct.field("field_1")
        )
        named = named.filter(~pl.col("lead").str.contains(SENTENCE_END))
        if mark in after:
            place = pl.col("lead").str.extract(rf"({NAME})\s+$")
            start = pl.col("lead").str.strip_chars_end().str.len_chars() - place.str.len_chars()
        else:
            words = pl.col("rest").str.extract(rf"^\s*({NAME}(?:\s{NAME})?)")
            two_known = words.str.to_lowercase().is_in(known.to_list())
            place = pl.when(two_known).then(words).otherwise(words.str.extract(rf"^({NAME})"))
            blanks = pl.col("rest").str.len_chars() - pl.col("rest").str.strip_chars_start().str.len_chars()
            start = pl.col("lead").str.len_chars() + len(mark) + blanks
        found.append(named.select("row", place=place, place_start=start).filter(pl.col("place").is_not_null()))
    return pl.concat(found).sort("row", "place_start").unique("row", keep="first", maintain_order=True)
