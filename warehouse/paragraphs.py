"""Where the paragraph and heading breaks of a body were lost: offsets beside the text, never a changed text.

The newspaper's pages glue paragraphs together (`(KIS).During`, `movementIn general`,
`infrastructure.⸻Development`). `breaks` says before which characters a break belongs; the body stays as
received, so nothing can be lost.

One regular expression cuts every body behind each character that could begin a lost paragraph. What stands
left and right of each cut is then judged in columns, kind by kind, against the words of `seeds/lexicon.csv`.
No text is looped over in Python and the context looked at is bounded, so the time follows the length of the
input.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from warehouse.cuts import BULLETS, CONTEXT, QUOTES, RULE, cut, with_context
from warehouse.words import Words, known

DASHES = ["–", "—", "-"]
NO_WORD = [*QUOTES, *BULLETS, *DASHES, RULE, "_"]
BLANK = " \t\u00a0"
NEW_LINE_BEFORE = r"(?:^|[\n\r\u2028\u2029])[ \t\u00a0]*$"
NEW_LINE_AFTER = r"^[ \t\u00a0]*[\n\r\u2028\u2029]"
WORD_BEFORE = r"(\p{L}+)[^\p{L}\s]?$"
WORD_AFTER = r"^(\p{L}+)"
CAPITALISED = r"^\p{Lu}\p{Ll}"
ENTITY = r"&#?[A-Za-z0-9]+;$"
ITEM_END = r'[\p{L}0-9)%»”"];$'
CLAUSE_END = r'[\p{L})%»”"]:$'
STOP_AND_QUOTE = r'[.!?…][»”"]$'
NUMBERING = r"(?:^|[:;]\s*|[.!?]\s+|\p{L}\.)\(?[0-9]{1,2}(?:\.[0-9]{1,2})*\.$"
BRACKETED_NUMBERING = r"(?:^|[\s:;.])\(?(?:[0-9]{1,2}|\p{L})\)$"
LIST_ITEM = r"(?:;.|\p{Ll}[.:][0-9])$"
LIST_NUMBER_AFTER = r"^[0-9]{1,2}(?:\)|\.\s?\p{L})"
LIST_ITEM_AFTER = r"^(?:\p{L}{2}|\p{L}(?:\)|\s\p{L})|\(\w)"
LABEL_AFTER = r"^\p{L}+(?:[ \-]\p{L}+){0,2}\s?(?:[:.]|\+?[0-9])"


def breaks(body: pl.Series, lexicon: pl.DataFrame) -> pl.Series:
    """Find the places where a lost break is restored.

    `body`: String, any length. `lexicon`: the frame of `seeds/lexicon.csv` (kind, language, form, reason:
    String). Returns a series of the same name and length, List[UInt32]: offsets in characters (Unicode code
    points, from 0), strictly rising, each above 0 and below the body's length; an empty list when there is
    none, null for a null body. Nothing is put beside a newline that the body already has. Raises a
    `polars.exceptions.PolarsError` when a column is missing or of another type.
    """
    cuts, words = cut(body), Words.of(lexicon)
    is_capital = pl.col("mark").str.to_lowercase() != pl.col("mark")
    capitals, others = cuts.filter(is_capital), cuts.filter(~is_capital)
    found = pl.concat(
        [
            *(kind(capitals, words).select("row", "offset") for kind in (_sentences, _capitals)),
            *(kind(others, words).select("row", "offset") for kind in (_quotes, _acronyms, _dashes, _list_items)),
            *(kind(others).select("row", "offset") for kind in (_bullets, _rules)),
        ]
    )
    place = pl.col("row").cast(pl.Int64) * 2**32 + pl.col("offset")
    offsets = (
        found.filter(pl.col("offset") > 0)
        .sort(place)
        .filter((place != place.shift(1)).fill_null(value=True))
        .group_by("row", maintain_order=True)
        .agg(pl.col("offset").cast(pl.UInt32))
    )
    rows = body.to_frame("body").with_row_index("row").join(offsets, on="row", how="left", maintain_order="left")
    none = pl.lit([], dtype=pl.List(pl.UInt32))
    restored = pl.when(pl.col("body").is_not_null()).then(pl.col("offset").fill_null(none))
    return rows.select(restored.alias(body.name)).to_series()


def restore(body: str, breaks: Sequence[int]) -> str:
    """Put a newline before each of the offsets that `breaks` gave for this body."""
    return "\n".join(body[start:end] for start, end in pairwise([0, *breaks, len(body)]))


def _after_sentence(words: Words) -> pl.Expr:
    """Whether the stop on the left ends a sentence: behind no initial, abbreviation or number of a list."""
    initial = pl.col("word_before").str.contains(r"^(?:\p{L}|\p{Lu}\p{Ll})$").fill_null(value=False)
    return ~(initial | known("word_before", words.abbreviation) | pl.col("left").str.contains(NUMBERING))


def _starts_sentence(words: Words) -> pl.Expr:
    """Whether the word on the right is one that begins sentences."""
    return known("word_after", words.starter) & pl.col("right").str.contains(r"^\p{L}+[\s,]")


def _is_label(words: Words) -> pl.Expr:
    """Whether a contact's label such as `Phone:` stands on the right."""
    return known("word_after", words.label) & pl.col("right").str.contains(LABEL_AFTER)


