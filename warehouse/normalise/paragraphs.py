"""Where the paragraph and heading breaks of a body were lost: offsets beside the text, never a changed text.

The newspaper's pages glue paragraphs together (`(KIS).During`, `movementIn general`,
`infrastructure.⸻Development`). `breaks` says before which characters a break belongs; the body stays as
received, so nothing can be lost.

One regular expression splits every body behind each character that could begin a lost paragraph. Columns then hold
what stands left and right of each such place, and rules judge them, kind by kind, against the words of
`seeds/lexicon.csv`; words with capitals inside are judged by `inner_capitals`. No loop of Python goes over a text, and
the context of a place is bounded, so the time follows the length of the input. A small load's time is that of
compiling patterns, of which Polars keeps only a few: so the characters beside a place decide most of them, and a
pattern is used only where there is a place for it.
"""

from collections.abc import Callable, Iterator

import polars as pl

from warehouse.normalise.break_places import BULLETS, CONTEXT, RULE, add_context, find_places, set_of
from warehouse.normalise.inner_capitals import inner_breaks
from warehouse.normalise.lexicon import BreakWords, is_among

Judge = Callable[[pl.DataFrame, BreakWords], Iterator[pl.DataFrame]]

DASHES = "–—-"
CLOSING_QUOTES = '»”"'
FIGURES = "0123456789"
NO_WORD = BULLETS + DASHES + RULE + "_"
BLANK = " \t\u00a0"
NEW_LINE_BEFORE = r"(?:^|[\n\r\u2028\u2029])[ \t\u00a0]*$"
NEW_LINE_AFTER = r"^[ \t\u00a0]*[\n\r\u2028\u2029]"
WORD_BEFORE = r"(\p{L}+)[^\p{L}\s]?$"
WORD_AFTER = r"^(\p{L}+)"
SMALL_AFTER = r"^.\p{Ll}"
ENTITY = r"&#?[A-Za-z0-9]+;$"
CLEAR_STOP = r"(?:^\p{L}{4}|[0-9]{3}|[^\p{L}0-9])\.\p{Lu}$"
NUMBERING = r"(?:^|[:;]\s*|[.!?]\s+|\p{L}\.)\(?[0-9]{1,2}(?:\.[0-9]{1,2})*\.$"
BRACKETED_NUMBERING = r"(?:^|[\s:;.])\(?(?:[0-9]{1,2}|\p{L})\)$"
FIGURE_IN_NAME = r"\p{L}[0-9]+$"
LIST_NUMBER_AFTER = r"^[0-9]{1,2}(?:\)|\.\s?\p{L})"
FIGURE = r"(?:0|[1-9][0-9]{0,2}(?:[ \u00a0,.][0-9]{3})*|[1-9][0-9]{3,8})(?:[.,][0-9]{1,2})?"
FIGURE_AFTER = (  # one that begins a sentence: a word, a sign or an ending follows, no rest of a date
    rf"^(?:[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{4}}|{FIGURE}(?:\s?[–\-]\s?{FIGURE})?)"
    r"(?:\s?%|[ \u00a0][\p{L}«“„\"№$€]|-\p{L})"
)
BRACKETED_REFERENCE = (  # `(ст. 12).5` may be one reference
    r"\((?:[^()]*[^\p{L}()])?(?i:пп?|ст|ч|гл|рис|табл|стр?|стать\p{L}+|пункт\p{L}*|глав\p{L}+|част\p{L}+|"
    r"art|sec|fig|pp?|nos?|article|section|figure|table|page|сурет|кесте)\.?\s?[0-9][0-9.,\-–]*\)$"
    r"|\([^()]*[0-9]\s?[–\-]?\s?(?i:бап|тарма[қғ])\p{L}*\)$"
)
LIST_ITEM_AFTER = r"^(?:\p{L}{2}|\p{L}(?:\)|\s\p{L})|\(\w)"
LABEL_AFTER = r"^\p{L}+(?:[ \-]\p{L}+){0,2}\s?(?:[:.]|\+?[0-9])"


