"""Conferences: made, copied, edited, scheduled; and the steps of their life."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.database import db, transaction
from app.domain import conferences, editing, groups, lifecycle, local_time, programme, registrations, venues
from app.domain.errors import (
    ChangedMeanwhile,
    ConferenceKeyTaken,
    ConferenceKeyUnfit,
    ContributionWindowUnfit,
    ContributionWindowUnopened,
    DatePassed,
    DeadlinePassed,
    EndBeforeStart,
    FrameBelowTaken,
    HasContributions,
    HasRegistrations,
    NoSuchTime,
    NotBegunYet,
    NotFound,
    NotOverYet,
    NotReady,
    ProgrammeOutside,
    QuotasAboveCapacity,
    SignupWindowUnfit,
    StatusForbids,
    TimeTwice,
    TitleMissing,
    TooLong,
)
from app.domain.lifecycle import Step
from app.models import (
    AgendaKind,
    Conference,
    ConferenceKind,
    ConferenceStatus,
    Contribution,
    ContributionPhase,
    Evidence,
    Host,
    Minutes,
    Recommendation,
    Registration,
    SignupState,
    StaffRole,
    Topic,
    Translated,
    WorkingGroup,
)
from tests import make, results

pytestmark = pytest.mark.usefixtures("app", "clock")

START = datetime(2026, 5, 7, 15, tzinfo=UTC)
END = START + timedelta(hours=3, minutes=30)


def complete_host() -> Host:
    return make.host(represented_by="Bürgermeisterin oder Bürgermeister")


def draft(host: Host | None = None, **values: object) -> Conference:
    return conferences.create(
        host or complete_host(),
        **{"title": "Sozialkonferenz 2026", "starts_at": START, "ends_at": END, **values},
    )


def ready(**values: object) -> Conference:
    """A draft that lacks nothing."""
    host = complete_host()
    made = draft(host, venue_id=make.venue(host).id, contact_phone="02000 1", **values)
    conferences.edit(made, {"teaser": "Wir reden über unsere Stadt."})
    return made


def wanted_schedule(conference: Conference, **changes: object) -> dict[str, object]:
    return {**editing.values(conference, conferences.SCHEDULE), **changes}


def test_create_makes_a_draft_with_an_address_from_its_title() -> None:
    made = draft(title="Große Bürger-Konferenz: „Köln“ 2026!")

    assert (made.key, made.status, made.calendar_sequence) == (
        "grosse-buerger-konferenz-koeln-2026",
        ConferenceStatus.DRAFT,
        0,
    )
    assert made.title == Translated("Große Bürger-Konferenz: „Köln“ 2026!")


@pytest.mark.parametrize(
    ("title", "key"),
    [("2026", "konferenz-2026"), ("مؤتمر", "konferenz"), ("Impressum", "impressum-2"), ("A" * 200, "a" * 60)],
)
def test_create_finds_an_address_for_any_title(title: str, key: str) -> None:
    assert draft(title=title).key == key


def test_create_with_a_title_that_is_used_counts_on() -> None:
    host = complete_host()
    draft(host)

    assert draft(host, starts_at=START + timedelta(minutes=5)).key == "sozialkonferenz-2026-2"


def test_create_twice_at_once_makes_one() -> None:
    host = complete_host()

    assert draft(host).id == draft(host).id


def test_create_again_after_a_while_makes_another(clock: time_machine.Traveller) -> None:
    host = complete_host()
    first = draft(host).id
    clock.shift(timedelta(minutes=11))

    assert draft(host).id != first


def test_create_with_an_evening_lays_the_programme_into_its_time() -> None:
    made = draft(with_evening=True)

    assert [(item.kind, item.starts_at, item.round_number) for item in made.agenda] == [
        (AgendaKind.ARRIVAL, START, None),
        (AgendaKind.WELCOME, START + timedelta(minutes=30), None),
        (AgendaKind.INPUT, START + timedelta(minutes=40), None),
        (AgendaKind.GROUP_ROUND, START + timedelta(minutes=65), 1),
        (AgendaKind.BREAK, START + timedelta(minutes=110), None),
        (AgendaKind.GROUP_ROUND, START + timedelta(minutes=130), 2),
        (AgendaKind.CLOSING, START + timedelta(minutes=175), None),
    ]
    assert made.agenda[-1].ends_at == END


@pytest.mark.parametrize("minutes", [5, 20, 45, 240, 60 * 24 * 2])
def test_evening_fits_any_length_without_gaps(minutes: int) -> None:
    made = draft(ends_at=START + timedelta(minutes=minutes), with_evening=True)

    assert made.agenda[0].starts_at == START
    assert made.agenda[-1].ends_at == START + timedelta(minutes=minutes)
    assert all(
        before.ends_at == after.starts_at for before, after in zip(made.agenda, made.agenda[1:], strict=False)
    )
    assert [item.round_number for item in programme.rounds(made)] == list(
        range(1, len(programme.rounds(made)) + 1)
    )


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"title": "  "}, TitleMissing),
        ({"ends_at": START}, EndBeforeStart),
        ({"ends_at": START + timedelta(days=15)}, TooLong),
        ({"key": "Sozialkonferenz"}, ConferenceKeyUnfit),
        ({"key": "impressum"}, ConferenceKeyUnfit),
        ({"key": "a" * 81}, ConferenceKeyUnfit),
        ({"venue_id": 999}, NotFound),
    ],
)
def test_create_refuses_what_does_not_fit(values: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        draft(**values)

    assert db.session.query(Conference).count() == 0


def test_create_refuses_an_address_that_is_used_and_a_foreign_venue() -> None:
    host = complete_host()
    draft(host, key="konferenz")

    with pytest.raises(ConferenceKeyTaken, match="konferenz"):
        draft(host, key="konferenz", title="Andere")
    with pytest.raises(NotFound):
        draft(host, title="Andere", venue_id=make.venue(make.host()).id)


def test_copy_takes_all_but_people_and_moves_the_times() -> None:
    source = ready(with_evening=True)
    conferences.edit(
        source, {"title": "Konferenz", "languages": ["de", "ar"], "kind": ConferenceKind.DISTRICT_CONFERENCE}
    )
    conferences.edit(source, {"teaser": "نتحدث"}, language="ar")
    conferences.schedule(
        source, wanted_schedule(source, capacity=50, registration_closes_at=START - timedelta(days=2))
    )
    group = groups.add(source, {"title": "Wohnen", "questions": "Was fehlt?"}, capacity=7)
    groups.set_places(source, {(group.id, 2): None})
    lifecycle.publish(source)
    make.registration(source, group.rounds[0])

    made = conferences.copy(source, title="Konferenz 2027", starts_at=START + timedelta(days=364))
    again = conferences.copy(source, title="Konferenz 2027", starts_at=START + timedelta(days=364))

    assert again.id == made.id
    assert (made.status, str(made.title), made.kind) == (
        ConferenceStatus.DRAFT,
        "Konferenz 2027",
        ConferenceKind.DISTRICT_CONFERENCE,
    )
    assert (made.teaser, made.languages, made.capacity) == (source.teaser, ["de", "ar"], 50)
    assert made.registration_closes_at == START + timedelta(days=362)
    assert (made.venue_id, made.places_taken, made.calendar_sequence) == (source.venue_id, 0, 0)
    assert [(item.title, item.starts_at - made.starts_at) for item in made.agenda] == [
        (item.title, item.starts_at - source.starts_at) for item in source.agenda
    ]
    (copied,) = made.groups
    assert (copied.title, copied.questions, copied.number) == (
        Translated("Wohnen"),
        Translated("Was fehlt?"),
        1,
    )
    assert [
        (held.number, held.capacity, held.seats_taken, held.agenda_item_id) for held in copied.rounds
    ] == [(1, 7, 0, programme.rounds(made)[0].id)]
    assert db.session.query(Registration).filter_by(conference_id=made.id).count() == 0


def test_edit_saves_texts_of_one_language_and_leaves_the_others() -> None:
    made = draft()
    conferences.edit(made, {"motto": "شعار"}, language="ar")

    conferences.edit(made, {"motto": "Miteinander", "contact_email": "a@b.example"})

    assert made.motto == Translated({"de": "Miteinander", "ar": "شعار"})
    assert made.contact_email == "a@b.example"


def test_edit_refuses_an_empty_title_and_unknown_names() -> None:
    made = draft()

    with pytest.raises(TitleMissing):
        conferences.edit(made, {"title": ""})
    with pytest.raises(ValueError, match="status"):
        conferences.edit(made, {"status": ConferenceStatus.PUBLISHED})
    conferences.edit(made, {"title": ""}, language="ar")
    assert str(made.title) == "Sozialkonferenz 2026"


def test_edit_of_what_somebody_else_changed_is_refused_once() -> None:
    made = draft()
    shown = editing.seen(editing.values(made, ["motto", "teaser"]))
    conferences.edit(made, {"motto": "Der andere", "teaser": ""}, shown=shown)

    with pytest.raises(ChangedMeanwhile):
        conferences.edit(made, {"motto": "Meins", "teaser": ""}, shown=shown)

    assert str(made.motto) == "Der andere"
    conferences.edit(
        made, {"motto": "Meins", "teaser": ""}, shown=editing.seen(editing.values(made, ["motto", "teaser"]))
    )
    assert str(made.motto) == "Meins"


def test_edit_sent_twice_is_no_conflict_and_neither_is_another_field() -> None:
    made = draft()
    shown = editing.seen(editing.values(made, ["motto"]))
    conferences.edit(made, {"teaser": "Jemand anderes"})

    conferences.edit(made, {"motto": "Meins"}, shown=shown)
    conferences.edit(made, {"motto": "Meins"}, shown=shown)

    assert (str(made.motto), str(made.teaser)) == ("Meins", "Jemand anderes")


def test_edit_of_a_removed_draft_says_so() -> None:
    removed = Conference(id=4711, host_id=complete_host().id)

    with pytest.raises(NotFound):
        conferences.edit(removed, {"motto": "Zu spät"})


def test_edit_of_what_the_start_page_shows_voids_it_when_public() -> None:
    made = ready()
    before = made.host.version
    conferences.edit(made, {"motto": "Noch ein Entwurf", "title": "Neu"})
    assert made.host.version == before

    lifecycle.publish(made)
    conferences.edit(made, {"about": "Steht nicht auf der Startseite"})
    published = made.host.version
    conferences.edit(made, {"title": "Neuer Titel"})

    assert (published, made.host.version) == (before + 1, before + 2)


def test_schedule_moves_the_programme_and_the_calendar() -> None:
    made = ready(with_evening=True)
    lifecycle.publish(made)
    before = [item.starts_at for item in made.agenda]

    moved = conferences.schedule(
        made, wanted_schedule(made, starts_at=START + timedelta(days=7), ends_at=END + timedelta(days=7))
    )

    assert moved is True
    assert [item.starts_at for item in made.agenda] == [at + timedelta(days=7) for at in before]
    assert made.calendar_sequence == 1


def test_schedule_of_a_draft_or_of_places_alone_leaves_the_calendar() -> None:
    made = ready()
    conferences.schedule(made, wanted_schedule(made, ends_at=END + timedelta(hours=1)))
    lifecycle.publish(made)

    moved = conferences.schedule(made, wanted_schedule(made, capacity=80, walk_in_quota=8))

    assert (moved, made.calendar_sequence, made.capacity, made.walk_in_quota) == (False, 0, 80, 8)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ends_at": START}, EndBeforeStart),
        ({"ends_at": END - timedelta(minutes=1)}, ProgrammeOutside),
        ({"starts_at": START + timedelta(minutes=1)}, ProgrammeOutside),
        ({"registration_opens_at": START, "registration_closes_at": START}, SignupWindowUnfit),
        ({"capacity": 1}, FrameBelowTaken),
        ({"capacity": 5, "walk_in_quota": 6}, QuotasAboveCapacity),
    ],
)
def test_schedule_refuses_what_does_not_fit(changes: dict[str, object], error: type[Exception]) -> None:
    made = ready(with_evening=True)
    lifecycle.publish(made)
    for _ in range(2):
        make.registration(made)
    before = wanted_schedule(made)

    with pytest.raises(error):
        conferences.schedule(made, {**before, **changes})

    assert wanted_schedule(made) == before


def test_schedule_may_go_below_nobody() -> None:
    made = ready()
    lifecycle.publish(made)
    make.registration(made)

    conferences.schedule(made, wanted_schedule(made, capacity=1))

    assert made.capacity == 1


def test_schedule_is_refused_when_somebody_else_was_quicker() -> None:
    made = draft()
    shown = editing.seen(editing.values(made, conferences.SCHEDULE))
    conferences.schedule(made, wanted_schedule(made, capacity=10))

    with pytest.raises(ChangedMeanwhile):
        conferences.schedule(made, wanted_schedule(made, capacity=20), shown=shown)


def test_choose_venue_takes_rooms_of_the_old_one_out() -> None:
    made = ready(with_evening=True)
    house = venues.add(made.host, {"name": "Bürgerhaus", "city": "Stadt"}, rooms=["Saal"])
    conferences.choose_venue(made, house.id)
    item = made.agenda[0]
    programme.edit(item, {**editing.values(item, programme.FIELDS), "room_id": house.rooms[0].id})
    groups.add(made, {"title": "Wohnen", "room_id": house.rooms[0].id}, capacity=5)
    lifecycle.publish(made)
    other = make.venue(made.host)

    cleared = conferences.choose_venue(made, other.id)

    assert (cleared, made.venue_id, made.calendar_sequence) == (2, other.id, 1)
    assert {part.room_id for part in (*made.agenda, *made.groups)} == {None}
    assert conferences.choose_venue(made, other.id) == 0
    assert made.calendar_sequence == 1


def test_choose_venue_of_another_host_is_refused() -> None:
    made = draft()

    with pytest.raises(NotFound):
        conferences.choose_venue(made, make.venue(make.host()).id)

    assert made.venue_id is None


# --- The life of a conference


def test_publish_lists_all_that_is_missing() -> None:
    host = make.host(dpo_contact="", responsible_role="", street="", phone="", email="", represented_by="")
    made = draft(host, starts_at=START - timedelta(days=90), ends_at=END - timedelta(days=90))

    with pytest.raises(NotReady) as caught:
        lifecycle.publish(made)

    assert [(entry.where, str(entry.sentence)) for entry in caught.value.missing] == [
        ("texts", "Ein Text fehlt, der sagt, worum es geht."),
        ("texts", "Telefonnummer oder E-Mail-Adresse für Fragen fehlt."),
        ("schedule", "Der Termin liegt in der Vergangenheit."),
        ("venue", "Der Ort fehlt."),
        ("settings", "Impressum: Die Anschrift fehlt."),
        ("settings", "Impressum: Es fehlt, wer die Kommune vertritt."),
        ("settings", "Impressum: Telefonnummer oder E-Mail-Adresse fehlt."),
        ("settings", "Datenschutz: Es fehlt, welche Stelle verantwortlich ist."),
        ("settings", "Datenschutz: Es fehlt, wie man die Datenschutzbeauftragten erreicht."),
    ]
    assert made.status is ConferenceStatus.DRAFT


def test_publish_without_a_german_title_says_so() -> None:
    made = make.conference(title=Translated({"ar": "مؤتمر"}), status=ConferenceStatus.DRAFT)

    assert "Der Titel fehlt." in [str(entry.sentence) for entry in lifecycle.missing(made)]


def test_publish_twice_publishes_once() -> None:
    made = ready()
    lifecycle.publish(made)
    version = made.host.version

    lifecycle.publish(made)

    assert (made.status, made.host.version) == (ConferenceStatus.REGISTRATION_OPEN, version)


S = ConferenceStatus
LEGAL = {
    (S.DRAFT, Step.ANNOUNCE): S.ANNOUNCED,
    (S.POSTPONED, Step.ANNOUNCE): S.ANNOUNCED,
    (S.DRAFT, Step.PUBLISH): S.REGISTRATION_OPEN,
    (S.ANNOUNCED, Step.PUBLISH): S.REGISTRATION_OPEN,
    (S.REGISTRATION_OPEN, Step.CLOSE_SIGNUP): S.REGISTRATION_CLOSED,
    (S.REGISTRATION_CLOSED, Step.REOPEN_SIGNUP): S.REGISTRATION_OPEN,
    (S.POSTPONED, Step.REOPEN_SIGNUP): S.REGISTRATION_OPEN,
    (S.ANNOUNCED, Step.POSTPONE): S.POSTPONED,
    (S.REGISTRATION_OPEN, Step.POSTPONE): S.POSTPONED,
    (S.REGISTRATION_CLOSED, Step.POSTPONE): S.POSTPONED,
    (S.ANNOUNCED, Step.CANCEL): S.CANCELLED,
    (S.REGISTRATION_OPEN, Step.CANCEL): S.CANCELLED,
    (S.REGISTRATION_CLOSED, Step.CANCEL): S.CANCELLED,
    (S.POSTPONED, Step.CANCEL): S.CANCELLED,
    (S.ANNOUNCED, Step.WITHDRAW): S.DRAFT,
    (S.REGISTRATION_OPEN, Step.WITHDRAW): S.DRAFT,
    (S.CANCELLED, Step.ARCHIVE): S.ARCHIVED,
}
FUNCTIONS = {
    Step.ANNOUNCE: lifecycle.announce,
    Step.PUBLISH: lifecycle.publish,
    Step.CLOSE_SIGNUP: lifecycle.close_signup,
    Step.REOPEN_SIGNUP: lifecycle.reopen_signup,
    Step.POSTPONE: lifecycle.postpone,
    Step.CANCEL: lifecycle.cancel,
    Step.WITHDRAW: lifecycle.withdraw,
    Step.DOCUMENT: lifecycle.document,
    Step.ARCHIVE: lifecycle.archive,
}
# Steps that have to wait for the date, and what they say before it.
TOO_EARLY = {Step.DOCUMENT: NotBegunYet, Step.ARCHIVE: NotOverYet}


def test_steps_lead_where_the_table_says_and_nowhere_else() -> None:
    host = complete_host()
    venue = make.venue(host)
    for status in ConferenceStatus:
        for step, function in FUNCTIONS.items():
            made = make.conference(
                host, status=status, venue_id=venue.id, teaser=Translated("Worum es geht"), starts_at=START
            )
            target = lifecycle.TRANSITIONS[step][1]
            outcome: object
            try:
                function(made)
                outcome = made.status
            except (StatusForbids, NotBegunYet, NotOverYet) as error:
                outcome = type(error)
            expected: object = LEGAL.get((status, step))
            if expected is None:
                leads = status in lifecycle.TRANSITIONS[step][0]
                expected = status if status is target else TOO_EARLY[step] if leads else StatusForbids
            assert (status, step, outcome) == (status, step, expected)


def test_steps_of_a_public_conference_raise_host_and_calendar() -> None:
    made = ready()
    version = made.host.version

    lifecycle.publish(made)
    lifecycle.close_signup(made)
    closed = (made.calendar_sequence, made.host.version - version)
    lifecycle.postpone(made)
    lifecycle.announce(made)
    lifecycle.cancel(made)

    assert closed == (0, 2)
    assert (made.calendar_sequence, made.host.version - version) == (3, 5)


def test_reopen_after_the_date_or_the_deadline_is_refused(clock: time_machine.Traveller) -> None:
    made = ready()
    conferences.schedule(made, wanted_schedule(made, registration_closes_at=START - timedelta(days=3)))
    lifecycle.publish(made)
    lifecycle.close_signup(made)

    clock.move_to(START - timedelta(days=3))
    with pytest.raises(DeadlinePassed):
        lifecycle.reopen_signup(made)
    clock.move_to(END)
    with pytest.raises(DatePassed):
        lifecycle.reopen_signup(made)

    assert made.status is ConferenceStatus.REGISTRATION_CLOSED


def test_archive_is_for_what_is_over(clock: time_machine.Traveller) -> None:
    made = ready()
    lifecycle.publish(made)
    assert Step.ARCHIVE not in lifecycle.possible(made)
    with pytest.raises(NotOverYet):
        lifecycle.archive(made)

    clock.move_to(END)

    assert Step.ARCHIVE in lifecycle.possible(made)
    lifecycle.archive(made)
    assert (made.status, made.is_public) == (ConferenceStatus.ARCHIVED, False)


def test_document_is_for_what_has_begun(clock: time_machine.Traveller) -> None:
    for status in (S.ANNOUNCED, S.REGISTRATION_OPEN, S.REGISTRATION_CLOSED, S.RUNNING):
        clock.move_to(START - timedelta(minutes=1))
        made = make.conference(status=status, starts_at=START, ends_at=END)
        assert Step.DOCUMENT not in lifecycle.possible(made)
        with pytest.raises(NotBegunYet):
            lifecycle.document(made)

        clock.move_to(START)

        assert Step.DOCUMENT in lifecycle.possible(made)
        lifecycle.document(made)
        assert (made.status, made.is_public, made.signup_state(START)) == (
            S.IN_DOCUMENTATION,
            True,
            SignupState.PAST,
        )


# --- The time for contributions --------------------------------------------------------------------------------------

OPENS, CLOSES = START - timedelta(days=9), START + timedelta(days=9)


def window(made: Conference) -> tuple[datetime | None, datetime | None]:
    return made.contributions_open_at, made.contributions_close_at


def test_contribution_window_is_saved_and_another_change_is_told() -> None:
    made = make.conference(starts_at=START)
    shown = editing.seen(editing.values(made, conferences.CONTRIBUTION_WINDOW))
    conferences.set_contribution_window(made, OPENS, CLOSES, shown=shown)

    with pytest.raises(ChangedMeanwhile):
        conferences.set_contribution_window(made, OPENS, None, shown=shown)

    assert window(made) == (OPENS, CLOSES)
    conferences.set_contribution_window(made, None, None)
    assert window(made) == (None, None)


def test_contribution_window_needs_an_opening_before_its_end() -> None:
    made = make.conference(starts_at=START)

    with pytest.raises(ContributionWindowUnopened):
        conferences.set_contribution_window(made, None, CLOSES)
    with pytest.raises(ContributionWindowUnfit):
        conferences.set_contribution_window(made, CLOSES, CLOSES)

    assert window(made) == (None, None)


def test_contributions_are_opened_and_closed_at_once(clock: time_machine.Traveller) -> None:
    made = make.conference(starts_at=START)
    clock.move_to(OPENS)
    conferences.close_contributions(made)
    assert window(made) == (None, None)

    conferences.open_contributions(made)
    conferences.open_contributions(made)
    assert window(made) == (OPENS, None)
    assert made.contribution_phase(OPENS) is ContributionPhase.OPEN

    clock.shift(timedelta(hours=1))
    conferences.close_contributions(made)
    clock.shift(timedelta(hours=1))
    conferences.close_contributions(made)
    assert window(made) == (OPENS, OPENS + timedelta(hours=1))

    conferences.open_contributions(made)
    assert window(made) == (OPENS, None)


def test_contributions_not_open_yet_are_opened_early_or_not_at_all(clock: time_machine.Traveller) -> None:
    made = make.conference(starts_at=START)
    conferences.set_contribution_window(made, OPENS, CLOSES)
    clock.move_to(OPENS - timedelta(days=1))

    conferences.open_contributions(made)
    assert window(made) == (OPENS - timedelta(days=1), CLOSES)
    conferences.set_contribution_window(made, OPENS, CLOSES)
    conferences.close_contributions(made)
    assert window(made) == (None, None)


def test_withdraw_and_remove_are_refused_once_somebody_registered() -> None:
    made = ready()
    lifecycle.publish(made)
    registration = make.registration(made)
    registrations.cancel(registration)

    with pytest.raises(HasRegistrations):
        lifecycle.withdraw(made)
    with pytest.raises(StatusForbids):
        lifecycle.remove(made)

    assert made.status is ConferenceStatus.REGISTRATION_OPEN


def test_remove_takes_a_draft_with_all_that_belongs_to_it() -> None:
    made = ready(with_evening=True)
    groups.add(made, {"title": "Wohnen"}, capacity=5)
    host = made.host

    lifecycle.remove(made)

    assert db.session.query(Conference).filter_by(host_id=host.id).count() == 0


def test_remove_of_a_draft_that_staff_registered_for_is_refused() -> None:
    made = ready()
    lifecycle.publish(made)
    make.registration(made, by=make.staff_member(StaffRole.ORGANIZER, made.host))
    made.status = ConferenceStatus.DRAFT
    db.session.commit()

    with pytest.raises(HasRegistrations):
        lifecycle.remove(made)


# --- Local time


def test_local_time_is_that_of_germany() -> None:
    assert local_time.instant(date(2026, 5, 7), time(17)) == START
    assert local_time.instant(date(2026, 12, 3), time(17)) == datetime(2026, 12, 3, 16, tzinfo=UTC)
    assert (local_time.day_of(START), local_time.time_of(START)) == (date(2026, 5, 7), time(17))


def test_local_time_that_does_not_exist_or_exists_twice_is_refused() -> None:
    with pytest.raises(NoSuchTime, match=r"02:30 gibt es am 29\.03\.2026 nicht"):
        local_time.instant(date(2026, 3, 29), time(2, 30))
    with pytest.raises(TimeTwice, match=r"02:30 gibt es am 25\.10\.2026 zweimal") as caught:
        local_time.instant(date(2026, 10, 25), time(2, 30), field="starts")
    assert caught.value.field == "starts"
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        assert local_time.time_of(local_time.instant(day, time(3))) == time(3)


def test_a_conference_somebody_has_written_to_stays_shown() -> None:
    made = make.conference(status=ConferenceStatus.ANNOUNCED)
    make.said(made)

    with pytest.raises(HasContributions):
        lifecycle.withdraw(made)

    assert made.status is ConferenceStatus.ANNOUNCED


def test_remove_deletes_what_came_from_a_file_as_well() -> None:
    made = results.rich()
    with transaction():
        made.status = ConferenceStatus.DRAFT

    lifecycle.remove(made)

    for model in (Contribution, Topic, Recommendation, Minutes, WorkingGroup, Evidence):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
