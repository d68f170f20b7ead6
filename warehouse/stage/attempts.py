"""Read archived attempts into staged files, ready to be loaded: attempts, the texts they showed, and topics.

What an attempt says depends on itself and on the attempts before it, those at the same page and those that showed the
same text, so the same archive gives the same rows whenever it is read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import groupby
from typing import Any

import duckdb

from warehouse.keys import SEPARATOR, content_key, joined, key, release_key
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.exchange import Page
from warehouse.portal.read.attachments import KINDS
from warehouse.portal.visits.history import History, Refusals, recall
from warehouse.portal.visits.schedule import Schedule, due
from warehouse.portal.visits.site_texts import SiteTexts, recall_shown, shown_key
from warehouse.stage.answers import ReadAttempt
from warehouse.stage.batch import write_staged
from warehouse.stage.contracts import FETCH, RECEIVED_TEXT, TOPIC
from warehouse.stage.digests import Staging
from warehouse.stage.repeats import Repeats

BATCH_BYTES = 2 << 20
"""About how much of answers goes into one staged file."""

BATCH_ATTEMPTS = 300
"""How many attempts at most."""


@dataclass(slots=True)
class AttemptCounts:
    """What was staged, in counts: attempts, pages, and rows by outcome.

    `last_at` is when the last attempt was made; `visits` has the outcome of each visit of the run that is followed, by
    its page (code and language).
    """

    attempts: int = 0
    pages: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    last_at: datetime | None = None
    visits: dict[str, str] = field(default_factory=dict)


class AttemptStager:
    """Stages archived attempts; `con` tells what the warehouse knows of their pages.

    `folder` is that of the archive, seen from the warehouse's. `follows` is the run whose visits `counts` has.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, schedule: Schedule, staging: Staging, folder: str, follows: str
    ) -> None:
        self._con, self._schedule, self._staging, self._folder, self._follows = con, schedule, staging, folder, follows
        self._histories: dict[tuple[int, str], History] = {}
        self._refusals = Refusals(con)
        self._site_texts = SiteTexts(partial(recall_shown, con))
        self._contents: set[int] = set()
        self.repeats = Repeats(con)
        self.counts = AttemptCounts()

    def stage(self, attempts: Iterable[ReadAttempt]) -> Iterator[int]:
        """Stage attempts; yields how many were staged with each batch."""
        for number, batch in enumerate(_batches(self._leave_out_asides(attempts))):
            self._stage_batch(batch, f"portal-{number:06}")
            yield sum(len(visit) for visit in batch)

    def _leave_out_asides(self, attempts: Iterable[ReadAttempt]) -> Iterator[ReadAttempt]:
        """Without what came on the way to them; notes how far the archive is read."""
        for one in attempts:
            self._staging.read_to[one.place.file] = one.end
            if not one.attempt.is_aside:
                yield one

    def _stage_batch(self, batch: Sequence[Sequence[ReadAttempt]], name: str) -> None:
        read = self.repeats.leave_out(batch)
        if not read:
            return
        self._recall(read)
        fetches: list[dict[str, Any]] = []
        texts: list[dict[str, Any]] = []
        topics: list[dict[str, Any]] = []
        for visit in read:
            rows: list[dict[str, Any]] = []
            for one in visit:
                attempt, reading = one.attempt, one.reading
                self._refusals.note(attempt, reading.outcome)
                for page in reading.pages or (None,):
                    row = self._fetch(one, page)
                    if page is not None and row["release_key"] is not None:
                        topics += _topics(row, page)
                        self._see(row, page, texts)
                    if history := self._histories.get((row["release_key"], row["language"])):
                        route = "list" if attempt.purpose == "list" else attempt.request.route
                        history.note(attempt.run_id, route, row["requested_at"], row["outcome"], row["content_key"])
                    rows.append(row)
                self.counts.attempts += 1
                self.counts.pages += len(reading.pages)
            self._end_visit(rows)
            fetches += rows
        self.counts.outcomes.update(row["outcome"] for row in fetches)
        last_at = max(row["requested_at"] for row in fetches)
        self.counts.last_at = max(last_at, self.counts.last_at or last_at)
        write_staged(self._staging.folder, "fetch", name, FETCH.frame(fetches))
        write_staged(self._staging.folder, "topic", name, TOPIC.frame(topics))
        write_staged(self._staging.folder, "received", name, RECEIVED_TEXT.frame(texts))

    def _recall(self, read: Sequence[Sequence[ReadAttempt]]) -> None:
        """Fetch what the warehouse knows of the pages of a batch that were not met before."""
        pages: set[tuple[int, str]] = set()
        contents: dict[int, int] = {}
        """Releases by what they say."""
        self._site_texts.recall(page for visit in read for one in visit for page in one.reading.pages)
        for visit in read:
            for one in visit:
                if (asked := one.attempt.release_key) is not None:
                    pages.add((asked, one.attempt.language))
                for page in one.reading.pages:
                    release, _, _ = release_key(_code(one.attempt, page))
                    pages.add((release, page.language))
                    contents[_content(release, page)] = release
        if new := pages - self._histories.keys():
            self._histories |= recall(self._con, new)
        self._refusals.recall(one.attempt.run_id for visit in read for one in visit)
        if contents:
            # By their releases too: where these lie together, little of the table is read.
            known = self._con.execute(
                """
                select content_key from text_content semi join (
                    select
                        unnest(cast(string_split($releases, ',') as bigint[])) as release_key,
                        unnest(cast(string_split($contents, ',') as bigint[])) as content_key
                ) as read using (release_key, content_key)
                """,
                {"releases": joined(contents.values()), "contents": joined(contents)},
            )
            self._contents |= {content for (content,) in known.fetchall()}

    def _fetch(self, one: ReadAttempt, page: Page | None) -> dict[str, Any]:
        """The row of an attempt, or of one page of a list."""
        place, attempt, reading = one.place, one.attempt, one.reading
        code = _code(attempt, page) if page else attempt.code
        release, release_code, portal_id = release_key(code) if code else (None, None, None)
        answer, outcome = attempt.answer, reading.outcome
        if page and attempt.purpose == "list":
            outcome = page.outcome
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
            "route": attempt.request.route,
            "url": attempt.request.url,
            "requested_at": answer.requested_at,
            "duration_s": answer.duration_s,
            "retries": answer.retries,
            "http_status": answer.status,
            "outcome": outcome,
            "first_outcome": outcome,
            "detail": reading.detail,
            "bytes": one.bytes,
            "body_sha256": one.body_sha256,
            "content_key": None,
            "shown_key": None,
            "published_at": page.published_at if page else None,
            "published_day_only": page.published_day_only if page and page.published_at else None,
            "etag": answer.headers.get("etag"),
            "last_modified": answer.headers.get("last-modified"),
            "visit_outcome": None,
            "next_due_at": None,
            "warc_file": f"{self._folder}/{place.file}",
            "warc_offset": place.offset,
        }
        if release is not None and reading.outcome == "unchanged":
            # Answered 304: the page still says what this route's last answer said.
            row["content_key"] = self._histories[release, row["language"]].content_by_route.get(attempt.request.route)
        return row

    def _see(self, row: dict[str, Any], page: Page, texts: list[dict[str, Any]]) -> None:
        """Note the text that a page shows, and whether it is another than before."""
        row["shown_key"] = shown_key(page)
        if of_site := self._site_texts.meet(page, row["release_key"], row["route"]):
            row["outcome"] = row["first_outcome"] = of_site.outcome
            row["detail"] = of_site.detail
            return
        content = _content(row["release_key"], page)
        history = self._histories[row["release_key"], page.language]
        if row["outcome"] != "no_body" and history.content_key == content:
            row["outcome"] = row["first_outcome"] = "unchanged"
        row["content_key"] = content
        if content not in self._contents:
            self._contents.add(content)
            texts.append(
                {
                    "content_key": content,
                    "release_key": row["release_key"],
                    "release_code": row["release_code"],
                    "title": page.title,
                    "body": page.body,
                    "links": page.links,
                    "pictures": page.pictures,
                    "videos": page.videos,
                    "origin": "portal",
                    "page_language": page.language,
                    "is_repaired": page.is_repaired,
                }
            )

    def _end_visit(self, rows: list[dict[str, Any]]) -> None:
        """Say on the last row of a page what the visit found, if it has ended, and when the page is due again."""
        pages = {(row["release_key"], row["language"]): row for row in rows if row["release_key"] is not None}
        for page, last in pages.items():
            history = self._histories[page]
            is_listed = last["purpose"] == "list"
            outcome = last["outcome"] if is_listed else history.find_outcome(self._refusals.of(last["run_id"]))
            if outcome is None:
                continue
            history.end(last["requested_at"], outcome)
            if last["run_id"] == self._follows and not is_listed:
                self.counts.visits[f"{last['release_code']} {last['language']}"] = outcome
            last["visit_outcome"] = outcome
            last["next_due_at"] = due(history.visits, schedule=self._schedule, edited_at=history.edited_at)


