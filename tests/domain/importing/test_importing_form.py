"""Importing the registration form, and what people of a file need, agreed to and wish."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db, now, transaction
from app.domain import (
    consents,
    import_records,
    importing,
    questionnaire,
    questions,
    registrations,
    retention,
    secrets,
    support,
)
from app.domain.registrations import Details
from app.models import (
    Consent,
    ConsentMethod,
    ConsentPurpose,
    ConsentText,
    GroupChoice,
    NeedKind,
    Question,
    QuestionKind,
    Registration,
    RegistrationStatus,
    RoleGroup,
    SupportNeed,
    SupportOffer,
    Wish,
)
from tests import make
from tests.domain.importing.rheine import FILE, TEXT, changed, findings, imported, rows
from tests.domain.importing.test_importing import registration, the_conference
from tests.domain.importing.test_reimporting import refusal

# The same conference, and it is still to come.
COMING = TEXT.replace("2023-", "2033-").replace("2024-", "2034-")
MORE_QUESTIONS = """
    - {key: weg, type: single, label: Woher wissen Sie davon?, options: [Flyer, Internet, Anders]}
    - {key: weg2, type: text, label: Wie anders?, show_if: "weg = Anders"}
    - {key: neu, type: boolean, label: Sind Sie zum ersten Mal dabei?, required: true}
    - {key: jahre, type: number, label: Seit wie vielen Jahren?, min: 0, max: 99, keep_days: 30}
    - {key: geboren, type: date, label: Wann geboren?}
    - {key: wann, type: single, label: Wann?, options: [A, B], show_if: "role_group = Presse"}
  consents:
