"""What everybody sees of a conference: overview, programme, groups, calendar; in every state, in both languages."""

from datetime import timedelta

import pytest

from app.database import db, now, transaction
from app.domain import admission
from app.models import (
    AgendaItem,
    AgendaKind,
    ConferenceStatus,
    GroupRound,
    RoleGroup,
    Room,
    SignupState,
    Translated,
    WorkingGroup,
)
from app.web import cache, labels
from tests import make
from tests.browse import visit
from tests.counting import statements

PAGES = ("conferences.show", "conferences.programme", "conferences.groups")

STATES = {
    SignupState.NOT_YET: {"status": ConferenceStatus.ANNOUNCED},
    SignupState.FULL: {"capacity": 0, "has_queue": False},
    SignupState.CLOSED_BY_DATE: {"registration_closes_at": make.at("2020-01-01 12:00")},
    SignupState.CLOSED_BY_HAND: {"status": ConferenceStatus.REGISTRATION_CLOSED},
    SignupState.PAST: {"status": ConferenceStatus.PUBLISHED},
    SignupState.POSTPONED: {"status": ConferenceStatus.POSTPONED},
    SignupState.CANCELLED: {"status": ConferenceStatus.CANCELLED},
}


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def both(text):
    return Translated({"de": text, "ar": f"نص {text}"})


def agenda_item(conference, minutes=0, **values):
    starts_at = conference.starts_at + timedelta(minutes=minutes)
    with transaction():
        item = AgendaItem(
            **{
                "host_id": conference.host_id,
                "conference_id": conference.id,
                "position": minutes,
                "kind": AgendaKind.INPUT,
                "title": Translated("Vortrag"),
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=1),
                **values,
            }
        )
        db.session.add(item)
    return item


def fill(conference, rows):
    """`rows` points of the programme and `rows` groups with two rounds each, in rooms."""
    items = [make.agenda_round(conference, number) for number in (1, 2)]
    venue = make.venue(conference.host)
    with transaction():
        room = Room(host_id=conference.host_id, venue_id=venue.id, name="Saal")
        db.session.add(room)
        db.session.flush()
        conference.venue_id = venue.id
        for number in range(1, rows + 1):
            db.session.add(
                AgendaItem(
                    host_id=conference.host_id,
                    conference_id=conference.id,
                    position=number,
                    kind=AgendaKind.INPUT,
                    title=both(f"Vortrag {number}"),
                    starts_at=conference.starts_at,
                    ends_at=conference.starts_at + timedelta(minutes=1),
                    room_id=room.id,
                )
            )
            group = WorkingGroup(
                host_id=conference.host_id,
                conference_id=conference.id,
                key=f"g{number}",
                number=number,
                position=number,
                title=both(f"Gruppe {number}"),
                questions=both("Was fehlt?"),
                room_id=room.id,
            )
            for item in items:
                group.rounds.append(GroupRound(number=item.round_number, capacity=5, agenda_item_id=item.id))
            db.session.add(group)


@pytest.mark.parametrize("endpoint", PAGES)
def test_pages_need_the_same_statements_with_1_3_and_1000_rows(client, endpoint):
    needed = {}
    for rows in (1, 3, 1000):
        conference = make.conference()
        fill(conference, rows)
        address = where(conference)
        visit(client, endpoint, **address)
        cache.pages.clear()
        with statements() as sent:
            page = visit(client, endpoint, **address)
        needed[rows] = len(sent)
        assert f"{'Vortrag' if endpoint.endswith('programme') else 'Gruppe'} {rows}" in page.text

    assert len(set(needed.values())) == 1, needed
    assert needed[1] <= 4


def test_a_kept_page_needs_one_statement(client):
    address = where(make.conference())
    visit(client, "conferences.show", **address)

    with statements() as sent:
        visit(client, "conferences.show", **address)

    assert len(sent) == 1


