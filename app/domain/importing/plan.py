"""What a checked file says, in the words of the product: plain values, ready to be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.domain.importing import checking, checking_registrations, plan_form, plan_people, plan_results, times
from app.domain.importing.plans import GroupPlan, Plan, RegistrationPlan
from app.domain.importing.reading import Source
from app.models import (
    AgendaKind,
    ConferenceKind,
    ConferenceStatus,
    ContactChannel,
    GroupChoice,
    HostKind,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    SeatState,
    Translated,
)

SCHEMA, DEMO_SCHEMA = "sozialraumkonferenz/1", "sozialraumkonferenz-demo/1"
TEXTS = ("teaser", "about", "costs", "children", "language_help", "afterwards")
_WINDOWS = {
    "registration_opens": ("registration_opens_at", times.opening),
    "registration_closes": ("registration_closes_at", times.closing),
    "contributions_open": ("contributions_open_at", times.opening),
    "contributions_close": ("contributions_close_at", times.closing),
}
PLAIN_SETTINGS = (
    "name",
    "street",
    "postal_code",
    "city",
    "represented_by",
    "responsible_role",
    "phone",
    "email",
    "vat_id",
    "supervisory_authority",
    "dpo_contact",
    "accessibility_contact",
    "accessibility_gaps",
    "accent_colour",
)


def plan(source: Source, logo: tuple[str, bytes] | None, *, at: datetime, spaces: Sequence[str] = ()) -> Plan:
    """The plan of a file in which nothing was found wrong, at the instant `at`.

    `spaces` are the names of the social spaces the file speaks of, where they are known.
    """
    data = source.value
    conference = data["conference"]
    venue = conference.get("venue")
    received_on, decided_on = plan_results.days(data)
    values = _conference(conference)
    forgets = plan_people.forgets_needs(values["status"], values["ends_at"], at)
    return Plan(
        is_demo=is_demo(source),
        host_key=data["municipality"]["key"],
        host=host_settings(data["municipality"]),
        logo=logo,
        conference_key=conference["key"],
        conference=values,
        venue=_venue(venue) if venue else None,
        rooms=_rooms(data),
        agenda=list(_agenda(data)),
        groups=list(_groups(data)),
        reserved=dict(conference.get("reserved") or {}),
        form=plan_form.read(
            data.get("registration_form") or {},
            spaces=spaces,
            groups={group["key"]: group["title"] for group in data["working_groups"]},
            group_choice=values.get("group_choice", GroupChoice.DIRECT),
        ),
        registrations=[
            _registration(data, index, entry, forgets=forgets)
            for index, entry in enumerate(data.get("registrations") or ())
        ],
        topics=list(plan_results.topics(data)),
        contributions=list(plan_results.contributions(data)),
        minutes=list(plan_results.minutes(data)),
        recommendations=list(plan_results.recommendations(data)),
        received_on=received_on,
        decided_on=decided_on,
        forgets_needs=forgets,
    )


def is_demo(source: Source) -> bool:
    """True when the file says that everything in it is invented."""
    return bool(source.value["schema"] == DEMO_SCHEMA)


def host_settings(municipality: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a host that the file names."""
    values: dict[str, Any] = {name: municipality[name] for name in PLAIN_SETTINGS if name in municipality}
    for name in ("phone_hours", "welcome"):
        if name in municipality:
            values[name] = Translated(municipality[name])
    if "accent_colour" in values:
        values["accent_colour"] = values["accent_colour"].lower()
    if "accessibility_reviewed_on" in municipality:
        values["accessibility_reviewed_on"] = date.fromisoformat(municipality["accessibility_reviewed_on"])
    if "kind" in municipality:
        values["kind"] = HostKind(municipality["kind"])
    return values


def _conference(conference: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": ConferenceKind(conference["kind"]),
        "status": ConferenceStatus(conference["status"]),
        "starts_at": times.parse_instant(conference["starts_at"]),
        "ends_at": times.parse_instant(conference["ends_at"]),
    }
    for name in ("title", "motto", "kind_label"):
        if name in conference:
            values[name] = Translated(conference[name])
    for name in ("capacity", "walk_in_quota", "has_queue", "makes_offers", "offer_hours"):
        if name in conference:
            values[name] = conference[name]
    if "group_choice" in conference:
        values["group_choice"] = GroupChoice(conference["group_choice"])
    if "languages" in conference:
        values["languages"] = ["de", *(code for code in conference["languages"] if code != "de")]
    for name, (column, moment) in _WINDOWS.items():
        if name in conference:
            values[column] = moment(conference[name])
    contact = conference.get("contact") or {}
    for name in ("role", "phone", "email"):
        if name in contact:
            values[f"contact_{name}"] = contact[name]
    if "hours" in contact:
        values["contact_hours"] = Translated(contact["hours"])
    texts = conference.get("texts") or {}
    for name in TEXTS:
        by_language = {code: given[name] for code, given in texts.items() if name in given}
        if by_language:
            values[name] = Translated(by_language)
    return values


