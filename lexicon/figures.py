"""Write the lexicons of figures to seeds/lexicon: lemmas of units.toml and words.toml, Russian ones in all their forms.

Run by `make lexicon`; its output is committed. Each file has language, form, key, source and licence.
"""

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pymorphy3 import MorphAnalyzer
from pymorphy3.analyzer import Parse

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds" / "lexicon"
OURS = ("project", "MIT")
INFLECTED = ("pymorphy3 (OpenCorpora)", "CC BY-SA 3.0")
CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
RUSSIAN_LEMMAS = {"units", "scales", "counted_words"}
"""Tables whose Russian words are lemmas."""

Row = tuple[str, str, str, str, str]


def main() -> None:
    """Write every file."""
    words = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
    units = tomllib.loads((HERE / "units.toml").read_text(encoding="utf-8"))
    for name, table in {"units": units, **words}.items():
        rows = sorted(set(_rows(name, table)))
        with (SEEDS / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("language", "form", "key", "source", "licence"))
            writer.writerows(_prefer_ours(rows))


def _prefer_ours(rows: list[Row]) -> list[Row]:
    ours = {row[:3] for row in rows if row[3:] == OURS}
    return [row for row in rows if row[3:] == OURS or row[:3] not in ours]


def _rows(name: str, table: dict[str, dict[str, list[str] | str]]) -> Iterator[Row]:
    morphology = MorphAnalyzer()
    for language, keys in table.items():
        for key, forms in keys.items():
            # A form that ends in _ is one that was tried and misleads: it stays in the list so that nobody adds it.
            for form in forms.split() if isinstance(forms, str) else forms:
                if form.endswith("_"):
                    continue
                phrase = form.replace("_", " ").lower()
                yield language if language != "symbols" else "", phrase, key, *OURS
                if language == "ru" and (name in RUSSIAN_LEMMAS or key.endswith("_before")):
                    for inflected in _inflect(phrase, morphology):
                        yield language, inflected, key, *INFLECTED
                        if "ё" in inflected:
                            yield language, inflected.replace("ё", "е"), key, *INFLECTED


def _inflect(phrase: str, morphology: MorphAnalyzer) -> Iterator[str]:
    """All forms of a noun or adjective, of an adjective with its noun, or of a noun with what follows it."""
    words = phrase.split()
    if any(not word.replace("-", "").isalpha() or len(word) < 3 for word in words[:1]):
        return
    parses = [_parse(word, morphology) for word in words]
    first = parses[0]
    if first is None:
        return
    agrees = len(words) > 1 and "ADJF" in first.tag and parses[1] is not None and "NOUN" in parses[1].tag
    inflected = 2 if agrees else 1
    genders = ("masc", "femn", "neut") if "ADJF" in first.tag and not agrees else ("",)
    if agrees and parses[1] is not None:
        # Behind 2, 3, 4 and decimals: `2,5 процентных пункта`.
        many, one = first.inflect({"plur", "gent"}), parses[1].inflect({"sing", "gent"})
        if many and one:
            yield " ".join([many.word, one.word, *words[2:]])
    for number in ("sing", "plur"):
        for case in CASES:
            for gender in genders if number == "sing" else ("",):
                wish = {number, case} | ({gender} if gender else set())
                forms = [parse.inflect(_for(parse, wish, parses[inflected - 1])) for parse in parses[:inflected]]
                if all(forms):
                    yield " ".join([*(form.word for form in forms), *words[inflected:]])


def _for(parse: Parse, wish: set[str], head: Parse) -> set[str]:
    """The grammemes of a form; an adjective takes the gender of its noun."""
    if "ADJF" in parse.tag and "NOUN" in head.tag and "sing" in wish and head.tag.gender:
        return wish | {head.tag.gender}
    return wish


def _parse(word: str, morphology: MorphAnalyzer) -> Parse | None:
    """The reading of a word as a noun or adjective in its first form."""
    readings = [
        parse for parse in morphology.parse(word) if {"NOUN"} & set(parse.tag.grammemes) and parse.normal_form == word
    ]
    readings += [
        parse for parse in morphology.parse(word) if {"ADJF"} & set(parse.tag.grammemes) and parse.normal_form == word
    ]
    readings += [parse for parse in morphology.parse(word) if {"NOUN", "ADJF"} & set(parse.tag.grammemes)]
    return readings[0] if readings else None


if __name__ == "__main__":
    main()