@pytest.mark.parametrize("endpoint", PAGES)
def test_pages_are_for_everybody_and_set_no_cookie(client, endpoint):
    page = visit(client, endpoint, **where(make.conference()))

    assert page.response.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in page.response.headers
    again = client.get(page.address, headers={"If-None-Match": page.response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_show_says_what_when_where_costs_children_language_and_whom_to_call(client, clock):
    host = make.host()
    venue = make.venue(
        host, name="Bürgerhaus", directions=Translated("Bus 4 bis Markt"), step_free=True, accessible_wc=False
    )
    conference = make.conference(
        host,
        title=Translated("Sozialkonferenz Nord"),
        motto=Translated("Miteinander"),
        teaser=Translated("Sagen Sie uns Ihre Meinung."),
        about=Translated("Erster Absatz.\n\nZweiter Absatz."),
        costs=Translated("Die Teilnahme kostet nichts. Es gibt Suppe."),
        children=Translated("Kinder sind willkommen."),
        language_help=Translated("Wir dolmetschen."),
        afterwards=Translated("Der Rat entscheidet."),
        starts_at=make.at("2026-05-21 15:00"),
        venue_id=venue.id,
        contact_role="Sozialplanung",
    )

    page = visit(client, "conferences.show", **where(conference))

    for sentence in (
        "Miteinander",
        "Sagen Sie uns Ihre Meinung.",
        "Zweiter Absatz.",
        "Donnerstag, 21. Mai 2026, 17:00 bis 20:00 Uhr",
        "Bürgerhaus",
        "Es gibt Suppe.",
        "Kinder sind willkommen.",
        "Wir dolmetschen.",
        "Bus 4 bis Markt",
        "Sie kommen ohne Stufen hinein.",
        "Es gibt keine Toilette für Menschen im Rollstuhl.",
        "Der Rat entscheidet.",
        "02000 54321",
    ):
        assert sentence in page.text
    assert "Hörgeräte" not in page.text
    assert page.links()["Jetzt anmelden"] == f"/{host.key}/{conference.key}/anmeldung"
    order = [element.text for element in page.all("h2")]
    assert order == [
        "Was ist das?",
        "Wann und wo ist das?",
        "Was kostet es?",
        "Kann ich Kinder mitbringen?",
        "Bekomme ich Hilfe mit der Sprache?",
        "Wie komme ich hin?",
        "Wie melde ich mich an?",
        "Was passiert mit meiner Idee, und wer entscheidet?",
    ]


def test_show_with_nothing_but_a_date_claims_nothing_that_is_not_known(client):
    page = visit(client, "conferences.show", **where(make.conference()))

    assert "Es kostet nichts." in page.text
    assert "Der Ort steht noch nicht fest." in page.text
    for unknown in ("Stufen", "Rollstuhl", "Hörgeräte", "Wie komme ich hin?"):
        assert unknown not in page.text


def test_show_and_form_say_when_only_kept_places_are_left(client):
    conference = make.conference(capacity=3, has_queue=True)
    with transaction():
        admission.set_frame(conference, capacity=3, walk_in_quota=0, quotas={RoleGroup.PRESS: 3})

    for endpoint in ("conferences.show", "signup.register"):
        text = visit(client, endpoint, **where(conference)).text
        assert "Frei sind nur noch Plätze, die freigehalten werden für: Presse (3)." in text
        assert "Alle anderen kommen auf die Warteliste." in text
        assert "Es sind noch 0 Plätze frei." not in text


def test_show_names_places_deadline_and_places_for_walk_ins(client, clock):
    conference = make.conference(
        capacity=10, walk_in_quota=3, registration_closes_at=make.at("2026-03-20 23:00")
    )
    make.registration(conference)

    page = visit(client, "conferences.show", **where(conference))

    assert "Es sind noch 6 Plätze frei." in page.text
    assert "Dafür halten wir 3 Plätze frei." in page.text
    # Midnight in Berlin belongs to the day that ends.
    assert "bis: Freitag, 20. März 2026." in page.text


def test_a_deadline_within_a_day_is_told_with_its_time(client, clock):
    conference = make.conference(registration_closes_at=make.at("2026-03-20 17:00"))

    page = visit(client, "conferences.show", **where(conference))

    assert "bis: Freitag, 20. März 2026, 18:00 Uhr." in page.text


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.value)
def test_a_closed_conference_says_why_whom_to_call_and_what_else_one_can_do(client, state):
    conference = make.conference(**STATES[state])
    group = make.group(conference)
    assert conference.signup_state(now()) is state

    for endpoint, more in (
        ("conferences.show", {}),
        ("conferences.groups", {}),
        ("conferences.group", {"number": group.number}),
        ("signup.register", {}),
    ):
        page = visit(client, endpoint, **where(conference), **more)

        assert str(labels.WHY_NO_SIGNUP[state]) in page.text
        assert "02000 54321" in page.text
        assert page.links()["Andere Konferenzen ansehen"] == f"/{conference.host.key}/"
        assert "Jetzt anmelden" not in page.links()
        can_be_noted = state not in (SignupState.PAST, SignupState.POSTPONED, SignupState.CANCELLED)
        assert ("Den Termin in Ihren Kalender eintragen" in page.links()) == can_be_noted


def test_a_full_conference_with_a_queue_leads_to_it(client):
    conference = make.conference(capacity=0)
    group = make.group(conference)

    for endpoint, more in (
        ("conferences.show", {}),
        ("conferences.groups", {}),
        ("conferences.group", {"number": group.number}),
    ):
        page = visit(client, endpoint, **where(conference), **more)

        assert "Alle Plätze sind vergeben. Sie können sich auf die Warteliste setzen lassen" in page.text
        assert page.links()["Auf die Warteliste"] == f"/{conference.host.key}/{conference.key}/anmeldung"


def test_before_registration_opens_the_page_says_when(client, clock):
    conference = make.conference(registration_opens_at=make.at("2026-03-10 08:00"))

    page = visit(client, "conferences.show", **where(conference))

    assert "Sie können sich anmelden ab: Dienstag, 10. März 2026, 09:00 Uhr." in page.text
    clock.move_to(make.at("2026-03-10 08:00"))
    assert "Jetzt anmelden" in visit(client, "conferences.show", **where(conference)).links()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (ConferenceStatus.PUBLISHED, False),
        (ConferenceStatus.CANCELLED, False),
        (ConferenceStatus.REGISTRATION_CLOSED, True),
    ],
)
def test_free_seats_are_told_while_they_matter(client, status, told):
    conference = make.conference(status=status)
    make.group(conference, title="Wohnen")

    for endpoint, more in (("conferences.groups", {}), ("conferences.group", {"number": 1})):
        page = visit(client, endpoint, **where(conference), **more)
        assert "Wohnen" in page.text
        assert ("Noch 5 von 5 Plätzen frei" in page.text) == told
    overview = visit(client, "conferences.show", **where(conference))
    assert ("Alle Gruppen mit Fragen und freien Plätzen" in overview.text) == (
        status is not ConferenceStatus.PUBLISHED
    )


