"""Forms of residents: register, enter a code, choose other groups, cancel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.domain.queries.places import Place
from app.models import ContactChannel, GroupRound, RoleGroup, WorkingGroup
from app.web.filters import clock, passage
from app.web.forms import PICK_ONE, AtMost, BaseForm, PickOne, Required, SelectChoice, SubmissionForm
from app.web.labels import LABELS

NO_GROUP = "keine"
QUEUE = "-warteliste"


@dataclass(frozen=True)
class Wish:
    """What somebody chose for one round: a group round or none, and whether its queue will do as well."""

    number: int
    group_round: GroupRound | None
    queue: bool


class RoundField(RadioField):
    """One group for one round; the choices are the groups that meet in it.

    A value is the group's number, with QUEUE behind it for a place in the queue that is asked for on purpose.
    """

    choices: Any

    def __init__(self, number: int, rounds: list[GroupRound], **options: Any) -> None:
        super().__init__(_question(number, rounds), choices=[], validate_choice=False, **options)
        self.number = number
        self.rounds = {str(held.group.number): held for held in rounds}
        # What stands beneath each choice.
        self.details: dict[str, str] = {}

    def pre_validate(self, form: Any) -> None:
        if self.data != NO_GROUP and self.data.removesuffix(QUEUE) not in self.rounds:
            self.data = NO_GROUP
            raise ValidationError(str(PICK_ONE))

    @property
    def wish(self) -> Wish:
        """What was chosen."""
        value = self.data or NO_GROUP
        return Wish(self.number, self.rounds.get(value.removesuffix(QUEUE)), value.endswith(QUEUE))

    def offer(self) -> None:
        """Show every group as it is now; a full one leads to its queue."""
        self._start()
        for value, held in self.rounds.items():
            self._add(value, held, _queue_words(held) if held.is_full else _free_words(held))
        self._end()

    def offer_change(self, place: Place | None) -> None:
        """The same for somebody who holds `place`; a queue is a choice of its own, so nobody loses a seat unawares."""
        self._start()
        kept = NO_GROUP
        for value, held in self.rounds.items():
            if place is not None and place.group_round.id == held.id:
                waits = place.position is not None
                kept = value + QUEUE if waits else value
                self._add(
                    kept,
                    held,
                    _("Sie stehen auf Platz %(position)s der Warteliste.", position=place.position)
                    if waits
                    else _("Hier ist Ihr Platz sicher."),
                )
            elif held.is_full:
                self._add(value + QUEUE, held, _queue_words(held))
            else:
                self._add(value, held, _free_words(held))
        self._end()
        if self.data not in [choice.value for choice in self.choices]:
            # Nothing is chosen yet, or what was chosen has filled up: what one holds stays.
            self.data = kept

    def _start(self) -> None:
        self.choices, self.details = [], {}

    def _add(self, value: str, held: GroupRound, words: str) -> None:
        self.choices.append(SelectChoice(value, passage(held.group.title)))
        self.details[value] = words

    def _end(self) -> None:
        self.choices.append(SelectChoice(NO_GROUP, _("Keine Gruppe – ich entscheide vor Ort")))


class _WithRounds(BaseForm):
    """A form with one RoundField per round; see `with_rounds`."""

    round_names: tuple[str, ...] = ()

    @property
    def rounds(self) -> list[RoundField]:
        """The fields of the rounds, in order."""
        return [self._fields[name] for name in self.round_names]

    @property
    def wishes(self) -> list[Wish]:
        """What was chosen for each round; nothing for a round the form did not show."""
        return [field.wish for field in self.rounds if field.raw_data]


class RegistrationForm(_WithRounds, SubmissionForm):
    """A resident registers; only the role is asked of everybody."""

    role_group = PickOne(
        _l("Als wer kommen Sie?"),
        choices=[SelectChoice(role.value, LABELS[role]) for role in RoleGroup],
        validators=[Required(_l("Bitte wählen Sie, als wer Sie kommen."))],
    )
    display_name = StringField(
        _l("Wie dürfen wir Sie nennen?"),
        description=_l("Ein Vorname oder ein Spitzname reicht."),
        validators=[AtMost(120)],
    )
    organisation = StringField(
        _l("Für wen kommen Sie?"),
        description=_l(
            "Nur wenn Sie für eine Einrichtung, einen Verein, eine Partei oder eine Zeitung kommen."
        ),
        validators=[AtMost(200)],
    )
    contact_channel = PickOne(
        _l("Wie sollen wir Sie erreichen?"),
        description=_l("Zum Beispiel, wenn Sie von der Warteliste nachrücken oder sich der Termin ändert."),
        choices=[SelectChoice(channel.value, LABELS[channel]) for channel in ContactChannel],
    )
    email = StringField(_l("Ihre E-Mail-Adresse"), description=_l("Zum Beispiel: name@beispiel.de"))
    phone = StringField(_l("Ihre Telefonnummer"), description=_l("Zum Beispiel: 02000 123456"))
    post = TextAreaField(
        _l("Ihre Anschrift"), description=_l("Name, Straße und Hausnummer, Postleitzahl und Ort")
    )

    @property
    def channel(self) -> ContactChannel:
        """The way that was chosen; without a choice the one that was filled in, if it is one."""
        if self.contact_channel.data:
            return ContactChannel(self.contact_channel.data)
        filled = [channel for channel, field in self._ways().items() if field.data]
        return filled[0] if len(filled) == 1 else ContactChannel.NONE

    @property
    def contact(self) -> str:
        """What was typed for the chosen way; what was typed for others is not kept."""
        field = self._ways().get(self.channel)
        return field.data or "" if field is not None else ""

    def validate_email(self, field: StringField) -> None:
        if self._is_chosen(field):
            _need(field, _("Bitte geben Sie Ihre E-Mail-Adresse ein, oder wählen Sie „gar nicht“."), 254)
            try:
                field.data = validate_email(field.data or "", check_deliverability=False).normalized
            except EmailNotValidError as error:
                raise ValidationError(
                    _(
                        "Diese E-Mail-Adresse stimmt so nicht. Bitte prüfen Sie sie, zum Beispiel: name@beispiel.de"
                    )
                ) from error

    def validate_phone(self, field: StringField) -> None:
        if self._is_chosen(field):
            _need(field, _("Bitte geben Sie Ihre Telefonnummer ein, oder wählen Sie „gar nicht“."), 60)
            typed = field.data or ""
            digits = sum(sign.isdecimal() for sign in typed)
            if digits < 5 or re.search(r"[^\d\s+()/.\-–]", typed):
                raise ValidationError(
                    _("Diese Telefonnummer stimmt so nicht. Bitte prüfen Sie sie, zum Beispiel: 02000 123456")
                )

    def validate_post(self, field: TextAreaField) -> None:
        if self._is_chosen(field):
            _need(field, _("Bitte geben Sie Ihre Anschrift ein, oder wählen Sie „gar nicht“."), 500)

    def _ways(self) -> dict[ContactChannel, Any]:
        return {
            ContactChannel.EMAIL: self.email,
            ContactChannel.PHONE: self.phone,
            ContactChannel.POST: self.post,
        }

    def _is_chosen(self, field: Any) -> bool:
        return self._ways().get(self.channel) is field


class ChangeForm(_WithRounds):
    """Somebody who is registered chooses other groups."""


class CodeForm(BaseForm):
    """The code of a registration."""

    code = StringField(
        _l("Ihr Code"),
        description=_l("Drei Wörter und eine Zahl. Groß oder klein und Leerzeichen sind egal."),
        validators=[Required(_l("Bitte geben Sie Ihren Code ein.")), AtMost(200)],
    )


class ConfirmForm(BaseForm):
    """One button: cancel, or forget on this device."""


def with_rounds(base: type[_WithRounds], groups: Iterable[WorkingGroup]) -> type[Any]:
    """A child of `base` with one field per round of these groups."""
    rounds: dict[int, list[GroupRound]] = {}
    for group in groups:
        for held in group.rounds:
            rounds.setdefault(held.number, []).append(held)
    fields: dict[str, Any] = {
        f"round_{number}": RoundField(number, rounds[number], default=NO_GROUP) for number in sorted(rounds)
    }
    return type(base.__name__, (base,), {**fields, "round_names": tuple(fields)})


def _question(number: int, rounds: list[GroupRound]) -> Any:
    item = rounds[0].agenda_item
    if item is not None:
        return _l(
            "In welcher Gruppe möchten Sie mitreden? Runde %(number)s, %(start)s bis %(end)s Uhr",
            number=number,
            start=clock(item.starts_at),
            end=clock(item.ends_at),
        )
    if number > 1:
        return _l("In welcher Gruppe möchten Sie mitreden? Runde %(number)s", number=number)
    return _l("In welcher Gruppe möchten Sie mitreden?")


def _free_words(held: GroupRound) -> str:
    return ngettext("Noch %(num)s Platz frei", "Noch %(num)s Plätze frei", held.seats_free)


def _queue_words(held: GroupRound) -> str:
    return _("voll: Warteliste, Sie wären auf Platz %(position)s", position=held.waiting + 1)


def _need(field: Any, sentence: str, most: int) -> None:
    if not field.data:
        raise ValidationError(sentence)
    AtMost(most)(None, field)
