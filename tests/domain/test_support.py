"""Support needs: asked only where offered, encrypted all alike, answered so that the person hears of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import mail
from app.database import db, empty_journal, transaction
from app.domain import registrations, secrets, support
from app.domain.errors import NotFound, SupportNotOffered
from app.models import (
    Conference,
    ContactChannel,
    Message,
    MessageKind,
    NeedKind,
    NeedState,
    Registration,
    SupportNeed,
)
from tests import make
from tests.town import stored

ADULT = registrations.Person


def wanted(kind: NeedKind, detail: str = "") -> support.Wanted:
    return support.Wanted(kind, detail)


@pytest.fixture
def conference(app: Flask) -> Conference:
    conference = make.conference()
    make.support_offers(conference, *NeedKind)
    return conference


def household(conference: Conference, *needs: support.Wanted, **details: object) -> Registration:
    return make.household(
        conference,
        ADULT(needs=needs),
        **{"contact_channel": ContactChannel.EMAIL, "contact": "amina@beispiel.example", **details},
    )


def rows(registration: Registration) -> list[SupportNeed]:
    return list(
        db.session.scalars(
            select(SupportNeed)
            .join(SupportNeed.participant)
            .filter_by(registration_id=registration.id)
            .order_by(SupportNeed.id)
        )
    )


def told(registration: Registration) -> list[Message]:
    return list(
        db.session.scalars(
            select(Message).filter_by(registration_id=registration.id, kind=MessageKind.NEED_ANSWERED)
        )
    )


# --- Saving ----------------------------------------------------------------------------------------------------------


def test_what_was_saved_is_read_again(conference: Conference) -> None:
    registration = household(conference, wanted(NeedKind.INTERPRETING, "ar"), wanted(NeedKind.WHEELCHAIR))

    assert [support.read(row) for row in rows(registration)] == [
        wanted(NeedKind.INTERPRETING, "ar"),
        wanted(NeedKind.WHEELCHAIR),
    ]


def test_saving_what_is_not_offered_is_refused(app: Flask) -> None:
    conference = make.conference()
    make.support_offers(conference, NeedKind.DIET)

    with pytest.raises(SupportNotOffered):
        household(conference, wanted(NeedKind.WHEELCHAIR))

    assert stored()["registration"] == []


def test_saving_again_keeps_what_is_answered_and_drops_what_is_gone(conference: Conference) -> None:
    registration = household(conference, wanted(NeedKind.WHEELCHAIR), wanted(NeedKind.DIET, "halal"))
    chair, _diet = rows(registration)
    support.answer(registration, {chair.id: NeedState.ARRANGED})

    with transaction():
        support.save(
            registration.participants[0], [wanted(NeedKind.WHEELCHAIR), wanted(NeedKind.DIET, "vegan")]
        )

    assert [(support.read(row), row.state) for row in rows(registration)] == [
        (wanted(NeedKind.WHEELCHAIR), NeedState.ARRANGED),
        (wanted(NeedKind.DIET, "vegan"), NeedState.OPEN),
    ]


# --- At rest ---------------------------------------------------------------------------------------------------------


def test_every_need_is_as_long_as_any_other(conference: Conference) -> None:
    """The length of a secret tells nothing of what it is."""
    lengths = {len(support.sealed(wanted(kind, detail))) for kind in NeedKind for detail in ("", "ä" * 60)}

    assert len(lengths) == 1


def test_no_need_stands_anywhere_in_plain(
    conference: Conference, engine_name: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Neither kind nor detail: not in a row, not in the file of the database, not in the outbox, mails or log."""
    caplog.set_level(0)
    registration = household(
        conference,
        wanted(NeedKind.ASSISTANCE, "Wendehals am Rollator"),
        wanted(NeedKind.SPEECH_TO_TEXT, "Pirol"),
    )
    support.answer(registration, {row.id: NeedState.NOT_POSSIBLE for row in rows(registration)})
    mail.deliver()

    telling = [needle.value for needle in (NeedKind.ASSISTANCE, NeedKind.SPEECH_TO_TEXT)]
    words = ["Wendehals", "Pirol"]
    tables = {name: repr(held) for name, held in stored().items() if name != "support_offer"}
    assert [(name, word) for name, text in tables.items() for word in telling + words if word in text] == []
    assert [secrets.decrypt(message.payload) for message in told(registration)] == [""]
    assert [word for word in telling + words if word in caplog.text] == []
    if engine_name == "sqlite":
        empty_journal()
        file = Path(db.engine.url.database or "")
        content = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
        # Had the words been written they would be found: the name of the house is.
        assert conference.host.name.encode() in content
        assert [word for word in words if word.encode() in content] == []


def test_what_somebody_needs_does_not_show_in_a_fault(conference: Conference) -> None:
    assert "Nüsse" not in repr(wanted(NeedKind.DIET, "keine Nüsse"))
    assert "Nüsse" not in repr(ADULT(needs=[wanted(NeedKind.DIET, "keine Nüsse")]))


# --- Answering -------------------------------------------------------------------------------------------------------


def test_answering_tells_the_person_once_without_naming_a_need(conference: Conference) -> None:
    registration = household(conference, wanted(NeedKind.WHEELCHAIR), wanted(NeedKind.SIGN_LANGUAGE))
    chair, sign = rows(registration)

    assert support.answer(registration, {chair.id: NeedState.ARRANGED, sign.id: NeedState.NOT_POSSIBLE})

    assert [row.state for row in rows(registration)] == [NeedState.ARRANGED, NeedState.NOT_POSSIBLE]
    assert all(row.answered_at for row in rows(registration))
    (message,) = told(registration)
    payload = secrets.decrypt(message.payload)
    assert "wheelchair" not in json.dumps([payload, message.idempotency_key])


def test_the_same_answer_again_changes_and_tells_nothing(conference: Conference) -> None:
    registration = household(conference, wanted(NeedKind.WHEELCHAIR))
    answers = {rows(registration)[0].id: NeedState.ARRANGED}
    support.answer(registration, answers)

    assert not support.answer(registration, answers)

    assert len(told(registration)) == 1


def test_another_answer_is_told_again_and_taking_it_back_is_not(conference: Conference) -> None:
    registration = household(conference, wanted(NeedKind.WHEELCHAIR))
    need_id = rows(registration)[0].id
    support.answer(registration, {need_id: NeedState.ARRANGED})

    assert support.answer(registration, {need_id: NeedState.OPEN})
    assert (len(told(registration)), rows(registration)[0].answered_at) == (1, None)
    assert support.answer(registration, {need_id: NeedState.NOT_POSSIBLE})
    assert len(told(registration)) == 2


def test_answering_a_need_of_somebody_else_is_refused_and_changes_nothing(conference: Conference) -> None:
    own, other = (household(conference, wanted(NeedKind.WHEELCHAIR)) for _ in range(2))
    before = stored()

    with pytest.raises(NotFound):
        support.answer(own, {rows(own)[0].id: NeedState.ARRANGED, rows(other)[0].id: NeedState.ARRANGED})

    after = stored()
    assert {name for name in after if after[name] != before[name]} == set()


def test_who_has_cancelled_has_no_needs_to_answer(conference: Conference) -> None:
    registration = household(conference, wanted(NeedKind.WHEELCHAIR))
    need_id = rows(registration)[0].id
    registrations.cancel(registration)

    with pytest.raises(NotFound):
        support.answer(registration, {need_id: NeedState.ARRANGED})

    assert (rows(registration), told(registration)) == ([], [])
