"""Forms with which staff find registrations, correct them, change their people and groups, and answer offers."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from app.domain.queries.places import Held
from app.domain.queries.queues import Meeting
from app.domain.queries.registrations import Overview, Stand
from app.domain.registrations import Details
from app.models import ContactChannel, Participant, RegistrationChannel, RoleGroup
from app.web import languages
from app.web.forms import AtMost, BaseForm, Required, SelectChoice, one_line
from app.web.labels import label

NO_GROUP = ""
OLDEST_CHILD = 17
LONGEST_REASON = 500

STAND_WORDS: dict[Stand, Any] = {
    Stand.CONFIRMED: _l("angemeldet"),
    Stand.WAITLISTED: _l("auf der Warteliste der Konferenz"),
    Stand.OFFERED: _l("mit offenem Angebot"),
    Stand.CALLS: _l("wartet auf unseren Anruf"),
    Stand.SEATED: _l("mit sicherem Platz in einer Gruppe"),
    Stand.WAITING: _l("auf der Warteliste einer Gruppe"),
    Stand.ATTENDED: _l("war da"),
    Stand.NO_SHOW: _l("war nicht da"),
    Stand.LAPSED: _l("Angebot nicht angenommen"),
    Stand.CANCELLED: _l("abgesagt"),
}


def choices_of(members: Any) -> list[SelectChoice]:
    """Enum members to choose from, in words."""
    return [SelectChoice(member.value, label(member)) for member in members]


class DetailsForm(BaseForm):
    """Who it is and how to reach them."""

    display_name = StringField(_l("Name"), validators=[AtMost(120)])
    role_group = SelectField(
        _l("Nimmt teil als"), validators=[InputRequired()], choices=lambda: choices_of(RoleGroup)
    )
    organisation = StringField(_l("Einrichtung, Verein oder Partei"), validators=[AtMost(200)])
    contact_channel = SelectField(
        _l("Wie erreichen wir die Person?"),
        validators=[InputRequired()],
        choices=lambda: choices_of(
            (ContactChannel.PHONE, ContactChannel.EMAIL, ContactChannel.POST, ContactChannel.NONE)
        ),
    )
    contact = StringField(_l("Telefonnummer, E-Mail-Adresse oder Anschrift"), validators=[AtMost(500)])
    language = SelectField(
        _l("Sprache für Nachrichten"),
        validators=[InputRequired()],
        choices=lambda: [
            SelectChoice(language.code, language.name) for language in languages.INSTALLED.values()
        ],
    )

    def validate_contact(self, field: StringField) -> None:
        channel = self.contact_channel.data
        if channel not in {member.value for member in ContactChannel}:
            return
        if channel == ContactChannel.NONE.value:
            if field.data:
                raise ValidationError(
                    _(
                        "Hier steht etwas, aber oben ist „gar nicht“ gewählt. Bitte ändern Sie eines von beiden."
                    )
                )
            return
        if not field.data:
            raise ValidationError(
                _("Bitte geben Sie an, wie wir die Person erreichen, oder wählen Sie oben „gar nicht“.")
            )
        if channel == ContactChannel.EMAIL.value:
            try:
                field.data = validate_email(
                    field.data, check_deliverability=False, test_environment=True
                ).normalized
            except EmailNotValidError as error:
                raise ValidationError(
                    _(
                        "Diese E-Mail-Adresse stimmt so nicht. "
                        "Bitte prüfen Sie sie, zum Beispiel: name@beispiel.de"
                    )
                ) from error
        if channel == ContactChannel.PHONE.value and sum(map(str.isdigit, field.data)) < 3:
            raise ValidationError(
                _("Das ist keine Telefonnummer. Bitte prüfen Sie sie, zum Beispiel: 0209 123456")
            )

    @property
    def details(self) -> Details:
        """What was typed, for the domain."""
        return Details(
            role_group=RoleGroup(self.role_group.data),
            display_name=self.display_name.data or "",
            organisation=self.organisation.data or "",
            language=self.language.data,
            contact_channel=ContactChannel(self.contact_channel.data),
            contact=self.contact.data or "",
        )


class CorrectForm(DetailsForm):
    """The same, for somebody who is registered."""


class ConfirmForm(BaseForm):
    """Only the token: somebody said yes."""


class AddressForm(BaseForm):
    """What stands in the window of an envelope; it is printed and not kept."""

    address = TextAreaField(_l("Anschrift auf dem Brief"), validators=[AtMost(500)])


class LetInForm(BaseForm):
    """Somebody comes in before their turn."""

    reason = StringField(_l("Warum?"), validators=[Required(), AtMost(LONGEST_REASON)])


class Deed(enum.Enum):
    """What staff do with an offer."""

    CALLED = "angerufen"
    ACCEPT = "annehmen"
    DECLINE = "ablehnen"


class OfferForm(BaseForm):
    """Which offer, and what is done with it; sent by buttons."""

    deed = HiddenField()
    group_round = HiddenField()

    def validate_deed(self, field: HiddenField) -> None:
        if field.data not in {deed.value for deed in Deed}:
            raise ValidationError(_("Bitte drücken Sie einen der Knöpfe."))

    @property
    def group_round_id(self) -> int | None:
        """None: the place at the conference. An id that is none finds no offer."""
        text = self.group_round.data or ""
        if not text:
            return None
        return int(text) if re.fullmatch(r"\d{1,17}", text, re.ASCII) else 0


class PurposeForm(BaseForm):
    """Which consent is withdrawn."""

    purpose = HiddenField()


class PersonForm(BaseForm):
    """One person of a household: an adult with or without a name, or a child by its age."""

    name = StringField(_l("Name"), validators=[AtMost(120)])
    age = StringField(
        _l("Alter, nur bei Kindern"), description=_l("Ein Kind hat hier keinen Namen, nur sein Alter.")
    )

    def validate_age(self, field: StringField) -> None:
        typed = one_line(field.data or "")
        if not typed:
            return
        if not re.fullmatch(r"\d{1,2}", typed, re.ASCII) or int(typed) > OLDEST_CHILD:
            raise ValidationError(_("Das Alter eines Kindes ist eine Zahl von 0 bis 17."))
        if self.name.data:
            raise ValidationError(_("Von Kindern speichern wir keinen Namen. Bitte lassen Sie ihn weg."))

    @property
    def years(self) -> int | None:
        """The age of a child."""
        return int(self.age.data) if self.age.data else None


class GroupsForm(BaseForm):
    """Which group each person has in which round; see `groups_form`."""

    override = StringField(_l("Platz trotz voller Gruppe, weil"), validators=[AtMost(LONGEST_REASON)])
    held: Mapping[tuple[int, int], str]

    def chosen(self) -> dict[int, dict[int, int | None]]:
        """Ids of group rounds by participant and round, only where something else is wanted than there is now."""
        found: dict[int, dict[int, int | None]] = {}
        for (person_id, number), before in self.held.items():
            value = self[field_name(person_id, number)].data or NO_GROUP
            # With a reason somebody who waits already is seated as well.
            if value != before or (self.override.data and value != NO_GROUP):
                found.setdefault(person_id, {})[number] = int(value) if value else None
        return found

    def fields_of(self, person_id: int) -> list[Any]:
        return [self[field_name(person, number)] for person, number in self.held if person == person_id]


def groups_form(
    people: list[Participant], rounds: dict[int, list[Meeting]], held: dict[int, dict[int, Held]]
) -> GroupsForm:
    """A form that asks each of `people` for a group in each of `rounds`; `held` is what they have now."""
    fields: dict[str, Any] = {}
    before: dict[tuple[int, int], str] = {}
    for place, person in enumerate(people, start=1):
        for number, meetings in sorted(rounds.items()):
            has = held.get(person.id, {}).get(number, Held())
            wanted = has.queued or has.seated
            before[person.id, number] = str(wanted.id) if wanted else NO_GROUP
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
    return form


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


class FilterForm(BaseForm):
    """Looks for registrations; sent by GET, so that the result has an address."""

    class Meta(BaseForm.Meta):
        csrf = False

    q = StringField(_l("Name, Einrichtung oder Code"), validators=[AtMost(120)])
    stand = SelectField(_l("Stand"), choices=[])
    gruppe = SelectField(_l("Gruppe"), choices=[])
    weg = SelectField(_l("Angemeldet über"), choices=[])

    def offer(self, overview: Overview, meeting_words: dict[int, str]) -> None:
        """Show what can be chosen, each with the number of registrations."""
        self.stand.choices = [
            SelectChoice("", _("alle angemeldeten und wartenden")),
            *(
                _counted(stand.value, words, overview.by_stand.get(stand, 0))
                for stand, words in STAND_WORDS.items()
            ),
        ]
        self.gruppe.choices = [
            SelectChoice("", _("alle Gruppen")),
            *(
                _counted(str(meeting_id), words, overview.by_meeting.get(meeting_id, 0))
                for meeting_id, words in meeting_words.items()
            ),
        ]
        self.weg.choices = [
            SelectChoice("", _("alle Wege")),
            *(
                _counted(channel.value, label(channel), overview.by_channel.get(channel, 0))
                for channel in RegistrationChannel
            ),
        ]


def _counted(value: str, words: Any, count: int) -> SelectChoice:
    return SelectChoice(value, f"{words} ({count})")
