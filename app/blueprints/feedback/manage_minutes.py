"""Minutes of the groups: how many sat there, what was important, who has agreed."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.feedback import bp
from app.blueprints.feedback.manage_forms import Confirm, MinutesForm
from app.blueprints.feedback.manage_page import address, page
from app.domain import editing, minutes
from app.domain.errors import DomainError
from app.domain.queries import minutes as read
from app.models import Conference, WorkingGroup
from app.policies import Permission
from app.web.access import requires
from app.web.saving import saved


@bp.get("/verwaltung/<host>/<conference>/protokolle")
@requires(Permission.MODERATE, Conference)
def edit_minutes(conference: Conference) -> ResponseReturnValue:
    """All minutes, with what is missing in each."""
    entries = read.overview(conference)
    return page(
        "edit_minutes",
        conference,
        entries=entries,
        complete=sum(entry.is_complete for entry in entries),
        several_rounds=any(entry.round_number != 1 for entry in entries),
    )


@bp.route(
    "/verwaltung/<host>/<conference>/protokolle/<int:number>/<int:round_number>", methods=["GET", "POST"]
)
@requires(Permission.MODERATE, WorkingGroup)
def edit_minutes_of(group: WorkingGroup, round_number: int) -> ResponseReturnValue:
    _refuse_unmet(group, round_number)
    conference, number = group.conference, group.number

    def stored() -> tuple[dict[str, Any], str]:
        values = minutes.values(group, round_number)
        return values, editing.seen(values)

    fields, shown = stored()
    form = MinutesForm(data=fields)
    form.start(shown)
    if form.validate_on_submit() and saved(
        form,
        lambda: minutes.save(group, round_number, form.take(), shown=form.shown.data or ""),
        stored,
    ):
        flash(_("Das Protokoll ist gespeichert."), "success")
        return redirect(address("edit_minutes", conference), 303)
    return page(
        "edit_minutes_of",
        conference,
        form.status,
        form=form,
        group=group,
        number=number,
        round_number=round_number,
        exists=minutes.of(group, round_number) is not None,
    )


@bp.route(
    "/verwaltung/<host>/<conference>/protokolle/<int:number>/<int:round_number>/entfernen",
    methods=["GET", "POST"],
)
@requires(Permission.MODERATE, WorkingGroup)
def remove_minutes(group: WorkingGroup, round_number: int) -> ResponseReturnValue:
    _refuse_unmet(group, round_number)
    conference, number, title, form = group.conference, group.number, str(group.title), Confirm()
    if form.validate_on_submit():
        try:
            minutes.remove(group, round_number)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Das Protokoll ist entfernt."), "success")
            return redirect(address("edit_minutes", conference), 303)
    return page(
        "remove",
        conference,
        form.status,
        form=form,
        question=_("Protokoll entfernen?"),
        consequence=_(
            "Das Protokoll von „%(group)s“, Runde %(round)s, wird gelöscht.", group=title, round=round_number
        ),
        above=(_("Protokolle"), address("edit_minutes", conference)),
        back=address("edit_minutes_of", conference, number=number, round_number=round_number),
    )


def _refuse_unmet(group: WorkingGroup, round_number: int) -> None:
    if not minutes.meets(group, round_number):
        abort(404)