def breaks(body: pl.Series, lexicon: pl.DataFrame, places: pl.DataFrame) -> pl.Series:
    """Find the places where a lost break is restored.

    `body`: String, any length. `lexicon`, `places`: the frames of `seeds/lexicon.csv` (kind, form: String) and
    `seeds/places.csv` (form: String). Returns a series of the same name and length, List[UInt32]: offsets in
    characters (Unicode code points, from 0), strictly rising, each above 0 and below the body's length; an empty list
    when there is none, null for a null body. Nothing is put beside a newline that the body already has. Raises a
    `polars.exceptions.PolarsError` when a column is missing or of another type.
    """
    (quotes, signs, segments), words = find_places(body), BreakWords.of(lexicon, places)
    sure, inner, doubtful = _sort_out(quotes, signs, words)
    sure.append(inner_breaks(inner, segments, body, words))
    surroundings = _add_words(pl.concat(doubtful.values(), how="diagonal"), segments)
    start = 0
    for judge, kind in doubtful.items():
        if kind.height:
            sure.extend(judge(surroundings.slice(start, kind.height), words))
        start += kind.height
    place = pl.col("row").cast(pl.Int64) * 2**32 + pl.col("offset")
    offsets = (
        pl.concat(frame.select("row", "offset") for frame in sure)
        .filter(pl.col("offset") > 0)
        .sort(place)
        .filter((place != place.shift(1)).fill_null(value=True))
        .group_by("row", maintain_order=True)
        .agg(pl.col("offset").cast(pl.UInt32))
    )
    rows = body.to_frame("body").with_row_index("row").join(offsets, on="row", how="left", maintain_order="left")
    none = pl.lit([], dtype=pl.List(pl.UInt32))
    offset = pl.when(pl.col("body").is_not_null()).then(pl.col("offset").fill_null(none))
    return rows.select(offset.alias(body.name)).to_series()


def _where(places: pl.DataFrame, *conditions: pl.Expr) -> pl.DataFrame:
    """Keep the places where all conditions hold; each is evaluated only on what those before it have left."""
    for condition in conditions:
        if places.is_empty():
            break
        places = places.filter(condition)
    return places


def _sort_out(
    quotes: pl.DataFrame, signs: pl.DataFrame, words: BreakWords
) -> tuple[list[pl.DataFrame], pl.DataFrame, dict[Judge, pl.DataFrame]]:
    """The places that are breaks whatever stands around them, those inside of words, and the others kind by kind."""
    before, mark, quoted, titled = pl.col("before"), pl.col("mark"), pl.col("quoted"), pl.col("titled")
    opens, nested = pl.col("opens"), pl.col("nested")
    is_capital = signs["mark"].str.to_lowercase() != signs["mark"]
    capitals, others = signs.filter(is_capital), signs.filter(~is_capital)
    stops = capitals.filter((before == ".") & ~titled)
    is_clear = stops.select(_is_clear(words)).to_series()
    inner = capitals.filter((before != ".") & ~titled)
    is_letter = before.str.to_uppercase() != before
    small = _where(others, ~mark.is_in(set_of(NO_WORD)))
    opening = quotes.filter(opens & ~nested & before.is_in(set_of(".!?:;" + CLOSING_QUOTES)))
    exclaimed = before.is_in(set_of("!?…"))
    is_item = (before == ";") | (before.is_in(set_of(".:!?…")) & mark.is_in(set_of(FIGURES)))
    sure = [stops.filter(is_clear), _where(inner, exclaimed), _where(opening, exclaimed)]
    acronyms = _where(small, ~quoted & ~titled, pl.col("ending").str.contains(r"\p{Lu}{2}\p{Ll}$"))
    return (
        sure,
        pl.concat([_where(inner, is_letter & ~quoted), acronyms]),
        {
            _sentences: stops.filter(~is_clear),
            _behind_signs: _where(inner, ~is_letter & ~exclaimed & ~quoted),
            _opening_quotes: _where(opening, ~exclaimed),
            _closing_quotes: quotes.filter(~opens & ~nested & pl.col("after").str.contains(r"\p{Lu}")),
            _figures_behind_quotes: quotes.filter(~opens & ~nested & pl.col("after").str.contains(r"[.0-9]")),
            _list_items: _where(small, ~titled & is_item),
            _dashes: _where(others, mark.is_in(set_of(DASHES)) & ~titled),
            _bullets: _where(others, mark.is_in(set_of(BULLETS))),
            _rules: _where(others, mark.is_in(set_of(RULE + "_"))),
        },
    )


def _is_clear(words: BreakWords) -> pl.Expr:
    """Whether a stop is a sentence's by its last few characters alone, as nearly all are."""
    ending = pl.col("ending")
    abbreviated = is_among(ending.str.head(4), {form[-4:] for form in words.abbreviation})
    host = is_among(pl.col("mark") + pl.col("after"), {form[:2] for form in words.domain})
    return ending.str.contains(CLEAR_STOP) & ~abbreviated & ~host


