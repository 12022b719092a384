"""Forms of the day: what is typed at the door, who comes without registration, what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SearchField, StringField
from wtforms.validators import ValidationError

from app.domain.queries.day import RoomCount
from app.domain.registrations import LARGEST_HOUSEHOLD, Person
from app.exports.print import labels, name_tags
from app.exports.print.pack import Part
from app.models import RoleGroup
from app.web.fields import LINE, OneOfMany, SomeOf, Whole, line
from app.web.forms import AtMost, BaseForm, Required, SelectChoice, SubmissionForm
from app.web.labels import label

OLDEST_CHILD = 17


class PressForm(BaseForm):
    """A button alone."""


class CodeForm(BaseForm):
    """What was read out, typed, or read by the camera."""

    code = StringField(_l("Code der Anmeldung"), validators=[Required(), AtMost(LINE)])


class SearchForm(BaseForm):
    """Looks for people in the list; sent by GET."""

    class Meta(BaseForm.Meta):
        csrf = False

    q = SearchField(_l("Name oder Einrichtung"), validators=[AtMost(LINE)])


class WalkInForm(SubmissionForm):
    """People who come unannounced. As it is first shown it is right for one adult."""

    adults = Whole(_l("Erwachsene"), most=LARGEST_HOUSEHOLD, default=1, validators=[Required()])
    children = line(
        _l("Alter der Kinder"), most=60, description=_l("Zahlen mit Komma dazwischen, zum Beispiel: 4, 7")
    )
    display_name = line(_l("Name für das Namensschild"), most=120)
    role_group = OneOfMany(
        _l("Nimmt teil als"),
        default=RoleGroup.RESIDENT.value,
        choices=lambda: [SelectChoice(member.value, label(member)) for member in RoleGroup],
        validators=[Required()],
    )
    ages: list[int]

    def validate_children(self, field: Any) -> None:
        self.ages = []
        for part in re.split(r"[,;\s]+", field.data.strip()) if field.data.strip() else []:
            if not (part.isascii() and part.isdigit() and len(part) < 4 and int(part) <= OLDEST_CHILD):
                raise ValidationError(
                    _(
                        "„%(typed)s“ ist kein Alter eines Kindes. Bitte geben Sie Zahlen von 0 bis %(oldest)s ein.",
                        typed=part,
                        oldest=OLDEST_CHILD,
                    )
                )
            self.ages.append(int(part))

    def people(self) -> list[Person]:
        """The household: adults in the chosen groups, and children, who go with them."""
        groups = {number: int(field.data) for number, field in self.round_fields.items() if field.data}
        adults = [Person(groups=groups) for _number in range(self.adults.data)]
        if adults and self.display_name.data:
            adults[0] = Person(name=self.display_name.data, groups=groups)
        return [*adults, *(Person(age=age, groups=groups if not adults else {}) for age in self.ages)]

    @property
    def round_fields(self) -> dict[int, Any]:
        return {
            int(name.removeprefix("round_")): field
            for name, field in self._fields.items()
            if name.startswith("round_")
        }


def with_rooms(rooms: Iterable[RoomCount], free: dict[int, int]) -> WalkInForm:
    """The form with a list of the groups that have free seats for each round; `free` says how many, by group round."""
    by_round: dict[int, list[RoomCount]] = {}
    for room in rooms:
        by_round.setdefault(room.meeting.round_number, []).append(room)
    fields = {
        f"round_{number}": OneOfMany(
            _("Gruppe in Runde %(number)s", number=number) if len(by_round) > 1 else _("Gruppe"),
            choices=[
                SelectChoice("", _("keine Gruppe")),
                *(
                    SelectChoice(
                        str(room.meeting.id),
                        _(
                            "%(number)s. %(title)s (%(free)s frei)",
                            number=room.meeting.group_number,
                            title=str(room.meeting.title),
                            free=free[room.meeting.id],
                        ),
                    )
                    for room in found
                    if free[room.meeting.id] > 0
                ),
            ],
        )
        for number, found in sorted(by_round.items())
    }
    form: WalkInForm = type("WalkInFormHere", (WalkInForm,), fields)()
    return form


PARTS = {
    Part.NAME_TAGS: _l("Namensschilder"),
    Part.ATTENDANCE: _l("Anwesenheitsliste"),
    Part.DOOR_SIGNS: _l("Türschilder"),
    Part.DAY_PLANS: _l("Tagesplan für jeden Raum"),
    Part.TABLE_SHEETS: _l("Tischblätter mit Leitfragen"),
    Part.POSTER: _l("Plakat"),
    Part.FLYER: _l("Flyer"),
}


class PackForm(BaseForm):
    """What to print; sent by GET, so that a pack has an address."""

    class Meta(BaseForm.Meta):
        csrf = False

    teile = SomeOf(
        _l("Was möchten Sie drucken?"),
        choices=lambda: [SelectChoice(part.value, words) for part, words in PARTS.items()],
    )
    bogen = OneOfMany(
        _l("Bogen für die Namensschilder"),
        choices=lambda: [SelectChoice(sheet.key, sheet.name) for sheet in labels.SHEETS.values()],
        default="avery-l4785",
    )
    beginn = Whole(
        _l("Erstes freies Schild auf dem ersten Bogen"),
        most=max(sheet.count for sheet in labels.SHEETS.values()),
        default=1,
        description=_l(
            "1, wenn der Bogen neu ist. Gezählt wird von links nach rechts und von oben nach unten."
        ),
    )
    leer = Whole(_l("Leere Schilder für Menschen ohne Anmeldung"), most=name_tags.MOST_EMPTY, default=10)

    def validate_teile(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Bitte wählen Sie mindestens ein Blatt aus."))

    def validate_beginn(self, field: Any) -> None:
        sheet = labels.SHEETS.get(self.bogen.data)
        if sheet and field.data is not None and not 1 <= field.data <= sheet.count:
            raise ValidationError(
                _(
                    "Auf diesem Bogen sind %(count)s Schilder. Bitte geben Sie eine Zahl davon ein.",
                    count=sheet.count,
                )
            )
