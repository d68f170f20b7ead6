"""The laws of the model: twice equals once, order does not matter, replays give the same rows, keys can be derived."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.desk.digests import MEETING, MEETING_EDITED, MEETING_RU, SEED, Item, digest
from tests.desk.warehouse import Desk, dump
from warehouse.keys import key
from warehouse.reference.header_names import HeaderNames
from warehouse.runs import ingest
from warehouse.stage import parts, pipeline
from warehouse.stage.batch import Reader

DAYS = {"a.txt": b"21.05.2025", "b.txt": b"22.05.2025", "c.txt": b"23.05.2025"}

ROADS = Item("997844")
PAGES = {
    "page-1": digest(
        ROADS,
        replace(ROADS, code="997838", body=None),
        replace(ROADS, code="old-text-slug", slug="nobody-knows-it"),
    ),
    "page-2": digest(
        replace(ROADS, code="997838", listed="20.05.2025", title="Roads discussed"),
        replace(ROADS, body=MEETING_RU, title="В министерстве обсудили дороги региона"),
        section="Gardening",
    ),
    "page-3": digest(
        replace(ROADS, body=MEETING_EDITED, slug="mdai", listed="22.05.2025"),
        section=None,
    )
    + "A line that has lost its item 22.05.2025\nSource : https://example.com/elsewhere\n",
}


@pytest.fixture
def pages(desk: Desk) -> list[Path]:
    """Three digests that name some releases more than once, with rejects among them."""
    return [desk.write(f"{name}.txt", text) for name, text in PAGES.items()]


def test_loading_the_same_bytes_again_changes_nothing_but_load_run(desk: Desk) -> None:
    desk.load(SEED, as_of="2025-06-01T06:00:00Z")
    before, published = desk.tables(), desk.settings.published.read_bytes()
    copy = desk.write("under-another-name.txt", SEED.read_bytes())

    again = desk.load(SEED, as_of="2025-06-01T07:00:00Z")
    renamed = desk.load(copy, as_of="2025-06-01T08:00:00Z")
    forced = desk.load(copy, SEED, as_of="2025-06-01T09:00:00Z", force=True)

    assert [again.status, renamed.status, forced.status] == ["unchanged"] * 3
    assert [len(again.files_known), len(renamed.files_known)] == [1, 1]
    assert forced.files_loaded == [str(copy)], "the second path has the same bytes"
    assert desk.tables() == before
    assert desk.settings.published.read_bytes() == published
    assert [run["status"] for run in desk.runs()] == ["loaded", "unchanged", "unchanged", "unchanged"]
    assert len(list(desk.settings.loads.iterdir())) == 1, "what loaded nothing leaves no record of a load"


def test_a_known_digest_read_again_beside_a_new_one_keeps_its_rows(desk: Desk, pages: list[Path]) -> None:
    first, second, third = pages
    once = desk.another("once")
    for warehouse in (desk, once):
        warehouse.load(first, second, as_of="2025-06-01T06:00:00Z")
    once.load(third, as_of="2025-06-02T06:00:00Z")
    desk.load(second, third, first, as_of="2025-06-02T06:00:00Z", force=True)
    assert desk.dump() == once.dump()


def test_one_file_given_twice_in_one_load_is_loaded_once(desk: Desk, pages: list[Path]) -> None:
    copy = desk.write("copy.txt", pages[0].read_bytes())
    report = desk.load(pages[0], copy, pages[0])
    assert report.files_loaded == [str(pages[0])]
    assert report.files_known == [str(copy), str(pages[0])]
    assert desk.ask("select count(*), count(distinct source_file_key) from source_file") == [(1, 1)]


def test_pages_in_any_order_and_one_by_one_equal_all_at_once(desk: Desk, pages: list[Path]) -> None:
    first, second, third = pages
    desk = Desk.at(desk.folder, threads=0)  # nothing may hang on which thread comes first, either
    desk.load(first, second, third)
    at_once = desk.dump()
    backwards, folder, one_by_one = desk.another("backwards"), desk.another("folder"), desk.another("one-by-one")
    backwards.load(third, second, first)
    folder.load(desk.folder)
    for page in (second, third, first):
        one_by_one.load(page)
    assert backwards.dump() == at_once
    assert folder.dump() == at_once
    assert one_by_one.dump() == at_once


def test_who_reads_the_digests_makes_no_difference(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Digests are cut into parts and read by other processes from some size on; here from the first byte on."""
    texts = {name: SEED.read_bytes().replace(b"21.05.2025", day) for name, day in DAYS.items()}
    paths = [desk.write(name, text + b"\n\nnothing that could be an item here\n") for name, text in texts.items()]
    desk.load(*paths)
    other = desk.another("by-workers")
    monkeypatch.setattr(ingest, "WORKERS_FROM", 1)
    monkeypatch.setattr(parts, "PART_BYTES", 4096)
    monkeypatch.setattr(pipeline, "BATCH_BYTES", 4096)
    other.load(*paths)
    assert other.dump() == desk.dump()
    assert other.ask("select count(*) from fact_listing") == [(60,)]


