"""The order of a plan: what a run asks for first, where it may not get to the end."""

from pathlib import Path

from tests.desk.digests import Item
from tests.desk.portal_desk import one_release


def test_missing_bodies_come_first_then_what_is_due_longest_then_the_newest_release(tmp_path: Path) -> None:
    old, edited, missing, tied, newest = (str(990_844 + number) for number in range(5))
    items = [Item(old), Item(edited), Item(missing, body=None), Item(tied), Item(newest)]
    with one_release(tmp_path, *items) as desk:
        keys = dict(desk.ask("select release_code, release_key from fact_release"))
        seen = [keys[old], keys[edited]]
        desk.visit("2025-06-01T06:00:00Z", languages=["ru"], releases=seen)
        desk.portal.releases[edited].texts["ru"].paragraphs[0] = "An edit gives a page no precedence."
        desk.visit("2025-06-02T07:00:00Z", languages=["ru"], releases=seen[1:])
        assert desk.ask("select count(*) from fact_edit") == [(1,)]
        output = desk.press_here("refetch", "--dry-run", "--as-of", "2025-06-10T06:00:00Z", "--language", "kk,ru")
    assert [tuple(line.split()[:2]) for line in output.splitlines()[1:]] == [
        (missing, "kk"),
        (missing, "ru"),
        # Never visited: due since the digest named them.
        (newest, "kk"),
        (newest, "ru"),
        (tied, "kk"),
        (tied, "ru"),
        (edited, "kk"),
        (old, "kk"),
        # Due since 2 June, and since 3 June.
        (old, "ru"),
        (edited, "ru"),
    ]
