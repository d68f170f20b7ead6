"""Every saved question has an answer in `golden/queries/`, worked out by hand from the seed and the digest below."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.desk.digests import SEED
from tests.desk.portal_releases import seed_releases
from tests.desk.portal_server import Portal
from warehouse.database.connection import reading
from warehouse.errors import UsageError
from warehouse.portal.visits.plan import Wishes
from warehouse.project import PROJECT
from warehouse.report.output import json_object
from warehouse.report.questions import TYPES, Parameter, Question, ask, question, questions
from warehouse.runs.ingest import ingest
from warehouse.runs.refetch import refetch
from warehouse.settings import PortalSettings, Settings

GOLDEN = PROJECT / "tests" / "golden" / "queries"

# What it adds to the seed, item by item:
# 997786 had no body in the seed and has one now; 995971 has another title; 996698 comes in Russian besides English;
# 990001 is listed under mdai and a day later under maidd; 997901 is by a body that no reference row knows, and a line
# of its text ends in a date; 997900 and 997910 are the same text; and two records name no release of the portal.
SECOND_DIGEST = """\
Enbekshi QazaQ
Law
Kazakh military delegation visits defense department in Baku 22.05.2025
Baku, May 16, 2025 – A delegation of the Ministry of Defence of Kazakhstan met its colleagues in Baku.
Source : https://www.gov.kz/memleket/entities/mod/press/news/details/997786?lang=kk

Military training: singer and strongman put on uniform 22.05.2025
Source : https://www.gov.kz/memleket/entities/mod/press/news/details/995971?lang=kk

Панельная сессия об искусственном интеллекте пройдёт в Астане 22.05.2025
В Астане в рамках международного форума пройдёт панельная сессия об интеллектуальной собственности.
Источник : https://www.gov.kz/memleket/entities/adilet/press/news/details/996698?lang=ru

Digital services are open to all 22.05.2025
The ministry opened forty new services to citizens and businesses.
Source : https://www.gov.kz/memleket/entities/maidd/press/news/details/990001?lang=en

Шымкентте салық төлеушілерге арналған семинар өтті 22.05.2025
Шымкент қаласының мемлекеттік кірістер департаменті кәсіпкерлерге арналған семинар өткізді.
Өтінімдер қабылданады, соңғы күні 01.06.2025
Дереккөз: https://www.gov.kz/memleket/entities/kgd-shymkent/press/news/details/997901?lang=kk

A school will be built in the district 22.05.2025

The president received the ambassador 22.05.2025
Astana. The president received the ambassador of a friendly country.
Source: https://www.inform.kz/en/events/12345

Аким области встретился с жителями района 21.05.2025
Аким области провёл встречу с жителями района и ответил на вопросы о дорогах и школах.
Источник : https://www.gov.kz/memleket/entities/karaganda/press/news/details/997900?lang=ru

Аким области встретился с жителями района 21.05.2025
Аким области провёл встречу с жителями района и ответил на вопросы о дорогах и школах.
Источник : https://www.gov.kz/memleket/entities/karaganda/press/news/details/997910