def test_a_host_without_telephone_is_reached_by_mail(client):
    host = make.host(phone="", email="hilfe@stadt.example")
    conference = make.conference(host, contact_phone="", status=ConferenceStatus.REGISTRATION_CLOSED)

    page = visit(client, "conferences.show", **where(conference))

    assert page.links()["hilfe@stadt.example"] == "mailto:hilfe@stadt.example"
    assert "Telefon:" not in page.text


def test_a_draft_is_not_there(client):
    conference = make.conference(status=ConferenceStatus.DRAFT)

    for endpoint in (*PAGES, "conferences.calendar", "signup.register"):
        assert visit(client, endpoint, status=404, **where(conference)).h1 == "Diese Seite gibt es nicht"


def test_programme_shows_times_people_rooms_and_rounds(client, clock):
    conference = make.conference(starts_at=make.at("2026-05-21 15:00"))
    venue = make.venue(conference.host)
    with transaction():
        room = Room(host_id=conference.host_id, venue_id=venue.id, name="Aula")
        db.session.add(room)
    agenda_item(
        conference,
        title=Translated("Begrüßung"),
        speaker_role=Translated("Leitung Soziales"),
        room_id=room.id,
    )
    make.agenda_round(conference, 1)

    page = visit(client, "conferences.programme", **where(conference))

    assert "17:00 – 17:01 Begrüßung Leitung Soziales Aula" in page.text
    assert "17:30 – 17:55 Arbeitsgruppen, Runde 1 Zu den Arbeitsgruppen" in page.text


def test_programme_and_groups_that_are_not_there_yet_say_so(client):
    conference = make.conference()

    assert "Das Programm entsteht noch" in visit(client, "conferences.programme", **where(conference)).text
    groups = visit(client, "conferences.groups", **where(conference))
    assert "Anmelden können Sie sich trotzdem." in groups.text
    closed = make.conference(status=ConferenceStatus.REGISTRATION_CLOSED)
    assert "trotzdem" not in visit(client, "conferences.groups", **where(closed)).text


def test_groups_show_free_seats_and_queue_of_each_round(client):
    conference = make.conference()
    group = make.group(conference, capacity=1, rounds=2, title="Wohnen")
    for _person in range(3):
        make.registration(conference, group.rounds[0])

    page = visit(client, "conferences.groups", **where(conference))

    assert "Runde 2" in page.text
    assert "voll – Warteliste: 2 Personen warten" in page.text
    assert "Noch 1 von 1 Plätzen frei" in page.text
    assert page.links()["Wohnen"] == f"/{conference.host.key}/{conference.key}/arbeitsgruppen/1"


