"""What differs between two editions: numbers and names of fields."""

from copy import deepcopy

from app.domain import changes


def snapshot(number=1, contributions=(), recommendations=()):
    return {
        "edition": {"number": number},
        "contributions": list(contributions),
        "recommendations": list(recommendations),
    }


def voice(number, **values):
    return {"number": number, "text": "Bänke", "status": "published", "owed_by": "Amt", **values}


def advice(number, **values):
    return {"number": number, "title": "Bänke", "status": "submitted", "status_label": "vorgelegt", **values}


NOTHING = {
    "since": 1,
    "recommendations": {"added": [], "removed": [], "changed": []},
    "contributions": {"added": [], "withdrawn": [], "changed": []},
}


def test_the_same_gives_empty_lists():
    before = snapshot(1, [voice(1)], [advice(1)])

    found = changes.between(before, deepcopy(before))

    assert found == NOTHING
    assert changes.count(found) == 0


def test_added_removed_and_changed_are_told_by_number_and_field():
    before = snapshot(1, [voice(1), voice(2), voice(3)], [advice(1), advice(2), advice(3)])
    after = snapshot(
        2,
        [voice(1), voice(2, text="Mehr Bänke"), {"number": 3, "withdrawn": True}, voice(4)],
        [
            advice(2, status="adopted", status_label="beschlossen", answer="Ja"),
            advice(3, title="Neue Bänke"),
            advice(4),
        ],
    )

    found = changes.between(before, after)

    assert found == {
        "since": 1,
        "recommendations": {
            "added": [4],
            "removed": [1],
            "changed": [
                {
                    "number": 2,
                    "fields": ["status", "answer"],
                    "status_before": "submitted",
                    "status_now": "adopted",
                },
                {"number": 3, "fields": ["title"]},
            ],
        },
        "contributions": {"added": [4], "withdrawn": [3], "changed": [2]},
    }
    assert changes.count(found) == 7


def test_what_was_taken_out_of_the_edition_before_is_told_as_withdrawn_once():
    before = snapshot(
        1, [{"number": 1, "withdrawn": True, "redacted": True}, {"number": 2, "withdrawn": True}]
    )
    after = snapshot(2, [{"number": 1, "withdrawn": True}, {"number": 2, "withdrawn": True}])

    assert changes.between(before, after)["contributions"] == {"added": [], "withdrawn": [1], "changed": []}
    assert changes.between(after, snapshot(3, after["contributions"]))["contributions"]["withdrawn"] == []


def test_a_voice_that_is_public_again_is_new():
    before = snapshot(1, [{"number": 1, "withdrawn": True, "redacted": True}])

    assert changes.between(before, snapshot(2, [voice(1)]))["contributions"] == {
        "added": [1],
        "withdrawn": [],
        "changed": [],
    }


def test_who_owes_an_answer_is_no_change_of_the_voice():
    before = snapshot(1, [voice(1)])

    assert changes.between(before, snapshot(2, [voice(1, owed_by="")])) == NOTHING
