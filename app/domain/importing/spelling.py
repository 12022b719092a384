"""The plain way of saying in a file what a plan holds: `plan` read backwards. Lists of entries stand keyed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.domain.importing import notation, schema, spelling_form, spelling_results, times
from app.domain.importing.plan import DEMO_SCHEMA, PLAIN_SETTINGS, SCHEMA, TEXTS
from app.domain.importing.plans import GroupPlan, Plan, RegistrationPlan
from app.models import ContactChannel, GroupChoice, Host, HostKind, RegistrationStatus, SeatState, Translated
from app.models.translated import SOURCE_LANGUAGE

_USUAL_COLOUR = Host.__table__.c.accent_colour.default.arg


def spell(plan: Plan, agenda_names: Sequence[str] | None = None) -> dict[str, Any]:
    """The keyed tree of a file that says what `plan` holds; what is empty or as usual is not said.

    `agenda_names` are the positions by which another file knows the items.
    """
    names = agenda_names or [str(position) for position in range(1, len(plan.agenda) + 1)]
    tree = {
        "schema": DEMO_SCHEMA if plan.is_demo else SCHEMA,
        "municipality": _host(plan),
        "conference": _conference(plan),
        "agenda": {name: _item(plan, item) for name, item in zip(names, plan.agenda, strict=True)} or [],
        "working_groups": {group.key: _group(plan, group) for group in plan.groups} or [],
        "registration_form": spelling_form.spell(plan.form),
        "registrations": _registrations(plan),
        **spelling_results.spell(plan),
    }
    return {name: value for name, value in tree.items() if value or name in ("agenda", "working_groups")}


def whole(plan: Plan, kept: Mapping[str, Any], agenda_names: Sequence[str] | None = None) -> dict[str, Any]:
    """The same with what is kept of a file."""
    tree = spell(plan, agenda_names)
    root = schema.conference()
    notation.with_kept(tree, kept, root, root)
    for key, entry in (kept.get("recommendations") or {}).items():
        if key in (tree.get("recommendations") or {}) and entry.get("evidence"):
            found = tree["recommendations"][key]
            found["evidence"] = [*found.get("evidence", ()), *entry["evidence"]]
    return tree


def text(value: Translated | Mapping[str, str]) -> str | dict[str, str]:
    """One text where there is German only, else all of them by language."""
    if set(value) <= {SOURCE_LANGUAGE}:
        return value.get(SOURCE_LANGUAGE, "")
    return {language: value[language] for language in sorted(value, key=_german_first)}


def said(**fields: Any) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}, False)}


def instant(at: datetime | None) -> str | None:
    """Local time; with its offset only in the hour that comes twice in autumn."""
    if at is None:
        return None
    local = at.astimezone(times.LOCAL)
    plain = local.replace(tzinfo=None)
    exact = "minutes" if not local.second else "seconds"
    return local.isoformat(timespec=exact) if local.fold else plain.isoformat(timespec=exact)


def _german_first(language: str) -> tuple[bool, str]:
    return language != SOURCE_LANGUAGE, language


def _host(plan: Plan) -> dict[str, Any]:
    host = plan.host
    kind = host.get("kind", HostKind.MUNICIPALITY)
    reviewed = host.get("accessibility_reviewed_on")
    return {
        "key": plan.host_key,
        **said(
            **{name: host.get(name) for name in PLAIN_SETTINGS if host.get(name) != _USUAL_COLOUR},
            kind=None if kind is HostKind.MUNICIPALITY else kind.value,
            phone_hours=text(host.get("phone_hours", {})),
            welcome=text(host.get("welcome", {})),
            accessibility_reviewed_on=reviewed.isoformat() if reviewed else None,
            logo=plan.logo[0] if plan.logo else None,
        ),
    }


def _conference(plan: Plan) -> dict[str, Any]:
    values = plan.conference
    texts: dict[str, dict[str, str]] = {}
    for name in TEXTS:
        for language, words in values.get(name, {}).items():
            texts.setdefault(language, {})[name] = words
    languages = values.get("languages", [SOURCE_LANGUAGE])
    return {
        "key": plan.conference_key,
        "kind": values["kind"].value,
        "status": values["status"].value,
        "starts_at": instant(values["starts_at"]),
        "ends_at": instant(values["ends_at"]),
        **{name: text(values[name]) for name in ("title", "motto", "kind_label") if values.get(name)},
        **said(
            venue=_venue(plan),
            walk_in_quota=values.get("walk_in_quota"),
            reserved=plan.reserved,
            makes_offers=values.get("makes_offers"),
            offer_hours=values["offer_hours"] if values.get("offer_hours", 48) != 48 else None,
            group_choice=GroupChoice.WISHES.value
            if values.get("group_choice") is GroupChoice.WISHES
            else None,
            registration_opens=_opening(values.get("registration_opens_at")),
            registration_closes=_closing(values.get("registration_closes_at")),
            contributions_open=_opening(values.get("contributions_open_at")),
            contributions_close=_closing(values.get("contributions_close_at")),
            languages=None if languages == [SOURCE_LANGUAGE] else languages,
            contact=said(
                role=values.get("contact_role"),
                phone=values.get("contact_phone"),
                email=values.get("contact_email"),
                hours=text(values.get("contact_hours", {})),
            ),
            texts={language: texts[language] for language in sorted(texts, key=_german_first)},
        ),
        # None at all is something else than no limit.
        **({"capacity": values["capacity"]} if values.get("capacity") is not None else {}),
        **({} if values.get("has_queue", True) else {"has_queue": False}),
    }


def _venue(plan: Plan) -> dict[str, Any] | None:
    venue = plan.venue
    if venue is None:
        return None
    plain = ("name", "street", "postal_code", "city")
    known = ("step_free", "accessible_wc", "induction_loop", "seats")
    return {
        **said(**{name: venue.get(name) for name in plain}, directions=text(venue.get("directions", {}))),
        **{name: venue[name] for name in known if venue.get(name) is not None},
        **said(rooms=plan.rooms),
    }


def _opening(at: datetime | None) -> str | None:
    if at is None:
        return None
    day = at.astimezone(times.LOCAL).date()
    return day.isoformat() if times.opens(day) == at else instant(at)


def _closing(at: datetime | None) -> str | None:
    if at is None:
        return None
    day = (at - timedelta(microseconds=1)).astimezone(times.LOCAL).date()
    return day.isoformat() if times.closes(day) == at else instant(at)


def _item(plan: Plan, item: Mapping[str, Any]) -> dict[str, Any]:
    day = plan.conference["starts_at"].astimezone(times.LOCAL).date()
    begins, ends = (item[name].astimezone(times.LOCAL) for name in ("starts_at", "ends_at"))
    return {
        "start": f"{begins:%H:%M}",
        "end": f"{ends:%H:%M}",
        "kind": item["kind"].value,
        "title": text(item["title"]),
        **said(
            date=begins.date().isoformat() if begins.date() != day else None,
            end_date=ends.date().isoformat() if ends.date() != begins.date() else None,
            round=item["round_number"],
            speaker_role=text(item["speaker_role"]),
            room=item["room"][1] if item["room"] else None,
        ),
    }


def _group(plan: Plan, group: GroupPlan) -> dict[str, Any]:
    values = group.values
    in_order = [found.number for found in plan.groups] == list(range(1, len(plan.groups) + 1))
    return {
        "key": group.key,
        "title": text(values["title"]),
        "capacity": _capacity(plan, group.capacities),
        **said(
            number=None if in_order else group.number,
            description=text(values["description"]),
            room=values["room"][1] if values["room"] else None,
            facilitator_role=text(values["facilitator_role"]),
            interpreter_languages=values["interpreter_languages"],
            questions=_questions(values["questions"]),
        ),
    }


def _capacity(plan: Plan, capacities: Mapping[int, int]) -> int | dict[str, int]:
    rounds = sorted({item["round_number"] for item in plan.agenda if item["round_number"]}) or [1]
    seats = set(capacities.values())
    if sorted(capacities) == rounds and len(seats) == 1:
        return seats.pop()
    return {str(number): capacities[number] for number in sorted(capacities)}


def _questions(questions: Mapping[str, str]) -> list[str | dict[str, str]]:
    by_language = {language: words.splitlines() for language, words in questions.items()}
    german = by_language.get(SOURCE_LANGUAGE, [])
    whole = {language: lines for language, lines in by_language.items() if len(lines) == len(german)}
    return [
        text({language: lines[index] for language, lines in whole.items()}) for index in range(len(german))
    ]


def _registrations(plan: Plan) -> dict[str, Any]:
    positions = _positions(plan)
    return {entry.key: _registration(entry, positions.get(entry.key)) for entry in plan.registrations}


def _positions(plan: Plan) -> dict[str, int]:
    """The place of those who wait in the queue of the first round they wait in."""
    queues: defaultdict[tuple[int, str], list[RegistrationPlan]] = defaultdict(list)
    first: dict[str, tuple[int, str]] = {}
    for entry in plan.registrations:
        for number, (key, state) in sorted(entry.places.items()):
            if state is SeatState.WAITING:
                queues[number, key].append(entry)
                first.setdefault(entry.key, (number, key))
    for queue in queues.values():
        queue.sort(key=lambda entry: (entry.queue_position, entry.index))
    return {key: 1 + [entry.key for entry in queues[place]].index(key) for key, place in first.items()}


def _registration(entry: RegistrationPlan, position: int | None) -> dict[str, Any]:
    values = entry.values
    assigned, waiting = (
        {str(number): key for number, (key, held) in sorted(entry.places.items()) if held is state}
        for state in (SeatState.SEATED, SeatState.WAITING)
    )
    status = values["status"].value
    if waiting and not assigned and values["status"] is RegistrationStatus.CONFIRMED:
        status = "waitlisted"
    channel, value = entry.contact or (ContactChannel.NONE, "")
    return {
        "code": entry.key,
        "channel": values["channel"].value,
        "role_group": values["role_group"].value,
        "status": status,
        **said(
            display_name=values["display_name"],
            organisation=values["organisation"],
            contact={"type": channel.value, "value": value} if value else None,
            language=None if values["language"] == SOURCE_LANGUAGE else values["language"],
            party_size=None if entry.party_size == 1 else entry.party_size,
            assigned=assigned,
            waiting=waiting,
            waitlist_position=position,
            conference_queue=entry.conference_queue,
            together=values["wants_together"],
            wishes={str(number): keys for number, keys in sorted((entry.wishes or {}).items())},
            needs=[said(type=kind, value=detail) for kind, detail in entry.needs or ()],
            consents=dict.fromkeys(entry.consents or (), True),
            consent_withdrawn={
                key: day.isoformat() for key, day in (entry.consents or {}).items() if day is not None
            },
        ),
    }
