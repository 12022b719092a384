"""Consents: one by one, each with the version of the words that were shown; withdrawn with effect at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select

from app.database import db, now, transaction
from app.domain import editing, history, versions
from app.domain.errors import AlreadyCancelled, ConsentWordsChanged, ConsentWordsMissing
from app.models import (
    Conference,
    Consent,
    ConsentMethod,
    ConsentPurpose,
    ConsentText,
    EventKind,
    Registration,
    StaffMember,
    Translated,
)


def asked(conference: Conference) -> list[ConsentText]:
    """The consents this conference asks for, in the order of their purposes."""
    found = db.session.scalars(
        select(ConsentText).where(
            ConsentText.conference_id == conference.id, ConsentText.is_current.is_(True)
        )
    )
    order = list(ConsentPurpose)
    return sorted(found, key=lambda text: order.index(text.purpose))


def field_of(purpose: ConsentPurpose) -> str:
    """The name of its field in forms; another version has the same."""
    return f"consent_{purpose.value}"


def mark(text: ConsentText, language: str) -> str:
    """A short name for the words as they are read in `language`, with the German ones that count."""
    read = {"shown": text.words.passage(language).text, "german": str(text.words)}
    return f"{language}.{editing.seen(read)}"


def is_of(text: ConsentText, shown: str) -> bool:
    """Whether `shown` is a mark of the words of `text`, in whatever language they were read."""
    return shown == mark(text, shown.partition(".")[0])


def give(
    registration: Registration,
    consent_text_ids: Collection[int],
    *,
    method: ConsentMethod,
    language: str = "",
    by: StaffMember | None = None,
) -> list[ConsentText]:
    """Note that these are agreed to, within the open transaction; giving one twice changes nothing.

    `language` is the one the words were read in, that of the registration where it is missing. A page gives the `mark`
    of the words it has shown by each id. Returns what is new.
    Raises ConsentWordsChanged with the field for words this conference does not ask for now, or not in these words.
    """
    texts = {text.id: text for text in asked(registration.conference)}
    if gone := set(consent_text_ids) - set(texts):
        last = db.session.get(ConsentText, min(gone))
        raise ConsentWordsChanged(field=field_of(last.purpose) if last is not None else None)
    known = {consent.consent_text_id for consent in standing(registration)}
    new = sorted(set(consent_text_ids) - known)
    shown = consent_text_ids if isinstance(consent_text_ids, Mapping) else {}
    for text_id in new:
        if text_id in shown and not is_of(texts[text_id], shown[text_id]):
            raise ConsentWordsChanged(field=field_of(texts[text_id].purpose))
        db.session.add(
            Consent(
                host_id=registration.host_id,
                conference_id=registration.conference_id,
                registration_id=registration.id,
                consent_text_id=text_id,
                language=language or registration.language,
                method=method,
                noted_by_id=by.id if by else None,
            )
        )
    db.session.flush()
    return [texts[text_id] for text_id in new]


def agree(
    registration: Registration,
    consent_text_ids: Collection[int],
    *,
    method: ConsentMethod,
    language: str = "",
    by: StaffMember | None = None,
) -> None:
    """Note a consent that is given after the registration, or once more after it was withdrawn; twice changes nothing.

    Raises AlreadyCancelled, and ConsentWordsChanged as `give` does.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        for text in give(registration, consent_text_ids, method=method, language=language, by=by):
            history.note(registration, EventKind.CONSENT_GIVEN, subject=text.purpose.value, by=by)


def open_for(registration: Registration, given: Iterable[Consent] | None = None) -> list[ConsentText]:
    """What is asked for and does not hold now, in any version; nothing once it is cancelled.

    `given` are its consents where they have been read already.
    """
    if not registration.is_live:
        return []
    known = standing(registration) if given is None else given
    held = {consent.consent_text.purpose for consent in known if consent.withdrawn_at is None}
    return [text for text in asked(registration.conference) if text.purpose not in held]


