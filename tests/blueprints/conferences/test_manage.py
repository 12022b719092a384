"""Making, copying and removing a conference, and the steps of its life."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from app.database import db
from app.domain import conferences, editions, lifecycle, recommendations, taking_back
from app.models import Conference, ConferenceKind, ConferenceStatus, Host
from tests import make
from tests.blueprints.conferences.conftest import START, Open
from tests.browse import visit
from tests.visitor import Visitor

NEW = {
    "title": "Stadtteilkonferenz Süd",
    "kind": "district_conference",
    "day": "2026-06-11",
    "starts": "16:30",
    "ends": "20:00",
    "contact_phone": "02000 1",
}


def made(host: Host) -> Conference:
    return db.session.query(Conference).filter(Conference.host_id == host.id).one()


def test_create_offers_sensible_beginnings(organizer: Visitor, host: Host) -> None:
    page = visit(organizer, "conferences.create", host="stadt")

    values = page.form().values
    assert {name: values[name] for name in ("starts", "ends", "plan", "contact_phone", "contact_email")} == {
        "starts": "16:30",
        "ends": "20:00",
        "plan": "evening",
        "contact_phone": host.phone,
        "contact_email": host.email,
    }
    # The clock stands at 2 March 2026: the Thursday eight weeks on.
    assert values["day"] == "2026-04-30"
    assert date.fromisoformat(values["day"]).weekday() == 3


def test_create_makes_a_draft_with_a_programme_and_shows_where_it_stands(
    organizer: Visitor, host: Host
) -> None:
    venue = make.venue(host)
    page = visit(organizer, "conferences.create", host="stadt")

    answer = page.form().send(NEW, venue=str(venue.id))

    assert answer.location == "/verwaltung/stadt/stadtteilkonferenz-sued/"
    conference = made(host)
    assert (conference.kind, conference.status, conference.venue_id, len(conference.agenda)) == (
        ConferenceKind.DISTRICT_CONFERENCE,
        ConferenceStatus.DRAFT,
        venue.id,
        7,
    )
    assert conference.starts_at.isoformat() == "2026-06-11T14:30:00+00:00"
    assert "Der Entwurf ist angelegt." in answer.follow().text


def test_create_twice_makes_one(organizer: Visitor, host: Host) -> None:
    form = visit(organizer, "conferences.create", host="stadt").form()

    first = form.send(NEW, plan="empty").location
    second = form.send(NEW, plan="empty").location

    assert first == second
    assert made(host).agenda == []


def test_create_with_mistakes_keeps_what_was_typed(organizer: Visitor, host: Host) -> None:
    form = visit(organizer, "conferences.create", host="stadt").form()

    page = form.send(
        {
            "title": "x" * 201,
            "kind": "feier",
            "day": "31.02.2026",
            "starts": "25:00",
            "ends": "",
            "venue": "4711",
            "contact_phone": "1" * 61,
            "contact_email": "niemand",
            "plan": "wild",
            "key": "y" * 81,
        },
        status=422,
    )

    assert page.errors() == {
        "title": "Das ist zu lang: 201 Zeichen. Möglich sind höchstens 200. Bitte kürzen Sie den Text.",
        "kind": "Bitte wählen Sie etwas aus der Liste.",
        "day": "Dieses Datum gibt es nicht. Zum Beispiel: 25.05.2027",
        "starts": "Diese Uhrzeit verstehen wir nicht. Zum Beispiel: 17:00",
        "ends": "Bitte füllen Sie dieses Feld aus.",
        "venue": "Bitte wählen Sie etwas aus der Liste.",
        "contact_phone": "Das ist zu lang: 61 Zeichen. Möglich sind höchstens 60. Bitte kürzen Sie den Text.",
        "contact_email": "Diese E-Mail-Adresse stimmt so nicht. Zum Beispiel: name@beispiel.de",
        "plan-0": "Bitte wählen Sie etwas aus der Liste.",
        "key": "Das ist zu lang: 81 Zeichen. Möglich sind höchstens 80. Bitte kürzen Sie den Text.",
    }
    values = page.form().values
    assert (values["title"], values["day"], values["starts"]) == ("x" * 201, "31.02.2026", "25:00")
    assert db.session.query(Conference).count() == 0


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": "   "}, "title", "Bitte geben Sie einen Titel ein."),
        ({"ends": "16:30"}, "ends", "Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Zeiten."),
        (
            {"day": "2027-03-28", "starts": "02:15"},
            "starts",
            "Die Uhrzeit 02:15 gibt es am 28.03.2027 nicht: Die Uhr wird von 2 auf 3 Uhr vorgestellt. "
            "Bitte wählen Sie eine andere Uhrzeit.",
        ),
        ({"day": "0026-06-11"}, "day", "Bitte prüfen Sie das Jahr."),
        (
            {"key": "Groß"},
            "key",
            "„Groß“ geht nicht als Adresse. Erlaubt sind kleine Buchstaben a–z, Ziffern und Bindestriche; "
            "einige Wörter sind vergeben.",
        ),
    ],
)
def test_create_says_at_the_field_what_does_not_fit(
    organizer: Visitor, host: Host, changes: dict[str, str], field: str, sentence: str
) -> None:
    form = visit(organizer, "conferences.create", host="stadt").form()

    page = form.send(NEW, status=422, **changes)

    assert page.errors() == {field: sentence}


def test_create_understands_dates_and_times_as_people_type_them(organizer: Visitor, host: Host) -> None:
    form = visit(organizer, "conferences.create", host="stadt").form()

    form.send(NEW, status=303, day="11.06.2026", starts="16.30", ends="20:00:00")

    assert made(host).starts_at.isoformat() == "2026-06-11T14:30:00+00:00"


def test_hostile_title_is_shown_as_text(organizer: Visitor, host: Host) -> None:
    title = "<script>alert(1)</script> \u202e &amp; 🎉"
    form = visit(organizer, "conferences.create", host="stadt").form()

    page = form.send(NEW, title=title).follow()

    assert page.h1 == title
    assert made(host).key == "script-alert-1-script-amp"


def test_copy_opens_the_new_draft(opened: Open, conference: Conference) -> None:
    page = opened("copy")

    answer = page.form().send(title="Konferenz 2027", day="2027-05-06", starts="17:00")

    assert answer.location == "/verwaltung/stadt/konferenz-2027/"
    copy = db.session.query(Conference).filter_by(key="konferenz-2027").one()
    assert (copy.starts_at, copy.teaser, copy.venue_id) == (
        START + timedelta(days=364),
        conference.teaser,
        conference.venue_id,
    )


def test_copy_with_mistakes_says_so(opened: Open) -> None:
    form = opened("copy").form()

    assert form.send(title="", day="", status=422).errors() == {
        "title": "Bitte geben Sie einen Titel ein.",
        "day": "Bitte füllen Sie dieses Feld aus.",
    }
    assert form.send(title="  ", day="2027-05-06", status=422).errors() == {
        "title": "Bitte geben Sie einen Titel ein."
    }


def test_publish_opens_the_page_to_everybody(opened: Open, client: Visitor, conference: Conference) -> None:
    answer = opened("change_status", step="veroeffentlichen").form().send()

    assert "Die Konferenz ist veröffentlicht." in answer.follow().text
    assert visit(client, "/stadt/konferenz/").h1 == "Konferenz"


def test_publish_of_an_incomplete_draft_lists_what_is_missing(opened: Open, conference: Conference) -> None:
    conference.venue_id = None
    conference.host.dpo_contact = ""
    db.session.commit()
    before = opened("change_status", step="veroeffentlichen")

    page = before.form().send(status=422)

    assert "Der Ort fehlt." in before.links()
    assert page.errors() == {"": "Die Konferenz ist noch nicht fertig. Bitte ergänzen Sie, was fehlt."}
    assert page.links()["Der Ort fehlt."] == "/verwaltung/stadt/konferenz/ort"
    assert "Datenschutz: Es fehlt, wie man die Datenschutzbeauftragten erreicht." in page.links()
    assert conference.status is ConferenceStatus.DRAFT


def test_steps_lead_through_the_life_of_a_conference(opened: Open, conference: Conference) -> None:
    seen = []
    for step in (
        "ankuendigen",
        "veroeffentlichen",
        "schliessen",
        "oeffnen",
        "verschieben",
        "absagen",
        "archivieren",
    ):
        assert opened("manage").links().values()
        opened("change_status", step=step).form().send(status=303)
        db.session.expire_all()
        seen.append(conference.status.value)

    assert seen == [
        "announced",
        "registration_open",
        "registration_closed",
        "registration_open",
        "postponed",
        "cancelled",
        "archived",
    ]
    assert opened("manage").links().keys() >= {"Vorschau", "Konferenz kopieren"}


def test_step_that_does_not_fit_any_more_says_so(opened: Open, conference: Conference) -> None:
    lifecycle.publish(conference)
    form = opened("change_status", step="schliessen").form()
    lifecycle.cancel(conference)

    page = form.send(status=422)

    assert page.errors() == {
        "": "Das geht nicht: Die Konferenz hat inzwischen einen anderen Stand. "
        "Bitte sehen Sie nach, was jetzt möglich ist."
    }


def test_step_taken_twice_is_taken_once(opened: Open, conference: Conference) -> None:
    form = opened("change_status", step="veroeffentlichen").form()

    first, second = form.send(), form.send()

    assert (first.status, second.status) == (303, 303)


def test_cancel_says_that_nobody_is_told_by_itself(opened: Open, conference: Conference) -> None:
    lifecycle.publish(conference)
    make.registration(conference)

    page = opened("change_status", step="absagen")

    assert "1 Anmeldung" in page.text
    assert "bekommen keine Nachricht von selbst" in page.text
    assert page.links()["Zu den Anmeldungen"] == "/verwaltung/stadt/konferenz/anmeldungen"


def test_archive_is_offered_after_the_conference(
    opened: Open, client: Visitor, conference: Conference, clock: time_machine.Traveller
) -> None:
    lifecycle.publish(conference)
    assert "Ins Archiv legen" not in opened("manage").links()
    clock.move_to(START + timedelta(days=1))
    make.sign_in(client, make.staff_member(of=conference.host))

    page = opened("manage")

    assert "Ins Archiv legen" in page.links()
    assert "fehlt etwas" not in page.text


def test_remove_deletes_a_draft(opened: Open, conference: Conference) -> None:
    answer = opened("remove").form().send()

    assert "Der Entwurf ist gelöscht." in answer.follow().text
    assert db.session.query(Conference).count() == 0


def test_remove_of_a_published_conference_is_refused(opened: Open, conference: Conference) -> None:
    form = opened("remove").form()
    lifecycle.publish(conference)

    assert form.send(status=422).errors().keys() == {""}
    assert db.session.query(Conference).count() == 1


def test_where_it_stands_says_what_comes_next_from_the_first_contribution_to_the_next_edition(
    opened: Open, conference: Conference
) -> None:
    def said() -> str:
        return " ".join(opened("manage").text.split())

    assert "Erst wenn die Konferenz öffentlich ist, kann man Beiträge abgeben." in said()
    lifecycle.take(conference, lifecycle.Step.PUBLISH)
    assert "Öffnen Sie sie, damit alle ihre Ideen abgeben können." in said()
    conferences.open_contributions(conference)
    make.said(conference)
    voice = make.published(conference)
    assert "1 wartet auf Ihre Entscheidung, 1 ist öffentlich." in said()
    assert "Erste Empfehlung entwerfen" in said()
    recommendations.draft(conference, {"title": "Bänke aufstellen"})
    assert "1, davon 1 noch nicht der Politik vorgelegt." in said()
    editions.freeze(conference)
    assert "Ausgabe 1 ist veröffentlicht." in said()
    taking_back.withdraw(voice)
    assert "Aus Ausgabe 1 ist etwas zurückgezogen. Die nächste Ausgabe ist fällig." in said()
