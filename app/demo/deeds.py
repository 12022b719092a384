"""What people of the demo town have done since the file was written: by the same functions as every page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain import consents, invitations, questionnaire, registrations, support
from app.domain.registrations import Details, Person
from app.models import (
    Conference,
    ConsentMethod,
    ConsentPurpose,
    ContactChannel,
    GroupRound,
    NeedKind,
    Registration,
    RegistrationChannel,
    RoleGroup,
    StaffMember,
    Translated,
    WorkingGroup,
)

# They sit in the full group and cancel: two of those who wait for it are asked.
LEAVING = ("AHORN-29", "BIBER-50")


def group_round(conference: Conference, key: str, number: int) -> GroupRound:
    """The round of a group."""
    return db.session.scalars(
        select(GroupRound)
        .join(WorkingGroup)
        .where(
            GroupRound.conference_id == conference.id, WorkingGroup.key == key, GroupRound.number == number
        )
    ).one()


def fill(conference: Conference, by: StaffMember) -> None:
    """Let households come that need something, by web, letter and telephone; let two seats of the full group become
    free, and ask an institution to come.
    """
    _family(conference)
    _by_letter(conference, by)
    _with_wheelchair(conference)
    for key in LEAVING:
        registrations.cancel(_of_file(conference, key), by=by)
    _invite(conference, by)


def _family(conference: Conference) -> None:
    """Two adults and two children who speak Arabic."""
    groups = _groups(conference, ("treffpunkte", 1), ("gesundheit", 2))
    diet = support.Wanted(NeedKind.DIET, "halal")
    _register(
        conference,
        Details(
            RoleGroup.RESIDENT,
            display_name="Familie A. (Demo)",
            language="ar",
            contact_channel=ContactChannel.EMAIL,
            contact="familie-a@musterhausen.example",
        ),
        [
            Person(
                "Mutter A. (Demo)",
                groups=groups,
                needs=(support.Wanted(NeedKind.INTERPRETING, "ar"), diet),
            ),
            Person(
                "Vater A. (Demo)", groups=groups, needs=(support.Wanted(NeedKind.INTERPRETING, "ar"), diet)
            ),
            Person(age=6, needs=(support.Wanted(NeedKind.CHILDCARE), diet)),
            Person(age=3, needs=(support.Wanted(NeedKind.CHILDCARE), diet)),
        ],
        answers={
            "bezirk": "Nord",
            "erfahren": "Auf einem anderen Weg",
            "erfahren-wie": "Im Elterncafé der Kita",
            "wichtig": ["Angebote für Kinder", "Orte zum Treffen"],
            "jahre": 4,
        },
        agreed=(ConsentPurpose.CONTACT_LATER,),
    )


def _by_letter(conference: Conference, by: StaffMember) -> None:
    """Somebody without e-mail: her confirmation waits to be printed."""
    _register(
        conference,
        Details(
            RoleGroup.RESIDENT,
            display_name="Frau B. (Demo)",
            contact_channel=ContactChannel.POST,
            contact="Frau B. (Demo), Lindenplatz 12, 00000 Musterhausen",
        ),
        [
            Person(
                "Frau B. (Demo)",
                groups=_groups(conference, ("wege", 1), ("gesundheit", 2)),
                needs=(support.Wanted(NeedKind.LARGE_PRINT), support.Wanted(NeedKind.TRANSPORT)),
            )
        ],
        answers={"bezirk": "Nord", "erfahren": "Flyer oder Plakat", "jahre": 52},
        channel=RegistrationChannel.PAPER,
        method=ConsentMethod.PAPER,
        by=by,
    )


def _with_wheelchair(conference: Conference) -> None:
    """Two adults, one of them with a wheelchair, and a child of school age."""
    groups = _groups(conference, ("wege", 1), ("wohnen", 2))
    _register(
        conference,
        Details(
            RoleGroup.RESIDENT,
            display_name="Haushalt C. (Demo)",
            contact_channel=ContactChannel.PHONE,
            contact="05555 000-240",
        ),
        [
            Person(
                "Herr C. (Demo)",
                groups=groups,
                needs=(support.Wanted(NeedKind.WHEELCHAIR), support.Wanted(NeedKind.ASSISTANCE)),
            ),
            Person("Frau C. (Demo)", groups=groups),
            Person(age=9, needs=(support.Wanted(NeedKind.CHILDCARE),)),
        ],
        answers={"bezirk": "Mitte", "erfahren": "Internet", "wichtig": ["Bus und sichere Wege"]},
        agreed=(ConsentPurpose.PHOTO_DOCUMENTATION, ConsentPurpose.PHOTO_WEBSITE),
    )


def _invite(conference: Conference, by: StaffMember) -> None:
    """The link went out by e-mail, and nobody has answered yet."""
    wanted = invitations.Wanted(
        "Beratungsstelle Nord (Demo)", email="beratung-nord@musterhausen.example", most=3
    )
    invitations.invite(invitations.add(conference, wanted, by=by))


def _register(
    conference: Conference,
    details: Details,
    people: Sequence[Person],
    *,
    answers: Mapping[str, Any],
    agreed: Sequence[ConsentPurpose] = (),
    channel: RegistrationChannel = RegistrationChannel.WEB,
    method: ConsentMethod = ConsentMethod.WEB,
    by: StaffMember | None = None,
) -> Registration:
    """Register a household; answers by the keys of questions and the German words of options."""
    registration, _ = registrations.register(
        conference,
        details,
        people,
        submission=secrets.token_hex(16),
        answers=_answers(conference, answers),
        consents=[text.id for text in consents.asked(conference) if text.purpose in agreed],
        consent_method=method,
        channel=channel,
        by=by,
    )
    return registration


def _answers(conference: Conference, said: Mapping[str, Any]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for question in questionnaire.all_of(conference):
        if question.key not in said:
            continue
        value = said[question.key]
        if question.kind in questionnaire.CHOICES:
            keys = {str(Translated(option["label"])): option["key"] for option in question.options}
            value = [keys[words] for words in value] if isinstance(value, list) else keys[value]
        found[question.id] = value
    return found


def _groups(conference: Conference, *places: tuple[str, int]) -> dict[int, int]:
    return {number: group_round(conference, key, number).id for key, number in places}


def _of_file(conference: Conference, key: str) -> Registration:
    return db.session.scalars(
        select(Registration).where(Registration.conference_id == conference.id, Registration.key == key)
    ).one()
