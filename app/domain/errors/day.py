"""Refusals on the day: at the door and in the rooms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class NoAdmissionHere(DomainError):
    sentence = _l(
        "Für diese Konferenz gibt es keinen Einlass: Sie ist ein Entwurf, verschoben, abgesagt oder archiviert."
    )


class HasNoPlace(DomainError):
    sentence = _l(
        "Diese Anmeldung hat keinen Platz: Sie wartet noch oder ist abgesagt. "
        "Ist noch ein Platz frei, nehmen Sie die Menschen ohne Anmeldung auf."
    )


class NotInThisGroup(DomainError):
    sentence = _l("Diese Person hat in dieser Gruppe keinen Platz. Ändern Sie zuerst ihre Gruppen.")


class UnknownAtTheDoor(DomainError):
    sentence = _l("Zu diesem Code finden wir hier keine Anmeldung. Suchen Sie die Person in der Liste.")
    field = "code"


class AnotherConference(DomainError):
    sentence = _l("Dieser Code gehört zu einer anderen Konferenz: „%(title)s“.")
    field = "code"


class DoorFull(DomainError):
    sentence = _l("So viele Plätze sind nicht mehr frei: Frei sind %(free)s. Es ist niemand aufgenommen.")


class GroupFullAtTheDoor(DomainError):
    sentence = _l(
        "In „%(group)s“ sind nicht genug Plätze frei. Es ist niemand aufgenommen. "
        "Wählen Sie eine andere Gruppe oder keine."
    )


class DoorStillOpen(DomainError):
    sentence = _l("Die Konferenz hat noch nicht begonnen. Abschließen können Sie den Einlass danach.")


class PrintBusy(DomainError):
    sentence = _l(
        "Gerade wird schon etwas anderes zum Drucken erstellt. "
        "Bitte versuchen Sie es in einer halben Minute noch einmal."
    )


class PrintFailed(DomainError):
    sentence = _l(
        "Das Drucken ist gerade nicht gelungen. Bitte versuchen Sie es in einer Minute noch einmal."
    )
