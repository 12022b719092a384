"""Refusals of tables of registrations: what keeps a whole file from being read or taken. Nothing has changed then."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.errors.base import DomainError


class TableRefused(DomainError):
    field = "table"


class TableEmpty(TableRefused):
    sentence = _l(
        "In dieser Datei stehen keine Anmeldungen. Die erste Zeile nennt die Spalten, darunter steht je Person eine "
        "Zeile. Am besten beginnen Sie mit der Vorlage."
    )


class TableUnreadable(TableRefused):
    sentence = _l(
        "Diese Datei können wir nicht lesen. Möglich sind Tabellen als CSV oder als Excel-Datei (XLSX). "
        "Bitte speichern Sie Ihre Tabelle in einem der beiden Formate."
    )


class TableLocked(TableRefused):
    sentence = _l(
        "Diese Excel-Datei ist im alten Format (XLS) oder mit einem Passwort geschützt. "
        "Bitte speichern Sie sie ohne Passwort als XLSX oder CSV."
    )


class TableTooLarge(TableRefused):
    sentence = _l(
        "Diese Excel-Datei ist ausgepackt zu groß: möglich sind höchstens %(most)s MB. "
        "Bitte kopieren Sie nur die Zeilen mit Anmeldungen in eine neue Datei."
    )


class TableGarbled(TableRefused):
    sentence = _l(
        "In Zeile %(row)s sind Zeichen nicht lesbar: „%(text)s“. Die Datei ist mit einer falschen Kodierung "
        "gespeichert. Bitte speichern Sie sie als „CSV UTF-8“ oder als XLSX."
    )


class TableQuotesUnfit(TableRefused):
    sentence = _l(
        "Ab Zeile %(row)s stimmen die Anführungszeichen nicht. "
        "Bitte prüfen Sie diese Zeile oder speichern Sie die Tabelle als XLSX."
    )


class TableTooLong(TableRefused):
    sentence = _l(
        "Diese Tabelle hat mehr als %(most)s Zeilen mit Anmeldungen. So viele nehmen wir nicht auf einmal. "
        "Bitte teilen Sie sie auf mehrere Dateien auf."
    )


class TableTooWide(TableRefused):
    sentence = _l(
        "Diese Tabelle hat mehr als %(most)s Spalten. Bitte lassen Sie nur die Spalten stehen, die in der Liste der "
        "Spalten genannt sind."
    )


class CellsMerged(TableRefused):
    sentence = _l(
        "Die Zellen %(cells)s sind verbunden. Bitte heben Sie die Verbindung auf und füllen Sie jede Zelle einzeln."
    )


class ColumnUnknown(TableRefused):
    sentence = _l(
        "Die Spalte %(place)s heißt „%(name)s“. Diese Spalte kennen wir nicht. Bekannt sind: %(known)s. "
        "Bitte benennen Sie die Spalte um oder löschen Sie sie."
    )


class ColumnNameless(TableRefused):
    sentence = _l(
        "Die Spalte %(place)s hat keine Überschrift, aber in Zeile %(row)s steht dort etwas. "
        "Bitte geben Sie ihr eine Überschrift oder löschen Sie sie."
    )


class ColumnMissing(TableRefused):
    sentence = _l(
        "Die Spalte „%(name)s“ fehlt. Ohne sie wissen wir nicht, als was jemand teilnimmt. "
        "Gefunden haben wir in Zeile %(row)s: %(found)s."
    )


class ColumnTwice(TableRefused):
    sentence = _l(
        "Die Spalten %(first)s und %(second)s heißen beide „%(name)s“ oder meinen dasselbe. "
        "Bitte lassen Sie nur eine davon stehen."
    )


class TableTakenAlready(TableRefused):
    sentence = _l(
        "Genau diese Datei ist schon übernommen worden, am %(day)s. Es ist niemand doppelt angemeldet worden. "
        "Sind Zeilen offen geblieben, laden Sie nur diese hoch."
    )


class TableGone(DomainError):
    sentence = _l(
        "Die Zeilen dieser Tabelle sind schon gelöscht: Wir heben sie höchstens einen Tag auf. "
        "Bitte laden Sie die Datei noch einmal hoch."
    )


class VerdictsChanged(DomainError):
    sentence = _l(
        "Inzwischen hat sich etwas geändert, zum Beispiel die freien Plätze. Es ist noch niemand angemeldet. "
        "Unten steht, was jetzt gilt. Bitte prüfen Sie es und bestätigen Sie noch einmal."
    )


class RowsUnfit(DomainError):
    sentence = _l(
        "Noch stimmt nicht alles (Anmeldungen mit Fehlern: %(count)s), und es ist niemand angemeldet. Bessern Sie die "
        "Zeilen aus und laden Sie die Datei neu hoch, oder kreuzen Sie an, dass Sie nur die anderen übernehmen."
    )
    field = "only_good"


class NothingToTake(DomainError):
    sentence = _l(
        "In dieser Tabelle ist keine Anmeldung, die wir übernehmen können. Bitte bessern Sie die Zeilen aus und laden "
        "Sie die Datei neu hoch."
    )
