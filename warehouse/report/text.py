"""Text of digests, pages and file names, written so that nothing in it can act where a person reads it."""

import unicodedata


def visible(text: str) -> str:
    """The text with every sign that a terminal would act on, or not show, as U+FFFD.

    Line feeds stay; spaces of other kinds become plain ones.
    """
    if text.isprintable():
        return text
    odd = {sign for sign in text if not sign.isprintable() and sign != "\n"}
    return text.translate({ord(sign): _substitute(sign) for sign in odd})


def _substitute(sign: str) -> str:
    return " " if sign == "\t" or unicodedata.category(sign) == "Zs" else "\N{REPLACEMENT CHARACTER}"
