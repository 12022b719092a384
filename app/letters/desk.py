"""The letter somebody without e-mail gets: what, when and where, the groups or the place in the queue, and the code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.domain import admission, local_time, offers
from app.domain.queries import places
from app.exports import letter
from app.letters import door, parts
from app.letters.blocks import Entries, Entry, Heading, Link, Paragraph
from app.models import (
    Conference,
    ContactChannel,
    Registration,
    RegistrationStatus,
    SeatState,
)
from app.web import filters, languages


def write(registration: Registration, code: str, address_lines: Sequence[str], at: datetime) -> letter.Letter:
    """The letter as it is true at the instant `at`, in the language of the registration; without `code` it says how
    to get a new one. The code is known right after it was made and never again."""
    language = languages.get(registration.language)
    conference = registration.conference
    with force_locale(language.locale):
        title = conference.title.passage(language.code).text
        blocks: list[letter.Block] = [
            *_greeting(registration),
            *_demo(conference),
            *_standing(registration),
            parts.what_when_where(conference, language),
            *_groups(registration, language),
            *_code(registration, code),
            *door.card(registration),
            *_questions(conference),
        ]
        return letter.Letter(
            address_lines=[line for line in address_lines if line.strip()],
            sender=sender_of(conference, language),
            date=local_time.day_of(at),
            subject=_("Ihre Anmeldung: %(title)s", title=title),
            blocks=blocks,
            language=language.code,
        )


def sender_of(conference: Conference, language: languages.Language) -> letter.Sender:
    """Who writes letters about this conference, with whom to ask."""
    host = conference.host
    town = f"{host.postal_code} {host.city}".strip()
    phone = parts.phone_of(conference)
    hours = conference.contact_hours if conference.contact_phone else host.phone_hours
    lines = [
        conference.contact_role,
        _("Telefon: %(phone)s", phone=phone) if phone else "",
        hours.passage(language.code).text if phone and hours else "",
        conference.contact_email or host.email,
    ]
    return letter.Sender(
        name=host.name,
        address=", ".join(line for line in (host.street, town) if line),
        lines=[line for line in lines if line],
        accent=host.accent_colour,
    )


def address_of(registration: Registration, contact: str) -> list[str]:
    """What is known for the window: name and, for somebody reached by letter, `contact` line by line."""
    known = [registration.display_name, registration.organisation]
    if registration.contact_channel is ContactChannel.POST:
        known += [line.strip() for line in contact.replace("\n", ",").split(",")]
    return [line for line in known if line]


def _greeting(registration: Registration) -> Iterable[letter.Block]:
    name = registration.display_name
    yield Paragraph(_("Guten Tag %(name)s,", name=name) if name else _("Guten Tag,"))


def _demo(conference: Conference) -> Iterable[letter.Block]:
    if conference.shows_demo:
        yield Paragraph(_("Demo: erfunden") + ". " + _("Diese Konferenz gibt es nicht."))


def _standing(registration: Registration) -> Iterable[letter.Block]:
    status = registration.status
    people = len(registration.participants)
    if status is RegistrationStatus.CANCELLED:
        yield Paragraph(_("Ihre Anmeldung ist abgesagt. Danke, dass Sie Bescheid gesagt haben."))
    elif status is RegistrationStatus.LAPSED:
        yield Paragraph(_("Wir hatten einen Platz für Sie frei gehalten. Die Frist dafür ist vorbei."))
    elif status is RegistrationStatus.WAITLISTED:
        position = admission.queue_positions([registration])[registration.id]
        yield Paragraph(
            _(
                "Zurzeit sind alle Plätze vergeben. Sie stehen auf der Warteliste, auf Platz %(place)s.",
                place=position,
            )
        )
        if people > 1:
            yield Paragraph(_counted(registration))
        yield Paragraph(
            _(
                "Wird ein Platz frei, melden wir uns bei Ihnen. Bitte kommen Sie erst, wenn wir zugesagt haben."
            )
        )
    elif status is RegistrationStatus.OFFERED:
        yield Paragraph(
            ngettext(
                "Für Sie ist ein Platz frei geworden.", "Für Sie sind %(num)s Plätze frei geworden.", people
            )
        )
        yield Paragraph(_until(offers.of(registration)[0].expires_at))
    else:
        yield Paragraph(_("Sie sind angemeldet. Wir freuen uns auf Sie."))
        if people > 1:
            yield Paragraph(_counted(registration))


def _counted(registration: Registration) -> str:
    ages = [str(person.age) for person in registration.participants if person.age is not None]
    adults = len(registration.participants) - len(ages)
    words = [ngettext("%(num)s erwachsene Person", "%(num)s erwachsene Personen", adults)] if adults else []
    if ages:
        words.append(
            ngettext(
                "%(num)s Kind (%(ages)s Jahre)",
                "%(num)s Kinder (%(ages)s Jahre)",
                len(ages),
                ages=", ".join(ages),
            )
        )
    return str(_("In dieser Anmeldung: %(people)s.", people=filters.listed(words)))


def _until(expires_at: datetime | None) -> str:
    if expires_at is None:
        return str(_("Bitte sagen Sie uns bald, ob Sie kommen."))
    return str(_("Bitte sagen Sie uns bis %(when)s, ob Sie kommen.", when=filters.deadline(expires_at)))


def _groups(registration: Registration, language: languages.Language) -> Iterable[letter.Block]:
    held = places.of_registration(registration)
    if not held:
        return
    several = parts.has_rounds(registration.conference)
    yield Heading(_("Ihre Arbeitsgruppen"))
    yield Entries([_entry(place, language, several=several) for place in held])


def _entry(place: places.Place, language: languages.Language, *, several: bool) -> Entry:
    item = place.group_round.agenda_item
    where = []
    if several:
        where.append(_("Runde %(number)s", number=place.group_round.number))
    if item:
        where.append(
            _(
                "%(start)s bis %(end)s Uhr",
                start=filters.clock(item.starts_at),
                end=filters.clock(item.ends_at),
            )
        )
    where.append(_("Arbeitsgruppe %(number)s", number=place.group.number))
    lines = []
    if not place.for_all:
        lines.append(ngettext("für %(num)s Person", "für %(num)s Personen", len(place.people)))
    if place.state is SeatState.WAITING:
        lines.append(_("Warteliste: Sie stehen auf Platz %(number)s.", number=place.position))
    elif place.state is SeatState.OFFERED:
        lines.append(_("Für Sie frei gehalten: Bitte sagen Sie uns, ob Sie den Platz möchten."))
    else:
        lines.append(_("Sie haben einen Platz."))
        if place.group.room:
            lines.append(_("Raum: %(room)s", room=place.group.room.name))
    return Entry(" · ".join(where), place.group.title.passage(language.code), lines)


def _code(registration: Registration, code: str) -> Iterable[letter.Block]:
    if not registration.is_live:
        return
    phone = parts.phone_of(registration.conference)
    yield Heading(_("Ihr Code"))
    if not code:
        yield Paragraph(_("Ihren Code haben Sie schon. Fehlt er Ihnen? Wir geben Ihnen gern einen neuen."))
        return
    yield letter.Code(code.replace("-", " "))
    if phone:
        yield Paragraph(
            _(
                "So nutzen Sie den Code am Telefon: Rufen Sie uns an unter %(phone)s. Nennen Sie die drei Wörter "
                "und die Zahl. Dann ändern wir Ihre Anmeldung oder sagen für Sie ab.",
                phone=phone,
            )
        )
    yield Link(_("Im Internet geht das auch selbst"), _where_to_enter(registration))
    yield Paragraph(_("Bitte heben Sie diesen Brief auf und geben Sie den Code nicht weiter."))


def _where_to_enter(registration: Registration) -> str:
    # German and short: it is typed from paper.
    base = current_app.config["BASE_URL"].removeprefix("https://").removeprefix("http://")
    return f"{base}/{registration.conference.host.key}/meine-anmeldung"


def _questions(conference: Conference) -> Iterable[letter.Block]:
    yield Paragraph(
        _(
            "Sie können doch nicht kommen? Bitte sagen Sie ab, auch kurz vorher. "
            "Dann kann jemand anderes Ihren Platz haben."
        )
    )
    yield Paragraph(
        _("Wie wir mit Ihren Angaben umgehen, schicken wir Ihnen gern zu oder lesen es Ihnen vor.")
    )
