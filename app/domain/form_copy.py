"""The registration form and the rules of seats of one conference, made again for another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain import admission, consents, questionnaire
from app.models import AudienceQuota, Conference, ConsentText, Question, SupportOffer

_QUESTION = (
    *("key", "position", "kind", "label", "help", "is_required", "is_on", "options", "least", "most"),
    *("shown_if_options", "retention_days"),
)
_RULES = ("has_queue", "makes_offers", "offer_hours", "group_choice")


def copy(source: Conference, made: Conference, shift: timedelta) -> None:
    """Ask in `made` what `source` asks, by the same rules, within the open transaction; days move by `shift`.

    Words of consents begin as version 1: nobody has agreed to them here. No answers and no consents.
    """
    for name in _RULES:
        setattr(made, name, getattr(source, name))
    _copy_questions(source, made)
    for text in consents.latest(source).values():
        db.session.add(
            ConsentText(
                **_at(made), purpose=text.purpose, version=1, words=text.words, is_current=text.is_current
            )
        )
    for offer in db.session.scalars(select(SupportOffer).where(SupportOffer.conference_id == source.id)):
        order_by = offer.order_by and offer.order_by + timedelta(days=shift.days)
        db.session.add(SupportOffer(**_at(made), kind=offer.kind, order_by=order_by, note=offer.note))
    for quota in source.quotas:
        made.quotas.append(
            AudienceQuota(host_id=made.host_id, role_group=quota.role_group, places=quota.places, taken=0)
        )
    db.session.flush()
    admission.recount(made)


def _copy_questions(source: Conference, made: Conference) -> None:
    twins: dict[int, Question] = {}
    # A question depends only on one before it, which has been made already.
    for question in questionnaire.all_of(source):
        twin = Question(**_at(made), **{name: getattr(question, name) for name in _QUESTION})
        if question.shown_if_id is not None:
            twin.shown_if_id = twins[question.shown_if_id].id
        db.session.add(twin)
        db.session.flush()
        twins[question.id] = twin


def _at(conference: Conference) -> dict[str, Any]:
    return {"host_id": conference.host_id, "conference_id": conference.id}
