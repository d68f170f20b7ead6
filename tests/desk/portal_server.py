"""A portal on the loopback that answers in the shapes of gov.kz, and misbehaves when told to.

    with Portal(seed_releases()) as portal:
        portal.misbehave("status", status=503, route="html", times=2)
        … ask portal.url …
        portal.gaps()  # seconds between the arrivals

`portal.releases` may be edited at any time: `portal.releases["997859"].texts["kk"].paragraphs[0] = "…"`,
`vanish(code)`, `bring_back(code)`. Requests stand in `portal.log`, in order of arrival. What it can do wrong:
`portal_troubles.py`, with its certificates; what its releases are: `portal_releases.py`.
"""

import hashlib
import itertools
import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.desk.portal_releases import LANGUAGES, Release, item_json, page_html
from tests.desk.portal_troubles import TROUBLES, Answering, Reply, json_reply

REST = "/api/v1/public/content-manager/news"
_DETAILS = re.compile(r"/memleket/entities/([^/]+)/press/news/details/([^/]+)/?")


@dataclass(frozen=True)
class Request:
    """A request as it arrived. `at_s` is monotonic; header names are lower-case.

    `route` is graphql, html, rest, robots or other; `code` is the release wanted, None of a list with its `page`.
    """

    at_s: float
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    route: str = "other"
    code: str | None = None
    language: str = "ru"
    slug: str | None = None
    page: int = 1
    size: int = 10


@dataclass
class Trouble:
    """What is done wrong, how often still (None: for ever), to which requests, and how."""

    do: Callable[..., None]
    times: int | None
    applies: Callable[[Request], bool]
    options: dict[str, Any]


