"""Forms around the proposal of who sits where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Optional

from app.domain.queries.allocation import GroupLine, PersonLine
from app.models import AllocationPlace
from app.web.fields import Whole
from app.web.forms import AtMost, BaseForm, SelectChoice

NO_GROUP = ""
_LARGEST_SEED = 999_999


class AskForm(BaseForm):
    """Ask for a new proposal."""

    seed = Whole(
        _l("Startzahl für das Los"),
        description=_l(
            "Ohne Angabe wird sie gelost. Mit derselben Zahl und denselben Anmeldungen kommt dasselbe heraus."
        ),
        least=1,
        most=_LARGEST_SEED,
        validators=[Optional()],
    )


class AllocationFilterForm(BaseForm):
    """Which people of a proposal are shown."""

    class Meta(BaseForm.Meta):
        csrf = False

    zeige = SelectField(
        _l("Wer"),
        choices=[
            SelectChoice("", _l("alle")),
            SelectChoice("ohne", _l("ohne Platz")),
            SelectChoice("keiner", _l("mit Platz, aber ohne erfüllten Wunsch")),
            SelectChoice("hand", _l("von Hand geändert")),
            SelectChoice("nicht", _l("nicht gegeben oder seither geändert")),
        ],
        default="",
        validate_choice=False,
    )


class ReleaseForm(BaseForm):
    """One button."""


class AdjustForm(BaseForm):
    """Other groups for one person, and why."""

    reason = TextAreaField(
        _l("Grund"), description=_l("Die Person liest ihn bei ihrer Anmeldung."), validators=[AtMost(500)]
    )

    round_fields: dict[int, Any]

    def wanted(self) -> dict[int, int | None]:
        """The id of the group round wanted in each round; None: no group."""
        return {
            number: int(field.data) if field.data else None for number, field in self.round_fields.items()
        }


def adjust_form(line: PersonLine, groups: Sequence[GroupLine]) -> AdjustForm:
    """One choice for each round in which the person is placed."""
    fields = {
        f"round_{given.round_number}": SelectField(
            _("Gruppe in Runde %(number)s", number=given.round_number),
            choices=[
                SelectChoice(NO_GROUP, _("keine Gruppe")),
                *(
                    SelectChoice(str(group.meeting.id), _option(group, given.place))
                    for group in groups
                    if group.meeting.number == given.round_number
                ),
            ],
            default=str(given.place.group_round_id or NO_GROUP),
        )
        for given in line.given
    }
    form = type("AdjustPersonForm", (AdjustForm,), fields)()
    form.round_fields = {given.round_number: form[f"round_{given.round_number}"] for given in line.given}
    return form


def _option(group: GroupLine, place: AllocationPlace) -> str:
    title = f"{group.meeting.group.number}. {group.meeting.group.title}"
    if group.meeting.id in place.wishes:
        title = _("%(title)s (Wunsch %(rank)s)", title=title, rank=place.wishes.index(group.meeting.id) + 1)
    if group.meeting.id == place.group_round_id:
        return _("%(title)s – jetzt vorgeschlagen", title=title)
    left = group.meeting.seats_free - group.people
    return (
        _("%(title)s – noch %(free)s frei", title=title, free=left)
        if left > 0
        else _("%(title)s – voll", title=title)
    )
