"""One request and its answer, or the reason why there is none that can be taken."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException

import requests
from urllib3.exceptions import HTTPError, NameResolutionError

from warehouse.errors import UsageError
from warehouse.portal.request.body import BodyBrokenOff, BodyRefused, read_body
from warehouse.portal.request.deadline import Deadline, DeadlineAdapter, TooMuch
from warehouse.portal.request.limits import Manners

_NEVER_KEPT = frozenset({"set-cookie", "set-cookie2"})
"""Headers of answers that may hold what lets an operator in."""


class Failed(Exception):
    """No answer, or none that can be taken: the message is a sentence.

    `is_broken` says that the connection broke; `status` and `headers` are what came before that.
    """

    def __init__(self, why: str, *, is_broken: bool = False, status: int | None = None) -> None:
        super().__init__(why)
        self.is_broken = is_broken
        self.status = status
        self.headers: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer to one request; redirects (`location`) have no body here. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    location: str | None = None


class Wire:
    """A session with the portal: connections are kept, nothing else; nothing is taken from the environment.

    Raises UsageError where the certificates to trust are missing.
    """

    def __init__(self, timeout_s: float, ca_bundle: str | None, manners: Manners) -> None:
        if ca_bundle is not None and not _is_readable(ca_bundle):
            raise UsageError(f"PRESS_PORTAL_CA_BUNDLE is “{ca_bundle}”; there is no such file of certificates.")
        self._timeout_s = timeout_s
        self._verify: bool | str = ca_bundle or True
        self._manners = manners
        self._deadline = Deadline(manners.header_bytes, 2 * manners.body_bytes)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, DeadlineAdapter(self._deadline))

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def prepared(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> requests.PreparedRequest:
        """The request as it will be sent. Raises Failed for an address or header that cannot be sent."""
        encoded = {name: value.encode() for name, value in headers.items()}
        try:
            return self._session.prepare_request(requests.Request(method, url, headers=encoded, data=body))
        except (requests.RequestException, ValueError):  # their messages may show an operator's headers
            raise Failed(f"The request to {url[:200]} cannot be sent: its address or a header is malformed.") from None

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """Send a request and read status and headers of its answer. Raises Failed.

        The adapter is asked, not the session: the session would read the bodies of redirects, of whatever size.
        """
        self._deadline.begin(self._timeout_s * self._manners.deadline_timeouts)
        adapter = self._session.get_adapter(str(request.url))
        try:
            return adapter.send(
                request,
                stream=True,
                timeout=(self._manners.connect_timeout_s, self._timeout_s),
                verify=self._verify,
                proxies={},
            )
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            raise self._failure(error) from None

    def reply(self, response: requests.Response) -> Reply:
        """Read the body. Raises Failed where it is not whole, not in time, or not to be taken."""
        try:
            return self._reply(response)
        except (BodyRefused, BodyBrokenOff) as error:
            failure = Failed(str(error), is_broken=isinstance(error, BodyBrokenOff))
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            failure = self._failure(error)
        finally:
            response.close()
        failure.status = response.status_code
        failure.headers = _headers(response)
        raise failure

    def _reply(self, response: requests.Response) -> Reply:
        status = response.status_code
        headers = _headers(response)
        if response.is_redirect:
            return Reply(status, headers, location=headers["location"])
        body = read_body(response.raw, headers.get("content-encoding", ""), self._manners.body_bytes)
        answering = response.raw._original_response  # noqa: SLF001 - ours, from deadline.py
        answering.close()
        if answering.reads.has_excess:
            raise BodyRefused("The answer is longer than its Content-Length.")
        response.raw.release_conn()
        return Reply(status, headers, body)

    def _failure(self, error: BaseException) -> Failed:
        """An error of the libraries as a sentence: of what happened, and never of what was sent."""
        causes = list(_causes(error))

        def is_any(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in causes)

        broken = False
        too_much = [str(cause) for cause in causes if isinstance(cause, TooMuch)]
        untrusted = [cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)]
        if untrusted:
            told = f"The portal's certificate is not trusted: {untrusted[0].verify_message}."
        elif too_much:
            told = too_much[0]
        elif is_any(NameResolutionError, socket.gaierror):
            told = "The portal's name is not known to the network (DNS)."
        elif is_any(TimeoutError, requests.Timeout):
            waited = f"Nothing came for {self._timeout_s:g} s, or no connection was to be had."
            told = waited if self._deadline.left_s > 0 else "The answer was not whole in time."
        elif is_any(ssl.SSLError) and not is_any(ssl.SSLEOFError):
            told = f"TLS failed: {_reason(causes)}."
        else:
            broken, told = True, f"The connection broke: {_reason(causes)}."
        return Failed(told, is_broken=broken)


def _headers(response: requests.Response) -> dict[str, str]:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return {name: value for name, value in headers.items() if name not in _NEVER_KEPT}


def _is_readable(file: str) -> bool:
    try:
        with open(file, "rb"):  # noqa: PTH123 - a folder of certificates is refused as well
            return True
    except OSError:
        return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it wraps, each library in its own way."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(seen) < 20:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and cause not in seen:
            seen.append(cause)
            yield cause
            waiting += [getattr(cause, "reason", None), cause.__cause__, cause.__context__, *cause.args]


def _reason(causes: list[BaseException]) -> str:
    """What the system, or else the innermost library, calls it."""
    of_system = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    return str(of_system[-1]) if of_system else type(causes[-1]).__name__
