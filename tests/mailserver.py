"""A real mail server on this machine, that can be told to be unkind."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class Postbox:
    """What the server took, and the answers it gives instead of taking it."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer_to_recipient = ""
        self.answer_to_sender = ""
        self.answer_to_content = ""
        self.hangs_up_after_content = False
        self.waits_before_answer = False
        self.hangs_up_at_recipient = False
        self.was_encrypted = False

    async def handle_MAIL(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_to_sender:
            return self.answer_to_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hangs_up_at_recipient:
            hang_up(server)
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.answer_to_content:
            return self.answer_to_content
        content = envelope.original_content or b""
        self.was_encrypted = (
            session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None
        )
        self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients.extend(envelope.rcpt_tos)
        if self.hangs_up_after_content:
            hang_up(server)
        while self.waits_before_answer:
            await asyncio.sleep(0.05)
        return "250 OK"


def hang_up(server: SMTP) -> None:
    """Close the connection without a word."""
    assert server.transport is not None
    server.transport.abort()


def _log_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    # Not handled: the server is to answer by itself when the password is wrong.
    return AuthResult(success=(data.login, data.password) == (b"amt", b"geheim/1"), handled=False)


@contextmanager
def running(**options: Any) -> Iterator[Postbox]:
    """A mail server on a free port."""
    postbox = Postbox()
    # With port 0 aiosmtpd would look for itself at port 0.
    postbox.port = free_port()
    controller = Controller(
        postbox,
        hostname="127.0.0.1",
        port=postbox.port,
        authenticator=_log_in,
        auth_require_tls=False,
        enable_SMTPUTF8=options.pop("enable_SMTPUTF8", False),
        **options,
    )
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
