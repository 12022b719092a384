"""Mail: makes messages of letters and delivers what the outbox holds."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from email import message_from_string, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import letters
from app.database import db, now
from app.domain import outbox, secrets
from app.domain.outbox import Claim
from app.exports import calendar
from app.faults import log_fault
from app.mail_ways import Delayed, MailProblem, Refused, ServerAway, Unclear, Way, way_out
from app.models import Message

log = logging.getLogger(__name__)

# One address without display name, comment, quoting or a second one: nothing can be smuggled in.
ONE_ADDRESS = re.compile(r'[^\s<>(),;:\\"\[\]@\x00-\x1f\x7f]+@[^\s<>(),;:\\"\[\]@\x00-\x1f\x7f]+')


def deliver(
    should_stop: Callable[[], bool] = lambda: False,
    open_way: Callable[[Mapping[str, Any]], AbstractContextManager[Way]] | None = None,
) -> int:
    """Send what is due and note what became of it; returns how many mails were sent.

    Several may run at once: each message is claimed by one of them. While nothing can be sent, messages wait and say
    why. No transaction is open while the mail server is spoken to.
    """
    outbox.give_up_lost(
        now(), _("Die Verbindung ist beim Senden abgebrochen. Vielleicht ist die E-Mail trotzdem angekommen.")
    )
    due = outbox.is_anything_due(now())
    db.session.rollback()
    sent = 0
    if not due:
        return sent
    try:
        with (open_way or way_out)(current_app.config) as way:
            while not should_stop() and (claim := outbox.claim(now())):
                sent += _deliver(claim, way)
    except ServerAway as problem:
        log.warning("mails wait: %s", problem)
        outbox.note_waiting(str(problem))
    return sent


def _deliver(claim: Claim, way: Way) -> bool:
    try:
        mail = _mail_of(claim)
        way.send(mail)
    except ServerAway as problem:
        outbox.mark_delayed(claim, str(problem))
        raise
    except Delayed as problem:
        outbox.mark_delayed(claim, str(problem))
    except letters.OutOfDate as problem:
        outbox.mark_out_of_date(claim, str(problem.reason))
    except Refused as problem:
        outbox.mark_failed(claim, str(problem))
    except Unclear as problem:
        outbox.mark_unknown(claim, str(problem))
    else:
        outbox.mark_sent(claim)
        log.info("message %s: sent", claim.message_id)
        return True
    return False


def _mail_of(claim: Claim) -> EmailMessage:
    """Read and write the mail; afterwards no transaction is open. Raises what `compose` does."""
    try:
        return compose(db.session.get_one(Message, claim.message_id))
    except secrets.VaultLocked as problem:
        raise Delayed(_l("Die Adresse ist mit einem anderen Schlüssel gespeichert (DATA_KEY).")) from problem
    except (letters.OutOfDate, MailProblem):
        raise
    except Exception as problem:
        # Nothing has been sent yet: the message must not end as "unknown", and the others must go on.
        log_fault(log, f"message {claim.message_id} could not be written", problem)
        raise Delayed(
            _l("Die Nachricht ließ sich nicht schreiben. Der Grund steht im Protokoll.")
        ) from problem
    finally:
        db.session.rollback()


def compose(message: Message) -> EmailMessage:
    """The finished mail: text, the same as HTML, and the calendar entries that go with it.

    Raises Refused, Delayed, letters.OutOfDate, VaultLocked.
    """
    recipient = _plain(secrets.decrypt(message.recipient))
    if not recipient:
        raise Refused(_l("Die gespeicherte Adresse ist keine gültige E-Mail-Adresse."))
    letter = letters.write(message)
    sender = _plain(current_app.config["MAIL_FROM"] or (letter.host.email if letter.host else ""))
    if not sender:
        raise Delayed(
            _l("Es fehlt eine Absender-Adresse: MAIL_FROM oder die E-Mail-Adresse des Veranstalters.")
        )
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = Address(
        _one_line(letter.host.name if letter.host else "Sozialraumkonferenz"), addr_spec=sender
    )
    mail["To"] = _address(recipient)
    if reply_to := _plain(letter.reply_to):
        mail["Reply-To"] = _address(reply_to)
    mail["Subject"] = _subject(letter.subject)
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = _message_id(message, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for file in _calendars(letter, recipient):
        mail.add_attachment(
            file.content,
            maintype="text",
            subtype="calendar",
            filename=file.name,
            params={"method": file.method, "charset": "utf-8"},
        )
    # Last: as long as parts are added, headers about the content move into the first part.
    mail["Content-Language"] = letter.language.code
    return mail


def _calendars(letter: letters.Letter, recipient: str) -> list[calendar.File]:
    if letter.calendar_of is None:
        return []
    with force_locale(letter.language.locale):
        return calendar.calendars_for_mail(
            letter.calendar_of, letter.language.code, current_app.config["BASE_URL"], recipient
        )


def _address(address: str, name: str = "") -> Address:
    user, _at, domain = address.rpartition("@")
    return Address(_one_line(name), user, domain)


def _plain(address: str) -> str:
    """The address with its domain in ASCII; "" for anything but one plain address."""
    if not ONE_ADDRESS.fullmatch(address):
        return ""
    name, _at, domain = address.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return ""


def _subject(text: str) -> str:
    """`text` in one line, with all its blanks when it has been sent.

    Folding a long subject, Python 3.11 and 3.12 can lose the blank between two encoded words; a fixed blank stays.
    """
    text = _one_line(text)
    folded = policy.SMTP.header_factory("Subject", text).fold(policy=policy.SMTP)
    arrived = message_from_string(folded, policy=policy.SMTP)["Subject"]
    return text if arrived == text else text.replace(" ", "\N{NO-BREAK SPACE}")


def _one_line(text: str) -> str:
    """`text` without line breaks, control and direction signs, short enough for a header."""
    # Joiners belong to the spelling of Persian and other languages.
    kept = (" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    visible = "".join(sign for sign in kept if unicodedata.category(sign) != "Cf" or sign in "\u200c\u200d")
    return " ".join(visible.split())[:180]


def _message_id(message: Message, sender: str) -> str:
    """The same for every attempt, so that a mail that arrives twice is recognised; another one when sent anew."""
    mark = secrets.digest("message-id", f"{message.idempotency_key}:{message.sent_at}")[:32]
    return f"<{mark}@{sender.rpartition('@')[2]}>"