def test_a_reader_hands_on_each_content_that_is_new_once(tmp_path: Path) -> None:
    known: list[int] = []
    texts: list[pl.DataFrame] = []
    reader = Reader(HeaderNames(), tmp_path, lambda _: known, lambda _, received: texts.append(received))
    for number in (1, 2):
        reader.read([parts.Part(number, str(SEED), 0, 0, SEED.stat().st_size, is_last=True)])
    assert [received.height for received in texts] == [20]
    known += texts[0]["content_key"].head(5).to_list()
    another = Reader(HeaderNames(), tmp_path, lambda _: known, lambda _, received: texts.append(received))
    (counts,) = another.read([parts.Part(3, str(SEED), 0, 0, SEED.stat().st_size, is_last=True)])
    assert (texts[1].height, counts.new_contents, counts.listings) == (15, 15, 20)


def test_a_late_digest_gives_the_rows_of_loading_in_order(desk: Desk, pages: list[Path]) -> None:
    late = desk.another("late")
    arrivals = [(pages[0], "2025-06-01T06:00:00Z"), (pages[1], "2025-06-02T06:00:00Z")]
    for page, as_of in arrivals:
        desk.load(page, as_of=as_of)
    for page, as_of in reversed(arrivals):
        late.load(page, as_of=as_of)
    assert late.dump() == desk.dump()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse with the seed and the three pages."""
    desk = Desk.at(tmp_path_factory.mktemp("loaded"))
    for name, text in PAGES.items():
        desk.write(f"{name}.txt", text)
    desk.load(SEED, desk.folder, as_of="2025-06-01T11:00:00+05:00")
    return desk


def test_replaying_with_the_same_moment_gives_the_same_rows(loaded: Desk) -> None:
    replayed = loaded.another("replayed")
    replayed.load(SEED, loaded.folder, as_of="2025-06-01T06:00:00Z")
    assert replayed.dump() == loaded.dump()
    [run], [run_again] = loaded.runs(), replayed.runs()
    alike = [name for name in run if name != "run_id" and not name.endswith("_s")]
    assert {name: run[name] for name in alike} == {name: run_again[name] for name in alike}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("source_file", "first_seen_at"),
        ("fact_release", "first_seen_at"),
        ("dim_text", "first_seen_at"),
        ("publisher_version", "valid_from"),
        ("load_run", "as_of"),
    ],
)
def test_no_row_knows_another_time_than_the_one_given(loaded: Desk, table: str, column: str) -> None:
    assert loaded.ask(f"select distinct {column}::varchar from {table}") == [("2025-06-01 06:00:00",)]


def test_the_published_copy_holds_what_the_warehouse_holds(loaded: Desk) -> None:
    assert dump(loaded.settings.published, views=False) == loaded.tables()


DERIVED = """('0x' || left(md5(concat_ws(chr(31), {parts})), 16))::ubigint >> 1"""


@pytest.mark.parametrize(
    ("table", "column", "parts"),
    [
        ("dim_publisher", "publisher_key", "'publisher', slug"),
        ("publisher_version", "publisher_key", "'publisher', slug"),
        ("dim_region", "region_key", "'region', iso_code"),
        ("dim_section", "section_key", "'section', name"),
        ("dim_language", "language_key", "'language', code"),
        ("source_file", "source_file_key", "'source_file', sha256"),
        ("fact_listing", "listing_key", "'listing', source_file_key, byte_start"),
        ("dim_text", "text_key", "'text', release_key, language_key, origin"),
        ("dim_text", "content_key", "'content', release_key, origin, '', content_sha256"),
    ],
)
def test_a_key_can_be_derived_in_sql_from_the_natural_key(loaded: Desk, table: str, column: str, parts: str) -> None:
    derived = DERIVED.format(parts=parts)
    assert loaded.ask(f"select count(*) > 0, bool_and({column} = {derived}) from {table}") == [(True, True)]


def test_a_releases_key_is_its_portal_id_or_derived_from_its_slug_and_then_no_portal_id(loaded: Desk) -> None:
    derived = DERIVED.format(parts="'release', release_code")
    assert loaded.ask(
        f"""
        select
            portal_id is null,
            count(*) > 0,
            bool_and(release_key = coalesce(portal_id, ({derived}) | (1::ubigint << 62)))
        from fact_release group by 1 order by 1
        """
    ) == [(False, True, True), (True, True, True)]


def test_a_contents_hash_can_be_derived_from_title_and_body(loaded: Desk) -> None:
    for title, body, content_sha256 in loaded.ask("select title, body, content_sha256 from dim_text"):
        assert content_sha256 == sha256((title if body is None else f"{title}\n{body}").encode()).hexdigest()


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=3))
def test_python_and_sql_derive_the_same_key(parts: list[str]) -> None:
    places = ", ".join("?" for _ in parts)
    derived = duckdb.execute(f"select {DERIVED.format(parts=places)}", parts).fetchone()
    assert derived == (key(*parts),)


CONTENTS = (
    ("Roads of the region were discussed", f"Astana, May 16, 2025 – {MEETING}"),
    ("Roads of the region were discussed", f"Astana, May 17, 2025 – {MEETING_EDITED}"),
    ("Roads of the region are discussed", None),
    ("В министерстве обсудили дороги региона", f"Астана, 18 мая 2025 года – {MEETING_RU}"),
)
MOMENTS = ("2025-05-20T06:00:00Z", "2025-06-02T06:00:00Z", "2025-06-03T06:00:00Z")

items = st.builds(
    lambda code, content, listed, slug: Item(code, title=content[0], body=content[1], listed=listed, slug=slug),
    code=st.sampled_from(("997844", "997845", "an-old-text-slug")),
    content=st.sampled_from(CONTENTS),
    listed=st.sampled_from(("20.05.2025", "21.05.2025", "22.05.2025")),
    slug=st.sampled_from(("transport", "mdai", "nobody-knows-it")),
)
digests = st.builds(
    lambda items, section, moment: (digest(*items, section=section), moment),
    items=st.lists(items, min_size=1, max_size=5),
    section=st.sampled_from(("Law", "Gardening", None)),
    moment=st.sampled_from(MOMENTS),
)
# A digest of the same bytes is known already, so each is one file with one moment.
sequences = st.lists(digests, min_size=2, max_size=4, unique_by=lambda arrivals: arrivals[0])


@settings(
    max_examples=settings.default.max_examples // 50 if settings.default else 2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # four digests are small enough to look at as they are
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(arrivals=sequences, data=st.data())
def test_digests_in_any_order_and_grouping_give_the_same_rows(
    arrivals: list[tuple[str, str]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        ordered = Desk.at(Path(folder), threads=0)
        paths = [ordered.write(f"{number}.txt", text) for number, (text, _) in enumerate(arrivals)]
        moments = sorted({moment for _, moment in arrivals})
        for moment in moments:
            ordered.load(*(path for path, (_, at) in zip(paths, arrivals, strict=True) if at == moment), as_of=moment)

        shuffled = ordered.another("shuffled")
        order = data.draw(st.permutations(range(len(arrivals))), label="order")
        group: list[Path] = []
        for place, number in enumerate(order):
            group.append(paths[number])
            moment = arrivals[number][1]
            following = arrivals[order[place + 1]][1] if place + 1 < len(order) else None
            if moment != following or data.draw(st.booleans(), label="load here"):
                note(f"load {[path.name for path in group]} as of {moment}")
                shuffled.load(*group, as_of=moment)
                group = []
        assert shuffled.dump() == ordered.dump()
