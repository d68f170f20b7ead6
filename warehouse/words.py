"""The words of `seeds/lexicon.csv` that tell a sentence's end and beginning from what only looks like it."""

from dataclasses import dataclass, fields
from typing import Self

import polars as pl


@dataclass(frozen=True)
class Words:
    """The forms of the lexicon by kind, as they stand in text."""

    abbreviation: list[str]
    starter: list[str]
    label: list[str]
    domain: list[str]
    brand: list[str]
    particle: list[str]

    @classmethod
    def of(cls, lexicon: pl.DataFrame) -> Self:
        """Take the forms from a frame with kind and form (String); all but brands also with capitals."""
        forms: dict[str, set[str]] = {kind.name: set() for kind in fields(cls)}
        for kind, form in lexicon.select("kind", "form").iter_rows():
            if kind in forms:
                forms[kind].update({form} if kind == "brand" else {form, form[:1].upper() + form[1:], form.upper()})
        return cls(**{kind: sorted(known) for kind, known in forms.items()})


def known(word: str, forms: list[str]) -> pl.Expr:
    """Whether the word in that column is one of the forms; false where there is none."""
    return pl.col(word).is_in(forms).fill_null(value=False)
