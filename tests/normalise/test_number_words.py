"""Numbers in words, in three languages, with their cases."""

import pytest

from warehouse.errors import UsageError
from warehouse.normalise.number_words import NumberWords
from warehouse.reference.rows import SEEDS, load_reference

ROWS = load_reference(SEEDS).number_words
WORDS = NumberWords.of(ROWS)


def read(text: str) -> list[tuple[str, str]]:
    """The numbers of a text of words and blanks, with the words that each is made of."""
    words, numbers, at = text.split(), [], 0
    while at < len(words):
        number = WORDS.read(words, at, len(words))
        if number:
            numbers.append((" ".join(words[at : at + number.count]), f"{number.value.normalize():f}"))
        at += number.count if number else 1
    return numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("пять", "5"),
        ("пятью", "5"),
        ("трёх", "3"),
        ("ТРИ", "3"),
        ("двадцать пять", "25"),
        ("двадцатью пятью", "25"),
        ("сто двадцать пять тысяч", "125000"),
        ("тысяча девятьсот девяносто девять", "1999"),
        ("два миллиона триста тысяч сорок", "2300040"),
        ("полтора миллиона", "1500000"),
        ("два с половиной миллиона", "2500000"),
        ("сто тысяч", "100000"),
        ("шесть десятков", "60"),
        ("үш", "3"),
        ("бесеуі", "5"),
        ("он бес", "15"),
        ("жиырма бес", "25"),
        ("жүз жиырма бес мың", "125000"),
        ("екі жүз елу мың бес жүз", "250500"),
        ("үш миллион екі жүз мың", "3200000"),
        ("екі жарым миллион", "2500000"),
        ("жиырма бестен", "25"),
        ("twenty five", "25"),
        ("one hundred and five", "105"),
        ("three hundred thousand and one", "300001"),
        ("nineteen hundred", "1900"),
        ("half a million", "500000"),
        ("two and a half million", "2500000"),
        ("two dozen", "24"),
        ("миллион", "1000000"),
        # One letter of the other script.
        ("шеcть", "6"),
    ],
)
def test_a_run_of_words_is_one_number(text: str, value: str) -> None:
    assert read(text) == [(text, value)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("пять шесть домов", [("пять", "5"), ("шесть", "6")]),
        ("двадцать тридцать", [("двадцать", "20"), ("тридцать", "30")]),
        ("сто двести", [("сто", "100"), ("двести", "200")]),
        ("из үш кандидат", [("үш", "3")]),
        ("three and five", [("three", "3"), ("five", "5")]),
        ("one hundred and the rest", [("one hundred", "100")]),
        ("пять и шесть", [("пять", "5"), ("шесть", "6")]),
        ("он сказал", []),
        ("ол он жаста өнерге", [("он", "10")]),
        ("тысячи людей с половиной", []),
        ("Триумф Стожары семья второй екінші third", []),
    ],
)
def test_words_that_make_no_number_end_it(text: str, numbers: list[tuple[str, str]]) -> None:
    assert read(text) == numbers


@pytest.mark.parametrize("word", ["один", "одного", "one", "бір"])
def test_a_word_that_is_often_no_number_says_so(word: str) -> None:
    number, pair = WORDS.read([word], 0, 1), WORDS.read(["двадцать", "один"], 0, 2)
    assert number
    assert number.is_doubtful
    assert pair
    assert not pair.is_doubtful


def test_a_row_that_is_wrong_is_refused_by_its_form() -> None:
    for column, wrong in (("kind", "ordinal"), ("alone", "maybe"), ("value", "five")):
        rows = ROWS.head(1).with_columns(**{column: ROWS[column].head(1).replace_strict({}, default=wrong)})
        with pytest.raises(UsageError, match="Number word “ноль”"):
            NumberWords.of(rows)
