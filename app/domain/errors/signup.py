"""Refusals of registration and seats."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class SignupClosed(DomainError):
    sentence = _l("Die Anmeldung ist geschlossen. Rufen Sie uns an, wenn Sie noch teilnehmen möchten.")


class ConferenceFull(DomainError):
    sentence = _l("Die Konferenz ist voll. Rufen Sie uns an: Manchmal wird noch ein Platz frei.")


class ConferenceJustFull(ConferenceFull):
    sentence = _l(
        "Die Konferenz ist gerade voll geworden. Rufen Sie uns an: Manchmal wird noch ein Platz frei."
    )


class GroupFull(DomainError):
    sentence = _l(
        "„%(group)s“ ist voll. Ihren bisherigen Platz haben Sie noch. "
        "Sie können eine andere Gruppe wählen oder sich auf die Warteliste setzen lassen."
    )


class CapacityBelowSeated(DomainError):
    sentence = _l(
        "%(seated)s Plätze sind schon vergeben. Die Zahl der Plätze kann nicht kleiner sein. "
        "Sagen Sie erst jemandem ab oder wählen Sie mindestens %(seated)s."
    )
    field = "capacity"


class UnknownCode(DomainError):
    # Says nothing about whether such a code was ever given.
    sentence = _l(
        "Mit diesem Code finden wir keine Anmeldung. Bitte prüfen Sie die drei Wörter und die Zahl."
    )
    field = "code"


class AlreadyCancelled(DomainError):
    sentence = _l("Diese Anmeldung ist schon abgesagt. Sie können sich neu anmelden.")


class NoSignupHere(DomainError):
    sentence = _l(
        "Für diese Konferenz kann sich gerade niemand anmelden: Sie ist ein Entwurf, archiviert oder abgesagt."
    )


class ContactMissing(DomainError):
    sentence = _l("Bitte geben Sie an, wie wir die Person erreichen, oder wählen Sie „gar nicht“.")
    field = "contact"


class SupportNotOffered(DomainError):
    sentence = _l("Danach wird bei dieser Konferenz nicht gefragt. Bitte rufen Sie uns an.")


class AnswerMissing(DomainError):
    sentence = _l("Bitte beantworten Sie diese Frage: %(question)s")


class AnswerUnfit(DomainError):
    sentence = _l("Diese Antwort passt nicht zur Frage: %(question)s")


class TimeCollision(DomainError):
    sentence = _l(
        "Das geht nicht zusammen: „%(group)s“ und „%(other)s“ sind zur gleichen Zeit. Bitte wählen Sie eine davon."
    )


class NoOffer(DomainError):
    sentence = _l("Dieses Angebot gibt es nicht mehr. Was jetzt gilt, steht auf dieser Seite.")


class OfferExpired(DomainError):
    sentence = _l(
        "Die Frist für diesen Platz ist vorbei, er ging an die Nächsten auf der Warteliste. Rufen Sie uns an, wenn Sie "
        "wieder auf die Warteliste möchten."
    )


class SeatOfferExpired(OfferExpired):
    sentence = _l(
        "Ihre Antwort kam nach der Frist. Der Platz in dieser Gruppe geht an die Nächsten auf der Warteliste. Was Sie "
        "jetzt haben, steht auf dieser Seite."
    )


class OfferNotTold(DomainError):
    sentence = _l(
        "Dieser Platz ist noch angeboten, und ohne Anruf läuft keine Frist. Bitte rufen Sie an und vermerken Sie den "
        "Anruf. Möchte der Haushalt den Platz nicht, lehnen Sie ihn bei der Anmeldung ab."
    )


class NotTakingPlace(DomainError):
    sentence = _l("Die Konferenz findet nicht statt oder ist vorbei. Darum gibt es keine Plätze mehr.")


class OverrideReasonMissing(DomainError):
    sentence = _l("Bitte schreiben Sie dazu, warum. Der Grund steht danach im Verlauf der Anmeldung.")


class NobodyToRegister(DomainError):
    sentence = _l("Bitte geben Sie mindestens eine Person an.")


class HouseholdTooLarge(DomainError):
    sentence = _l("So viele Personen passen nicht in eine Anmeldung. Bitte rufen Sie uns an.")


class FrameBelowTaken(DomainError):
    sentence = _l(
        "So wenige Plätze gehen nicht. Schon vergeben oder angeboten: %(taken)s. "
        "Bitte wählen Sie mindestens %(taken)s, oder lassen Sie das Feld leer."
    )
    field = "capacity"


class QuotasAboveCapacity(DomainError):
    sentence = _l(
        "Freigehalten wären zusammen %(kept)s Plätze, es gibt aber nur %(places)s. "
        "Bitte halten Sie weniger frei, oder wählen Sie mehr Plätze."
    )
    field = "walk_in_quota"


class NoPlaceYet(DomainError):
    sentence = _l(
        "Sie stehen noch auf der Warteliste der Konferenz. Gruppen können Sie wählen, sobald Sie einen Platz haben."
    )
