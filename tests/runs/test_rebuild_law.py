"""The law of rebuilding: whatever happened to a warehouse, doing its loads again gives every row of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.desk.digests import MEETING, MEETING_EDITED, MEETING_RU, Item, digest
from tests.desk.portal_desk import PortalDesk, releases_of
from tests.desk.portal_server import Portal
from tests.desk.seeds import edit_seeds
from warehouse.runs.pages import replay
from warehouse.runs.rebuild import rebuild

ROADS = Item("990844", body=f"Astana, May 16, 2025 – {MEETING}")
DIGESTS = (
    digest(ROADS, Item("990845", body=None), Item("990846", slug="nobody-knows-it")),
    digest(
        replace(ROADS, body=f"Astana, May 16, 2025 – {MEETING_EDITED}"),
        section="On gardens the newspaper writes at length.",
    ),
    digest(replace(ROADS, code="990847", body=MEETING_RU, title="В министерстве обсудили дороги", slug="mfa")),
    digest(ROADS, Item("990848", body=None)),
)
EDITS = (
    ("publishers.csv", "Ministry of Transport,", "Ministry of Roads,"),
    ("sections.csv", "Law,section", "On gardens the newspaper writes at length.,section"),
    ("places.csv", "Astana,en,Astana,", "Nur-Sultan,en,Astana,"),
    ("small_words.csv", "en,word,the,", "ru,word,the,"),
    ("refetch_schedule.csv", "ok,1,1d,", "ok,1,2d,"),
    ("portal_markers.csv", "views,ru,Количество просмотров,", "views,ru,Сколько раз открыли,"),
)
"""An edit of each reference file that changes what a load makes of the same bytes."""


@dataclass(frozen=True)
class Step:
    """A load: of one of `DIGESTS`, or what `what` says; with the edits of reference rows in force."""

    what: str
    day: int = 1
    number: int = 0
    force: bool = False
    edits: tuple[int, ...] = ()


steps = st.builds(
    Step,
    what=st.sampled_from(("ingest", "ingest", "visit", "replay")),
    day=st.integers(1, 5),
    number=st.integers(0, len(DIGESTS) - 1),
    force=st.booleans(),
    edits=st.lists(st.integers(0, len(EDITS) - 1), unique=True, max_size=3).map(lambda edits: tuple(sorted(edits))),
)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with Portal(releases_of(ROADS, Item("990845"))) as portal:
        yield portal


@settings(max_examples=2, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@example(
    [
        Step("ingest", day=4, number=1),
        Step("ingest", day=4, number=1, force=True, edits=(0, 1)),
        Step("ingest", day=2, number=3, edits=(2, 3)),
        Step("visit", day=4, edits=(4, 5)),
        Step("replay", day=5, edits=(4,)),
        Step("visit", day=5),
    ]
)
@given(st.lists(steps, min_size=2, max_size=3))
def test_a_rebuilt_warehouse_equals_the_one_before_whatever_its_history(portal: Portal, history: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        desk = PortalDesk.at(Path(folder), portal)
        take(desk, Step("ingest", day=3))
        for step in history:
            take(desk, step)
        before = desk.desk.tables()
        rebuild(desk.desk.settings, lambda step, done, total: None)
        after = desk.desk.tables()
        assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}
        for name, rows in before.items():
            assert after[name] == rows, name


def take(desk: PortalDesk, step: Step) -> None:
    """Do a step of a history."""
    seeds = desk.desk.folder / f"seeds-{'-'.join(map(str, step.edits))}"
    if not seeds.exists():
        edit_seeds(seeds, *(EDITS[number] for number in step.edits))
    of_step = desk.desk.settings.model_copy(update={"seeds": seeds})
    desk = replace(desk, desk=replace(desk.desk, settings=of_step))
    as_of = f"2025-06-0{step.day}T06:00:00Z"
    if step.what == "ingest":
        path = desk.desk.write(f"{step.number}.txt", DIGESTS[step.number])
        desk.desk.load(path, as_of=as_of, force=step.force)
    elif step.what == "visit":
        desk.visit(as_of, "all")
    else:
        replay(of_step, as_of)
