"""Ticking evidence: what is ticked survives filtering and pages, and only what is public gets in."""

from sqlalchemy import select

from app.database import db
from app.domain import minutes, moderation, recommendations, taking_back
from app.models import Recommendation, RecommendationStatus
from tests import make
from tests.blueprints.recommendations.conftest import BASE
from tests.browse import words
from tests.domain.queries.test_trace import many
from tests.domain.test_recommendations import WHOLE


def stored():
    db.session.expire_all()
    return db.session.scalars(select(Recommendation)).one()


def ticked(page):
    return [box.get("value") for box in page.all("input", name="beitrag") if box.get("checked") is not None]


def offered(page):
    return [box.get("value") for box in page.all("input", name="beitrag") if box.get("checked") is None]


def numbers(recommendation):
    return [row.contribution.number for row in recommendation.evidence if row.contribution]


def test_draft_without_contributions_leads_to_them(opened):
    page = opened("draft")

    assert page.links()["Zu den Beiträgen"] == "/verwaltung/stadt/konferenz/beitraege"


def test_draft_from_what_is_ticked(opened, conference):
    for text in ("Bänke", "Schatten", "Wasser"):
        make.published(conference, text)
    topic = make.topic(conference)
    group = make.group(conference, title="Wohnen")
    minutes.save(group, 1, {"participants": 8, "main_points": "Bänke fehlen.", "signed_off": True})

    page = opened("draft", beitrag="2")
    assert (ticked(page), offered(page)) == (["2"], ["3", "1"])
    made = page.form().send(
        title="Bänke aufstellen",
        field_of_action="Wohnen",
        beitrag=["2", "3"],
        themen=str(topic.number),
        protokoll=f"{group.number}-1",
    )

    assert made.location == f"{BASE}/1"
    recommendation = stored()
    assert (recommendation.title, recommendation.status) == ("Bänke aufstellen", RecommendationStatus.DRAFTED)
    assert numbers(recommendation) == [2, 3]
    assert [row.topic_id for row in recommendation.evidence[2:]] == [topic.id, None]
    assert "Thema: Spielplätze" in made.follow().text


def test_draft_pressed_twice_makes_one(opened, conference):
    form = opened("draft").form()

    first, second = (form.send(title="Bänke aufstellen").location for _ in range(2))

    assert first == second
    assert stored().number == 1


def test_just_a_note(opened, conference):
    opened("draft").form().send(title="Bänke aufstellen", vormerken="1", status=303)

    assert stored().status is RecommendationStatus.COLLECTED


def test_what_is_ticked_and_typed_survives_filtering(opened, conference):
    topic = make.topic(conference, "Bänke")
    group = make.group(conference, title="Wohnen")
    first = make.published(conference, "Mehr Bänke.", group=group)
    make.published(conference, "Mehr Schatten.")
    make.published(conference, "Mehr Wasser.")
    moderation.arrange(first, topic_id=topic.id, working_group_id=group.id)
    form = opened("draft").form()

    for filters, shown in (
        ({"thema": str(topic.number)}, ["1"]),
        ({"gruppe": str(group.number)}, ["1"]),
        ({"q": "Wasser"}, ["3"]),
        ({"q": "Unsinn"}, []),
        ({"thema": "99"}, ["3", "1"]),
    ):
        page = form.send(title="Bänke aufstellen", beitrag="2", filtern="1", **filters, status=200)
        assert (ticked(page), offered(page)) == (["2"], shown), filters
        assert page.form().values["title"] == "Bänke aufstellen"
    assert db.session.query(Recommendation).count() == 0


def test_what_is_ticked_survives_turning_the_page(opened, conference):
    many(conference, 60)

    page = opened("draft")
    assert "Weitere Beiträge" in page.text
    assert "Vorige Beiträge" not in page.text
    page = page.form().send(beitrag=["100", "103"], seite="2", status=200)

    assert ticked(page) == ["100", "103"]
    assert "Vorige Beiträge" in page.text


def test_draft_without_a_title_keeps_what_is_ticked(opened, conference):
    make.published(conference)

    page = opened("draft").form().send(beitrag="1", status=422)

    assert set(page.errors()) == {"title"}
    assert ticked(page) == ["1"]


