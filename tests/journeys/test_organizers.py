"""Organizers: from the first command to a conference that is over, alone and several at once."""

import re
from datetime import timedelta

from sqlalchemy import select

from app.database import db, now
from app.domain import staff
from app.models import (
    AgendaItem,
    Conference,
    ConferenceStatus,
    GroupRound,
    Registration,
    Seat,
    SeatState,
    StaffMember,
    StaffRole,
    WorkingGroup,
)
from tests import make
from tests.browse import visit
from tests.journeys.conftest import signed_in

PASSWORD = "noch ein langes Passwort"


def rows(model, *order):
    db.session.expire_all()
    return list(db.session.scalars(select(model).order_by(*order or (model.id,))))


def only(model):
    (row,) = rows(model)
    return row


def save(client, address, status=303, **typed):
    """Fill in the form of a page of the editor and send it."""
    page = visit(client, address)
    sent = page.form(page.address).send(typed, status=None)
    assert sent.status in (302, 303) if status == 303 else sent.status == status, sent.response.text[:3000]
    return sent.follow() if status == 303 else sent


def take(client, base, step):
    """Take a step of the conference's life: its page asks first."""
    return save(client, f"{base}/schritt/{step}")


def test_from_the_first_command_to_the_evening(app, somebody):
    commands = app.test_cli_runner()
    assert commands.invoke(args=["host", "create", "neustadt", "Neustadt"]).exit_code == 0
    said = commands.invoke(args=["staff", "invite", "leitung@neustadt.example", "--host", "neustadt"]).output
    link = re.search(r"http://localhost(/verwaltung/einladung/\S+)", said)[1]

    leader = somebody()
    page = (
        visit(leader, link).form().send(name="Sozialplanung", password=PASSWORD, repeat=PASSWORD, status=302)
    )
    assert "Willkommen!" in page.follow().text
    # The link has done its work.
    assert visit(somebody(), link, status=404).h1

    # An organizer is invited on the page of the team; without mails the link stands there once.
    team = visit(leader, "public.team", host="neustadt")
    invited = team.form(team.address).send(
        email="planung@neustadt.example", name="Planung", role=StaffRole.ORGANIZER.value, status=302
    )
    shown = invited.follow().text
    second = re.search(r"http://localhost(/verwaltung/einladung/\S+)", shown)[1]
    organizer = somebody()
    visit(organizer, second).form().send(name="Planung", password=PASSWORD, repeat=PASSWORD, status=302)

    # Organizers plan, and do not lead: no settings, no team.
    visit(organizer, "public.settings", host="neustadt", status=403)
    visit(organizer, "public.team", host="neustadt", status=403)
    day = (now() + timedelta(days=50)).date()
    made = save(
        organizer,
        "/verwaltung/neustadt/konferenzen/neu",
        title="Konferenz der Nachbarn",
        day=f"{day:%d.%m.%Y}",
        starts="16:30",
        ends="20:00",
    )
    base = made.address.rstrip("/")
    assert made.h1 == "Konferenz der Nachbarn"

    # Not ready yet, and the page names each thing with the way to it; the leader adds the settings.
    page = visit(organizer, f"{base}/schritt/veroeffentlichen")
    refused = page.form(page.address).send(status=422)
    assert only(Conference).status is ConferenceStatus.DRAFT
    for words in ("Der Ort fehlt.", "Impressum: Die Anschrift fehlt."):
        assert words in refused.text
    save(
        leader,
        "/verwaltung/neustadt/einstellungen",
        street="Rathausplatz 1",
        postal_code="12345",
        city="Neustadt",
        represented_by="Bürgermeisteramt",
        responsible_role="Fachbereich Soziales",
        phone="02000 1234",
        email="soziales@neustadt.example",
        dpo_contact="Datenschutzbeauftragte Person",
    )
    save(organizer, f"{base}/ort/neu", name="Bürgerhaus", new_rooms="Saal\nTisch am Fenster")
    if only(Conference).venue_id is None:
        save(organizer, f"{base}/ort", venue="1")
    save(organizer, f"{base}/texte", teaser="Was ist gut? Was fehlt?", contact_phone="02000 1234")
    for title in ("Wohnen", "Bewegen"):
        save(organizer, f"{base}/gruppen/neu", title=title, questions="Was fehlt?", capacity="1")
    assert [(group.number, len(group.rounds)) for group in rows(WorkingGroup)] == [(1, 2), (2, 2)]

    assert "Die Konferenz ist veröffentlicht." in take(organizer, base, "veroeffentlichen").text
    public = visit(somebody(), "/neustadt/konferenz-der-nachbarn/")
    assert "Bürgerhaus" in public.text

    # People come: by themselves, by telephone, and into the queue.
    resident = somebody()
    form = visit(resident, "/neustadt/konferenz-der-nachbarn/anmeldung").form()
    form.send(role_group="resident", display_name="Erste", round_1="1", status=302)
    round_id = rows(GroupRound)[0].id
    letter = save(
        organizer,
        f"{base}/anmeldungen/neu",
        display_name="Zweite",
        contact_channel="phone",
        contact="02000 777",
        round_1=str(round_id),
    )
    assert letter.all(class_="code-card__part")
    waiting = {seat.participant.registration.display_name: seat.state for seat in rows(Seat)}
    assert waiting == {"Erste": SeatState.SEATED, "Zweite": SeatState.WAITING}

    # More seats, and whoever waits moves up.
    group_id = rows(WorkingGroup)[0].id
    save(organizer, f"{base}/plaetze", **{f"places-{group_id}-1": "2"})
    assert {seat.state for seat in rows(Seat)} == {SeatState.SEATED}
    # Fewer than sit there is refused, at the field.
    page = save(organizer, f"{base}/plaetze", status=422, **{f"places-{group_id}-1": "1"})
    assert f"places-{group_id}-1" in page.errors()

    assert "Die Anmeldung ist geschlossen." in take(organizer, base, "schliessen").text
    closed = visit(somebody(), "/neustadt/konferenz-der-nachbarn/anmeldung")
    assert "Die Anmeldung ist geschlossen." in closed.text
    assert len(rows(Registration)) == 2


