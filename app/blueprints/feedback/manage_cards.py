"""Cards, calls and letters, entered fast: one a screen, the next one opens by itself."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request, session
from flask.typing import ResponseReturnValue

from app.blueprints.feedback import bp
from app.blueprints.feedback.manage_forms import Card, CorrectCard
from app.blueprints.feedback.manage_page import address, page
from app.blueprints.feedback.manage_words import PUBLISHED_AT_ENTRY
from app.database import now
from app.domain import codes, editing, moderation, topics
from app.domain.errors import DomainError
from app.domain.queries import moderation as read
from app.models import Conference, Contribution, ContributionChannel, ContributionKind, ContributionPhase
from app.policies import Permission
from app.web import access
from app.web.access import requires
from app.web.saving import is_id, saved

# How many of the entries of this sitting stand beside the form.
LAST = 10
# How long a browser can print a code again.
SLIP_SECONDS = 3600
# Choices that stay from card to card, and their names in the address.
STAY = {
    "kind": "art",
    "group": "gruppe",
    "topic": "thema",
    "channel": "woher",
    "language": "sprache",
    "publish_now": "gleich",
}


@bp.route("/verwaltung/<host>/<conference>/beitraege/erfassen", methods=["GET", "POST"])
@requires(Permission.MODERATE, Conference)
def enter_card(conference: Conference) -> ResponseReturnValue:
    if conference.contribution_phase(now()) is ContributionPhase.HIDDEN:
        return page("enter_closed", conference, 409 if request.method == "POST" else 200)
    form = Card(data=_stayed())
    form.offer(conference, topics.all_of(conference))
    if form.validate_on_submit():
        wants_slip = request.form.get("then") == "slip"
        try:
            contribution, code = moderation.enter(
                conference,
                form.words,
                submission=form.submission.data or "",
                channel=ContributionChannel(form.channel.data),
                with_code=wants_slip,
                publish_now=form.publish_now.data,
                by=access.me(),
                note=str(PUBLISHED_AT_ENTRY),
            )
        except DomainError as error:
            form.reject(error)
        else:
            return redirect(_go_on(conference, contribution, code, _staying(form)), 303)
    entered = _entered(conference)
    return page(
        "enter_card",
        conference,
        form.status,
        form=form,
        last=read.entries(conference, entered[:LAST]),
        count=len(entered),
        just_saved=bool(request.args.get("eingetragen")) and not form.errors,
    )


@bp.route("/verwaltung/<host>/<conference>/beitraege/<int:contribution>/korrigieren", methods=["GET", "POST"])
@requires(Permission.MODERATE, Contribution)
def correct_card(contribution: Contribution) -> ResponseReturnValue:
    """Correct what was mistyped; what somebody has sent over the internet is theirs."""
    if contribution.channel is ContributionChannel.WEB or contribution.text is None:
        abort(404)
    conference = contribution.conference

    def stored() -> tuple[dict[str, Any], str]:
        values = editing.values(contribution, moderation.ENTRY)
        fields = {
            **values,
            "kind": contribution.kind.value,
            "topic": str(contribution.topic_id or ""),
            "group": str(contribution.working_group_id or ""),
        }
        return fields, editing.seen(values)

    fields, shown = stored()
    form = CorrectCard(data=fields)
    form.offer(conference, topics.all_of(conference), contribution.language)
    form.start(shown)
    if form.validate_on_submit() and saved(
        form,
        lambda: moderation.correct_entry(contribution, form.words, shown=form.shown.data or ""),
        stored,
    ):
        return redirect(address("enter_card", conference, eingetragen=1, **_staying(form)), 303)
    return page("correct_card", conference, form.status, form=form, contribution=contribution)


@bp.get("/verwaltung/<host>/<conference>/beitraege/<int:contribution>/zettel")
@requires(Permission.MODERATE, Contribution)
def slip(contribution: Contribution) -> ResponseReturnValue:
    """The code on a slip of paper for the author. It is known right after it was made and never again."""
    number, code, until, stay = session.get("slip", ("", "", 0, {}))
    fits = number == str(contribution.id) and until > now().timestamp()
    return page(
        "slip",
        contribution.conference,
        contribution=contribution,
        code=code if fits else "",
        following=address("enter_card", contribution.conference, **(stay if fits else {})),
        today=now(),
    )


def _stayed() -> dict[str, Any]:
    """The choices of the card before, from the address; a card of an idea where there was none."""
    asked = {name: request.args.get(short, "") for name, short in STAY.items()}
    usual = {
        "kind": ContributionKind.IDEA.value,
        "channel": ContributionChannel.CARD.value,
        "language": "de",
    }
    return {
        **{name: asked[name] or usual.get(name, "") for name in STAY},
        "publish_now": bool(asked["publish_now"]),
    }


def _staying(form: Any) -> dict[str, str]:
    """The choices for the next card, as they stand in its address."""
    return {
        short: "1" if form[name].data is True else form[name].data
        for name, short in STAY.items()
        if name in form and form[name].data
    }


def _go_on(conference: Conference, contribution: Contribution, code: str, stay: dict[str, str]) -> str:
    """Remember the entry in this browser, and say where to go on: to the slip, or to the next card."""
    number = str(contribution.id)
    earlier = [entry for entry in map(str, _entered(conference)) if entry != number]
    session["entered"] = [conference.id, [number, *earlier][:50]]
    if not code:
        return address("enter_card", conference, eingetragen=1, **stay)
    session["slip"] = [number, codes.normalise(code), int(now().timestamp()) + SLIP_SECONDS, stay]
    return address("slip", conference, contribution=contribution.id)


def _entered(conference: Conference) -> list[int]:
    """What was entered in this sitting, the latest first."""
    conference_id, numbers = session.get("entered", (0, []))
    return [int(number) for number in numbers if is_id(number)] if conference_id == conference.id else []
