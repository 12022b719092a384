"""Which kinds of support a conference asks about, and what keeps a kind from being dropped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.database import transaction
from app.domain import editing, local_time, registrations, support, support_offers
from app.domain.errors import ChangedMeanwhile, OrderDayUnfit, SupportNotOffered, SupportStillNeeded
from app.models import Conference, NeedKind, Translated
from tests import make

pytestmark = pytest.mark.usefixtures("app")

LOOP, DIET = NeedKind.INDUCTION_LOOP, NeedKind.DIET


def arrange(conference: Conference, shown: str | None = None, **values: Any) -> None:
    support_offers.arrange(conference, support_offers.arranged(conference) | values, shown=shown)


def offered(conference: Conference) -> list[tuple[NeedKind, Any, str]]:
    return [(offer.kind, offer.order_by, str(offer.note)) for offer in support_offers.all_of(conference)]


def test_arrange_asks_about_what_is_ticked_in_the_order_of_the_kinds() -> None:
    conference = make.conference()
    day = local_time.day_of(conference.starts_at) - timedelta(days=7)

    arrange(conference, diet=True, induction_loop=True, **{"diet-order_by": day, "diet-note": "Bitte bald."})

    assert offered(conference) == [(LOOP, None, ""), (DIET, day, "Bitte bald.")]
    arrange(conference, diet=False)
    assert offered(conference) == [(LOOP, None, "")]


def test_a_note_keeps_its_translations() -> None:
    conference = make.conference()
    arrange(conference, diet=True, **{"diet-note": "Bald"})
    with transaction():
        (offer,) = support_offers.all_of(conference)
        offer.note = Translated({"de": "Bald", "ar": "قريبا"})

    arrange(conference, **{"diet-note": "Sehr bald"})

    assert support_offers.all_of(conference)[0].note == {"de": "Sehr bald", "ar": "قريبا"}


def test_what_somebody_needs_stays_until_nobody_needs_it() -> None:
    conference = make.conference()
    arrange(conference, diet=True, induction_loop=True)
    registration = make.registration(conference)
    with transaction():
        support.save(registration.participants[0], [support.Wanted(DIET, "vegan")])

    with pytest.raises(SupportStillNeeded) as refused:
        arrange(conference, diet=False)
    arrange(conference, induction_loop=False)
    assert (refused.value.field, [kind for kind, *_ in offered(conference)]) == ("diet", [DIET])
    registrations.cancel(registration)
    arrange(conference, diet=False)

    assert offered(conference) == []
    with pytest.raises(SupportNotOffered), transaction():
        support.save(make.registration(conference).participants[0], [support.Wanted(DIET)])


def test_a_day_after_the_conference_and_a_second_person_are_refused() -> None:
    conference = make.conference()
    shown = editing.seen(support_offers.arranged(conference))

    with pytest.raises(OrderDayUnfit) as refused:
        arrange(
            conference,
            diet=True,
            **{"diet-order_by": local_time.day_of(conference.ends_at) + timedelta(days=1)},
        )
    arrange(conference, diet=True)
    with pytest.raises(ChangedMeanwhile):
        arrange(conference, shown, induction_loop=True)

    assert (refused.value.field, offered(conference)) == ("diet-order_by", [(DIET, None, "")])
