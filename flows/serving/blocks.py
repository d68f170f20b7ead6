"""The blocks that deliver alerts, by webhook and mail; the server finds them by the entry point `prefect.collections`.

Prefect's own webhook block repeats its URL, and so the token in it, when an answer is an error; of mail it knows only
SendGrid, and `prefect-email` has no block that automations can notify with. These ones try again where the other side
is away for a moment, and say of an error only its kind.
"""

import asyncio
import smtplib
import ssl
from abc import ABC, abstractmethod
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import ClassVar, Literal
from urllib.parse import urlsplit

import httpx
from prefect.blocks.abstract import NotificationBlock, NotificationError
from pydantic import Field, SecretStr

from warehouse.errors import cut

TIMEOUT_S = 15
TRIED_AFTER_S = (0.0, 2.0, 8.0)
"""How long each try waits after the one before; an alert that nobody takes is in the server's log and event feed."""

LONGEST_SUBJECT, LONGEST_BODY = 200, 5000
"""Characters of an alert; a message may be of any length."""


class Alert(NotificationBlock, ABC):
    """What both have in common: trying again, and an error without any secret."""

    async def notify(self, body: str, subject: str | None = None) -> None:
        """Deliver it; raises NotificationError where nobody took it after all tries."""
        message = ""
        for wait_s in TRIED_AFTER_S:
            await asyncio.sleep(wait_s)
            try:
                await self._deliver(" ".join((subject or "").split())[:LONGEST_SUBJECT], cut(body, LONGEST_BODY))
            except (OSError, smtplib.SMTPException, httpx.HTTPError) as error:
                # Of the error its kind and code: what the other side says may repeat what it got.
                code = getattr(error, "smtp_code", getattr(error, "errno", None))
                if isinstance(error, httpx.HTTPStatusError):
                    code = error.response.status_code
                message = f"{self._where()} did not take the alert: {type(error).__name__} {code or ''}".rstrip()
            else:
                return
        raise NotificationError(message)

    @abstractmethod
    async def _deliver(self, subject: str, body: str) -> None: ...

    @abstractmethod
    def _where(self) -> str:
        """Whom it goes to, without what is secret."""


class AlertByWebhook(Alert):
    """Sends alerts as JSON, `{"subject": …, "body": …}`, to a URL."""

    _block_type_name: ClassVar[str] = "Alert by webhook"
    _block_type_slug: ClassVar[str] = "press-alert-by-webhook"
    _description: ClassVar[str] = "Sends alerts of automations as JSON, by an HTTP POST."

    url: SecretStr = Field(description="Where alerts are sent; it may hold a token.")

    async def _deliver(self, subject: str, body: str) -> None:
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            answer = await client.post(self.url.get_secret_value(), json={"subject": subject, "body": body})
            answer.raise_for_status()

    def _where(self) -> str:
        return str(urlsplit(self.url.get_secret_value()).hostname)


class AlertByMail(Alert):
    """Sends alerts as plain text by mail."""

    _block_type_name: ClassVar[str] = "Alert by mail"
    _block_type_slug: ClassVar[str] = "press-alert-by-mail"
    _description: ClassVar[str] = "Sends alerts of automations as plain text, by SMTP."

    host: str = Field(description="The server that takes the mail.")
    port: int = Field(description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection is encrypted; starttls and tls check the certificate."
    )
    user: str | None = Field(default=None, description="Who logs in; nobody does if empty.")
    password: SecretStr | None = Field(default=None, description="The password of that user.")
    sender: str = Field(description="The address that mail comes from.")
    recipients: list[str] = Field(description="The addresses that it goes to.")

    async def _deliver(self, subject: str, body: str) -> None:
        await asyncio.to_thread(self._send, subject, body)

    def _where(self) -> str:
        return f"{self.host}:{self.port}"

    def _send(self, subject: str, body: str) -> None:
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = self.sender
        message["To"] = ", ".join(self.recipients)
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2] or None)
        # Automatic answers, such as “out of office”, are for people.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        with self._connected() as server:
            if self.user is not None:
                server.login(self.user, self.password.get_secret_value() if self.password else "")
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        if self.security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server
