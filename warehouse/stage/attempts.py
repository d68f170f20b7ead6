"""Read archived attempts into staged files, ready to be loaded: attempts, the texts they showed, and topics.

What an attempt says depends on itself and on the attempts at the same page before it, so the same archive gives the
same rows whenever it is read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.keys import joined, key, release_key
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.warc import Place
from warehouse.portal.exchange import Page, Reading
from warehouse.portal.read.routes import ROUTES
from warehouse.portal.visits.history import History, Refusals, recall
from warehouse.portal.visits.schedule import Schedule, due
from warehouse.portal.visits.visit import read_list, read_page
from warehouse.stage.batches import Archived, batches
from warehouse.stage.contracts import FETCH, RECEIVED_TEXT, TOPIC, Contract

_ROUTES = {route.name: route for route in ROUTES}


@dataclass(slots=True)
class StagedAttempts:
    """What was staged, in counts: attempts by outcome, pages; and how far each file of the archive was read.

    `last_at` is when the last attempt was made; `visits` has the outcome of each visit of the run that is followed, by
    its page (code and language).
    """

    attempts: int = 0
    pages: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    read_to: dict[str, int] = field(default_factory=dict)
    last_at: datetime | None = None
    visits: dict[str, str] = field(default_factory=dict)


class AttemptStager:
    """Stages archived attempts in `folder`; `con` tells what the warehouse knows of their pages.

    `follows` is the run whose visits `staged` has.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, schedule: Schedule, folder: Path, follows: str = "") -> None:
        self._con, self._schedule, self._folder, self._follows = con, schedule, folder, follows
        self._histories: dict[tuple[int, str], History] = {}
        self._refusals = Refusals(con)
        self._contents: set[int] = set()
        self._batches = 0
        self.staged = StagedAttempts()

    def stage(self, archived: Iterable[Archived]) -> Iterator[int]:
        """Stage attempts; yields how many were staged with each batch."""
        for batch in batches(self._attempts(archived)):
            self._stage_batch(batch)
            yield sum(len(visit) for visit in batch)

    def _attempts(self, archived: Iterable[Archived]) -> Iterator[Archived]:
        """Without what came on the way to them."""
        for one in archived:
            if one[2].is_aside:
                self._note_read(one)
            else:
                yield one

    def _note_read(self, one: Archived) -> None:
        place, end, _ = one
        self.staged.read_to[place.file] = max(end, self.staged.read_to.get(place.file, 0))

    def _stage_batch(self, batch: Sequence[Sequence[Archived]]) -> None:
        read = [[(place, attempt, _read(attempt)) for place, _, attempt in visit] for visit in batch]
        self._recall(read)
        fetches: list[dict[str, Any]] = []
        texts: dict[int, dict[str, Any]] = {}
        topics: list[dict[str, Any]] = []
        for visit in read:
            rows: list[dict[str, Any]] = []
            for place, attempt, reading in visit:
                self._refusals.note(attempt, reading.outcome)
                for page in reading.pages or (None,):
                    row = self._fetch(place, attempt, reading, page)
                    if page is not None and row["release_key"] is not None:
                        topics += _topics(row, page)
                        self._see(row, page, texts)
                    if history := self._history(row):
                        route = "list" if attempt.purpose == "list" else attempt.route
                        history.note(attempt.run_id, route, attempt.requested_at, row["outcome"], row["content_key"])
                    rows.append(row)
                self.staged.attempts += 1
                self.staged.pages += len(reading.pages)
            self._end_visit(rows)
            fetches += rows
        for one in chain.from_iterable(batch):
            self._note_read(one)
        for row in fetches:
            self.staged.outcomes[row["outcome"]] = self.staged.outcomes.get(row["outcome"], 0) + 1
            self.staged.last_at = max(row["requested_at"], self.staged.last_at or row["requested_at"])
        self._write("fetch", FETCH, fetches)
        self._write("topic", TOPIC, topics)
        new = list(texts.values())
        if new:
            received = RECEIVED_TEXT.frame(new)
            received.write_ipc(self._folder / f"received-portal-{self._batches:06}.arrow", compression="uncompressed")
        self._batches += 1

    def _recall(self, read: Sequence[Sequence[tuple[Place, Attempt, Reading]]]) -> None:
        """Fetch what the warehouse knows of the pages of a batch that were not met before."""
        pages: set[tuple[int, str]] = set()
        contents: set[int] = set()
        for visit in read:
            for _, attempt, reading in visit:
                if attempt.release_key is not None:
                    pages.add((attempt.release_key, attempt.language))
                for page in reading.pages:
                    release, _, _ = release_key(_code(attempt, page))
                    pages.add((release, page.language))
                    contents.add(_content(release, page))
        if new := pages - self._histories.keys():
            self._histories |= recall(self._con, new)
        self._refusals.recall(attempt.run_id for visit in read for _, attempt, _ in visit)
        if contents:
            found = self._con.execute(
                """
                select content_key from text_content
                where content_key in (select unnest(cast(string_split($keys, ',') as bigint[])))
                """,
                {"keys": joined(contents)},
            )
            self._contents |= {content for (content,) in found.fetchall()}

    def _history(self, row: Mapping[str, Any]) -> History | None:
        """What is known of the page that a row is about; None for a list that brought none."""
        return self._histories.get((row["release_key"], row["language"]))

    def _fetch(self, place: Place, attempt: Attempt, reading: Reading, page: Page | None) -> dict[str, Any]:
        """The row of an attempt, or of one page of a list."""
        code = _code(attempt, page) if page else attempt.code
        release, release_code, portal_id = release_key(code) if code else (None, None, None)
        answer = attempt.answer
        row: dict[str, Any] = {
            "fetch_key": key("fetch", place.file, str(place.offset), release_code or ""),
            "run_id": attempt.run_id,
            "purpose": attempt.purpose,
            "release_key": release,
            "release_code": release_code,
            "portal_id": portal_id,
            "language": page.language if page else attempt.language,
            # The publisher's, as asked: a page's own slug is that of the release.
            "slug": attempt.slug.lower(),
            "route": attempt.route,
            "url": attempt.url,
            "requested_at": attempt.requested_at,
            "duration_s": answer.duration_s,
            "retries": answer.retries,
            "http_status": answer.status,
            "outcome": _outcome_of_page(page) if page and attempt.purpose == "list" else reading.outcome,
            "detail": reading.detail,
            "bytes": len(answer.body),
            "body_sha256": sha256(answer.body).hexdigest() if answer.body else None,
            "content_key": None,
            "published_at": page.published_at if page else None,
            "published_day_only": page.published_day_only if page and page.published_at else None,
            "etag": attempt.etag,
            "last_modified": attempt.last_modified,
            "visit_outcome": None,
            "next_due_at": None,
            "warc_file": place.file,
            "warc_offset": place.offset,
        }
        if release is not None and reading.outcome == "unchanged":
            # Answered 304: the page still says what this route's last answer said.
            row["content_key"] = self._histories[release, row["language"]].content_by_route.get(attempt.route)
        return row

    def _see(self, row: dict[str, Any], page: Page, texts: dict[int, dict[str, Any]]) -> None:
        """Note the text that a page shows, and whether it is another than before."""
        content_key = _content(row["release_key"], page)
        history = self._histories[row["release_key"], page.language]
        if row["outcome"] == "ok" and history.content_key == content_key:
            row["outcome"] = "unchanged"
        row["content_key"] = content_key
        if content_key not in self._contents:
            self._contents.add(content_key)
            texts[content_key] = {
                "content_key": content_key,
                "release_key": row["release_key"],
                "release_code": row["release_code"],
                "title": page.title,
                "body": page.body,
                "origin": "portal",
                "page_language": page.language,
                "is_repaired": page.is_repaired,
            }

    def _end_visit(self, rows: list[dict[str, Any]]) -> None:
        """Say on the last row of a page what the visit found, if it has ended, and when the page is due again."""
        pages = {(row["release_key"], row["language"]): row for row in rows if row["release_key"] is not None}
        for page, last in pages.items():
            history = self._histories[page]
            is_listed = last["purpose"] == "list"
            found = last["outcome"] if is_listed else history.find_outcome(self._refusals.of(last["run_id"]))
            if found is None:
                continue
            history.end(last["requested_at"], found)
            if last["run_id"] == self._follows and not is_listed:
                self.staged.visits[f"{last['release_code']} {last['language']}"] = found
            last["visit_outcome"] = found
            last["next_due_at"] = due(history.visits, schedule=self._schedule, edited_at=history.edited_at)

    def _write(self, kind: str, contract: Contract, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._parquet(kind, contract.frame(rows))

    def _parquet(self, kind: str, frame: pl.DataFrame) -> None:
        path = self._folder / f"{kind}-portal-{self._batches:06}.parquet"
        frame.write_parquet(path, compression="uncompressed", statistics=False)


def _read(attempt: Attempt) -> Reading:
    """What an archived answer says, read again."""
    route = _ROUTES.get(attempt.route)
    if route is None:
        return Reading("unreadable", f"No route is called {attempt.route} any more.")
    target = attempt.target
    if target is None:
        return read_list(route, attempt.answer, attempt.slug, attempt.language)
    return read_page(route, attempt.answer, target)


def _code(attempt: Attempt, page: Page) -> str:
    """The code of a page's release: that which was asked for, for old links' text slugs are answered with an id."""
    return attempt.code or page.code


def _outcome_of_page(page: Page) -> str:
    return "ok" if page.body else "no_body"


def _content(release: int, page: Page) -> int:
    """Key of what a page says: of its title, then a line feed and its body where there is one."""
    digest = sha256(f"{page.title}\n{page.body}".encode() if page.body else page.title.encode()).digest()
    mixed = int.from_bytes(digest[:8], "big") >> 1
    return mixed ^ release ^ key("content", "portal", page.language)


def _topics(row: Mapping[str, Any], page: Page) -> Iterator[dict[str, Any]]:
    for portal_id, name in page.topics:
        yield {
            "release_key": row["release_key"],
            "portal_topic_id": portal_id,
            "topic_key": key("topic", portal_id),
            "language": page.language,
            "name": name,
            "seen_at": row["requested_at"],
        }
