"""The form in which a household registers: as short as for one person, and longer with each person it is told of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import ValidationError

from app.blueprints.signup.forms import RegistrationForm
from app.blueprints.signup.forms_consents import WithConsents, boxes
from app.blueprints.signup.forms_groups import (
    NO_GROUP,
    ListField,
    RoundField,
    Rounds,
    WishField,
    list_fields,
    round_fields,
    wish_fields,
    wishes_in,
)
from app.blueprints.signup.forms_needs import FOR_CHILDREN_ONLY, NeedsField
from app.domain import registrations
from app.domain.support import Wanted
from app.models import ConsentText, GroupChoice, Question, SupportOffer
from app.web import languages
from app.web import questions as web_questions
from app.web.forms import AtMost, one_line

ADULT, CHILD = "e", "k"
OLDEST_CHILD = 17
_PERSON = re.compile(r"p(\d{1,3})([ek])")


@dataclass(frozen=True)
class Who:
    """A further person of the household: the name its fields begin with, and whether it is a child."""

    number: int
    is_child: bool

    @property
    def key(self) -> str:
        return f"p{self.number}"

    def __str__(self) -> str:
        return f"{self.key}{CHILD if self.is_child else ADULT}"


def read_people(text: str) -> list[Who]:
    """The further people a form tells of; what is no person is left out."""
    found = {int(found[1]): found[2] for part in text.split() if (found := _PERSON.fullmatch(part))}
    # One more than can register, so that too many are told so and cost nothing.
    most = registrations.LARGEST_HOUSEHOLD
    return [Who(number, kind == CHILD) for number, kind in list(found.items())[:most] if number > 1]


def add(people: Sequence[Who], kind: str) -> list[Who]:
    """One more; numbers are never given twice, so that what was typed stays with its person."""
    return [*people, Who(max((who.number for who in people), default=1) + 1, kind == CHILD)]


class AgeField(StringField):
    """The age of a child in whole years."""

    data: Any

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.age: int | None = None

    def pre_validate(self, form: Any) -> None:
        typed = one_line(self.data or "")
        if not typed:
            raise ValidationError(
                _("Bitte geben Sie das Alter des Kindes an. Im ersten Lebensjahr ist das 0.")
            )
        if not re.fullmatch(r"\d{1,3}", typed):
            raise ValidationError(_("Das Alter ist eine ganze Zahl, zum Beispiel: 7"))
        if int(typed) > OLDEST_CHILD:
            raise ValidationError(
                _(
                    "Als Kind zählt, wer höchstens 17 Jahre alt ist. Wer älter ist, tragen Sie bitte als "
                    "erwachsene Person ein."
                )
            )
        self.age = int(typed)


@dataclass(frozen=True)
class Companion:
    """A further person with the fields of the form that are about them."""

    who: Who
    # Which person it is on the page, counted from 1 for the one who fills in the form.
    place: int
    name: StringField | None
    age: AgeField | None
    rounds: list[ListField]
    wishes: list[WishField]
    needs: NeedsField | None

    @property
    def stands_out(self) -> bool:
        """True when this person takes other groups than the first one."""
        return any(field.data or field.errors for field in (*self.rounds, *self.wishes))


class HouseholdForm(WithConsents, RegistrationForm):
    """A resident registers for everybody who comes along; see `household_form`."""

    people = HiddenField()
    wants_together = BooleanField(
        _l("Wir möchten zusammen in dieselbe Gruppe"),
        description=_l("Dann bekommen Sie zusammen Plätze, auch wenn es ein späterer Wunsch wird."),
    )

    further: tuple[Who, ...] = ()
    round_names: tuple[str, ...] = ()
    asked: tuple[Any, ...] = ()

    @property
    def rounds(self) -> list[RoundField]:
        """The groups of the first person, one field a round."""
        return [self._fields[name] for name in self.round_names]

    @property
    def wish_fields(self) -> list[WishField]:
        """All fields for wishes, of all people."""
        return [field for field in self if isinstance(field, WishField)]

    @property
    def own_wishes(self) -> list[WishField]:
        """Those of the first person."""
        return [field for field in self.wish_fields if not field.key]

    @property
    def own_needs(self) -> NeedsField | None:
        return self._fields.get("needs")

    @property
    def companions(self) -> list[Companion]:
        """The further people with their fields."""
        return [self._companion(who, place) for place, who in enumerate(self.further, start=2)]

    @property
    def answers(self) -> dict[int, Any]:
        """What was answered to the conference's own questions, by question id."""
        return web_questions.answers(self) if self.asked else {}

    @property
    def together(self) -> bool:
        """Whether the household wants to be in the same group, where wishes are named."""
        field = self._fields.get("wants_together")
        return bool(field is not None and field.data)

    def choose_group(self, number: str | None) -> None:
        """Choose the group a link has named, in the first round it has a seat in, else in its first round."""
        fields: list[RoundField | WishField] = [*self.rounds, *self.own_wishes]
        meets = [field for field in fields if number in field.rounds]
        if number and meets:
            free = [field for field in meets if not field.rounds[number].is_full]
            (free or meets)[0].data = number

    def offer(self) -> None:
        """Show every group as it is now."""
        people = 1 + sum(not companion.stands_out for companion in self.companions)
        for field in self.rounds:
            field.offer(people)
        for companion in self.companions:
            for held in companion.rounds:
                held.offer()
        for wish in self.wish_fields:
            wish.offer()

    def everybody(self) -> list[registrations.Person]:
        """Everybody who comes, the one who fills in the form first."""
        groups = {field.number: field.chosen.id for field in self.rounds if field.chosen is not None}
        wishes = wishes_in(self.own_wishes)
        first = registrations.Person(
            name=self.display_name.data or "",
            groups=groups,
            wishes=wishes,
            needs=_needs(self.own_needs),
        )
        return [first, *(_person(companion, groups, wishes) for companion in self.companions)]

    def _companion(self, who: Who, place: int) -> Companion:
        own = [field for name, field in self._fields.items() if name.startswith(f"{who.key}_")]
        return Companion(
            who=who,
            place=place,
            name=self._fields.get(f"{who.key}_name"),
            age=self._fields.get(f"{who.key}_age"),
            rounds=[field for field in own if isinstance(field, ListField)],
            wishes=[field for field in own if isinstance(field, WishField)],
            needs=self._fields.get(f"{who.key}_needs"),
        )


