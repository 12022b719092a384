"""What a snapshot holds: all that is public, and nothing else."""

import itertools
import json

import pytest

from app.domain import snapshot
from app.models import RegistrationStatus, RoleGroup
from app.web.labels import in_german
from tests import counting, make, results

NUMBERS = itertools.count(1)
SECRETS = (
    "Ungelesen und geheim",
    "Beleidigung, nie öffentlich",
    "Das war einmal öffentlich",
    "Noch geheimes Protokoll",
    "Geheimer Entwurf",
)


def taken(conference, **values):
    return snapshot.take(
        conference,
        **{
            "number": 1,
            "published_on": results.DAY,
            "correction_until": None,
            "note": "",
            "base_url": "https://stadt.example",
            "word": in_german,
            **values,
        },
    )


def test_the_snapshot_of_a_conference_with_everything(app, clock):
    conference = results.rich(title="Zukunft im Quartier")
    host = conference.host

    found = taken(conference, correction_until=results.DAY, note="Vorläufig.")

    assert found["schema"] == "sozialraumkonferenz-results/1"
    assert found["edition"] == {
        "number": 1,
        "published_on": "2026-03-02",
        "correction_until": "2026-03-02",
        "note": "Vorläufig.",
        "is_demo": False,
    }
    assert found["host"]["key"] == host.key
    assert found["conference"] == {
        "key": conference.key,
        "title": "Zukunft im Quartier",
        "kind_label": "Sozialkonferenz",
        "motto": "",
        "teaser": "",
        "starts_at": "2026-02-20T12:00:00+00:00",
        "ends_at": "2026-02-20T15:00:00+00:00",
        "venue": None,
        "contact": {
            "role": "Sozialplanung",
            "phone": "02000 54321",
            "email": "beteiligung@stadt.example",
            "hours": "",
        },
        "address": f"https://stadt.example/{host.key}/{conference.key}/",
    }
    assert found["attendance"]["at_tables"] == [{"group": 1, "round": 1, "count": 12}]
    assert [(group["number"], group["title"], group["minutes"]) for group in found["groups"]] == [
        (
            1,
            "Wohnen im Quartier",
            [{"round": 1, "participants": 12, "points": ["Es fehlen Bänke.", "Es fehlt Schatten."]}],
        ),
        (2, "Bewegen", []),
    ]
    assert found["topics"] == [
        {"number": 1, "title": "Bänke und Schatten", "summary": "Alles über Bänke und Schatten.", "group": 1}
    ]
    assert found["contributions"] == [
        {
            "number": 1,
            "kind": "idea",
            "channel": "web",
            "lang": "de",
            "dir": "ltr",
            "text": "Mehr Bänke im Park.",
            "german": "",
            "german_by": None,
            "german_reviewed": False,
            "display_name": "Eine Anwohnerin",
            "group": 1,
            "topic": 1,
            "status": "published",
            "duplicate_of": None,
            "received_on": "2026-03-02",
            "answer": "",
            "answered_on": None,
            "recommendations": [{"number": 1, "directly": True}],
            "owed_by": "",
            "owed_since": None,
        },
        {
            "number": 2,
            "kind": "idea",
            "channel": "web",
            "lang": "ar",
            "dir": "rtl",
            "text": "نريد مقاعد في الحديقة.",
            "german": "Wir wollen Bänke im Park.",
            "german_by": "machine",
            "german_reviewed": False,
            "display_name": "",
            "group": None,
            "topic": None,
            "status": "duplicate",
            "duplicate_of": 1,
            "received_on": "2026-03-02",
            "answer": "",
            "answered_on": None,
            "recommendations": [{"number": 1, "directly": True}],
            "owed_by": "",
            "owed_since": None,
        },
        {
            "number": 3,
            "kind": "question",
            "channel": "web",
            "lang": "de",
            "dir": "ltr",
            "text": '=HYPERLINK("https://boese.example")',
            "german": "",
            "german_by": None,
            "german_reviewed": False,
            "display_name": "",
            "group": None,
            "topic": None,
            "status": "published",
            "duplicate_of": None,
            "received_on": "2026-03-02",
            "answer": "Danke für den Hinweis.",
            "answered_on": None,
            "recommendations": [],
            "owed_by": "",
            "owed_since": None,
        },
        {"number": 4, "withdrawn": True},
    ]
    assert found["recommendations"] == [
        {
            "number": 1,
            "title": "Bänke aufstellen",
            "field_of_action": "",
            "target_groups": [],
            "need": "Ältere Menschen brauchen Pausen.",
            "goal": "",
            "measures": ["Orte suchen", "Bänke kaufen"],
            "lead": "Grünflächenamt",
            "partners": [],
            "caretaker": "",
            "horizon": None,
            "target_date": None,
            "priority": None,
            "status": "submitted",
            "status_label": "der Politik vorgelegt",
            "history": [
                {
                    "status": "submitted",
                    "status_label": "der Politik vorgelegt",
                    "happened_on": "2026-03-02",
                    "text": "In die Tagesordnung aufgenommen",
                    "decided_by": "Sozialausschuss",
                }
            ],
            "answer": "Die Bänke kommen im Mai.",
            "result": "",
            "evidence": [
                {"kind": "contribution", "number": 1},
                {"kind": "topic", "number": 1},
                {"kind": "minutes", "group": 1, "round": 1},
            ],
        }
    ]
    assert found["changes"] is None