def _add_words(places: pl.DataFrame, segments: pl.Series) -> pl.DataFrame:
    """Add the context, the words on both sides, and the last but one character on the left."""
    if places.is_empty():
        return places
    left, right = pl.col("left"), pl.col("right")
    return add_context(places, segments).with_columns(
        word_before=left.str.extract(WORD_BEFORE),
        word_after=right.str.extract(WORD_AFTER),
        earlier=left.str.tail(2).str.head(1),
    )


def _after_sentence(words: BreakWords) -> pl.Expr:
    """Whether the stop on the left ends a sentence: behind no initial, abbreviation or number of a list."""
    initial = pl.col("word_before").str.contains(r"^(?:\p{L}|\p{Lu}\p{Ll})$").fill_null(value=False)
    return ~(initial | is_among("word_before", words.abbreviation) | pl.col("left").str.contains(NUMBERING))


def _after_clause(words: BreakWords) -> pl.Expr:
    """Whether the colon on the left ends a clause: behind a word, a bracket or a quotation, but no label."""
    ended = pl.col("word_before").is_not_null() | pl.col("earlier").is_in(set_of(")%" + CLOSING_QUOTES))
    return ended & ~is_among("word_before", words.label)


def _after_item() -> pl.Expr:
    """Whether the semicolon on the left ends an item of a list, and no `&nbsp;`."""
    ended = pl.col("word_before").is_not_null() | pl.col("earlier").is_in(set_of(")%" + CLOSING_QUOTES + FIGURES))
    return ended & ~pl.col("left").str.contains(ENTITY)


def _is_reference() -> pl.Expr:
    """Whether the bracket before the stop numbers an item or a part of a law."""
    bracketed = pl.col("left").str.head(-1)
    return bracketed.str.contains(BRACKETED_NUMBERING) | bracketed.str.contains(BRACKETED_REFERENCE)


def _starts_sentence(words: BreakWords) -> pl.Expr:
    """Whether the word on the right is one that begins sentences."""
    return is_among("word_after", words.starter) & pl.col("right").str.contains(r"^\p{L}+[\s,]")


def _is_label(words: BreakWords) -> tuple[pl.Expr, pl.Expr]:
    """Whether a contact's label such as `Phone:` stands on the right."""
    return is_among("word_after", words.label), pl.col("right").str.contains(LABEL_AFTER)


def _sentences(stops: pl.DataFrame, words: BreakWords) -> Iterator[pl.DataFrame]:
    """A capital glued to a full stop."""
    ends = _after_sentence(words) & ~is_among("word_after", words.domain)
    long_starter = pl.col("word_after").str.len_chars() >= 3
    after_abbreviation = pl.col("word_before").str.contains(r"^\p{Ll}")
    yield stops.filter(ends | (_starts_sentence(words) & (long_starter | after_abbreviation)))


def _behind_signs(inner: pl.DataFrame, words: BreakWords) -> Iterator[pl.DataFrame]:
    """A capital glued to a colon, a semicolon, a bracket, a percent sign or a figure."""
    before, starts = pl.col("before"), _starts_sentence(words)
    is_bracket = before.is_in(set_of(")%"))
    yield inner.filter((before == ":") & _after_clause(words))
    yield _where(inner, before == ";", _after_item())
    yield _where(
        inner,
        is_bracket,
        pl.col("right").str.contains(SMALL_AFTER) | starts,
        ~pl.col("left").str.contains(BRACKETED_NUMBERING),
    )
    figures = _where(inner, ~before.is_in(set_of(":;")) & ~is_bracket, ~pl.col("left").str.contains(FIGURE_IN_NAME))
    yield _where(figures, pl.col("word_after").str.len_chars() >= 2, starts)
    yield _where(figures, *_is_label(words))


def _opening_quotes(opening: pl.DataFrame, words: BreakWords) -> Iterator[pl.DataFrame]:
    """A quotation glued to what introduces it: `noted:"Sport`."""
    before = pl.col("before")
    after_quotation = before.is_in(set_of(CLOSING_QUOTES)) & pl.col("earlier").is_in(set_of(".!?…"))
    yield opening.filter(after_quotation | ((before == ":") & _after_clause(words)))
    yield _where(opening, before == ".", _after_sentence(words))
    yield _where(opening, before == ";", _after_item())


def _closing_quotes(closing: pl.DataFrame, words: BreakWords) -> Iterator[pl.DataFrame]:
    """A sentence glued to a quotation: `».Next`."""
    right = pl.col("right")
    closing = closing.with_columns(right=right.str.slice(1), offset=pl.col("offset") + 1)
    closing = closing.with_columns(word_after=right.str.extract(WORD_AFTER))
    word_like = right.str.contains(SMALL_AFTER) | _starts_sentence(words)
    yield closing.filter(pl.col("before").is_in(set_of(".!?…")) | word_like)


