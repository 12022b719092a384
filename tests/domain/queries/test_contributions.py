"""The public list: what is in it, what each filter and search finds, how many each option would show."""

import secrets

import pytest
from sqlalchemy import insert

from app.database import db, random_id, transaction
from app.domain import moderation, search, taking_back
from app.domain.queries import contributions as read
from app.domain.queries.contributions import Filters
from app.models import (
    Conference,
    Contribution,
    ContributionKind,
    RejectionReason,
    TranslatedBy,
)
from tests import make
from tests.counting import statements


@pytest.fixture
def conference(app):
    return make.conference()


def numbers(conference, page=1, *, language="de", **wanted):
    return [row.number for row in read.listing(conference, Filters(**wanted), page, language=language).rows]


def many(conference, count, **values):
    """Rows of published contributions, as fast as a database takes them."""
    with transaction():
        last = db.session.get_one(Conference, conference.id).last_contribution_number
        db.session.execute(
            insert(Contribution),
            [
                {
                    "id": random_id(),
                    "host_id": conference.host_id,
                    "conference_id": conference.id,
                    "number": last + place,
                    "kind": ContributionKind.IDEA,
                    "channel": "web",
                    "language": "de",
                    "text": f"Bank Nummer {place}",
                    "status": "published",
                    "received_on": conference.starts_at.date(),
                    "submission_digest": secrets.token_hex(32),
                    "search_words": search.index((f"Bank Nummer {place}", "de")),
                    **values,
                }
                for place in range(1, count + 1)
            ],
        )
        db.session.get_one(Conference, conference.id).last_contribution_number = last + count


def test_only_what_is_public_is_listed_newest_number_first(conference):
    make.said(conference, "eben gekommen")
    shown = make.published(conference, "steht da")
    twin = make.published(conference, "auch so")
    moderation.mark_duplicate(twin, shown.number)
    reviewed, rejected, forwarded = (make.said(conference, text)[0] for text in "abc")
    moderation.review(reviewed)
    moderation.reject(rejected, RejectionReason.INSULT, "Bitte freundlicher.")
    moderation.forward(forwarded, "Tiefbauamt")
    withdrawn, unpublished = make.published(conference, "weg"), make.published(conference, "auch weg")
    taking_back.withdraw(withdrawn)
    taking_back.reject(unpublished, RejectionReason.INSULT, "Doch nicht.")
    last = make.published(conference, "zuletzt")
    make.published(make.conference(conference.host), "anderswo")

    listing = read.listing(conference, Filters())

    assert [row.number for row in listing.rows] == [last.number, shown.number] == [5, 1]
    assert (listing.found, listing.pages) == (2, 1)
    assert {key: [each.number for each in same] for key, same in listing.same.items()} == {shown.id: [2]}
    for query in ("eben", "weg", "a", "anderswo"):
        assert 3 not in numbers(conference, query=query)
        assert 4 not in numbers(conference, query=query)


def test_filters_find_duplicates_by_their_own_words_and_language(conference):
    original = make.published(conference, "Schatten auf dem Spielplatz")
    twin = make.published(conference, "نريد ظلا في الملعب", language="ar", kind=ContributionKind.NEED)
    moderation.mark_duplicate(twin, original.number)

    assert numbers(conference) == [1]
    assert numbers(conference, language="de", query="ظلا") == [2]
    assert read.listing(conference, Filters(language="ar")).rows[0].duplicate_of.number == 1
    assert numbers(conference, query="schatten") == [1]
    assert [row.number for row in read.listing(conference, Filters(kind=ContributionKind.NEED)).rows] == [2]


def test_each_filter_and_all_together(conference):
    groups = [make.group(conference) for _ in range(2)]
    topics = [make.topic(conference, title) for title in ("Spielen", "Bus")]
    for group, topic, kind, language, text in (
        (0, 0, "idea", "de", "Rutsche"),
        (0, 1, "need", "de", "Nachtbus"),
        (1, 1, "need", "tr", "Otobüs"),
        (1, None, "praise", "de", "Schön hier"),
    ):
        make.published(
            conference,
            text,
            group=groups[group],
            topic=topics[topic] if topic is not None else None,
            kind=ContributionKind(kind),
            language=language,
        )

    assert numbers(conference, topic=2) == [3, 2]
    assert numbers(conference, group=1) == [2, 1]
    assert numbers(conference, kind=ContributionKind.NEED) == [3, 2]
    assert [row.number for row in read.listing(conference, Filters(language="tr")).rows] == [3]
    assert numbers(conference, topic=2, group=2, kind=ContributionKind.NEED, query="oto") == [3]
    assert numbers(conference, topic=1, group=2) == []
    # Topics and groups that are not here are no filters.
    assert numbers(conference, topic=77, group=88) == [4, 3, 2, 1]
    assert read.listing(conference, Filters(topic=77)).filters == Filters()


