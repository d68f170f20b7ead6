"""The text in the bytes of an answer: by what they are, then by what the answer says of them."""

import codecs
import re
from contextlib import suppress
from functools import lru_cache

CHARSETS = {
    "ascii": "cp1252",
    "cp1251": "cp1251",
    "cp1252": "cp1252",
    "cp866": "cp866",
    "iso8859-1": "cp1252",  # browsers read it so, as HTML's standard has it
    "iso8859-5": "iso8859-5",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "utf-16": "utf-16",
    "utf-16-be": "utf-16-be",
    "utf-16-le": "utf-16-le",
}
"""Character sets that a page may be in besides UTF-8, as Python names them, and what each is read as."""
_DECLARED = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_META_BYTES = 2048
_WIDE = frozenset(("utf-16", "utf-16-be", "utf-16-le"))


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page: by its byte-order mark, as UTF-8 if it is that, else by the answer's header or its own meta.

    A text in another character set is never UTF-8 by chance, whatever the answer says: some servers say the
    same of all that they send. Bytes that the character set has no letter for become U+FFFD.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    charset = _charset_in(content_type)
    if charset not in _WIDE:
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    if body.startswith(codecs.BOM_UTF8):
        return body[3:].decode("utf-8", "replace")
    if charset in {None, "utf-8"}:
        # A page that says in ASCII that it is UTF-16 is not: HTML's standard takes UTF-8 there.
        meta = _charset_in(body[:_META_BYTES].decode("ascii", "replace"))
        charset = meta if meta not in _WIDE else None
    return body.decode(charset or "utf-8", "replace")


def decode_exactly(body: bytes, content_type: str = "") -> str:
    """The text of an answer that is no page: as UTF-8 where it is that, else by its byte-order mark or its header.

    Raises UnicodeError where that is not what it is in.
    """
    charset = _charset_in(content_type)
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = "utf-16"
    elif charset not in _WIDE:
        with suppress(UnicodeDecodeError):
            return body.decode("utf-8-sig")
    return body.decode(charset or "utf-8")


@lru_cache(64)
def _charset_in(declaration: str) -> str | None:
    """The character set that a declaration names, as it is to be read; None where it names none that is known."""
    match = _DECLARED.search(declaration)
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1]).name
    except LookupError:
        return None
    return "utf-8" if name == "utf-8" else CHARSETS.get(name)