class Portal:
    """The server; a context manager. `robots` is the text of robots.txt, None for 404. `tells_versions` adds ETag and
    Last-Modified to pages and answers 304 to who knows them. `tls` is (certificate, key), both files."""

    def __init__(
        self,
        releases: Mapping[str, Release] | None = None,
        *,
        robots: str | None = None,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        self.releases: dict[str, Release] = dict(releases or {})
        self.robots = robots
        self.tells_versions = False
        self.changed = datetime(2025, 6, 1, tzinfo=UTC)
        self.log: list[Request] = []
        self.closing = threading.Event()
        self._gone: dict[str, Release] = {}
        self._troubles: list[Trouble] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.portal = self
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def misbehave(
        self,
        trouble: str,
        *,
        times: int | None = None,
        route: str | None = None,
        code: str | None = None,
        when: Callable[[Request], bool] = lambda request: True,
        **options: Any,
    ) -> None:
        """Do something of `TROUBLES` wrong, for the next so many requests or for ever, of one route, of one release, or
        `when` it applies. robots.txt is answered well unless `route="robots"` says otherwise. The first that applies
        is done; `options` are those of the trouble."""

        def applies(request: Request) -> bool:
            of_route = request.route == route if route else request.route != "robots"
            return of_route and code in {None, request.code} and when(request)

        self._troubles.append(Trouble(TROUBLES[trouble], times, applies, options))

    def behave(self) -> None:
        """Do nothing wrong any more."""
        self._troubles.clear()

    def vanish(self, code: str) -> None:
        """Take a release away."""
        self._gone[code] = self.releases.pop(code)

    def bring_back(self, code: str) -> None:
        """Bring a vanished release back."""
        self.releases[code] = self._gone.pop(code)

    def requests(self, route: str | None = None) -> list[Request]:
        """Requests by a route; without one all but those for robots.txt."""
        return [request for request in self.log if (request.route == route if route else request.route != "robots")]

    def gaps(self) -> list[float]:
        """Seconds between each two arrivals, of all routes."""
        times = sorted(request.at_s for request in self.log)
        return [later - earlier for earlier, later in itertools.pairwise(times)]

    def receive(self, request: Request) -> Trouble | None:
        """Note a request; gives what to do wrong with it."""
        with self._lock:
            self.log.append(request)
            for trouble in self._troubles:
                if trouble.times != 0 and trouble.applies(request):
                    trouble.times = trouble.times and trouble.times - 1
                    return trouble
        return None

    def reply(self, request: Request) -> Reply:
        """The right answer."""
        if request.route == "robots":
            return (
                Reply(404, "text/plain", b"") if self.robots is None else Reply(200, "text/plain", self.robots.encode())
            )
        if request.route == "graphql":
            news = [item_json(*hit, request.language) for hit in self._search(request)]
            return json_reply({"data": {"news": [{**item, "id": str(item["id"])} for item in news]}})
        if request.route == "rest":
            news = [item_json(*hit, request.language, document=True) for hit in self._search(request)]
            if request.code is None:
                return json_reply(news)
            return json_reply(news[0]) if news else json_reply({"error": "notFound"}, 404)
        hits = self._search(request) if request.route == "html" else []
        if not hits:
            return Reply(404, "text/html; charset=utf-8", b"<html><body><h1>404</h1></body></html>")
        return Reply(200, "text/html; charset=utf-8", page_html(hits[0][1], request.language).encode())

    def version(self, reply: Reply) -> dict[str, str]:
        """What tells a content from another one."""
        changed = f"{self.changed:%a, %d %b %Y %H:%M:%S} GMT"
        return {"ETag": f'"{hashlib.md5(reply.body).hexdigest()}"', "Last-Modified": changed}

    def _search(self, request: Request) -> list[tuple[str, Release]]:
        """The releases wanted that have the language, newest first."""
        if request.code is not None:
            release = self.releases.get(request.code)
            named = (
                [(request.code, release)]
                if release
                else [
                    (code, one)
                    for code, one in self.releases.items()
                    if one.text_slug and one.text_slug == request.code
                ]
            )
            return [(code, one) for code, one in named if request.language in one.texts]
        wanted = [
            (code, release)
            for code, release in self.releases.items()
            if request.language in release.texts and request.slug in {None, release.slug}
        ]
        wanted.sort(key=lambda hit: (hit[1].created, int(hit[0])), reverse=True)
        return wanted[(request.page - 1) * request.size : request.page * request.size]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    portal: Portal

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are none of ours."""


class Handler(Answering):
    """Answers one connection."""

    server: _Server

    def do_GET(self) -> None:  # noqa: N802 - http.server's name
        at_s = time.monotonic()
        portal = self.server.portal
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = _read(Request(at_s, self.command, self.path, headers, body))
        self.closing = portal.closing
        self.known = headers.get("if-none-match")
        self.right = lambda: portal.reply(request)
        if trouble := portal.receive(request):
            trouble.do(self, **trouble.options)
        else:
            reply = self.right()
            self.send(reply, portal.version(reply) if portal.tells_versions else {})

    do_POST = do_GET  # noqa: N815 - the same

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _read(request: Request) -> Request:
    """What a request asks for."""
    url = urlsplit(request.path)
    query = {name: values[-1] for name, values in parse_qs(url.query).items()}
    language = query.get("lang") or request.headers.get("accept-language", "ru")[:2]
    values: dict[str, Any] = {"language": language if language in LANGUAGES else "ru"}
    if url.path == "/robots.txt":
        values["route"] = "robots"
    elif url.path == "/graphql" and request.method == "POST":
        values |= _read_graphql(request.body)
    elif details := _DETAILS.fullmatch(url.path):
        values |= {"route": "html", "slug": unquote(details[1]), "code": unquote(details[2])}
    elif url.path == REST or url.path.startswith(f"{REST}/"):
        code = url.path[len(REST) + 1 :] or query.get("slug", "").removeprefix("eq:") or None
        slug = query.get("projects", "").removeprefix("eq:") or None
        values |= {"route": "rest", "code": code, "slug": slug}
        values |= {"page": int(query.get("page", 1)), "size": int(query.get("size", 10))}
    return replace(request, **values)


def _read_graphql(body: bytes) -> dict[str, Any]:
    """The arguments of `news`, given in the query or as variables."""
    sent = json.loads(body)
    hit = re.search(r"news\s*\((.*?)\)\s*\{", sent["query"], re.DOTALL)
    arguments: dict[str, str] = {}
    for name, quoted, variable, bare in re.findall(
        r'(\w+)\s*:\s*(?:"([^"]*)"|\$(\w+)|([\w-]+))', hit[1] if hit else ""
    ):
        arguments[name] = str((sent.get("variables") or {}).get(variable)) if variable else quoted or bare
    code = arguments.get("id") or arguments.get("slug")
    return {
        "route": "graphql",
        "code": code.removeprefix("eq:") if code else None,
        "slug": arguments["projects"].removeprefix("eq:") if "projects" in arguments else None,
        "language": arguments.get("_lang", "ru"),
        "page": int(arguments.get("_page", 1)),
        "size": int(arguments.get("_size", 10)),
    }
