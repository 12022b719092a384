"""Forms with which staff find registrations, correct them, change their people and groups, and answer offers."""

from __future__ import annotations

import enum
import re
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from app.domain import secrets
from app.domain.queries.registrations import Overview, Stand
from app.domain.registrations import Details
from app.models import ContactChannel, Registration, RegistrationChannel, RoleGroup
from app.web import languages
from app.web.fields import EditForm
from app.web.forms import AtMost, BaseForm, Required, SelectChoice, one_line
from app.web.labels import label

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


class CorrectForm(EditForm, DetailsForm):
    """The same, for somebody who is registered."""

    _left: tuple[ContactChannel, str] | None = None

    def leave_contact(self, registration: Registration) -> None:
        """Ask for all but the contact, which stays what it is: links that open the registration go there."""
        self._left = registration.contact_channel, secrets.decrypt(registration.contact)
        del self.contact_channel
        del self.contact

    @property
    def details(self) -> Details:
        """What was typed, with the contact that is left as it is."""
        if self._left is None:
            return super().details
        channel, contact = self._left
        return Details(
            role_group=RoleGroup(self.role_group.data),
            display_name=self.display_name.data or "",
            organisation=self.organisation.data or "",
            language=self.language.data,
            contact_channel=channel,
            contact=contact,
        )


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

    # How many people the page has shown: sent twice, it adds one.
    known = HiddenField()
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
    def known_people(self) -> int:
        """How many people the page has shown."""
        typed = self.known.data or ""
        return int(typed) if re.fullmatch(r"\d{1,3}", typed, re.ASCII) else 0

    @property
    def years(self) -> int | None:
        """The age of a child."""
        return int(self.age.data) if self.age.data else None


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
