"""Side navigation of staff pages: what there is to do at a host and at a conference."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from app import policies
from app.models import Conference, Host
from app.policies import Permission
from app.web import access

Section = tuple[Any, str, bool]


class Part(NamedTuple):
    """Pages that belong together, under words of their own where there is more than one part."""

    words: Any
    sections: list[Section]

    @property
    def current(self) -> Any:
        """The words of the page one is on or beneath; empty where it is not in this part."""
        return next((words for words, _url, is_current in self.sections if is_current), "")


# Words, endpoint and what one must be allowed to do.
OF_HOST = (
    (_l("Einstellungen"), "public.settings", Permission.MANAGE_HOST),
    (_l("Team"), "public.team", Permission.MANAGE_HOST),
    (_l("Gemeldete Barrieren"), "public.barriers", Permission.MANAGE_HOST),
    (_l("Löschfristen"), "public.retention", Permission.MANAGE_HOST),
    (_l("Neue Konferenz"), "conferences.create", Permission.CREATE_CONFERENCE),
)
# The parts in the order in which a conference goes through them.
OF_CONFERENCE = (
    (
        _l("Vorbereiten"),
        (
            (_l("Stand"), "conferences.manage", Permission.EDIT_CONFERENCE),
            (_l("Texte"), "conferences.edit_texts", Permission.EDIT_CONFERENCE),
            (_l("Termin und Plätze"), "conferences.edit_schedule", Permission.EDIT_CONFERENCE),
            (_l("Ort und Räume"), "conferences.edit_venue", Permission.EDIT_CONFERENCE),
            (_l("Programm"), "conferences.edit_programme", Permission.EDIT_CONFERENCE),
            (_l("Arbeitsgruppen"), "conferences.edit_groups", Permission.EDIT_CONFERENCE),
            (_l("Plätze in Gruppen"), "conferences.edit_places", Permission.EDIT_CONFERENCE),
            (_l("Anmeldeformular"), "signup.edit_form", Permission.EDIT_CONFERENCE),
            (_l("Vorschau"), "conferences.preview", Permission.EDIT_CONFERENCE),
        ),
    ),
    (
        _l("Anmeldung"),
        (
            (_l("Anmeldungen"), "signup.registrations", Permission.MANAGE_REGISTRATIONS),
            (_l("Neue Anmeldung"), "signup.register_by_phone", Permission.MANAGE_REGISTRATIONS),
            (_l("Einladungen"), "signup.manage_invitations", Permission.SEND_MESSAGES),
            (_l("Einteilung"), "signup.allocation", Permission.EDIT_CONFERENCE),
            (_l("Unterstützung"), "signup.support", Permission.MANAGE_REGISTRATIONS),
            (_l("Nachrichten"), "messages.overview", Permission.MANAGE_REGISTRATIONS),
        ),
    ),
    (
        _l("Am Tag"),
        ((_l("Tag der Konferenz"), "day.overview", Permission.CHECK_IN),),
    ),
    (
        _l("Beiträge"),
        (
            (_l("Beiträge"), "feedback.queue", Permission.MODERATE),
            (_l("Beiträge eintragen"), "feedback.enter_card", Permission.MODERATE),
            (_l("Themen"), "feedback.topics", Permission.MODERATE),
            (_l("Protokolle"), "feedback.edit_minutes", Permission.MODERATE),
        ),
    ),
    (
        _l("Ergebnisse"),
        (
            (_l("Empfehlungen"), "recommendations.manage_all", Permission.EDIT_RECOMMENDATIONS),
            (_l("Dokumentation"), "editions.manage", Permission.PUBLISH_RESULTS),
        ),
    ),
)
# Pages that stand beneath one of these.
BENEATH = {
    **dict.fromkeys(
        (
            "signup.registration",
            "signup.correct",
            "signup.give_consent_for",
            "signup.cancel_for",
            "signup.let_in",
            "signup.put_back",
            "signup.new_code",
            "signup.add_person_for",
            "signup.change_person_for",
            "signup.remove_person_for",
            "signup.change_wishes_for",
            "signup.letter",
            "signup.import_table",
            "signup.imported_table",
        ),
        "signup.registrations",
    ),
    "messages.outbox": "messages.overview",
    "messages.letters": "messages.overview",
    "messages.calls": "messages.overview",
    "messages.texts": "messages.overview",
    "messages.edit_text": "messages.overview",
    "messages.draft": "messages.overview",
    "messages.mailing": "messages.overview",
    "day.check_in": "day.overview",
    "day.household": "day.overview",
    "day.slip": "day.overview",
    "day.room": "day.overview",
    "day.walk_in": "day.overview",
    "day.close_door": "day.overview",
    "day.print_pack": "day.overview",
    "day.print_pack_file": "day.overview",
    "signup.allocation_people": "signup.allocation",
    "signup.adjust_allocation": "signup.allocation",
    "signup.release_allocation": "signup.allocation",
    "signup.invitation_link": "signup.manage_invitations",
    "signup.edit_invitation_text": "signup.manage_invitations",
    "signup.remind_institutions": "signup.manage_invitations",
    "signup.support_people": "signup.support",
    "signup.support_answer": "signup.support",
    "conferences.edit_contribution_window": "conferences.edit_schedule",
    "feedback.moderate": "feedback.queue",
    "feedback.withdraw_for": "feedback.queue",
    "feedback.correct_card": "feedback.enter_card",
    "feedback.add_topic": "feedback.topics",
    "feedback.edit_topic": "feedback.topics",
    "feedback.assign_topic": "feedback.topics",
    "feedback.remove_topic": "feedback.topics",
    "feedback.edit_minutes_of": "feedback.edit_minutes",
    "feedback.remove_minutes": "feedback.edit_minutes",
    **dict.fromkeys(
        (
            *(
                "signup.edit_questions",
                "signup.add_question",
                "signup.edit_question",
                "signup.remove_question",
            ),
            *(
                "signup.edit_consents",
                "signup.preview_form",
                "signup.edit_support",
                "signup.edit_rules",
                "signup.translate_form",
            ),
        ),
        "signup.edit_form",
    ),
    **dict.fromkeys(
        (
            "conferences.preview_groups",
            "conferences.preview_group",
            "conferences.preview_programme",
        ),
        "conferences.preview",
    ),
    "feedback.slip": "feedback.enter_card",
    "conferences.edit_translation": "conferences.edit_texts",
    "conferences.add_venue": "conferences.edit_venue",
    "conferences.edit_house": "conferences.edit_venue",
    "conferences.add_item": "conferences.edit_programme",
    "conferences.edit_item": "conferences.edit_programme",
    "conferences.remove_item": "conferences.edit_programme",
    "conferences.add_group": "conferences.edit_groups",
    "conferences.edit_group": "conferences.edit_groups",
    "conferences.remove_group": "conferences.edit_groups",
    "conferences.change_status": "conferences.manage",
    "conferences.remove": "conferences.manage",
    "conferences.copy": "conferences.manage",
    "recommendations.preview": "recommendations.manage_all",
    "recommendations.draft": "recommendations.manage_all",
    "recommendations.edit": "recommendations.manage_all",
    "recommendations.edit_evidence": "recommendations.manage_all",
    "recommendations.take_step": "recommendations.manage_all",
    "recommendations.tell_news": "recommendations.manage_all",
    "recommendations.remove": "recommendations.manage_all",
}


def of_host(host: Host) -> list[Part]:
    """What the signed-in person may do at this host."""
    return _parts((("", OF_HOST),), host, {"host": host.key})


def of_conference(conference: Conference) -> list[Part]:
    """What the signed-in person may do at this conference; parts with nothing to do in them are left out."""
    return _parts(OF_CONFERENCE, conference, {"host": conference.host.key, "conference": conference.key})


def _parts(parts: Any, subject: Any, address: dict[str, Any]) -> list[Part]:
    found = [Part(words, _sections(entries, subject, address)) for words, entries in parts]
    return [part for part in found if part.sections]


def _sections(entries: Any, subject: Any, parts: dict[str, Any]) -> list[Section]:
    actor = access.staff_member()
    here = BENEATH.get(request.endpoint or "", request.endpoint)
    return [
        (words, url_for(endpoint, **parts), endpoint == here)
        for words, endpoint, permission in entries
        if policies.may(actor, permission, subject)
    ]
