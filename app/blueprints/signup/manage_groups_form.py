"""The form with which staff change the groups of one registration; it knows what it has shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField

from app.blueprints.signup.manage_forms import LONGEST_REASON
from app.domain.queries.places import Held
from app.domain.queries.queues import Meeting
from app.models import Participant
from app.web.forms import AtMost, BaseForm, SelectChoice

NO_GROUP = ""
# One person in one round, and the id of a group round or nothing.
_SHOWN = re.compile(r"(\d{1,17})\.(\d{1,4})\.(\d{0,17})", re.ASCII)

Key = tuple[int, int]
"""Id of a person and number of a round."""


class GroupsForm(BaseForm):
    """Which group each person has in which round; see `groups_form`."""

    override = StringField(_l("Platz trotz voller Gruppe, weil"), validators=[AtMost(LONGEST_REASON)])
    # What each list stood at when the page was shown.
    shown = HiddenField()
    held: Mapping[Key, str]
    titles: Mapping[str, str]

    @property
    def seen(self) -> dict[Key, int | None]:
        """What the page has shown, by id of the group round."""
        return {key: int(value) if value else None for key, value in self._shown().items()}

    @property
    def reason(self) -> str:
        """Why somebody is seated at once; empty for those who may not do it."""
        return (self.override.data or "") if self.override is not None else ""

    def chosen(self) -> dict[int, dict[int, int | None]]:
        """Ids of group rounds by participant and round, only where something else is wanted than was shown."""
        found: dict[int, dict[int, int | None]] = {}
        shown = self._shown()
        for (person_id, number), now in self.held.items():
            value = self[field_name(person_id, number)].data or NO_GROUP
            # With a reason somebody who waits already is seated as well.
            if value != shown.get((person_id, number), now) or (self.reason and value != NO_GROUP):
                found.setdefault(person_id, {})[number] = int(value) if value else None
        return found

    def fields_of(self, person_id: int) -> list[Any]:
        return [self[field_name(person, number)] for person, number in self.held if person == person_id]

    def start(self) -> None:
        """Note what the page shows."""
        self.shown.data = " ".join(f"{person}.{number}.{now}" for (person, number), now in self.held.items())

    def compare(self, held: Mapping[Key, str]) -> None:
        """Lay what is `held` now beside what was chosen; a list nobody touched takes over what is held."""
        shown = self._shown()
        # Whoever came along since the form was made has no list yet.
        self.held = {key: now for key, now in held.items() if field_name(*key) in self._fields}
        for key, now in self.held.items():
            field, before = self[field_name(*key)], shown.get(key, now)
            if now == before:
                continue
            values = {"now": self._words(now), "before": self._words(before)}
            if field.data == before:
                field.data = now
                sentence = _("Inzwischen geändert: vorher %(before)s, jetzt %(now)s.", **values)
            else:
                sentence = _(
                    "Inzwischen geändert: Gespeichert ist %(now)s. Gewählt haben Sie, was hier steht.",
                    **values,
                )
            field.errors = [*field.errors, sentence]
        self.start()

    def _shown(self) -> dict[Key, str]:
        parts = map(_SHOWN.fullmatch, (self.shown.data or "").split()[:500])
        return {(int(part[1]), int(part[2])): part[3] for part in parts if part}

    def _words(self, value: str) -> str:
        return _("„%(group)s“", group=self.titles.get(value, "?")) if value else _("keine Gruppe")


def groups_form(
    people: list[Participant], rounds: dict[int, list[Meeting]], held: dict[int, dict[int, Held]]
) -> GroupsForm:
    """A form that asks each of `people` for a group in each of `rounds`; `held` is what they have now."""
    fields: dict[str, Any] = {}
    before = values_of(people, rounds, held)
    for place, person in enumerate(people, start=1):
        for number, meetings in sorted(rounds.items()):
            has = held.get(person.id, {}).get(number, Held())
            words = _("Gruppe") if len(rounds) == 1 else _("Gruppe in Runde %(number)s", number=number)
            if len(people) > 1:
                words = _("Person %(place)s: %(group)s", place=place, group=words)
            fields[field_name(person.id, number)] = SelectField(
                words,
                choices=[
                    SelectChoice(NO_GROUP, _("keine Gruppe")),
                    *(SelectChoice(str(meeting.id), _option(meeting, has)) for meeting in meetings),
                ],
                default=before[person.id, number],
            )
    form: GroupsForm = type("GroupsForm", (GroupsForm,), fields)()
    form.held = before
    form.titles = {
        str(meeting.id): f"{meeting.group_number}. {meeting.title}"
        for meetings in rounds.values()
        for meeting in meetings
    }
    return form


def values_of(
    people: list[Participant], rounds: Mapping[int, list[Meeting]], held: Mapping[int, Mapping[int, Held]]
) -> dict[Key, str]:
    """At what the list of each person and round stands."""
    found: dict[Key, str] = {}
    for person in people:
        for number in sorted(rounds):
            has = held.get(person.id, {}).get(number, Held())
            wanted = has.queued or has.seated
            found[person.id, number] = str(wanted.id) if wanted else NO_GROUP
    return found


def field_name(person_id: int, number: int) -> str:
    """The field of one person in one round."""
    return f"person_{person_id}_round_{number}"


def option(meeting: Meeting) -> str:
    """A group as somebody who has nothing yet chooses it."""
    title = f"{meeting.group_number}. {meeting.title}"
    if not meeting.is_full:
        return _("%(title)s – noch %(free)s frei", title=title, free=meeting.seats_free)
    return _("%(title)s – voll, %(count)s warten", title=title, count=meeting.waiting)


def _option(meeting: Meeting, has: Held) -> str:
    title = f"{meeting.group_number}. {meeting.title}"
    if has.seated is not None and meeting.id == has.seated.id:
        return _("%(title)s – Platz sicher", title=title)
    if has.queued is not None and meeting.id == has.queued.id:
        if has.position is None:
            return _("%(title)s – Platz angeboten", title=title)
        return _("%(title)s – Warteliste, Platz %(place)s", title=title, place=has.position)
    return option(meeting)
