"""What a conference asks consent to, which support it asks about, and by which rules it gives places."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.blueprints.signup import bp
from app.blueprints.signup.manage_form_forms import (
    RulesForm,
    consents_form,
    put_consents,
    rules_form,
    support_form,
    take_consents,
)
from app.blueprints.signup.manage_form_page import address, page
from app.domain import consents, editing, local_time, offers, seat_rules, support_offers
from app.models import Conference, ConsentPurpose, GroupChoice, NeedKind, RoleGroup
from app.policies import Permission
from app.web.access import requires
from app.web.saving import saved


@bp.route("/verwaltung/<host>/<conference>/formular/einwilligungen", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_consents(conference: Conference) -> ResponseReturnValue:
    def stored() -> tuple[dict[str, Any], str]:
        values = consents.arranged(conference)
        return put_consents(values), editing.seen(values)

    fields, shown = stored()
    form = consents_form()(data=fields)
    form.start(shown)
    if form.validate_on_submit() and saved(
        form,
        lambda: consents.arrange(conference, take_consents(form), shown=form.shown.data or ""),
        stored,
    ):
        flash(_("Die Einwilligungen sind gespeichert."), "success")
        return redirect(address("edit_consents", conference), 303)
    kept = consents.kept(conference)
    return page(
        "edit_consents",
        conference,
        form.status,
        form=form,
        rows=[
            (purpose, form[purpose.value], form[consents.words_of(purpose)], kept.get(purpose))
            for purpose in ConsentPurpose
        ],
    )


@bp.route("/verwaltung/<host>/<conference>/formular/unterstuetzung", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_support(conference: Conference) -> ResponseReturnValue:
    names = list(support_offers.arranged(conference))

    def stored() -> tuple[dict[str, Any], str]:
        values = support_offers.arranged(conference)
        return values, editing.seen(values)

    fields, shown = stored()
    form = support_form()(data=fields)
    form.start(shown)
    if form.validate_on_submit() and saved(
        form,
        lambda: support_offers.arrange(
            conference, {name: form[name].data for name in names}, shown=form.shown.data or ""
        ),
        stored,
    ):
        flash(_("Gespeichert. Danach wird jetzt gefragt."), "success")
        return redirect(address("edit_support", conference), 303)
    return page(
        "edit_support",
        conference,
        form.status,
        form=form,
        rows=[
            (form[kind.value], form[support_offers.order_of(kind)], form[support_offers.note_of(kind)])
            for kind in NeedKind
        ],
        last_day=local_time.day_of(conference.ends_at),
    )


@bp.route("/verwaltung/<host>/<conference>/formular/plaetze", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_rules(conference: Conference) -> ResponseReturnValue:
    def stored() -> tuple[dict[str, Any], str]:
        values = seat_rules.arranged(conference)
        return RulesForm.put(values), editing.seen(values)

    fields, shown = stored()
    form = rules_form()(data=fields)
    form.start(shown)
    if form.validate_on_submit():
        done: list[seat_rules.Outcome] = []

        def act() -> None:
            done.append(
                seat_rules.arrange(
                    conference, form.take(), shown=form.shown.data or "", settle=form.settle.data
                )
            )

        if saved(form, act, stored):
            flash(_("Die Regeln sind gespeichert."), "success")
            _say(conference, done[0])
            return redirect(address("edit_rules", conference), 303)
    open_offers = offers.open_in(conference)
    return page(
        "edit_rules",
        conference,
        form.status,
        form=form,
        kept=[form[seat_rules.kept_of(role)] for role in RoleGroup],
        hindrance=seat_rules.hindrance(conference),
        by_wishes=conference.group_choice is GroupChoice.WISHES,
        open_offers=open_offers,
        # Only for somebody who is about to end them.
        asks_to_settle=bool(open_offers) and conference.makes_offers and form.makes_offers.data == "no",
    )


def _say(conference: Conference, done: seat_rules.Outcome) -> None:
    """Tell what saving has led to."""
    if done.settled:
        flash(
            ngettext(
                "%(num)s Platz, der angeboten war, ist jetzt vergeben.",
                "%(num)s Plätze, die angeboten waren, sind jetzt vergeben.",
                done.settled,
            ),
            "success",
        )
    if people := seat_rules.people(done.moved_up):
        flash(_moved(conference, people), "success")


def _moved(conference: Conference, people: int) -> str:
    if conference.makes_offers:
        return ngettext(
            "%(num)s Person von der Warteliste hat jetzt ein Angebot.",
            "%(num)s Personen von der Warteliste haben jetzt ein Angebot.",
            people,
        )
    return ngettext(
        "%(num)s Person ist von der Warteliste nachgerückt.",
        "%(num)s Personen sind von der Warteliste nachgerückt.",
        people,
    )
