"""Ways for a mail to leave the house: a mail server, or a folder."""

from __future__ import annotations

import ipaddress
import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import AbstractContextManager
from email import policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import unquote, urlsplit

from flask_babel import lazy_gettext as _l

from app.database import now

# For each word of the conversation with the mail server, not for the whole.
TIMEOUT_SECONDS = 20


class MailProblem(Exception):
    """A mail was not sent. `str(problem)` is a sentence for staff; it never holds an address."""

    def __init__(self, reason: Any) -> None:
        super().__init__()
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


class ServerAway(MailProblem):
    """Nothing can be sent at present, whoever it is for."""


class Delayed(MailProblem):
    """This message cannot be sent at present."""


class Refused(MailProblem):
    """This message will never be sent as it is."""


class Unclear(MailProblem):
    """The connection broke after the mail had been handed over and before the answer."""


class Way(Protocol):
    """How mails leave the house."""

    def send(self, mail: EmailMessage) -> None:
        """Hand `mail` over. Raises ServerAway, Delayed, Refused or Unclear."""


def way_out(settings: Mapping[str, Any]) -> AbstractContextManager[Way]:
    """What MAIL_URL names, opened. Raises ServerAway when it is not set, cannot be read or does not answer."""
    url = settings["MAIL_URL"]
    if not url:
        raise ServerAway(_l("Es ist kein Mailserver eingerichtet (MAIL_URL). Die Nachricht wartet hier."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ServerAway(_NOT_READABLE) from error
    if parts.scheme == "file" and not parts.netloc and parts.path:
        return Folder(Path(unquote(parts.path)))
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ServerAway(_NOT_READABLE)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    own_name = urlsplit(settings["BASE_URL"]).hostname or "localhost"
    return Relay(parts.hostname, port, user, password, wrapped=parts.scheme == "smtps", own_name=own_name)


_NOT_READABLE = _l(
    "MAIL_URL ist nicht lesbar. Erwartet wird zum Beispiel smtp://name:passwort@mail.example.org:587"
)


class Folder:
    """Puts each mail as a file into a folder: for demonstrations and for looking at mails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ServerAway(_l("In den Ordner von MAIL_URL lässt sich nicht schreiben.")) from error
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def send(self, mail: EmailMessage) -> None:
        name = re.sub(
            r"[^\w.-]", "", f"{now():%Y-%m-%d-%H%M%S-%f}-{mail['Message-ID'].partition('@')[0]}.eml"
        )
        unfinished = self._folder / f".{name}"
        try:
            # Not readable for others: it holds an address and a personal link.
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(mail.as_bytes())
            unfinished.rename(self._folder / name)
        except OSError as error:
            raise ServerAway(_l("In den Ordner von MAIL_URL lässt sich nicht schreiben.")) from error


class Relay:
    """A connection to a mail server (RFC 5321), encrypted where the server offers it."""

    def __init__(
        self, host: str, port: int | None, user: str, password: str, *, wrapped: bool, own_name: str
    ) -> None:
        self._host, self._user, self._password = host, user, password
        self._wrapped, self._own_name = wrapped, own_name
        self._port = port or (465 if wrapped else 587 if user else 25)
        self._smtp: smtplib.SMTP

    def __enter__(self) -> Self:
        try:
            self._smtp = self._connect()
        except ssl.SSLError as error:
            raise ServerAway(
                _l(
                    "Die verschlüsselte Verbindung zum Mailserver kam nicht zustande. Prüfen Sie sein Zertifikat."
                )
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(_NO_ANSWER) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    def send(self, mail: EmailMessage) -> None:
        smtp = self._smtp
        sender, recipient = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
        options = []
        content = mail.as_bytes(policy=policy.SMTP)
        if not (sender + recipient).isascii():
            if not smtp.has_extn("smtputf8"):
                raise Refused(_l("Der Mailserver kann keine Adressen mit Umlauten oder anderen Schriften."))
            options = ["SMTPUTF8", "BODY=8BITMIME"]
            content = mail.as_bytes(policy=policy.SMTPUTF8)
        try:
            code, answer = smtp.mail(sender, options)
            if code != 250:
                # Not the fault of this message: the sender is the same for all.
                raise ServerAway(str(_REFUSED_SENDER) % {"code": _code(code, answer)})
            code, answer = smtp.rcpt(recipient)
            if code not in (250, 251):
                _refuse(code, answer, _REFUSED_RECIPIENT)
            code, answer = smtp.docmd("DATA")
            if code != 354:
                _refuse(code, answer, _REFUSED_CONTENT)
        except (Delayed, Refused):
            self._start_over()
            raise
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(_NO_ANSWER) from error
        try:
            smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
            code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unclear(
                _l(
                    "Der Mailserver hat nicht mehr geantwortet. Vielleicht ist die E-Mail trotzdem angekommen."
                )
            ) from error
        if code != 250:
            _refuse(code, answer, _REFUSED_CONTENT)

    def _connect(self) -> smtplib.SMTP:
        secure = ssl.create_default_context()
        common: dict[str, Any] = {"local_hostname": self._own_name, "timeout": TIMEOUT_SECONDS}
        if self._wrapped:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, context=secure, **common)
        else:
            smtp = smtplib.SMTP(self._host, self._port, **common)
        try:
            smtp.ehlo_or_helo_if_needed()
            if not self._wrapped and smtp.has_extn("starttls"):
                smtp.starttls(context=secure)
                smtp.ehlo()
            if self._user:
                if not (isinstance(smtp.sock, ssl.SSLSocket) or _is_this_machine(self._host)):
                    raise ServerAway(_NOT_ENCRYPTED)
                self._log_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.login(self._user, self._password)
        except smtplib.SMTPException as error:
            # Some servers hang up after a few wrong tries: then there is no code.
            raise ServerAway(_REFUSED_LOGIN) from error

    def _start_over(self) -> None:
        """Make the server forget the unfinished mail; a connection that is gone shows with the next one."""
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()


_NO_ANSWER = _l(
    "Der Mailserver ist nicht erreichbar. Die Nachricht wartet und wird von selbst wieder versucht."
)
_NOT_ENCRYPTED = _l(
    "Der Mailserver bietet keine Verschlüsselung an. Name und Passwort werden so nicht gesendet."
)
_REFUSED_LOGIN = _l("Der Mailserver nimmt Name oder Passwort nicht an. Prüfen Sie MAIL_URL.")
_REFUSED_SENDER = _l("Der Mailserver nimmt den Absender nicht an (%(code)s). Prüfen Sie MAIL_FROM.")
_REFUSED_RECIPIENT = _l("Der Mailserver nimmt diese Adresse nicht an (%(code)s).")
_REFUSED_CONTENT = _l("Der Mailserver nimmt diese E-Mail nicht an (%(code)s).")


def _refuse(code: int, answer: bytes, sentence: Any) -> None:
    """Raise what an answer means: 421 closes the connection, 4xx passes, 5xx is for good (RFC 5321, 4.2.1)."""
    reason = str(sentence) % {"code": _code(code, answer)}
    if code == 421:
        raise ServerAway(_NO_ANSWER)
    if 400 <= code < 500:
        raise Delayed(reason)
    raise Refused(reason)


def _code(code: int, answer: bytes) -> str:
    """The numbers of an answer; its words often repeat the address and stay out."""
    enhanced = re.match(rb"[245]\.\d{1,3}\.\d{1,3}\b", answer)
    return f"{code} {enhanced.group().decode()}" if enhanced else str(code)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
