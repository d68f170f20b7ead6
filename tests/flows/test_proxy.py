"""Prefect's server on this machine is reached without a proxy; test_docs.py has a run that meets a dead one."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
import requests

from flows import leave_out_proxy
from flows.serving.server import is_healthy
from warehouse.settings import ServerSettings

PROXY = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, "127.0.0.1,localhost,::1"),
        ({"no_proxy": "intranet.kz, 10.0.0.7"}, "intranet.kz,10.0.0.7,127.0.0.1,localhost,::1"),
        ({"NO_PROXY": "localhost,intranet.kz"}, "localhost,intranet.kz,127.0.0.1,::1"),
    ],
)
def test_the_machines_own_addresses_join_what_is_left_out_already(before: dict[str, str], after: str) -> None:
    environ = dict(before)
    leave_out_proxy(environ)
    assert environ == {"no_proxy": after, "NO_PROXY": after}
    leave_out_proxy(environ)
    assert environ["no_proxy"] == after


def test_a_servers_health_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"true")

    monkeypatch.setenv("http_proxy", PROXY)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
        Thread(target=server.handle_request).start()
        assert is_healthy(ServerSettings(host="127.0.0.1", port=server.server_address[1]))


def test_where_nothing_goes_by_a_proxy_nothing_changes() -> None:
    environ = {"NO_PROXY": "*"}
    leave_out_proxy(environ)
    assert environ == {"NO_PROXY": "*"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_clients_go_to_them_directly_and_elsewhere_by_the_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, PROXY)
    with httpx.Client() as client:
        direct = client._transport
        assert client._transport_for_url(httpx.URL(f"http://{host}:4200/api")) is direct
        assert client._transport_for_url(httpx.URL("https://chat.example.kz")) is not direct
    assert requests.utils.get_environ_proxies(f"http://{host}:4200/api") == {}
    assert requests.utils.get_environ_proxies("https://www.gov.kz")["https"] == PROXY
