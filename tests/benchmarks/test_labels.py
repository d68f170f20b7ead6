"""The labelled texts: each can be read, cuts to its surfaces, and says of them what can be."""

import csv
import sys
from collections import Counter

import pytest

from warehouse.digest.read import parse
from warehouse.digest.records import LISTING
from warehouse.reference.header_names import HeaderNames
from warehouse.settings import PROJECT

sys.path.insert(0, str(PROJECT / "benchmarks"))

from labels import PARTS, BadLabelError, Passage, passages, unmark

PASSAGES = [passage for part in PARTS for passage in passages(part)]
each_passage = pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: f"{passage.part}-{passage.name}")


def test_the_seed_and_a_hundred_passages_in_three_languages_are_labelled() -> None:
    counts = Counter((passage.part, passage.language) for passage in PASSAGES)
    assert counts.pop(("seed", "en")) == 20
    assert all(count >= 17 for count in counts.values())
    assert len(counts) == 6


def test_the_texts_of_the_seed_are_those_of_the_digest() -> None:
    digest = (PROJECT / "seeds" / "digests" / "law-2025-05-21.txt").read_bytes()
    listings = [
        dict(zip(LISTING, listing, strict=True))
        for contents in parse([digest], HeaderNames())
        for listing in contents.listings
    ]
    assert {(p.date, p.title, p.body or None) for p in PASSAGES if p.part == "seed"} == {
        (listing["listed_date"], listing["title"], listing["body"]) for listing in listings
    }


@each_passage
def test_a_label_cuts_to_its_surface_and_subjects_stand_in_the_text(passage: Passage) -> None:
    for label in passage.facts:
        assert passage.text(label.field)[label.start : label.end] == label.surface == label.surface.strip()
        assert label.subject is None or label.subject in passage.title + passage.body


@each_passage
def test_offices_and_quotes_belong_to_a_person_of_the_text(passage: Passage) -> None:
    people = {label.key for label in passage.facts if label.kind == "person"}
    assert None not in people
    assert {label.key for label in passage.facts if label.kind in {"office", "quote"}} <= people


@each_passage
def test_units_are_known_and_deadlines_lie_ahead(passage: Passage) -> None:
    with (PROJECT / "seeds" / "lexicon" / "units.csv").open(encoding="utf-8", newline="") as file:
        known = {row["key"] for row in csv.DictReader(file)}
    assert {label.unit for label in passage.facts if label.kind == "figure"} <= known | {"count", "person", "per_1000"}
    assert all(label.deadline >= passage.date for label in passage.facts if label.deadline)


@pytest.mark.parametrize(
    ("marked", "complaint"),
    [
        ("of {17 km", "without its end"),
        ("of 17 km|17 km}", "without its label or beginning"),
        ("of {17 km}", "without its label or beginning"),
        ("of {17 km|length}", "no label: 'length' of '17 km'"),
        ("of {17 km|17 km roughly}", "'roughly' says nothing about a figure"),
    ],
)
def test_a_mark_that_cannot_be_read_is_an_error(marked: str, complaint: str) -> None:
    with pytest.raises(BadLabelError, match=complaint):
        unmark(marked, "body")


def test_marks_may_lie_within_marks() -> None:
    text, (office, place) = unmark("the {akim of {Abai Region|place}|office ten}", "title")
    assert text == "the akim of Abai Region"
    assert (office.surface, office.key, place.surface, place.start) == ("akim of Abai Region", "ten", "Abai Region", 12)