def planned(host):
    """A conference with an evening's programme and a group."""
    conference = make.conference(host, venue_id=make.venue(host).id)
    make.agenda_round(conference, 1)
    make.group(conference, title="Wohnen")
    return f"/verwaltung/{host.key}/{conference.key}"


def test_two_organizers_change_the_same_text(app, host, organizer):
    base = planned(host)
    other = signed_in(app, make.staff_member(StaffRole.ORGANIZER, host))
    slow, quick = (visit(client, f"{base}/texte") for client in (organizer, other))

    quick.form(quick.address).send(motto="Zusammen leben", status=303)
    refused = slow.form(slow.address).send(motto="Alle an einen Tisch", status=422)

    # Nothing is lost and nothing overwritten: both stand side by side.
    assert only(Conference).motto == {"de": "Zusammen leben"}
    assert "Zusammen leben" in refused.text
    again = refused.form(refused.address)
    assert again.values["motto"] == "Alle an einen Tisch"
    again.send(status=303)
    assert only(Conference).motto == {"de": "Alle an einen Tisch"}


def test_everything_sent_twice_is_there_once(app, host, organizer):
    base = planned(host)
    day = (now() + timedelta(days=50)).date()
    before = {model: len(rows(model)) for model in (Conference, WorkingGroup, AgendaItem, Registration)}

    for address, typed in (
        (
            f"/verwaltung/{host.key}/konferenzen/neu",
            {"title": "Neu", "day": f"{day}", "starts": "16:00", "ends": "19:00", "plan": "empty"},
        ),
        (f"{base}/gruppen/neu", {"title": "Bewegen", "capacity": "3"}),
        (f"{base}/anmeldungen/neu", {"display_name": "Am Telefon", "contact_channel": "none"}),
    ):
        page = visit(organizer, address)
        form = page.form(page.address)
        first, second = (form.send(typed, status=None) for _ in range(2))
        assert [first.status, second.status] in ([302, 302], [303, 303]), address
        assert first.location == second.location, address

    after = {model: len(rows(model)) for model in before}
    assert {model.__name__: after[model] - before[model] for model in before} == {
        "Conference": 1,
        "WorkingGroup": 1,
        "AgendaItem": 0,
        "Registration": 1,
    }