def test_nothing_that_is_not_public_is_in_it(app):
    conference = results.rich()
    registered_in(conference, RoleGroup.RESIDENT, name="Erna Geheimnis", organisation="Verein Geheimnis")

    text = snapshot.canonical(taken(conference)).decode()

    assert "Mehr Bänke im Park." in text
    assert [secret for secret in (*SECRETS, "Geheimnis") if secret in text] == []


def test_an_empty_conference_gives_a_valid_snapshot(app):
    found = taken(results.over())

    assert found["attendance"] == {"registered": 0, "by_role": [], "at_tables": []}
    assert [
        found[name] for name in ("programme", "groups", "topics", "contributions", "recommendations")
    ] == [
        [],
        [],
        [],
        [],
        [],
    ]


def test_the_same_rows_give_the_same_bytes(app):
    conference = results.rich()

    first, second = (snapshot.canonical(taken(conference)) for _ in range(2))

    assert first == second
    assert json.loads(first) == taken(conference)
    assert snapshot.sha256(taken(conference)) == snapshot.sha256(json.loads(first))


def test_evidence_that_was_withdrawn_is_a_number_and_what_never_was_public_is_left_out(app):
    conference = results.over()
    shown, hidden = results.voice(conference, "Das ziehe ich zurück."), None
    hidden = results.voice(conference, "Nie gezeigt", number=None, status="received")
    unsigned = results.minutes(make.group(conference), signed_off=False)
    results.recommendation(conference, shown, hidden, unsigned)
    from app.domain import taking_back

    taking_back.withdraw(shown)
    found = taken(conference)

    assert found["contributions"] == [{"number": 1, "withdrawn": True}]
    assert found["recommendations"][0]["evidence"] == [{"kind": "contribution", "number": 1}]


def test_the_number_of_statements_does_not_grow(app):
    counted = []
    for size in (1, 3, 300):
        conference = results.over()
        group = make.group(conference)
        about = results.topic(conference, group=group)
        results.minutes(group)
        voices = [
            results.voice(conference, f"Stimme {place}", topic_id=about.id) for place in range(min(size, 60))
        ]
        for place in range(min(size, 30)):
            results.recommendation(conference, voices[place % len(voices)], about)
        registered_in(conference, RoleGroup.RESIDENT)
        from app.database import db

        db.session.rollback()
        with counting.statements() as sent:
            taken(conference)
        counted.append(len(sent))

    assert counted[0] == counted[1] == counted[2] <= 25


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ({"resident": 9, "press": 0}, [("resident", 9)]),
        ({"resident": 9, "politics": 3}, [("resident", 9), ("politics", 3)]),
        # One group of two: what remains of the total would tell.
        ({"resident": 9, "press": 2}, []),
        ({"resident": 9, "politics": 1, "press": 2}, [("resident", 9), ("other", 3)]),
        ({"resident": 2}, []),
    ],
)
def test_groups_of_less_than_three_people_are_not_told_apart(app, people, told):
    conference = results.over()
    for role, count in people.items():
        for _ in range(count):
            registered_in(conference, RoleGroup(role))

    attendance = taken(conference)["attendance"]

    assert attendance["registered"] == sum(people.values())
    assert [(entry["role"], entry["count"]) for entry in attendance["by_role"]] == told
    assert [entry["label"] for entry in attendance["by_role"] if entry["role"] == "other"] == (
        ["andere"] if ("other", 3) in told else []
    )


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        (RegistrationStatus.ATTENDED, 2),
        (RegistrationStatus.NO_SHOW, 2),
        (RegistrationStatus.WAITLISTED, 1),
        (RegistrationStatus.OFFERED, 1),
        (RegistrationStatus.LAPSED, 1),
        (RegistrationStatus.CANCELLED, 1),
    ],
)
def test_only_people_with_a_place_are_counted(app, status, counted):
    conference = results.over()
    registered_in(conference, RoleGroup.RESIDENT)
    registered_in(conference, RoleGroup.RESIDENT, status)

    assert taken(conference)["attendance"]["registered"] == counted


def registered_in(conference, role, status=RegistrationStatus.CONFIRMED, name="", organisation=""):
    """A registration of one person as it stands in the database; the conference is over."""
    from app.database import db, now, transaction
    from app.models import Participant, Registration, RegistrationChannel

    with transaction():
        registration = Registration(
            host_id=conference.host_id,
            conference_id=conference.id,
            status=status,
            ticket=7 if status in (RegistrationStatus.WAITLISTED, RegistrationStatus.OFFERED) else None,
            offered_at=now() if status is RegistrationStatus.OFFERED else None,
            channel=RegistrationChannel.PAPER,
            role_group=role,
            code_digest=f"{next(NUMBERS):064}",
            link_nonce="x",
            display_name=name,
            organisation=organisation,
        )
        registration.participants.append(
            Participant(host_id=conference.host_id, conference_id=conference.id, position=1)
        )
        db.session.add(registration)
    return registration