Digital services are open to all 21.05.2025
The ministry opened forty new services to citizens and businesses.
Source : https://www.gov.kz/memleket/entities/mdai/press/news/details/990001?lang=en
"""

CASES: dict[str, tuple[str, dict[str, object]]] = {
    "busiest_publishers": ("busiest_publishers", {}),
    "busiest_publishers.one_day": ("busiest_publishers", {"since": "2025-05-22", "until": "2025-05-22"}),
    "digests": ("digests", {}),
    "doubtful_listings": ("doubtful_listings", {}),
    "edits": ("edits", {}),
    "edited_releases": ("edited_releases", {}),
    "edited_releases.none_since": ("edited_releases", {"since": "2025-05-23"}),
    "lag_to_listing": ("lag_to_listing", {}),
    "languages": ("languages", {}),
    "missing_bodies_by_publisher": ("missing_bodies_by_publisher", {}),
    "newest_releases": ("newest_releases", {"limit": 4}),
    "recent_loads": ("recent_loads", {}),
    "rejected_records": ("rejected_records", {}),
    "release_history.body_came": ("release_history", {"code": "997786"}),
    "release_history.two_languages": ("release_history", {"code": "996698"}),
    "release_in_digests.edited": ("release_in_digests", {"code": "997786"}),
    "releases_by_day": ("releases_by_day", {}),
    "releases_by_region": ("releases_by_region", {}),
    "releases_mentioning.across_paragraphs": ("releases_mentioning", {"phrase": "comfortable layouts. At present"}),
    "releases_mentioning.cyrillic": ("releases_mentioning", {"phrase": "АСТАНЕ"}),
    "releases_mentioning.latin": ("releases_mentioning", {"phrase": "baku"}),
    "releases_mentioning.not_sql": ("releases_mentioning", {"phrase": "' or 1 = 1; drop table load_run --"}),
    "renamed_publishers": ("renamed_publishers", {}),
    "reprints": ("reprints", {}),
    "text_on_day.after_the_edit": ("text_on_day", {"code": "997786", "day": "2025-05-22"}),
    "text_on_day.before_the_edit": ("text_on_day", {"code": "997786", "day": "2025-05-21"}),
    "text_on_day.now": ("text_on_day", {"code": "995971"}),
    "translations": ("translations", {}),
    "unknown_publishers": ("unknown_publishers", {}),
    "upcoming_events": ("upcoming_events", {}),
}
"""Golden files by name: the question and its parameters."""

PORTAL_CASES: dict[str, tuple[str, dict[str, object]]] = {
    "digest_and_portal": ("digest_and_portal", {}),
    "edits.on_the_portal": ("edits", {"since": "2025-05-22"}),
    "languages_on_portal": ("languages_on_portal", {}),
    "vanished": ("vanished", {}),
}
"""Likewise, about what was fetched."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse of the seed and the second digest, loaded on 21 and 23 May 2025, paths relative to the folder."""
    folder = tmp_path_factory.mktemp("small")
    settings = Settings(warehouse=folder / "data" / "press.duckdb")
    (folder / SEED.name).write_bytes(SEED.read_bytes())
    (folder / "law-2025-05-22.txt").write_text(SECOND_DIGEST, encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        ingest([SEED.name], settings=settings, as_of="2025-05-21T12:00:00Z")
        ingest(["law-2025-05-22.txt"], settings=settings, as_of="2025-05-23T06:00:00Z")
    finally:
        os.chdir(before)
    return settings


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse of the seed and of two publishers' pages: one has no Kazakh text and is edited, one vanishes."""
    releases = seed_releases()
    del releases["996778"].texts["kk"]
    with Portal(releases) as portal:
        of_portal = PortalSettings(url=portal.url, interval_s=0.001)
        settings = Settings(warehouse=tmp_path_factory.mktemp("fetched") / "press.duckdb", portal=of_portal)
        ingest([SEED], settings=settings, as_of="2025-05-21T12:00:00Z")
        visit(settings, "2025-05-22T06:00:00Z")
        text = portal.releases["996778"].texts["en"]
        text.paragraphs[1] = text.paragraphs[1].replace("38 representatives", "45 representatives")
        portal.vanish("996698")
        visit(settings, "2025-06-01T06:00:00Z")
        visit(settings, "2025-06-20T06:00:00Z")
    return settings


def visit(settings: Settings, as_of: str) -> None:
    refetch(settings, Wishes("all", publishers=["abay", "adilet"]), as_of)


def answer(settings: Settings, name: str, parameters: dict[str, object]) -> str:
    """The answer as a golden file has it: a JSON array, a row a line."""
    with reading(settings.published) as con:
        relation = ask(con, question(name), parameters)
        rows = [json_object(dict(zip(relation.columns, row, strict=True))) for row in relation.fetchall()]
    return "[" + ",".join(f"\n{row}" for row in rows) + "\n]\n"


@pytest.mark.parametrize("case", CASES)
def test_a_question_is_answered_as_worked_out_by_hand(case: str, small: Settings) -> None:
    got = answer(small, *CASES[case])
    path = GOLDEN / f"{case}.json"
    assert path.exists(), f"{path} is missing; work the answer out by hand, and if it is this, write it there:\n{got}"
    assert json.loads(got) == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", PORTAL_CASES)
def test_a_question_about_the_portal_is_answered_as_worked_out_by_hand(case: str, fetched: Settings) -> None:
    # Where in the second a page was asked for is the clock's: moments are compared to the minute, files by their day.
    got = re.sub(r"(T\d\d:\d\d):\d\d(?:\.\d+)?", r"\1", answer(fetched, *PORTAL_CASES[case]))
    got = re.sub(r"(portal-\d{8})T\d{12}Z-\d{5}(\.warc\.gz byte) \d+", r"\1\2 …", got)
    path = GOLDEN / f"{case}.json"
    assert path.exists(), f"{path} is missing; work the answer out by hand, and if it is this, write it there:\n{got}"
    assert json.loads(got) == json.loads(path.read_text(encoding="utf-8"))


def test_every_question_has_a_golden_answer_and_every_golden_answer_its_question() -> None:
    assert {name for name, _ in (CASES | PORTAL_CASES).values()} == {each.name for each in questions()}
    assert {path.stem for path in GOLDEN.iterdir()} == set(CASES | PORTAL_CASES)


def test_every_question_says_what_it_asks_and_what_its_parameters_are() -> None:
    for each in questions():
        assert re.match(r"[A-Z][^?]+\?( |$)", each.text), each.name
        declared = {parameter.name for parameter in each.parameters}
        assert all(f"${name}" in each.sql for name in declared), each.name
        assert {parameter.type for parameter in each.parameters} <= set(TYPES), each.name


def asked_wrongly(small: Settings, name: str, parameters: dict[str, object]) -> str:
    with reading(small.published) as con, pytest.raises(UsageError) as caught:
        ask(con, question(name), parameters)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("newest_releases", {"limit": "ten"}, "limit is “ten”, which is no whole number from 0 up."),
        ("newest_releases", {"limit": "-1"}, "limit is “-1”, which is no whole number from 0 up."),
        ("newest_releases", {"limit": "1.5"}, "limit is “1.5”, which is no whole number from 0 up."),
        ("newest_releases", {"limit": "4294967296"}, "limit is “4294967296”, which is no whole number from 0 up."),
        ("newest_releases", {"limit": "1; drop table load_run"}, "which is no whole number"),
        ("busiest_publishers", {"since": "2025-02-30"}, "since is “2025-02-30”, which is no day like 2025-05-21."),
        ("busiest_publishers", {"from": "2025-02-01"}, "“busiest_publishers” has no parameter from; it takes: since"),
        ("languages", {"limit": "1"}, "“languages” has no parameter limit; it takes: none."),
        ("text_on_day", {"day": "2025-05-21"}, "“text_on_day” needs code: --param code=…"),
        ("releases_mentioning", {"phrase": "\udcff"}, "which is no text in UTF-8"),
        ("digest_and_portal", {"kind": "shorter"}, "kind is “shorter”; it can be all, same, shortened, different, "),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_told_of(
    small: Settings, name: str, parameters: dict[str, object], message: str
) -> None:
    assert message in asked_wrongly(small, name, parameters)


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("publisher", "mdo", "publisher is “mdo”, and the warehouse knows no such publisher. Did you mean mod?"),
        ("slug", "' or 1 = 1", "slug is “' or 1 = 1”, and the warehouse knows no such publisher."),
        ("code", "99785", "code is “99785”, and the warehouse knows no such release."),
        ("language", "uk", "language is “uk”, and the warehouse knows no such language."),
        ("region", "KZ-99", "region is “KZ-99”, and the warehouse knows no such region. Did you mean KZ-"),
    ],
)
def test_a_value_that_nothing_could_match_is_refused(small: Settings, parameter: str, value: str, message: str) -> None:
    own = Question("own", "Which?", (Parameter(parameter, "VARCHAR", None),), f"select ${parameter} as value")
    with reading(small.published) as con, pytest.raises(UsageError) as caught:
        ask(con, own, {parameter: value})
    assert str(caught.value).startswith(message)
    known = {"publisher": "mod", "slug": "mod", "language": "kk", "region": "KZ-75", "code": "997786"}[parameter]
    with reading(small.published) as con:
        assert ask(con, own, {parameter: known}).fetchall() == [(known,)]