def test_counts_say_what_each_option_would_show(conference):
    groups = [make.group(conference) for _ in range(2)]
    topic = make.topic(conference)
    one, two, three = (
        make.published(
            conference, text, group=groups[place], topic=topic if place else None, language=language
        )
        for text, place, language in (("Rutsche", 0, "de"), ("Rutsche zwei", 1, "de"), ("Kaydırak", 1, "tr"))
    )
    moderation.mark_duplicate(three, two.number)

    def counts(**wanted):
        choices = read.listing(conference, Filters(**wanted)).choices
        return (
            dict(choices.topics),
            dict(choices.groups),
            {kind.value: count for kind, count in choices.kinds.items()},
            dict(choices.languages),
        )

    assert counts() == ({1: 2}, {1: 1, 2: 2}, {"idea": 3}, {"de": 2, "tr": 1})
    # Its own filter left aside, the others as they are.
    assert counts(group=1) == ({}, {1: 1, 2: 2}, {"idea": 1}, {"de": 1})
    assert counts(query="rutsche") == ({1: 1}, {1: 1, 2: 1}, {"idea": 2}, {"de": 2})
    for name, options in (("topic", {1: 2}), ("group", {1: 1, 2: 2})):
        for number, count in options.items():
            assert read.listing(conference, Filters(**{name: number})).found == count
    assert one.number == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("spielplatz", [1]),
        ("SPIELPLÄTZE", [1]),
        ("spiel schatten", [1]),
        ("spiel bus", []),
        ("platz", []),
        ("otobüsler", [2]),
        ("bus", [2]),
        ("квартир", [3]),
        ("100%", [4]),
        ("100_", [4]),
        ("%", []),
        ("' OR 1=1 --", []),
        ("\u202eمدرسة", [5]),
        ("المدرسة", [5]),
        ("😀", []),
    ],
)
def test_search_finds_words_by_their_beginning(conference, query, found):
    make.published(conference, "Der Spielplatz braucht Schatten.")
    turkish = make.published(conference, "Otobüs gelmiyor", language="tr")
    moderation.translate(turkish, "Der Bus kommt nicht", TranslatedBy.MACHINE, reviewed=False)
    make.published(conference, "Ми шукаємо квартиру", language="uk")
    make.published(conference, "100 Prozent dafür", language="de")
    make.published(conference, "المدرسة بعيدة", language="ar")

    assert numbers(conference, query=query) == found


def test_pages_of_25(conference):
    many(conference, 60)

    assert numbers(conference) == list(range(60, 35, -1))
    assert numbers(conference, 3) == list(range(10, 0, -1))
    # Beyond the last and before the first are the last and the first.
    assert numbers(conference, 10**18) == numbers(conference, 3)
    assert numbers(conference, -5) == numbers(conference)
    listing = read.listing(conference, Filters(query="bank"), 2)
    assert (listing.found, listing.page, listing.pages) == (60, 2, 3)


@pytest.mark.parametrize(
    ("wanted", "expected"), [({}, 5), ({"group": 1}, 5), ({"query": "bank"}, 6), ({"query": "nirgends"}, 6)]
)
def test_the_number_of_statements_is_fixed(conference, wanted, expected):
    group, topic = make.group(conference), make.topic(conference)
    counted = {}
    for count in (1, 2, 997):
        many(conference, count, working_group_id=group.id, topic_id=topic.id)
        db.session.expire_all()
        assert conference.id
        with statements() as sent:
            listing = read.listing(conference, Filters(**wanted))
            assert all(row.topic.title and row.group.title and row.conference for row in listing.rows)
        counted[conference.last_contribution_number] = len(sent)

    assert counted == dict.fromkeys((1, 3, 1000), expected)


def test_public_of_a_conference(conference):
    assert read.public_of(conference) == read.Public(contributions=False, recommendations=False)
    make.said(conference)
    assert read.public_of(conference) == read.Public(contributions=False, recommendations=False)
    make.published(conference)
    assert conference.id
    with statements() as sent:
        assert read.public_of(conference) == read.Public(contributions=True, recommendations=False)
    assert len(sent) == 1


def test_count_in_group(conference):
    group = make.group(conference)
    make.published(conference, group=group)
    make.said(conference, group=group)
    make.published(conference)

    assert read.count_in_group(group) == 1
