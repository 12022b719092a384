"""Registrations from a table: judged, confirmed once, taken household by household, erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.database import db, transaction
from app.domain import admission, imported_registrations, registration_imports, registrations, secrets
from app.domain.errors import (
    DomainError,
    NoSignupHere,
    NotFound,
    NothingToTake,
    RowsUnfit,
    TableGone,
    TableTakenAlready,
    VerdictsChanged,
)
from app.domain.registration_table.forecast import Outcome
from app.models import (
    ConferenceStatus,
    ContactChannel,
    Message,
    MessageWay,
    Participant,
    Registration,
    RegistrationChannel,
    RegistrationImport,
    RegistrationStatus,
    RoleGroup,
    SeatState,
    StaffRole,
)
from tests import make
from tests.counting import statements
from tests.town import stored as everything

HEADER = "Haushalt;Name;Kommt als;E-Mail;Anschrift;Alter;Runde 1"
FAMILY = ("1;Ayşe Yılmaz;Einwohner;ayse@post.example;;;1", "1;;;;;7;1")
ALONE = ";Herr Weiß;Politik;;Weg 1, 12345 Stadt;;"
WRONG = ";Gast;Gast;;;;"


@pytest.fixture
def conference(app, clock):
    made = make.conference(capacity=10)
    make.group(made, title="Wohnen", capacity=2)
    with app.test_request_context("/"):
        yield made


@pytest.fixture
def staff(conference):
    return make.staff_member(StaffRole.ORGANIZER, conference.host)


def upload(conference, *lines, name="liste.csv"):
    return registration_imports.upload(conference, name, "\n".join([HEADER, *lines]).encode())


def seen(conference, stored):
    return registration_imports.judged(conference, stored).seen


def confirm(conference, stored, *, shown=None, **options):
    registration_imports.confirm(conference, stored, seen=shown or seen(conference, stored), **options)


def take(conference, stored, **options):
    confirm(conference, stored, **options)
    assert registration_imports.carry_on(stored) is True
    db.session.refresh(stored)


def people():
    return db.session.scalar(select(func.count(Participant.id)))


def outcomes(conference, stored):
    return [
        (verdict.outcome, verdict.waits_for)
        for verdict in registration_imports.judged(conference, stored).verdicts
    ]


def test_uploading_registers_nobody_and_keeps_the_rows_encrypted(conference, staff):
    stored = registration_imports.upload(
        conference, "liste.csv", "\n".join([HEADER, *FAMILY, ALONE]).encode(), by=staff
    )

    assert people() == 0
    assert (stored.name, stored.counts, stored.uploaded_by_id) == (
        "liste.csv",
        {"rows": 3, "fit": 2},
        staff.id,
    )
    assert "Yılmaz" not in stored.rows
    assert "Ayşe Yılmaz" in secrets.decrypt(stored.rows)
    assert outcomes(conference, stored) == [(Outcome.GOOD, ()), (Outcome.GOOD, ())]
    assert registration_imports.judged(conference, stored).people == 3


def test_confirming_registers_each_household_as_at_the_desk(conference, staff):
    stored = upload(conference, *FAMILY, ALONE)

    take(conference, stored, by=staff)

    family, alone = db.session.scalars(select(Registration).order_by(Registration.id)).all()
    assert (family.channel, family.created_by_id) == (RegistrationChannel.TABLE, staff.id)
    assert (family.status, family.role_group) == (RegistrationStatus.CONFIRMED, RoleGroup.RESIDENT)
    assert (family.display_name, secrets.decrypt(family.contact)) == ("Ayşe Yılmaz", "ayse@post.example")
    assert [(person.name, person.age) for person in family.participants] == [("Ayşe Yılmaz", None), ("", 7)]
    states = [seat.state for person in family.participants for seat in person.live_seats]
    assert states == [SeatState.SEATED] * 2
    assert (alone.contact_channel, alone.participants[0].live_seats) == (ContactChannel.POST, [])
    messages = db.session.scalars(select(Message).order_by(Message.registration_id)).all()
    assert [(message.registration_id, message.way) for message in messages] == [
        (family.id, MessageWay.EMAIL),
        (alone.id, MessageWay.LETTER),
    ]
    assert imported_registrations.taken(stored) == imported_registrations.Taken(
        households=2, done=2, waitlisted=0, letters=1, left=0, is_over=True
    )


def test_rows_are_erased_right_after_and_a_second_time_changes_nothing(conference, staff):
    stored = upload(conference, *FAMILY)
    shown = seen(conference, stored)
    take(conference, stored)
    before = everything()

    confirm(conference, stored, shown=shown)
    registration_imports.carry_on(stored)
    registration_imports.carry_on_all()

    assert stored.rows == ""
    before.pop("conference")
    after = everything()
    after.pop("conference")
    assert after == before
    with pytest.raises(TableGone):
        registration_imports.judged(conference, stored)


def test_without_a_mail_only_those_with_an_address_on_paper_are_written_to(conference):
    take(conference, upload(conference, *FAMILY, ALONE), sends=False)

    assert db.session.scalars(select(Message.way)).all() == [MessageWay.LETTER]


def test_a_table_with_wrong_rows_is_taken_only_when_staff_say_so(conference):
    stored = upload(conference, WRONG, ALONE)

    with pytest.raises(RowsUnfit) as caught:
        confirm(conference, stored)

    assert str(caught.value) == (
        "Noch stimmt nicht alles (Anmeldungen mit Fehlern: 1), und es ist niemand angemeldet. Bessern Sie die Zeilen "
        "aus und laden Sie die Datei neu hoch, oder kreuzen Sie an, dass Sie nur die anderen übernehmen."
    )
    assert people() == 0
    take(conference, stored, only_good=True)
    assert people() == 1
    assert [row.number for row in registration_imports.opened(stored).rows] == [2]
    assert imported_registrations.taken(stored).left == 1


def test_a_table_with_nothing_good_in_it_is_not_taken(conference):
    with pytest.raises(NothingToTake):
        confirm(conference, upload(conference, WRONG), only_good=True)


def test_what_has_changed_since_the_look_is_looked_at_again(conference):
    stored = upload(conference, *FAMILY)
    shown = seen(conference, stored)
    make.registration(conference, conference.groups[0].rounds[0])

    with pytest.raises(VerdictsChanged) as caught:
        confirm(conference, stored, shown=shown)

    assert str(caught.value) == (
        "Inzwischen hat sich etwas geändert, zum Beispiel die freien Plätze. Es ist noch niemand angemeldet. "
        "Unten steht, was jetzt gilt. Bitte prüfen Sie es und bestätigen Sie noch einmal."
    )
    assert people() == 1
    take(conference, stored)
    assert outcomes_of_seats() == [SeatState.SEATED, SeatState.WAITING, SeatState.WAITING]


def outcomes_of_seats():
    found = db.session.scalars(select(Participant).order_by(Participant.id))
    return [seat.state for person in found for seat in person.live_seats]


def test_the_same_file_is_taken_once(conference, clock):
    first, second = upload(conference, ALONE), upload(conference, ALONE)
    shown = seen(conference, second)
    take(conference, first)

    for again in (
        lambda: upload(conference, ALONE, name="anders.csv"),
        lambda: confirm(conference, second, shown=shown),
    ):
        with pytest.raises(TableTakenAlready) as caught:
            again()
        assert str(caught.value) == (
            f"Genau diese Datei ist schon übernommen worden, am {first.confirmed_at:%d.%m.%Y}. Es ist niemand doppelt "
            "angemeldet worden. Sind Zeilen offen geblieben, laden Sie nur diese hoch."
        )
    assert people() == 1
    other = make.conference(conference.host)
    make.group(other)
    take(other, upload(other, ALONE))
    assert people() == 2


def test_the_forecast_is_what_happens(conference):
    """Places kept for audiences and for those who come unannounced, a full group, a queue: as the web gives them."""
    admission.set_frame(conference, capacity=9, walk_in_quota=1, quotas={RoleGroup.POLITICS: 2})
    lines = [
        "1;;Einwohner;;;;1",
        "1;;;;;;1",
        ";A;Einwohner;;;;1",
        *(["2;;Einwohner;;;;"] * 3),
        ";B;Politik;;;;1",
        ";C;Einwohner;;;;",
        ";D;Politik;;;;",
        *(["3;;Politik;;;;"] * 2),
    ]
    stored = upload(conference, *lines)
    expected = [
        (Outcome.GOOD, ()),
        (Outcome.WAITS, ("Wohnen",)),
        (Outcome.GOOD, ()),
        (Outcome.WAITS, ("Wohnen",)),
        (Outcome.WAITS, ("",)),
        (Outcome.GOOD, ()),
        (Outcome.WAITS, ("",)),
    ]
    assert outcomes(conference, stored) == expected

    take(conference, stored)

    found = []
    for registration in db.session.scalars(select(Registration).order_by(Registration.id)):
        seats = [seat for person in registration.participants for seat in person.live_seats]
        waits = tuple({"Wohnen" for seat in seats if seat.state is SeatState.WAITING})
        if registration.status is RegistrationStatus.WAITLISTED:
            waits = ("",)
        found.append((Outcome.WAITS if waits else Outcome.GOOD, waits))
    assert found == expected
    assert imported_registrations.taken(stored).waitlisted == 2


def test_a_full_conference_without_a_queue_refuses_the_row(conference):
    with transaction():
        conference.capacity, conference.has_queue = 1, False
    stored = upload(conference, ALONE, *FAMILY)

    found = registration_imports.judged(conference, stored)

    assert [verdict.outcome for verdict in found.verdicts] == [Outcome.GOOD, Outcome.FAULTY]
    assert [fault.sentence for fault in found.verdicts[1].household.faults] == [
        "Dafür sind keine Plätze mehr frei, und diese Konferenz hat keine Warteliste."
    ]


def test_what_is_interrupted_is_carried_on_and_nobody_comes_twice(conference, monkeypatch):
    woken = []
    monkeypatch.setattr(registration_imports, "on_left", lambda: woken.append(people()))
    stored = upload(conference, *FAMILY, ALONE, ";Frau Neu;Presse;;;;")
    confirm(conference, stored)
    answers = iter([False, True])

    assert registration_imports.carry_on(stored, should_stop=lambda: next(answers)) is False

    assert (people(), woken) == (2, [2])
    assert (stored.confirmed_at, bool(stored.rows)) == (None, True)
    registration_imports.carry_on_all()
    db.session.refresh(stored)
    assert (people(), stored.rows) == (4, "")
    assert imported_registrations.taken(stored).done == 3


def test_what_is_refused_on_the_way_stays_to_be_mended(conference):
    stored = upload(conference, ALONE, *FAMILY)
    confirm(conference, stored)
    with transaction():
        conference.capacity, conference.has_queue = 1, False

    registration_imports.carry_on(stored)

    db.session.refresh(stored)
    assert people() == 1
    assert [row.number for row in registration_imports.opened(stored).rows] == [3, 4]
    assert (imported_registrations.taken(stored).done, stored.counts["left"]) == (1, 2)


def test_a_group_that_has_gone_meanwhile_loses_no_row(conference):
    group = make.group(conference, title="Armut")
    stored = upload(conference, ALONE, ";Frau Neu;Presse;;;;Armut")
    confirm(conference, stored)
    with transaction():
        db.session.delete(group)

    registration_imports.carry_on(stored)

    db.session.refresh(stored)
    assert people() == 1
    assert [row.number for row in registration_imports.opened(stored).rows] == [3]


def test_letters_carry_codes_that_open_for_a_day(conference, clock):
    stored = upload(conference, *FAMILY, ALONE, ";Frau Neu;Presse;;;;")
    assert imported_registrations.letters(conference, stored, 1, 40) == []
    take(conference, stored)

    pairs = imported_registrations.letters(conference, stored, 1, 40)

    assert [registration.display_name for registration, _code in pairs] == ["Herr Weiß", "Frau Neu"]
    assert [registrations.by_code(conference.host_id, code) for _registration, code in pairs] == [
        registration for registration, _code in pairs
    ]
    parts = [imported_registrations.letters(conference, stored, part, 1) for part in (1, 2, 3)]
    assert parts == [pairs[:1], pairs[1:], []]
    clock.shift(timedelta(days=1))
    assert imported_registrations.letters(conference, stored, 1, 40) == []


def test_nobody_outside_can_name_a_household_of_a_table(conference):
    """Who sends a form with the id of another one is shown that one's code."""
    stored = upload(conference, ALONE)
    take(conference, stored)
    guesses = [f"{stored.id}:2", f"import-{stored.id}-2", str(stored.id)]

    assert [registrations.of_submission(conference, guess) for guess in guesses] == [None] * 3
    assert (
        registrations.of_submission(conference, imported_registrations.submission(stored.id, 2)) is not None
    )


