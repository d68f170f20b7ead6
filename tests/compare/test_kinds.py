"""Of what kind an edit is where dates are told in another order or in words, and figures in other ways of writing.

And texts of megabytes, of which only what stands between their equal beginnings and ends is read, up to a limit.
"""

import sys
import tracemalloc

import pytest

from tests.compare.test_edits import VOCABULARY, edit_of
from warehouse.compare.alignment import MOST_ALIGNED

SENTENCE = "На заседании обсудили {}, и решение приняли."


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
        ("двадцать первого мая", "тридцать первого мая", ("date",)),
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
    ("names", "month"),
    [
        ("January january JANUARY Jan jan", 1),
        ("MARCH март марта марте мартом Наурызда", 3),
        ("May MAY мая маем МАЙ мамырдан", 5),
        ("September Sept Sep сентября сентябрём қыркүйек қыркүйектің қыркүйегінде", 9),
        ("may JAN ма мартен декабрьский жел", None),
    ],
)
def test_months_are_named_in_their_cases(names: str, month: int | None) -> None:
    assert {name: VOCABULARY.dates.month_of(name) for name in names.split()} == dict.fromkeys(names.split(), month)


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


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        ("три", "пять", [("три", "пять")]),
        ("трёх", "пяти", [("трёх", "пяти")]),
        ("трое", "пятеро", [("трое", "пятеро")]),
        ("three", "five", [("three", "five")]),
        ("үш", "бес", [("үш", "бес")]),
        ("үшеуі", "бесеуі", [("үшеуі", "бесеуі")]),
        ("оннан астам", "жиырмадан астам", [("оннан", "жиырмадан")]),
        ("три", "5", [("три", "5")]),
        ("пять тысяч", "6000", [("пять тысяч", "6000")]),
        ("пять тысяч", "пять миллионов", [("пять тысяч", "пять миллионов")]),
        ("двадцать пять", "двадцать", [("двадцать пять", "двадцать")]),
        (
            "сто двадцать пять тысяч",
            "сто двадцать шесть тысяч",
            [("сто двадцать пять тысяч", "сто двадцать шесть тысяч")],
        ),
        ("жүз жиырма бес мың", "жүз жиырма алты мың", [("жүз жиырма бес мың", "жүз жиырма алты мың")]),
        ("twenty-five", "twenty-six", [("twenty-five", "twenty-six")]),
        ("пять процентов", "6%", [("пять процентов", "6%")]),
        ("построен один завод", "построен два завода", [("один", "два")]),
        ("три", "3", []),
        ("три", "трёх", []),
        ("5 тысяч", "пять тысяч", []),
        ("пять тысяч", "5000", []),
        ("полтора миллиона", "1,5 млн", []),
        ("два с половиной миллиона", "2,5 млн", []),
        ("one hundred and five", "105", []),
        ("жиырма бес мың", "25 000", []),
        ("пять процентов", "5%", []),
        ("дом, один раз", "сад, пять дней", []),
        ("он пришёл", "пять пришли", []),
        ("Триумф", "пять", []),
        ("второй дом", "третий дом", []),
        ("екінші", "үшінші", []),
    ],
)
def test_a_number_in_words_is_its_value(before: str, after: str, numbers: list[tuple[str, str]]) -> None:
    told = edit_of(SENTENCE.format(before), SENTENCE.format(after))
    assert list(told.numbers) == numbers
    assert ("number" in told.kinds) == bool(numbers)
    assert kinds_in(SENTENCE, before, after) == told.kinds


# Long texts

SENTENCES = "".join(f"Слово {number} о деле и людях страны. " for number in range(MOST_ALIGNED // 25))
"""Longer than can be aligned."""
SOME = SENTENCES[: MOST_ALIGNED // 8].rpartition(" Слово")[0] + " "


def long(*pieces: str) -> str:
    """The pieces with some text between them, and more than can be aligned before and behind them."""
    return f"{SENTENCES}{SOME.join(pieces)}Потом. {SENTENCES}"


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
    assert "rewrite" not in {change.op for change in told.changes}


def test_typography_within_a_long_text_is_cosmetic() -> None:
    assert edit_of(long(SOME), long(SOME.replace(" о деле", "\u00a0о деле"))).kinds == ("cosmetic",)
    assert edit_of(long("«x» "), long("“x” ") + "\n").kinds == ("wording",)
    assert edit_of(long("«x» "), long("“x” ")).kinds == ("cosmetic",)
    told = edit_of(long("5 домов. " + SOME), long("6 домов. " + SOME.replace(" и ", "\u00a0и ")))
    assert told.kinds == ("number", "cosmetic")


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(long("x").replace("о деле", "на деле"), id="other words"),
        pytest.param(long("x").replace(" о деле", "\u00a0о деле"), id="other spaces"),
        pytest.param("Новое. " + long("x") + "Новое.", id="both ends"),
        pytest.param(SENTENCES[::-1], id="nothing alike"),
    ],
)
def test_what_is_too_long_to_be_aligned_is_told_as_rewritten(after: str) -> None:
    before = long("x")
    told, mirrored = edit_of(before, after), edit_of(after, before)
    assert (told.kinds, told.numbers) == (("wording",), ())
    assert (mirrored.kinds, mirrored.changed_share) == (told.kinds, told.changed_share)
    [change], [back] = told.changes, mirrored.changes
    assert (change.op, back.op) == ("rewrite", "rewrite")
    assert (change.before, change.after) == (back.after, back.before)
    assert change.before == before[change.before_start : change.before_end]
    assert change.after == after[change.after_start : change.after_end]
    assert before[: change.before_start] == after[: change.after_start]
    assert before[change.before_end :] == after[change.after_end :]
    assert 0.9 < told.changed_share <= 1


def test_what_is_too_long_to_be_aligned_takes_no_memory_but_that_of_a_few_copies() -> None:
    before, after = SENTENCES * 8, SENTENCES[::-1] * 8
    tracemalloc.start()
    edit_of(before, after)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 * (sys.getsizeof(before) + sys.getsizeof(after))


@pytest.mark.parametrize("unit", ["1 000 ", "слово о деле и людях, ", "x", "слово\n", "1.5"])
def test_a_text_of_one_thing_repeated_is_compared_in_bounded_time(unit: str) -> None:
    half = unit * (1_000_000 // len(unit))
    told = edit_of(half * 2, f"Новое начало. {half} вставка {half} конец")
    assert told.kind in {"wording", "number"}
    assert edit_of(half, half + "ы").kind == "wording"


@pytest.mark.parametrize("unit", ["a ", "16 мая 2025, "], ids=["letters", "dates"])
def test_texts_just_short_enough_to_be_aligned_are_compared_in_bounded_time(unit: str) -> None:
    before = unit * (MOST_ALIGNED // 2 // len(unit))
    told = edit_of(before, before[len(before) // 2 : -20] + "x" + before[: len(before) // 2])
    assert "rewrite" not in {change.op for change in told.changes}
    assert told.kind in {"wording", "number", "date"}
