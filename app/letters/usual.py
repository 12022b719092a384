"""The usual words of letters to households: a headline, and what the letter says above the facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from app.letters.blocks import Block, Entries, Heading, Link, Paragraph
from app.letters.occasion import Occasion
from app.letters.parts import address, contact, entry, groups, has_rounds, phone_of, what_when_where
from app.models import MessageKind, MessageWay, SeatState
from app.web import filters

_K = MessageKind


@dataclass(frozen=True)
class Words:
    """What a letter says before the facts, and which of these follow."""

    headline: str
    first: list[Block]
    with_facts: bool = True
    with_groups: bool = True
    with_registration: bool = True
    last: list[Block] = field(default_factory=list)


def blocks(occasion: Occasion) -> tuple[str, list[Block]]:
    """Headline and all blocks but those about whom to ask."""
    words = _WORDS[occasion.kind](occasion)
    conference, language = occasion.conference, occasion.language
    made: list[Block] = [*words.first]
    if occasion.mailing is not None and occasion.mailing.note:
        made.append(Paragraph(occasion.mailing.note.passage(language.code)))
    if words.with_facts:
        made.append(what_when_where(conference, language))
    if words.with_groups:
        made += groups(occasion.registration, language)
    if words.with_registration:
        made += _registration(occasion)
    return words.headline, [*made, *words.last, *contact(conference, language)]


def _registration(occasion: Occasion) -> list[Block]:
    on_paper = occasion.way is MessageWay.LETTER
    ways_out = (
        _("Sie sagen mit dem Link oben ab oder am Telefon.")
        if phone_of(occasion.conference)
        else _("Sie sagen mit dem Link oben ab.")
    )
    if on_paper:
        how: list[Block] = [
            Paragraph(
                _("Auf dieser Seite sehen Sie Ihre Anmeldung. Sie können die Gruppe wechseln oder absagen.")
            ),
            occasion.link(_("Meine Anmeldung ansehen")),
            Paragraph(_("Sie brauchen dort Ihren Code. Wenn Sie ihn nicht mehr haben, rufen Sie uns an.")),
        ]
        ways_out = (
            _("Sie sagen auf der Seite oben ab oder am Telefon.")
            if phone_of(occasion.conference)
            else _("Sie sagen auf der Seite oben ab.")
        )
    else:
        how = [
            Paragraph(
                _("Mit diesem Link sehen Sie Ihre Anmeldung. Sie können die Gruppe wechseln oder absagen.")
            ),
            occasion.link(_("Meine Anmeldung ansehen")),
            Paragraph(_("Der Link gehört nur Ihnen. Bitte geben Sie ihn nicht weiter.")),
        ]
    return [
        Heading(_("Ihre Anmeldung")),
        *how,
        Heading(_("Sie können nicht kommen?")),
        Paragraph(_("Bitte sagen Sie ab, auch kurz vorher. Dann kann jemand anderes Ihren Platz haben.")),
        Paragraph(ways_out),
    ]


def offered(occasion: Occasion) -> str:
    """What an offer is about, in words."""
    group_round = occasion.group_round
    if group_round is None:
        place: str = _("ein Platz bei der Konferenz")
        return place
    title = group_round.group.title.passage(occasion.language.code).text
    seat: str = _("ein Platz in der Arbeitsgruppe „%(group)s“", group=title)
    return seat


def _about_group(occasion: Occasion, state: SeatState) -> list[Block]:
    held = occasion.seats(state)
    if not held:
        return []
    return [Entries([entry(held[0], None, has_rounds(occasion.conference), occasion.language)])]


def _confirmed(occasion: Occasion) -> Words:
    return Words(
        _("Sie sind angemeldet"),
        [Paragraph(_("schön, dass Sie dabei sind. Sie haben einen Platz bei dieser Konferenz:"))],
    )


def _waitlisted(occasion: Occasion) -> Words:
    conference = occasion.conference
    next_step = (
        _(
            "Wird Platz frei, fragen wir Sie. Dann haben Sie %(hours)s Zeit für Ihre Antwort.",
            hours=ngettext("%(num)s Stunde", "%(num)s Stunden", conference.offer_hours),
        )
        if conference.makes_offers
        else _("Wird Platz frei, bekommen Sie ihn. Wir sagen Ihnen dann Bescheid.")
    )
    return Words(
        _("Sie stehen auf der Warteliste"),
        [
            Paragraph(_("alle Plätze bei dieser Konferenz sind gerade vergeben.")),
            Paragraph(_("Sie stehen auf der Warteliste, auf Platz %(number)s.", number=occasion.position())),
            Paragraph(next_step),
            Paragraph(_("Sie müssen jetzt nichts tun.")),
        ],
        with_groups=False,
    )


def _offer(occasion: Occasion) -> Words:
    first: list[Block] = [
        Paragraph(_("für Ihre Anmeldung ist etwas frei geworden: %(offer)s.", offer=offered(occasion))),
        *_about_group(occasion, SeatState.OFFERED),
        Paragraph(
            _(
                "Bitte antworten Sie bis %(deadline)s. Danach geht das Angebot an die Nächsten.",
                deadline=filters.datetime_long(occasion.deadline()),
            )
        ),
        occasion.link(_("Annehmen oder ablehnen")),
    ]
    if occasion.way is MessageWay.LETTER:
        first.append(
            Paragraph(
                _("Sie brauchen dort Ihren Code. Sie können uns auch anrufen und am Telefon antworten.")
            )
        )
        # The deadline above counts them; see app.domain.moving_up.
        first.append(
            Paragraph(_("Die Tage, die dieser Brief unterwegs ist, sind in der Frist schon mitgezählt."))
        )
    return Words(_("Platz frei: Möchten Sie ihn?"), first, with_groups=False, with_registration=False)


def _offer_lapsed(occasion: Occasion) -> Words:
    first: list[Block] = [
        Paragraph(
            _(
                "wir hatten Ihnen etwas angeboten: %(offer)s. Bis zum Ende der Frist kam keine Antwort.",
                offer=offered(occasion),
            )
        ),
        Paragraph(_("Das Angebot ist deshalb an die Nächsten gegangen.")),
    ]
    if occasion.registration.is_live:
        return Words(_("Das Angebot ist abgelaufen"), first)
    first.append(Paragraph(_("Sie sind damit nicht mehr angemeldet.")))
    return _ended(_("Das Angebot ist abgelaufen"), first, _come_back(occasion, _("Sie möchten doch kommen?")))


def _moved_up(occasion: Occasion) -> Words:
    first: list[Block] = [
        Paragraph(_("ein Platz ist frei geworden. Sie sind nachgerückt und haben jetzt einen festen Platz:"))
    ]
    if occasion.payload.get("group_round"):
        first += _about_group(occasion, SeatState.SEATED)
    return Words(_("Sie haben jetzt einen Platz"), first)


def _groups_changed(occasion: Occasion) -> Words:
    return Words(
        _("Ihre Arbeitsgruppen haben sich geändert"),
        [Paragraph(_("Ihre Arbeitsgruppen haben sich geändert. Hier steht, was jetzt gilt."))],
    )


def _groups_assigned(occasion: Occasion) -> Words:
    return Words(
        _("Ihre Arbeitsgruppen stehen fest"),
        [
            Paragraph(
                _(
                    "die Arbeitsgruppen sind jetzt nach den Wünschen aller eingeteilt. Hier steht, wo Sie dabei sind."
                )
            )
        ],
    )


def _need_answered(occasion: Occasion) -> Words:
    return Words(
        _("Zu Ihrer Anmeldung gibt es eine Antwort"),
        [
            Paragraph(
                _("Sie haben uns bei der Anmeldung etwas mitgeteilt. Dazu gibt es eine Antwort von uns.")
            ),
            Paragraph(_("Sie steht nicht in dieser Nachricht, damit niemand anderes sie liest.")),
            occasion.link(_("Antwort lesen")),
        ],
        with_groups=False,
        with_registration=False,
    )


def _cancelled(occasion: Occasion) -> Words:
    return _ended(
        _("Ihre Anmeldung ist abgesagt"),
        [
            Paragraph(_("Ihre Anmeldung ist abgesagt. Danke, dass Sie Bescheid gesagt haben.")),
            Paragraph(_("Ihr Platz ist wieder frei für andere. Sie müssen nichts mehr tun.")),
        ],
        _come_back(occasion, _("Das war ein Versehen?")),
    )


def _reminder(occasion: Occasion) -> Words:
    return Words(
        _("Bald ist es so weit"),
        [Paragraph(_("wir freuen uns auf Sie. Hier steht noch einmal alles, was Sie wissen müssen."))],
    )


def _schedule_changed(occasion: Occasion) -> Words:
    return Words(
        _("Zeit oder Raum hat sich geändert"),
        [Paragraph(_("bei dieser Konferenz hat sich etwas geändert. Hier steht, was jetzt gilt."))],
    )


def _postponed(occasion: Occasion) -> Words:
    return Words(
        _("Die Konferenz wird verschoben"),
        [
            Paragraph(_("diese Konferenz findet nicht zum geplanten Termin statt.")),
            Paragraph(
                _("Ihre Anmeldung gilt weiter. Wir sagen Ihnen den neuen Termin, sobald er feststeht.")
            ),
        ],
        with_groups=False,
    )


def _conference_cancelled(occasion: Occasion) -> Words:
    return _ended(
        _("Die Konferenz fällt aus"),
        [Paragraph(_("diese Konferenz findet nicht statt. Sie müssen nichts tun."))],
    )


def _thanks(occasion: Occasion) -> Words:
    return _afterwards(
        _("Danke, dass Sie dabei waren"),
        Paragraph(_("danke für Ihre Zeit und für alles, was Sie gesagt haben.")),
        Paragraph(_("Was daraus wird, lesen Sie auf der Seite der Konferenz.")),
        _page(occasion, _("Zur Seite der Konferenz")),
    )


def _results_out(occasion: Occasion) -> Words:
    return _afterwards(
        _("Die Ergebnisse sind da"),
        Paragraph(_("Sie waren bei dieser Konferenz angemeldet. Jetzt gibt es Ergebnisse.")),
        Paragraph(_("Sie lesen dort, was empfohlen wird und was daraus wird.")),
        _page(occasion, _("Ergebnisse lesen"), "ergebnisse"),
    )


def _ended(headline: str, first: list[Block], last: Sequence[Block] = ()) -> Words:
    """Nothing more is to be done with the registration; when and where stands there all the same."""
    return Words(headline, first, with_groups=False, with_registration=False, last=[*last])


def _afterwards(headline: str, *first: Block) -> Words:
    """The day is over: nobody has to know when it was."""
    return Words(headline, [*first], with_facts=False, with_groups=False, with_registration=False)


def _come_back(occasion: Occasion, question: str) -> list[Block]:
    """What to do for whoever is not registered any more and wants to be."""
    return [
        Heading(question),
        Paragraph(_("Rufen Sie uns an oder melden Sie sich neu an.")),
        _page(occasion, _("Zur Seite der Konferenz")),
    ]


def _page(occasion: Occasion, words: str, part: str = "") -> Link:
    """A link to the page of the conference, or to one below it, that anybody can read."""
    conference = occasion.conference
    return Link(words, address(occasion.language, conference.host.key, conference.key, part))


_WORDS: dict[MessageKind, Callable[[Occasion], Words]] = {
    _K.REGISTRATION_CONFIRMED: _confirmed,
    _K.WAITLISTED: _waitlisted,
    _K.OFFER: _offer,
    _K.OFFER_LAPSED: _offer_lapsed,
    _K.MOVED_UP: _moved_up,
    _K.GROUPS_CHANGED: _groups_changed,
    _K.GROUPS_ASSIGNED: _groups_assigned,
    _K.NEED_ANSWERED: _need_answered,
    _K.REGISTRATION_CANCELLED: _cancelled,
    _K.REMINDER: _reminder,
    _K.SCHEDULE_CHANGED: _schedule_changed,
    _K.CONFERENCE_POSTPONED: _postponed,
    _K.CONFERENCE_CANCELLED: _conference_cancelled,
    _K.THANKS: _thanks,
    _K.RESULTS_OUT: _results_out,
}
