"""Publishers and regions as reference data, and what a slug alone tells."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.errors import UsageError
from warehouse.normalise.publisher import KINDS, SCHEMA, infer
from warehouse.project import PROJECT
from warehouse.reference.rows import FILES, SEEDS, load_reference, read_rows

GOLDEN = pl.read_csv(PROJECT / "tests" / "golden" / "publisher_slugs.csv", infer_schema=False)
REFERENCE = load_reference(SEEDS)
FAMILIES, REGIONS, PUBLISHERS = REFERENCE.slug_families, REFERENCE.regions, REFERENCE.publishers
SPELLINGS = "|".join(REGIONS["slug_prefixes"]).split("|")


def kinds_and_regions(*slugs: str) -> list[tuple[str, str | None]]:
    inferred = infer(pl.Series(slugs, dtype=pl.String), FAMILIES, REGIONS)
    return list(inferred.select("kind", "region_iso").iter_rows())


# The golden sample: 150 real slugs drawn at random (of those no reference row knows), each checked by hand.


def test_golden_sample_is_told_right_but_for_the_rows_known_to_be_wrong() -> None:
    inferred = infer(GOLDEN["slug"], FAMILIES, REGIONS)
    wrong = pl.concat([GOLDEN.drop("slug"), inferred.rename({"kind": "told", "region_iso": "place"})], how="horizontal")
    kind = wrong.filter(pl.col("told") != pl.col("kind"))
    region = wrong.filter(pl.col("place").ne_missing(pl.col("region_iso")))
    assert kind["slug"].to_list() == GOLDEN.filter(pl.col("known_wrong") == "kind")["slug"].to_list()
    assert region["slug"].to_list() == GOLDEN.filter(pl.col("known_wrong") == "region")["slug"].to_list()


def test_golden_share_of_rows_known_to_be_wrong_is_1_in_150() -> None:
    assert (GOLDEN["known_wrong"].count(), GOLDEN.height) == (1, 150)


def test_golden_rows_use_the_vocabulary_and_say_why() -> None:
    assert set(GOLDEN["kind"]) <= set(KINDS)
    assert GOLDEN["reason"].null_count() == 0
    assert GOLDEN["slug"].is_unique().all()


# Traps of names.


@pytest.mark.parametrize(
    ("slug", "kind", "region_iso"),
    [
        ("almaty-zher", "regional_department", "KZ-75"),
        ("almobl-zher", "regional_department", "KZ-19"),
        ("mvd-almaty", "territorial_department", "KZ-75"),
        ("mvd-alm", "territorial_department", "KZ-19"),
        ("dep-stat-almaty-obl", "territorial_department", "KZ-19"),
        ("akimvko", "regional_akimat", "KZ-63"),
        ("vko-sport", "regional_department", "KZ-63"),
        ("adilet-shko", "territorial_department", "KZ-63"),
        ("bko-karzhy", "regional_department", "KZ-27"),
        ("afm-zko", "territorial_department", "KZ-27"),
        ("ontustik", "regional_akimat", "KZ-61"),
        ("turkestan-keles", "district_akimat", "KZ-61"),
        ("enbek-uko", "territorial_department", "KZ-61"),
        ("zhetysu-oblysy", "regional_akimat", "KZ-33"),
        ("zhetysu-oblysy-din", "regional_department", "KZ-33"),
        ("almaty-zhetysu", "district_akimat", "KZ-75"),
        ("kostanay", "regional_akimat", "KZ-39"),
        ("kostanai-bilim", "regional_department", "KZ-39"),
        ("nur-sultan-madeniet", "regional_department", "KZ-71"),
        ("astana-almaty", "district_akimat", "KZ-71"),
    ],
)
def test_one_region_has_several_spellings(slug: str, kind: str, region_iso: str) -> None:
    assert kinds_and_regions(slug) == [(kind, region_iso)]


@pytest.mark.parametrize(
    ("slug", "kind", "region_iso"),
    [
        ("aksu-goo", "district_department", "KZ-55"),
        ("zhetysu-aksu", "district_akimat", "KZ-33"),
        ("balkhash-topar", "rural_akimat", "KZ-19"),
        ("maslihat-karaganda-balkhash", "maslikhat", "KZ-35"),
        ("edu-abay", "district_department", "KZ-35"),
        ("enbek-abay", "territorial_department", "KZ-10"),
        ("zhambyl-karakastek", "rural_akimat", "KZ-19"),
        ("zhambyl-zhambyl", "district_akimat", "KZ-31"),
        ("sko-zhambyl", "district_akimat", "KZ-59"),
        ("esil-zsp", "district_department", None),
        ("aktogay-edu", "district_department", None),
    ],
)
def test_one_name_is_several_places_and_stays_without_region_where_nothing_tells_them_apart(
    slug: str, kind: str, region_iso: str | None
) -> None:
    assert kinds_and_regions(slug) == [(kind, region_iso)]


@pytest.mark.parametrize(
    ("place", "region_iso"),
    [
        ("semey", "KZ-10"),
        ("kokshetau", "KZ-11"),
        ("oral", "KZ-27"),
        ("uralsk", "KZ-27"),
        ("taraz", "KZ-31"),
        ("taldykorgan", "KZ-33"),
        ("baikonyr", "KZ-43"),
        ("aktau", "KZ-47"),
        ("petropavl", "KZ-59"),
        ("turkistan", "KZ-61"),
        ("zhezkazgan", "KZ-62"),
        ("oskemen", "KZ-63"),
        ("ust-kamenogorsk", "KZ-63"),
    ],
)
def test_a_city_tells_its_region(place: str, region_iso: str) -> None:
    assert kinds_and_regions(f"maslihat-{place}", f"culture-{place}", f"newbody-{place}") == [
        ("maslikhat", region_iso),
        ("regional_department" if place == "turkistan" else "district_department", region_iso),
        ("unknown", region_iso),
    ]


def test_a_place_that_changed_regions_in_2022_is_in_the_region_of_today() -> None:
    assert kinds_and_regions("vko-beskaragay", "karaganda-zhezkazgan", "almobl-tekeli", "edu-karazhal") == [
        ("district_akimat", "KZ-10"),
        ("city_akimat", "KZ-62"),
        ("city_akimat", "KZ-33"),
        ("district_department", "KZ-62"),
    ]


def test_a_village_called_like_a_department_is_a_village_below_its_district() -> None:
    assert kinds_and_regions("aqmola-sand-madeniet", "aqmola-akkol-enbek", "aqmola-madeniet", "kegen-kegen") == [
        ("rural_akimat", "KZ-11"),
        ("rural_akimat", "KZ-11"),
        ("regional_department", "KZ-11"),
        ("rural_akimat", "KZ-19"),
    ]


def test_an_embassy_has_no_region_but_the_representation_in_almaty_has() -> None:
    assert kinds_and_regions("mfa-osh", "mfa-kazan", "mfa-oral", "mfa-almaty") == [
        ("embassy", None),
        ("embassy", None),
        ("embassy", None),
        ("territorial_department", "KZ-75"),
    ]


def test_a_glued_prefix_counts_only_before_a_known_territory() -> None:
    assert kinds_and_regions("duisaktobe", "duis-kost", "revkomsko", "duisburg", "duis") == [
        ("territorial_department", "KZ-15"),
        ("territorial_department", "KZ-39"),
        ("audit_commission", "KZ-59"),
        ("unknown", None),
        ("unknown", None),
    ]


def test_a_family_needs_something_after_it() -> None:
    assert kinds_and_regions("kgd", "kgd-", "maslihat", "-maslihat", "mfa") == [("unknown", None)] * 5


def test_a_family_with_a_territory_nobody_knows_still_tells_the_kind() -> None:
    assert kinds_and_regions("kgd-atlantis", "atlantis-maslihat", "mfa-atlantis") == [
        ("territorial_department", None),
        ("maslikhat", None),
        ("embassy", None),
    ]


def test_a_region_with_a_word_nobody_knows_tells_the_region_only() -> None:
    assert kinds_and_regions("pavlodar-zyx", "ekibastuz-zyx") == [("unknown", "KZ-55"), ("unknown", "KZ-55")]


@given(st.sampled_from([spelling for spelling in SPELLINGS if "-" not in spelling]), st.sampled_from("xqz0"))
def test_a_region_is_told_by_whole_tokens_only(prefix: str, letter: str) -> None:
    assert kinds_and_regions(f"{prefix}{letter}-zyx", f"{letter}{prefix}-zyx") == [("unknown", None)] * 2


# Any slug at all.


@given(st.lists(st.text(max_size=40) | st.sampled_from(GOLDEN["slug"].to_list()), max_size=8))
@settings(deadline=None)
def test_any_text_gives_one_row_of_the_vocabulary(slugs: list[str]) -> None:
    inferred = infer(pl.Series(slugs, dtype=pl.String), FAMILIES, REGIONS)
    assert inferred.schema == SCHEMA
    assert inferred["slug"].to_list() == slugs
    assert set(inferred["kind"]) <= set(KINDS)
    assert set(inferred["region_iso"].drop_nulls()) <= set(REGIONS["iso_code"])


def test_hostile_slugs_are_unknown() -> None:
    hostile = [
        "",
        "-",
        "---",
        "x" * 10_000,
        "a-" * 5_000,
        "алматы",
        "алматы-bilim",
        "mfa\u200b-paris",
        "\x00",
        "almaty bilim",
    ]
    assert kinds_and_regions(*hostile) == [("unknown", None)] * len(hostile)


def test_a_long_slug_of_a_known_family_is_read_like_a_short_one() -> None:
    assert kinds_and_regions("kgd-" + "x-" * 5_000 + "pavlodar") == [("territorial_department", "KZ-55")]


def test_a_null_slug_is_unknown() -> None:
    inferred = infer(pl.Series([None, "mfa-oslo"], dtype=pl.String), FAMILIES, REGIONS)
    assert inferred.rows() == [(None, "unknown", None), ("mfa-oslo", "embassy", None)]


def test_upper_case_reads_as_lower() -> None:
    assert kinds_and_regions("MFA-Paris", "Almaty-BILIM") == [("embassy", None), ("regional_department", "KZ-75")]


def test_no_slugs_give_no_rows() -> None:
    assert infer(pl.Series([], dtype=pl.String), FAMILIES, REGIONS).schema == SCHEMA


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_slugs_and_of_rules_does_not_matter(seed: int) -> None:
    def shuffled(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.sample(fraction=1, shuffle=True, seed=seed)

    straight = infer(GOLDEN["slug"], FAMILIES, REGIONS)
    mixed = infer(shuffled(GOLDEN)["slug"], shuffled(FAMILIES), shuffled(REGIONS))
    assert mixed.sort("slug").equals(straight.sort("slug"))


# Rules that cannot be right stop the load.


def rule(**changes: str | None) -> pl.DataFrame:
    row = {"form": "prefix", "pattern": "kgd", "kind": "agency", "scope": "territory", "region_iso": None}
    return pl.DataFrame(row | changes, schema=dict.fromkeys(row, pl.String))


@pytest.mark.parametrize(
    "families",
    [
        rule(form="infix"),
        rule(scope="nowhere"),
        rule(kind="kingdom"),
        pl.concat([rule(), rule(kind="service")]),
    ],
)
def test_a_rule_that_is_unreadable_or_given_twice_is_refused_by_name(families: pl.DataFrame) -> None:
    with pytest.raises(UsageError, match="kgd"):
        infer(pl.Series(["kgd-sko"]), families, REGIONS)


def test_a_spelling_that_two_regions_claim_is_refused() -> None:
    claimed = REGIONS.with_columns(slug_prefixes=pl.lit("sko"))
    with pytest.raises(UsageError, match="“sko” is claimed by"):
        infer(pl.Series(["kgd-sko"]), FAMILIES, claimed)


# The seeds.


@pytest.mark.parametrize("name", [*FILES, "portal_markers"])
def test_seeds_are_utf8_with_unix_line_ends_and_no_stray_spaces(name: str) -> None:
    text = (SEEDS / f"{name}.csv").read_bytes().decode("utf-8")
    assert "\r" not in text
    assert "\ufeff" not in text
    assert text.endswith("\n")
    cells = [cell for row in read_rows(SEEDS / f"{name}.csv", ()).iter_rows() for cell in row if cell]
    assert [cell for cell in cells if cell != cell.strip()] == []


def test_publishers_are_all_there_with_kinds_and_regions_that_exist() -> None:
    assert PUBLISHERS.columns == ["slug", "name_en", "name_ru", "name_kk", "kind", "region_iso", "note"]
    assert PUBLISHERS.height == PUBLISHERS["slug"].n_unique() == 85
    assert set(PUBLISHERS["kind"]) <= set(KINDS) - {"unknown"}
    assert set(PUBLISHERS["region_iso"].drop_nulls()) <= set(REGIONS["iso_code"])


def test_publisher_names_leave_validity_to_the_note() -> None:
    renamed = PUBLISHERS.filter(slug="mdai").row(0, named=True)
    assert renamed["name_en"] == "Ministry of Digital Development, Innovations and Aerospace Industry"
    assert (renamed["kind"], renamed["note"]) == ("ministry", "renamed; until Sept 2025")
    assert PUBLISHERS.filter(pl.col("name_en").str.contains(r"\((?:until|since) ")).height == 0


def test_inference_never_contradicts_a_reference_row() -> None:
    inferred = infer(PUBLISHERS["slug"], FAMILIES, REGIONS)
    both = PUBLISHERS.join(inferred, on="slug", suffix="_told").filter(pl.col("kind_told") != "unknown")
    assert both.filter(pl.col("kind") != pl.col("kind_told"))["slug"].to_list() == []
    assert both.filter(pl.col("region_iso").ne_missing(pl.col("region_iso_told")))["slug"].to_list() == []


def test_regions_are_seventeen_and_three_cities() -> None:
    assert REGIONS.columns == [
        "iso_code",
        "kato",
        "name_en",
        "name_ru",
        "name_kk",
        "kind",
        "akimat_slug",
        "slug_prefixes",
        "iso_code_pre2022",
        "capital_en",
        "note",
    ]
    assert REGIONS["kind"].value_counts().sort("kind").rows() == [("city", 3), ("region", 17)]
    assert REGIONS["iso_code"].n_unique() == REGIONS["kato"].n_unique() == 20


def test_each_regional_akimat_is_a_publisher_of_its_region() -> None:
    akimats = PUBLISHERS.filter(pl.col("kind").is_in(["regional_akimat", "city_akimat"]))
    expected = REGIONS.select(slug="akimat_slug", region_iso="iso_code")
    assert akimats.select("slug", "region_iso").sort("slug").equals(expected.sort("slug"))


def test_slug_families_name_regions_that_exist_and_each_place_has_one() -> None:
    assert set(FAMILIES["region_iso"].drop_nulls()) <= set(REGIONS["iso_code"])
    assert FAMILIES.filter(form="place")["region_iso"].null_count() == 0


def test_slug_families_give_their_reason_where_one_slug_is_an_exception() -> None:
    assert FAMILIES.filter(pl.col("form").is_in(["exact", "glued", "prefix", "topic"]))["reason"].null_count() == 0
