"""Writing a plan in one go: what is new is made, what the file has changed is changed, all else stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.database import db, now
from app.domain import calendar
from app.domain.importing import writing_agenda, writing_frame
from app.domain.importing.ledger import Ledger
from app.domain.importing.places import Places
from app.domain.importing.plans import RegistrationPlan
from app.domain.importing.writing_contributions import Contributions
from app.domain.importing.writing_form import Form
from app.domain.importing.writing_groups import Groups
from app.domain.importing.writing_recommendations import Grounds, Recommendations
from app.domain.importing.writing_registrations import Registrations
from app.domain.importing.writing_topics import AllMinutes, Topics
from app.models import Conference, Host


def find(host_key: str, conference_key: str) -> tuple[Host | None, Conference | None]:
    """The host and the conference of a file, where they exist."""
    host = db.session.scalar(select(Host).where(Host.key == host_key))
    if host is None:
        return None, None
    found = select(Conference).where(Conference.host_id == host.id, Conference.key == conference_key)
    return host, db.session.scalar(found)


def write(ledger: Ledger, host: Host | None, conference: Conference | None) -> Conference:
    """Bring everything to the state of the file, inside the caller's transaction and lock.

    Raises FileRefused for what the data do not allow; the caller's transaction then undoes all of it.
    """
    host = writing_frame.host(ledger, host)
    conference, size = writing_frame.conference(ledger, host, conference)
    venue = writing_frame.venue(ledger, conference)
    rooms = writing_frame.rooms(ledger, venue)
    with calendar.telling(conference):
        _write_content(ledger, host, conference, rooms, size)
    return conference


def _write_content(
    ledger: Ledger,
    host: Host,
    conference: Conference,
    rooms: Mapping[str, int],
    size: Mapping[str, Any],
) -> None:
    """All that belongs to the conference, when there is a frame for it."""
    agenda = writing_agenda.write(ledger, conference, rooms)

    def refuse(plan: RegistrationPlan, number: int, found: str, expected: str) -> None:
        ledger.refuse(("registrations", plan.index, "assigned", str(number)), found, expected)

    # First the seats that become free, then smaller groups, then the seats that are given: nothing is in the way.
    places = Places(ledger.at, refuse)
    groups = Groups(ledger, conference, places)
    registrations = Registrations(ledger, conference, places)
    form = Form(ledger, conference)
    groups.write(rooms, agenda)
    form.write()
    registrations.write()
    _write_results(ledger, conference, groups)
    groups.cut()
    registrations.fill()
    form.drop()
    writing_frame.set_size(ledger, conference, size)
    writing_frame.drop_rooms(ledger, host)
    if not ledger.report.is_new:
        _tell_later(ledger, conference, places)
    _say_places(ledger, places, registrations.new)


def _write_results(ledger: Ledger, conference: Conference, groups: Groups) -> None:
    """What was said and what is recommended: made from the ground up, removed from the top down."""
    topics = Topics(ledger, conference, groups.rows)
    topics.write()
    contributions = Contributions(ledger, conference, groups.rows, topics.rows)
    contributions.write()
    minutes = AllMinutes(ledger, conference, groups.rows)
    minutes.write()
    grounds = Grounds(contributions.rows, topics.rows, minutes.rows)
    recommendations = Recommendations(ledger, conference, grounds)
    recommendations.write()
    for section in (recommendations, minutes, contributions, topics):
        section.drop()


def _tell_later(ledger: Ledger, conference: Conference, places: Places) -> None:
    if ledger.moves_calendar:
        conference.calendar_sequence += 1
        conference.calendar_changed_at = now()
        db.session.flush()
    moved_up = places.let_move_up()
    if moved_up:
        ledger.report.places.append(
            f"Nachgerückt: {len(moved_up)}. Wer eine E-Mail-Adresse hat, wird benachrichtigt."
        )


def _say_places(ledger: Ledger, places: Places, new: int) -> None:
    report = ledger.report
    if places.given or places.waiting:
        report.places.append(
            f"Plätze in Gruppen: {places.given} vergeben, {places.waiting} auf der Warteliste"
        )
    for group_round in places.waiting_beside_free_seats():
        report.note(
            f"„{group_round.group.title}“, Runde {group_round.number}: Freie Plätze: {group_round.seats_free}, auf der "
            f"Warteliste: {group_round.waiting}. So steht es in der Datei; niemand ist nachgerückt."
        )
    if new:
        report.note(
            "Die Codes der Datei sind zu kurz, um geheim zu sein: Mit ihnen lässt sich keine Anmeldung öffnen. "
            "In der Verwaltung können Sie für jede Anmeldung einen neuen Code drucken."
        )
        report.note("An die Angemeldeten aus der Datei geht keine Nachricht.")
