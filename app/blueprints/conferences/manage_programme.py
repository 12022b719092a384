"""The programme of a conference: its points and their order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.conferences import bp
from app.blueprints.conferences.manage_forms import Confirm
from app.blueprints.conferences.manage_page import address, page, put_in_order
from app.blueprints.conferences.manage_programme_forms import Item
from app.database import db
from app.domain import editing, local_time, programme
from app.domain.errors import DomainError
from app.domain.queries import conferences as queries
from app.models import AgendaItem, Conference
from app.policies import Permission
from app.web.access import requires
from app.web.filters import clock
from app.web.labels import label
from app.web.saving import saved


@bp.get("/verwaltung/<host>/<conference>/ablauf")
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_programme(conference: Conference) -> ResponseReturnValue:
    entries = [
        {
            "id": item.id,
            "title": str(item.title),
            "detail": _detail(item),
            "url": address("edit_item", conference, item=item.id),
        }
        for item in queries.programme_of(conference)
    ]
    return page("edit_programme", conference, entries=entries)


def _detail(item: AgendaItem) -> str:
    time = _("%(start)s bis %(end)s Uhr", start=clock(item.starts_at), end=clock(item.ends_at))
    words = label(item.kind)
    if item.round_number:
        words = _("Arbeitsgruppen, Runde %(number)s", number=item.round_number)
    room = item.room.name if item.room else ""
    return " · ".join(part for part in (time, words if words != str(item.title) else "", room) if part)


@bp.post("/verwaltung/<host>/<conference>/ablauf/reihenfolge")
@requires(Permission.EDIT_CONFERENCE, Conference)
def order_programme(conference: Conference) -> ResponseReturnValue:
    return put_in_order(
        conference,
        programme.reorder,
        programme.move,
        "edit_programme",
        _("Die Reihenfolge ist gespeichert. Die Zeiten sind nachgerückt."),
    )


@bp.route("/verwaltung/<host>/<conference>/ablauf/neu", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def add_item(conference: Conference) -> ResponseReturnValue:
    form = Item()
    form.offer(conference, _days(conference))
    form.start("")
    if not form.is_submitted():
        starts_at = max((item.ends_at for item in conference.agenda), default=conference.starts_at)
        ends_at = min(starts_at + timedelta(minutes=30), conference.ends_at)
        form.day.data = f"{local_time.day_of(starts_at):%Y-%m-%d}"
        if starts_at < conference.ends_at:
            form.starts.data, form.ends.data = local_time.time_of(starts_at), local_time.time_of(ends_at)
    if form.validate_on_submit() and saved(
        form, lambda: programme.add(conference, form.take()), lambda: ({}, "")
    ):
        flash(_("Der Programmpunkt ist gespeichert."), "success")
        return redirect(address("edit_programme", conference), 303)
    return page("edit_item", conference, form.status, form=form, item_id=None, days=_days(conference))


@bp.route("/verwaltung/<host>/<conference>/ablauf/<int:item>", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_item(conference: Conference, item: int) -> ResponseReturnValue:
    found = _item(conference, item)

    def stored() -> tuple[dict[str, Any], str]:
        values = editing.values(found, programme.FIELDS)
        return Item.put(values), editing.seen(values)

    fields, shown = stored()
    form = Item(data=fields)
    form.offer(conference, _days(conference))
    form.start(shown)
    if form.validate_on_submit() and saved(
        form, lambda: programme.edit(found, form.take(), shown=form.shown.data or ""), stored
    ):
        flash(_("Der Programmpunkt ist gespeichert."), "success")
        return redirect(address("edit_programme", conference), 303)
    return page("edit_item", conference, form.status, form=form, item_id=item, days=_days(conference))


@bp.route("/verwaltung/<host>/<conference>/ablauf/<int:item>/entfernen", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def remove_item(conference: Conference, item: int) -> ResponseReturnValue:
    found = _item(conference, item)
    title, form = str(found.title), Confirm()
    if form.validate_on_submit():
        try:
            programme.remove(found)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("„%(title)s“ ist aus dem Programm genommen.", title=title), "success")
            return redirect(address("edit_programme", conference), 303)
    return page(
        "remove",
        conference,
        form.status,
        form=form,
        question=_("Programmpunkt entfernen?"),
        consequence=_(
            "„%(title)s“ fällt aus dem Programm. Die anderen Punkte behalten ihre Zeiten.", title=title
        ),
        back=address("edit_item", conference, item=item),
    )


def _days(conference: Conference) -> list[date]:
    first, last = local_time.day_of(conference.starts_at), local_time.day_of(conference.ends_at)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _item(conference: Conference, item_id: int) -> AgendaItem:
    """The point of this conference; 404 for another one's."""
    found = db.session.get(AgendaItem, item_id)
    if found is None or found.conference_id != conference.id:
        abort(404)
    return found
