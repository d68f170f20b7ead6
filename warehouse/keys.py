"""Keys derived from natural keys, so that they never depend on the order of arrival.

A key is the first 63 bits of the MD5 of the natural key's parts, joined by U+001F. DuckDB computes the same with
`(('0x' || left(md5(natural_key), 16))::ubigint >> 1)::bigint`, so shards built apart can be joined.
"""

import hashlib

SEPARATOR = "\x1f"


def key(*parts: str) -> int:
    """The 63-bit key (0 ≤ key < 2**63, a DuckDB BIGINT) of a natural key given in parts."""
    digest = hashlib.md5(SEPARATOR.join(parts).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big") >> 1
