"""Contributions: handed in once, followed with a code, changed until somebody reads them, erased for good."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from app.database import db, now, transaction
from app.domain import codes, contributions, moderation, taking_back
from app.domain.contributions import Words
from app.domain.errors import (
    AlreadyModerated,
    AlreadyWithdrawn,
    ContributionsClosed,
    NotFound,
    TextMissing,
    UnknownContributionCode,
)
from app.jobs import huey, tasks
from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    ContributionChannel,
    ContributionKind,
    ContributionReport,
    ContributionStatus,
    Message,
    ModerationDecision,
    ReportReason,
)
from tests import make

OPEN = {"contributions_open_at": make.at("2026-03-01 08:00")}


@pytest.fixture
def conference(app, clock):
    return make.conference(**OPEN)


def all_of_them():
    db.session.rollback()
    return list(db.session.scalars(select(Contribution).order_by(Contribution.id)))


def test_hand_in_keeps_the_words_and_the_day_and_nothing_else(conference):
    group, topic = make.group(conference), make.topic(conference)
    words = Words("Mehr Bänke", ContributionKind.NEED, "tr", group.id, topic.id, "eine Nachbarin")

    contribution, code = contributions.hand_in(conference, words, submission="a" * 24, notice_digest="n" * 64)

    kept = {
        column.name: getattr(contribution, column.name)
        for column in Contribution.__table__.columns
        if column.name not in ("id", "code_digest", "submission_digest")
    }
    assert {name: value for name, value in kept.items() if value not in (None, "", False)} == {
        "host_id": conference.host_id,
        "conference_id": conference.id,
        "kind": ContributionKind.NEED,
        "channel": ContributionChannel.WEB,
        "language": "tr",
        "text": "Mehr Bänke",
        "display_name": "eine Nachbarin",
        "working_group_id": group.id,
        "topic_id": topic.id,
        "status": ContributionStatus.RECEIVED,
        "received_on": date(2026, 3, 2),
        "notice_digest": "n" * 64,
    }
    assert contributions.by_code(conference.host_id, code).id == contribution.id
    assert code not in repr([contribution.code_digest, contribution.submission_digest])


def test_hand_in_changes_nothing_public_and_tells_nobody(conference):
    before = conference.version, conference.changed_at

    make.said(conference, by_staff=False)

    assert (conference.version, conference.changed_at) == before
    assert db.session.scalars(select(Message)).all() == []
    assert db.session.scalars(select(ModerationDecision)).all() == []


def test_the_same_form_twice_is_one_contribution_with_the_same_code(conference):
    first, code = make.said(conference, "Erste Worte", submission="s" * 24)
    again, same_code = make.said(conference, "Andere Worte", submission="s" * 24)

    assert (again.id, same_code) == (first.id, code)
    assert [each.text for each in all_of_them()] == ["Erste Worte"]


def test_the_same_form_is_known_after_the_time_for_contributions(conference, clock):
    first, code = make.said(conference, submission="s" * 24, by_staff=False)
    with transaction():
        db.session.get_one(Conference, conference.id).contributions_close_at = now()

    assert make.said(conference, submission="s" * 24, by_staff=False)[1] == code
    with pytest.raises(ContributionsClosed):
        make.said(conference, submission="t" * 24, by_staff=False)
    assert [each.id for each in all_of_them()] == [first.id]


def test_the_same_form_at_two_conferences_is_two_contributions(conference):
    other = make.conference(conference.host, **OPEN)

    (here, code), (there, other_code) = (
        make.said(where, submission="s" * 24) for where in (conference, other)
    )

    assert here.id != there.id
    assert code != other_code
    assert contributions.by_code(conference.host_id, other_code).id == there.id


def test_the_same_form_sent_at_the_same_moment_is_one_contribution(fresh_app):
    conference = make.conference(contributions_open_at=now() - timedelta(days=1))
    conference_id, found, gate = conference.id, [], threading.Barrier(6)
    db.session.rollback()

    def send():
        with fresh_app.app_context():
            there = db.session.get_one(Conference, conference_id)
            gate.wait()
            contribution, code = make.said(there, submission="s" * 24, by_staff=False)
            found.append((contribution.id, code))
            db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 6
    assert len(set(found)) == 1
    assert len(all_of_them()) == 1


@pytest.mark.parametrize(
    ("change", "staff_may"),
    [
        ({"contributions_open_at": None}, True),
        ({"contributions_open_at": make.at("2026-03-02 12:01")}, True),
        ({"contributions_close_at": make.at("2026-03-02 12:00")}, True),
        ({"status": ConferenceStatus.CANCELLED}, True),
        ({"status": ConferenceStatus.DRAFT}, False),
        ({"status": ConferenceStatus.ARCHIVED}, False),
    ],
    ids=["never", "not yet", "over", "cancelled", "draft", "archived"],
)
def test_hand_in_outside_of_the_time_is_for_staff_alone(clock, app, change, staff_may):
    conference = make.conference(**OPEN | change)

    with pytest.raises(ContributionsClosed):
        make.said(conference, by_staff=False)
    if staff_may:
        make.said(conference, by_staff=True, channel=ContributionChannel.CARD)
    else:
        with pytest.raises(ContributionsClosed):
            make.said(conference, by_staff=True)

    assert len(all_of_them()) == staff_may


def test_hand_in_without_words_or_with_things_of_another_conference_is_refused(conference):
    other = make.conference(conference.host)
    group, topic = make.group(other), make.topic(other)

    for words, refusal in (
        (Words("  \n "), TextMissing),
        (Words("Bank", working_group_id=group.id), NotFound),
        (Words("Bank", topic_id=topic.id), NotFound),
    ):
        with pytest.raises(refusal):
            contributions.hand_in(conference, words, submission="s" * 24)

    assert all_of_them() == []


def test_without_a_slip_there_is_no_code(conference):
    contribution, code = make.said(conference, with_code=False, channel=ContributionChannel.CARD)

    assert (code, contribution.code_digest) == ("", None)
    for typed in ("", "None", "-"):
        with pytest.raises(UnknownContributionCode):
            contributions.by_code(conference.host_id, typed)
        assert not contributions.opens(contribution, typed)


def test_a_code_opens_its_contribution_at_its_host_alone(conference):
    contribution, code = make.said(conference)
    _registration, of_registration = make.registered(conference)

    assert contributions.by_code(conference.host_id, code.upper().replace("-", " ")).id == contribution.id
    assert contributions.opens(contribution, code)
    for host_id, typed in (
        (make.host().id, code),
        (conference.host_id, of_registration),
        (conference.host_id, contribution.code_digest),
    ):
        with pytest.raises(UnknownContributionCode):
            contributions.by_code(host_id, typed)


def test_one_form_never_gives_one_code_to_a_registration_and_a_contribution(conference):
    registration, of_registration = make.registered(conference, submission="s" * 24)
    contribution, of_contribution = make.said(conference, submission="s" * 24)

    assert of_registration != of_contribution
    assert registration.submission_digest != contribution.submission_digest
    # Not even when by chance both had the same words.
    assert codes.digest(of_contribution) != contribution.code_digest


def test_the_mark_of_a_browser_fits_one_contribution(conference):
    (one, _), (other, _) = make.said(conference), make.said(conference)

    assert contributions.mark_fits(one, contributions.holding_mark(one))
    assert not contributions.mark_fits(one, contributions.holding_mark(other))
    assert not contributions.mark_fits(one, "ä")


def test_change_until_somebody_reads_it(conference):
    contribution, code = make.said(conference, "Mehr Bänke")
    group = make.group(conference)
    contributions.change(
        contribution, Words("Keine Bänke", ContributionKind.PRAISE, "en", group.id, None, "ich")
    )

    (kept,) = all_of_them()
    assert (kept.text, kept.kind, kept.language, kept.working_group_id, kept.display_name) == (
        *("Keine Bänke", ContributionKind.PRAISE, "en", group.id),
        "ich",
    )
    assert contributions.opens(kept, code)

    with pytest.raises(TextMissing):
        contributions.change(kept, Words(""))
    moderation.review(kept)
    with pytest.raises(AlreadyModerated):
        contributions.change(kept, Words("Zu spät"))
    taking_back.withdraw(kept)
    with pytest.raises(AlreadyWithdrawn):
        contributions.change(kept, Words("Viel zu spät"))


def test_report_is_told_once_and_only_of_what_is_public(conference):
    contribution = make.published(conference)
    hidden, _code = make.said(conference)

    for _time in range(2):
        contributions.report(contribution, ReportReason.INSULT, "Das ist gemein", submission="m" * 24)
    with pytest.raises(NotFound):
        contributions.report(hidden, ReportReason.OTHER, "", submission="n" * 24)

    (kept,) = db.session.scalars(select(ContributionReport))
    assert (kept.contribution_id, kept.reason, kept.text, kept.reported_on, kept.handled_at) == (
        *(contribution.id, ReportReason.INSULT, "Das ist gemein", date(2026, 3, 2)),
        None,
    )


def test_withdraw_erases_every_word(conference):
    word = "Zaunkönig"
    contribution, code = make.said(conference, f"{word} singt", name=f"Freundin vom {word}")
    moderation.publish(contribution, note=f"{word}?")
    moderation.translate(contribution, f"{word} singt")
    moderation.answer(contribution, f"Der {word} bleibt")
    contributions.report(contribution, ReportReason.OTHER, f"{word}!", submission="m" * 24)
    number = contribution.number
    assert word.lower() in everything()

    for _time in range(2):
        taking_back.withdraw(contribution)

    assert word.lower() not in everything()
    kept = contributions.by_code(conference.host_id, code)
    assert (kept.status, kept.number, kept.text) == (ContributionStatus.WITHDRAWN, number, None)


def everything():
    from tests.town import stored

    return repr(stored()).lower().replace("ö", "o").replace("zaunkonig", "zaunkönig")


def test_what_said_the_same_stands_by_itself_when_the_original_goes(conference):
    original, second, third = (make.published(conference, f"Bank {place}") for place in range(3))
    for twin in (third, second):
        moderation.mark_duplicate(twin, original.number)

    taking_back.withdraw(original)

    states = {each.number: (each.status.value, each.duplicate_of_id) for each in all_of_them()}
    assert states == {1: ("withdrawn", None), 2: ("published", None), 3: ("duplicate", second.id)}


# What a database tells by itself.


def lying():
    """Ids in the order the rows lie in, and how many transactions wrote them."""
    db.session.rollback()
    place, writer = ("ctid", "xmin::text") if db.engine.dialect.name == "postgresql" else ("rowid", "1")
    rows = db.session.execute(text(f"SELECT id, {writer} FROM contribution ORDER BY {place}")).all()
    db.session.rollback()
    return [row[0] for row in rows], len({row[1] for row in rows})


def day_by_day(conference, clock, count=30):
    """Contributions of several days, the first long enough to be kept beside the table; ids as they were handed in."""
    ids = []
    for place in range(count):
        ids.append(make.said(conference, f"Bank {place} " + "ä" * (2900 if place % 5 == 0 else 10))[0].id)
        clock.shift(timedelta(hours=7))
    return ids


def test_blend_lets_rows_not_tell_who_came_first(fresh_app, clock):
    # A table of its own: where others were deleted before, new rows fill the gaps.
    ids = day_by_day(make.conference(**OPEN), clock)
    before, writers = lying()
    if db.engine.dialect.name == "postgresql":
        # So it is without: the order of arrival can be read off.
        assert (before, writers) == (ids, 30)
    texts = {each.id: each.text for each in all_of_them()}
    clock.shift(timedelta(days=1))

    contributions.blend()

    assert lying() == (sorted(ids), 1)
    assert ids != sorted(ids)
    assert {each.id: each.text for each in all_of_them()} == texts


def test_blend_leaves_the_present_day_for_the_next_night(conference, clock):
    day_by_day(conference, clock, count=8)
    clock.move_to(make.at("2026-03-05 12:00"))
    today = {make.said(conference)[0].id for _ in range(3)}

    contributions.blend()

    order, writers = lying()
    assert order == sorted(order)
    assert writers == (4 if db.engine.dialect.name == "postgresql" else 1)
    clock.shift(timedelta(days=1))
    contributions.blend()
    assert lying() == (order, 1)
    assert today < set(order)


def test_blend_writes_nothing_twice_and_nothing_that_shows(conference, clock):
    published = make.published(conference)
    day_by_day(conference, clock, count=3)
    clock.shift(timedelta(days=1))
    version = db.session.get_one(Conference, conference.id).version

    wrote = [contributions.blend(), contributions.blend()]

    assert wrote == ([4, 0] if db.engine.dialect.name == "postgresql" else [0, 0])
    assert db.session.get_one(Conference, conference.id).version == version
    assert db.session.get_one(Contribution, published.id).is_public


def test_the_worker_blends_each_night(conference, clock, monkeypatch, app):
    ids = day_by_day(conference, clock, count=5)
    clock.shift(timedelta(days=1))
    monkeypatch.setattr(huey, "app", app)
    db.session.rollback()
    at_night = [task for task in huey.read_periodic(make.at("2026-03-05 03:17")) if "blend" in task.name]
    by_day = [task.name for task in huey.read_periodic(make.at("2026-03-05 12:17"))]

    tasks.blend_contributions_each_night.call_local()

    assert [task.name for task in at_night] == ["blend_contributions_each_night"]
    assert "blend_contributions_each_night" not in by_day
    assert lying() == (sorted(ids), 1)
