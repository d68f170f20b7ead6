"""Tell who is who over texts: equal names in compatible offices are one person, less than that is a candidate."""

from collections.abc import Mapping, Sequence

import polars as pl

from warehouse.facts.lexicons import NameLexicon

PUBLIC_LIFE = "public"
"""The field of offices that no row of `office_fields.csv` names: ministers, akims, heads of all kinds."""


def field_of(office: str, lexicon: NameLexicon) -> str:
    """The field of work that an office lies in, by the first of its words that a form of `office_fields` begins."""
    words = office.lower().replace("-", " ").split()
    for word in words:
        for form, field in lexicon.fields.items():
            if word.startswith(form):
                return field
    return PUBLIC_LIFE


def identify_people(mentions: pl.DataFrame, text: Sequence[str], lexicons: Mapping[str, NameLexicon]) -> pl.DataFrame:
    """The mentions of people and who each is.

    `mentions` has the columns `text` that tell texts apart, `language`, `kind`, `name_key` and `office`, all String
    but the former. A person's field of work in a text is that of the first office the text gives. Returns the
    mentions of people with `person_key` (`name|field`, the field empty where the text gives no office) and `field`:
    mentions in different texts that have one key are one person.
    """
    people = mentions.filter(pl.col("kind") == "person")
    offices = people.select("language", "office").drop_nulls().unique(maintain_order=True)
    fields = [field_of(office, lexicons[language]) for language, office in offices.iter_rows()]
    known = offices.with_columns(field=pl.Series(fields, dtype=pl.String))
    first = pl.col("field").drop_nulls().first().over([*text, "name_key"])
    return (
        people.join(known, on=["language", "office"], how="left", maintain_order="left")
        .with_columns(field=first.fill_null(""))
        .with_columns(person_key=pl.concat_str("name_key", pl.lit("|"), "field"))
    )


def person_candidates(people: pl.DataFrame) -> pl.DataFrame:
    """Pairs of people that may be one: `person_key`, `other_person_key`, `reason`, each pair once, in order.

    `people` has `person_key`, `name_key` (String). Reasons: `same_name` (the offices differ or one is silent),
    `part_of_name` (a surname alone, or a name without its patronymic), `initial`.
    """
    names = people.select("person_key", "name_key").unique(maintain_order=True)
    names = names.with_columns(words=pl.col("name_key").str.split(" ")).with_columns(
        surname=pl.col("words").list.last(),
        given=pl.col("words").list.slice(0, pl.col("words").list.len() - 1),
    )
    pairs = names.join(names, on="surname", suffix="_of_other").filter(
        pl.col("person_key") < pl.col("person_key_of_other")
    )
    given, other = pl.col("given"), pl.col("given_of_other")
    is_part = (given.list.set_difference(other).list.len() == 0) | (other.list.set_difference(given).list.len() == 0)
    first, other_first = given.list.first(), other.list.first()
    has_initial = (first.str.len_chars() == 1) | (other_first.str.len_chars() == 1)
    reason = (
        pl.when(pl.col("name_key") == pl.col("name_key_of_other"))
        .then(pl.lit("same_name"))
        .when(is_part)
        .then(pl.lit("part_of_name"))
        .when(has_initial & (first.str.head(1) == other_first.str.head(1)))
        .then(pl.lit("initial"))
    )
    return (
        pairs.select("person_key", other_person_key="person_key_of_other", reason=reason)
        .filter(pl.col("reason").is_not_null())
        .sort("person_key", "other_person_key")
    )