"""
WITH_MORE = changed(("\n  consents:\n", MORE_QUESTIONS), text=COMING)


def question(key: str) -> Question:
    return db.session.scalars(select(Question).where(Question.key == key)).one()


def words(found: Question) -> list[str]:
    return [option["label"]["de"] for option in found.options]


def needs_of(key: str) -> list[tuple[NeedKind, str]]:
    ids = [person.id for person in registration(key).participants]
    found = db.session.scalars(
        select(SupportNeed).where(SupportNeed.participant_id.in_(ids)).order_by(SupportNeed.id)
    )
    return [(need.kind, need.detail) for need in map(support.read, found)]


def given(key: str) -> dict[ConsentPurpose, Any]:
    found = db.session.scalars(select(Consent).where(Consent.registration_id == registration(key).id))
    return {row.consent_text.purpose: row.withdrawn_at and row.withdrawn_at.isoformat() for row in found}


def test_form_of_rheine_becomes_questions_words_and_support(app: Flask) -> None:
    report = importing.conference(FILE)

    conference = the_conference()
    assert [(found.key, found.kind, found.is_required) for found in questionnaire.all_of(conference)] == [
        ("social_space", QuestionKind.SOCIAL_SPACE, False),
        ("group_wishes", QuestionKind.RANKING, False),
        ("note", QuestionKind.LONG_TEXT, False),
    ]
    assert words(question("social_space"))[:2] == ["Altstadt (fiktiv)", "Nordviertel (fiktiv)"]
    assert words(question("group_wishes"))[:2] == ["Familien-App", "Familien-Pass"]
    assert [(text.purpose.value, text.version) for text in consents.asked(conference)] == [
        ("photo_documentation", 1),
        ("photo_website", 1),
        ("contact_later", 1),
    ]
    offers = {offer.kind: str(offer.note) for offer in db.session.scalars(select(SupportOffer))}
    assert set(offers) == set(NeedKind)
    assert offers[NeedKind.OTHER] == "Sitzplatz vorn"
    text = str(report)
    assert "stellt das Formular von sich aus: role_group, display_name, contact, organisation." in text
    assert "Fragen nach Unterstützung (language, dgs, children, access, food, mobility)" in text


def test_needs_of_a_conference_long_over_do_not_come_back(app: Flask) -> None:
    report = importing.conference(FILE)

    assert db.session.scalar(select(func.count()).select_from(SupportNeed)) == 0
    assert "mehr als 14 Tage zurück: Angaben zur Unterstützung kommen nicht wieder" in str(report)
    assert "halal" not in str(rows())


@pytest.mark.parametrize(("days", "number"), [(13, 11), (15, 0)])
def test_needs_come_until_fourteen_days_after_the_conference(app: Flask, days: int, number: int) -> None:
    day = (now() - timedelta(days=days)).date().isoformat()
    day_text = TEXT.replace("2023-05-25", day).replace("+02:00", "")

    imported(changed(("status: published", "status: in_documentation"), text=day_text))

    assert db.session.scalar(select(func.count()).select_from(SupportNeed)) == number


def test_needs_of_a_coming_conference_stand_encrypted_with_their_people(app: Flask) -> None:
    report = imported(COMING)

    assert needs_of("FISCH-12") == [
        (NeedKind.INTERPRETING, "ar"),
        (NeedKind.CHILDCARE, "3, 6"),
        (NeedKind.DIET, "halal"),
    ]
    assert needs_of("BAUM-47") == [(NeedKind.LARGE_PRINT, ""), (NeedKind.TRANSPORT, "Fahrt")]
    # Cancelled: nobody needs it any more.
    assert needs_of("LAMPE-38") == []
    assert "halal" not in str(rows())
    assert not any("Unterstützungsbedarf" in line for line in report.kept)


def test_consents_come_as_proof_with_their_withdrawal(app: Flask) -> None:
    importing.conference(FILE)

    photo, web = ConsentPurpose.PHOTO_DOCUMENTATION, ConsentPurpose.PHOTO_WEBSITE
    assert given("FISCH-12") == {photo: None, ConsentPurpose.CONTACT_LATER: None}
    assert given("VOGEL-55") == {photo: None, web: None}
    assert given("KATZE-90") == {photo: "2023-06-11T22:00:00+00:00"}
    assert given("APFEL-08") == {}
    methods = {row.method for row in db.session.scalars(select(Consent))}
    assert methods == {ConsentMethod.WEB}
    assert {row.given_at for row in db.session.scalars(select(Consent))} == {the_conference().starts_at}


def test_questions_of_every_kind_keep_bounds_conditions_and_days(app: Flask) -> None:
    report = str(imported(WITH_MORE))

    assert question("weg2").shown_if_id == question("weg").id
    assert question("weg2").shown_if_options == ["anders"]
    years = question("jahre")
    assert (years.kind, years.least, years.most, years.retention_days) == (QuestionKind.NUMBER, 0, 99, 30)
    assert (words(question("neu")), question("neu").is_required) == (["Ja", "Nein"], True)
    assert "Die Frage „geboren“ lässt sich hier nicht stellen (type: date)" in report
    assert "Die Frage „wann“ lässt sich hier nicht stellen (show_if: role_group = Presse)" in report


def test_same_file_again_writes_nothing_and_a_changed_one_only_differences(app: Flask) -> None:
    imported(WITH_MORE)
    before = rows()
    assert imported(WITH_MORE).unchanged
    assert rows() == before
    kept_ids = {found.key: found.id for found in questionnaire.all_of(the_conference())}
    with transaction():
        question("weg").help = question("weg").help.with_text("de", "In der Anwendung")

    report = imported(changed(("Woher wissen Sie davon?", "Woher?"), text=WITH_MORE))

    assert (str(question("weg").label), str(question("weg").help)) == ("Woher?", "In der Anwendung")
    assert {found.key: found.id for found in questionnaire.all_of(the_conference())} == kept_ids
    assert report.counts["Fragen des Formulars"] == {"geändert": 1, "unverändert": 6}
    assert report.counts["Unterstützung"] == {"unverändert": 12}


def test_question_no_longer_named_goes_unless_somebody_has_answered(app: Flask) -> None:
    imported(WITH_MORE)
    conference = the_conference()
    with transaction():
        questions.save_answers(
            registration("FISCH-12"), {question("weg").id: "flyer", question("neu").id: "ja"}
        )
    without = changed(
        (MORE_QUESTIONS.splitlines()[4] + "\n", ""),
        (MORE_QUESTIONS.splitlines()[2] + "\n", ""),
        text=WITH_MORE,
    )

    imported(without)
    assert {found.key for found in questionnaire.all_of(conference)} & {"weg2", "jahre"} == set()

    sentence = refusal(changed((MORE_QUESTIONS.splitlines()[1] + "\n", ""), text=without))
    assert "keine Frage „weg“" in sentence
    assert "ist sie beantwortet" in sentence


def test_option_somebody_has_chosen_stays(app: Flask) -> None:
    imported(WITH_MORE)
    with transaction():
        questions.save_answers(
            registration("FISCH-12"), {question("weg").id: "flyer", question("neu").id: "ja"}
        )

    sentence = refusal(changed(("[Flyer, Internet, Anders]", "[Internet, Anders]"), text=WITH_MORE))

    assert "die Frage „weg“ ohne „Flyer“" in sentence


def test_reworded_consent_gets_a_new_version_once_somebody_agreed(app: Flask) -> None:
    imported(COMING)

    imported(changed(("dürfen in die Dokumentation (PDF).", "dürfen ins Heft."), text=COMING))

    texts = db.session.scalars(
        select(ConsentText)
        .where(ConsentText.purpose == ConsentPurpose.PHOTO_DOCUMENTATION)
        .order_by(ConsentText.version)
    ).all()
    assert [(text.version, str(text.words), text.is_current) for text in texts] == [
        (1, "Fotos von mir dürfen in die Dokumentation (PDF).", False),
        (2, "Fotos von mir dürfen ins Heft.", True),
    ]
    assert {
        row.consent_text.version for row in db.session.scalars(select(Consent)) if row.consent_text in texts
    } == {1}


def test_consent_withdrawn_in_the_application_stays_so(app: Flask) -> None:
    imported(COMING)
    consents.withdraw(registration("FISCH-12"), ConsentPurpose.CONTACT_LATER)
    before = given("FISCH-12")

    imported(changed(("code: FISCH-12, channel: web", "code: FISCH-12, channel: phone"), text=COMING))

    assert given("FISCH-12") == before
    assert before[ConsentPurpose.CONTACT_LATER]


def test_support_somebody_needs_is_not_taken_away(app: Flask) -> None:
    imported(COMING)
    line = next(line for line in COMING.splitlines() if "key: food" in line)

    sentence = refusal(changed((line + "\n", ""), text=COMING))

    assert "braucht sie jemand" in sentence


def test_rules_of_seats_and_kept_places_are_written(app: Flask) -> None:
    rules = "walk_in_quota: 10\n  reserved: {institution: 12}\n  makes_offers: true\n  offer_hours: 24"

    imported(changed(("walk_in_quota: 10", rules), text=COMING))

    conference = the_conference()
    assert (conference.makes_offers, conference.offer_hours, conference.has_queue) == (True, 24, True)
    assert [(quota.role_group, quota.places, quota.taken) for quota in conference.quotas] == [
        (RoleGroup.INSTITUTION, 12, 2)
    ]
    assert conference.reserved_open == 10
    imported(COMING)
    assert (the_conference().quotas, the_conference().reserved_open) == ([], 0)
    assert (the_conference().makes_offers, the_conference().offer_hours) == (False, 48)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("walk_in_quota: 10", "walk_in_quota: 10\n  reserved: {institution: 101}", "conference.reserved"),
        ("walk_in_quota: 10", "walk_in_quota: 10\n  offer_hours: 0", "conference.offer_hours"),
        ("waitlist_position: 1", "conference_queue: 1, assigned: {1: ag1}", "registrations[13].assigned"),
        ("status: no_show", "status: no_show, conference_queue: 1", "registrations[10].conference_queue"),
        ("status: no_show", "status: no_show, wishes: {1: [ag9]}", "registrations[10].wishes.1[0]"),
    ],
)
def test_rules_that_do_not_fit_are_named_with_line_and_field(old: str, new: str, place: str) -> None:
    assert place in [importing.findings.field_path(finding.path) for finding in findings(changed((old, new)))]


def test_wishes_are_kept_by_round_where_groups_are_given_by_them(app: Flask) -> None:
    imported(changed(("walk_in_quota: 10", "walk_in_quota: 10\n  group_choice: wishes"), text=COMING))

    assert the_conference().group_choice is GroupChoice.WISHES
    ids = [person.id for person in registration("FISCH-12").participants]
    wished = [
        (wish.participant_id, wish.round_number, wish.rank, wish.group_round.group.key)
        for wish in db.session.scalars(select(Wish).where(Wish.participant_id.in_(ids)).order_by(Wish.id))
    ]
    assert wished == [
        (person, number, rank, key)
        for person in ids
        for number in (1, 2)
        for rank, key in enumerate(("ag4", "ag1"), 1)
    ]
    # The form asks for wishes by itself.
    assert "group_wishes" not in {found.key for found in questionnaire.all_of(the_conference())}


def test_queue_of_the_conference_keeps_its_order(app: Flask) -> None:
    text = changed(
        ("capacity: 110", "capacity: 15"),
        ("walk_in_quota: 10", "walk_in_quota: 0"),
        ("status: waitlisted, waitlist_position: 1", "status: waitlisted, conference_queue: 2"),
        ("status: no_show", "status: waitlisted, conference_queue: 1"),
        ("status: cancelled", "status: confirmed"),
        ("capacity: 15", "capacity: 13"),
        text=COMING,
    )

    imported(text)

    waiting = db.session.scalars(
        select(Registration)
        .where(Registration.status == RegistrationStatus.WAITLISTED)
        .order_by(Registration.ticket)
    )
    assert [found.key for found in waiting] == ["NEBEL-05", "REGEN-16"]
    assert (the_conference().places_taken, the_conference().waiting) == (13, 2)


def test_one_who_cancelled_and_was_erased_does_not_stop_the_file(app: Flask) -> None:
    # Whoever wants to hear of later conferences is not erased.
    text = changed(("consents: {contact_later: true}, status: cancelled", "status: cancelled"), text=COMING)
    imported(text)
    conference = the_conference()
    with transaction():
        registration("LAMPE-38").cancelled_at = now() - timedelta(days=31)
    report = retention.run(conference.host, now()).report
    assert [(line["purpose"], line["count"]) for line in report] == [("never_placed", 1)]

    again = imported(
        changed(
            ("Kalle", "Karl"), ("status: cancelled", "status: cancelled, organisation: Verein"), text=text
        )
    )

    assert registration("APFEL-08").display_name == "Karl"
    assert "Die Anmeldung LAMPE-38 ist fristgerecht gelöscht und bleibt es." in again.notes
    assert again.counts["Anmeldungen"] == {"geändert": 1, "unverändert": 12}
    erased = db.session.scalars(select(Registration).where(Registration.link_nonce == "")).one()
    assert (erased.key, erased.display_name, erased.status) == (None, "", RegistrationStatus.CANCELLED)
    imported(changed(("status: cancelled", "status: confirmed"), text=text))
    assert registration("LAMPE-38").status is RegistrationStatus.CONFIRMED


def test_erased_registration_of_the_application_is_not_filled_again(app: Flask) -> None:
    imported(changed(("status: published", "status: registration_open"), text=COMING))
    conference = the_conference()
    made, _ = registrations.register(
        conference,
        Details(RoleGroup.RESIDENT, display_name="Weg"),
        [registrations.Person()],
        submission="s" * 32,
        by=make.staff_member(),
    )
    name = import_records.name_of(made)
    registrations.cancel(made)
    with transaction():
        made.cancelled_at = now() - timedelta(days=31)
    retention.run(conference.host, now())
    line = (
        f"\n  - {{code: {name}, channel: web, role_group: resident, display_name: Weg, status: cancelled}}\n"
    )

    report = imported(changed(("\noutreach:", line + "\noutreach:"), text=COMING))

    assert made.display_name == ""
    assert f"Die Anmeldung {name} ist fristgerecht gelöscht und bleibt es." in report.notes


def test_record_forgets_even_the_marks_of_needs(app: Flask) -> None:
    imported(COMING)
    conference = the_conference()

    retention.run(conference.host, conference.ends_at + timedelta(days=15))

    stored = import_records.last(conference.id)
    assert stored is not None
    remembered = json.loads(secrets.decrypt(stored[0].kept))
    assert not import_records.tells_needs(remembered)
    assert "needs" not in remembered["applied"]["registration/FISCH-12"]


def test_needs_once_erased_come_back_into_no_record(app: Flask) -> None:
    importing.conference(FILE)
    conference = the_conference()
    assert [
        line["purpose"]
        for line in retention.run(conference.host, conference.ends_at + timedelta(days=15)).report
    ] == ["file_needs"]

    imported(changed(("title: Familien-App", "title: Die App")))

    stored = import_records.last(conference.id)
    assert stored is not None
    assert not import_records.tells_needs(stored[1])
    assert "halal" not in json.dumps(stored[1]["file"]["registrations"])
