"""Offices beside names, however far they reach."""

import pytest

from warehouse.facts.lexicons import load_name_lexicons
from warehouse.facts.offices import NEAR, WINDOW, office_after, office_before

LONG = {
    "en": "Deputy Chairman of the Committee for the Protection of the Rights of Children",
    "ru": "заместитель председателя комитета по охране прав детей Министерства просвещения",
    "kk": "Мемлекеттік кірістер комитетінің Қостанай облысы бойынша департаментінің басшысы",
}
BEFORE = {"en": "It was said yesterday by the ", "ru": "Вчера сообщил, ", "kk": "Кеше айтты, "}


@pytest.mark.parametrize("language", LONG)
@pytest.mark.parametrize("words", [0, 1, 20])
def test_an_office_longer_than_the_near_window_is_whole(language: str, words: int) -> None:
    """An office is cut from the whole window where the words next to the name do not hold it."""
    office = LONG[language]
    window = (BEFORE[language] * words + office + " ")[-WINDOW:]
    found = office_before(window, load_name_lexicons()[language])
    assert len(office) > NEAR
    assert found is not None
    assert window[found[0] : found[1]] == office


def test_an_office_behind_a_name_is_sought_among_the_next_words_only() -> None:
    """A head far behind the name is another's; one among the first words is the office."""
    english = load_name_lexicons()["en"]
    assert office_after(", chief doctor of the hospital, spoke", english) == (2, 30)
    assert office_after(", known to all that have ever met him as director", english) is None
