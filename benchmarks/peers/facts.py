"""Read texts with quantulum3 (figures, English) and natasha (names, Russian).

    benchmarks/.venv-readers/bin/python benchmarks/peers/facts.py <texts.json >facts.json

takes a list of `{"language", "text"}` and gives, for each text, a list of facts with the fields of `labels.Fact`. What
quantulum3 calls dimensionless may count people or things: it has the unit `any`.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

UNITS = {
    "dimensionless": "any",
    "percentage": "percent",
    "dollar": "USD",
    "united states dollar": "USD",
    "euro": "EUR",
    "kilometre": "km",
    "metre": "m",
    "centimetre": "cm",
    "millimetre": "mm",
    "square metre": "m2",
    "square kilometre": "km2",
    "cubic metre": "m3",
    "cubic kilometre": "km3",
    "hectare": "ha",
    "tonne": "t",
    "metric ton": "t",
    "ton": "t",
    "kilometre per hour": "km_h",
    "metre per second": "m_s",
    "degree Celsius": "degree_c",
    "degree": "degree_c",
    "megawatt": "MW",
    "gigawatt": "GW",
    "kilovolt": "kV",
    "kilowatt-hour": "kWh",
    "kilowatt hour": "kWh",
    "megawatt-hour": "MWh",
    "year": "year",
    "month": "month",
    "week": "week",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
}
NAMES = {"PER": "person", "LOC": "place", "ORG": "organisation"}


def figures(text: str) -> Iterator[dict[str, Any]]:
    """What quantulum3 finds: ranges as it has them, a value and how uncertain it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from quantulum3 import parser
    for found in parser.parse(text):
        start, end = found.span
        low, high = found.value, None
        if found.uncertainty:
            low, high = found.value - found.uncertainty, found.value + found.uncertainty
        unit = UNITS.get(found.unit.name, found.unit.name)
        yield {"kind": "figure", "start": start, "end": end, "value": low, "value_high": high, "unit": unit}


@cache
def _tagger() -> tuple[Any, Any]:
    from natasha import NewsEmbedding, NewsNERTagger, Segmenter

    return Segmenter(), NewsNERTagger(NewsEmbedding())


def names(text: str) -> Iterator[dict[str, Any]]:
    """What natasha finds: people, places, organisations."""
    from natasha import Doc

    segmenter, tagger = _tagger()
    document = Doc(text)
    document.segment(segmenter)
    document.tag_ner(tagger)
    for span in document.spans:
        yield {"kind": NAMES[span.type], "start": span.start, "end": span.stop}


def main() -> None:
    """Read texts from standard input, write facts to standard output."""
    readers = {"en": figures, "ru": names}
    texts = json.load(sys.stdin)
    json.dump([list(readers[text["language"]](text["text"])) for text in texts], sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
