"""How a conference words its messages: one text per kind and language, the usual words where there is none."""

from __future__ import annotations

from sqlalchemy import select

from app.database import db, now
from app.domain import editing, placeholders
from app.domain.errors import BodyMissing, MessageTextTooLong, NotFound, SubjectMissing
from app.models import Conference, MessageKind, MessageText

# Kinds that can be worded and go to people who have registered, in the order in which they get them.
KINDS = tuple(kind for kind in placeholders.ALLOWED if kind not in placeholders.FOR_INSTITUTIONS)
MOST_SUBJECT, MOST_BODY = 200, 5000


def find(conference_id: int, kind: MessageKind, language: str) -> MessageText | None:
    """The text of its own that a conference has for this kind in this very language."""
    return db.session.scalar(
        select(MessageText).where(
            MessageText.conference_id == conference_id,
            MessageText.kind == kind,
            MessageText.language == language,
        )
    )


def of_conference(conference: Conference) -> dict[tuple[MessageKind, str], MessageText]:
    """All texts of its own: one statement."""
    found = db.session.scalars(select(MessageText).where(MessageText.conference_id == conference.id))
    return {(text.kind, text.language): text for text in found}


def values(text: MessageText | None) -> dict[str, str]:
    """What stands in the form; empty where the usual words are used."""
    return {"subject": text.subject if text else "", "body": text.body if text else ""}


def save(
    conference: Conference,
    kind: MessageKind,
    language: str,
    *,
    subject: str,
    body: str,
    shown: str | None = None,
) -> None:
    """Let messages of this kind say this in this language; saving the same twice changes nothing.

    Raises SubjectMissing, BodyMissing, MessageTextTooLong, what placeholders.check raises, and ChangedMeanwhile when
    somebody else saved another text since the form was `shown`.
    """
    check(kind, subject, body)
    wanted = {"subject": subject, "body": body}
    with editing.writing(conference) as held:
        text = find(held.id, kind, language)
        editing.refuse_if_changed(values(text), wanted, shown)
        if text is None:
            text = MessageText(
                host_id=held.host_id, conference_id=held.id, kind=kind, language=language, **wanted
            )
            db.session.add(text)
        elif editing.save(text, wanted):
            text.changed_at = now()
        db.session.flush()


def reset(conference: Conference, kind: MessageKind, language: str) -> None:
    """Use the usual words again; doing it twice changes nothing."""
    with editing.writing(conference) as held:
        text = find(held.id, kind, language)
        if text is not None:
            db.session.delete(text)


def check(kind: MessageKind, subject: str, body: str) -> None:
    """Raise what `save` raises for texts that cannot be sent."""
    if kind not in placeholders.ALLOWED:
        raise NotFound
    if not subject.strip():
        raise SubjectMissing
    if not body.strip():
        raise BodyMissing
    for field, text, most in (("subject", subject, MOST_SUBJECT), ("body", body, MOST_BODY)):
        if len(text) > most:
            raise MessageTextTooLong(field=field, length=len(text), most=most)
    placeholders.check(kind, subject, body)
