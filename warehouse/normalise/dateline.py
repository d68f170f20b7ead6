"""Where and when, as the beginning of a body states it: the dateline, or the first sentence of the release.

Read are a dateline (`Astana, May 16, 2025 –`, `г. Алматы, 16.05.2025`, `Астана қ., 2025 ж. 16 мамыр`), a date
that the body begins with (`On May 29, 2025, a panel session …`) and a city that the first sentence calls one
(`in the city of`, `в городе`, `қаласында`). What is not stated is not guessed: a date without a year gives no
date, one that the calendar does not have gives none, and a date further on (`as of April 1, 2025`, `since 1
May 2025`) is no event's. Of a range of days the first is taken. A future date is the event's date as well.
"""

import re

import polars as pl

from warehouse.reference.months import month_numbers

HEAD = 250  # characters of a body that are read
OPENING = 110  # characters of these in which a dateline or a first date must begin
DATE_AND_PLACE = 60  # characters read from a date on: it, and the place that may follow it
SCHEMA = {
    "event_place": pl.String,
    "event_date": pl.Date,
    "place_start": pl.UInt32,
    "place_end": pl.UInt32,
    "date_start": pl.UInt32,
    "date_end": pl.UInt32,
}
PARTS = ("date", "year", "month", "day", "year_word")
NAME = r"\p{Lu}[\p{L}'’]+(?:-[\p{L}'’]+)*"
DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:\s?[-–—]\s?[0-9]{1,2})?"
# A date from the first figure of the body on; in the first order the month stands before it.
MONTH_FIRST = rf"^(?P<date>{DAY}(?:,?\s+(?P<year>[0-9]{{4}}))?)(?:[^0-9]|$)"
DAY_FIRST = rf"^(?P<date>{DAY}\s+(?:of\s+)?(?P<month>\p{{L}}+\.?)(?:,?\s+(?P<year>[0-9]{{4}}))?)(?:[^0-9]|$)"
FIGURES = r"^(?P<date>(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4}))(?:[^0-9]|$)"
YEAR_FIRST = rf"^(?P<date>(?P<year>[0-9]{{4}})\s*(?P<year_word>\p{{L}}+\.?)\s*{DAY}\s*[-–]?\s*(?P<month>\p{{L}}+))"
DASH_AFTER = r"^[^–—0-9]{0,8}[–—-]\s"
ORDERS = (MONTH_FIRST, DAY_FIRST, FIGURES, YEAR_FIRST)
SENTENCE_END = r"[\p{L}0-9)%»”\"]{2}[.!?…][»”\"]?\s*[\p{Lu}«“]|[!?…\n]"


def detect(body: pl.Series, places: pl.DataFrame, months: pl.DataFrame, lexicon: pl.DataFrame) -> pl.DataFrame:
    """Read place and date of the event from the beginning of each body (String).

    `places`: name_en, form (`seeds/places.csv`). `months`: month, form (`seeds/months.csv`).
    `lexicon`: kind, form (`seeds/lexicon.csv`), of which the kinds about cities, years, days and dates are
    used. Returns one row per body with the columns of SCHEMA: event_place is the English name, or what stands
    in the text where no reference row knows it; the offsets count characters of the body as received,
    half-open, and are null together with their value. Raises a `polars.exceptions.PolarsError` when a column
    is missing or of another type.
    """
    text = body.to_frame("body").with_row_index("row")
    heads = text.select("row", head=pl.col("body").str.head(HEAD)).drop_nulls()
    names = places.select(pl.col("form").str.to_lowercase(), "name_en").unique(
        "form", keep="first", maintain_order=True
    )
    forms = _forms(lexicon)
    opening = _openings(_dates(heads, months, forms), names["form"], forms)
    cities = _cities(heads, names["form"], forms)
    is_dated, surface = pl.col("event_date").is_not_null(), pl.col("place").str.replace_all(r"\s+", " ")
    events = (
        opening.join(cities, on="row", how="full", coalesce=True, suffix="_of_city")
        .with_columns(
            place=pl.coalesce("place", "place_of_city"),
            place_start=pl.coalesce("place_start", "place_start_of_city"),
        )
        .select(
            "row",
            "event_date",
            "place_start",
            event_place=surface.str.to_lowercase().replace_strict(names["form"], names["name_en"], default=surface),
            place_end=pl.col("place_start") + pl.col("place").str.len_chars(),
            date_start=pl.when(is_dated).then(pl.col("date_start")),
            date_end=pl.when(is_dated).then(pl.col("date_end")),
        )
    )
    rows = text.select("row").join(events, on="row", how="left", maintain_order="left")
    return rows.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def _forms(lexicon: pl.DataFrame) -> dict[str, list[str]]:
    """The forms of the lexicon by kind, longest first: an alternation takes what it meets first."""
    by_kind = lexicon.group_by("kind").agg(pl.col("form").unique()).iter_rows()
    return {kind: sorted(forms, key=lambda form: (-len(form), form)) for kind, forms in by_kind}


def _any(forms: list[str]) -> str:
    return "(?i:" + "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms) + ")"