def household_form(
    *,
    people: Sequence[Who],
    choice: GroupChoice,
    rounds: Rounds,
    offers: Sequence[SupportOffer] = (),
    texts: Sequence[ConsentText] = (),
    asked: Sequence[Question] = (),
) -> type[Any]:
    """A form with what these people are asked, and nothing of what the conference does not ask."""
    fields: dict[str, Any] = {}
    by_wishes = choice is GroupChoice.WISHES
    for place, who in enumerate(people, start=2):
        fields.update(_who_field(who, place))
    own_rounds = {} if by_wishes else round_fields(rounds)
    fields.update(wish_fields(rounds, "", 1) if by_wishes else own_rounds)
    for place, who in enumerate(people, start=2):
        fields.update(_group_fields(who, place, rounds, by_wishes, offers))
    if offers:
        fields["needs"] = NeedsField(_("Das brauche ich"), offers, is_child=False)
        for place, who in enumerate(people, start=2):
            fields[f"{who.key}_needs"] = NeedsField(
                _("Das braucht Person %(place)s", place=place), offers, is_child=who.is_child
            )
    if not (by_wishes and people and rounds):
        fields["wants_together"] = None
    base: type[Any] = HouseholdForm
    if asked:
        base = web_questions.add_fields(base, asked, languages.current().code)
    more = {"further": tuple(people), "round_names": tuple(own_rounds)}
    return type(HouseholdForm.__name__, (base,), {**fields, **boxes(texts), **more})


def _who_field(who: Who, place: int) -> dict[str, Any]:
    if who.is_child:
        return {
            f"{who.key}_age": AgeField(
                _("Person %(place)s: Alter in Jahren", place=place),
                description=_("Einen Namen brauchen wir von Kindern nicht."),
            )
        }
    return {
        f"{who.key}_name": StringField(_("Person %(place)s: Name", place=place), validators=[AtMost(120)])
    }


def _group_fields(
    who: Who, place: int, rounds: Rounds, by_wishes: bool, offers: Iterable[SupportOffer]
) -> dict[str, Any]:
    if by_wishes:
        return wish_fields(rounds, who.key, place)
    cared_for = who.is_child and any(offer.kind is FOR_CHILDREN_ONLY for offer in offers)
    same = _("wie Sie; in der Kinderbetreuung: keine Gruppe") if cared_for else _("dieselbe Gruppe wie Sie")
    return list_fields(rounds, who.key, place, same)


def _person(
    companion: Companion, groups: dict[int, int], wishes: dict[int, list[int]]
) -> registrations.Person:
    needs = _needs(companion.needs)
    # A child that is looked after takes nobody's seat, unless its parents have chosen one.
    follows = all(need.kind is not FOR_CHILDREN_ONLY for need in needs)
    own: dict[int, int] = {}
    for field in companion.rounds:
        if field.chosen is not None:
            own[field.number] = field.chosen.id
        elif field.data != NO_GROUP and follows and field.number in groups:
            own[field.number] = groups[field.number]
    return registrations.Person(
        name=(companion.name.data or "") if companion.name is not None else "",
        age=companion.age.age if companion.age is not None else None,
        groups=own,
        wishes=_wishes_of(companion, wishes if follows else {}),
        needs=needs,
    )


def _wishes_of(companion: Companion, first: dict[int, list[int]]) -> dict[int, list[int]]:
    own = wishes_in(companion.wishes)
    none = {field.number for field in companion.wishes if field.data == NO_GROUP}
    return {**{number: ids for number, ids in first.items() if number not in none}, **own}


def _needs(field: NeedsField | None) -> list[Wanted]:
    return list(field.data or ()) if field is not None else []
