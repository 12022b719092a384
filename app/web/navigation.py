"""Side navigation of staff pages: what there is to do at a host and at a conference."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from app import policies
from app.models import Conference, Host
from app.policies import Permission
from app.web import access

Section = tuple[Any, str, bool]

# Words, endpoint and what one must be allowed to do.
OF_HOST = (
    (_l("Einstellungen"), "public.settings", Permission.MANAGE_HOST),
    (_l("Team"), "public.team", Permission.MANAGE_HOST),
    (_l("Gemeldete Barrieren"), "public.barriers", Permission.MANAGE_HOST),
    (_l("Neue Konferenz"), "conferences.create", Permission.CREATE_CONFERENCE),
)
OF_CONFERENCE = (
    (_l("Konferenz planen"), "conferences.manage", Permission.EDIT_CONFERENCE),
    (_l("Anmeldungen"), "signup.registrations", Permission.MANAGE_REGISTRATIONS),
    (_l("Neue Anmeldung"), "signup.register_by_phone", Permission.MANAGE_REGISTRATIONS),
    (_l("Nachrichten"), "signup.outbox", Permission.MANAGE_REGISTRATIONS),
)


def of_host(host: Host) -> list[Section]:
    """What the signed-in person may do at this host."""
    return _sections(OF_HOST, host, {"host": host.key})


def of_conference(conference: Conference) -> list[Section]:
    """What the signed-in person may do at this conference."""
    return _sections(OF_CONFERENCE, conference, {"host": conference.host.key, "conference": conference.key})


def _sections(entries: Any, subject: Any, parts: dict[str, str]) -> list[Section]:
    actor = access.staff_member()
    return [
        (words, url_for(endpoint, **parts), request.endpoint == endpoint)
        for words, endpoint, permission in entries
        if policies.may(actor, permission, subject)
    ]
