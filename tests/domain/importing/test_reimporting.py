"""A changed file: what it changes changes, what people did in the application since stays."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db, now, transaction
from app.domain import importing, registrations, seats, secrets
from app.domain.importing import FileRefused
from app.domain.registrations import Details
from app.models import (
    AgendaItem,
    AgendaKind,
    Conference,
    ConferenceStatus,
    GroupRound,
    ImportRecord,
    Participant,
    Registration,
    RegistrationStatus,
    RoleGroup,
    Room,
    Seat,
    SeatState,
    Translated,
    Venue,
    WorkingGroup,
)
from tests import make
from tests.domain.importing.rheine import FILE, TEXT, changed, imported, rows, without_line
from tests.domain.importing.test_importing import counted, counters, registration, the_conference


def group(key: str) -> WorkingGroup:
    return db.session.scalars(select(WorkingGroup).where(WorkingGroup.key == key)).one()


def round_of(key: str, number: int = 1) -> GroupRound:
    return next(found for found in group(key).rounds if found.number == number)


def places(key: str) -> list[tuple[int, str, SeatState]]:
    return [
        (seat.round_number, seat.group_round.group.key, seat.state)
        for person in registration(key).participants
        for seat in person.live_seats
    ]


def refusal(text: str) -> str:
    before = rows()
    with pytest.raises(FileRefused) as error:
        imported(text)
    assert rows() == before
    return str(error.value)


def resident(*group_rounds: GroupRound) -> Registration:
    """Somebody who registers in the application; the past conference is opened for it by staff."""
    made, _ = registrations.register(
        the_conference(),
        Details(RoleGroup.RESIDENT),
        [registrations.Person(groups={held.number: held.id for held in group_rounds})],
        submission=str(len(rows())),
        by=make.staff_member(),
    )
    return made


def ahead() -> None:
    """The conference lies ahead and people can register: then free seats go to those who wait."""
    conference = the_conference()
    with transaction():
        conference.status = ConferenceStatus.REGISTRATION_OPEN
        conference.starts_at, conference.ends_at = now() + timedelta(days=9), now() + timedelta(days=10)


@pytest.fixture
def rheine(app: Flask) -> Conference:
    imported()
    return the_conference()


def test_changed_texts_and_times_are_written(rheine: Conference) -> None:
    version, sequence = rheine.version, rheine.calendar_sequence
    text = changed(
        ('motto: "Miteinander reden - gemeinsam anpacken"', "motto: Neu"),
        ('"2023-05-25T20:00:00+02:00"', '"2023-05-25T20:30:00+02:00"'),
        ("title: Familien-App", "title: {de: Familien-App, ar: تطبيق العائلات}"),
        ("city: Rheine,", "city: Rheine-Mitte,"),
    )

    report = imported(text)

    conference = the_conference()
    assert str(conference.motto) == "Neu"
    assert conference.ends_at.hour == 18
    assert conference.ends_at.minute == 30
    assert group("ag1").title == {"de": "Familien-App", "ar": "تطبيق العائلات"}
    assert conference.venue is not None
    assert conference.venue.city == "Rheine-Mitte"
    assert (conference.version > version, conference.calendar_sequence) == (True, sequence + 1)
    assert report.counts["Arbeitsgruppen"] == {"geändert": 1, "unverändert": 3}
    assert report.counts["Anmeldungen"] == {"unverändert": 14}
    assert report.counts["Ablauf"] == {"unverändert": 9}
    assert counters() == counted()


def test_change_that_touches_no_calendar_leaves_its_sequence(rheine: Conference) -> None:
    imported(changed(('motto: "Miteinander', 'motto: "Zusammen')))

    assert the_conference().calendar_sequence == 0


def test_cancelled_conference_raises_the_calendar_sequence(rheine: Conference) -> None:
    imported(changed(("status: published\n", "status: cancelled\n")))

    assert (the_conference().status, the_conference().calendar_sequence) == (ConferenceStatus.CANCELLED, 1)


def test_comment_alone_changes_only_the_record(rheine: Conference) -> None:
    before = [row for row in rows() if row[0] not in ("import_record", "conference")]

    report = imported(TEXT + "# am Ende\n")

    assert not report.unchanged
    assert [row for row in rows() if row[0] not in ("import_record", "conference")] == before
    assert db.session.scalar(select(func.count()).select_from(ImportRecord)) == 2


def test_earlier_records_keep_no_needs(rheine: Conference) -> None:
    imported(TEXT + "# am Ende\n")

    first, second = db.session.scalars(select(ImportRecord).order_by(ImportRecord.id))
    assert first.kept == ""
    assert "halal" in secrets.decrypt(second.kept)


def test_text_changed_in_the_application_survives_a_file_that_changed_elsewhere(rheine: Conference) -> None:
    with transaction():
        conference = the_conference()
        conference.teaser = Translated("Von Hand")
        conference.status = ConferenceStatus.ARCHIVED
        group("ag2").title = Translated("Pass von Hand")

    imported(changed(("title: Familien-App", "title: App")))

    conference = the_conference()
    assert (str(conference.teaser), conference.status) == ("Von Hand", ConferenceStatus.ARCHIVED)
    assert (str(group("ag1").title), str(group("ag2").title)) == ("App", "Pass von Hand")


def test_field_no_longer_named_becomes_empty(rheine: Conference) -> None:
    imported(without_line("motto:", changed(('hours: "Mo-Do 9-15 Uhr", ', ""))))

    conference = the_conference()
    assert (conference.motto, conference.contact_hours) == ({}, {})
    assert conference.contact_phone == "05971 000-000"


def test_seats_of_unchanged_registrations_stay_where_people_moved(rheine: Conference) -> None:
    person = registration("BAUM-47").participants[0]
    seats.take(round_of("ag1"), person, by_staff=True)

    imported(changed(('display_name: "Kalle"', 'display_name: "Karl"')))

    assert places("BAUM-47")[0] == (1, "ag1", SeatState.SEATED)
    assert registration("APFEL-08").display_name == "Karl"
    assert counters() == counted()


def test_name_alone_changed_leaves_seats(rheine: Conference) -> None:
    seats.release(registration("BAUM-47").participants[0].live_seats[0])

    imported(changed(('display_name: "Oma G."', 'display_name: "Oma"')))

    assert places("BAUM-47") == [(2, "ag4", SeatState.SEATED)]


def test_changed_assignment_moves_people(rheine: Conference) -> None:
    ahead()
    report = imported(changed(("assigned: {1: ag4, 2: ag1}", "assigned: {1: ag1, 2: ag1}")))

    assert places("FISCH-12") == [(1, "ag1", SeatState.SEATED), (2, "ag1", SeatState.SEATED)] * 2
    assert counters() == counted()
    assert counters()["ag1", 1] == (16, 5, 0)
    # Two seats became free where one person waits.
    assert places("REGEN-16") == [(1, "ag4", SeatState.SEATED)]
    assert report.places[0].startswith("Nachgerückt: 1.")
    assert counters()["ag4", 1] == (20, 2, 0)


def test_two_people_swap_their_full_groups(app: Flask) -> None:
    small = changed(
        ("capacity: 16\n", "capacity: 3\n"),
        ("participants: 12", "participants: 3"),
        ("capacity: 18", "capacity: {1: 3, 2: 2}"),
        ("participants: 18", "participants: 3"),
    )
    imported(small)
    swapped = changed(
        ("assigned: {1: ag1, 2: ag2}", "assigned: {1: ag3, 2: ag2}"),
        ("assigned: {1: ag3, 2: ag3}", "assigned: {1: ag1, 2: ag3}"),
        text=small,
    )

    imported(swapped)

    assert (places("VOGEL-55")[0][1], places("APFEL-08")[0][1]) == ("ag3", "ag1")
    assert counters() == counted()
    assert (counters()["ag1", 1], counters()["ag3", 1]) == ((3, 3, 0), (3, 3, 0))


def test_party_grows_and_shrinks(rheine: Conference) -> None:
    imported(changed(("party_size: 2", "party_size: 4")))
    assert len(registration("FISCH-12").participants) == 4
    assert the_conference().places_taken == 16
    assert counters() == counted()

    imported(changed(("party_size: 2", "party_size: 1")))
    assert len(registration("FISCH-12").participants) == 1
    assert the_conference().places_taken == 13
    assert counters() == counted()
    assert db.session.scalar(select(func.count()).select_from(Participant)) == 14


def test_cancelling_in_the_file_frees_everything(rheine: Conference) -> None:
    imported(changed(("status: attended, assigned: {1: ag4, 2: ag1}", "status: cancelled")))

    assert registration("FISCH-12").status is RegistrationStatus.CANCELLED
    assert places("FISCH-12") == []
    assert the_conference().places_taken == 12
    assert counters() == counted()


def test_cancelled_comes_back(rheine: Conference) -> None:
    imported(changed(("status: cancelled", "status: confirmed, assigned: {1: ag3}")))

    lampe = registration("LAMPE-38")
    assert (lampe.status, lampe.cancelled_at) == (RegistrationStatus.CANCELLED.CONFIRMED, None)
    assert places("LAMPE-38") == [(1, "ag3", SeatState.SEATED)]
    assert the_conference().places_taken == 15


def test_cancelled_in_the_application_stays_cancelled(rheine: Conference) -> None:
    registrations.cancel(registration("BAUM-47"))

    report = imported(
        changed(
            ('display_name: "Oma G."', 'display_name: "Oma"'),
            ("assigned: {1: ag4, 2: ag4}", "assigned: {1: ag1}"),
        )
    )

    baum = registration("BAUM-47")
    assert (baum.status, baum.display_name) == (RegistrationStatus.CANCELLED, "Oma")
    assert places("BAUM-47") == []
    assert the_conference().places_taken == 13
    assert "Die Anmeldung BAUM-47 wurde in der Anwendung abgesagt und bleibt es." in report.notes


def test_waiting_becomes_seated(rheine: Conference) -> None:
    imported(changed(("status: waitlisted, waitlist_position: 1", "status: confirmed, assigned: {1: ag4}")))

    assert places("REGEN-16") == [(1, "ag4", SeatState.SEATED)]
    assert counters() == counted()
    assert counters()["ag4", 1] == (20, 4, 0)


def test_who_has_moved_up_meanwhile_keeps_the_seat(rheine: Conference) -> None:
    ahead()
    seats.set_capacity(round_of("ag4"), 20)
    assert places("REGEN-16") == [(1, "ag4", SeatState.SEATED)]

    imported(
        changed(
            (
                "{code: REGEN-16, channel: web, role_group: resident, language: de, social_space: SR05, party_size: 1",
                "{code: REGEN-16, channel: web, role_group: resident, language: de, social_space: SR05, party_size: 2",
            )
        )
    )

    assert places("REGEN-16") == [(1, "ag4", SeatState.SEATED), (1, "ag4", SeatState.WAITING)]
    assert counters() == counted()


def test_new_order_of_a_queue_is_taken_over(app: Flask) -> None:
    two = changed(("status: no_show", "status: waitlisted, waitlist_position: 2"))
    imported(two)

    imported(
        changed(
            ("waitlist_position: 2", "waitlist_position: 1"),
            (
                "language: de, social_space: SR05, party_size: 1, group_wishes: [ag4]",
                "party_size: 2, group_wishes: [ag4]",
            ),
            (
                "status: waitlisted, waitlist_position: 1}\n\n",
                "status: waitlisted, waitlist_position: 2}\n\n",
            ),
            text=two,
        )
    )

    queue = db.session.scalars(select(Seat).where(Seat.state == SeatState.WAITING).order_by(Seat.ticket))
    assert [seat.participant.registration.key for seat in queue] == ["NEBEL-05", "REGEN-16", "REGEN-16"]
    assert counters() == counted()


def test_greater_capacity_lets_people_move_up_in_order(app: Flask) -> None:
    tight = changed(("capacity: 20", "capacity: {1: 3, 2: 4}"), ("participants: 20", "participants: 3"))
    imported(tight)
    ahead()
    late = resident(round_of("ag4"))

    imported(changed(("capacity: {1: 3, 2: 4}", "capacity: {1: 4, 2: 4}"), text=tight))

    assert places("REGEN-16") == [(1, "ag4", SeatState.SEATED)]
    assert [seat.state for seat in late.participants[0].live_seats] == [SeatState.WAITING]
    assert counters() == counted()


def test_people_the_file_has_just_queued_do_not_move_up(rheine: Conference) -> None:
    report = imported(
        changed(
            ("capacity: 20", "capacity: 21"),
            ("status: no_show", "status: waitlisted, waitlist_position: 2"),
        )
    )

    assert counters()["ag4", 1] == (21, 3, 2)
    assert any("niemand ist nachgerückt" in sentence for sentence in report.notes)


def test_capacity_below_those_who_sit_is_refused(rheine: Conference) -> None:
    resident(round_of("ag1"))

    sentence = refusal(changed(("capacity: 16", "capacity: 3"), ("participants: 12", "participants: 3")))

    assert sentence == (
        "rheine.yaml, Zeile 63, working_groups[0].capacity: Gefunden: 3 Plätze in Runde 1. "
        "Erwartet: mindestens 4: So viele sind in der Anwendung vergeben."
    )


def test_smaller_capacity_with_fewer_people_is_written(rheine: Conference) -> None:
    imported(
        changed(
            ("capacity: 16", "capacity: {1: 2, 2: 3}"),
            ("participants: 12", "participants: 2"),
            ("assigned: {1: ag1, 2: ag2}", "assigned: {2: ag2}"),
        )
    )

    assert counters()["ag1", 1] == (2, 2, 0)
    assert counters() == counted()


def test_seat_that_somebody_else_has_taken_is_refused_at_its_line(app: Flask) -> None:
    tight = changed(("capacity: 16", "capacity: {1: 4, 2: 3}"), ("participants: 12", "participants: 4"))
    imported(tight)
    resident(round_of("ag1"))

    sentence = refusal(changed(("assigned: {1: ag2, 2: ag3}", "assigned: {1: ag1, 2: ag3}"), text=tight))

    assert sentence == (
        "rheine.yaml, Zeile 120, registrations[6].assigned.1: Gefunden: ein Platz in ag1, Runde 1. "
        "Erwartet: eine Gruppe, in der Platz ist (alle 4 sind vergeben)."
    )


def test_fewer_places_than_people_in_file_and_application_is_refused(rheine: Conference) -> None:
    resident()

    sentence = refusal(changed(("capacity: 110", "capacity: 14"), ("walk_in_quota: 10", "walk_in_quota: 0")))

    assert "14 Plätze und 15 angemeldete Menschen, in Datei und Anwendung zusammen" in sentence


def test_fewer_places_than_kept_for_walk_ins_is_refused(rheine: Conference) -> None:
    with transaction():
        the_conference().walk_in_quota = 50

    sentence = refusal(changed(("capacity: 110", "capacity: 40")))

    assert "mindestens 50: So viele sind für Menschen ohne Anmeldung" in sentence


def test_registration_that_vanished_goes_with_its_seats(rheine: Conference) -> None:
    report = imported(without_line("- {code: FISCH-12"))

    assert db.session.scalar(select(Registration.id).where(Registration.key == "FISCH-12")) is None
    assert the_conference().places_taken == 12
    assert counters() == counted()
    assert report.counts["Anmeldungen"] == {"unverändert": 13, "entfernt": 1}


def test_registration_that_vanished_but_changed_since_is_refused(rheine: Conference) -> None:
    seats.take(round_of("ag1"), registration("BAUM-47").participants[0], by_staff=True)

    sentence = refusal(without_line("- {code: BAUM-47"))

    assert "keine Anmeldung BAUM-47" in sentence
    assert "Sagen Sie sie dort ab oder lassen Sie sie in der Datei stehen" in sentence


def test_registration_erased_in_the_application_is_not_made_again(rheine: Conference) -> None:
    with transaction():
        db.session.delete(registration("NEBEL-05"))
        the_conference().places_taken -= 1

    report = imported(changed(("title: Familien-App", "title: App")))

    assert db.session.scalar(select(Registration.id).where(Registration.key == "NEBEL-05")) is None
    assert "Die Anmeldung NEBEL-05 wurde in der Anwendung entfernt und bleibt es." in report.notes


def without_group(key: str, next_key: str) -> str:
    """The file without a group and without registrations, up to what refers to the group later on."""
    text = TEXT[: TEXT.index(f"  - key: {key}")] + TEXT[TEXT.index(next_key) :]
    return text[: text.index("\nregistrations:")] + "\n" + text[text.index("\noutreach:") :]


def test_group_that_vanished_goes_when_nobody_is_left(rheine: Conference) -> None:
    seats.release(registration("WOLKE-31").participants[0].live_seats[0])
    text = changed(
        ("options: [ag1, ag2, ag3, ag4]", "options: [ag1, ag2, ag4]"),
        ("poll: poll-1", "note: x"),
        text=without_group("ag3", "  - key: ag4"),
    )
    # WOLKE-31 has changed since: it stays in the file, without the group.
    wolke = next(line for line in TEXT.splitlines(True) if "WOLKE-31" in line)
    wolke = changed(("[ag3]", "[]"), ("assigned: {1: ag3, 2: ag4}", "assigned: {2: ag4}"), text=wolke)

    imported(text[: text.index("\nclusters:")] + "\nregistrations:\n" + wolke)

    groups = db.session.scalars(select(WorkingGroup.key).order_by(WorkingGroup.number))
    assert groups.all() == ["ag1", "ag2", "ag4"]
    assert counters() == counted()


def test_group_that_vanished_with_people_from_the_application_is_refused(rheine: Conference) -> None:
    resident(round_of("ag3"))
    text = without_group("ag3", "  - key: ag4")
    text = changed(
        ("options: [ag1, ag2, ag3, ag4]", "options: [ag1, ag2, ag4]"),
        ("poll: poll-1", "note: x"),
        text=text[: text.index("\nclusters:")],
    )

    sentence = refusal(text)

    assert "die Gruppe „ag3“: In der Anwendung sitzen oder warten dort Menschen" in sentence


def test_round_that_vanished_goes_or_is_refused(rheine: Conference) -> None:
    resident(round_of("ag1", 2))
    text = changed(
        ("capacity: 16", "capacity: {1: 16}"),
        ("assigned: {1: ag4, 2: ag1}", "assigned: {1: ag4}"),
        ("assigned: {1: ag2, 2: ag1}", "assigned: {1: ag2}"),
    )

    assert "Runde 2: In der Anwendung sitzen oder warten dort Menschen" in refusal(text)

    text = changed(
        ("capacity: 18", "capacity: {1: 18}"),
        ("assigned: {1: ag3, 2: ag3}", "assigned: {1: ag3}"),
        ("assigned: {1: ag2, 2: ag3}", "assigned: {1: ag2}"),
    )
    imported(text)
    assert [found.number for found in group("ag3").rounds] == [1]
    assert counters() == counted()


def test_group_added_in_front_gets_a_new_number_and_the_first_position(rheine: Conference) -> None:
    imported(changed(("  - key: ag1\n", "  - {key: ag0, title: Neu, capacity: 5}\n  - key: ag1\n")))

    assert [(found.key, found.number) for found in the_conference().groups] == [
        ("ag0", 5),
        ("ag1", 1),
        ("ag2", 2),
        ("ag3", 3),
        ("ag4", 4),
    ]


def test_numbers_follow_the_order_while_it_is_a_draft(app: Flask) -> None:
    draft = changed(("status: published\n", "status: draft\n"))
    imported(draft)

    imported(
        changed(("  - key: ag1\n", "  - {key: ag0, title: Neu, capacity: 5}\n  - key: ag1\n"), text=draft)
    )

    assert [(found.key, found.number) for found in the_conference().groups][:3] == [
        ("ag0", 1),
        ("ag1", 2),
        ("ag2", 3),
    ]


def test_group_removed_in_the_application_stays_removed(rheine: Conference) -> None:
    imported(changed(("  - key: ag1\n", "  - {key: ag0, title: Neu, capacity: 5}\n  - key: ag1\n")))
    with transaction():
        db.session.delete(group("ag0"))

    text = changed(
        ("  - key: ag1\n", "  - {key: ag0, title: Neu, capacity: 5}\n  - key: ag1\n"),
        ("title: Familien-App", "title: App"),
    )
    report = imported(text)

    assert [found.key for found in the_conference().groups] == ["ag1", "ag2", "ag3", "ag4"]
    assert "Die Arbeitsgruppe ag0 wurde in der Anwendung entfernt und bleibt es." in report.notes
    refused = refusal(changed(("status: no_show", "status: no_show, assigned: {1: ag0}"), text=text))
    assert "eine Gruppe, die es in der Anwendung noch gibt" in refused


def test_agenda_item_added_in_between_moves_rounds_without_losing_seats(rheine: Conference) -> None:
    before = counters()
    text = changed(
        (
            '  - {start: "17:50"',
            '  - {start: "17:50", end: "17:52", kind: other, title: Umzug}\n  - {start: "17:52"',
        ),
    )

    report = imported(text)

    items = list(db.session.scalars(select(AgendaItem).order_by(AgendaItem.starts_at)))
    assert [(item.position, item.round_number) for item in items if item.round_number] == [(6, 1), (8, 2)]
    assert {
        found.agenda_item.round_number == found.number
        for found in db.session.scalars(select(GroupRound))
        if found.agenda_item
    } == {True}
    assert counters() == before
    assert report.counts["Ablauf"] == {"neu": 1, "geändert": 5, "unverändert": 4}


def test_agenda_item_that_vanished_goes(rheine: Conference) -> None:
    imported(without_line('- {start: "19:40"'))

    assert [item.position for item in the_conference().agenda] == list(range(1, 9))


def test_rounds_swap_their_numbers(rheine: Conference) -> None:
    imported(
        changed(
            ("round: 1, title", "round: 9, title"),
            ("round: 2, title", "round: 1, title"),
            ("round: 9, title", "round: 2, title"),
        )
    )

    rounds = [item.round_number for item in the_conference().agenda if item.round_number]
    assert rounds == [2, 1]


def test_agenda_moved_by_hand_is_still_known(rheine: Conference) -> None:
    with transaction():
        first, second = the_conference().agenda[:2]
        first.position, second.position = 2, 1

    imported(changed(('title: "Ankommen, Anmeldung, Kaffee und Tee"', "title: Ankommen")))

    titles = [str(item.title) for item in sorted(the_conference().agenda, key=lambda item: item.position)]
    assert titles[:2] == ["Begrüßung", "Ankommen"]


def test_agenda_item_removed_in_the_application_stays_removed(rheine: Conference) -> None:
    with transaction():
        db.session.delete(the_conference().agenda[0])

    report = imported(changed(("title: Familien-App", "title: App")))

    assert len(the_conference().agenda) == 8
    assert "Punkt 1 des Ablaufs wurde in der Anwendung entfernt und bleibt es." in report.notes


def test_round_that_another_item_has_in_the_application_is_refused(rheine: Conference) -> None:
    with transaction():
        conference = the_conference()
        db.session.add(
            AgendaItem(
                host_id=conference.host_id,
                conference_id=conference.id,
                position=20,
                kind=AgendaKind.GROUP_ROUND,
                round_number=3,
                title=Translated("Dritte Runde"),
                starts_at=conference.starts_at,
                ends_at=conference.ends_at,
            )
        )

    text = changed(("kind: dot_vote, title", "kind: group_round, round: 3, title"), (", poll: poll-1", ""))

    assert "agenda[7].round: Gefunden: Runde 3." in refusal(text)


def test_other_venue_takes_rooms_along_and_leaves_none_behind(rheine: Conference) -> None:
    imported(changed(("name: Mensa der Abendrealschule", "name: Stadthalle")))

    conference = the_conference()
    assert conference.venue is not None
    assert conference.venue.name == "Stadthalle"
    assert {found.room.venue.name for found in conference.groups if found.room} == {"Stadthalle"}
    assert db.session.scalar(select(func.count()).select_from(Room)) == 4
    assert conference.calendar_sequence == 1


def test_venue_no_longer_named_is_taken_away(rheine: Conference) -> None:
    text = without_line("venue: {name")
    text = "".join(line for line in text.splitlines(True) if not line.strip().startswith("room:"))

    imported(text)

    assert the_conference().venue_id is None
    assert [found.room_id for found in the_conference().groups] == [None] * 4
    assert db.session.scalar(select(func.count()).select_from(Room)) == 0
    assert db.session.scalar(select(func.count()).select_from(Venue)) == 1


def test_room_another_conference_uses_stays(rheine: Conference) -> None:
    imported(changed(("  key: rheine-2023", "  key: rheine-2024")))

    report = imported(changed(('room: "Tisch A"', 'room: "Tisch Z"')))

    assert any("„Tisch A“ steht nicht mehr in der Datei" in sentence for sentence in report.notes)
    assert db.session.scalar(select(func.count()).select_from(Room)) == 5


def test_changed_settings_of_the_host_are_written(rheine: Conference) -> None:
    imported(changed(("name: Stadt Rheine", 'name: Rheine, kind: district, phone: "05971 1"')))

    host = the_conference().host
    assert (host.name, host.kind.value, host.phone) == ("Rheine", "district", "05971 1")


def test_conference_made_by_hand_is_filled_from_the_file(app: Flask) -> None:
    host = make.host("rheine")
    made = make.conference(host=host, key="rheine-2023")

    report = imported()

    conference = the_conference()
    assert (conference.id, str(conference.title)) == (made.id, "Sozialkonferenz Rheine 2023")
    assert not report.is_new
    assert len(conference.groups) >= 4
    assert importing.kept(conference)["notice_de"]


def test_kept_parts_follow_the_newest_file(rheine: Conference) -> None:
    imported(changed(("value: halal", "value: vegetarisch")))

    assert "vegetarisch" in json.dumps(importing.kept(the_conference()))
    assert "halal" not in json.dumps(importing.kept(the_conference())["registrations"])


def test_many_changes_and_back_end_where_they_began(rheine: Conference) -> None:
    def state() -> tuple[object, ...]:
        conference = the_conference()
        return (
            counters(),
            conference.places_taken,
            [(str(item.title), item.starts_at, item.round_number) for item in conference.agenda],
            {key: sorted(places(key)) for key in ("BAUM-47", "FISCH-12", "HAFEN-81", "LAMPE-38")},
        )

    before = state()
    imported(
        changed(
            ("assigned: {1: ag2, 2: ag2}", "assigned: {1: ag1}"),
            ("status: cancelled", "status: confirmed, assigned: {2: ag2}"),
            ('start: "18:30"', 'start: "18:35"'),
            ("capacity: 18", "capacity: 30"),
        )
    )
    assert state() != before

    imported()

    assert state() == before
    assert counters() == counted()
    assert importing.conference(FILE).unchanged
