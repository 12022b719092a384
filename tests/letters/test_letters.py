"""What every kind of letter says, in usual words and in those of a conference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import letters
from app.database import db, now, transaction
from app.domain import (
    lifecycle,
    mailings,
    message_texts,
    notices,
    offers,
    placeholders,
    registrations,
    support,
)
from app.letters import paper
from app.models import (
    ContactChannel,
    InstitutionInvitation,
    InvitationState,
    Message,
    MessageKind,
    MessageWay,
    NeedKind,
    SupportOffer,
    Translated,
)
from tests import make

K = MessageKind


def by_mail(conference, *group_rounds, **more):
    return make.registration(
        conference,
        *group_rounds,
        **{"contact_channel": ContactChannel.EMAIL, "contact": "amina@post.example", **more},
    )


def text_of(kind):
    message = db.session.scalars(
        select(Message).where(Message.kind == kind).order_by(Message.id.desc())
    ).first()
    return letters.write(message).text


@pytest.fixture
def full(app):
    """A conference for one, that asks before it gives a place to whoever waits."""
    conference = make.conference(capacity=1, makes_offers=True, title=Translated("Sozialkonferenz"))
    return conference, make.registration(conference)


def test_who_waits_reads_the_place_in_the_queue(full):
    conference, _first = full
    by_mail(conference)

    text = text_of(K.WAITLISTED)

    assert "Sie stehen auf der Warteliste, auf Platz 1." in text
    assert "Dann haben Sie 48 Stunden Zeit für Ihre Antwort." in text


def test_an_offer_has_deadline_and_a_link_to_the_answer_and_is_void_once_answered(full, clock):
    conference, first = full
    clock.move_to(make.at("2026-11-20 09:00"))
    waiting = by_mail(conference)
    registrations.cancel(first)

    text = text_of(K.OFFER)

    assert "für Ihre Anmeldung ist etwas frei geworden: ein Platz bei der Konferenz." in text
    assert "Bitte antworten Sie bis Sonntag, 22. November 2026, 10:00 Uhr." in text
    assert f"/meine-anmeldung/link/{registrations.link_token(waiting)}\n" in text
    offers.accept(waiting, None)
    with pytest.raises(letters.OutOfDate):
        text_of(K.OFFER)


def test_an_offer_that_has_ended_says_so(full, clock):
    conference, first = full
    by_mail(conference)
    registrations.cancel(first)
    clock.shift(timedelta(hours=49).total_seconds())

    with pytest.raises(letters.OutOfDate) as old:
        text_of(K.OFFER)
    offers.lapse_due(now())

    assert str(old.value.reason) == "Nicht mehr nötig: Das Angebot ist schon beantwortet oder abgelaufen."
    assert "Sie sind damit nicht mehr angemeldet." in text_of(K.OFFER_LAPSED)


def test_an_offer_on_paper_leads_to_the_page_that_asks_for_the_code(full):
    conference, first = full
    by_mail(conference, contact_channel=ContactChannel.POST, contact="Weg 1, 12345 Stadt")
    registrations.cancel(first)
    message = db.session.scalars(select(Message).where(Message.kind == K.OFFER)).one()

    letter = paper.on_paper(message)

    assert message.way is MessageWay.LETTER
    assert list(letter.address_lines)[-2:] == ["Weg 1", "12345 Stadt"]
    urls = [block.url for block in letter.blocks if block.kind == "link"]
    assert urls == [f"http://localhost/{conference.host.key}/{conference.key}/meine-anmeldung"]


def test_an_answer_about_support_names_no_need(app):
    conference = make.conference()
    with transaction():
        db.session.add(
            SupportOffer(host_id=conference.host_id, conference_id=conference.id, kind=NeedKind.WHEELCHAIR)
        )
    registration = by_mail(conference)
    with transaction():
        support.save(registration.participants[0], [support.Wanted(NeedKind.WHEELCHAIR, "E-Rollstuhl")])
        notices.need_answered(registration, "1")

    text = text_of(K.NEED_ANSWERED)

    assert "Zu Ihrer Anmeldung" not in text
    for word in ("ollstuhl", "Assistenz", "Unterstützung"):
        assert word not in text


@pytest.mark.parametrize("kind", message_texts.KINDS)
@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_kind_has_usual_words_and_takes_every_placeholder(app, kind, language):
    conference = make.conference()
    group_round = make.group_round(conference)
    first = make.registration(conference, group_round, name="Fremde Person")
    registration = by_mail(conference, group_round, name="Amina", language=language)
    body = " ".join(f"{{{placeholder.name}}}" for placeholder in placeholders.ALLOWED[kind])

    usual = letters.sample(registration, kind)
    worded = letters.sample(registration, kind, text=("{titel}", body))

    assert usual.text.strip()
    assert usual.language.code == language
    assert "{" not in worded.text
    assert "Amina" in worded.text
    assert first.display_name not in usual.text + worded.text
    assert "/link/" not in usual.text + worded.text


def test_own_words_replace_the_usual_ones_in_their_language_only(app):
    conference = make.conference(title=Translated("Treffen"), languages=["de", "ar"])
    message_texts.save(
        conference,
        K.REGISTRATION_CONFIRMED,
        "de",
        subject="Willkommen bei {titel}",
        body="Hallo {name},\nbis bald.\n\n{link}",
    )
    by_mail(conference, name="Amina")
    german = db.session.scalars(select(Message)).one()
    by_mail(conference, language="ar", contact="andere@post.example")

    letter = letters.write(german)

    assert letter.subject == "Willkommen bei Treffen"
    assert "Hallo Amina,\nbis bald." in letter.text
    assert "Hallo Amina,<br>\nbis bald." in letter.html
    assert "/meine-anmeldung/link/" in letter.text
    assert "Hallo" not in text_of(K.REGISTRATION_CONFIRMED)


def test_own_words_do_not_send_what_is_no_longer_so(app):
    conference = make.conference()
    message_texts.save(conference, K.REMINDER, "de", subject="Bald", body="Bald ist es so weit.")
    by_mail(conference)
    mailings.release(mailings.draft(conference, K.REMINDER, mailings.Audience()), make.staff_member())
    lifecycle.cancel(conference)

    with pytest.raises(letters.OutOfDate):
        text_of(K.REMINDER)


def test_an_institution_is_invited_by_its_own_link_until_it_answers(app):
    conference = make.conference()
    with transaction():
        invitation = InstitutionInvitation(
            host_id=conference.host_id,
            conference_id=conference.id,
            organisation="Verein Nord",
            most=3,
            link_nonce="n",
            email="",
        )
        db.session.add(invitation)
        db.session.flush()
        assert notices.institution_invitation(invitation, "zeichen") is None
        invitation.email = "verschlüsselt"
        assert notices.institution_invitation(invitation, "zeichen") is not None

    text = text_of(K.INSTITUTION_INVITATION)

    assert "lädt Verein Nord zu dieser Konferenz ein." in text
    assert "Sie können bis zu 3 Personen anmelden." in text
    assert f"http://localhost/{conference.host.key}/{conference.key}/einladung/zeichen" in text
    with transaction():
        invitation.state = InvitationState.DECLINED
    with pytest.raises(letters.OutOfDate):
        text_of(K.INSTITUTION_INVITATION)
