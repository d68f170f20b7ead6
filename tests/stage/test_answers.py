"""Archived answers are read by any process: what comes of them is the same, and so is what the log says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk.portal_attempts import ANSWER, LIST_ATTEMPT, PAGE_ATTEMPT, REQUEST, TARGET, numbered
from warehouse.portal.archive.warc import Archive, stretches
from warehouse.portal.read import graphql
from warehouse.reference.rows import SEEDS, load_reference
from warehouse.stage.answers import read_attempts, restore_attempts
from warehouse.stage.worker import Worker

ITEM = {
    "id": int(TARGET.code),
    "title": "О встрече",
    "slug": "o-vstreche",
    "body": '<p>Қазақстан \ud83d <a href="/other">other</a> <img src="https://gov.kz/a.png"><iframe src="/b"></iframe>',
    "created_date": "2026-06-12T11:48:00Z",
    "directions": [{"id": 7, "title": "Туризм"}],
}
NEWS = json.dumps({"data": {"news": [ITEM]}}).encode()
PAGE_REQUEST = graphql.page_request("https://www.gov.kz", TARGET)
OF_JSON = replace(PAGE_ATTEMPT, request=PAGE_REQUEST, answer=replace(ANSWER, url=PAGE_REQUEST.url, body=NEWS))
ASIDE = replace(PAGE_ATTEMPT, purpose="robots", request=REQUEST, slug="\udc80")


def test_another_process_reads_the_same_and_says_what_is_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Archive(tmp_path) as archive:
        places = [archive.append(one) for one in (numbered(1), OF_JSON, LIST_ATTEMPT, numbered(2), ASIDE)]
    path = tmp_path / places[3].file
    content = path.read_bytes()
    path.write_bytes(content[: places[3].offset] + b"?" + content[places[3].offset + 1 :])
    [stretch] = stretches(tmp_path)
    here = list(read_attempts(tmp_path, stretch))
    said = caplog.messages
    assert [one.place for one in here] == [*places[:3], places[4]]
    assert f"is damaged at offset {places[3].offset}" in said[0]
    [page] = here[1].reading.pages
    assert page.topics
    assert page.links
    assert page.pictures
    assert page.videos
    assert page.published_at
    caplog.clear()
    worker = Worker(SEEDS, load_reference(SEEDS).sha256)
    try:
        worker.read_attempts(tmp_path, stretch, tmp_path / "attempts.json")
    finally:
        worker.end()
    assert list(restore_attempts(tmp_path / "attempts.json")) == here
    assert caplog.messages == said
    assert not (tmp_path / "attempts.json").exists()
