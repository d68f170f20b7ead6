"""Write the lexicons of promises and quotes to seeds/lexicon: what promises.toml has, and the forms of Russian verbs.

Run by `make lexicon`; its output is committed. Each file has language, form, key, source and licence.
"""

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pymorphy3 import MorphAnalyzer

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds" / "lexicon"
OURS = ("project", "MIT")
INFLECTED = ("pymorphy3 (OpenCorpora)", "CC BY-SA 3.0")
FUTURE = ({"3per", "sing", "futr"}, {"3per", "plur", "futr"}, {"1per", "plur", "futr"})
SAYS = (
    *({"past", "sing", gender} for gender in ("masc", "femn")),
    {"past", "plur"},
    *({"3per", number, "pres"} for number in ("sing", "plur")),
)

Row = tuple[str, str, str, str, str]


def main() -> None:
    """Write both files."""
    words = tomllib.loads((HERE / "promises.toml").read_text(encoding="utf-8"))
    future = {
        *_rows(words["future_words"]),
        *_rows(words["no_future"]),
        *(("kk", f"-{ending}", "ending", *OURS) for ending in words["future_endings"]["kk"].split()),
        *_forms(words["future_verbs"]["ru"], FUTURE, "will"),
    }
    _write("future_words", future)
    _write("say_words", {*_rows(words["say_words"]), *_forms(words["say_verbs"]["ru"], SAYS, "say")})


def _rows(table: dict[str, dict[str, str]]) -> Iterator[Row]:
    for language, keys in table.items():
        for key, forms in keys.items():
            for form in forms.split():
                yield language, form.replace("_", " "), key, *OURS


def _forms(verbs: str, wishes: tuple[set[str], ...], key: str) -> Iterator[Row]:
    """The forms wished for."""
    morphology = MorphAnalyzer()
    for verb in verbs.split():
        for parse in morphology.parse(verb):
            forms = (parse.inflect(wish) for wish in wishes if "INFN" in parse.tag)
            yield from (("ru", form.word, key, *INFLECTED) for form in forms if form)


def _write(name: str, rows: set[Row]) -> None:
    """In order; a word is once in a file, ours before others'."""
    first: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: (row[3:] != OURS, row)):
        first.setdefault(row[:2], row)
    with (SEEDS / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("language", "form", "key", "source", "licence"))
        writer.writerows(sorted(first.values()))


if __name__ == "__main__":
    main()
