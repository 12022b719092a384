"""Support needs as staff see them: counts for all who manage registrations, names and answers for those in charge."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.domain.registrations import Person
from app.domain.support import Wanted
from app.models import (
    Conference,
    ContactChannel,
    Message,
    MessageKind,
    NeedKind,
    NeedState,
    Registration,
    StaffRole,
    SupportNeed,
)
from tests import make
from tests.browse import Page, visit, words
from tests.counting import statements
from tests.visitor import Visitor

CHAIR, SIGN = Wanted(NeedKind.WHEELCHAIR), Wanted(NeedKind.SIGN_LANGUAGE)
NUTS = Wanted(NeedKind.DIET, "halal, keine Nüsse")


@pytest.fixture
def conference(clock: time_machine.Traveller, app: Flask) -> Conference:
    host = make.host(key="neustadt")
    venue = make.venue(host, step_free=False, accessible_wc=True)
    made = make.conference(host, key="zukunft", venue_id=venue.id)
    make.support_offers(made, NeedKind.INTERPRETING, NeedKind.CHILDCARE, NeedKind.DIET)
    make.support_offers(made, NeedKind.WHEELCHAIR, order_by=date(2026, 3, 5))
    make.support_offers(made, NeedKind.SIGN_LANGUAGE, order_by=date(2026, 2, 27))
    return made


@pytest.fixture
def registration(conference: Conference) -> Registration:
    return make.household(
        conference,
        Person(needs=[CHAIR, SIGN, NUTS]),
        Person(name="Bo", needs=[Wanted(NeedKind.INTERPRETING, "ar")]),
        Person(age=4, needs=[Wanted(NeedKind.CHILDCARE)]),
        Person(age=7),
        display_name="Amina Zwergotter",
        contact_channel=ContactChannel.EMAIL,
        contact="amina@beispiel.example",
    )


def signed_in(client: Visitor, conference: Conference, role: StaffRole) -> Visitor:
    host = None if role is StaffRole.INSTANCE_ADMIN else conference.host
    make.sign_in(client, make.staff_member(role, host))
    return client


@pytest.fixture
def organizer(conference: Conference, registration: Registration, client: Visitor) -> Visitor:
    return signed_in(client, conference, StaffRole.ORGANIZER)


def page(client: Visitor, endpoint: str, **more: object) -> Page:
    return visit(client, f"signup.{endpoint}", host="neustadt", conference="zukunft", **more)


def rows(shown: Page) -> list[list[str]]:
    return [
        [words(cell) for cell in row if cell.tag in ("td", "th")] for row in shown.one("tbody").iter("tr")
    ]


# --- The planning sheet ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [StaffRole.HELPER, StaffRole.INSTANCE_ADMIN, StaffRole.ORGANIZER])
def test_everybody_who_manages_registrations_sees_counts_and_days_and_no_names(
    conference: Conference, registration: Registration, client: Visitor, role: StaffRole
) -> None:
    shown = page(signed_in(client, conference, role), "support")

    assert rows(shown) == [
        ["Übersetzung in eine andere Sprache", "1 Arabisch: 1", "0", "1", "kein Tag eingetragen"],
        ["Gebärdensprache (DGS)", "1", "0", "1", "27.02.2026 seit 3 Tagen vorbei"],
        ["Platz für einen Rollstuhl", "1", "0", "1", "05.03.2026 noch 3 Tage"],
        ["Betreuung für Kinder", "1 (Alter: 4)", "0", "1", "kein Tag eingetragen"],
        [
            "Essen: worauf wir achten sollen",
            "1 halal: 1 mit eigenen Worten beschrieben: 1",
            "0",
            "1",
            "kein Tag eingetragen",
        ],
    ]
    assert "das Haus ist nicht ohne Stufen erreichbar" in shown.text
    assert "Jetzt bestellen" in shown.text
    assert [word for word in ("Amina", "Bo ", "Nüsse", "amina@") if word in shown.everything] == []


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (StaffRole.HOST_ADMIN, True),
        (StaffRole.ORGANIZER, True),
        (StaffRole.HELPER, False),
        (StaffRole.INSTANCE_ADMIN, False),
    ],
)
def test_only_those_in_charge_get_to_the_people(
    conference: Conference, registration: Registration, client: Visitor, role: StaffRole, sees: bool
) -> None:
    signed_in(client, conference, role)

    assert ("Wer braucht was?" in page(client, "support").links()) is sees
    status = 200 if sees else 403
    page(client, "support_people", status=status)
    page(client, "support_answer", registration=registration.id, status=status)
    answered = page(
        client, "support_answer", registration=registration.id, data={"x": "y"}, status=422 if sees else 403
    )
    assert ("Zwergotter" in answered.response.text) is sees


def test_a_conference_that_asks_for_nothing_says_so(
    conference: Conference, registration: Registration, client: Visitor
) -> None:
    make.conference(conference.host, key="ohne")
    signed_in(client, conference, StaffRole.HELPER)

    shown = visit(client, "signup.support", host="neustadt", conference="ohne")

    assert "Nach Unterstützung wird nicht gefragt" in shown.text


# --- People and answers ----------------------------------------------------------------------------------------------


def test_the_list_says_who_needs_what(organizer: Visitor, conference: Conference) -> None:
    shown = page(organizer, "support_people")

    assert rows(shown) == [
        [
            "Amina Zwergotter angemeldet",
            "Amina Zwergotter: Platz für einen Rollstuhl offen Gebärdensprache (DGS) offen "
            "Essen: worauf wir achten sollen: halal, keine Nüsse offen "
            "Bo: Übersetzung in eine andere Sprache: Arabisch offen "
            "Kind, 4 Jahre: Betreuung für Kinder offen",
            "Antworten: Amina Zwergotter",
        ]
    ]
    assert "1 Anmeldung" in page(organizer, "support_people", art="wheelchair").text
    assert "Niemand gefunden" in page(organizer, "support_people", stand="arranged").text


def test_an_answer_is_saved_and_told(organizer: Visitor, registration: Registration) -> None:
    number = registration.id
    needs = db.session.scalars(select(SupportNeed.id).order_by(SupportNeed.id)).all()
    db.session.rollback()
    form = page(organizer, "support_answer", registration=number).form()

    answered = form.send({f"need-{needs[0]}": "arranged", f"need-{needs[1]}": "not_possible"}, status=302)

    assert "Die Person erfährt davon und liest sie mit ihrem Code." in answered.follow().everything
    states = db.session.scalars(select(SupportNeed.state).order_by(SupportNeed.id)).all()
    assert states == [NeedState.ARRANGED, NeedState.NOT_POSSIBLE, *[NeedState.OPEN] * 3]
    told = db.session.scalars(select(Message).filter_by(kind=MessageKind.NEED_ANSWERED)).all()
    assert [message.registration_id for message in told] == [number]
    db.session.rollback()

    again = page(organizer, "support_answer", registration=number).form().send(status=302)

    assert "Es hat sich nichts geändert." in again.follow().everything


@pytest.mark.parametrize("value", [None, "", "maybe"])
def test_an_answer_that_is_none_is_refused_at_its_field(
    organizer: Visitor, registration: Registration, value: str | None
) -> None:
    need_id = db.session.scalar(select(SupportNeed.id).order_by(SupportNeed.id).limit(1))
    db.session.rollback()
    form = page(organizer, "support_answer", registration=registration.id).form()

    refused = form.send({f"need-{need_id}": value}, status=422)

    assert list(refused.errors()) == [f"need-{need_id}-0"]
    assert db.session.scalars(select(SupportNeed.state).distinct()).all() == [NeedState.OPEN]


def test_somebody_without_a_need_has_nothing_to_answer(organizer: Visitor, conference: Conference) -> None:
    other = make.household(conference, Person(), display_name="Cem")

    shown = page(organizer, "support_answer", registration=other.id)

    assert "Kein Unterstützungsbedarf" in shown.text


def test_the_list_needs_as_many_statements_for_many(organizer: Visitor, conference: Conference) -> None:
    counts = []
    for size in (1, 3, 60):
        for _ in range(size):
            make.household(
                conference, Person(needs=[CHAIR]), Person(age=3, needs=[Wanted(NeedKind.CHILDCARE)])
            )
        with statements() as of_list:
            page(organizer, "support_people")
        with statements() as of_sheet:
            page(organizer, "support")
        counts.append((len(of_list), len(of_sheet)))

    assert len(set(counts)) == 1


def test_the_overview_reminds_of_what_is_to_be_ordered(organizer: Visitor, conference: Conference) -> None:
    shown = visit(organizer, "accounts.dashboard")

    assert (
        "Die Frist, Unterstützung zu bestellen, ist am 27.02.2026 abgelaufen (Gebärdensprache (DGS)). "
        "5 Bedarfe sind noch offen." in shown.text
    )
    assert shown.links()["Zur Unterstützung " + str(conference.title)].endswith("/unterstuetzung")