def test_tables_of_another_conference_are_not_found(conference):
    other = make.conference(conference.host)
    make.group(other)
    stored = upload(other, ALONE)

    with pytest.raises(NotFound):
        registration_imports.find(conference, stored.id)


def test_a_draft_takes_no_table(conference):
    with transaction():
        conference.status = ConferenceStatus.DRAFT

    with pytest.raises(NoSignupHere):
        upload(conference, ALONE)


def test_a_refused_file_leaves_nothing(conference):
    before = everything()

    with pytest.raises(DomainError):
        registration_imports.upload(conference, "liste.csv", b"Name\nA")

    assert everything() == before


@pytest.mark.parametrize("count", [1, 3, 300])
def test_judging_needs_the_same_statements_for_any_number_of_rows(conference, count):
    for number in range(count // 3):
        make.registration(conference, name=f"Schon da {number}")
    stored = upload(
        conference, *[f";Person {number};Politik;p{number}@post.example;;;1" for number in range(count)]
    )
    db.session.expire_all()
    stored_id = stored.id

    with statements() as sent:
        found = registration_imports.judged(conference, registration_imports.find(conference, stored_id))

    assert (len(found.verdicts), len(sent)) == (count, 6)


def test_a_table_that_cannot_be_opened_keeps_no_other_waiting(conference, caplog):
    locked, fine = upload(conference, ALONE), upload(conference, *FAMILY)
    for stored in (locked, fine):
        confirm(conference, stored)
    with transaction():
        locked.rows = "gAAAAA-of-another-key"

    registration_imports.carry_on_all()

    assert people() == 2
    assert [record.getMessage() for record in caplog.records] == [
        f"table {locked.id} cannot be opened: DATA_KEY does not fit"
    ]


def test_an_upload_nobody_confirms_is_not_taken_by_the_worker(conference):
    stored = upload(conference, ALONE)

    registration_imports.carry_on_all()

    assert (people(), registration_imports.is_confirmed(stored)) == (0, False)
    assert db.session.scalars(select(RegistrationImport.confirmed_at)).all() == [None]
