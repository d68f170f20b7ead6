"""Attempts to fetch pages, as the archive keeps them."""

from dataclasses import replace
from datetime import datetime, timedelta

from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.exchange import Answer, PortalRequest, Target

ASKED_AT = datetime.fromisoformat("2026-06-13T06:00:00.123456")
URL = "https://www.gov.kz/memleket/entities/mfa/press/news/details/997859?lang=kk"
PAGE = "<!DOCTYPE html><h1>Жолдар туралы</h1><p>Министрлік жиналыс өткізді.</p>".encode()
HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-encoding": "gzip",
    "content-length": "512",
    "etag": '"61-5f"',
    "last-modified": "Fri, 12 Jun 2026 11:48:00 GMT",
}
TARGET = Target(997_859, "997859", "mfa", "kk")
REQUEST = PortalRequest("html", URL, {"Accept": "text/html"})
ANSWER = Answer(URL, ASKED_AT, 0.25, 200, HEADERS, PAGE, retries=1)
PAGE_ATTEMPT = Attempt.page("run-1", TARGET, REQUEST, ANSWER)
LIST_ATTEMPT = Attempt(
    "run-1",
    "list",
    "mfa",
    "ru",
    PortalRequest("graphql", "https://www.gov.kz/graphql", {"Content-Type": "application/json"}, b'{"query":"{}"}'),
    Answer("https://www.gov.kz/graphql", ASKED_AT, 60.0, error="www.gov.kz did not answer within 60 s.", retries=3),
)


def numbered(number: int, body: bytes | None = None) -> Attempt:
    """One of many attempts, a second after the one before."""
    answer = replace(ANSWER, requested_at=ASKED_AT + timedelta(seconds=number), body=body or b"%d " % number * 100)
    return replace(PAGE_ATTEMPT, answer=answer, code=str(number))
