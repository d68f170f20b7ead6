"""What `warehouse.normalise.language` promises: the golden texts, the shape of the answer, when the library loads."""

from __future__ import annotations

import csv
import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.errors import UsageError
from warehouse.normalise import language
from warehouse.normalise.language import SAMPLED
from warehouse.normalise.lexicon import SmallWords
from warehouse.normalise.sentences import _add_up, _judge, _language_by_rules, _sentences, language_by_sentences
from warehouse.project import PROJECT
from warehouse.reference.rows import SEEDS, load_reference

ROOT = PROJECT
WORDS = SmallWords.of(load_reference(SEEDS).small_words)
LANGUAGES = {"kk", "ru", "en", "other", "mixed", "und"}


def detect(text: pl.Series) -> pl.Series:
    return language.detect(text, WORDS)


def golden() -> list[dict[str, str]]:
    with (ROOT / "tests/golden/languages.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# A wrong answer that is known stays in the file, with a reason that begins so; once right, the mark goes.
WRONG = "known_wrong"
GOLDEN = [
    pytest.param(row, marks=pytest.mark.xfail(strict=True)) if row["why"].startswith(WRONG) else row for row in golden()
]


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    texts = pl.Series([row["text"] for row in golden()])
    return dict(zip(texts, detect(texts), strict=True))


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: f"{row['language']}: {row['text'][:40]}")
def test_a_golden_text_has_its_language(row: dict[str, str], answers: dict[str, str]) -> None:
    assert answers[row["text"]] == row["language"], row["why"]


def test_the_golden_file_covers_every_answer_and_repeats_no_text() -> None:
    assert {row["language"] for row in golden()} == LANGUAGES
    assert len({row["text"] for row in golden()}) == len(golden()) >= 100


def test_null_stays_null_and_the_name_is_kept() -> None:
    told = detect(pl.Series("title", ["Военные учения", None, ""], dtype=pl.String))
    assert told.name == "title"
    assert told.dtype == pl.String
    assert told.to_list() == ["ru", None, "und"]


def test_no_rows_give_no_rows() -> None:
    assert detect(pl.Series("title", [], dtype=pl.String)).to_list() == []
    assert detect(pl.Series("title", [None], dtype=pl.String)).to_list() == [None]


def test_an_answer_does_not_depend_on_the_other_rows() -> None:
    texts = [row["text"] for row in golden()]
    together = detect(pl.Series(texts)).to_list()
    assert [detect(pl.Series([text])).item() for text in texts] == together


def test_the_texts_asked_about_are_left_as_they_were() -> None:
    texts = [row["text"] for row in golden() if row["language"] == "mixed"]
    series = pl.Series([text * (1 + SAMPLED // len(text)) for text in texts])
    before = series.to_list()
    detect(series)
    assert series.to_list() == before


def test_a_megabyte_without_a_break_is_answered() -> None:
    word = "Қазақстан".casefold()
    hostile = pl.Series([word * 60_000, "aа" * 250_000, "." * 1_000_000, "ы" * 500_000, "\u0301" * 500_000])
    assert set(detect(hostile)) <= LANGUAGES


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.text(max_size=500), max_size=8))
def test_any_text_gets_one_of_the_six_answers(texts: list[str | None]) -> None:
    told = detect(pl.Series("text", texts, dtype=pl.String)).to_list()
    assert [answer is None for answer in told] == [text is None for text in texts]
    assert {answer for answer in told if answer is not None} <= LANGUAGES


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("слово " * 60, [161, 161, 36]),
        ("x" * 159 + " " + "y" * 41 + " z", [201, 1]),
        ("x" * 161 + "y" * 40, [201]),
        ("x" * 300 + " " + "z" * 10, [300, 10]),
    ],
)
def test_a_long_sentence_is_cut_behind_the_word_that_makes_it_long(text: str, lengths: list[int]) -> None:
    assert _sentences(pl.Series([text]))["sentence"].str.len_chars().to_list() == lengths


CLEAR = """
import sys
import polars as pl
from warehouse.normalise import language
from warehouse.normalise.lexicon import SmallWords
from warehouse.reference.rows import SEEDS, load_reference
words = SmallWords.of(load_reference(SEEDS).small_words)
def detect(text):
    return language.detect(text, words)
assert "lingua" not in sys.modules
clear = ["The Minister visited the region", "Министр посетил область и район", "Қорғаныс министрі"]
assert detect(pl.Series([*clear, "", None, "2025"])).to_list() == ["en", "ru", "kk", "und", None, "und"]
assert detect(pl.Series(["Astana, May 12, 2025", "QARMET JSC"])).to_list() == ["en", "en"]
settled = "В Астане открыли новую школу имени Қаныша Сәтбаева и театр. Адрес: г. Алматы; Ерлан Султанов, тел. 16"
assert detect(pl.Series([settled])).to_list() == ["ru"]
assert "lingua" not in sys.modules
assert detect(pl.Series(["базасында"])).to_list() == ["kk"]
assert "lingua" in sys.modules
"""


def test_clear_text_names_and_settled_sums_never_load_the_library() -> None:
    subprocess.run([sys.executable, "-c", CLEAR], cwd=ROOT, check=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([row["text"][:120] for row in golden()]), min_size=1, max_size=6))
def test_sentences_that_are_not_judged_would_have_changed_nothing(drawn: list[str]) -> None:
    text = pl.Series([". ".join(drawn)])
    sentences = _language_by_rules(_sentences(text), WORDS)
    left = sentences["language"].is_null().arg_true()
    judged = sentences["language"].scatter(left, _judge(sentences["sentence"].gather(left), WORDS))
    all_judged = _add_up(sentences.with_columns(judged))["answer"]
    assert language_by_sentences(text, WORDS).item() == (all_judged.item() if len(all_judged) else "und")


def test_small_words_stand_for_words_beginnings_and_endings() -> None:
    rows = [("en", "word", "the"), ("en", "beginning", "visit"), ("en", "ending", "ting"), ("en", "ending", "ting,")]
    rows += [("kk", "word", "jáne"), ("kk", "beginning", "qazaqstan")]
    words = SmallWords.of(pl.DataFrame(rows, schema=["language", "kind", "form"], orient="row"))
    assert words.english == (" the ", " visit", "ting ", "ting,")
    assert words.kazakh == ("jáne", r"qazaqstan\w*")


@pytest.mark.parametrize(("code", "kind"), [("xx", "word"), ("en", "middle")])
def test_a_small_word_of_an_unknown_language_or_kind_is_refused(code: str, kind: str) -> None:
    with pytest.raises(UsageError, match="“oops”"):
        SmallWords.of(pl.DataFrame({"language": [code], "kind": [kind], "form": ["oops"]}))
