"""The public pages of a conference, as residents get them and as the preview shows them."""

from __future__ import annotations

from flask import render_template

from app.database import now
from app.domain.queries import conferences, contributions
from app.models import Conference, ConferenceStatus, SignupState


def render_show(conference: Conference, *, preview: bool = False) -> str:
    """What, when and where."""
    return render_template(
        "conferences/show.html",
        groups=conferences.groups_of(conference),
        state=_state(conference, preview),
        phase=conference.contribution_phase(now()),
        readable=contributions.public_of(conference),
        preview=preview,
    )


def render_programme(conference: Conference, *, preview: bool = False) -> str:
    """The programme."""
    return render_template(
        "conferences/programme.html", items=conferences.programme_of(conference), preview=preview
    )


def render_groups(conference: Conference, *, preview: bool = False) -> str:
    """The working groups."""
    return render_template(
        "conferences/groups.html",
        groups=conferences.groups_of(conference),
        state=_state(conference, preview),
        preview=preview,
    )


def _state(conference: Conference, preview: bool) -> SignupState:
    """Whether one can register; a draft is previewed as it will be once it is published."""
    as_if = ConferenceStatus.REGISTRATION_OPEN if preview and not conference.is_public else None
    return conference.signup_state(now(), as_if=as_if)
