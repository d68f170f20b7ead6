"""Pages that change: each change is a version of the portal's text and one edit with its kind, and nothing else is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.digests import MEETING, MEETING_EDITED, Item
from tests.desk.portal_desk import CODE, PortalDesk, one_release
from tests.desk.portal_releases import Text

PARAGRAPHS = [
    "Astana, May 20. The minister opened a school for 300 pupils in the village of Karaoi.",
    "The school has a gym, a library and a canteen; it was built within the programme “Comfortable School”.",
    "The minister thanked the builders and wished the teachers success.",
]


def changed(**texts: str) -> list[str]:
    return [texts.get(f"p{number}", paragraph) for number, paragraph in enumerate(PARAGRAPHS)]


EDITS: dict[str, tuple[list[str] | str, list[str] | str, str]] = {
    "number": (PARAGRAPHS, changed(p0=PARAGRAPHS[0].replace("300", "600")), "number"),
    "wording": (PARAGRAPHS, changed(p2=PARAGRAPHS[2].replace("thanked the", "praised all")), "wording"),
    "cosmetic": (PARAGRAPHS, changed(p1=PARAGRAPHS[1].replace("“", "«").replace("”", "»")), "cosmetic"),
    "date": (PARAGRAPHS, changed(p0=PARAGRAPHS[0].replace("May 20", "May 21")), "date"),
    "link": (*(f"<p>Read the <a href='https://akorda.kz/{n}'>decree</a>.</p>" for n in "12"), "link"),
    "picture": (*(f"<p>It is open.</p><p><img src='/uploads/{n}.png'></p>" for n in "12"), "picture"),
    "video": (*(f"<p>It is open.</p><iframe src='https://tv.kz/{n}'></iframe>" for n in "12"), "video"),
    "picture_body": (*(f"<p><img src='/uploads/{n}.png'></p>" for n in "12"), "picture"),
    "body_added": ([], PARAGRAPHS, "body_added"),
    "body_removed": (PARAGRAPHS, [], "body_removed"),
}


WORDLESS = ("cosmetic", "link", "picture", "video")


def text_of(said: list[str] | str) -> Text:
    """A text of these paragraphs, or with this body."""
    return Text("A school opened", body=said) if isinstance(said, str) else Text("A school opened", [*said])


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalDesk]:
    """Releases that are edited in one way each, seen on three days."""
    items = {name: Item(str(990_000 + number), body=None) for number, name in enumerate(EDITS)}
    with one_release(tmp_path_factory.mktemp("edited"), *items.values()) as desk:
        for day in (0, 1):
            for name, item in items.items():
                desk.portal.releases[item.code].texts["en"] = text_of(EDITS[name][day])
            desk.visit(f"2025-06-0{day * 2 + 1}T06:00:00Z", languages=["en"])
        desk.visit("2025-06-09T06:00:00Z", languages=["en"])
        yield desk


@pytest.mark.parametrize("name", EDITS)
def test_each_change_of_a_page_is_one_edit_of_its_kind(name: str, edited: PortalDesk) -> None:
    *_, kind = EDITS[name]
    code = str(990_000 + list(EDITS).index(name))
    assert edited.ask(
        f"""
        select kind, version_no, origin, edited_at::date::varchar, kind = any(kinds), changed_share > 0
        from mart_edits where release_code = '{code}'
        """
    ) == [(kind, 2, "portal", "2025-06-03", True, kind not in WORDLESS)]
    assert edited.ask(
        f"select origin, version_no, is_current from dim_text inner join fact_release using (release_key) "
        f"where release_code = '{code}' order by all"
    ) == [("digest", 1, True), ("portal", 1, False), ("portal", 2, True)]
    assert edited.ask(f"select outcome from fact_fetch where release_code = '{code}' order by requested_at") == [
        (name if name == "picture_body" else "no_body" if name == "body_added" else "ok",),
        (name if name == "picture_body" else "no_body" if name == "body_removed" else "ok",),
        ("no_body" if name == "body_removed" else "unchanged",),
    ]


def test_a_changed_link_is_a_version_with_the_same_words(edited: PortalDesk) -> None:
    code = str(990_000 + list(EDITS).index("link"))
    assert edited.ask(
        f"select version_no, body, links, content_sha256 = min(content_sha256) over () from dim_text "
        f"inner join fact_release using (release_key) where release_code = '{code}' and origin = 'portal' order by 1"
    ) == [(n, "Read the decree.", [f"https://akorda.kz/{n}"], True) for n in (1, 2)]
    edit = next(row for row in edited.answer("edits") if row["kind"] == "link")
    assert edit["changed"] == "[-https://akorda.kz/1-]{+https://akorda.kz/2+}"


def test_the_command_line_tells_what_changed_from_what_to_what(edited: PortalDesk) -> None:
    told = {row["kind"]: row for row in edited.answer("edits")}
    assert set(told) == {kind for *_, kind in EDITS.values()}
    assert told["number"]["numbers"] == "300 → 600"
    assert told["number"]["changed"] == "[-300-]{+600+}"
    assert told["number"]["release_code"] == "990000"
    assert ".warc.gz byte " in told["number"]["evidence"]
    assert edited.answer("edits", "--since", "2025-06-04") == []
    assert "300 → 600" in edited.press_here("edits", "--since", "2025-06-03")
    assert "spring" in edited.press_here("edits", "--since", "spring", status=2)


def test_who_edits_is_looked_at_more_often(edited: PortalDesk) -> None:
    dues = edited.ask(
        "select release_code, list(next_due_at::date::varchar order by requested_at) from fact_fetch group by 1"
    )
    assert dict(dues)["990000"] == ["2025-06-02", "2025-06-04", "2025-06-10"]


def test_an_edit_back_is_a_third_version_and_a_second_edit(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        text = desk.portal.releases[CODE].texts["ru"]
        first, second = text.paragraphs, [text.paragraphs[0].replace("№", "номер"), *text.paragraphs[1:]]
        for day, paragraphs in enumerate([first, second, first, first], start=1):
            text.paragraphs = paragraphs
            desk.visit(f"2025-06-{day:02}T06:00:00Z", "all", languages=["ru"])
        assert desk.ask("select version_no, content_key from dim_text where origin = 'portal' order by 1") == [
            (number, content)
            for number, (content,) in enumerate(
                desk.ask("select content_key from fact_fetch order by requested_at limit 3"), start=1
            )
        ]
        assert desk.ask("select version_no, kind from fact_edit order by 1") == [(2, "wording"), (3, "wording")]
        assert desk.ask("select count(distinct content_key) from text_content where origin = 'portal'") == [(2,)]
        assert desk.ask("select outcome from fact_fetch order by requested_at") == [
            ("ok",), ("ok",), ("ok",), ("unchanged",),
        ]  # fmt: skip


def test_a_translation_and_the_digests_text_are_never_an_edit_of_each_other(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.visit("2025-06-01T06:00:00Z")
        assert desk.ask("select count(*) from dim_text") == [(4,)]
        assert desk.ask("select count(*) from fact_edit") == [(0,)]


def test_an_edited_listing_is_an_edit_of_the_digests_text(tmp_path: Path) -> None:
    with one_release(tmp_path) as desk:
        desk.visit("2025-05-22T06:00:00Z", languages=["en"])
        desk.load_digest(Item(CODE, body=MEETING_EDITED, listed="23.05.2025"), as_of="2025-05-23T12:00:00Z")
        assert desk.ask("select origin, kind, edited_at::varchar from mart_edits") == [
            ("digest", "wording", "2025-05-23 00:00:00")
        ]
        [row] = desk.answer("edits")
        assert "A second meeting is planned for the autumn" in row["changed"]
        assert " byte " in row["evidence"]
        # The comparison with the page follows the digest's current text.
        assert desk.ask("select count(*), max(digest_words) > 20 from mart_digest_vs_portal") == [(1, True)]


def test_a_late_digest_tells_its_edits_anew(tmp_path: Path) -> None:
    days = [("21.05.2025", MEETING), ("23.05.2025", MEETING_EDITED), ("25.05.2025", f"{MEETING_EDITED} They met.")]
    items = [Item(CODE, body=body, listed=day) for day, body in days]
    dumps = []
    for order in ([0, 1, 2], [2, 0, 1]):
        folder = tmp_path / str(order)
        folder.mkdir()
        with one_release(folder, Item("990845")) as desk:
            for number in order:
                desk.load_digest(items[number], as_of=f"2025-06-0{number + 1}T06:00:00Z")
            assert desk.ask("select version_no, kind from mart_edits order by 1") == [(2, "wording"), (3, "wording")]
            dumps.append(desk.desk.tables())
    assert dumps[0]["fact_edit"] == dumps[1]["fact_edit"]
    assert len(dumps[0]["fact_edit"]) == 2
    assert dumps[0]["text_version"] == dumps[1]["text_version"]
