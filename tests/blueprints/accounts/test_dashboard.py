"""The dashboard: where its links lead for each role, and whom its figures count."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.database import now, transaction
from app.domain import contributions, editions, outbox, registrations, support, taking_back
from app.domain.support import Wanted
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    NeedKind,
    ReportReason,
    StaffRole,
    WorkingGroup,
)
from tests import make
from tests.browse import visit, words
from tests.visitor import Visitor


@pytest.fixture
def conference(app: object) -> Conference:
    made = make.conference(make.host("beispiel"), capacity=4, makes_offers=True)
    make.group(made, capacity=1)
    return made


def group_of(conference: Conference) -> WorkingGroup:
    return conference.groups[0]


def much_to_do(conference: Conference) -> None:
    """Contributions that wait, one that was reported, a mail that failed, support to order, an edition that is due,
    a draft and a past one."""
    make.said(conference)
    contributions.report(make.published(conference), ReportReason.OTHER, "", submission="meldung")
    make.support_offers(conference, NeedKind.WHEELCHAIR, order_by=now().date() + timedelta(days=2))
    person = make.registration(conference, contact_channel=ContactChannel.EMAIL, contact="a@example.org")
    with transaction():
        support.save(person.participants[0], [Wanted(NeedKind.WHEELCHAIR)])
    claim = outbox.claim(now() + timedelta(seconds=1))
    assert claim is not None
    outbox.mark_failed(claim, "Die Adresse gibt es nicht.")
    make.conference(conference.host, status=ConferenceStatus.DRAFT)
    make.conference(conference.host, starts_at=now() - timedelta(days=30))
    voice = make.published(conference)
    editions.freeze(conference)
    taking_back.withdraw(voice)


@pytest.mark.parametrize(
    ("role", "opens_title"),
    [
        (StaffRole.HELPER, False),
        (StaffRole.ORGANIZER, True),
        (StaffRole.HOST_ADMIN, True),
        (StaffRole.INSTANCE_ADMIN, True),
    ],
)
def test_every_link_of_the_dashboard_opens_for_whoever_reads_it(
    client: Visitor, conference: Conference, role: StaffRole, opens_title: bool
) -> None:
    much_to_do(conference)
    member = make.staff_member(role, None if role is StaffRole.INSTANCE_ADMIN else conference.host)
    make.sign_in(client, member)

    page = visit(client, "accounts.dashboard")

    assert "1 wartet, alle von heute" in page.text
    assert "1 gemeldet" in page.text
    assert "1 nicht zugestellt" in page.text
    assert "Unterstützung ist bis" in page.text
    assert "Die nächste Ausgabe der Ergebnisse ist fällig" in page.text
    assert (str(conference.title) in page.links()) is opens_title
    there = {str(link.get("href")).partition("#")[0] for link in page.all("a")}
    answers = {address: client.get(address).status_code for address in there if address.startswith("/")}
    assert {address: code for address, code in answers.items() if code not in (200, 302)} == {}


def test_who_is_only_offered_a_place_is_not_counted_among_those_who_come(
    client: Visitor, conference: Conference
) -> None:
    gone = [make.registration(conference) for _ in range(2)]
    make.registration(conference, group_of(conference).rounds[0])
    make.registration(conference, group_of(conference).rounds[0])
    for _ in range(3):
        make.registration(conference)
    for registration in gone:
        registrations.cancel(registration)
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, conference.host))

    row = next(words(row) for row in visit(client, "accounts.dashboard").all("tr") if row.findtext("td"))
    listed = visit(client, "signup.registrations", host=conference.host.key, conference=conference.key)
    stand = visit(client, "conferences.manage", host=conference.host.key, conference=conference.key)

    waiting = "Personen auf der Warteliste der Konferenz", "Plätze auf Wartelisten der Gruppen"
    assert f"2 von 4 Anmeldungen: {conference.title} dazu angeboten: 2" in row
    assert f"{waiting[0]}: 1 {waiting[1]}: 1" in row
    for page in (listed, stand):
        figures = {str(item.findtext("dt")): item.findtext("dd") for item in page.one("dl", class_="figures")}
        wanted = {
            "angemeldete Personen": "2",
            "Personen, denen ein Platz angeboten ist": "2",
            waiting[0]: "1",
            waiting[1]: "1",
        }
        assert {word: figures.get(word) for word in wanted} == wanted


def test_a_seat_that_is_only_offered_is_not_counted_as_given_in_any_list_of_groups(
    client: Visitor, conference: Conference
) -> None:
    seated = make.registration(conference, group_of(conference).rounds[0])
    make.registration(conference, group_of(conference).rounds[0])
    registrations.cancel(seated)
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, conference.host))
    at = {"host": conference.host.key, "conference": conference.key}

    listed = visit(client, "signup.registrations", **at).all("table")[0]

    rows = [[words(cell) for cell in row.iter("td")] for row in listed.iter("tr")]
    # Seats, given, offered, free, waiting.
    assert rows[1] == ["1", "0", "1", "0", "0"]
    assert "0 von 1 Plätzen vergeben · 1 angeboten" in visit(client, "conferences.edit_groups", **at).text
    assert "0 vergeben, 1 angeboten" in visit(client, "conferences.edit_places", **at).text
