"""Inflect the names of `seeds/lexicon`: from the rows that people write to all forms that texts have.

    python lexicon/names.py

keeps the rows of `project` and `babel` in each file, and writes all others again, each with the library and the licence
it comes from. A word is added as one row of `project`; after that this is run, and what it writes is committed. Run by
`make lexicon`, in an environment of its own.
"""

import csv
import re
import runpy
from collections.abc import Callable, Iterable
from pathlib import Path

import natasha
import pymorphy3
from babel import Locale
from qazaq_inflector import QazaqNameInflector

SEEDS = Path(__file__).parent.parent / "seeds"
COLUMNS = ("language", "form", "key", "source", "licence")
Row = tuple[str, str, str, str, str]

fold: Callable[[str], str] = runpy.run_path(str(SEEDS.parent / "warehouse" / "facts" / "folding.py"))["fold"]
MORPHOLOGY, INFLECTOR = pymorphy3.MorphAnalyzer(), QazaqNameInflector()
RUSSIAN_CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
KAZAKH_CASES = ("nominative", "genitive", "dative", "accusative", "locative", "ablative", "instrumental")
KAZAKH_VOWELS = {**dict.fromkeys("аоұыуяюё", "back"), **dict.fromkeys("әеөүіэи", "front")}
POSSESSED = {
    "ы": ("", "ның", "на", "н", "нда", "нан", "мен", "ндағы"),
    "і": ("", "нің", "не", "н", "нде", "нен", "мен", "ндегі"),
}


RUSSIAN = ("pymorphy3 (OpenCorpora)", "CC BY-SA 3.0")
KAZAKH, NAMES, BABEL = ("qazaq-inflector", "MIT"), ("natasha", "MIT"), ("babel", "BSD-3-Clause")
RULE = ("project, by rule", "MIT")


def main() -> None:
    """Write every file again."""
    kinds = {row["place_key"]: row["kind"] for row in _read(SEEDS / "gazetteer.csv")}
    _rewrite("offices", _offices)
    _rewrite("common_capitals", _common)
    _rewrite("first_names", _names)
    _rewrite("place_forms", lambda rows: [*_territories(rows, kinds), *_places(rows, kinds)])
    _rewrite("organisation_forms", _organisations)


def _offices(rows: list[Row]) -> Iterable[Row]:
    for language, form, key, *_ in rows:
        if language == "en" and key == "head":
            yield (language, _plural(form), "plural", *RULE)
        elif language == "ru" and key == "head":
            yield from _rows(language, _russian(form, "sing", "plur"), key, RUSSIAN)
        elif language == "ru" and key == "modifier":
            yield from _rows(language, _adjective(form), key, RUSSIAN)
        elif language == "kk" and key == "head":
            yield from _rows(language, _kazakh(form), key, KAZAKH)
            yield from _rows(language, _possessed(_possessive(form)), key, RULE)


def _common(rows: list[Row]) -> Iterable[Row]:
    for language, form, key, *_ in rows:
        if len(form) < 4:
            continue
        if language == "ru":
            word = MORPHOLOGY.parse(form)[0]
            if word.tag.POS in {"NOUN", "ADJF", "PRTF"} and "nomn" in word.tag and "Name" not in word.tag:
                forms = {each.word for each in word.lexeme if each.tag.POS == word.tag.POS}
                yield from _rows(language, forms, key, RUSSIAN)
        elif language == "kk" and form[-1] in POSSESSED:
            yield from _rows(language, _possessed(form), key, RULE)
        elif language == "kk":
            yield from _rows(language, _kazakh(form), key, KAZAKH)


def _names(rows: list[Row]) -> Iterable[Row]:
    """The first names of natasha in Russian spelling; one that is a word as well is weak."""
    known = {fold(form) for _, form, *_ in rows}
    words = {fold(row["form"]) for row in _read(SEEDS / "lexicon" / "common_capitals.csv") if row["language"] != "en"}
    folder = Path(natasha.__file__).parent / "data" / "dict"
    doubtful = {fold(name) for name in (folder / "maybe_first.txt").read_text(encoding="utf-8").split()}
    for name in (folder / "first.txt").read_text(encoding="utf-8").split():
        key = fold(name)
        readings = [reading for reading in MORPHOLOGY.parse(name) if reading.score >= 0.2]
        if len(key) < 3 or key in known | words or any("Geox" in reading.tag for reading in readings):
            continue
        known.add(key)
        is_word = MORPHOLOGY.word_is_known(name) and any(
            not {"Name", "Surn", "Patr"} & reading.tag.grammemes for reading in readings
        )
        yield ("ru", name, "weak" if key in doubtful or is_word or len(key) < 4 else "first", *NAMES)


def _territories(rows: list[Row], kinds: dict[str, str]) -> Iterable[Row]:
    """The English names of countries that no row has yet."""
    names = Locale("en").territories
    known = {(form, key) for language, form, key, *_ in rows if language == "en"}
    for key in (key for key, kind in kinds.items() if kind == "country"):
        name = re.sub(r"\s*[(–].*", "", names[key.upper()])
        if (name, key) not in known:
            yield ("en", name, key, *BABEL)