def _with_words(cuts: pl.DataFrame) -> pl.DataFrame:
    return with_context(cuts).with_columns(
        before=pl.col("left").str.tail(1),
        word_before=pl.col("left").str.extract(WORD_BEFORE),
        word_after=pl.col("right").str.extract(WORD_AFTER),
    )


def _sentences(cuts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """A capital glued to a full stop."""
    stop = pl.col("segment").str.tail(2).str.starts_with(".")
    stops = cuts.filter(stop & ~pl.col("titled"))
    # Few stops could be anything else than a sentence's: only those are read with what stands around them.
    abbreviations = "|".join(re.escape(form) for form in words.abbreviation)
    domains = "|".join(re.escape(form[1:]) for form in words.domain)
    segment, following = pl.col("segment"), pl.col("following")
    doubtful = stops.select(
        segment.str.contains(
            rf"^\p{{L}}*\.\p{{Lu}}$|(?:^|\P{{L}})(?:{abbreviations}|\p{{L}}|\p{{Lu}}\p{{Ll}}|)\.\p{{Lu}}$"
        )
        | following.str.contains(rf"^(?:{domains})(?:\P{{L}}|$)")
    ).to_series()
    rest = _with_words(stops.filter(doubtful))
    starts = _starts_sentence(words)
    long_starter = pl.col("word_after").str.len_chars() >= 3
    after_abbreviation = pl.col("word_before").str.contains(r"^\p{Ll}")
    ends = _after_sentence(words) & ~known("word_after", words.domain)
    read = rest.filter(ends | (starts & (long_starter | after_abbreviation)))
    return pl.concat(frame.select("row", "offset") for frame in (stops.filter(~doubtful), read))


def _capitals(cuts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """A capital glued to a small letter, or to a sign other than a full stop."""
    glued = pl.col("segment").str.tail(2).str.head(1)
    cuts = cuts.filter((glued != ".") & ~pl.col("titled"))
    is_letter = glued.str.to_uppercase() != glued
    behind_letter = _with_words(cuts.filter(is_letter & ~pl.col("quoted")))
    behind_sign = _with_words(cuts.filter(~is_letter))
    before, left = pl.col("before"), pl.col("left")
    starts, label = _starts_sentence(words), _is_label(words)
    accepted = (
        pl.when(before.is_in(["!", "?", "…"]))
        .then(True)
        .when(pl.col("quoted"))
        .then(False)
        .when(before == ":")
        .then(left.str.contains(CLAUSE_END) & ~known("word_before", words.label))
        .when(before == ";")
        .then(left.str.contains(ITEM_END) & ~left.str.contains(ENTITY))
        .when(before.is_in([")", "%"]))
        .then((pl.col("right").str.contains(CAPITALISED) | starts) & ~left.str.contains(BRACKETED_NUMBERING))
        .otherwise(label | (starts & (pl.col("word_after").str.len_chars() >= 2)))  # behind a figure
    )
    glued_words = behind_letter.filter(_glued_word(words, starts, label))
    return pl.concat(frame.select("row", "offset") for frame in (glued_words, behind_sign.filter(accepted)))


def _glued_word(words: Words, starts: pl.Expr, label: pl.Expr) -> pl.Expr:
    """Whether a capital behind a letter begins a word of its own: `movementIn general`, not `KazMunayGas`."""
    word, right = pl.col("word_before"), pl.col("right")
    letters = word.str.len_chars()
    small = word.str.contains(r"^\p{Ll}")
    word_after = right.str.contains(r"^\p{Lu}\p{Ll}{2}")
    capitals_after = right.str.contains(r"^\p{Lu}{2}")
    brand = (word + pl.col("word_after")).is_in(words.brand)
    host = known("word_before", words.domain) & pl.col("left").str.contains(r"[\p{L}0-9]\.\p{L}+$")
    plain = small & ~known("word_before", words.particle) & ~known("word_before", words.abbreviation)
    glued = label | starts | (plain & (letters >= 3) & word_after) | (plain & (letters >= 4) & capitals_after)
    return ((letters >= 2) & (glued | (host & word_after)) & ~brand).fill_null(value=False)


def _acronyms(cuts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """A sentence glued to capitals: `KISDuring`."""
    glued = with_context(
        cuts.filter(
            ~pl.col("mark").is_in(NO_WORD) & pl.col("segment").str.contains(r"\p{Lu}{2}\p{Ll}$") & ~pl.col("quoted")
        )
    )
    glued = glued.with_columns(
        left=pl.col("left").str.head(-1),
        right=pl.col("left").str.tail(1) + pl.col("right"),
        offset=pl.col("offset") - 1,
    )
    glued = glued.with_columns(
        word_before=pl.col("left").str.extract(WORD_BEFORE),
        word_after=pl.col("right").str.extract(WORD_AFTER),
    )
    acronym = pl.col("word_before").str.contains(r"^\p{Lu}{2,}$")
    return glued.filter(acronym & (_starts_sentence(words) | _is_label(words)))


def _quotes(cuts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """A quotation glued to what introduces it (`noted:"Sport`), or a sentence to a quotation (`».Next`)."""
    marks = cuts.filter(pl.col("opens").is_not_null() & ~pl.col("nested"))
    glued = pl.col("segment").str.contains(r"\S.$") | (pl.col("segment").str.len_chars() == 1)
    opening = _with_words(marks.filter(pl.col("opens") & glued))
    before, left = pl.col("before"), pl.col("left")
    after_stop = (before == ".") & _after_sentence(words)
    after_clause = left.str.contains(CLAUSE_END) & ~known("word_before", words.label)
    after_item = left.str.contains(ITEM_END) & ~left.str.contains(ENTITY)
    begins = after_stop | before.is_in(["!", "?"]) | after_clause | after_item | left.str.contains(STOP_AND_QUOTE)
    closing = marks.filter(~pl.col("opens") & pl.col("following").str.contains(r"^\p{Lu}"))
    closing = _with_words(closing).with_columns(right=pl.col("right").str.slice(1), offset=pl.col("offset") + 1)
    closing = closing.with_columns(word_after=pl.col("right").str.extract(WORD_AFTER))
    word_like = pl.col("right").str.contains(CAPITALISED) | _starts_sentence(words)
    ends = before.is_in([".", "!", "?", "…"]) | word_like
    return pl.concat(frame.select("row", "offset") for frame in (opening.filter(begins), closing.filter(ends)))


def _dashes(cuts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """A dialog dash glued to a sentence (`teachers.– This`), or a dash as bullet (`:- a;- b`)."""
    dashes = _with_words(cuts.filter(pl.col("mark").is_in(DASHES) & ~pl.col("titled")))
    before, left, right = pl.col("before"), pl.col("left"), pl.col("right")
    bullet = right.str.contains(r"^.(?:\s+[\p{L}0-9«“„\"]|\p{L})") & ~pl.col("quoted") & ~left.str.contains(ENTITY)
    speech = right.str.contains(r"^.\s*[«“„\"]?\p{Lu}")
    accepted = (
        pl.when(before.is_in([":", ";"]))
        .then(bullet & ~known("word_before", words.label))
        .when(before == ".")
        .then(speech & _after_sentence(words))
        .otherwise(speech)
    )
    return dashes.filter(accepted)


def _list_items(cuts: pl.DataFrame, words: Words) -> pl.DataFrame:
    """An item of a list glued to a semicolon, a number of a list, or a sentence that begins with a figure."""
    items = _with_words(
        cuts.filter(~pl.col("mark").is_in(NO_WORD) & pl.col("segment").str.contains(LIST_ITEM) & ~pl.col("titled"))
    )
    before, left, right = pl.col("before"), pl.col("left"), pl.col("right")
    numbered = right.str.contains(LIST_NUMBER_AFTER)
    listed = left.str.contains(ITEM_END) & ~left.str.contains(ENTITY) & ~pl.col("quoted")
    figure = right.str.contains(r"^[0-9]{1,4}\s\p{L}") & (pl.col("word_before").str.len_chars() >= 4)
    accepted = (
        pl.when(before == ";")
        .then(listed & (numbered | right.str.contains(LIST_ITEM_AFTER)))
        .when(before == ":")
        .then(numbered & ~pl.col("quoted") & ~known("word_before", words.label))
        .otherwise(_after_sentence(words) & (numbered | figure))
    )
    return items.filter(accepted)


def _bullets(cuts: pl.DataFrame) -> pl.DataFrame:
    """A bullet glued to what stands before it, or behind a mark that ends an item."""
    bullets = with_context(cuts.filter(pl.col("mark").is_in(BULLETS)))
    return bullets.filter(pl.col("left").str.contains(r"(?:[^\s•▪●]|[.,:;!?][ \t\u00a0]+)$"))


def _rules(cuts: pl.DataFrame) -> pl.DataFrame:
    """Both ends of a rule: `⸻`, or five underscores or more."""
    rules = with_context(cuts.filter(pl.col("mark").is_in([RULE, "_"])))
    left, mark, right, segment = pl.col("left"), pl.col("mark"), pl.col("right"), pl.col("segment")
    text = pl.when(mark == "_").then(segment.str.strip_chars_end("_")).otherwise(segment.str.head(-1))
    rules = rules.with_columns(
        run=segment.str.len_chars().cast(pl.Int64) - text.str.len_chars().cast(pl.Int64),
        # Where the rule is all of its segment, the cut before stands right before it.
        left=pl.when(text == "").then(pl.col("previous").fill_null("").str.tail(1)).otherwise(text.str.tail(CONTEXT)),
        right=right.str.slice(1),
    )
    blanks = right.str.len_chars().cast(pl.Int64) - right.str.strip_chars_start(BLANK).str.len_chars().cast(pl.Int64)
    above = rules.filter(~left.str.contains(NEW_LINE_BEFORE) & (left.str.tail(1) != RULE))
    below = rules.filter(~right.str.contains(NEW_LINE_AFTER) & (right.str.head(1) != RULE))
    return pl.concat(
        [
            above.select("row", offset=pl.col("offset") - pl.col("run") + 1),
            below.select("row", offset=pl.col("offset") + 1 + blanks),
        ]
    )
