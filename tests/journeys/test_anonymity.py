"""With all tables, the outbox, the log and the queue in hand: nobody joins a contribution to a registration."""

import itertools
import logging
import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app import jobs
from app.database import db, metadata, now
from app.domain import codes, contributions, editions, outbox, secrets
from app.models import Contribution, Message, Registration
from tests import make
from tests.browse import visit
from tests.town import stored
from tests.visitor import Visitor

# Where a person stands, and where a voice stands.
PERSONAL = ("registration", "registration_event", "participant", "seat", "message")
VOICES = ("contribution", "contribution_report", "moderation_decision")
# What everybody of one conference has in common.
SHARED_BY_ALL = ("host_id", "conference_id")
# Ids of the frame (groups, rounds) are few and given one by one; what could tell a person is longer.
FEW = 10_000
PURPOSES = (
    *("registration-code", "contribution-code", "code", "submission", "contribution-submission"),
    *("link", "holding", "contribution-holding", "contribution-report", "recommendation"),
)


def rows(*tables):
    """All rows of these tables as dictionaries."""
    db.session.rollback()
    found = [
        dict(row._mapping)
        for name in tables
        for row in db.session.execute(metadata.tables[name].select()).all()
    ]
    db.session.rollback()
    return found


def telling(row):
    """What in a row could be looked for elsewhere: long texts and numbers, and times finer than a day."""
    found = set()
    for name, value in row.items():
        if name in SHARED_BY_ALL or value is None or isinstance(value, bool):
            continue
        if isinstance(value, datetime):
            found.add(value.isoformat(timespec="seconds"))
        elif isinstance(value, int) and value >= FEW:
            found.add(str(value))
        elif isinstance(value, str) and len(value) >= 8:
            found.add(value)
            # Tokens within texts count as well.
            found |= set(re.findall(r"[A-Za-z0-9_-]{12,}", value))
    return found


def derived(values, extra=""):
    """What the product could make of values with its keys, by any purpose it has."""
    found = set()
    for value in values:
        for purpose in PURPOSES:
            for text in (value, f"{extra}:{value}", f"{value}:{extra}", codes.normalise(value)):
                digest = secrets.digest(purpose, text)
                found |= {digest, digest[:40]}
    return found


def links(voices, people, *more):
    """Everything that stands on both sides, as it is or derived under the product's own keys."""
    of_voices = set().union(*map(telling, voices)) if voices else set()
    of_people = set().union(*map(telling, people)).union(*more) if people else set(*more)
    ids = {str(row["conference_id"]) for row in [*voices, *people] if row.get("conference_id")}
    found = of_voices & of_people
    for extra in ids:
        found |= derived(of_voices, extra) & of_people
        found |= derived(of_people, extra) & of_voices
    return found


def finer_than_a_day(row):
    return [name for name, value in row.items() if isinstance(value, datetime)]


@pytest.fixture
def queue(fresh_app, monkeypatch):
    """What lies in the queue of the worker, which is woken as outside of tests."""
    fresh_app.config["JOBS_WAKE"] = True
    monkeypatch.setattr(outbox, "on_new", None)
    monkeypatch.setattr(editions, "on_queued", None)
    jobs.install(fresh_app)
    # Databases of several tests may lie in one folder.
    jobs.huey.storage.flush_queue()
    yield jobs.huey.storage.enqueued_items
    jobs.huey.storage.close()
    monkeypatch.setattr(jobs.huey, "app", None)


def with_contributions():
    conference = make.conference(make.host(name="Neustadt"), contributions_open_at=now() - timedelta(days=1))
    make.group(conference)
    return conference


@pytest.fixture
def conference(app):
    return with_contributions()


TEXT = "Am Weidenweg fehlt eine Laterne."


def both_in_one_browser(app, conference):
    """Somebody registers with name and mail, and then says something; returns both codes and the two tokens."""
    where = {"host": conference.host.key, "conference": conference.key}
    client = Visitor(app)
    registration = visit(client, "signup.register", **where).form()
    done = registration.send(
        role_group="resident",
        display_name="Amira Musterfrau",
        contact_channel="email",
        email="amira.musterfrau@post.example",
        round_1="1",
        status=302,
    ).follow()
    contribution = visit(client, "feedback.hand_in", **where).form()
    said = contribution.send(text=TEXT, group="1", status=302).follow()
    return (
        tuple("-".join(part.text for part in page.all(class_="code-card__part")) for page in (done, said)),
        (registration.values["submission"], contribution.values["submission"]),
        client,
    )


