"""Measure the restoration of paragraphs: which lost breaks come back, and whether any name is cut.

    python benchmarks/breaks.py

glues sentences of the golden texts together, as the newspaper's pages do, and sets names with capitals inside
(`tests/golden/names_with_capitals_inside.txt`), and others made of the parts of these, into sentences of three
languages. It prints the share of breaks that come back and the names that are cut.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent.parent))

from warehouse.normalise.lexicon import BreakWords
from warehouse.normalise.paragraphs import breaks
from warehouse.project import PROJECT
from warehouse.reference.rows import SEEDS, load_reference

GOLDEN = PROJECT / "tests" / "golden"
END = re.compile(r"(?<=[^\W\d_]{3}[.!?]) (?=[«“\"]?[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])")
WHOLE = re.compile(r"[«“\"]?[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ].{20,}(?:[^\W\d_]{2}|[»)%])[.!?]")
FIGURES = {
    "en": ("12 districts took part.", "55,300 tons of fuel came.", "1.5 billion tenge went there.", "98% is ready."),
    "ru": ("12 районов участвуют.", "55 300 тонн привезли.", "1,5 млрд тенге выделено.", "98% готово."),
    "kk": ("12 аудан қатысты.", "2025 жылы аяқталады.", "1,5 млрд теңге бөлінді.", "20-дан астам үй салынды."),
}
SETTINGS = """
{} opened an office.|The head of {} spoke.|They met at {}.|They met at {}|It ended.{} began.|It was good (KIS).{} began.
He said: «Done».{} began.|The end of the region{} opened an office|{}'s staff, {}: they, “{}” and "{}", ({}), {}-2. Then
Three firms:{};{};{}|NC {} JSC.|In {} in 2025.|{}
Компания {} сообщила. Для {}а, с {}ом. АО «{}».|Год прошёл.{} начал|{} открыла офис|В {}: 30 лет, {} 30 лет
{} ұлттық компаниясы. {}дың, {}да, {}-ның, «{}» АҚ.|Жыл өтті.{} жұмысын бастады.|Бүгін {} мен {} келісті|Бұл {}
"""


def main() -> None:
    """Print a row for each language and kind of break, the sum, and the names."""
    print("language  beside    breaks  back")
    total = back = 0
    for language, sentences in _sentences().items():
        for kind, pairs in _glued(sentences, FIGURES[language]).items():
            count = sum(
                len(before) in places
                for (before, _), places in zip(pairs, restore([before + after for before, after in pairs]), strict=True)
            )
            total, back = total + len(pairs), back + count
            print(f"{language:<8}  {kind:<8}  {len(pairs):>6}  {count / len(pairs):.3f}")
    print(f"all                 {total:>6}  {back / total:.3f}")
    names = (GOLDEN / "names_with_capitals_inside.txt").read_text(encoding="utf-8").split()
    for title, group in (("names", names), ("new names", list(made_of_parts(names)))):
        cut = sorted(set(cut_names(group)))
        print(f"{title}: {len(group)}, cut: {len(cut)} {' '.join(cut[:20])}".rstrip())


def restore(bodies: list[str]) -> list[list[int]]:
    """The offsets of the breaks of each body."""
    reference = load_reference(SEEDS)
    return breaks(pl.Series(bodies, dtype=pl.String), BreakWords.of(reference.lexicon, reference.places)).to_list()


def made_of_parts(names: Sequence[str]) -> Iterator[str]:
    """Names that nobody has: the beginnings of some with the endings of others."""
    parts = [re.findall(r"[A-ZА-ЯӘҒҚҢӨҰҮІ][a-zа-яәғқңөұүіё]{2,}", name) for name in names]
    pairs = [(found[0], found[-1]) for found in parts if len(found) > 1]
    for (first, _), (_, last) in product(pairs[::7], pairs[3::29]):
        if first.isascii() == last.isascii() and first != last:
            yield first + last


def cut_names(names: Sequence[str]) -> Iterator[str]:
    """The names that a break cuts, once for each setting that does."""
    settings = SETTINGS.strip().replace("\n", "|").split("|")
    cases = [(name, setting.replace("{}", name)) for name in names for setting in settings]
    for (name, body), places in zip(cases, restore([body for _, body in cases]), strict=True):
        inside = {at for match in re.finditer(name, body) for at in range(match.start() + 1, match.end())}
        if inside.intersection(places) and not (name[0].islower() and "region" + name in body):
            yield name


def _sentences() -> dict[str, list[str]]:
    """Whole sentences of the golden texts, by language."""
    texts: dict[str, list[str]] = {"en": [], "ru": [], "kk": []}
    for path in sorted((GOLDEN / "paragraphs").glob("*.restored.txt")):
        texts["en"] += path.read_text(encoding="utf-8").splitlines()
    with (GOLDEN / "languages.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            texts.get(row["language"], []).append(row["text"])
    return {
        language: list(
            dict.fromkeys(part for text in texts[language] for part in END.split(text) if WHOLE.fullmatch(part))
        )
        for language in texts
    }


def _glued(sentences: list[str], figures: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Pairs of sentences by what stands beside the break: a stop, a heading's last word or name, or a figure."""
    pairs = [
        (before, sentences[(at * 7 + step) % len(sentences)])
        for step in range(1, 40, 6)
        for at, before in enumerate(sentences)
    ]
    headings = [(before.rstrip(".!?"), after) for before, after in pairs if before[-2].islower() and after[0].isalpha()]
    small = [pair for pair in headings if re.search(r"(?:^| )[a-zа-яёәғқңөұүһі]+$", pair[0])]
    kinds = {
        "stop": pairs,
        "word": small,
        "name": [pair for pair in headings if pair not in small],
        "figure": [
            (before[:-1] + sign, figure)
            for before in sentences[::3]
            for sign in (".", ").", "».")
            for figure in figures
        ],
    }
    return {kind: glued for kind, glued in kinds.items() if glued}


if __name__ == "__main__":
    main()