def test_group_shows_questions_and_where_others_have_seats_when_it_is_full(client):
    conference = make.conference()
    full = make.group(conference, capacity=1, title="Wohnen")
    make.group(conference, capacity=1, title="Bewegen")
    with transaction():
        full.questions = Translated("Was fehlt?\n\nWas ist gut?")
        full.description = Translated("Es geht um Miete.")
        full.facilitator_role = Translated("Wohnungsamt")
        full.interpreter_languages = ["ar", "tr", "x-klingonisch"]
    make.registration(conference, full.rounds[0])

    page = visit(client, "conferences.group", **where(conference), number=1)

    assert [words.text for words in page.one("main").iter("li") if words.text] == [
        "Was fehlt?",
        "Was ist gut?",
    ]
    assert "Es geht um Miete." in page.text
    assert "Wohnungsamt" in page.text
    assert "Arabisch, Türkisch und x-klingonisch" in page.text
    assert page.links()["Auf die Warteliste"].endswith("/anmeldung?gruppe=1")
    assert page.links()["Bewegen"].endswith("/arbeitsgruppen/2")


def test_group_says_when_all_groups_are_full(client):
    conference = make.conference()
    group = make.group(conference, capacity=0)

    page = visit(client, "conferences.group", **where(conference), number=group.number)

    assert "Zurzeit sind alle Gruppen voll." in page.text
    assert visit(client, "conferences.group", **where(conference), number=99, status=404).status == 404


def test_arabic_pages_run_right_to_left_and_mark_what_is_still_german(client):
    conference = make.conference(
        languages=["de", "ar"], title=both("Konferenz"), costs=Translated("Kostet nichts, versprochen.")
    )

    page = visit(client, "conferences.show", language="ar", **where(conference))

    assert (page.one("html").get("lang"), page.one("html").get("dir")) == ("ar", "rtl")
    assert page.h1 == "نص Konferenz"
    german = [
        element for element in page.all(lang="de", dir="ltr") if element.text == "Kostet nichts, versprochen."
    ]
    assert german
    assert page.one("html").find(".//a[@hreflang='de']").get("href") == page.address.removeprefix("/ar")


def test_what_people_typed_is_text_in_every_place(client):
    evil = "<script>alert(1)</script> \u202erechts 🌻"
    host = make.host(name=evil)
    venue = make.venue(host, name=evil, directions=Translated(evil))
    conference = make.conference(
        host,
        venue_id=venue.id,
        contact_role=evil,
        **{
            name: Translated(evil)
            for name in (
                "title",
                "motto",
                "teaser",
                "about",
                "costs",
                "children",
                "language_help",
                "afterwards",
            )
        },
    )
    make.group(conference, title=evil)
    agenda_item(conference, title=Translated(evil), speaker_role=Translated(evil))

    for endpoint in (*PAGES, "signup.register"):
        page = visit(client, endpoint, **where(conference))
        assert "<script>alert" not in page.response.text
    assert evil in visit(client, "conferences.show", **where(conference)).h1


def test_calendar_is_one_entry_that_browsers_ask_again_for(client):
    conference = make.conference(title=Translated("Konferenz Nord"))
    address = f"/{conference.host.key}/{conference.key}/kalender.ics"

    answer = client.get(address)

    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{conference.key}.ics"'
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert "Konferenz Nord" in answer.text
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_conference_over_several_days_names_both(client, clock):
    conference = make.conference(starts_at=make.at("2026-05-21 15:00"))
    with transaction():
        db.session.merge(conference).ends_at = make.at("2026-05-22 15:00")

    page = visit(client, "conferences.show", **where(conference))

    assert "Donnerstag, 21. Mai 2026, 17:00 Uhr bis Freitag, 22. Mai 2026, 17:00 Uhr" in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/a%00b/",
        "/{host}/a%00b/",
        "/{host}/{conference}/arbeitsgruppen/99999999999999999999",
        "/%ed%a0%80/",
        "/🌻/",
    ],
)
def test_addresses_no_database_could_look_for_are_simply_not_there(client, address):
    page = visit(client, address.format(**where(make.conference())), status=404)

    assert page.h1 == "Diese Seite gibt es nicht"