def _figures_behind_quotes(closing: pl.DataFrame, _: BreakWords) -> Iterator[pl.DataFrame]:
    """A sentence that begins with a figure, glued to a quotation: `».12 districts`, `.”12 districts`."""
    right, after_stop = pl.col("right"), pl.col("before").is_in(set_of(".!?…"))
    width = pl.when(pl.col("after") == ".").then(2).otherwise(1)
    closing = closing.with_columns(right=right.str.slice(width), offset=pl.col("offset") + width)
    begins = right.str.contains(FIGURE_AFTER) | right.str.contains(LIST_NUMBER_AFTER)
    yield _where(closing, (pl.col("after") == ".") | after_stop, begins)


def _list_items(items: pl.DataFrame, words: BreakWords) -> Iterator[pl.DataFrame]:
    """An item of a list glued to a semicolon, a number of a list, or a sentence that begins with a figure."""
    before, right = pl.col("before"), pl.col("right")
    numbered = right.str.contains(LIST_NUMBER_AFTER)
    figure = right.str.contains(FIGURE_AFTER)
    after_word = pl.col("word_before").str.len_chars() >= 2
    after_sign = pl.col("earlier").is_in(set_of(")]%’›")) & ~_is_reference()
    listed = items.filter(~pl.col("quoted"))
    yield _where(listed, before == ";", _after_item(), numbered | right.str.contains(LIST_ITEM_AFTER))
    yield _where(listed, (before == ":") & ~is_among("word_before", words.label), numbered)
    yield _where(items, before == ".", (numbered & ~_is_reference()) | (figure & after_word), _after_sentence(words))
    yield _where(items, before == ".", after_sign, figure)
    yield _where(items, before.is_in(set_of("!?…")), numbered | figure)


def _dashes(dashes: pl.DataFrame, words: BreakWords) -> Iterator[pl.DataFrame]:
    """A dialog dash glued to a sentence (`teachers.– This`), or a dash as bullet (`:- a;- b`)."""
    before, right = pl.col("before"), pl.col("right")
    bullet = right.str.contains(r"^.(?:\s+[\p{L}0-9«“„\"]|\p{L})")
    listed = before.is_in(set_of(":;")) & ~pl.col("quoted") & ~is_among("word_before", words.label)
    yield _where(dashes, listed, bullet & ~pl.col("left").str.contains(ENTITY))
    speech = _where(dashes, ~before.is_in(set_of(":;")), right.str.contains(r"^.\s*[«“„\"]?\p{Lu}"))
    yield _where(speech, before != ".")
    yield _where(speech, before == ".", _after_sentence(words))


def _bullets(bullets: pl.DataFrame, _: BreakWords) -> Iterator[pl.DataFrame]:
    """A bullet glued to what stands before it, or behind a mark that ends an item."""
    yield bullets.filter(pl.col("left").str.contains(r"(?:[^\s•▪●]|[.,:;!?][ \t\u00a0]+)$"))


def _rules(rules: pl.DataFrame, _: BreakWords) -> Iterator[pl.DataFrame]:
    """Both ends of a rule: `⸻`, or five underscores or more."""
    left, mark, right, segment = pl.col("left"), pl.col("mark"), pl.col("right"), pl.col("segment")
    text = pl.when(mark == "_").then(segment.str.strip_chars_end("_")).otherwise(segment.str.head(-1))
    rules = rules.with_columns(
        run=segment.str.len_chars().cast(pl.Int64) - text.str.len_chars().cast(pl.Int64),
        # Where the rule is all of its segment, the place before stands right before it.
        left=pl.when(text == "").then(pl.col("previous").str.tail(1)).otherwise(text.str.tail(CONTEXT)),
        right=right.str.slice(1),
    )
    blanks = right.str.len_chars().cast(pl.Int64) - right.str.strip_chars_start(BLANK).str.len_chars().cast(pl.Int64)
    above = rules.filter(~left.str.contains(NEW_LINE_BEFORE) & (left.str.tail(1) != RULE))
    below = rules.filter(~right.str.contains(NEW_LINE_AFTER) & (right.str.head(1) != RULE))
    yield above.select("row", offset=pl.col("offset") - pl.col("run") + 1)
    yield below.select("row", offset=pl.col("offset") + 1 + blanks)
