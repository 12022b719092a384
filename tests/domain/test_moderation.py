"""Moderation: every decision from every state, what it makes public, and what it says to whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.domain import contributions, editing, moderation, search, taking_back
from app.domain.errors import (
    AlreadyWithdrawn,
    ChangedMeanwhile,
    ContributionsClosed,
    NotFound,
    OfficeMissing,
    OriginalUnfit,
    ReplyMissing,
    TextMissing,
)
from app.domain.queries import contributions as public
from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    ContributionChannel,
    ContributionKind,
    ContributionReport,
    ContributionStatus,
    ModerationDecision,
    RejectionReason,
    ReportReason,
    StaffMember,
    TranslatedBy,
)
from tests import make

S = ContributionStatus
REASON = RejectionReason.INSULT
REPLY = "Bitte mit anderen Worten."


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference()


@pytest.fixture
def member(conference: Conference) -> StaffMember:
    return make.staff_member(of=conference.host)


def said(at: Conference, text: str = "Mehr Bänke am Weg.", **more: object) -> Contribution:
    return make.said(at, text, **more)[0]


def duplicated(at: Conference) -> Contribution:
    twin = said(at, "Bänke, bitte!")
    moderation.mark_duplicate(twin, make.published(at, "Das Original").number or 0)
    return twin


STATES: dict[S, Callable[[Conference], Contribution]] = {
    S.RECEIVED: said,
    S.IN_REVIEW: lambda at: _after(said(at), moderation.review),
    S.PUBLISHED: make.published,
    S.DUPLICATE: duplicated,
    S.REJECTED: lambda at: _after(said(at), lambda it: moderation.reject(it, REASON, REPLY)),
    S.FORWARDED: lambda at: _after(said(at), lambda it: moderation.forward(it, "Tiefbauamt")),
    S.WITHDRAWN: lambda at: _after(make.published(at), taking_back.withdraw),
}


def _after(contribution: Contribution, act: Callable[[Contribution], None]) -> Contribution:
    act(contribution)
    return contribution


WAYS: dict[S, Callable[[Contribution, int], None]] = {
    S.IN_REVIEW: lambda it, _other: moderation.review(it),
    S.PUBLISHED: lambda it, _other: moderation.publish(it),
    S.DUPLICATE: lambda it, other: moderation.mark_duplicate(it, other),
    S.REJECTED: lambda it, _other: moderation.reject(
        it, RejectionReason.OFF_TOPIC, "Bitte an anderer Stelle."
    ),
    S.FORWARDED: lambda it, _other: moderation.forward(it, "Ordnungsamt"),
    S.WITHDRAWN: lambda it, _other: taking_back.withdraw(it),
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.value)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.value)
def test_every_decision_from_every_state(conference: Conference, state: S, way: S) -> None:
    other = make.published(conference, "Ein anderer Beitrag")
    contribution = STATES[state](conference)
    assert contribution.status is state

    expected = way
    if state is S.WITHDRAWN:
        expected = S.WITHDRAWN
        if way not in (S.IN_REVIEW, S.WITHDRAWN):
            with pytest.raises(AlreadyWithdrawn):
                WAYS[way](contribution, other.number or 0)
            return
    elif way is S.IN_REVIEW and state is not S.RECEIVED:
        # Looking again at what is decided takes nothing back.
        expected = state
    WAYS[way](contribution, other.number or 0)

    assert contribution.status is expected
    assert contribution.is_public == (expected in (S.PUBLISHED, S.DUPLICATE))
    assert bool(contribution.search_words) == contribution.is_public
    assert (contribution.decided_on is not None) == (expected not in (S.RECEIVED, S.IN_REVIEW))
    assert (contribution.text is None) == (expected is S.WITHDRAWN)
    assert (contribution.duplicate_of_id is not None) == (expected is S.DUPLICATE)
    assert (contribution.rejection_reason is not None) == (expected is S.REJECTED)
    assert (contribution.forwarded_to != "") == (expected is S.FORWARDED)


def found(conference: Conference, query: str) -> list[str | None]:
    return [row.text for row in public.listing(conference, public.Filters(query=query)).rows]


def test_nothing_is_public_without_a_decision(conference: Conference) -> None:
    contribution = said(conference, "Schatten am Spielplatz")

    assert (contribution.is_public, contribution.number, found(conference, "Schatten")) == (False, None, [])
    moderation.review(contribution)
    assert (contribution.is_public, contribution.number, found(conference, "Schatten")) == (False, None, [])
    moderation.publish(contribution)
    assert (contribution.is_public, contribution.number) == (True, 1)
    assert found(conference, "Schatten") == ["Schatten am Spielplatz"]


def test_reject_after_publication_hides_it_and_keeps_its_number_taken(conference: Conference) -> None:
    first = make.published(conference, "Schatten am Spielplatz")
    taking_back.reject(first, REASON, REPLY)
    second = make.published(conference, "Noch ein Beitrag")

    assert (first.is_public, first.number, first.reply) == (False, 1, REPLY)
    assert found(conference, "Schatten") == []
    assert second.number == 2
    moderation.publish(first)
    assert (first.number, first.reply) == (1, "")


def test_numbers_are_never_given_twice(conference: Conference) -> None:
    given = []
    for number in range(4):
        contribution = make.published(conference, f"Beitrag {number}")
        given.append(contribution.number)
        taking_back.withdraw(contribution)

    assert given == [1, 2, 3, 4]


def test_publish_again_changes_nothing(conference: Conference) -> None:
    contribution = said(conference)
    shown = moderation.seen(contribution)
    moderation.publish(contribution, shown=shown)

    moderation.publish(contribution, shown=shown)

    assert contribution.number == 1
    assert len(decisions(contribution)) == 1


@pytest.mark.parametrize("way", [S.REJECTED, S.FORWARDED, S.DUPLICATE], ids=lambda way: way.value)
def test_the_same_decision_sent_twice_is_taken_once(conference: Conference, way: S) -> None:
    number = make.published(conference, "Anderer").number or 0
    contribution = said(conference)
    shown = moderation.seen(contribution)

    for _ in range(2):
        match way:
            case S.REJECTED:
                moderation.reject(contribution, REASON, REPLY, shown=shown)
            case S.FORWARDED:
                moderation.forward(contribution, "Tiefbauamt", "Danke", shown=shown)
            case _:
                moderation.mark_duplicate(contribution, number, shown=shown)

    assert [decision.status for decision in decisions(contribution)] == [way]


def test_another_decision_meanwhile_is_told(conference: Conference) -> None:
    contribution = said(conference)
    shown = moderation.seen(contribution)
    moderation.publish(contribution)
    other = make.published(conference, "Anderer").number or 0

    with pytest.raises(ChangedMeanwhile):
        moderation.reject(contribution, REASON, REPLY, shown=shown)
    with pytest.raises(ChangedMeanwhile):
        moderation.forward(contribution, "Tiefbauamt", shown=shown)
    with pytest.raises(ChangedMeanwhile):
        moderation.mark_duplicate(contribution, other, shown=shown)

    assert contribution.status is S.PUBLISHED


@pytest.mark.parametrize(
    "words",
    [
        contributions.Words("Neu"),
        contributions.Words("Alt", display_name="Ein anderer Name"),
        contributions.Words("Alt", kind=ContributionKind.PRAISE),
        contributions.Words("Alt", language="ar"),
    ],
    ids=["text", "name", "kind", "language"],
)
def test_what_the_author_changed_meanwhile_is_not_published_unread(
    conference: Conference, words: contributions.Words
) -> None:
    contribution = said(conference, "Alt")
    shown = moderation.seen(contribution)
    contributions.change(contribution, words)

    with pytest.raises(ChangedMeanwhile):
        moderation.publish(contribution, shown=shown)

    assert contribution.status is S.RECEIVED


def test_review_keeps_the_author_from_changing_it(conference: Conference) -> None:
    contribution = said(conference)
    moderation.review(contribution)

    with pytest.raises(contributions.AlreadyModerated):
        contributions.change(contribution, contributions.Words("Neu"))


@pytest.mark.parametrize("reply", ["", "  \n "], ids=["empty", "blank"])
def test_reject_needs_a_reply(conference: Conference, reply: str) -> None:
    contribution = said(conference)

    with pytest.raises(ReplyMissing):
        taking_back.reject(contribution, REASON, reply)

    assert (contribution.status, decisions(contribution)) == (S.RECEIVED, [])


def test_forward_needs_an_office(conference: Conference) -> None:
    contribution = said(conference)

    with pytest.raises(OfficeMissing):
        taking_back.forward(contribution, "  ")

    assert contribution.status is S.RECEIVED


def test_each_decision_is_noted_with_who_took_it(conference: Conference, member: StaffMember) -> None:
    contribution = said(conference)
    moderation.review(contribution, by=member)
    moderation.publish(contribution, by=member, note="passt")
    taking_back.reject(contribution, REASON, REPLY, by=member, note="doch nicht")
    taking_back.withdraw(contribution)

    assert [
        (decision.status, decision.reason, decision.staff_member_id == member.id)
        for decision in decisions(contribution)
    ] == [
        (S.IN_REVIEW, None, True),
        (S.PUBLISHED, None, True),
        (S.REJECTED, REASON, True),
        (S.WITHDRAWN, None, False),
    ]
    # Notes may repeat the words that are erased.
    assert {decision.note for decision in decisions(contribution)} == {""}


def test_withdraw_for_an_author_who_calls_notes_who_did_it(
    conference: Conference, member: StaffMember
) -> None:
    contribution = make.published(conference)

    taking_back.withdraw(contribution, by=member)

    assert decisions(contribution)[-1].staff_member_id == member.id


# --- Duplicates ------------------------------------------------------------------------------------------------------


def twins(conference: Conference) -> tuple[Contribution, Contribution, Contribution]:
    """An original and two that say the same, numbered 1 to 3."""
    original = make.published(conference, "Schatten am Spielplatz")
    second, third = said(conference, "Schatten, bitte"), said(conference, "Bäume für Schatten")
    moderation.mark_duplicate(second, 1)
    moderation.mark_duplicate(third, 1)
    return original, second, third


def test_a_duplicate_keeps_words_number_and_page(conference: Conference) -> None:
    _original, second, _third = twins(conference)

    assert (second.text, second.number, second.is_public) == ("Schatten, bitte", 2, True)
    assert found(conference, "bitte") == ["Schatten, bitte"]


@pytest.mark.parametrize(
    "way",
    [
        taking_back.withdraw,
        lambda it: taking_back.reject(it, REASON, REPLY),
        lambda it: taking_back.forward(it, "Tiefbauamt"),
    ],
    ids=["withdrawn", "rejected", "forwarded"],
)
def test_without_their_original_the_twins_stand_by_themselves(
    conference: Conference, way: Callable[[Contribution], None]
) -> None:
    original, second, third = twins(conference)

    way(original)

    assert (second.status, second.duplicate_of_id) == (S.PUBLISHED, None)
    assert (third.status, third.duplicate_of_id) == (S.DUPLICATE, second.id)
    assert sorted(map(str, found(conference, "Schatten"))) == ["Bäume für Schatten", "Schatten, bitte"]


def test_a_duplicate_withdrawn_leaves_the_others_as_they_are(conference: Conference) -> None:
    original, second, third = twins(conference)

    taking_back.withdraw(second)

    assert (second.status, second.text, second.number, second.duplicate_of_id) == (S.WITHDRAWN, None, 2, None)
    assert (original.status, third.status, third.duplicate_of_id) == (S.PUBLISHED, S.DUPLICATE, original.id)


def test_a_duplicate_of_a_duplicate_counts_for_the_original_of_both(conference: Conference) -> None:
    original, _second, _third = twins(conference)
    fourth = said(conference, "Noch einmal Schatten")

    moderation.mark_duplicate(fourth, 2)

    assert fourth.duplicate_of_id == original.id


def test_an_original_that_becomes_a_duplicate_takes_its_twins_along(conference: Conference) -> None:
    original, second, third = twins(conference)
    better = make.published(conference, "Schatten und Wasser")

    moderation.mark_duplicate(original, better.number or 0)

    assert {each.duplicate_of_id for each in (original, second, third)} == {better.id}


def test_an_original_must_be_another_public_one_of_the_conference(conference: Conference) -> None:
    original, second, _third = twins(conference)
    hidden = STATES[S.REJECTED](conference)
    foreign = make.conference(conference.host)
    for number in range(9):
        make.published(foreign, f"Anderswo {number}")

    for number in (99, 9, 1, 2):
        with pytest.raises(OriginalUnfit):
            # Its own number, and that of its twin, lead back to itself.
            moderation.mark_duplicate(original, number)
    with pytest.raises(OriginalUnfit):
        moderation.mark_duplicate(second, hidden.number or 0)


def test_publish_makes_a_duplicate_stand_by_itself(conference: Conference) -> None:
    _original, second, _third = twins(conference)

    moderation.publish(second)

    assert (second.status, second.duplicate_of_id, second.number) == (S.PUBLISHED, None, 2)


# --- Place, translation, answer, reports, corrections ----------------------------------------------------------------


def test_arrange_puts_it_under_topic_and_group(conference: Conference) -> None:
    group, topic = make.group(conference), make.topic(conference)
    contribution = said(conference)

    moderation.arrange(contribution, topic_id=topic.id, working_group_id=group.id)

    assert (contribution.topic_id, contribution.working_group_id) == (topic.id, group.id)
    moderation.arrange(contribution, topic_id=None, working_group_id=None)
    assert (contribution.topic_id, contribution.working_group_id) == (None, None)


def test_arrange_refuses_what_belongs_elsewhere_and_tells_of_another_change(conference: Conference) -> None:
    other = make.conference(conference.host)
    contribution, here, there = said(conference), make.topic(conference), make.topic(other)
    shown = editing.seen({"topic_id": None, "working_group_id": None})

    with pytest.raises(NotFound):
        moderation.arrange(contribution, topic_id=there.id, working_group_id=None)
    with pytest.raises(NotFound):
        moderation.arrange(contribution, topic_id=None, working_group_id=make.group(other).id)
    moderation.arrange(contribution, topic_id=here.id, working_group_id=None, shown=shown)
    with pytest.raises(ChangedMeanwhile):
        moderation.arrange(
            contribution, topic_id=None, working_group_id=make.group(conference).id, shown=shown
        )

    assert contribution.topic_id == here.id


def test_translation_stands_beside_the_words_and_is_found(conference: Conference) -> None:
    contribution = make.published(conference, "نريد ظلا", language="ar")

    moderation.translate(contribution, " Wir wollen Schatten ", TranslatedBy.MACHINE, reviewed=False)

    assert (contribution.text, contribution.german) == ("نريد ظلا", "Wir wollen Schatten")
    assert (contribution.german_by, contribution.german_reviewed) == (TranslatedBy.MACHINE, False)
    assert found(conference, "Schatten") == ["نريد ظلا"]
    moderation.translate(contribution, "")
    assert (contribution.german, contribution.german_by, contribution.german_reviewed) == ("", None, False)
    assert found(conference, "Schatten") == []


def test_translation_of_what_is_not_public_is_not_found(conference: Conference) -> None:
    moderation.translate(said(conference, "Gölge", language="tr"), "Schatten")

    assert found(conference, "Schatten") == []


def test_translation_changed_meanwhile_is_told(conference: Conference) -> None:
    contribution = said(conference, "Gölge", language="tr")
    shown = editing.seen({"german": "", "german_by": None, "german_reviewed": False})
    moderation.translate(contribution, "Schatten", shown=shown)

    with pytest.raises(ChangedMeanwhile):
        moderation.translate(contribution, "Schattig", shown=shown)

    assert contribution.german == "Schatten"


def test_answer_has_a_day_and_goes_away_again(conference: Conference, clock: object) -> None:
    contribution = make.published(conference)
    moderation.answer(contribution, "Der Bauhof stellt Bänke auf.")
    assert str(contribution.answered_on) == "2026-03-02"

    with pytest.raises(ChangedMeanwhile):
        moderation.answer(contribution, "Anders", shown=editing.seen({"answer": ""}))
    moderation.answer(contribution, "  ")

    assert (contribution.answer, contribution.answered_on) == ("", None)


def test_reports_are_handled_together(conference: Conference) -> None:
    contribution = make.published(conference)
    for number in range(2):
        contributions.report(contribution, ReportReason.OTHER, "Hm", submission=f"meldung-{number}")

    moderation.handle_reports(contribution)

    assert all(report.handled_at for report in db.session.scalars(select(ContributionReport)))


def test_withdrawing_erases_reports_as_well(conference: Conference) -> None:
    contribution = make.published(conference)
    contributions.report(contribution, ReportReason.OTHER, "Hm", submission="meldung")

    taking_back.withdraw(contribution)

    assert db.session.scalars(select(ContributionReport)).all() == []


def test_enter_keeps_a_card_and_publishes_it_when_asked_to(
    conference: Conference, member: StaffMember
) -> None:
    words = contributions.Words("Bänke", kind=ContributionKind.NEED)
    card, code = moderation.enter(
        conference, words, submission="karte-1", channel=ContributionChannel.CARD, by=member
    )
    call, slip = moderation.enter(
        conference,
        words,
        submission="anruf-1",
        channel=ContributionChannel.PHONE,
        with_code=True,
        publish_now=True,
        by=member,
        note="gleich",
    )

    assert (card.status, card.channel, code, decisions(card)) == (
        S.RECEIVED,
        ContributionChannel.CARD,
        "",
        [],
    )
    assert (call.status, call.number, contributions.by_code(conference.host_id, slip)) == (
        S.PUBLISHED,
        1,
        call,
    )
    assert [(decision.note, decision.staff_member_id) for decision in decisions(call)] == [
        ("gleich", member.id)
    ]


def test_enter_twice_enters_once(conference: Conference) -> None:
    first, second = (
        moderation.enter(
            conference,
            contributions.Words("Bänke"),
            submission="karte-1",
            channel=ContributionChannel.CARD,
            with_code=True,
            publish_now=True,
        )
        for _ in range(2)
    )

    assert first == second
    assert len(decisions(first[0])) == 1


def test_enter_is_possible_when_residents_cannot_but_not_for_a_draft(conference: Conference) -> None:
    assert conference.contributions_open_at is None
    draft = make.conference(conference.host, status=ConferenceStatus.DRAFT)
    words = contributions.Words("Bänke")

    moderation.enter(conference, words, submission="karte-1", channel=ContributionChannel.CARD)
    with pytest.raises(ContributionsClosed):
        moderation.enter(draft, words, submission="karte-2", channel=ContributionChannel.CARD)
    with pytest.raises(TextMissing):
        moderation.enter(
            conference, contributions.Words("  "), submission="karte-3", channel=ContributionChannel.CARD
        )

    assert len(db.session.scalars(select(Contribution)).all()) == 1


def test_correct_entry_mends_what_was_mistyped_and_the_search(conference: Conference) -> None:
    card = make.published(conference, "Mehr Benke", channel=ContributionChannel.CARD)

    moderation.correct_entry(card, contributions.Words("Mehr Bänke", kind=ContributionKind.NEED))

    assert (card.text, card.kind, card.number) == ("Mehr Bänke", ContributionKind.NEED, 1)
    assert (found(conference, "Bänke"), found(conference, "Benke")) == (["Mehr Bänke"], [])


def test_correct_entry_leaves_what_came_over_the_internet_alone(conference: Conference) -> None:
    contribution = said(conference)

    with pytest.raises(NotFound):
        moderation.correct_entry(contribution, contributions.Words("Anders"))

    assert contribution.text == "Mehr Bänke am Weg."


def test_correct_entry_changed_meanwhile_is_told(conference: Conference) -> None:
    card = said(conference, "Alt", channel=ContributionChannel.CARD)
    shown = editing.seen(editing.values(card, moderation.ENTRY))
    moderation.correct_entry(card, contributions.Words("Neu"), shown=shown)

    with pytest.raises(ChangedMeanwhile):
        moderation.correct_entry(card, contributions.Words("Anders"), shown=shown)

    assert card.text == "Neu"


def test_search_words_hold_nothing_of_what_is_hidden(conference: Conference) -> None:
    for make_one in STATES.values():
        contribution = make_one(conference)
        expected = search.index((contribution.text or "", "de"), ("", "de")) if contribution.is_public else ""
        assert contribution.search_words == expected


def decisions(contribution: Contribution) -> list[ModerationDecision]:
    """All decisions about it, the first one first."""
    return list(
        db.session.scalars(
            select(ModerationDecision)
            .where(ModerationDecision.contribution_id == contribution.id)
            .order_by(ModerationDecision.id)
        )
    )
