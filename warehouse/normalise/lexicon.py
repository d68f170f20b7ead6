"""The words of `seeds/lexicon.csv`, in the forms in which text is searched for them."""

from dataclasses import dataclass, fields
from typing import Self

import polars as pl


@dataclass(frozen=True)
class BreakWords:
    """The forms of the lexicon (String), by kind, that tell a sentence's end and beginning from what only looks so."""

    abbreviation: pl.Series
    starter: pl.Series
    label: pl.Series
    domain: pl.Series
    brand: pl.Series
    particle: pl.Series

    @classmethod
    def of(cls, lexicon: pl.DataFrame) -> Self:
        """Take the forms from a frame with kind and form (String); all but brands also with capitals."""
        forms: dict[str, set[str]] = {kind.name: set() for kind in fields(cls)}
        for kind, form in lexicon.select("kind", "form").iter_rows():
            if kind in forms:
                forms[kind].update({form} if kind == "brand" else {form, form[:1].upper() + form[1:], form.upper()})
        return cls(**{kind: pl.Series(sorted(known), dtype=pl.String) for kind, known in forms.items()})


def is_among(word: str | pl.Expr, forms: pl.Series) -> pl.Expr:
    """Whether the word, or the one in the column of that name, is one of the forms; false where there is none."""
    word = pl.col(word) if isinstance(word, str) else word
    return word.is_in(forms.implode()).fill_null(value=False)
