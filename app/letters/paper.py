"""Letters on paper: what would be a mail, for people who have no e-mail address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app import letters
from app.database import db, now
from app.domain import local_time, secrets
from app.exports import letter as paper
from app.letters import desk, door
from app.letters.blocks import Paragraph
from app.models import Message, Registration


@dataclass(frozen=True)
class Pile:
    """Letters to print, and those that would tell what is no longer so, with the reason by message id."""

    letters: list[paper.Letter]
    printed: list[Message]
    needless: dict[int, Any]


def pile(messages: Sequence[Message]) -> Pile:
    """Write these messages as letters. Raises VaultLocked."""
    found = Pile([], [], {})
    for message in messages:
        try:
            found.letters.append(on_paper(message))
        except letters.OutOfDate as problem:
            found.needless[message.id] = problem.reason
        else:
            found.printed.append(message)
    return found


def on_paper(message: Message) -> paper.Letter:
    """One message as a letter, to the address its registration has now. Raises letters.OutOfDate, VaultLocked."""
    letter = letters.write(message)
    registration = db.session.get_one(Registration, message.registration_id)
    conference = registration.conference
    with force_locale(letter.language.locale):
        return paper.Letter(
            address_lines=desk.address_of(registration, secrets.decrypt(registration.contact)),
            sender=desk.sender_of(conference, letter.language),
            date=local_time.day_of(now()),
            subject=letter.subject,
            blocks=[
                Paragraph(_("Guten Tag,")),
                *letter.blocks,
                *(door.card(registration) if message.kind in door.BROUGHT_ALONG else ()),
                Paragraph(_("Mit freundlichen Grüßen")),
                Paragraph(conference.host.name),
            ],
            language=letter.language.code,
        )
