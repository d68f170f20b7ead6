"""Who is one person over texts, and who may be."""

import polars as pl

from warehouse.facts.identity import identify_people, person_candidates
from warehouse.facts.lexicons import load_name_lexicons
from warehouse.facts.mentions import mentions

TEXTS = [
    ("en", "Minister of Trade Arman Shakkaliyev came."),
    ("ru", "Заместитель премьера Арман Шаккалиев прибыл."),
    ("ru", "Студент Арман Шаккалиев победил."),
    ("kk", "А. Шаккалиев келді."),
    ("ru", "Арман Шаккалиев прибыл."),
]


def test_equal_names_in_compatible_offices_are_one_and_others_are_candidates() -> None:
    frame = pl.DataFrame(
        [(number, *each) for number, each in enumerate(TEXTS)], schema=["id", "language", "text"], orient="row"
    )
    people = identify_people(mentions(frame), ["id"], load_name_lexicons())
    assert people["person_key"].to_list() == [
        *["arman shakaliev|public"] * 2,
        *("arman shakaliev|study", "a shakaliev|", "arman shakaliev|"),
    ]
    assert person_candidates(people).rows() == [
        ("a shakaliev|", "arman shakaliev|", "initial"),
        ("a shakaliev|", "arman shakaliev|public", "initial"),
        ("a shakaliev|", "arman shakaliev|study", "initial"),
        ("arman shakaliev|", "arman shakaliev|public", "same_name"),
        ("arman shakaliev|", "arman shakaliev|study", "same_name"),
        ("arman shakaliev|public", "arman shakaliev|study", "same_name"),
    ]
