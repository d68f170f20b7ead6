"""Cut texts into words that begin with a capital and the gaps between them, with the place of each."""

import polars as pl

CAPITAL = r"\p{Lu}[\p{Lu}\p{M}]*[\p{Ll}\p{M}]*(?:['’ʼ‘-]\p{L}[\p{L}\p{M}]*)*"
TILE = rf"{CAPITAL}|[^\p{{Lu}}]+"
"""Every text is a row of such tiles: nothing is left between two of them."""

ABBREVIATIONS = (
    "г ст им ул обл пр р с п д тыс млн млрд т др пос мкр руб тел корп акад проф зам гл св гг кв "
    "st no vs dr mr mrs ms prof gen col sen rep jr sr inc ltd co corp dept govt e.g i.e "
    "қ ж көш б т.б ғ ауд"
).split()
# Behind an opening quotation mark or a dash a sentence may begin as well.
_OPENERS = r"[\s\"«“„‘(\[–—-]*"
SENTENCE_END = rf"(?:[.!?…;][\"»”’)\]]*|[\n\r⸻•]){_OPENERS}$"
ABBREVIATED = rf"(?:^|[^\p{{L}}])(?:{'|'.join(word.replace('.', '[.]') for word in ABBREVIATIONS)})\.\s*[\"«“]*$"
LONG_INITIALS = ("Kh", "Sh", "Zh", "Ch", "Ye", "Yu", "Ya", "Dj", "Дж")
"""Initials that are two letters of one sound; others are one capital letter. A stop follows either."""
STOP = r"\p{L}{3}[.!?…]+[»”)\"]*\s*"
_BLANK = ' \t\r\n"«“„(–—-'
_LONGEST_BLANK = 16
"""What stands between two sentences belongs to neither, and how many characters of it at most."""
INITIAL = rf"^(?:\p{{Lu}}\p{{M}}*|{'|'.join(LONG_INITIALS)})$"


def cut_words(texts: pl.Series) -> pl.DataFrame:
    """The capital words of each text (String, no nulls), in order.

    Returns `row` (UInt32, number of the text), `word`, `before`, `after` (String: what stands between it and the
    capital word on that side, or the text's end), `start`, `end` (Int64, characters), `is_start` (Boolean, whether a
    sentence begins with it), `is_first` (of its text).
    """
    lengths = texts.str.len_chars().cast(pl.Int64)
    row, tile, is_word, length = pl.col("row"), pl.col("tile"), pl.col("is_word"), pl.col("length")
    words = (
        pl.DataFrame({"tile": texts.str.extract_all(TILE), "begin": lengths.cum_sum() - lengths})
        .with_row_index("row")
        .explode("tile", empty_as_null=False)
        .with_columns(length=tile.str.len_chars().cast(pl.Int64), is_word=tile.str.contains(r"^\p{Lu}"))
        .with_columns(
            before=tile.shift(1),
            after=tile.shift(-1),
            end=length.cum_sum() - pl.col("begin"),
            is_gap_before=~is_word.shift(1, fill_value=True) & (row == row.shift(1)),
            is_gap_after=~is_word.shift(-1, fill_value=True) & (row == row.shift(-1)),
        )
        .filter("is_word")
        .select(
            "row",
            word="tile",
            before=pl.when("is_gap_before").then("before").otherwise(pl.lit("")),
            after=pl.when("is_gap_after").then("after").otherwise(pl.lit("")),
            start=pl.col("end") - length,
            end="end",
        )
        .with_columns(is_first=(row != row.shift(1)).fill_null(value=True))
    )
    return words.with_columns(is_start=_begin_sentences(words))


def _begin_sentences(words: pl.DataFrame) -> pl.Series:
    """Whether a sentence begins with each word: judged where more than a space stands before it."""
    gap, is_first, tail = pl.col("before"), pl.col("is_first"), pl.col("tail")
    starts = (
        words.select("is_first", "before", tail=gap.str.tail(12), previous=pl.col("word").shift(1))
        .with_row_index("at")
        .filter((gap != " ") | is_first)
        .filter(
            (is_first & ~gap.str.contains(r"[\p{L}\p{N}]"))
            | (~is_first & (tail.str.contains(SENTENCE_END) | tail.str.contains(r"\p{Ll}$") | (gap == "")))
        )
        .select("at", "tail", "previous", is_doubtful=tail.str.contains(".", literal=True))
    )
    # A stop may be that of an abbreviation or an initial.
    is_short = tail.str.contains(ABBREVIATED) | (
        tail.str.contains(r"^\.\s*$") & pl.col("previous").str.contains(INITIAL)
    )
    short = starts.filter("is_doubtful").filter(is_short.fill_null(value=False))["at"]
    none = pl.Series([False]).new_from_index(0, words.height)
    return none.scatter(starts["at"], True).scatter(short, False)


class Sentences:
    """Where the sentences of texts begin: a text begins one, and so does a digit behind a stop."""

    def __init__(self, texts: pl.Series, words: pl.DataFrame) -> None:
        """Take the texts and their capital words; a text without any is not asked about."""
        length = texts.str.len_chars().cast(pl.Int64)
        # One line of places over all texts, a text being as long as the longest: then each look-up is a search.
        self._size = max(length.to_list(), default=0) + 1
        start, row = pl.col("start"), pl.col("row")
        last = words.filter((row != row.shift(-1)).fill_null(value=True)).select("row", gap="after")
        parts = [
            last.select("row", start=pl.lit(0, pl.Int64), gap=pl.lit("")),
            words.filter("is_start").select("row", "start", gap="before"),
            last.select("row", start=length.gather(last["row"]), gap="gap"),
            *_digits(words),
        ]
        tail = pl.col("gap").str.tail(_LONGEST_BLANK)
        stops = (
            pl.concat(parts)
            .select(
                line=row.cast(pl.Int64) * self._size + start,
                blank=tail.str.len_chars().cast(pl.Int64) - tail.str.strip_chars_end(_BLANK).str.len_chars(),
            )
            .sort("line")
        )
        self._line, self._blank = stops["line"], stops["blank"]

    def around(self, places: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
        """For places (`row`, `start`) the start of the sentence and that of the next one, or the text's end."""
        base = places["row"].cast(pl.Int64) * self._size
        behind = self._line.search_sorted(base + places["start"], side="right").cast(pl.Int64)
        return self._line.gather(behind - 1) - base, self._line.gather(behind) - base

    def end(self, places: pl.DataFrame) -> pl.Series:
        """For places (`row`, `end`) where the sentence ends, without the blanks and opening marks behind it."""
        base = places["row"].cast(pl.Int64) * self._size
        at = self._line.search_sorted(base + places["end"], side="left")
        stop = self._line.gather(at) - base - self._blank.gather(at)
        return stop.zip_with(stop > places["end"], places["end"])


def _digits(words: pl.DataFrame) -> list[pl.DataFrame]:
    """Where a sentence begins with digits: none or one frame of `row`, `start` and `gap`, what stands before."""
    before = pl.col("before")
    stopped = words.filter(before.str.contains(STOP + "[0-9]"))
    if stopped.is_empty():
        return []
    digit = before.str.extract(f"(?s)^(.*{STOP})[0-9]")
    start = pl.col("start") - before.str.len_chars().cast(pl.Int64) + digit.str.len_chars()
    return [stopped.select("row", start=start, gap=digit)]
