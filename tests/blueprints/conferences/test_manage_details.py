"""Texts, translations, date and venue: saved, refused, and what two people do at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.database import db
from app.domain import conferences, groups, lifecycle, programme, venues
from app.models import AgendaKind, Conference, ConferenceStatus, Translated, Venue
from tests import make
from tests.blueprints.conferences.conftest import START, Open
from tests.browse import Page, words


def beside(page: Page) -> dict[str, tuple[str, str]]:
    """What stands side by side: by field, what was typed and what is stored."""
    rows = page.one("section", aria_labelledby="nebeneinander").find(".//tbody")
    assert rows is not None
    return {words(row[0]): (words(row[1]), words(row[2])) for row in rows}


def test_edit_texts_saves_and_offers_a_page_for_each_language(opened: Open, conference: Conference) -> None:
    conference.languages = ["de", "tr"]
    conference.title = Translated({"de": "Konferenz", "tr": "Konferans"})
    db.session.commit()

    answer = (
        opened("edit_texts")
        .form()
        .send(
            {
                "title": "Neue Konferenz",
                "kind": "expert_dialogue",
                "about": "Zeile eins\nZeile zwei",
                "languages": ["ar"],
            }
        )
    )

    page = answer.follow()
    assert "Die Texte sind gespeichert." in page.text
    assert page.links()["العربية"] == "/verwaltung/stadt/konferenz/texte/ar"
    assert conference.title == {"de": "Neue Konferenz", "tr": "Konferans"}
    # Turkish came from a file and has no interface yet: it stays.
    assert (conference.kind.value, conference.languages) == ("expert_dialogue", ["de", "ar", "tr"])
    assert str(conference.about) == "Zeile eins\nZeile zwei"


def test_edit_texts_with_mistakes_keeps_everything(opened: Open, conference: Conference) -> None:
    page = (
        opened("edit_texts")
        .form()
        .send({"title": "", "teaser": "x" * 601, "contact_email": "niemand", "motto": "Bleibt"}, status=422)
    )

    assert page.errors() == {
        "title": "Bitte geben Sie einen Titel ein.",
        "teaser": "Das ist zu lang: 601 Zeichen. Möglich sind höchstens 600. Bitte kürzen Sie den Text.",
        "contact_email": "Diese E-Mail-Adresse stimmt so nicht. Zum Beispiel: name@beispiel.de",
    }
    assert (page.form().values["motto"], page.form().values["teaser"]) == ("Bleibt", "x" * 601)
    assert not conference.motto


def test_edit_texts_of_a_hundred_thousand_characters_is_refused_kindly(
    opened: Open, conference: Conference
) -> None:
    page = opened("edit_texts").form().send({"about": "ü" * 100_000}, status=422)

    assert page.errors() == {
        "about": "Das ist zu lang: 100000 Zeichen. Möglich sind höchstens 5000. Bitte kürzen Sie den Text."
    }


def test_edit_texts_of_two_people_shows_both_and_loses_nothing(opened: Open, conference: Conference) -> None:
    form = opened("edit_texts").form()
    conferences.edit(conference, {"motto": "Vom Kollegium", "languages": ["de", "ar"]})

    page = form.send({"motto": "Von mir", "teaser": "Auch von mir"}, status=422)

    assert page.errors()[""].startswith("Während Sie geschrieben haben, hat jemand anderes")
    assert beside(page) == {
        "Motto": ("Von mir", "Vom Kollegium"),
        "Worum geht es, in zwei Sätzen?": ("Auch von mir", "Wir reden über unsere Stadt."),
        "Weitere Sprachen": ("(leer)", "العربية"),
    }
    assert page.form().values["motto"] == "Von mir"
    assert str(conference.motto) == "Vom Kollegium"
    page.form().send(status=303)
    assert (str(conference.motto), str(conference.teaser)) == ("Von mir", "Auch von mir")


def test_edit_texts_while_people_register_is_no_conflict(opened: Open, conference: Conference) -> None:
    lifecycle.publish(conference)
    form = opened("edit_texts").form()
    make.registration(conference)

    form.send({"motto": "Von mir"}, status=303)

    assert str(conference.motto) == "Von mir"


def test_edit_texts_without_the_mark_overwrites_nothing_unseen(opened: Open, conference: Conference) -> None:
    form = opened("edit_texts").form()

    page = form.send({"motto": "Von mir", "shown": None}, status=422)

    assert not conference.motto
    assert page.form().values["shown"]


def test_edit_of_a_conference_removed_meanwhile_is_not_found(opened: Open, conference: Conference) -> None:
    form = opened("edit_texts").form()
    lifecycle.remove(conference)

    assert form.send({"motto": "Zu spät"}, status=404).h1 == "Diese Seite gibt es nicht"


def test_edit_translation_shows_german_beside_and_saves(opened: Open, conference: Conference) -> None:
    conference.languages = ["de", "ar"]
    db.session.commit()
    group = groups.add(conference, {"title": "Wohnen", "questions": "Was fehlt?\nWas ist gut?"}, capacity=5)
    page = opened("edit_translation", code="ar")

    assert "0 von 4 Texten übersetzt" in page.text
    assert "Was fehlt? Was ist gut?" in page.text
    field = page.one(id=f"working_group-{group.id}-title")
    assert (field.get("lang"), field.get("dir")) == ("ar", "rtl")
    answer = page.form().send({f"working_group-{group.id}-title": "السكن", "conference-title": "مؤتمر"})

    assert "2 von 4 Texten übersetzt" in answer.follow().text
    assert (conference.title["ar"], group.title["ar"]) == ("مؤتمر", "السكن")


def test_edit_translation_names_what_each_text_belongs_to(opened: Open, conference: Conference) -> None:
    house = venues.add(conference.host, {"name": "Bürgerhaus", "directions": "Bus 3"})
    conferences.choose_venue(conference, house.id)
    conferences.edit(conference, {"languages": ["de", "ar"]})
    programme.lay_evening(conference)
    groups.add(conference, {"title": "Wohnen"}, capacity=5)

    page = opened("edit_translation", code="ar")

    assert page.h1 == "Übersetzung: Arabisch"
    assert [words(legend) for legend in page.one("main").iter("legend")] == [
        "Konferenz",
        "Ort: Bürgerhaus",
        *(f"Programm: {item.title}" for item in conference.agenda),
        "Arbeitsgruppe 1: Wohnen",
    ]


def test_edit_translation_of_two_people_shows_both(opened: Open, conference: Conference) -> None:
    conference.languages = ["de", "ar"]
    db.session.commit()
    form = opened("edit_translation", code="ar").form()
    conferences.edit(conference, {"title": "ألف"}, language="ar")

    page = form.send({"conference-title": "باء"}, status=422)

    assert beside(page) == {"Titel": ("باء", "ألف")}


def test_edit_schedule_moves_the_programme(opened: Open, conference: Conference) -> None:
    programme.lay_evening(conference)

    answer = (
        opened("edit_schedule")
        .form()
        .send(
            {
                "day": "2026-05-14",
                "starts": "18:00",
                "ends": "22:00",
                "opens_day": "2026-04-01",
                "closes_day": "2026-05-12",
                "closes_time": "12:00",
                "capacity": "100",
                "walk_in_quota": "10",
            }
        )
    )

    assert "Das Programm ist mit verschoben." in answer.follow().text
    moved = START + timedelta(days=7, hours=1)
    assert (conference.starts_at, conference.agenda[0].starts_at) == (moved, moved)
    assert conference.registration_opens_at is not None
    assert conference.registration_closes_at is not None
    assert conference.registration_opens_at.isoformat() == "2026-03-31T22:00:00+00:00"
    assert conference.registration_closes_at.isoformat() == "2026-05-12T10:00:00+00:00"
    assert (conference.capacity, conference.walk_in_quota) == (100, 10)


def test_edit_schedule_shows_what_is_stored_and_saves_it_unchanged(
    opened: Open, conference: Conference
) -> None:
    conferences.schedule(
        conference,
        {
            "starts_at": START,
            "ends_at": START + timedelta(days=1),
            "registration_opens_at": START - timedelta(days=30),
            "registration_closes_at": START - timedelta(days=1),
            "capacity": 50,
            "walk_in_quota": 0,
        },
    )
    form = opened("edit_schedule").form()

    answer = form.send()

    assert {
        name: form.values[name] for name in ("day", "starts", "end_day", "ends", "opens_day", "closes_time")
    } == {
        "day": "2026-05-07",
        "starts": "17:00",
        "end_day": "2026-05-08",
        "ends": "17:00",
        "opens_day": "2026-04-07",
        "closes_time": "17:00",
    }
    assert "Termin und Anmeldung sind gespeichert." in answer.follow().text
    assert conference.ends_at == START + timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"ends": "16:00"}, "ends", "Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Zeiten."),
        (
            {"ends": "20:00"},
            "ends",
            "Das Programm geht bis 21:00 Uhr und passt nicht mehr in die Konferenz. "
            "Wählen Sie ein späteres Ende oder kürzen Sie zuerst das Programm.",
        ),
        (
            {"end_day": "2026-06-07"},
            "end_day",
            "Eine Konferenz kann höchstens 14 Tage dauern. Bitte prüfen Sie das Datum am Ende.",
        ),
        (
            {"opens_day": "2026-05-02", "closes_day": "2026-05-01"},
            "closes_day",
            "Die Anmeldung endet, bevor sie beginnt. Bitte prüfen Sie beide Zeiten.",
        ),
        ({"opens_time": "12:00"}, "opens_time", "Bitte geben Sie zu der Uhrzeit auch den Tag an."),
        ({"closes_time": "12:00"}, "closes_time", "Bitte geben Sie zu der Uhrzeit auch den Tag an."),
        (
            {"closes_day": "2026-03-29", "closes_time": "02:30"},
            "closes_time",
            "Die Uhrzeit 02:30 gibt es am 29.03.2026 nicht: Die Uhr wird von 2 auf 3 Uhr vorgestellt. "
            "Bitte wählen Sie eine andere Uhrzeit.",
        ),
        ({"capacity": "viele"}, "capacity", "Das ist keine ganze Zahl. Zum Beispiel: 12"),
        ({"capacity": "-1"}, "capacity", "Bitte geben Sie eine Zahl von 0 bis 100000 ein."),
        ({"capacity": "9" * 30}, "capacity", "Bitte geben Sie eine Zahl von 0 bis 100000 ein."),
        (
            {"capacity": "5", "walk_in_quota": "6"},
            "walk_in_quota",
            "Freigehalten wären zusammen 6 Plätze, es gibt aber nur 5. Bitte halten Sie weniger frei, "
            "oder wählen Sie mehr Plätze.",
        ),
    ],
)
def test_edit_schedule_says_at_the_field_what_does_not_fit(
    opened: Open, conference: Conference, changes: dict[str, str], field: str, sentence: str
) -> None:
    programme.lay_evening(conference)
    form = opened("edit_schedule").form()

    assert form.send(changes, status=422).errors() == {field: sentence}
    assert conference.ends_at == START + timedelta(hours=4)


def test_edit_schedule_below_those_who_registered_is_refused(opened: Open, conference: Conference) -> None:
    lifecycle.publish(conference)
    for _ in range(2):
        make.registration(conference)
    page = opened("edit_schedule")

    assert "2 Personen sind angemeldet" in page.text
    assert page.form().send(capacity="1", status=422).errors() == {
        "capacity": "So wenige Plätze gehen nicht. Schon vergeben oder angeboten: 2. "
        "Bitte wählen Sie mindestens 2, oder lassen Sie das Feld leer."
    }


def test_edit_schedule_of_two_people_shows_both(opened: Open, conference: Conference) -> None:
    form = opened("edit_schedule").form()
    conferences.schedule(
        conference,
        {
            "starts_at": START + timedelta(days=1),
            "ends_at": START + timedelta(days=1, hours=5),
            "registration_opens_at": None,
            "registration_closes_at": None,
            "capacity": 0,
            "walk_in_quota": 0,
        },
    )

    page = form.send(capacity="80", status=422)

    assert beside(page) == {
        "Tag": ("07.05.2026", "08.05.2026"),
        "Ende": ("21:00", "22:00"),
        "Plätze insgesamt": ("80", "0"),
    }


def test_edit_venue_chooses_one_and_says_that_rooms_are_gone(opened: Open, conference: Conference) -> None:
    house = venues.add(conference.host, {"name": "Bürgerhaus"}, rooms=["Saal"])
    conferences.choose_venue(conference, house.id)
    groups.add(conference, {"title": "Wohnen", "room_id": house.rooms[0].id}, capacity=5)
    other = make.venue(conference.host, name="Schule")

    page = opened("edit_venue").form().send(venue=str(other.id)).follow()

    assert "Die Räume gehörten zum alten Ort." in page.text
    assert conference.venue_id == other.id
    opened("edit_venue").form().send(venue="", status=303)
    assert conference.venue_id is None


def test_edit_venue_of_two_people_shows_both(opened: Open, conference: Conference) -> None:
    other = make.venue(conference.host, name="Schule", city="")
    form = opened("edit_venue").form()
    conferences.choose_venue(conference, None)

    page = form.send(venue=str(other.id), status=422)

    assert beside(page) == {"Ort": ("Schule", "(leer)")}


def test_edit_venue_without_any_offers_to_make_one(opened: Open, conference: Conference) -> None:
    conference.venue_id = None
    db.session.query(Venue).delete()
    db.session.commit()

    assert opened("edit_venue").links()["Ersten Ort anlegen"] == "/verwaltung/stadt/konferenz/ort/neu"


def test_add_venue_is_chosen_where_there_was_none(opened: Open, conference: Conference) -> None:
    conferences.choose_venue(conference, None)

    page = (
        opened("add_venue")
        .form()
        .send(
            {
                "name": "Bürgerhaus",
                "street": "Weg 1",
                "postal_code": "12345",
                "city": "Stadt",
                "step_free": "yes",
                "accessible_wc": "no",
                "seats": "80",
                "new_rooms": "Saal\n\n  Raum 2  \n",
            }
        )
    )

    assert "Der Ort ist angelegt." in page.follow().text
    assert conference.venue is not None
    assert (conference.venue.name, conference.venue.step_free, conference.venue.accessible_wc) == (
        "Bürgerhaus",
        True,
        False,
    )
    assert conference.venue.induction_loop is None
    assert [room.name for room in conference.venue.rooms] == ["Raum 2", "Saal"]


def test_add_venue_leaves_the_one_that_is_chosen(opened: Open, conference: Conference) -> None:
    chosen = conference.venue_id

    opened("add_venue").form().send(name="Bürgerhaus", status=303)

    assert conference.venue_id == chosen


def test_add_venue_with_mistakes_says_so(opened: Open, conference: Conference) -> None:
    form = opened("add_venue").form()

    assert form.send(name="Rathaus", city="Anderswo", status=422).errors() == {
        "name": "Den Ort „Rathaus“ gibt es schon. Wählen Sie ihn aus der Liste oder nehmen Sie einen anderen Namen."
    }
    assert form.send(name="", new_rooms="x" * 201, status=422).errors() == {
        "name": "Bitte füllen Sie dieses Feld aus.",
        "new_rooms": "Der Name eines Raums kann höchstens 200 Zeichen lang sein.",
    }


def test_edit_house_changes_rooms(opened: Open, conference: Conference) -> None:
    house = venues.add(conference.host, {"name": "Bürgerhaus"}, rooms=["Saal", "Raum 2"])
    second, hall = house.rooms

    form = opened("edit_house", venue=house.id).form(f"/verwaltung/stadt/konferenz/ort/{house.id}")
    form.send({f"room-{hall.id}": "Großer Saal", f"room-{second.id}": "", "new_rooms": "Küche"}, status=303)

    assert [room.name for room in house.rooms] == ["Großer Saal", "Küche"]


def test_edit_house_keeps_a_room_that_is_used(opened: Open, conference: Conference) -> None:
    house = venues.add(conference.host, {"name": "Bürgerhaus"}, rooms=["Saal"])
    conferences.choose_venue(conference, house.id)
    (room,) = house.rooms
    programme.add(
        conference,
        {
            "kind": AgendaKind.WELCOME,
            "title": "Begrüßung",
            "speaker_role": "",
            "starts_at": START,
            "ends_at": START + timedelta(minutes=5),
            "room_id": room.id,
        },
    )

    page = (
        opened("edit_house", venue=house.id)
        .form(f"/verwaltung/stadt/konferenz/ort/{house.id}")
        .send({f"room-{room.id}": ""}, status=422)
    )

    assert page.errors() == {
        f"room-{room.id}": "Der Raum „Saal“ wird noch gebraucht: im Programm oder von einer Arbeitsgruppe."
    }


def test_edit_house_of_two_people_shows_both(opened: Open, conference: Conference) -> None:
    house = venues.add(conference.host, {"name": "Bürgerhaus"}, rooms=["Saal"])
    form = opened("edit_house", venue=house.id).form(f"/verwaltung/stadt/konferenz/ort/{house.id}")
    venues.edit(house, {"name": "Bürgerhaus", "step_free": True, "city": "Stadt"})

    page = form.send({"step_free": "no", "city": "Dorf"}, status=422)

    assert beside(page) == {
        "Ort": ("Dorf", "Stadt"),
        "Kommt man ohne Stufen hinein?": ("nein", "ja"),
    }


def test_remove_venue_needs_one_that_is_not_used(opened: Open, conference: Conference) -> None:
    unused = make.venue(conference.host, name="Schule")
    used = conference.venue_id
    address = "/verwaltung/stadt/konferenz/ort/{}/loeschen"

    refused = opened("edit_house", venue=used).form(address.format(used)).send().follow()
    done = opened("edit_house", venue=unused.id).form(address.format(unused.id)).send().follow()

    assert "An diesem Ort findet noch eine Konferenz statt." in refused.text
    assert "Der Ort ist gelöscht." in done.text
    assert [venue.name for venue in venues.all_of(conference.host)] == ["Rathaus"]


def test_archived_conference_can_still_be_read_and_edited(opened: Open, conference: Conference) -> None:
    conference.status = ConferenceStatus.ARCHIVED
    db.session.commit()

    opened("edit_texts").form().send({"motto": "Fürs Archiv"}, status=303)

    assert str(conference.motto) == "Fürs Archiv"
