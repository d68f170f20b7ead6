"""Answers of the portal about one release, as a test writes them down."""

import json
from datetime import datetime

from warehouse.portal.exchange import Answer

AT = datetime.fromisoformat("2026-07-14T00:00:00")
BASE = "http://127.0.0.1:8080"


def answer(body: bytes | str | object = b"", status: int | None = 200, url: str = BASE, **rest: object) -> Answer:
    """An answer of the portal; what is neither bytes nor text is sent as JSON."""
    if not isinstance(body, bytes | str):
        body = json.dumps(body, ensure_ascii=False)
    body = body.encode() if isinstance(body, str) else body
    return Answer(url, AT, 0.1, status, body=body, **rest)  # type: ignore[arg-type]


def news(*items: object, **beside: object) -> dict[str, object]:
    return {"data": {"news": list(items)}, **beside}
