"""The form of the desk: a household by telephone or on paper, on one page, with few fields in sight.

What most people need stands in sight. The rest waits in parts that open; fields for each single person come when staff
ask for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.blueprints.signup.forms_consents import WithConsents, boxes
from app.blueprints.signup.forms_needs import NeedsField
from app.blueprints.signup.manage_forms import (
    LONGEST_REASON,
    OLDEST_CHILD,
    DetailsForm,
    choices_of,
)
from app.blueprints.signup.manage_groups_form import option
from app.domain.queries.queues import Meeting
from app.domain.registrations import LARGEST_HOUSEHOLD, Person
from app.domain.support import Wanted
from app.domain.wishes import MOST
from app.models import (
    ConsentMethod,
    ConsentText,
    GroupChoice,
    NeedKind,
    Question,
    RegistrationChannel,
    SupportOffer,
)
from app.web import questions as web_questions
from app.web.forms import AtMost, SelectChoice, SubmissionForm

SAME = ""
NO_GROUP = "keine"
# With the eight fields everybody has there are twelve in sight.
ROUNDS_IN_SIGHT = 4
_AGES = re.compile(r"\d{1,3}(?:(?:\s*[,;/+]\s*|\s+(?:und\s+)?)\d{1,3})*", re.ASCII)


@dataclass(frozen=True)
class Who:
    """One person of the household: the name its own fields begin with, and a child's age."""

    key: str
    place: int
    age: int | None = None

    @property
    def words(self) -> str:
        if self.age is None:
            return _("Person %(place)s, erwachsen", place=self.place)
        return _("Person %(place)s, Kind von %(age)s Jahren", place=self.place, age=self.age)


def household(adults: int, ages: Sequence[int]) -> list[Who]:
    """Adults first, then children; keys stay with their person when a number changes."""
    grown = [Who(f"e{number}", number) for number in range(1, adults + 1)]
    return grown + [Who(f"k{number}", adults + number, age) for number, age in enumerate(ages, start=1)]


