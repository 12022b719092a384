"""Support needs as staff work with them: counts for everybody, who needs what and the answers for those in charge."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import policies
from app.blueprints.signup import bp
from app.blueprints.signup.manage_support_forms import SupportFilterForm, answer_form
from app.database import now
from app.domain import support as support_domain
from app.domain.errors import DomainError
from app.domain.queries import support as read
from app.domain.queries import support_sheet
from app.domain.queries.support_sheet import Doubt
from app.models import Conference, ContactChannel, NeedKind, Registration
from app.policies import Permission
from app.web import access, filters, navigation
from app.web.access import requires

DIETS = {
    "vegetarian": _l("vegetarisch"),
    "vegan": _l("vegan"),
    "halal": _l("halal"),
    "kosher": _l("koscher"),
    "gluten_free": _l("ohne Gluten"),
    "lactose_free": _l("ohne Laktose"),
}
DOUBTS = {
    Doubt.NO_VENUE: _l(
        "Der Ort steht noch nicht fest. Achten Sie auf einen Zugang ohne Stufen, ein WC für Rollstühle und eine Anlage "
        "für Hörgeräte, wenn sie unten stehen."
    ),
    Doubt.NOT_STEP_FREE: _l(
        "Menschen mit Rollstuhl kommen, und das Haus ist nicht ohne Stufen erreichbar. Suchen Sie einen anderen Ort "
        "oder eine Rampe."
    ),
    Doubt.STEP_FREE_UNKNOWN: _l(
        "Menschen mit Rollstuhl kommen. Ob das Haus ohne Stufen erreichbar ist, steht nicht fest: "
        "Bitte fragen Sie nach."
    ),
    Doubt.NO_ACCESSIBLE_WC: _l("Menschen mit Rollstuhl kommen, und das Haus hat kein WC für Rollstühle."),
    Doubt.ACCESSIBLE_WC_UNKNOWN: _l(
        "Menschen mit Rollstuhl kommen. Ob das Haus ein WC für Rollstühle hat, steht nicht fest: Bitte fragen Sie nach."
    ),
    Doubt.NO_INDUCTION_LOOP: _l(
        "Jemand braucht eine Anlage für Hörgeräte, und das Haus hat keine. Mieten Sie eine."
    ),
    Doubt.INDUCTION_LOOP_UNKNOWN: _l(
        "Jemand braucht eine Anlage für Hörgeräte. Ob das Haus eine hat, steht nicht fest: Bitte fragen Sie nach."
    ),
}


@bp.route("/verwaltung/<host>/<conference>/unterstuetzung")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def support(conference: Conference) -> ResponseReturnValue:
    """The planning sheet: counts and days to order by, no names."""
    at = now()
    return _page(
        "support",
        conference,
        sheet=support_sheet.sheet(conference, at),
        today=at,
        sees_people=policies.may(access.staff_member(), Permission.SEE_NEEDS, conference),
        doubts=DOUBTS,
        diets=DIETS,
    )


@bp.route("/verwaltung/<host>/<conference>/unterstuetzung/personen")
@requires(Permission.SEE_NEEDS, Conference)
def support_people(conference: Conference) -> ResponseReturnValue:
    form = SupportFilterForm(request.args)
    found = read.households(
        conference, kind=form.kind, state=form.state, page=request.args.get("seite", 1, type=int)
    )
    return _page(
        "support_people",
        conference,
        form=form,
        found=found,
        filters={field.name: field.data for field in (form.art, form.stand) if field.data},
        detail_words=_detail_words,
    )


@bp.route(
    "/verwaltung/<host>/<conference>/unterstuetzung/personen/<int:registration>", methods=["GET", "POST"]
)
@requires(Permission.SEE_NEEDS, Registration)
def support_answer(registration: Registration) -> ResponseReturnValue:
    """What one household needs; posting answers it."""
    people = read.of_registration(registration)
    form = answer_form(people)
    if form.validate_on_submit():
        try:
            is_changed = support_domain.answer(registration, form.answers)
        except DomainError as error:
            form.reject(error)
        else:
            _say_what_follows(registration, is_changed)
            conference = registration.conference
            return redirect(
                url_for("signup.support_people", host=conference.host.key, conference=conference.key)
            )
    return (
        _page(
            "support_answer",
            registration.conference,
            registration=registration,
            people=people,
            form=form,
            detail_words=_detail_words,
        ),
        form.status,
    )


def _say_what_follows(registration: Registration, is_changed: bool) -> None:
    if not is_changed:
        flash(_("Es hat sich nichts geändert."), "info")
    elif registration.contact_channel is ContactChannel.NONE:
        flash(
            _(
                "Die Antwort ist gespeichert. Eine Adresse gibt es nicht: Die Person liest sie nur mit ihrem Code."
            ),
            "warning",
        )
    else:
        flash(_("Die Antwort ist gespeichert. Die Person erfährt davon und liest sie mit ihrem Code."))


def _detail_words(need: read.Need) -> str:
    """What stands beside a need, for those in charge."""
    detail = need.wanted.detail.strip()
    if need.wanted.kind is NeedKind.INTERPRETING:
        return filters.language_name(detail)
    known = support_sheet.DIETS.get(detail.lower()) if need.wanted.kind is NeedKind.DIET else None
    return str(DIETS[known]) if known else detail


def _page(name: str, conference: Conference, **values: Any) -> str:
    return render_template(
        f"signup/manage/{name}.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        **values,
    )
