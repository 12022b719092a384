"""Everybody reads what was published: the list with filters and search, each contribution, and "Melden"."""

from __future__ import annotations

import re
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.feedback import bp
from app.blueprints.feedback.forms import FilterForm, ReportForm
from app.database import now
from app.domain import contributions as domain
from app.domain.errors import DomainError
from app.domain.queries import contributions as read
from app.domain.queries import trace
from app.models import Conference, Contribution, ContributionKind, ReportReason
from app.policies import Permission
from app.web import languages
from app.web.access import requires
from app.web.cache import kept_until_changed
from app.web.filters import language_name, passage
from app.web.forms import SelectChoice, one_line
from app.web.labels import label

# What somebody takes back must not live on elsewhere.
KEPT_FROM_SEARCH_ENGINES = True
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{1,8})?")


@bp.get("/<host>/<conference>/beitraege")
@requires(Permission.SEE_CONFERENCE, Conference)
@kept_until_changed
def contributions(conference: Conference) -> ResponseReturnValue:
    language = languages.current().code
    listing = read.listing(
        conference, _asked_for(), request.args.get("seite", 1, type=int), language=language
    )
    form = FilterForm(request.args)
    _offer(form, listing)
    return render_template(
        "feedback/contributions.html",
        form=form,
        listing=listing,
        filters=_parameters(listing.filters),
        active=_active(listing),
        phase=conference.contribution_phase(now()),
        noindex=KEPT_FROM_SEARCH_ENGINES,
    )


@bp.get("/<host>/<conference>/beitraege/<int:voice>")
@requires(Permission.SEE_CONTRIBUTION, Contribution)
@kept_until_changed
def contribution(contribution: Contribution) -> ResponseReturnValue:
    conference = contribution.conference
    return render_template(
        "feedback/contribution.html",
        contribution=contribution,
        found=trace.of_contribution(
            contribution, contact_role=conference.contact_role or conference.host.responsible_role
        ),
        same=read.same_as([contribution]).get(contribution.id, []),
        noindex=KEPT_FROM_SEARCH_ENGINES,
    )


@bp.route("/<host>/<conference>/beitraege/<int:voice>/melden", methods=["GET", "POST"])
@requires(Permission.SEE_CONTRIBUTION, Contribution)
def report(contribution: Contribution) -> ResponseReturnValue:
    form = ReportForm()
    if form.validate_on_submit():
        try:
            domain.report(
                contribution,
                ReportReason(form.reason.data),
                form.text.data or "",
                submission=form.submission.data or "",
            )
        except DomainError as error:
            form.reject(error)
        else:
            conference = contribution.conference
            return redirect(url_for(".reported", host=conference.host.key, conference=conference.key))
    return render_template("feedback/report.html", form=form, contribution=contribution), form.status


@bp.get("/<host>/<conference>/beitraege/gemeldet")
@requires(Permission.SEE_CONFERENCE, Conference)
def reported(conference: Conference) -> ResponseReturnValue:
    return render_template("feedback/reported.html")


def _asked_for() -> read.Filters:
    """The filters of the address; what is none is left aside."""
    asked = request.args
    language = asked.get("sprache", "")
    return read.Filters(
        topic=_number(asked.get("thema", "")),
        group=_number(asked.get("gruppe", "")),
        kind=next((kind for kind in ContributionKind if kind.value == asked.get("art")), None),
        language=language if _LANGUAGE.fullmatch(language) else "",
        query=str(one_line(asked.get("q", "")))[: read.LONGEST_QUERY],
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _parameters(filters: read.Filters) -> dict[str, str]:
    """The filters as they stand in the address."""
    named = {
        "q": filters.query,
        "thema": filters.topic,
        "gruppe": filters.group,
        "art": filters.kind.value if filters.kind else "",
        "sprache": filters.language,
    }
    return {name: str(value) for name, value in named.items() if value}


def _active(listing: read.Listing) -> list[tuple[str, str, Any]]:
    """Each filter that is set: its parameter, what it is about, and what it asks for."""
    filters = listing.filters
    named: list[tuple[str, str, Any]] = []
    if filters.query:
        named.append(("q", _("Suchwort"), filters.query))
    if filters.topic:
        named.append(("thema", _("Thema"), passage(listing.topics[filters.topic].title)))
    if filters.group:
        named.append(("gruppe", _("Arbeitsgruppe"), passage(listing.groups[filters.group].title)))
    if filters.kind:
        named.append(("art", _("Art"), label(filters.kind)))
    if filters.language:
        named.append(("sprache", _("Sprache"), language_name(filters.language)))
    return named


def _offer(form: FilterForm, listing: read.Listing) -> None:
    """Offer what would show something, with how much, and what is chosen already."""
    choices, chosen = listing.choices, listing.filters
    form.thema.choices = _counted(
        _("alle Themen"),
        {number: str(passage(topic.title)) for number, topic in listing.topics.items()},
        choices.topics,
        chosen.topic,
    )
    form.gruppe.choices = _counted(
        _("alle Gruppen"),
        {number: str(passage(group.title)) for number, group in listing.groups.items()},
        choices.groups,
        chosen.group,
    )
    kinds = {kind.value: label(kind) for kind in ContributionKind}
    form.art.choices = _counted(
        _("alle"),
        kinds,
        {kind.value: count for kind, count in choices.kinds.items()},
        chosen.kind.value if chosen.kind else None,
    )
    spoken = {*choices.languages, *([chosen.language] if chosen.language else [])}
    form.sprache.choices = _counted(
        _("alle Sprachen"),
        dict(sorted(((code, language_name(code)) for code in spoken), key=lambda pair: pair[1])),
        choices.languages,
        chosen.language,
    )


def _counted(
    all_of_them: str, options: dict[Any, str], counts: dict[Any, int], chosen: Any
) -> list[SelectChoice]:
    return [
        SelectChoice("", all_of_them),
        *(
            SelectChoice(str(value), _("%(words)s (%(count)s)", words=words, count=counts.get(value, 0)))
            for value, words in options.items()
            if counts.get(value) or value == chosen
        ),
    ]
