"""What lets people in on the day: the QR code for the door, on paper."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from app.domain import day
from app.exports import letter, qr
from app.letters.blocks import Heading, Paragraph
from app.models import MessageKind, Registration

# Letters that are kept until the day and brought along.
BROUGHT_ALONG = frozenset({MessageKind.REGISTRATION_CONFIRMED, MessageKind.MOVED_UP, MessageKind.REMINDER})


def card(registration: Registration) -> Iterable[letter.Block]:
    """The QR code and what it is for; nothing for whoever has no place, or where there is no door."""
    if not registration.has_place or registration.conference.status in day.NOT_TAKING_PLACE:
        return
    yield Heading(_("Für den Einlass"))
    yield letter.Picture(qr.picture(day.door_mark(registration)), _("QR-Code für den Einlass"))
    yield Paragraph(
        _(
            "Zeigen Sie diesen QR-Code am Eingang, auf Papier oder auf dem Telefon. Dann geht es schneller. "
            "Ihren Code oder Ihren Namen sagen geht genauso."
        )
    )
