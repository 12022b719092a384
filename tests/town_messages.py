"""What a town has to tell: a letter and a call that wait, a text of its own, a mailing that is a draft."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.database import db, transaction
from app.domain import mailings, message_texts, notices
from app.models import Conference, ContactChannel, Message, MessageKind, MessageWay
from tests import make


def fill(town: Any, conference: Conference) -> None:
    """Leave all of it, and say what stands in addresses about it."""
    for channel, contact in (
        (ContactChannel.POST, f"Weg 1, 12345 {town.word}"),
        (ContactChannel.PHONE, "02000 4711"),
    ):
        person = make.registration(
            conference, name=f"Ohne E-Mail in {town.word}", contact_channel=channel, contact=contact
        )
        with transaction():
            notices.need_answered(person, "1")
    letter = db.session.scalars(
        select(Message)
        .where(Message.conference_id == conference.id, Message.way == MessageWay.LETTER)
        .order_by(Message.id)
    ).first()
    assert letter is not None
    message_texts.save(
        conference,
        MessageKind.REMINDER,
        "de",
        subject=f"Bald ist es so weit in {town.word}",
        body="Am {tag}, {uhrzeit}: {titel}.\n\n{hinweis}\n\n{gruppen}\n\n{link}",
    )
    mailing = mailings.draft(
        conference,
        MessageKind.REMINDER,
        mailings.usual_audience(MessageKind.REMINDER),
        {"de": f"Der Eingang von {town.word} ist hinten."},
    )
    town.ids |= {"mailing": [mailing.id], "letter": [letter.id]}
    town.messages = {"kind_slug": "erinnerung", "mailing": mailing.id, "letter_message": letter.id}
