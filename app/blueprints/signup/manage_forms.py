"""Forms with which staff register people, move them between groups and correct what is known of them."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.domain.queries.registrations import Meeting
from app.domain.registrations import Details
from app.models import ContactChannel, RegistrationChannel, RoleGroup, SeatState
from app.web import languages
from app.web.forms import AtMost, BaseForm, SelectChoice, SubmissionForm
from app.web.labels import label

NO_GROUP = ""


def _choices(members: Any) -> list[SelectChoice]:
    return [SelectChoice(member.value, label(member)) for member in members]


class _DetailsForm(BaseForm):
    """Who it is and how to reach them."""

    display_name = StringField(_l("Name"), validators=[AtMost(120)])
    role_group = SelectField(
        _l("Nimmt teil als"), validators=[InputRequired()], choices=lambda: _choices(RoleGroup)
    )
    organisation = StringField(_l("Einrichtung, Verein oder Partei"), validators=[AtMost(200)])
    contact_channel = SelectField(
        _l("Wie erreichen wir die Person?"),
        validators=[InputRequired()],
        choices=lambda: _choices(
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


class CorrectForm(_DetailsForm):
    """The same, for somebody who is registered."""


class _WithGroups:
    """One choice of a group for each round."""

    round_fields: dict[int, Any]

    def chosen(self) -> dict[int, int | None]:
        """The id of the group round wanted in each round; None: no group."""
        return {
            number: int(field.data) if field.data else None for number, field in self.round_fields.items()
        }


def with_groups(
    base: type[BaseForm], rounds: dict[int, list[Meeting]], held: dict[int, int] | None = None
) -> Any:
    """A form of class `base` that also asks for a group in each of `rounds`; `held` names the ones held now."""
    held = held or {}
    fields = {
        f"round_{number}": SelectField(
            _("Gruppe") if len(rounds) == 1 else _("Gruppe in Runde %(number)s", number=number),
            choices=[
                SelectChoice(NO_GROUP, _("keine Gruppe")),
                *(SelectChoice(str(meeting.id), _option(meeting, held.get(number))) for meeting in meetings),
            ],
            default=str(held[number]) if number in held else NO_GROUP,
        )
        for number, meetings in sorted(rounds.items())
    }
    form = type("WithGroups", (_WithGroups, base), fields)()
    form.round_fields = {number: form[f"round_{number}"] for number in sorted(rounds)}
    return form


def _option(meeting: Meeting, held: int | None) -> str:
    title = f"{meeting.group_number}. {meeting.title}"
    if meeting.id == held:
        return _("%(title)s – jetzt gewählt", title=title)
    if not meeting.is_full:
        return _("%(title)s – noch %(free)s frei", title=title, free=meeting.seats_free)
    return _("%(title)s – voll, Warteliste Platz %(place)s", title=title, place=meeting.waiting + 1)


class RegisterForm(SubmissionForm, _DetailsForm):
    """Everything about a new registration, on one page."""

    channel = RadioField(
        _l("Wie kommt die Anmeldung?"),
        validators=[InputRequired(_l("Bitte wählen Sie, wie die Anmeldung kommt."))],
        choices=lambda: _choices(
            (RegistrationChannel.PHONE, RegistrationChannel.PAPER, RegistrationChannel.WALK_IN)
        ),
        default=RegistrationChannel.PHONE.value,
    )

    @property
    def chosen_channel(self) -> RegistrationChannel:
        """The channel for the domain."""
        return RegistrationChannel(self.channel.data)


class ChangeGroupsForm(BaseForm):
    """Which group in which round."""

    accept_queue = BooleanField(_l("Wenn eine Gruppe voll ist: auf die Warteliste setzen"))


class ConfirmForm(BaseForm):
    """Only the token: somebody said yes."""


class FilterForm(BaseForm):
    """Looks for registrations; sent by GET, so that the result has an address."""

    class Meta(BaseForm.Meta):
        csrf = False

    q = StringField(_l("Name, Einrichtung oder Code"), validators=[AtMost(120)])
    gruppe = SelectField(_l("Gruppe"), choices=[])
    stand = SelectField(
        _l("Stand"),
        choices=lambda: [
            SelectChoice("", _("alle angemeldeten")),
            SelectChoice(SeatState.SEATED.value, _("mit sicherem Platz in einer Gruppe")),
            SelectChoice(SeatState.WAITING.value, _("auf einer Warteliste")),
            SelectChoice("cancelled", _("abgesagt")),
        ],
    )