def _batches(attempts: Iterable[ReadAttempt]) -> Iterator[list[list[ReadAttempt]]]:
    """Visits, each with its attempts, in batches; an attempt at a list is a visit of its own."""
    batch: list[list[ReadAttempt]] = []
    count = size = 0
    for _, together in groupby(attempts, _visit_of):
        visit = list(together)
        batch.append(visit)
        count += len(visit)
        size += sum(one.bytes for one in visit)
        if count >= BATCH_ATTEMPTS or size >= BATCH_BYTES:
            yield batch
            batch, count, size = [], 0, 0
    if batch:
        yield batch


def _visit_of(one: ReadAttempt) -> tuple[object, ...]:
    attempt = one.attempt
    return one.place if attempt.purpose == "list" else (attempt.run_id, attempt.release_key, attempt.language)


def _code(attempt: Attempt, page: Page) -> str:
    """The code of a page's release: that which was asked for, for old links' text slugs are answered with an id."""
    return attempt.code or page.code


def _content(release: int, page: Page) -> int:
    """Key of what a page says: its title, then a line feed and its body where there is one, then what is attached."""
    text = f"{page.title}\n{page.body}" if page.body else page.title
    attached = zip(KINDS, (page.links, page.pictures, page.videos), strict=True)
    text += "".join(f"{SEPARATOR}{kind} {address}" for kind, addresses in attached for address in addresses)
    return content_key(release, "portal", page.language, sha256(text.encode()).digest())


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
