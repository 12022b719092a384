"""Topics: made, renamed, put in order, taken away, and contributions put under them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.blueprints.feedback import bp
from app.blueprints.feedback.manage_forms import Confirm, TopicForm
from app.blueprints.feedback.manage_page import address, page
from app.domain import editing
from app.domain import topics as topics_domain
from app.domain.errors import DomainError
from app.domain.queries import topics as read
from app.domain.queries.topics import Where
from app.models import Conference, Topic
from app.policies import Permission
from app.web.access import requires
from app.web.saving import in_order, is_id, saved


@bp.get("/verwaltung/<host>/<conference>/themen")
@requires(Permission.MODERATE, Conference)
def topics(conference: Conference) -> ResponseReturnValue:
    counts = topics_domain.counts(conference)
    titles = {group.id: str(group.title) for group in conference.groups}
    entries = [
        {
            "id": topic.id,
            "title": f"{topic.number}. {topic.title}",
            "detail": " · ".join(
                [
                    ngettext("%(num)s Beitrag", "%(num)s Beiträge", counts.get(topic.id, 0)),
                    titles.get(topic.working_group_id or 0, _("über alle Gruppen")),
                ]
            ),
            "url": address("edit_topic", conference, topic=topic.number),
        }
        for topic in topics_domain.all_of(conference)
    ]
    return page(
        "topics",
        conference,
        entries=entries,
        without=counts.get(None, 0),
        is_fixed=topics_domain.numbers_are_fixed(conference),
    )


@bp.post("/verwaltung/<host>/<conference>/themen/reihenfolge")
@requires(Permission.MODERATE, Conference)
def order_topics(conference: Conference) -> ResponseReturnValue:
    return in_order(
        lambda order: topics_domain.reorder(conference, order),
        lambda item, up: topics_domain.move(conference, item, up=up),
        address("topics", conference),
        _("Die Reihenfolge ist gespeichert."),
    )


@bp.route("/verwaltung/<host>/<conference>/themen/neu", methods=["GET", "POST"])
@requires(Permission.MODERATE, Conference)
def add_topic(conference: Conference) -> ResponseReturnValue:
    form = TopicForm()
    form.offer(conference)
    form.start("")
    if form.validate_on_submit() and saved(
        form, lambda: topics_domain.add(conference, form.take()), lambda: ({}, "")
    ):
        flash(_("Das Thema ist gespeichert."), "success")
        return redirect(address("topics", conference), 303)
    return page("edit_topic", conference, form.status, form=form, topic=None)


@bp.route("/verwaltung/<host>/<conference>/themen/<int:topic>", methods=["GET", "POST"])
@requires(Permission.MODERATE, Topic)
def edit_topic(topic: Topic) -> ResponseReturnValue:
    conference, number = topic.conference, topic.number

    def stored() -> tuple[dict[str, Any], str]:
        values = editing.values(topic, topics_domain.FIELDS)
        group_id = values["working_group_id"]
        return {**values, "group": str(group_id or "")}, editing.seen(values)

    fields, shown = stored()
    form = TopicForm(data=fields)
    form.offer(conference)
    form.start(shown)
    if form.validate_on_submit() and saved(
        form, lambda: topics_domain.edit(topic, form.take(), shown=form.shown.data or ""), stored
    ):
        flash(_("Das Thema ist gespeichert."), "success")
        return redirect(address("topics", conference), 303)
    return page("edit_topic", conference, form.status, form=form, topic=number)


@bp.route("/verwaltung/<host>/<conference>/themen/<int:topic>/entfernen", methods=["GET", "POST"])
@requires(Permission.MODERATE, Topic)
def remove_topic(topic: Topic) -> ResponseReturnValue:
    conference, number, title, form = topic.conference, topic.number, str(topic.title), Confirm()
    if form.validate_on_submit():
        try:
            topics_domain.remove(topic)
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _("„%(title)s“ ist entfernt. Seine Beiträge sind jetzt ohne Thema.", title=title), "success"
            )
            return redirect(address("topics", conference), 303)
    return page(
        "remove",
        conference,
        form.status,
        form=form,
        question=_("Thema entfernen?"),
        consequence=_("„%(title)s“ fällt weg. Seine Beiträge bleiben und sind dann ohne Thema.", title=title),
        above=(_("Themen"), address("topics", conference)),
        back=address("edit_topic", conference, topic=number),
    )


@bp.route("/verwaltung/<host>/<conference>/themen/<int:topic>/zuordnen", methods=["GET", "POST"])
@requires(Permission.MODERATE, Topic)
def assign_topic(topic: Topic) -> ResponseReturnValue:
    """Tick contributions and put them under this topic, or under none."""
    conference, form = topic.conference, Confirm()
    where = next((where for where in Where if where.value == request.args.get("zeige")), Where.WITHOUT)
    text = request.args.get("q", "").replace("\0", "")[:120]
    shown = {"zeige": where.value, "q": text or None}
    if form.validate_on_submit():
        chosen = [int(number) for number in request.form.getlist("chosen") if is_id(number)]
        target = None if request.form.get("move") == "out" else topic.id
        if chosen:
            try:
                count = topics_domain.assign(conference, chosen, target)
            except DomainError as error:
                form.reject(error)
            else:
                flash(
                    ngettext("%(num)s Beitrag ist zugeordnet.", "%(num)s Beiträge sind zugeordnet.", count),
                    "success",
                )
                return redirect(address("assign_topic", conference, topic=topic.number, **shown), 303)
        else:
            form.form_errors.append(_("Bitte kreuzen Sie mindestens einen Beitrag an."))
    return page(
        "assign_topic",
        conference,
        form.status,
        form=form,
        topic=topic,
        where_now=where,
        search=text,
        shown=shown,
        listing=read.listing(
            conference, topic, where, text=text, page=request.args.get("seite", 1, type=int)
        ),
    )
