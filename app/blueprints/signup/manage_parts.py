"""What several pages of staff about registrations share."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from app import policies
from app.domain.queries.queues import Meeting
from app.models import Conference, ContactChannel, Registration, Seat, SeatState
from app.policies import Permission
from app.web import access, navigation


def staff_page(name: str, conference: Conference, **values: Any) -> str:
    """A page of staff with the navigation of the conference."""
    return render_template(
        f"signup/manage/{name}.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        may_give_access=policies.may(access.me(), Permission.GIVE_ACCESS, conference),
        **values,
    )


def page_of(endpoint: str, registration: Registration) -> str:
    """The address of a page about this registration."""
    conference = registration.conference
    return url_for(
        f"signup.{endpoint}",
        host=conference.host.key,
        conference=conference.key,
        registration=registration.id,
    )


def meeting_words(meeting: Meeting, *, several: bool) -> str:
    """A group, with its round where there are several."""
    words = f"{meeting.group_number}. {meeting.title}"
    if several:
        return _("%(group)s, Runde %(round)s", group=words, round=meeting.round_number)
    return words


def name_of(registration: Registration) -> str:
    """What to call somebody who need not say a name."""
    return (
        registration.display_name
        or registration.organisation
        or _("Anmeldung Nr. %(number)s", number=registration.id)
    )


def say_who_moved_up(seats: list[Seat]) -> None:
    """Tell staff once per household and group who has got a seat or an offer, and who has to be told by them."""
    said = set()
    for seat in seats:
        other = seat.participant.registration
        if (other.id, seat.group_round_id) in said:
            continue
        said.add((other.id, seat.group_round_id))
        values = {"name": name_of(other), "group": str(seat.group_round.group.title)}
        by_mail = other.contact_channel is ContactChannel.EMAIL
        if seat.state is SeatState.OFFERED and by_mail:
            flash(_("%(name)s bekommt den Platz in „%(group)s“ per Mail angeboten.", **values), "info")
        elif seat.state is SeatState.OFFERED:
            flash(
                _("%(name)s kann den Platz in „%(group)s“ haben. Bitte sagen Sie Bescheid.", **values),
                "warning",
            )
        elif by_mail:
            flash(_("%(name)s ist in „%(group)s“ nachgerückt und bekommt eine Mail.", **values), "info")
        else:
            flash(
                _("%(name)s ist in „%(group)s“ nachgerückt. Bitte sagen Sie selbst Bescheid.", **values),
                "warning",
            )