def test_a_form_of_staff_left_open_over_night(app, clock, host, organizer):
    base = planned(host)
    page = visit(organizer, f"{base}/texte")
    form = page.form(page.address)

    clock.shift(timedelta(hours=11))
    form.send(motto="Am Abend", status=303)
    assert only(Conference).motto == {"de": "Am Abend"}

    # After twelve idle hours one signs in again, and what was typed is still there.
    page = visit(organizer, f"{base}/texte")
    form = page.form(page.address)
    clock.shift(timedelta(hours=13))
    typed = {**form.values, "motto": "Am Morgen"}
    sent = form.send(typed, status=307)
    login = visit(organizer, sent.location, data=typed)
    resume = login.form().send(email="organisation@neustadt.example", password=make.PASSWORD, status=200)
    assert only(Conference).motto == {"de": "Am Abend"}

    resume.form(f"{base}/texte").send(status=303)
    assert only(Conference).motto == {"de": "Am Morgen"}


def test_what_somebody_else_has_removed_meanwhile_is_said(app, host, organizer):
    base = planned(host)
    group = only(WorkingGroup)
    page = visit(organizer, f"{base}/gruppen/{group.id}")
    form = page.form(page.address)
    remove = visit(organizer, f"{base}/gruppen/{group.id}/entfernen")
    remove.form(remove.address).send(status=303)

    assert form.send(title="Anders", status=404).h1 == "Diese Seite gibt es nicht"
    assert rows(WorkingGroup) == []


def test_whoever_leaves_the_team_is_out_at_once(app, host, organizer):
    base = planned(host)
    leader = signed_in(app, make.staff_member(StaffRole.HOST_ADMIN, host))
    visit(organizer, f"{base}/texte")
    member = db.session.scalar(
        select(StaffMember).where(StaffMember.email == "organisation@neustadt.example")
    )
    (held,) = member.assignments
    assignment = held.id

    page = visit(leader, "public.team", host=host.key)
    page.form(f"/verwaltung/{host.key}/team/{assignment}/entfernen").send(status=302)

    visit(organizer, f"{base}/texte", status=403)
    # A new password ends what is open elsewhere.
    staff.set_password(member, "ganz ein neues Passwort")
    assert visit(organizer, "accounts.dashboard", status=302).location.startswith("/verwaltung/anmelden")


def test_a_conference_is_postponed_moved_and_opened_again(app, host, organizer, somebody):
    base = planned(host)
    conference = only(Conference)
    key, before = conference.key, conference.starts_at
    with_text = {"teaser": "Worum es geht.", "contact_phone": "02000 1"}
    save(organizer, f"{base}/texte", **with_text)
    _registration, code = make.registered(only(Conference), name="Amina")
    resident = somebody()

    take(organizer, base, "verschieben")
    page = visit(resident, f"/{host.key}/{key}/")
    assert "Diese Konferenz ist verschoben." in page.text
    form = visit(resident, "signup.enter_code", host=host.key).form()
    assert "verschoben" in form.send(code=code, status=302).follow().text

    later = (before + timedelta(days=28)).date()
    save(organizer, f"{base}/termin", day=f"{later}")
    take(organizer, base, "oeffnen")

    moved = only(Conference)
    assert (moved.starts_at.date(), moved.status) == (later, ConferenceStatus.REGISTRATION_OPEN)
    # The programme moved with it.
    assert [item.starts_at.date() for item in rows(AgendaItem)] == [later]
    assert "Diese Konferenz ist verschoben." not in visit(somebody(), f"/{host.key}/{key}/").text
    assert "Amina" in visit(resident, f"/{host.key}/{key}/meine-anmeldung").text