class DeskForm(WithConsents, SubmissionForm, DetailsForm):
    """Everything about a new registration; see `desk_form`."""

    channel = RadioField(
        _l("Wie kommt die Anmeldung?"),
        validators=[InputRequired(_l("Bitte wählen Sie, wie die Anmeldung kommt."))],
        choices=lambda: choices_of(
            (RegistrationChannel.PHONE, RegistrationChannel.PAPER, RegistrationChannel.WALK_IN)
        ),
        default=RegistrationChannel.PHONE.value,
    )
    adults = StringField(_l("Erwachsene"), default="1")
    ages = StringField(
        _l("Kinder: Alter in Jahren"),
        validators=[AtMost(100)],
        description=_l("Für jedes Kind eine Zahl, zum Beispiel: 4, 7"),
    )
    wants_together = BooleanField(_l("Die Personen möchten zusammen in dieselbe Gruppe"))
    childcare = BooleanField(_l("Alle Kinder sollen betreut werden"))
    override = StringField(_l("Sofort einen Platz geben, weil"), validators=[AtMost(LONGEST_REASON)])
    # Whether there are fields for each person.
    single = HiddenField()

    rounds: tuple[int, ...] = ()
    by_wishes: bool = False
    others: tuple[Who, ...] = ()
    asked: tuple[Any, ...] = ()

    gone: tuple[str, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; a group that was chosen in a list which is not there any more is told."""
        valid = super().validate(extra_validators)
        if self.gone:
            self.form_errors.append(
                _(
                    "Eine gewählte Gruppe gibt es nicht mehr. Bitte prüfen Sie die Gruppen und senden Sie noch einmal."
                )
            )
            return False
        return valid

    def validate_adults(self, field: StringField) -> None:
        if not re.fullmatch(r"\d{1,3}", field.data or "", re.ASCII):
            raise ValidationError(_("Bitte geben Sie die Zahl der Erwachsenen an, zum Beispiel: 2"))
        if int(field.data or 0) + len(self.ages_typed) == 0:
            raise ValidationError(_("Bitte geben Sie mindestens eine Person an."))
        if int(field.data or 0) + len(self.ages_typed) > LARGEST_HOUSEHOLD:
            raise ValidationError(
                _(
                    "Höchstens %(most)s Personen passen in eine Anmeldung. "
                    "Bitte teilen Sie sie auf mehrere auf.",
                    most=LARGEST_HOUSEHOLD,
                )
            )

    def validate_ages(self, field: StringField) -> None:
        if not field.data:
            return
        if not _AGES.fullmatch(field.data):
            raise ValidationError(_("Bitte schreiben Sie nur die Jahre als Zahlen, zum Beispiel: 4, 7"))
        if any(age > OLDEST_CHILD for age in self.ages_typed):
            raise ValidationError(
                _(
                    "Als Kind zählt, wer höchstens 17 Jahre alt ist. Wer älter ist, zählen Sie bitte zu den "
                    "Erwachsenen."
                )
            )

    @property
    def ages_typed(self) -> list[int]:
        return ages_in(self.ages.data)

    @property
    def chosen_channel(self) -> RegistrationChannel:
        """The channel for the domain."""
        return RegistrationChannel(self.channel.data)

    @property
    def consent_method(self) -> ConsentMethod:
        """How the person has agreed: staff only note it."""
        if self.chosen_channel is RegistrationChannel.PAPER:
            return ConsentMethod.PAPER
        return ConsentMethod.ORAL

    @property
    def answers(self) -> dict[int, Any]:
        """What was answered to the conference's own questions, by question id."""
        return web_questions.answers(self) if self.asked else {}

    @property
    def needs(self) -> NeedsField | None:
        return self._fields.get("needs")

    @property
    def rounds_in_sight(self) -> list[Any]:
        """The group, or the first wish, of each round; of the first few rounds."""
        return self._first_choices()[:ROUNDS_IN_SIGHT]

    @property
    def more_choices(self) -> list[Any]:
        """Further rounds, second and third wishes."""
        shown = {field.name for field in self.rounds_in_sight}
        return [field for name, field in self._fields.items() if _OWN.match(name) and name not in shown]

    def fields_of(self, who: Who) -> list[Any]:
        """The fields for one further person, without needs."""
        return [
            field
            for name, field in self._fields.items()
            if name.startswith(f"{who.key}_") and name != f"{who.key}_needs"
        ]

    def needs_of(self, who: Who) -> NeedsField | None:
        return self._fields.get(f"{who.key}_needs")

    def opens(self, *fields: Any) -> bool:
        """Whether a part with these fields stands open: something is typed or wrong in it."""
        return any(field is not None and (field.errors or _is_filled(field)) for field in fields)

    def people(self) -> Iterator[Person]:
        """Everybody of the household, for the domain."""
        for who in household(int(self.adults.data or 0), self.ages_typed):
            needs = self._needs_for(who)
            # A child that is looked after takes nobody's seat, unless a group was chosen for it.
            cared_for = any(need.kind is NeedKind.CHILDCARE for need in needs)
            yield Person(
                name=self._name_of(who),
                age=who.age,
                groups=self._groups_of(who, cared_for=cared_for) if not self.by_wishes else {},
                wishes=self._wishes_of(who, cared_for=cared_for) if self.by_wishes else {},
                needs=needs,
            )

    def _first_choices(self) -> list[Any]:
        name = "wish_{}_1" if self.by_wishes else "round_{}"
        return [self._fields[name.format(number)] for number in self.rounds]

    def _name_of(self, who: Who) -> str:
        if who.place == 1:
            return self.display_name.data or ""
        field = self._fields.get(f"{who.key}_name")
        return (field.data or "") if field is not None else ""

    def _needs_for(self, who: Who) -> list[Wanted]:
        own = self._fields.get("needs" if who.place == 1 else f"{who.key}_needs")
        found = list(own.data or ()) if own is not None else []
        if (
            who.age is not None
            and "childcare" in self._fields
            and self.childcare.data
            and all(need.kind is not NeedKind.CHILDCARE for need in found)
        ):
            found.append(Wanted(NeedKind.CHILDCARE))
        return found

    def _value(self, name: str, who: Who, *, cared_for: bool) -> str:
        own = self._fields.get(f"{who.key}_{name}") if who.place > 1 else None
        value = own.data if own is not None else SAME
        if value == SAME:
            value = NO_GROUP if cared_for and who.place > 1 else (self._fields[name].data or NO_GROUP)
        return value or NO_GROUP

    def _groups_of(self, who: Who, *, cared_for: bool) -> dict[int, int]:
        values = {number: self._value(f"round_{number}", who, cared_for=cared_for) for number in self.rounds}
        return {number: int(value) for number, value in values.items() if value != NO_GROUP}

    def _wishes_of(self, who: Who, *, cared_for: bool) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for number in self.rounds:
            own = self._fields.get(f"{who.key}_wish_{number}_1") if who.place > 1 else None
            of_all = own is None or own.data == SAME
            for rank in range(1, MOST + 1):
                name = f"wish_{number}_{rank}"
                field = self._fields.get(name if of_all else f"{who.key}_{name}")
                if field is None or (of_all and cared_for and who.place > 1):
                    continue
                if field.data not in (SAME, NO_GROUP):
                    found.setdefault(number, []).append(int(field.data))
        return found


_OWN = re.compile(r"round_\d+|wish_\d+_\d")
# The lists with groups, of the first person and of each further one.
_LISTS = re.compile(rf"(?:[ek]\d+_)?({_OWN.pattern})", re.ASCII)


def desk_form(
    sent: Mapping[str, str],
    *,
    rounds: Mapping[int, Sequence[Meeting]],
    choice: GroupChoice,
    offers: Sequence[SupportOffer],
    texts: Sequence[ConsentText],
    asked: Sequence[Question],
) -> DeskForm:
    """The form with what this conference asks; `sent` tells how many people there are."""
    by_wishes = choice is GroupChoice.WISHES
    people = household(_small(sent.get("adults", "1")), ages_in(sent.get("ages"))[:LARGEST_HOUSEHOLD])
    others = people[1:LARGEST_HOUSEHOLD] if sent.get("single") or "people" in sent else []
    fields: dict[str, Any] = _group_fields(rounds, "", by_wishes)
    for who in others:
        if who.age is None:
            fields[f"{who.key}_name"] = StringField(_("Name"), validators=[AtMost(120)])
        fields.update(_group_fields(rounds, f"{who.key}_", by_wishes))
    if offers:
        is_child = bool(people) and people[0].age is not None
        fields["needs"] = NeedsField(_("Person 1 braucht"), offers, is_child=is_child)
        for who in others:
            fields[f"{who.key}_needs"] = NeedsField(
                _("Person %(place)s braucht", place=who.place), offers, is_child=who.age is not None
            )
    if all(offer.kind is not NeedKind.CHILDCARE for offer in offers):
        fields["childcare"] = None
    if not (by_wishes and rounds):
        fields["wants_together"] = None
    base: type[Any] = DeskForm
    if asked:
        base = web_questions.add_fields(base, asked, "de")
    more = {
        "rounds": tuple(sorted(rounds)),
        "by_wishes": by_wishes,
        "others": tuple(others),
        "gone": tuple(name for name, value in sent.items() if _is_gone(name, value, fields)),
    }
    form: DeskForm = type("DeskForm", (base,), {**fields, **boxes(texts), **more})()
    return form


def ages_in(text: str | None) -> list[int]:
    """The numbers in what was typed."""
    return [int(age) for age in re.findall(r"\d{1,3}", text or "", re.ASCII)]


def _group_fields(
    rounds: Mapping[int, Sequence[Meeting]], key: str, by_wishes: bool
) -> dict[str, SelectField]:
    fields = {}
    for number, meetings in sorted(rounds.items()):
        for rank in range(1, min(MOST, len(meetings)) + 1) if by_wishes else (0,):
            name = f"wish_{number}_{rank}" if by_wishes else f"round_{number}"
            first = [SelectChoice(SAME, _("wie Person 1"))] if key and rank < 2 else []
            if key and rank == 0:
                none = SelectChoice(NO_GROUP, _("keine Gruppe"))
            elif key and rank == 1:
                none = SelectChoice(NO_GROUP, _("kein Wunsch"))
            else:
                none = SelectChoice(SAME, _("kein Wunsch") if by_wishes else _("keine Gruppe"))
            words = [
                SelectChoice(
                    str(held.id), f"{held.group_number}. {held.title}" if by_wishes else option(held)
                )
                for held in meetings
            ]
            fields[f"{key}{name}"] = SelectField(
                _label(number, rank, several=len(rounds) > 1), choices=[*first, none, *words], default=SAME
            )
    return fields


def _label(number: int, rank: int, *, several: bool) -> str:
    if not rank:
        return _("Gruppe in Runde %(number)s", number=number) if several else _("Gruppe")
    if several:
        return _("Runde %(number)s: Wunsch %(rank)s", number=number, rank=rank)
    return _("Wunsch %(rank)s", rank=rank)


def _small(text: str) -> int:
    return min(int(text), LARGEST_HOUSEHOLD) if re.fullmatch(r"\d{1,3}", text, re.ASCII) else 1


def _is_filled(field: Any) -> bool:
    if isinstance(field, NeedsField):
        return bool(field.ticked)
    return bool(field.data) and field.data != field.default


def _is_gone(name: str, value: str, fields: Mapping[str, Any]) -> bool:
    """Whether a group was chosen in a round that has none any more; people who are taken back are no reason."""
    found = _LISTS.fullmatch(name)
    return found is not None and found[1] not in fields and value not in (SAME, NO_GROUP)