def withdraw(registration: Registration, purpose: ConsentPurpose, *, by: StaffMember | None = None) -> None:
    """End the consent to `purpose`, all versions of it, at once; doing it twice changes nothing."""
    with transaction():
        versions.raise_conference(registration.conference_id)
        found = [held for held in standing(registration) if held.consent_text.purpose is purpose]
        for consent in found:
            consent.withdrawn_at = now()
        if found:
            history.note(registration, EventKind.CONSENT_WITHDRAWN, subject=purpose.value, by=by)


def standing(registration: Registration) -> list[Consent]:
    """The consents of `registration` that hold now, oldest first."""
    return list(
        db.session.scalars(
            select(Consent)
            .join(Consent.consent_text)
            .where(Consent.registration_id == registration.id, Consent.withdrawn_at.is_(None))
            .order_by(Consent.given_at, Consent.id)
        )
    )


@dataclass(frozen=True)
class Kept:
    """The last words for one purpose, and what has become of them."""

    text: ConsentText
    # How many agree now, to any version.
    standing: int


def kept(conference: Conference) -> dict[ConsentPurpose, Kept]:
    """The last version of each purpose that was ever asked for, in order: two statements."""
    rows = db.session.execute(
        select(ConsentText.purpose, func.count(func.distinct(Consent.registration_id)))
        .join(Consent, Consent.consent_text_id == ConsentText.id)
        .where(ConsentText.conference_id == conference.id, Consent.withdrawn_at.is_(None))
        .group_by(ConsentText.purpose)
    )
    agreed = dict(rows.all())
    last = latest(conference)
    return {purpose: Kept(text, agreed.get(purpose, 0)) for purpose, text in last.items()}


def latest(conference: Conference) -> dict[ConsentPurpose, ConsentText]:
    """The last version of the words for each purpose, in the order of the purposes; also of those not asked for now."""
    rows = db.session.scalars(
        select(ConsentText).where(ConsentText.conference_id == conference.id).order_by(ConsentText.version)
    )
    found = {text.purpose: text for text in rows}
    return {purpose: found[purpose] for purpose in ConsentPurpose if purpose in found}


def arranged(conference: Conference) -> dict[str, Any]:
    """What is asked for and in which German words, by the names `arrange` takes."""
    found = latest(conference)
    values: dict[str, Any] = {}
    for purpose in ConsentPurpose:
        text = found.get(purpose)
        values[purpose.value] = text is not None and text.is_current
        values[words_of(purpose)] = str(text.words) if text is not None else ""
    return values


def words_of(purpose: ConsentPurpose) -> str:
    """The name of the words of a purpose."""
    return f"{purpose.value}-words"


def arrange(conference: Conference, wanted: Mapping[str, Any], *, shown: str | None = None) -> None:
    """Ask for these consents in these German words, by the names of `arranged`.

    Words somebody has agreed to stay as they are, and a new version follows them; who agreed before is not asked again.
    Raises ConsentWordsMissing with the field, ChangedMeanwhile.
    """
    with editing.writing(conference):
        editing.refuse_if_changed(arranged(conference), wanted, shown)
        found = latest(conference)
        for purpose in ConsentPurpose:
            is_asked, words = wanted[purpose.value], wanted[words_of(purpose)]
            if is_asked and not words:
                raise ConsentWordsMissing(field=words_of(purpose))
            text = found.get(purpose)
            if words and (text is None or str(text.words) != words):
                before = text.words if text is not None else Translated()
                text = reword(conference, purpose, text, before.with_text("de", words))
            if text is not None:
                text.is_current = is_asked
        db.session.flush()


def reword(
    conference: Conference, purpose: ConsentPurpose, text: ConsentText | None, words: Translated
) -> ConsentText:
    """Let these be the last words for `purpose`, within the open transaction: in place while nobody has agreed to
    `text`, the ones before; else as a new version, asked for as they were.
    """
    if text is not None and not db.session.scalar(select(exists().where(Consent.consent_text_id == text.id))):
        text.words = words
        return text
    is_current, version = False, 1
    if text is not None:
        is_current, version = text.is_current, text.version + 1
        text.is_current = False
        # Two that are asked for at a time are refused by the database.
        db.session.flush()
    made = ConsentText(
        host_id=conference.host_id,
        conference_id=conference.id,
        purpose=purpose,
        version=version,
        words=words,
        is_current=is_current,
    )
    db.session.add(made)
    db.session.flush()
    return made