def _dates(heads: pl.DataFrame, months: pl.DataFrame, forms: dict[str, list[str]]) -> pl.DataFrame:
    """Read the first figures of a body as a date.

    Columns: row, lead and rest (what stands before and behind it), date_start, date_end, event_date (null
    without a year, or where the calendar has no such day).
    """
    numbers = {form: str(number) for form, number in month_numbers(months).items()}
    lead, tail, length = pl.col("lead"), pl.col("tail"), pl.col("date").str.len_chars()
    heads = (
        heads.filter(pl.col("head").str.head(OPENING).str.contains(r"[0-9]"))
        .with_columns(lead=pl.col("head").str.extract(r"^([^0-9]*)"))
        .with_columns(begin=lead.str.len_chars(), word=lead.str.extract(r"(\p{L}+\.?)\s+$").str.to_lowercase())
        .with_columns(tail=pl.col("head").str.slice(pl.col("begin"), DATE_AND_PLACE))
    )
    order = heads.select(
        pl.when(pl.col("word").is_in(pl.Series([*numbers], dtype=pl.String).implode()))
        .then(pl.lit(MONTH_FIRST))
        .when(tail.str.contains(r"^[0-9]{4}"))
        .then(pl.lit(YEAR_FIRST))
        .when(tail.str.contains(r"^[0-9]{1,2}\.[0-9]"))
        .then(pl.lit(FIGURES))
        .otherwise(pl.lit(DAY_FIRST))
    ).to_series()
    dates = pl.concat(_parts(heads.filter(order == pattern), pattern) for pattern in ORDERS)
    month = pl.coalesce("month", "word").str.to_lowercase()
    figures = pl.when(month.str.contains(r"^[0-9]")).then(month)
    month_first = pl.when(pl.col("month").is_null()).then(lead.str.extract(r"(\p{L}+\.?\s+)$"))
    dates = dates.with_columns(
        number=pl.coalesce(month.replace_strict(numbers, default=None, return_dtype=pl.String), figures),
        date_start=pl.col("begin") - month_first.str.len_chars().fill_null(0),
    )
    year_word = pl.col("year_word").str.to_lowercase().is_in(forms.get("year_word", []))
    return dates.filter(pl.col("number").is_not_null() & (year_word | pl.col("year_word").is_null())).select(
        "row",
        "date_start",
        lead=lead.str.head(pl.col("date_start")),
        date_end=pl.col("begin") + length,
        event_date=pl.concat_str(
            "year", pl.col("number").str.zfill(2), pl.col("day").str.zfill(2), separator="-"
        ).str.to_date("%Y-%m-%d", strict=False),
        rest=tail.str.slice(length),
    )


def _parts(heads: pl.DataFrame, order: str) -> pl.DataFrame:
    """The rows whose date stands in this order, with its parts: date, year, month, day, year_word (String)."""
    groups = pl.col("tail").str.extract_groups(order).struct
    values = [groups.field(part) if f"<{part}>" in order else pl.lit(None, dtype=pl.String) for part in PARTS]
    if heads.is_empty():
        values = [pl.lit(None, dtype=pl.String)] * len(PARTS)
    parts = [expression.alias(part) for part, expression in zip(PARTS, values, strict=True)]
    return heads.select("row", "lead", "begin", "word", "tail", *parts).drop_nulls("date")


def _openings(dates: pl.DataFrame, known: pl.Series, forms: dict[str, list[str]]) -> pl.DataFrame:
    """Keep what a dateline or a body's first words state: row, place, place_start and the date."""
    city_before, city_after, day_word, date_before = (
        _any(forms.get(kind, [])) for kind in ("city_before", "city_after", "day_word", "date_before")
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
    is_known = pl.col("place").str.replace_all(r"\s+", " ").str.to_lowercase().is_in(known.implode())
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


def _cities(heads: pl.DataFrame, known: pl.Series, forms: dict[str, list[str]]) -> pl.DataFrame:
    """Find the city that the first sentence calls one: row, place, place_start."""
    before = [spelling for form in forms.get("in_city_before", []) for spelling in (form, form[:1].upper() + form[1:])]
    after = forms.get("in_city_after", [])
    any_mark = "|".join(re.escape(mark) for mark in [*before, *after])
    marks = pl.DataFrame(
        [*((mark, True) for mark in before), *((mark, False) for mark in after)],
        schema={"mark": pl.String, "is_before": pl.Boolean},
        orient="row",
    )
    halves = pl.col("head").str.splitn(pl.col("mark"), 2).struct
    marked_heads = (
        heads.filter(pl.col("head").str.contains(any_mark))
        .join(marks, how="cross", maintain_order="left_right")
        .filter(pl.col("head").str.contains(pl.col("mark"), literal=True))
        .select("row", "mark", "is_before", lead=halves.field("field_0"), rest=halves.field("field_1"))
    )
    lead, rest = pl.col("lead"), pl.col("rest")
    ahead = lead.str.extract(rf"({NAME})\s+$")
    start_ahead = lead.str.strip_chars_end().str.len_chars() - ahead.str.len_chars()
    words = rest.str.extract(rf"^\s*({NAME}(?:\s{NAME})?)")
    two_known = words.str.to_lowercase().is_in(known.implode())
    behind = pl.when(two_known).then(words).otherwise(words.str.extract(r"^(\S+)"))
    blanks = rest.str.len_chars() - rest.str.strip_chars_start().str.len_chars()
    start_behind = lead.str.len_chars() + pl.col("mark").str.len_chars() + blanks
    return (
        marked_heads.filter(~lead.str.contains(SENTENCE_END))
        .select(
            "row",
            place=pl.when("is_before").then(behind).otherwise(ahead),
            place_start=pl.when("is_before").then(start_behind).otherwise(start_ahead),
        )
        .drop_nulls("place")
        .sort("row", "place_start", maintain_order=True)
        .unique("row", keep="first", maintain_order=True)
    )
