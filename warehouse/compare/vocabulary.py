"""The words that dates and numbers are made of, by which two texts are compared."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from warehouse.compare.dates import DateWords
from warehouse.normalise.number_words import NumberWords
from warehouse.reference.rows import Reference


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that dates are made of, and numbers in words."""

    dates: DateWords
    numbers: NumberWords

    @classmethod
    @lru_cache(maxsize=2)
    def of(cls, reference: Reference) -> Self:
        """Take them from reference rows; kept for these, because the patterns take a tenth of a second to compile."""
        return cls(DateWords(reference.months, reference.lexicon), NumberWords.of(reference.number_words))