def _places(rows: list[Row], kinds: dict[str, str]) -> Iterable[Row]:
    """The cases of countries and cities; regions and districts have theirs in the word `region` or `district`."""
    for language, form, key, *_ in rows:
        is_kazakhstani = key.startswith("kz") and key != "kz"
        if language == "en" and is_kazakhstani and re.match(r"E[^kx]", form):
            yield (language, f"Ye{form[1:]}", key, *RULE)
        elif kinds[key] in {"region", "district"} or form.isupper():
            continue
        elif language == "ru":
            yield from _rows(language, _russian_name(form), key, RUSSIAN)
            yield from _rows(language, {each.replace("ё", "е") for each in _russian_name(form)}, key, RUSSIAN)
        elif language == "kk" and " " in form and form[-1] in POSSESSED:
            yield from _rows(language, _possessed(form), key, RULE)
        elif language == "kk":
            yield from _rows(language, _kazakh(form), key, KAZAKH)


def _organisations(rows: list[Row]) -> Iterable[Row]:
    for language, form, key, *_ in rows:
        if language == "ru" and not form.isupper():
            words = form.split(" ")
            # The first word, and the noun that an adjective there belongs to, decline; what they govern does not.
            count = 2 if "ADJF" in MORPHOLOGY.parse(words[0])[0].tag and len(words) > 1 else 1
            for head in _russian_name(" ".join(words[:count])):
                yield (language, " ".join([head, *words[count:]]), key, *RUSSIAN)
        elif language == "kk" and form[-1] in POSSESSED and not form.isupper():
            yield from _rows(language, _possessed(form), key, RULE)


def _russian(word: str, *numbers: str) -> set[str]:
    """The cases of a noun."""
    readings = MORPHOLOGY.parse(word)
    reading = next((each for each in readings if "nomn" in each.tag), readings[0])
    forms = (reading.inflect({case, number}) for case in RUSSIAN_CASES for number in numbers)
    return {form.word for form in forms if form}


def _adjective(word: str) -> set[str]:
    reading = next((each for each in MORPHOLOGY.parse(word) if "nomn" in each.tag), MORPHOLOGY.parse(word)[0])
    sides = ({"sing", "masc"}, {"sing", "femn"}, {"plur"})
    forms = (reading.inflect({case, *side}) for case in RUSSIAN_CASES for side in sides)
    return {form.word for form in forms if form}


def _russian_name(name: str) -> set[str]:
    """The cases of a name: all its words that begin with a capital decline, of a name with hyphens its last part."""
    forms = set()
    for case in RUSSIAN_CASES:
        forms.add(" ".join(_decline(word, case) for word in name.split(" ")))
    # `Республики Казахстан`: only the first word declines.
    if name.startswith(("Республика ", "Королевство ", "Государство ", "Султанат ")):
        head, _, rest = name.partition(" ")
        forms = {f"{_decline(head, case)} {rest}" for case in RUSSIAN_CASES}
    return forms


def _decline(word: str, case: str) -> str:
    if not word[:1].isupper():
        return word
    start, hyphen, last = word.rpartition("-")
    readings = MORPHOLOGY.parse(last)
    form = next((each for each in readings if "nomn" in each.tag), readings[0]).inflect({case})
    return f"{start}{hyphen}{form.word[:1].upper()}{form.word[1:]}" if form else word


def _kazakh(word: str) -> set[str]:
    """The cases of a noun, and its locative as an adjective (`Алматыдағы`)."""
    forms = {INFLECTOR.inflect(word, case) for case in KAZAKH_CASES}
    locative = INFLECTOR.inflect(word, "locative")
    return forms | {locative + ("ғы" if locative[-1] == "а" else "гі")}


def _possessive(word: str) -> str:
    """The noun as somebody's: `министр`, `министрі`; `төраға`, `төрағасы`."""
    side = next((KAZAKH_VOWELS[letter] for letter in reversed(word) if letter in KAZAKH_VOWELS), "back")
    ending = "ы" if side == "back" else "і"
    if word[-1] in KAZAKH_VOWELS:
        return f"{word}с{ending}"
    voiced = {"қ": "ғ", "п": "б"} | ({"к": "г"} if side == "front" else {})
    return word[:-1] + voiced.get(word[-1], word[-1]) + ending


def _possessed(phrase: str) -> set[str]:
    return {phrase + ending for ending in POSSESSED[phrase[-1]]}


def _plural(word: str) -> str:
    if word.endswith("man"):
        return f"{word[:-3]}men"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return word + ("es" if word.endswith(("ch", "ss", "x")) else "s")


def _rows(language: str, forms: Iterable[str], key: str, source: tuple[str, str]) -> Iterable[Row]:
    return ((language, form, key, *source) for form in sorted(forms))


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rewrite(name: str, derive: Callable[[list[Row]], Iterable[Row]]) -> None:
    """Write the rows that people wrote, then the derived ones that are not among them."""
    path = SEEDS / "lexicon" / f"{name}.csv"
    cells = [tuple(row[column] for column in COLUMNS) for row in _read(path)]
    rows: list[Row] = [(a, b, c, d, e) for a, b, c, d, e in cells if re.fullmatch(r"project|babel", d)]
    by_form = {row[:3]: row for row in reversed([*rows, *derive(rows)])}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS, *reversed(by_form.values())])
    print(f"{path.name}: {len(rows):,} rows written by people, {len(by_form) - len(rows):,} derived")


if __name__ == "__main__":
    main()
