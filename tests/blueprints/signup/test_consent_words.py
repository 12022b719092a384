"""A tick counts for the words that stood beside it: whoever was shown others reads the new ones first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import consents, form_texts, invitations, registrations
from app.domain.errors import ConsentWordsChanged
from app.models import (
    Conference,
    Consent,
    ConsentMethod,
    ConsentPurpose,
    Registration,
    RegistrationChannel,
    RoleGroup,
    StaffMember,
)
from tests import make
from tests.blueprints.signup.desk import PLACE, ask_everything, new, page_of
from tests.browse import Form, Page, visit, words
from tests.visitor import Visitor

PRESS = ConsentPurpose.PHOTO_PRESS
BOX = "consent_photo_press"
CHANGED = (
    "Der Wortlaut hat sich inzwischen geändert. Es ist nichts gespeichert. Bitte lesen Sie ihn noch einmal."
)


def say(conference: Conference, wording: str) -> None:
    values = consents.arranged(conference)
    consents.arrange(conference, values | {PRESS.value: True, consents.words_of(PRESS): wording}, shown=None)


def agree_elsewhere(conference: Conference) -> None:
    """Somebody else agrees: the words get a new version instead of being changed in place."""
    (text,) = consents.asked(conference)
    with transaction():
        consents.give(make.registration(conference), [text.id], method=ConsentMethod.WEB)


def of(registrations_made: set[int]) -> list[tuple[int, str]]:
    """Which version of which words stands for everybody but these."""
    db.session.expire_all()
    return [
        (held.consent_text.version, str(held.consent_text.words))
        for held in db.session.scalars(select(Consent).order_by(Consent.id))
        if held.registration_id not in registrations_made
    ]


def everybody() -> set[int]:
    return set(db.session.scalars(select(Registration.id)))


def opened(client: Visitor, conference: Conference) -> tuple[Form, dict[str, Any]]:
    return visit(client, "signup.register", **PLACE).form(), {
        "role_group": "resident",
        "display_name": "Paul",
    }


def opened_by_institution(client: Visitor, conference: Conference) -> tuple[Form, dict[str, Any]]:
    organizer = db.session.scalars(select(StaffMember)).one()
    invitation = invitations.add(
        conference, invitations.Wanted("Tafel", email="post@tafel.example"), by=organizer
    )
    invitations.invite(invitation)
    page = visit(client, "signup.invited", token=invitations.link_token(invitation), **PLACE)
    return page.form(page.address), {"display_name": "Paul"}


def opened_at_the_desk(client: Visitor, conference: Conference) -> tuple[Form, dict[str, Any]]:
    return new(client).form(), {"contact_channel": "none", "display_name": "Paul"}


def opened_later(client: Visitor, conference: Conference) -> tuple[Form, dict[str, Any]]:
    _registration, code = make.registered(conference)
    visit(client, "signup.enter_code", host="beispiel").form().send(code=code, status=302)
    page = visit(client, "signup.change_consents", **PLACE)
    return page.form(page.address), {}


def opened_by_staff(client: Visitor, conference: Conference) -> tuple[Form, dict[str, Any]]:
    return page_of(client, make.registration(conference), "give_consent_for").form(), {"method": "paper"}


FORMS = [opened, opened_by_institution, opened_at_the_desk, opened_later, opened_by_staff]


@pytest.mark.parametrize("has_agreed", [False, True])
@pytest.mark.parametrize("shown", FORMS)
def test_changed_words_are_read_before_a_tick_counts(
    staff_client: Visitor,
    conference: Conference,
    shown: Callable[[Visitor, Conference], tuple[Form, dict[str, Any]]],
    has_agreed: bool,
) -> None:
    ask_everything(conference)
    form, typed = shown(staff_client, conference)
    if has_agreed:
        agree_elsewhere(conference)
    before, known = everybody(), set(db.session.scalars(select(Consent.registration_id)))
    say(conference, "Fotos dürfen ins Internet.")

    page = form.send(form.box(BOX), **typed, status=422)

    assert (everybody(), of(known)) == (before, [])
    assert page.errors() == {BOX: CHANGED}
    box = page.one("input", id=BOX)
    assert (box.get("checked"), box.get("aria-describedby")) == (None, f"{BOX}-error")
    assert words(label(page)) == "Fotos dürfen ins Internet."
    again = page.form(form.element.get("action") or form.page.address)
    assert {name: again.values.get(name) for name in typed} == typed
    again.send(again.box(BOX), status=302)
    assert of(known) == [(2 if has_agreed else 1, "Fotos dürfen ins Internet.")]


def label(page: Page) -> Any:
    (found,) = [each for each in page.all("label") if each.get("for") == BOX]
    return found


def test_adding_a_person_tells_as_well_why_the_tick_is_gone(client: Visitor, conference: Conference) -> None:
    ask_everything(conference)
    form, typed = opened(client, conference)
    say(conference, "Fotos dürfen ins Internet.")

    page = form.send(form.box(BOX), **typed, add="e")

    assert page.errors() == {BOX: CHANGED}
    assert page.one("input", id=BOX).get("checked") is None
    assert page.form().values["display_name"] == "Paul"


def test_a_language_that_was_added_is_read_by_those_who_speak_it(
    client: Visitor, conference: Conference
) -> None:
    ask_everything(conference)
    with transaction():
        conference.languages = ["de", "ar"]
    german, typed = opened(client, conference)
    arabic = visit(client, "signup.register", language="ar", **PLACE).form()
    form_texts.save(conference, "ar", {"consent-photo_press": "صور"})

    page = arabic.send(arabic.box(BOX), **typed, status=422)
    german.send(german.box(BOX), **typed, status=302)

    assert "صور" in page.text
    assert of(set()) == [(1, "Fotos dürfen in die Zeitung.")]


def test_the_kept_empty_form_carries_the_words_it_shows(client: Visitor, conference: Conference) -> None:
    ask_everything(conference)
    first = visit(client.application.test_client(), "signup.register", **PLACE).form().box(BOX)
    kept = visit(client.application.test_client(), "signup.register", **PLACE).form().box(BOX)
    say(conference, "Fotos dürfen ins Internet.")

    form, typed = opened(client, conference)
    form.send(form.box(BOX), **typed, status=302)

    assert (first, kept == form.box(BOX)) == (kept, False)
    assert of(set()) == [(1, "Fotos dürfen ins Internet.")]


def test_words_that_change_between_reading_and_writing_register_nobody(conference: Conference) -> None:
    _question, text = ask_everything(conference)
    read = {text.id: consents.mark(text, "de")}
    say(conference, "Fotos dürfen ins Internet.")

    with pytest.raises(ConsentWordsChanged) as refused:
        registrations.register(
            conference,
            registrations.Details(role_group=RoleGroup.RESIDENT),
            [registrations.Person()],
            submission="a" * 32,
            channel=RegistrationChannel.WEB,
            consents=read,
        )

    assert (refused.value.field, everybody()) == (BOX, set())


def test_words_that_change_in_the_moment_of_sending_are_shown(
    client: Visitor, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_everything(conference)
    form, typed = opened(client, conference)
    register = registrations.register

    def late(*parts: Any, **more: Any) -> Any:
        monkeypatch.setattr(registrations, "register", register)
        say(conference, "Fotos dürfen ins Internet.")
        return register(*parts, **more)

    monkeypatch.setattr(registrations, "register", late)

    page = form.send(form.box(BOX), **typed, status=422)

    assert page.errors() == {BOX: CHANGED}
    assert (words(label(page)), page.one("input", id=BOX).get("checked")) == (
        "Fotos dürfen ins Internet.",
        None,
    )
    assert everybody() == set()