def test_the_load_that_ran_last_comes_first_whatever_it_took_as_now(tmp_path: Path) -> None:
    settings = Settings(warehouse=tmp_path / "press.duckdb")
    ingest([SEED], settings=settings, as_of="2025-06-01T12:00:00Z")
    (tmp_path / "later.txt").write_text(SECOND_DIGEST, encoding="utf-8")
    ingest([tmp_path / "later.txt"], settings=settings, as_of="2025-05-22T12:00:00Z")
    answered = json.loads(answer(settings, "recent_loads", {}))
    assert [row["as_of"][:10] for row in answered] == ["2025-05-22", "2025-06-01"]


def test_a_passage_does_not_begin_or_end_within_a_word(small: Settings) -> None:
    bodies = {}
    for row in json.loads(answer(small, "releases_mentioning", {"phrase": "the ", "limit": 40})):
        if row["passage"]:
            bodies[row["release_code"]] = row["passage"]
    assert len(bodies) > 5
    with reading(small.published) as con:
        for code, passage in bodies.items():
            (body,) = con.execute("select body from mart_release where release_code = ?", [code]).fetchone() or ("",)
            words = f" {' '.join(body.split())} "
            assert f" {' '.join(passage.removeprefix('… ').removesuffix(' …').split())} " in words


@pytest.mark.parametrize("name", ["nope", "", "../checks/bytes_tile", "busiest_publishers.sql", "%", "a\nb"])
def test_a_question_there_is_none_of_is_told_of(name: str) -> None:
    with pytest.raises(UsageError, match="There is no question"):
        question(name)


def test_python_values_serve_as_parameters_as_well_as_text(small: Settings) -> None:
    from datetime import date

    as_text: Any = answer(small, "busiest_publishers", {"since": "2025-05-22"})
    assert answer(small, "busiest_publishers", {"since": date(2025, 5, 22)}) == as_text
    assert answer(small, "newest_releases", {"limit": 0}) == "[\n]\n"
