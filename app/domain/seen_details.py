"""Details of a registration as a page has shown them: two who correct at a time both see what the other has saved."""

from __future__ import annotations

from app.database import transaction
from app.domain import editing, registrations, secrets, versions
from app.models import ContactChannel, Registration, StaffMember


def values(registration: Registration) -> dict[str, str]:
    """What is stored, by the name of its field. Raises VaultLocked."""
    return {
        "display_name": registration.display_name,
        "role_group": registration.role_group.value,
        "organisation": registration.organisation,
        "contact_channel": registration.contact_channel.value,
        "contact": secrets.decrypt(registration.contact),
        "language": registration.language,
    }


def correct(
    registration: Registration, details: registrations.Details, *, shown: str, by: StaffMember
) -> None:
    """The same as `registrations.correct`, for a page that has `shown` other values (editing.seen).

    The same page sent twice changes nothing. Raises ChangedMeanwhile and what correcting refuses.
    """
    reachable = details.contact_channel is not ContactChannel.NONE and bool(details.contact)
    wanted = {
        "display_name": details.display_name,
        "role_group": details.role_group.value,
        "organisation": details.organisation,
        "contact_channel": (details.contact_channel if reachable else ContactChannel.NONE).value,
        "contact": details.contact if reachable else "",
        "language": details.language,
    }
    with transaction():
        versions.raise_conference(registration.conference_id)
        stored = values(registration)
        if registration.is_live:
            editing.refuse_if_changed(stored, wanted, shown)
            if stored == wanted:
                return
        registrations.correct(registration, details, by=by)
