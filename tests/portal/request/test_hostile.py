"""Pages made to do harm go through a whole run: bounded, loaded or unreadable, and shown without effect."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.digests import Item
from tests.desk.portal_desk import PortalDesk, one_release, rows_of
from tests.desk.portal_releases import Text
from warehouse.runs.pages import replay

ESCAPES = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\x00"
BODIES = {
    "scripts": "<script>alert(1)</script><p onclick=x>Text.</p><style>p{}</style><iframe src=//x></iframe>",
    "one_tag": f"<p {'a' * 5_000_000}>Text.</p>",
    "nested": "<div>" * 10_000 + "Text." + "</div>" * 10_000,
    "spans": "<p>" + "<span>" * 3_000 + "Text." + "</p>",
    "control": f"<p>Text.{ESCAPES}</p>",
    "surrogates": "<p>Text. \ud800\udfff\udc00</p>",
    "entities": "<p>Text.&#0;&#xD800;&#x110000;&nbsp;&zwj;&bogus;</p>",
    "unclosed": "<p>Text.<table><tr><td><b><!-- ",
    "long_word": f"<p>Text. {'й' * 1_000_000}</p>",
    "many": "<p>Text.</p>" * 60_000,
    "sql": "<p>Text.'); drop table fact_release; --</p>",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalDesk]:
    items = [Item(str(990_000 + number), body=None) for number in range(len(BODIES))]
    with one_release(tmp_path_factory.mktemp("hostile"), *items) as desk:
        for item, (name, body) in zip(items, BODIES.items(), strict=True):
            title = f"{name}{ESCAPES}" if name == "control" else name
            desk.portal.releases[item.code].texts = {"en": Text(title, body=body)}
        code = str(990_000 + list(BODIES).index("surrogates"))
        item = {"id": code, "title": "surrogates \ud800", "body": BODIES["surrogates"], "created_date": "2025-05-20"}
        answer = json.dumps({"data": {"news": [item]}}).encode()  # as escapes: the portal's own JSON could not say it
        desk.portal.misbehave("status", code=code, times=1, status=200, body=answer, kind="application/json")
        desk.portal.releases[code].texts["en"].body = "<p>Text.</p>"
        desk.visit("2025-06-01T06:00:00Z", languages=["en"])
        yield desk


def test_every_page_is_loaded_or_said_to_be_unreadable(hostile: PortalDesk) -> None:
    outcomes = dict(hostile.ask("select release_code, max(visit_outcome) from fact_fetch group by 1"))
    assert {code: outcome for code, outcome in outcomes.items() if outcome not in {"ok", "unreadable"}} == {}
    by_body = {list(BODIES)[int(code) - 990_000]: outcome for code, outcome in outcomes.items()}
    assert by_body | {"scripts": "ok", "one_tag": "ok", "control": "ok", "sql": "ok", "entities": "ok"} == by_body
    assert hostile.ask("select status, checks_failed from load_run where kind = 'refetch'") == [("loaded", 0)]


def test_nothing_but_text_is_kept(hostile: PortalDesk) -> None:
    bodies = dict(hostile.ask("select release_code, body from mart_release where has_body"))
    assert all(body.startswith("Text.") for body in bodies.values())
    assert bodies["990000"] == "Text."
    assert not any(character in body for body in bodies.values() for character in "\x00\x1b\x07")


def test_a_replay_of_it_gives_the_same_rows(hostile: PortalDesk) -> None:
    rows = rows_of(hostile)
    replay(hostile.desk.settings)
    assert rows_of(hostile) == rows


def test_hostile_titles_are_shown_and_have_no_effect(hostile: PortalDesk) -> None:
    for item in ("control", "sql"):
        code = str(990_000 + list(BODIES).index(item))
        hostile.portal.releases[code].texts["en"].title += f" edited{ESCAPES}"
    hostile.portal.releases["990000"].texts["en"].body += f"<p>More{ESCAPES}</p>"
    hostile.visit("2025-06-03T06:00:00Z", languages=["en"])
    for code in list(hostile.portal.releases):
        hostile.portal.vanish(code)
    hostile.visit("2025-06-05T06:00:00Z", "all", languages=["en"], limit=3)
    hostile.visit("2025-06-25T06:00:00Z", "all", languages=["en"], limit=3)
    shown = hostile.press_here("edits") + hostile.press_here("vanished")
    shown += hostile.press_here("query", "newest_releases")
    assert "edited" in shown
    assert not [character for character in shown if ord(character) < 32 and character != "\n"]
    assert "\u202e" not in shown


def test_codes_and_slugs_that_are_more_than_names_are_not_asked_for(tmp_path: Path) -> None:
    with one_release(tmp_path, Item("990844"), Item("990845")) as desk:
        desk.desk.corrupt("update fact_release set release_code = '../../x\"}){id}' where release_code = '990845'")
        run = desk.visit("2025-06-01T06:00:00Z", languages=["ru"])
        assert run.tally.visits == 1
        assert {asked.code for asked in desk.portal.requests()} == {"990844"}
