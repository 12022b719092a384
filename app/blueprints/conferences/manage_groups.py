"""The working groups of a conference: what they are about, their order, their seats in each round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.blueprints.conferences import bp
from app.blueprints.conferences.manage_forms import Confirm
from app.blueprints.conferences.manage_page import address, page, put_in_order
from app.blueprints.conferences.manage_programme_forms import Group, NewGroup, places_form
from app.database import db
from app.domain import editing, groups, programme
from app.domain.errors import DomainError
from app.domain.queries import conferences as queries
from app.domain.queries import queues
from app.models import Conference, ConferenceStatus, WorkingGroup
from app.policies import Permission
from app.web.access import requires
from app.web.saving import saved


@bp.get("/verwaltung/<host>/<conference>/gruppen")
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_groups(conference: Conference) -> ResponseReturnValue:
    offered = queues.offered_seats(conference)
    entries = [
        {
            "id": group.id,
            "title": _("AG %(number)s: %(title)s", number=group.number, title=str(group.title)),
            "detail": _detail(group, offered),
            "url": address("edit_group", conference, group=group.id),
        }
        for group in queries.groups_of(conference)
    ]
    return page(
        "edit_groups",
        conference,
        entries=entries,
        is_draft=conference.status is ConferenceStatus.DRAFT,
    )


def _detail(group: WorkingGroup, offered_seats: Mapping[int, int]) -> str:
    offered = sum(offered_seats.get(group_round.id, 0) for group_round in group.rounds)
    taken = sum(group_round.seats_taken for group_round in group.rounds) - offered
    seats = sum(group_round.capacity for group_round in group.rounds)
    waiting = sum(group_round.waiting for group_round in group.rounds)
    parts = [
        _("%(taken)s von %(seats)s Plätzen vergeben", taken=taken, seats=seats),
        _("%(count)s angeboten", count=offered) if offered else "",
        ngettext("%(num)s wartet", "%(num)s warten", waiting) if waiting else "",
        ngettext("%(num)s Runde", "%(num)s Runden", len(group.rounds)) if len(group.rounds) > 1 else "",
        group.room.name if group.room else "",
    ]
    return " · ".join(part for part in parts if part)


@bp.post("/verwaltung/<host>/<conference>/gruppen/reihenfolge")
@requires(Permission.EDIT_CONFERENCE, Conference)
def order_groups(conference: Conference) -> ResponseReturnValue:
    return put_in_order(
        conference, groups.reorder, groups.move, "edit_groups", _("Die Reihenfolge ist gespeichert.")
    )


@bp.route("/verwaltung/<host>/<conference>/gruppen/neu", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def add_group(conference: Conference) -> ResponseReturnValue:
    form = NewGroup()
    form.offer(conference)
    form.start("")
    if form.validate_on_submit() and saved(
        form,
        lambda: groups.add(conference, form.take(), capacity=form.capacity.data),
        lambda: ({}, ""),
    ):
        flash(_("Die Arbeitsgruppe ist gespeichert."), "success")
        return redirect(address("edit_groups", conference), 303)
    return page("edit_group", conference, form.status, form=form, group_id=None, number=None)


@bp.route("/verwaltung/<host>/<conference>/gruppen/<int:group>", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_group(conference: Conference, group: int) -> ResponseReturnValue:
    found = _group(conference, group)
    number = found.number

    def stored() -> tuple[dict[str, Any], str]:
        values = editing.values(found, groups.FIELDS)
        return Group.put(values), editing.seen(values)

    fields, shown = stored()
    form = Group(data=fields)
    form.offer(conference, found.interpreter_languages)
    form.start(shown)
    if form.validate_on_submit() and saved(
        form, lambda: groups.edit(found, form.take(), shown=form.shown.data or ""), stored
    ):
        flash(_("Die Arbeitsgruppe ist gespeichert."), "success")
        return redirect(address("edit_groups", conference), 303)
    return page("edit_group", conference, form.status, form=form, group_id=group, number=number)


@bp.route("/verwaltung/<host>/<conference>/gruppen/<int:group>/entfernen", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def remove_group(conference: Conference, group: int) -> ResponseReturnValue:
    found = _group(conference, group)
    title, form = str(found.title), Confirm()
    if form.validate_on_submit():
        try:
            groups.remove(found)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("„%(title)s“ ist entfernt.", title=title), "success")
            return redirect(address("edit_groups", conference), 303)
    return page(
        "remove",
        conference,
        form.status,
        form=form,
        question=_("Arbeitsgruppe entfernen?"),
        consequence=_("„%(title)s“ fällt weg, mit allen Plätzen und Texten.", title=title),
        back=address("edit_group", conference, group=group),
    )


@bp.route("/verwaltung/<host>/<conference>/plaetze", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_places(conference: Conference) -> ResponseReturnValue:
    def stored() -> tuple[dict[str, Any], str]:
        fields = groups.as_text(groups.places(conference))
        return dict(fields), editing.seen(fields)

    listed = queries.groups_of(conference)
    numbers = groups.round_numbers(conference)
    fields, shown = stored()
    cells = {groups.field_of(group.id, number): (group.id, number) for group in listed for number in numbers}
    form = places_form(listed, numbers)(data=fields)
    form.start(shown)
    if form.validate_on_submit():
        moved_up = 0

        def act() -> None:
            nonlocal moved_up
            wanted = {cell: form[field].data for field, cell in cells.items()}
            moved_up = len(groups.set_places(conference, wanted, shown=form.shown.data or ""))

        if saved(form, act, stored):
            flash(_("Die Plätze sind gespeichert."), "success")
            if moved_up:
                flash(
                    ngettext(
                        "%(num)s Person ist von der Warteliste nachgerückt. Wer eine E-Mail-Adresse angegeben hat, "
                        "bekommt eine Nachricht.",
                        "%(num)s Personen sind von der Warteliste nachgerückt. Wer eine E-Mail-Adresse angegeben hat, "
                        "bekommt eine Nachricht.",
                        moved_up,
                    ),
                    "success",
                )
            return redirect(address("edit_places", conference), 303)
        listed = queries.groups_of(conference)
    return page(
        "edit_places",
        conference,
        form.status,
        form=form,
        rows=[
            (
                group,
                [
                    (form[groups.field_of(group.id, number)], _round_of(group, number))
                    for number in numbers
                    if groups.field_of(group.id, number) in form
                ],
            )
            for group in listed
        ],
        numbers=numbers,
        offered=queues.offered_seats(conference),
        rounds={item.round_number: item for item in programme.rounds(conference)},
    )


def _round_of(group: WorkingGroup, number: int) -> Any:
    return next((group_round for group_round in group.rounds if group_round.number == number), None)


def _group(conference: Conference, group_id: int) -> WorkingGroup:
    """The group of this conference; 404 for another one's."""
    found = db.session.get(WorkingGroup, group_id)
    if found is None or found.conference_id != conference.id:
        abort(404)
    return found
