"""No answer that can be taken, and what the libraries' errors say about it."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from http.client import HTTPException

from requests import RequestException
from urllib3.exceptions import HTTPError, LocationParseError


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


ERRORS = (Failure, RequestException, HTTPError, HTTPException, OSError, ValueError)
"""What sending a request and reading its answer raise."""


def to_failure(error: BaseException, timeout_s: float, *, is_late: bool) -> Failure:
    """One of `ERRORS` as a sentence: of what happened, and never of what was sent."""
    if isinstance(error, Failure):
        return error
    causes = list(_causes(error))

    def is_any(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    reasons = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    reason = reasons[-1] if reasons else "what came is no HTTP/1.1"
    untrusted = [cause.verify_message for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)]
    if untrusted:
        return Failure(f"The portal's certificate is not trusted: {untrusted[0]}.")
    if is_any(socket.gaierror, LocationParseError):
        return Failure("The portal's name is not known to the network (DNS).")
    if is_any(TimeoutError):
        sentence = f"Nothing came for {timeout_s:g} s, or no connection was to be had."
        return Failure("The answer was not whole in time." if is_late else sentence)
    if is_any(ssl.SSLError) and not is_any(ssl.SSLEOFError):
        return Failure(f"TLS failed: {reason}.")
    return Failure(f"The connection broke: {reason}.", is_broken=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it was raised for, down to the system's."""
    while error is not None:
        yield error
        error = error.__context__
