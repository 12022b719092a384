"""Exporting the registration form, the rules of seats, and what people of a file need, agreed to and wish."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from app.database import db, transaction
from app.domain import (
    consents,
    exporting,
    import_records,
    importing,
    questionnaire,
    registrations,
    secrets,
    support,
)
from app.domain.registrations import Details
from app.models import Consent, ConsentPurpose, ConsentText, NeedKind, Question, RoleGroup, SupportOffer
from tests import make
from tests.domain.exporting.test_rheine import _empty, exported, flat, values
from tests.domain.importing.rheine import FILE, TEXT, changed, imported
from tests.domain.importing.test_importing import registration, the_conference
from tests.domain.importing.test_importing_form import COMING, WITH_MORE, question

RULES = """walk_in_quota: 10
  reserved: {politics: 3, institution: 12}
  has_queue: false
  makes_offers: true
  offer_hours: 24"""
WISHED = changed(
    ("walk_in_quota: 10", "walk_in_quota: 10\n  group_choice: wishes"),
    ("status: no_show", "status: confirmed, together: true, wishes: {2: [ag1, ag2]}"),
    ("status: waitlisted, waitlist_position: 1", "status: confirmed"),
    text=COMING,
)


@pytest.mark.parametrize("which", ["coming", "more", "rules", "wished"])
def test_import_of_an_export_of_a_coming_conference_is_the_file_field_by_field(
    app: Flask, which: str
) -> None:
    text = {
        "coming": COMING,
        "more": WITH_MORE,
        "rules": changed(("walk_in_quota: 10", RULES), text=WITH_MORE),
        "wished": WISHED,
    }[which]
    imported(text)
    first = exported()

    # What was said before a conference is something for another test.
    parts = ("conference", "agenda", "working_groups", "registration_form", "registrations")
    made, said = values(first), values(text)
    assert {part: flat(made[part]) for part in parts} == {part: flat(said[part]) for part in parts}
    _empty()
    imported(first)
    assert exported() == first


def test_export_shows_what_was_changed_in_the_form(app: Flask) -> None:
    imported(WITH_MORE)
    conference = the_conference()
    questionnaire.move(conference, question("note").id, up=True)
    with transaction():
        question("weg").label = question("weg").label.with_text("ar", "من أين؟")
    wanted = consents.arranged(conference)
    consents.arrange(conference, {**wanted, "contact_later-words": "Neu.", "photo_website": False})

    form = values(exported())["registration_form"]

    listed = [found["key"] for found in form["questions"]]
    assert listed.index("note") < listed.index("group_wishes")
    assert listed[:5] == ["role_group", "display_name", "contact", "organisation", "social_space"]
    assert {"geboren", "wann", "dgs", "food"} < set(listed)
    assert len(listed) == len(set(listed)) == 19
    by_key = {found["key"]: found for found in form["questions"]}
    assert by_key["weg"]["label"] == {"de": "Woher wissen Sie davon?", "ar": "من أين؟"}
    assert by_key["weg2"]["show_if"] == "weg = Anders"
    assert by_key["neu"]["type"] == "boolean"
    found = {consent["key"]: consent for consent in form["consents"]}
    assert (found["contact_later"]["label"], found["contact_later"]["version"]) == ("Neu.", "2")
    assert found["photo_web"]["asked"] is False
    assert found["photo_documentation"]["version"] == "foto-doku-1"


def test_form_made_in_the_application_comes_back_elsewhere(app: Flask) -> None:
    imported(COMING)
    conference = the_conference()
    with transaction():
        support.save(registration("REGEN-16").participants[0], [support.Wanted(NeedKind.OTHER, "Ein Stuhl")])
    consents.withdraw(registration("FISCH-12"), ConsentPurpose.PHOTO_DOCUMENTATION)
    text = exporting.conference(conference, with_contacts=True).text
    by_code = {entry["code"]: entry for entry in values(text)["registrations"]}
    assert by_code["REGEN-16"]["needs"] == [{"type": "other", "value": "Ein Stuhl"}]
    assert list(by_code["FISCH-12"]["consent_withdrawn"]) == ["photo_documentation"]

    _empty()
    imported(text)

    assert exporting.conference(the_conference(), with_contacts=True).text == text


def test_export_says_no_needs_and_consents_of_people_of_the_application(app: Flask) -> None:
    imported(changed(("status: published", "status: registration_open"), text=COMING))
    conference = the_conference()
    person = registrations.Person(needs=[support.Wanted(NeedKind.DIET, "ohne Sellerie")])
    registrations.register(
        conference,
        Details(RoleGroup.RESIDENT, display_name="Neu dabei"),
        [person],
        submission="s" * 32,
        by=make.staff_member(),
        consents=[text.id for text in consents.asked(conference)],
    )

    text = exported()

    assert "ohne Sellerie" not in text
    entry = values(text)["registrations"][-1]
    assert (entry["display_name"], set(entry) & {"needs", "consents"}) == ("Neu dabei", set())


def test_export_without_the_file_of_spaces_keeps_their_names(app: Flask) -> None:
    importing.conference(FILE)
    text = changed(("title: Familien-App", "title: Die App"), text=exported())

    importing.conference_from("x.yaml", text.encode())

    assert question("social_space").options[0]["label"]["de"] == "Altstadt (fiktiv)"
    assert question("social_space").is_on


def test_what_an_earlier_version_kept_is_exported_until_the_file_comes_again(app: Flask) -> None:
    importing.conference(FILE)
    stored = import_records.last(the_conference().id)
    assert stored is not None
    record, remembered = stored
    said = values(TEXT)
    with transaction():
        # As it was before: nothing of it in tables, the form whole, consents beside what else is kept of people.
        for model in (Consent, ConsentText, Question, SupportOffer):
            db.session.execute(delete(model))
        remembered["format"] = 2
        remembered["file"]["registration_form"] = said["registration_form"]
        for entry in said["registrations"]:
            kept = remembered["file"]["registrations"].setdefault(entry["code"], {})
            kept |= {name: entry[name] for name in ("consents", "consent_withdrawn") if name in entry}
        remembered["notation"] = [
            item
            for item in remembered["notation"]
            if item[0][0] != "registration_form" and item[0][2:3] != ["consents"]
        ]
        remembered["applied"] = {
            name: {field: mark for field, mark in marks.items() if field != "consents"}
            for name, marks in remembered["applied"].items()
            if not name.startswith(("question/", "consent/", "support/"))
        }
        record.kept = secrets.encrypt(json.dumps(remembered))

    assert flat(values(exported())) == flat(said)

    assert not imported(TEXT).unchanged
    assert flat(values(exported())) == flat(said)
    assert db.session.scalar(select(func.count()).select_from(Question)) == 3
