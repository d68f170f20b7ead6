r"""Kinds of single characters, and classes of them for patterns of `re`, as Polars means them by `\p{L}` and `\s`.

Python's `\w` takes numerals such as `½` and `Ⅳ` for letters, its `\s` the separators of files for blanks.
"""

import unicodedata
from functools import cache

_NUMERALS = (  # of Unicode's categories No and Nl, up to 16 bits
    "\u00b2\u00b3\u00b9\u00bc-\u00be\u09f4-\u09f9\u0b72-\u0b77\u0bf0-\u0bf2\u0c78-\u0c7e\u0d58-\u0d5e\u0d70-\u0d78"
    "\u0f2a-\u0f33\u1369-\u137c\u16ee-\u16f0\u17f0-\u17f9\u19da\u2070\u2074-\u2079\u2080-\u2089\u2150-\u2182"
    "\u2185-\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u2cfd\u3007\u3021-\u3029\u3038-\u303a\u3192-\u3195"
    "\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289\u32b1-\u32bf\ua6e6-\ua6ef\ua830-\ua835"
)
LETTER = rf"[^\W\d_{_NUMERALS}]"
"""A letter."""
WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""All white space, for `strip`."""
SPACE = f"[{WHITE}]"
"""White space."""


class _Categories(dict[str, str]):
    """Unicode's category of each character, looked up once."""

    def __missing__(self, character: str) -> str:
        self[character] = category = unicodedata.category(character) if character else ""
        return category


CATEGORY = _Categories()
"""The category of a character, as `Lu`; of none the empty text."""


@cache
def capital() -> str:
    """The class of capital letters, up to 16 bits; made once, in a few milliseconds."""
    capitals = filter(str.isupper, map(chr, range(0x10000)))
    return f"[{''.join(letter for letter in capitals if CATEGORY[letter] == 'Lu')}]"


def word_at_end(text: str, end: int) -> str:
    """The letters that end right before a place."""
    begin = end
    while begin and CATEGORY[text[begin - 1]][0] == "L":
        begin -= 1
    return text[begin:end]


def word_at_start(text: str, begin: int = 0) -> str:
    """The letters that begin at a place."""
    end = begin
    while end < len(text) and CATEGORY[text[end]][0] == "L":
        end += 1
    return text[begin:end]
