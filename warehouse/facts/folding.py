"""Fold names over three scripts: one spelling for `Тоқаев`, `Токаев` and `Tokayev`, and one stem for their cases.

Folded are case, marks and what transliterations differ in: `ye` is `e`, `zh` and `ж` are `j`, `kh` and `х` are `h`,
`y`, `й`, `ы` and `i` are `i`, Kazakh letters are their nearest, double letters are one.
"""

import re
import unicodedata

_CYRILLIC = dict(
    zip("абвгдезийклмнопрстуфхыэіқғңөұүәһ", "abvgdeziiklmnoprstufhieikgnouuah", strict=True),
    ж="j",
    ц="ts",
    ч="ch",
    ш="sh",
    щ="sh",
    ю="iu",
    я="ia",
    ё="e",
    ъ="",
    ь="",
)
_LATIN = {"ş": "sh", "ğ": "g", "ñ": "n", "ı": "i", "ә": "a", "ə": "a", "ß": "s", "ø": "o", "ł": "l", "æ": "e", "đ": "d"}
_LETTERS = str.maketrans(_CYRILLIC | _LATIN)
_DIGRAPHS = (
    *(("shch", "sh"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ck", "k"), ("ph", "f"), ("x", "ks"), ("q", "k")),
    *(("w", "u"), ("ye", "e"), ("y", "i")),
)
_OTHER = re.compile(r"[^a-z]+")
_DOUBLE = re.compile(r"(.)\1+")


def fold(name: str) -> str:
    """The folded spelling of a name: letters a to z, one space between its words."""
    text = name.lower().translate(_LETTERS)
    if not text.isascii():
        text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
        text = text.translate(_LETTERS)
    for digraph, letter in _DIGRAPHS:
        text = text.replace(digraph, letter)
    text = text.replace("'", "").replace("’", "").replace("ʼ", "").replace("‘", "")
    return _DOUBLE.sub(r"\1", _OTHER.sub(" ", text)).strip()
