"""Of what kind an edit is where dates are told in another order or in words, and figures in other ways of writing.

And texts of megabytes, of which only what differs is read.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SEED
from warehouse.compare.edits import Edit, Text, compare
from warehouse.compare.stretches import AROUND, MOST_READ, stretches

SENTENCE = "На заседании обсудили {}, и решение приняли."
BODIES = [line.partition("Source")[0] for line in SEED.read_text(encoding="utf-8").splitlines() if len(line) > 400]


def edit_of(before: str, after: str) -> Edit:
    return compare(Text("О заседании", before), Text("О заседании", after))


def kinds_in(sentence: str, before: str, after: str) -> tuple[str, ...]:
    told = edit_of(sentence.format(before), sentence.format(after))
    mirrored = edit_of(sentence.format(after), sentence.format(before))
    assert mirrored.kinds == told.kinds
    assert mirrored.numbers == tuple((new, old) for old, new in told.numbers)
    return told.kinds


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("on May 16, 2025 they met", "on 16 May 2025 they met", ("cosmetic",)),
        ("on May 16 they met", "on 16 May they met", ("cosmetic",)),
        ("on May 16, 2025 they met", "on 17 May 2025 they met", ("date",)),
        ("on May 16, 2025 they met", "on 16 June 2025 they met", ("date",)),
        ("до конца мая", "до конца июня", ("date",)),
        ("в мае", "в июне", ("date",)),
        ("in May they met", "in June they met", ("date",)),
        ("мамыр айында өтті", "маусым айында өтті", ("date",)),
        ("с мая по июль", "с мая по август", ("date",)),
        ("до конца мая", "до конца мае", ("wording",)),
        ("до конца мая", "до конца года", ("wording",)),
        ("шестнадцатого мая", "семнадцатого мая", ("date",)),
        ("двадцать первого мая", "тридцатого мая", ("date",)),
        ("двадцать первого мая", "двадцать третьего мая", ("date",)),
        ("he met on the sixteenth of May", "he met on the seventeenth of May", ("date",)),
        ("he met on May sixteenth there", "he met on May seventeenth there", ("date",)),
        ("он алтыншы мамыр күні", "он жетінші мамыр күні", ("date",)),
        ("жиырмасыншы мамыр күні", "отызыншы мамыр күні", ("date",)),
        ("вторая встреча", "третья встреча", ("wording",)),
        ("второго тома", "третьего тома", ("wording",)),
    ],
)
def test_a_date_is_a_date_in_whatever_order_and_words(before: str, after: str, kinds: tuple[str, ...]) -> None:
    assert kinds_in(SENTENCE, before, after) == kinds


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("10'000 человек", "10000 человек", ("cosmetic",)),
        ("10’000’000 человек", "10 000 000 человек", ("cosmetic",)),
        ("10'000 человек", "10'500 человек", ("number",)),
        ("1,500 tonnes", "1.5 tonnes", ("number",)),
        ("about 1,500 of", "about 1.5 of", ("number",)),
        ("1,500 tonnes", "1500 tonnes", ("cosmetic",)),
        ("1,500 тонн", "1.500 тонн", ("cosmetic",)),
        ("1,500 тонн", "1 500 тонн", ("cosmetic",)),
        ("½ части", "¼ части", ("number",)),
        ("½ части", "0,5 части", ("cosmetic",)),
        ("10⁶ тонн", "10⁷ тонн", ("number",)),
        ("10⁶ тонн", "106 тонн", ("number",)),
        ("5 м² земли", "5 м2 земли", ("cosmetic",)),
        ("5 м² земли", "5 м³ земли", ("number",)),
    ],
)
def test_a_figure_is_its_value_in_whatever_way_it_is_written(before: str, after: str, kinds: tuple[str, ...]) -> None:
    sentence = "They say {} that day." if before.isascii() and "'" not in before else SENTENCE
    assert kinds_in(sentence, before, after) == kinds


# Long texts

PLAIN = ". ".join(f"Слово {number} о деле и людях" for number in range(MOST_READ // 40)) + ". "


def long(*pieces: str) -> str:
    """The pieces with a long text before, between and behind them."""
    return PLAIN + PLAIN.join(pieces) + PLAIN


def test_of_a_long_text_the_edits_are_told_as_of_a_short_one() -> None:
    before = ("Выделено 5 млн тенге в Астане. ", "Сказал министр Иванов вчера. ", "Встреча прошла 16 мая. ")
    after = ("Выделено 6 млн тенге в Астане. ", "Сказал министр Петров вчера. ", "Встреча прошла 17 мая. ")
    told = edit_of(long(*before), long(*after))
    assert told.kinds == ("number", "date", "name")
    assert told.numbers == (("5 млн", "6 млн"),)
    assert [(change.before, change.after) for change in told.changes] == [
        ("5", "6"),
        ("Иванов", "Петров"),
        ("16", "17"),
    ]
    for change in told.changes:
        assert long(*before)[change.before_start : change.before_end] == change.before
        assert long(*after)[change.after_start : change.after_end] == change.after
    assert 0 < told.changed_share < 0.001
    assert told.notes == ()


def test_typography_of_a_long_text_is_cosmetic() -> None:
    assert edit_of(long("x"), long("x").replace(" о деле", "\u00a0о деле")).kinds == ("cosmetic",)
    assert edit_of(long("«x»"), long("“x”") + "\n").kinds == ("cosmetic",)
    told = edit_of(long("5 домов. "), long("6 домов. ").replace(" и ", "\u00a0и "))
    assert told.kinds == ("number", "cosmetic")


def test_a_stretch_too_long_to_be_read_is_told_as_rewritten() -> None:
    before, after = long("x"), long("x").replace("о деле", "на деле")
    told = edit_of(before, after)
    assert (told.kinds, told.notes) == (("wording",), ("unread",))
    assert [change.op for change in told.changes] == ["rewrite"]
    assert told.changes[0].before == before[told.changes[0].before_start : told.changes[0].before_end]
    assert told.changed_share > 0.9


@pytest.mark.parametrize("unit", ["1 000 ", "слово о деле и людях, ", "x", "слово\n", "1.5"])
def test_a_text_of_one_thing_repeated_is_compared_in_bounded_time(unit: str) -> None:
    half = unit * (1_000_000 // len(unit))
    told = edit_of(half * 2, f"Новое начало. {half} вставка {half} конец")
    assert told.kind in {"wording", "number"}
    assert edit_of(half, half + "ы").kind == "wording"


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    chance = random.Random(draw(st.integers(0, 9999)))
    sentences = [sentence for _ in range(3) for body in BODIES for sentence in body.split(". ")]
    before = list(sentences)
    for _ in range(draw(st.integers(0, 6))):
        at = chance.randrange(len(sentences))
        sentences[at : at + chance.randrange(3)] = chance.choice([[], ["Новое."], [sentences[at] + " 5"], ["\n"]])
    return ". ".join(before), ". ".join(sentences)


@settings(max_examples=60, deadline=None)
@given(edited())
def test_what_lies_between_the_stretches_is_the_same(versions: tuple[str, str]) -> None:
    before, after = versions
    found, is_respelled = stretches(before, after)
    at = (0, 0)
    for stretch in found:
        kept = before[at[0] : stretch.before[0]]
        assert kept == after[at[1] : stretch.after[0]] or is_respelled
        assert stretch.before[0] >= at[0]
        assert stretch.after[0] >= at[1]
        at = stretch.before[1], stretch.after[1]
    assert before[at[0] :] == after[at[1] :] or is_respelled
    assert bool(found) or before.split() == after.split()
    for stretch in found:
        begin, start = stretch.before[0], stretch.after[0]
        assert before[begin : begin + AROUND] == after[start : start + AROUND] or not begin or is_respelled
