"""The law of arrival: in whatever order digests come, and however they are grouped, the same history follows."""

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.desk.digests import MEETING, MEETING_EDITED, MEETING_RU, Item, digest
from tests.desk.warehouse import Desk, Dump, read_only

TITLES = (
    "Roads of the region were discussed",
    "Roads of the region are good",
    "В министерстве обсудили дороги",
    "2025",
)
BODIES = (None, None, MEETING, MEETING_EDITED, MEETING.replace("roads", "ports"), MEETING_RU)

items = st.builds(
    Item,
    code=st.sampled_from(("997844", "997844", "997845", "an-old-text-slug")),
    title=st.sampled_from(TITLES),
    body=st.sampled_from(BODIES),
    listed=st.sampled_from(("20.05.2025", "21.05.2025", "21.05.2025", "22.05.2025", "21.05.2052")),
    slug=st.sampled_from(("transport", "mdai", "nobody-knows-it")),
)
digests = st.builds(
    lambda items, section: digest(*items, section=section),
    items=st.lists(items, min_size=1, max_size=3),
    section=st.sampled_from(("Law", "Gardening", None)),
)

OF_ARRIVAL = ("first_seen_at", "path")
"""Columns that tell when and as which file something came."""
SINCE = ("valid_from", "edited_at")
FIRST_LOAD = "2025-06-01"
OF_REFERENCE = ("publisher_version", "dim_publisher_history")
"""Tables that tell since when reference rows are known."""


def history(desk: Desk) -> Dump:
    """The rows of all tables but for what tells of arrival; a text without a plausible day stands since then, too."""
    with read_only(desk.settings.warehouse) as con:
        names = con.sql(
            "select table_name from information_schema.tables where table_schema = 'main' and table_type = 'BASE TABLE'"
        ).fetchall()
        rows = {}
        for (name,) in names:
            if name in (*OF_REFERENCE, "load_run", "check_outcome", "check_result"):
                continue
            columns = [
                f"least({column}, timestamp '{FIRST_LOAD}')" if column in SINCE else column
                for column in con.table(name).columns
                if column not in OF_ARRIVAL
            ]
            rows[name] = con.execute(f"select {', '.join(columns)} from {name} order by all").fetchall()
        return rows


@settings(
    max_examples=settings.default.max_examples // 33 if settings.default else 3,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # eight digests are small enough to look at as they are
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(texts=st.lists(digests, min_size=2, max_size=8, unique=True), data=st.data())
def test_no_order_of_arrival_changes_the_history(texts: list[str], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        at_once = Desk.at(Path(folder))
        paths = [at_once.write(f"{number}.txt", text) for number, text in enumerate(texts)]
        at_once.load(*paths, as_of=f"{FIRST_LOAD}T00:00:00Z")
        one_by_one = at_once.another("one-by-one")
        order = data.draw(st.permutations(paths), label="order")
        hours = count()
        while order:
            size = data.draw(st.integers(1, len(order)), label="load")
            one_by_one.load(*order[:size], as_of=f"{FIRST_LOAD}T{next(hours):02}:00:00Z")
            order = order[size:]
        assert history(one_by_one) == history(at_once)
