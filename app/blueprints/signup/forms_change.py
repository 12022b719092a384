"""Forms in which a household that is registered changes groups, wishes, people and needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField

from app.blueprints.signup.forms_groups import (
    NO_GROUP,
    SAME,
    ListField,
    RoundField,
    Rounds,
    WishField,
    list_fields,
    round_fields,
    wish_fields,
    wishes_in,
)
from app.blueprints.signup.forms_household import ADULT, CHILD, AgeField
from app.blueprints.signup.forms_needs import NeedsField
from app.domain import households, registrations, seen_groups
from app.domain.errors import ChangedMeanwhile, DomainError, TimeCollision, WishesChanged
from app.domain.queries import places
from app.domain.queries.places import Held
from app.models import GroupRound, Participant, Passage, Registration, StaffMember, SupportOffer, Wish
from app.web.filters import passage
from app.web.forms import AtMost, BaseForm, PickOne, Required, SelectChoice

# One person in one round, and the id of a group round or nothing.
_SHOWN = re.compile(r"(\d{1,17})\.(\d{1,4})\.(\d{0,17})", re.ASCII)


class _OfPeople(BaseForm):
    """A form with fields for each person of a household, the first one before the others."""

    people: tuple[int, ...] = ()

    def fields_of(self, person_id: int) -> list[Any]:
        own = f"p{person_id}_" if person_id != self.people[0] else ("round_", "wish_")
        return [field for name, field in self._fields.items() if name.startswith(own)]


class GroupsForm(_OfPeople):
    """Each person chooses other groups; a further one may take what the first one takes."""

    # What each person had in each round when the page was shown.
    shown = HiddenField()
    # What somebody has changed since: the field, what was chosen in it, and what is stored.
    beside: Sequence[tuple[Any, str, Passage | str]] = ()

    @property
    def rounds(self) -> list[RoundField]:
        """The fields of the first person."""
        return self.fields_of(self.people[0])

    @property
    def others(self) -> list[ListField]:
        """Those of the further people."""
        return [field for field in self if isinstance(field, ListField)]

    @property
    def differ(self) -> bool:
        """True when somebody takes other groups than the first one."""
        return any(field.data != SAME or field.errors for field in self.others)

    def start(self, registration: Registration, number: str | None) -> None:
        """Let the form begin with what is held now, and the group a link has named."""
        for field in self.rounds:
            field.data = None
        self._note(registration)
        meets = [field for field in self.rounds if number in field.rounds]
        if number and meets:
            free = [field for field in meets if not field.rounds[number].is_full]
            (free or meets)[0].data = number

    def show(self, registration: Registration) -> None:
        """Show every group as it is now, and what choosing it means."""
        held = places.held_by(registration)
        first = held[self.people[0]]
        for field in self.rounds:
            field.offer_change(first.get(field.number, Held()))
        for person_id in self.people[1:]:
            for listed in self.fields_of(person_id):
                mine = held[person_id].get(listed.number, Held())
                listed.offer_change(mine, is_same=_alike(mine, first.get(listed.number, Held())))

    def save(self, registration: Registration) -> None:
        """Let everybody have what was chosen; a round the form did not show stays as it is."""
        first = {field.number: field.chosen for field in self.rounds if field.was_sent}
        wanted: dict[int, dict[int, GroupRound | None]] = {self.people[0]: first}
        for person_id in self.people[1:]:
            wanted[person_id] = {
                field.number: first[field.number] if field.data == SAME else field.chosen
                for field in self.fields_of(person_id)
                if field.was_sent and (field.data != SAME or field.number in first)
            }
        try:
            seen_groups.change(registration, wanted, shown=self._seen())
        except ChangedMeanwhile:
            self._compare(registration)
            raise

    def _compare(self, registration: Registration) -> None:
        """Tell what is stored now; where nothing was chosen, it is chosen from now on."""
        before = self._seen()
        stored = seen_groups.standing(registration, {number for _person, number in before})
        chosen = {
            (person_id, field.number): _value_in(field, self.rounds_by_number)
            for person_id in self.people
            for field in self.fields_of(person_id)
        }
        found: list[tuple[Any, str, Passage | str]] = []
        for person_id, number in chosen:
            field = self._field_of(person_id, number)
            values: dict[int | None, str] = {held.id: value for value, held in field.rounds.items()}
            was, now = (values.get(seen.get((person_id, number)), NO_GROUP) for seen in (before, stored))
            if (person_id, number) not in before or was == now:
                continue
            group = field.rounds.get(now)
            words = _("Keine Gruppe") if group is None else passage(group.group.title)
            found.append((field, chosen[person_id, number], words))
            if chosen[person_id, number] == was:
                chosen[person_id, number] = now
        for (person_id, number), value in chosen.items():
            field = self._field_of(person_id, number)
            # Whoever takes the same as the first one does not change with them by that.
            if field.data != SAME or value != chosen[self.people[0], number]:
                field.data = value
        self.beside = found
        self._note(registration)

    def _field_of(self, person_id: int, number: int) -> RoundField | ListField:
        (found,) = [field for field in self.fields_of(person_id) if field.number == number]
        return cast(RoundField | ListField, found)

    @property
    def rounds_by_number(self) -> dict[int, RoundField]:
        """The fields of the first person, by round."""
        return {field.number: field for field in self.rounds}

    def _note(self, registration: Registration) -> None:
        """Remember what the page shows."""
        stored = seen_groups.standing(registration, set(self.rounds_by_number))
        self.shown.data = " ".join(
            f"{person}.{number}.{held or ''}" for (person, number), held in sorted(stored.items())
        )

    def _seen(self) -> dict[tuple[int, int], int | None]:
        parts = map(_SHOWN.fullmatch, (self.shown.data or "").split()[:500])
        return {(int(part[1]), int(part[2])): int(part[3]) if part[3] else None for part in parts if part}

    def reject(self, error: DomainError) -> None:
        if isinstance(error, TimeCollision) and error.field:
            number = int(error.field.rpartition("_")[2])
            title = error.values["group"]
            fields: list[RoundField | ListField] = [*self.rounds, *self.others]
            for field in fields:
                chosen = field.chosen
                if field.number == number and chosen is not None and str(chosen.group.title) == title:
                    error.field = field.name
                    break
        super().reject(error)


class WishesForm(_OfPeople):
    """Each person names other wishes; a further one may have those of the first one."""

    # What was stored when the page was shown.
    shown = HiddenField()
    # The wishes of each person as they are now, where somebody has changed them since.
    stored: Sequence[Sequence[Wish]] = ()
    wants_together = BooleanField(_l("Wir möchten zusammen in dieselbe Gruppe"))

    @property
    def wish_fields(self) -> list[WishField]:
        return [field for field in self if isinstance(field, WishField)]

    @property
    def rounds(self) -> list[WishField]:
        """The fields of the first person."""
        return self.fields_of(self.people[0])

    @property
    def others(self) -> list[WishField]:
        """Those of the further people."""
        return [field for field in self.wish_fields if field.key]

    @property
    def differ(self) -> bool:
        """True when somebody has other wishes than the first one."""
        return any(field.data != SAME or field.errors for field in self.others)

    def start(self, registration: Registration, number: str | None) -> None:
        """Let the form begin with what was wished for."""
        stored = {
            person_id: {(wish.round_number, wish.rank): str(wish.group_round.group.number) for wish in held}
            for person_id, held in places.wishes_of(registration).items()
        }
        first = stored.get(self.people[0], {})
        for person_id in self.people:
            own = stored.get(person_id, {})
            for field in self.fields_of(person_id):
                field.data = own.get((field.number, field.rank), SAME)
                if field.key and own == first:
                    field.data = SAME
                elif field.key and field.rank == 1 and field.data == SAME:
                    field.data = NO_GROUP
        if "wants_together" in self._fields:
            self.wants_together.data = registration.wants_together
        self.shown.data = households.wishes_seen(registration)

    def show(self, registration: Registration) -> None:
        """Show every group."""
        for field in self.wish_fields:
            field.offer()

    def save(self, registration: Registration, *, by: StaffMember | None = None) -> None:
        """Let everybody have the wishes that were named."""
        first = wishes_in(self.rounds)
        wanted = {self.people[0]: first}
        for person_id in self.people[1:]:
            fields = self.fields_of(person_id)
            none = {field.number for field in fields if field.data == NO_GROUP}
            same = {number: ids for number, ids in first.items() if number not in none}
            wanted[person_id] = {**same, **wishes_in(fields)}
        together = self._fields.get("wants_together")
        try:
            households.change_wishes(
                registration,
                wanted,
                together=bool(together is not None and together.data),
                shown=self.shown.data or "",
                by=by,
            )
        except WishesChanged:
            # They are told what is stored now; sending again is meant.
            self.shown.data = households.wishes_seen(registration)
            stored = places.wishes_of(registration)
            self.stored = [stored.get(person_id, []) for person_id in self.people]
            raise


class PersonForm(BaseForm):
    """The name of an adult or the age of a child; which, is set by `person_form`."""

    @property
    def typed_name(self) -> str:
        field = self._fields.get("name")
        return (field.data or "") if field is not None else ""

    @property
    def typed_age(self) -> int | None:
        """The age that was typed; None where the form is about an adult."""
        field = self._fields.get("age")
        return field.age if isinstance(field, AgeField) else None


class AddPersonForm(BaseForm):
    """One more person of the household comes along; it knows how many there are, so that sending it twice adds one."""

    known = HiddenField()
    # Whether the page has said that nobody else fits.
    was_full = HiddenField()

    kind = PickOne(
        _l("Wer kommt noch mit?"),
        choices=[SelectChoice(ADULT, _l("eine erwachsene Person")), SelectChoice(CHILD, _l("ein Kind"))],
        validators=[Required(_l("Bitte wählen Sie, wer noch mitkommt."))],
    )
    name = StringField(_l("Name der erwachsenen Person"), validators=[AtMost(120)])
    age = AgeField(_l("Alter des Kindes in Jahren"))
    same = BooleanField(_l("in dieselben Gruppen wie die erste Person"), default=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; an age is asked of a child only."""
        super().validate(extra_validators)
        if self.kind.data == ADULT or (self.kind.data != CHILD and not self.age.data):
            self.age.errors = []
        return not self.errors and not self.form_errors

    @property
    def known_people(self) -> int:
        """How many people the page showed."""
        typed = self.known.data or ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 3 else 0

    @property
    def person(self) -> registrations.Person:
        """Who comes along, without groups."""
        if self.kind.data == CHILD:
            return registrations.Person(age=self.age.age)
        return registrations.Person(name=self.name.data or "")