def _venue(venue: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("name", "street", "postal_code", "city", "step_free", "accessible_wc", "induction_loop", "seats")
    values = {name: venue[name] for name in plain if name in venue}
    if "directions" in venue:
        values["directions"] = Translated(venue["directions"])
    return values


def _rooms(data: Mapping[str, Any]) -> list[str]:
    listed = (data["conference"].get("venue") or {}).get("rooms") or ()
    used = (entry["room"] for name in ("agenda", "working_groups") for entry in data[name] if "room" in entry)
    return list(dict.fromkeys((*listed, *used)))


def _room(data: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """Venue and room: the same room of another venue is another room."""
    return (data["conference"]["venue"]["name"], entry["room"]) if "room" in entry else None


def _agenda(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    starts_at = times.parse_instant(data["conference"]["starts_at"])
    for item in data["agenda"]:
        span = checking.span_of_item(item, starts_at)
        if span is None:
            raise ValueError("the file was not checked")
        yield {
            "kind": AgendaKind(item["kind"]),
            "title": Translated(item["title"]),
            "speaker_role": Translated(item.get("speaker_role")),
            "starts_at": span[0],
            "ends_at": span[1],
            "round_number": item.get("round"),
            "room": _room(data, item),
        }


def _groups(data: Mapping[str, Any]) -> Iterator[GroupPlan]:
    for index, group in enumerate(data["working_groups"]):
        values = {
            "title": Translated(group["title"]),
            "description": Translated(group.get("description")),
            "questions": _one_a_line(group.get("questions") or ()),
            "facilitator_role": Translated(group.get("facilitator_role")),
            "interpreter_languages": list(group.get("interpreter_languages") or ()),
            "room": _room(data, group),
            "position": index + 1,
        }
        seats = checking.capacities(dict(data), group)
        yield GroupPlan(group["key"], index, values, seats, group.get("number"))


def _one_a_line(questions: Any) -> Translated:
    by_language: dict[str, list[str]] = {}
    for question in questions:
        for code, text in (question if isinstance(question, dict) else {"de": question}).items():
            by_language.setdefault(code, []).append(text.strip())
    return Translated({code: "\n".join(lines) for code, lines in by_language.items()})


def _registration(
    data: Mapping[str, Any], index: int, entry: Mapping[str, Any], *, forgets: bool
) -> RegistrationPlan:
    # Waiting for a group is something else than waiting for a place at the conference.
    status = (
        RegistrationStatus.CONFIRMED
        if entry["status"] == "waitlisted" and "conference_queue" not in entry
        else RegistrationStatus(entry["status"])
    )
    contact = entry.get("contact") or {}
    value = contact.get("value", "").strip()
    places = {int(number): (key, SeatState.SEATED) for number, key in (entry.get("assigned") or {}).items()}
    places.update(
        (number, (key, SeatState.WAITING))
        for number, key in checking_registrations.queue_of(dict(data), dict(entry)).items()
    )
    return RegistrationPlan(
        key=entry["code"],
        index=index,
        values={
            "status": status,
            "channel": RegistrationChannel(entry["channel"]),
            "role_group": RoleGroup(entry["role_group"]),
            "display_name": entry.get("display_name", "").strip(),
            "organisation": entry.get("organisation", "").strip(),
            "language": entry.get("language", "de"),
            "wants_together": entry.get("together", False),
        },
        contact=_contact(contact.get("type", "none"), value),
        party_size=entry.get("party_size", 1),
        places=dict(sorted(places.items())) if status is not RegistrationStatus.CANCELLED else {},
        # Without a position the order of the file decides, after those that have one.
        queue_position=entry.get("waitlist_position", 1_000_000 + index),
        needs=None if forgets or status is RegistrationStatus.CANCELLED else plan_people.needs(entry),
        consents=plan_people.consents(entry),
        wishes=plan_people.wishes(data, entry) if status is not RegistrationStatus.CANCELLED else None,
        conference_queue=entry.get("conference_queue"),
    )


def _contact(channel: str, value: str) -> tuple[ContactChannel, str] | None:
    if value:
        return ContactChannel(channel), value
    return (ContactChannel.NONE, "") if channel == ContactChannel.NONE.value else None
