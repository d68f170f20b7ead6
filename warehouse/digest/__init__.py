"""Digests: the bytes of a digest become listings, headers and rejects; every byte belongs to exactly one."""