def test_nothing_joins_a_contribution_to_a_registration(fresh_app, caplog, queue):
    conference = with_contributions()
    before = stored()
    with caplog.at_level(logging.INFO):
        both_codes, both_tokens, _client = both_in_one_browser(fresh_app, conference)
    of_registration, of_contribution = both_codes

    voices, people = rows(*VOICES), rows(*PERSONAL)
    assert len(voices) == 1
    assert {row.get("display_name") for row in people} >= {"Amira Musterfrau"}
    # No value in common, none derived from one: with the codes and the form tokens of the other side in hand as well.
    assert links(voices, people) == set()
    assert links(voices, people, {of_registration, both_tokens[0]}) == set()
    assert links(people, voices, {of_contribution}) == set()
    # No time finer than a day.
    assert [finer_than_a_day(row) for row in voices] == [[]]
    assert isinstance(voices[0]["received_on"], date)
    # Only these tables were written to, and the conference's row is the registration's doing alone.
    written = {name for name, kept in stored().items() if kept != before[name]}
    assert written == {
        "contribution",
        "registration",
        "registration_event",
        "participant",
        "seat",
        "message",
        "conference",
        "group_round",
    }

    # The outbox and the queue know of the registration, and of nothing else.
    (message,) = db.session.scalars(select(Message))
    assert message.registration_id is not None
    assert len(queue()) == 1
    assert TEXT not in repr(people) + repr(queue())
    # The log says nothing of either.
    log = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    secret_words = {
        TEXT,
        "Weidenweg",
        "Amira",
        "amira.musterfrau",
        *both_codes,
        *both_tokens,
        str(voices[0]["id"]),
    }
    assert {each for each in secret_words if each in log} == set()


def test_handing_in_leaves_nothing_but_its_own_row(fresh_app, queue):
    conference = with_contributions()
    where = {"host": conference.host.key, "conference": conference.key}
    before = stored()

    visit(Visitor(fresh_app), "feedback.hand_in", **where).form().send(text=TEXT, status=302).follow()

    after = stored()
    assert [name for name in after if after[name] != before[name]] == ["contribution"]
    assert queue() == []


@pytest.mark.parametrize(
    "leak",
    [
        lambda voice, person: {**voice, "notice_digest": person["notice_digest"]},
        lambda voice, person: {**voice, "submission_digest": person["submission_digest"]},
        lambda voice, person: {**voice, "code_digest": person["code_digest"]},
        lambda voice, person: {**voice, "received_on": person["created_at"]},
        lambda voice, person: {**voice, "key": person["link_nonce"]},
        lambda voice, person: {**voice, "display_name": person["display_name"]},
        lambda voice, person: {**voice, "reply": f"an {person['code_digest']}"},
        lambda voice, person: {
            **voice,
            "key": secrets.digest("holding", f"{person['conference_id']}:{person['link_nonce']}"),
        },
        lambda voice, person: {**voice, "key": secrets.digest("link", person["display_name"])},
    ],
    ids=[
        "notice",
        "form",
        "code",
        "time",
        "nonce",
        "name",
        "within a text",
        "derived with the conference",
        "derived",
    ],
)
def test_the_search_for_links_finds_one_where_there_is_one(app, conference, leak):
    both_in_one_browser(app, conference)
    (voice,), (person,) = rows("contribution"), rows("registration")
    people = rows(*PERSONAL)
    assert links([voice], people) == set()

    assert links([leak(voice, person)], people) != set()


def test_one_token_in_both_forms_still_joins_nothing(app, conference):
    """A browser that sent the same token with both forms would not give anything away either."""
    registration, of_registration = make.registered(conference, submission="s" * 24, name="Amira Musterfrau")
    contribution, of_contribution = make.said(conference, TEXT, submission="s" * 24)

    assert links(rows("contribution"), rows(*PERSONAL)) == set()
    assert of_registration != of_contribution
    assert (registration.code_digest, registration.submission_digest) != (
        contribution.code_digest,
        contribution.submission_digest,
    )


def test_ids_do_not_tell_who_came_first(app, conference):
    """Of a hundred contributions in a row their ids tell no order, and are not those of a generator of the day."""
    ids = [make.said(conference, f"Bank {place}")[0].id for place in range(100)]

    later = sum(second > first for first, second in itertools.pairwise(ids))
    assert ids != sorted(ids)
    # Half of the steps go up; fewer than 25 or more than 74 of 99 happen once in a million runs.
    assert 25 <= later <= 74
    assert len(set(ids)) == 100
    assert max(ids) - min(ids) > 2**60


def test_numbers_follow_the_decisions_and_not_the_arrival(app, conference):
    from app.domain import moderation

    first, second = (make.said(conference, text)[0] for text in ("zuerst gekommen", "danach gekommen"))

    for contribution in (second, first):
        moderation.publish(contribution)

    assert (second.number, first.number) == (1, 2)


def test_the_browser_keeps_the_one_or_the_other(app, conference):
    _codes, _tokens, client = both_in_one_browser(app, conference)

    with client.session_transaction() as session:
        kept = dict(session)
    registration = db.session.scalars(select(Registration)).one()
    contribution = db.session.scalars(select(Contribution)).one()
    assert kept["contribution"] == str(contribution.id)
    assert kept["contribution_mark"] == contributions.holding_mark(contribution)
    for value in (registration.code_digest, registration.link_nonce, "Amira", codes.digest("x")):
        assert value not in repr(kept)
    assert not any("registration" in name or name == "fresh_code" for name in kept)