class NeedsForm(BaseForm):
    """What each person of a household needs."""

    people: tuple[int, ...] = ()

    @property
    def by_person(self) -> list[tuple[int, NeedsField]]:
        """The field of each person, by id."""
        return [(person_id, self._fields[f"p{person_id}_needs"]) for person_id in self.people]


def groups_form(people: Sequence[Participant], rounds: Rounds) -> GroupsForm:
    """The form for these people and rounds."""
    fields = round_fields(rounds)
    for place, person in enumerate(people[1:], start=2):
        fields |= list_fields(rounds, f"p{person.id}", place, _("dieselbe Gruppe wie Person 1"))
    made: GroupsForm = _made(GroupsForm, people, fields)
    return made


def wishes_form(people: Sequence[Participant], rounds: Rounds) -> WishesForm:
    """The same where people name wishes."""
    fields = wish_fields(rounds, "", 1)
    for place, person in enumerate(people[1:], start=2):
        fields |= wish_fields(rounds, f"p{person.id}", place)
    if len(people) == 1:
        fields["wants_together"] = None
    made: WishesForm = _made(WishesForm, people, fields)
    return made


def person_form(person: Participant) -> PersonForm:
    """The form about one person."""
    field = (
        {"age": AgeField(_("Alter in Jahren"), default="" if person.age is None else str(person.age))}
        if person.is_child
        else {"name": StringField(_("Name"), validators=[AtMost(120)], default=person.name)}
    )
    made: PersonForm = type("PersonForm", (PersonForm,), field)()
    return made


def needs_form(
    people: Sequence[Participant], offers: Sequence[SupportOffer], stored: dict[int, list[places.Need]]
) -> NeedsForm:
    """The form about what these people need, beginning with what they have said."""
    fields = {
        f"p{person.id}_needs": NeedsField(
            _("Das braucht Person %(place)s", place=place) if len(people) > 1 else _("Das brauche ich"),
            offers,
            is_child=person.is_child,
            default=[need.wanted for need in stored.get(person.id, ())],
        )
        for place, person in enumerate(people, start=1)
    }
    made: NeedsForm = _made(NeedsForm, people, fields)
    return made


def _made(base: type[Any], people: Sequence[Participant], fields: dict[str, Any]) -> Any:
    return type(base.__name__, (base,), {**fields, "people": tuple(person.id for person in people)})()


def _value_in(field: RoundField | ListField, first: dict[int, RoundField]) -> str:
    """What is chosen, also where it is the same as for the first person."""
    value = first[field.number].data if field.data == SAME else field.data
    return value or NO_GROUP


def _alike(one: Held, other: Held) -> bool:
    return (one.seated, one.queued) == (other.seated, other.queued)
