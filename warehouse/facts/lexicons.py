"""The lexicons of `seeds/lexicon/` that names are read by, and the version that a rule has with them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from warehouse.facts.folding import fold
from warehouse.reference.rows import SEEDS
from warehouse.reference.table import hash_tables, read_table

LANGUAGES = ("en", "ru", "kk")
COLUMNS = ("language", "form", "key", "source", "licence")
CONTEXTS = (
    *("verb", "stop", "eponym_before", "eponym_after", "place_before", "place_after", "not_place", "needs_type"),
    "particle",
)
"""What words of `name_contexts.csv` say of the name beside them."""
CODE = Path(__file__).parent
MODULES = (
    *("folding", "lexicons", "mentions", "name_words", "office_words", "offices", "organisations", "people", "places"),
    *("runs", "words"),
)
"""The code that mentions are read by: with it their version changes."""


@dataclass(frozen=True, eq=False)
class NameLexicon:
    """What is known of names in a language; `sha256` of all tables and of the code beside them.

    `offices`: lower-case form → head, plural, modifier or honorific. `common`: lower-case words that are no names.
    `contexts`: lower-case words that stand beside names, by what they say. `places`: form as written → keys of
    `seeds/gazetteer.csv`. `organisations`: form as written → key. `fields`: how a word of an office begins → the field
    of work.
    Of all languages: `first_names`, folded; `weak_names` are words or places as well, `plain_names` nothing else.
    `kinds`: key of a place → country, region, city or district. `openers`: words that begin sentences and end no name,
    with a capital. `latin`: the lexicon for words in Latin letters, itself in English.
    """

    language: str
    offices: Mapping[str, str]
    common: frozenset[str]
    contexts: Mapping[str, frozenset[str]]
    places: Mapping[str, tuple[str, ...]]
    organisations: Mapping[str, str]
    fields: Mapping[str, str]
    first_names: frozenset[str]
    weak_names: frozenset[str]
    plain_names: frozenset[str]
    kinds: Mapping[str, str]
    openers: frozenset[str]
    sha256: str
    english: "NameLexicon | None" = None

    @property
    def latin(self) -> "NameLexicon":
        """The lexicon for words in Latin letters."""
        return self.english or self


def load_name_lexicons(seeds: Path = SEEDS) -> Mapping[str, NameLexicon]:
    """Read the lexicons of a folder, by language. Raises UsageError naming the file, and the line if there is one."""
    return _load_name_lexicons(seeds, hash_tables(seeds / "lexicon") + hash_tables(seeds))


@lru_cache(maxsize=4)
def _load_name_lexicons(seeds: Path, _state: bytes) -> Mapping[str, NameLexicon]:
    """The same, once for each state of the folder."""
    tables = (
        "offices",
        "first_names",
        "common_capitals",
        "name_contexts",
        "place_forms",
        "organisation_forms",
        "office_fields",
    )
    offices, names, common, contexts, places, organisations, fields = (_rows(seeds, table) for table in tables)
    read = [seeds / "lexicon.csv", seeds / "gazetteer.csv", *(seeds / "lexicon" / f"{table}.csv" for table in tables)]
    files = [*read, *(CODE / f"{module}.py" for module in MODULES)]
    sha256 = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    weak = frozenset(fold(row.form) for row in names if row.key == "weak")
    first = frozenset(fold(row.form) for row in names) - weak
    plain = frozenset(fold(row.form) for row in names if row.source == "project") - weak
    places_of_seeds = _cells(seeds / "gazetteer.csv", ("place_key", "kind"))
    kinds = {cells[0]: cells[1] for cells in places_of_seeds}
    words = _cells(seeds / "lexicon.csv", ("kind", "form"))
    openers = frozenset(form[:1].upper() + form[1:] for kind, form in words if kind == "opener")
    lexicons: dict[str, NameLexicon] = {}
    for language in LANGUAGES:
        lexicons[language] = NameLexicon(
            language,
            {row.form: row.key for row in reversed(offices) if row.language == language},
            frozenset(row.form for row in common if row.language == language),
            _by_key(row for row in contexts if row.language == language),
            _keys_of(row for row in places if row.language == language),
            {row.form: row.key for row in reversed(organisations) if row.language == language},
            {row.form: row.key for row in fields if row.language == language},
            *(first, weak, plain, kinds, openers, sha256, lexicons.get("en")),
        )
    return lexicons


class _Row(NamedTuple):
    language: str
    form: str
    key: str
    source: str
    licence: str


def _rows(seeds: Path, name: str) -> list[_Row]:
    return [_Row(*cells) for cells in _cells(seeds / "lexicon" / f"{name}.csv", COLUMNS)]


def _cells(path: Path, columns: tuple[str, ...]) -> list[list[str]]:
    """The cells of some columns of a file, by row."""
    table = read_table(path, columns)
    at = [table.header.index(column) for column in columns]
    return [[cells[each] for each in at] for _, cells in table.rows]


def _by_key(rows: Iterable[_Row]) -> dict[str, frozenset[str]]:
    forms: dict[str, set[str]] = {key: set() for key in CONTEXTS}
    for row in rows:
        forms[row.key].add(row.form)
    return {key: frozenset(each) for key, each in forms.items()}


def _keys_of(rows: Iterable[_Row]) -> dict[str, tuple[str, ...]]:
    keys: dict[str, tuple[str, ...]] = {}
    for row in rows:
        keys[row.form] = (*keys.get(row.form, ()), row.key)
    return keys
