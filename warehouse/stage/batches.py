"""Archived attempts in batches of whole visits, as far as they stand together in the archive."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.warc import Place

BATCH_BYTES = 2 << 20
"""About how much of answers goes into one staged file."""

BATCH_ATTEMPTS = 300
"""How many attempts at most."""

Archived = tuple[Place, int, Attempt]
"""Where an attempt is archived, the offset behind it, and itself."""


def batches(archived: Iterable[Archived]) -> Iterator[list[list[Archived]]]:
    """Visits, each with its attempts, in batches; an attempt at a list is a visit of its own."""
    batch: list[list[Archived]] = []
    attempts = size = 0

    def visit_of(one: Archived) -> tuple[object, ...]:
        place, _, attempt = one
        if attempt.purpose == "list":
            return place
        return attempt.run_id, attempt.release_key, attempt.language

    for _, together in groupby(archived, visit_of):
        visit = list(together)
        batch.append(visit)
        attempts += len(visit)
        size += sum(len(attempt.answer.body) for _, _, attempt in visit)
        if attempts >= BATCH_ATTEMPTS or size >= BATCH_BYTES:
            yield batch
            batch, attempts, size = [], 0, 0
    if batch:
        yield batch