def test_draft_with_something_withdrawn_meanwhile(opened, conference):
    kept, gone = make.published(conference), make.published(conference)
    form = opened("draft").form()
    taking_back.withdraw(gone)

    page = form.send(title="Bänke aufstellen", beitrag=["1", "2"], status=422)

    assert "Ein Beitrag wurde zurückgezogen und kann kein Beleg sein." in words(page.one(id="fehler"))
    assert "ist nicht öffentlich und darum nicht mehr dabei: Nr. 2." in page.text
    assert ticked(page) == [str(kept.number)]
    # What is left can be sent at once.
    page.form().send(status=303)
    assert numbers(stored()) == [1]


def test_numbers_that_are_none_are_left_aside_and_unknown_ones_refused(opened, conference):
    form = opened("draft").form()

    refused = form.send(title="Bänke aufstellen", beitrag=["99"], status=422)
    assert "Das gibt es nicht oder nicht mehr." in refused.text
    refused = form.send(title="Bänke aufstellen", protokoll="x", status=422)
    assert "Das gibt es nicht oder nicht mehr." in refused.text
    form.send(title="Bänke aufstellen", beitrag=["x", "-1", "9" * 4000], status=303)
    assert numbers(stored()) == []


def recommended(conference, *voices):
    return recommendations.draft(conference, WHOLE, contribution_ids=[voice.id for voice in voices])


def test_evidence_is_added(opened, conference):
    voices = [make.published(conference) for _ in range(3)]
    recommended(conference, voices[0])
    page = opened("edit_evidence", recommendation=1)
    # What it rests on already is not offered again.
    assert offered(page) == ["3", "2"]

    page = page.form(f"{BASE}/1/belege").send(beitrag=["3"]).follow()

    assert "Die Belege sind gespeichert." in page.text
    assert numbers(stored()) == [1, 3]
    assert offered(page) == ["2"]


def test_nothing_ticked_says_so(opened, conference):
    make.published(conference)
    recommended(conference)

    page = opened("edit_evidence", recommendation=1).form(f"{BASE}/1/belege").send(status=422)

    assert "Bitte kreuzen Sie mindestens einen Beleg an." in page.text


def test_evidence_is_put_in_order_and_taken_out(opened, conference, organizer):
    recommended(conference, *(make.published(conference) for _ in range(3)))
    first, _, third = (row.id for row in stored().evidence)
    change = f"{BASE}/1/belege/aendern"

    page = opened("edit_evidence", recommendation=1).form(change).send(move=f"up:{third}").follow()
    assert "Die Reihenfolge ist gespeichert." in page.text
    assert numbers(stored()) == [1, 3, 2]
    page = page.form(change).send(move=f"remove:{first}").follow()
    assert "Der Beleg ist herausgenommen." in page.text
    assert numbers(stored()) == [3, 2]

    for move in ("", "up:", "up:x", "up:4711", "sideways:1", "remove:" + "9" * 4000, "down:²"):
        organizer.post(change, data={"move": move})
        assert "Die Liste hat sich inzwischen geändert." in opened("edit_evidence", recommendation=1).text
    assert numbers(stored()) == [3, 2]


def test_evidence_that_went_is_named_as_such(opened, conference):
    voice = make.published(conference, "Mehr Bänke.")
    group = make.group(conference, title="Wohnen")
    minutes.save(group, 1, {"participants": 8, "main_points": "Bänke fehlen.", "signed_off": True})
    recommended(conference, voice)
    opened("edit_evidence", recommendation=1).form(f"{BASE}/1/belege").send(
        protokoll=f"{group.number}-1", status=303
    )
    taking_back.withdraw(voice)
    minutes.save(group, 1, {"participants": 8, "main_points": "Bänke fehlen.", "signed_off": False})

    for endpoint in ("edit_evidence", "edit"):
        page = opened(endpoint, recommendation=1)
        assert "zurückgezogen zählt nicht mehr als Beleg" in page.text
        assert "zählt erst wieder, wenn das Protokoll freigegeben ist" in page.text
        assert "Mehr Bänke." not in page.text
