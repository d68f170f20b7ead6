"""Places and organisations, each rule by texts that show it."""

import polars as pl
import pytest

from tests.facts.cases import unmark
from warehouse.facts.mentions import mentions
from warehouse.reference.rows import SEEDS, read_rows

PLACES = {
    "en": {
        "type word behind": "In [L Kostanay region] and [L Akmola Region] it rained.",
        "type word before": "He visited the [L city of Arkalyk] and the [L village of Kenesary].",
        "country": "The [L Republic of Kazakhstan], [L Kazakhstan]'s and the [L People's Republic of China].",
        "no name, a type word": "The [L Turgay region] grows.",
        "adjectives are none": "Kazakh and Kazakhstani experts came.",
        "lakes are none": "The ice of Lake Balkhash is thin.",
        "currency is none": "It cost 3 million US dollars.",
    },
    "ru": {
        "type word behind": "В [L Костанайской области] и [L Сырымском районе] дожди.",
        "type word before": "В [L городе Аркалык], [L г. Семей] и [L селе Кенесары] тепло.",
        "region without adjective": "Она посетила [L область Абай].",
        "cases": "Из [L Астаны] в [L Китай], [L Саудовскую Аравию] и [L США].",
        "adjective and republic": "Президент [L Кыргызской Республики] прибыл.",
        "adjectives are none": "Казахстанский и китайский заводы.",
        "currency is none": "Это 5 млрд долларов США.",
        "capitals": "ГЛАВА ПРАВИТЕЛЬСТВА ПРИБЫЛ В [L АКТОБЕ].",
    },
    "kk": {
        "type word": "[L Қостанай облысында], [L Арқалық қаласында], [L Үржар ауданының] және [L Кенесары ауылында].",
        "cases": "[L Астанада], [L Қытайдан] және [L Өзбекстанға].",
        "several words": "[L Батыс Қазақстан облысы], [L Біріккен Араб Әмірліктерінің].",
        "lakes are none": "Балқаш көлінде мұз жұқа.",
    },
}
ORGANISATIONS = {
    "en": ["The [O Ministry of Foreign Affairs] and [O UNICEF] agreed.", "At [O Karaganda Technical University] too."],
    "ru": ["В [O Министерстве просвещения] и [O ООН].", "Это [O АО «Самрук-Энерго»] и [O ТОО «Агро Плюс»]."],
    "kk": ["[O Денсаулық сақтау министрлігінің] және [O БҰҰ].", "Бұл [O «Агро Плюс» ЖШС]."],
}


def read(text: str, language: str, kind: str) -> list[str]:
    """The surfaces of one kind."""
    texts = pl.DataFrame({"id": [1], "language": [language], "text": [text]})
    return mentions(texts).filter(pl.col("kind") == kind)["surface"].to_list()


@pytest.mark.parametrize(("language", "name"), [(language, name) for language in PLACES for name in PLACES[language]])
def test_places_are_read_with_their_type_words(language: str, name: str) -> None:
    text, wanted = unmark(PLACES[language][name])
    assert read(text, language, "place") == [surface for _, surface, _ in wanted]


@pytest.mark.parametrize(
    ("language", "marked"), [(each, text) for each, texts in ORGANISATIONS.items() for text in texts]
)
def test_organisations_are_read(language: str, marked: str) -> None:
    text, wanted = unmark(marked)
    assert read(text, language, "organisation") == [surface for _, surface, _ in wanted]


def test_a_place_has_one_key_in_three_languages() -> None:
    texts = ["Akim of Abai Region", "Аким области Абай", "Абай облысының әкімі"]
    frame = pl.DataFrame({"id": [1, 2, 3], "language": ["en", "ru", "kk"], "text": texts})
    found = mentions(frame).filter(pl.col("kind") == "place")
    assert found["name_key"].to_list() == ["kz-10"] * 3


def test_every_form_has_its_place_and_every_place_its_region() -> None:
    places = read_rows(SEEDS / "gazetteer.csv", ("place_key", "kind", "region_iso", "country_iso"))
    forms = read_rows(SEEDS / "lexicon" / "place_forms.csv", ("language", "form", "key", "source", "licence"))
    regions = read_rows(SEEDS / "regions.csv", ("iso_code",))
    assert places["place_key"].is_unique().all()
    assert set(forms["key"]) <= set(places["place_key"])
    assert set(places["region_iso"].drop_nulls()) <= set(regions["iso_code"])
    kazakhstani = places.filter(pl.col("kind").is_in(["region", "district"]))
    assert kazakhstani["region_iso"].null_count() == 0
    assert forms.null_count().sum_horizontal().item() == 0
