"""Refusals of those who set up the registration form of a conference."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class QuestionLabelMissing(DomainError):
    sentence = _l("Bitte schreiben Sie die Frage auf.")
    field = "label"


class OptionsMissing(DomainError):
    sentence = _l("Bitte geben Sie mindestens zwei Antworten zur Auswahl, jede in einer eigenen Zeile.")
    field = "options"


class OptionsTooMany(DomainError):
    sentence = _l("Das sind %(count)s Antworten zur Auswahl. Möglich sind höchstens %(most)s.")
    field = "options"


class OptionTwice(DomainError):
    sentence = _l("„%(option)s“ steht zweimal da. Bitte streichen Sie eine der Zeilen.")
    field = "options"


class OptionAnswered(DomainError):
    sentence = _l(
        "„%(option)s“ hat schon jemand geantwortet. Diese Zeile muss bleiben. "
        "Sie können weitere Antworten ergänzen oder die Frage abschalten und eine neue stellen."
    )
    field = "options"


class OptionDecides(DomainError):
    sentence = _l(
        "Die Frage „%(question)s“ wird nur gezeigt, wenn jemand „%(option)s“ geantwortet hat. "
        "Ändern Sie zuerst jene Frage."
    )
    field = "options"


class QuestionAnswered(DomainError):
    sentence = _l(
        "Auf diese Frage haben schon Menschen geantwortet. Sie kann nicht gelöscht werden. "
        "Schalten Sie die Frage ab: Dann sieht sie niemand mehr, und die Antworten bleiben bis zur Löschfrist."
    )


class KindAnswered(DomainError):
    sentence = _l(
        "Auf diese Frage haben schon Menschen geantwortet. Die Art der Antwort kann sich nicht mehr ändern. "
        "Schalten Sie die Frage ab und stellen Sie eine neue."
    )
    field = "kind"


class QuestionDecides(DomainError):
    sentence = _l("Von dieser Frage hängt „%(question)s“ ab. Ändern Sie zuerst jene Frage.")


class ConditionUnfit(DomainError):
    sentence = _l(
        "Eine Frage kann nur von Antworten einer einzigen Frage abhängen, die vor ihr steht. Bitte wählen Sie neu."
    )
    field = "shown_if"


class ConditionOutOfOrder(DomainError):
    sentence = _l(
        "„%(question)s“ hängt von „%(other)s“ ab und muss danach stehen. Es ist nichts umgestellt worden."
    )


class BoundsUnfit(DomainError):
    sentence = _l("Die größte Zahl ist kleiner als die kleinste. Bitte prüfen Sie beide.")
    field = "most"


class ConsentWordsMissing(DomainError):
    sentence = _l("Bitte schreiben Sie auf, wozu Menschen einwilligen sollen, oder fragen Sie nicht danach.")


class ConsentWordsChanged(DomainError):
    sentence = _l(
        "Der Wortlaut hat sich inzwischen geändert. Es ist nichts gespeichert. Bitte lesen Sie ihn noch einmal."
    )


class SupportStillNeeded(DomainError):
    sentence = _l(
        "Das brauchen schon Menschen, die sich angemeldet haben. Sie können erst dann aufhören, danach zu fragen, "
        "wenn niemand es mehr braucht. Wer was braucht, steht unter „Unterstützung“."
    )


class OrderDayUnfit(DomainError):
    sentence = _l("Dieser Tag liegt nach der Konferenz. Bitte wählen Sie einen früheren.")


class ChoiceOfGroupsFixed(DomainError):
    sentence = _l(
        "Es haben schon Menschen einen Platz in einer Gruppe oder warten darauf (%(people)s). "
        "Nach Wünschen vergeben geht nur, solange niemand selbst gewählt hat. "
        "Nehmen Sie zuerst bei diesen Anmeldungen die Gruppen heraus, oder lassen Sie es, wie es ist."
    )
    field = "group_choice"


class WishesNotAllocated(DomainError):
    sentence = _l(
        "Es haben schon Menschen Wünsche genannt (%(people)s), die noch nicht verteilt sind. "
        "Berechnen Sie zuerst unter „Einteilung“ einen Vorschlag und geben Sie ihn frei. Danach geht es."
    )
    field = "group_choice"


class OffersOpen(DomainError):
    sentence = _l(
        "Gerade sind noch Plätze angeboten (%(places)s). Ohne Angebote sind sie sofort vergeben, und wer ein Angebot "
        "hat, erfährt das. Setzen Sie unten den Haken und speichern Sie noch einmal, oder warten Sie, bis die Fristen "
        "vorbei sind."
    )
    field = "makes_offers"
