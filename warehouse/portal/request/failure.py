"""No answer that can be taken, and what the libraries' errors say about it."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from http.client import HTTPException

from requests import RequestException
from requests.exceptions import InvalidProxyURL, InvalidSchema
from requests.exceptions import ProxyError as RequestsProxyError
from urllib3.exceptions import HTTPError, LocationParseError, ProxyError, ProxySchemeUnknown


class Failure(Exception):
    """No answer, or none that can be taken: the message is a sentence.

    `is_broken` says that the connection broke, so that it helps to ask again; `barrier` is that of the Answer;
    `status` and `headers` are what came before.
    """

    def __init__(
        self, sentence: str, *, is_broken: bool = False, status: int | None = None, barrier: str | None = None
    ) -> None:
        super().__init__(sentence)
        self.is_broken = is_broken
        self.status = status
        self.barrier = barrier
        self.headers: Mapping[str, str] = {}


ERRORS = (Failure, RequestException, HTTPError, HTTPException, OSError, ValueError, OverflowError)
"""What sending a request and reading its answer raise."""


_PROXY = (ProxyError, ProxySchemeUnknown, RequestsProxyError, InvalidProxyURL, InvalidSchema)


def to_failure(error: BaseException, timeout_s: float, *, is_late: bool) -> Failure:
    """One of `ERRORS` as a sentence: of what happened, and never of what was sent."""
    if isinstance(error, Failure):
        return error
    causes = list(_causes(error))

    def is_any(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    reasons = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    reasons += [str(cause) for cause in causes if str(cause).startswith("Tunnel connection failed: ")]
    reason = reasons[-1] if reasons else "what came is no HTTP/1.1"
    untrusted = [cause.verify_message for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)]
    is_broken = False
    if untrusted:
        sentence = f"The portal's certificate is not trusted: {untrusted[0]}."
    elif is_any(*_PROXY):
        reason = reasons[-1] if reasons else "it is of no kind that can be used"
        sentence = f"The proxy that the environment names (https_proxy, http_proxy) does not help: {reason}."
    elif is_any(socket.gaierror, LocationParseError):
        sentence = "The portal's name is not known to the network (DNS)."
    elif is_any(TimeoutError):
        sentence = f"Nothing came for {timeout_s:g} s, or no connection was to be had."
        sentence = "The answer was not whole in time." if is_late else sentence
    elif is_any(ssl.SSLError) and not is_any(ssl.SSLEOFError):
        sentence = f"TLS failed: {reason}."
    else:
        refused = is_any(ConnectionRefusedError)
        sentence = "The portal's host refuses connections." if refused else f"The connection broke: {reason}."
        is_broken = True
    return Failure(sentence, is_broken=is_broken)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it was raised for, down to the system's."""
    while error is not None:
        yield error
        error = error.__context__
