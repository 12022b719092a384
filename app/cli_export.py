"""Commands that write files: `flask export …`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from app.database import db
from app.domain import edition_files, editions, exporting, secrets
from app.domain.errors import DomainError
from app.exports.results import RENDERERS
from app.models import Conference, Edition, EditionFile, FileFormat, FileState, Host, StoredFile

export_group = AppGroup("export", help="Ergebnisse und Konferenzen als Dateien.")

# A worker that makes the same file shows a sign of life more often than this.
PATIENCE_SECONDS = 2 * edition_files.LEASE.total_seconds()
LOOK_EVERY_SECONDS = 0.5


def register(app: Flask) -> None:
    """Add the command group to `app`."""
    app.cli.add_command(export_group)


@export_group.command("results")
@click.argument("place", metavar="HOST/CONFERENCE")
@click.option(
    "--format",
    "kind",
    type=click.Choice([kind.value for kind in FileFormat]),
    required=True,
    help="PDF, Tabelle (CSV) oder Daten (JSON).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Wohin die Datei geschrieben wird.",
)
def export_results(place: str, kind: str, out: Path) -> None:
    """Schreibt die neueste Ausgabe der Ergebnisse von HOST/CONFERENCE nach FILE.

    Gibt es noch keine Ausgabe, wird die erste veröffentlicht.
    """
    conference = conference_at(place)
    refuse_unwritable(out)
    try:
        edition = editions.latest_of(conference) or editions.freeze(conference)
        content = _content(edition, FileFormat(kind))
    except DomainError as error:
        stop(str(error))
    write(out, content)
    click.echo(f"Ausgabe {edition.number} ist geschrieben: {out} ({len(content)} Bytes)")


@export_group.command("conference")
@click.argument("place", metavar="HOST/CONFERENCE")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Wohin die Datei geschrieben wird; ohne Angabe erscheint sie hier.",
)
@click.option(
    "--with-contacts",
    is_flag=True,
    help="Auch E-Mail-Adressen, Telefonnummern und Anschriften der Angemeldeten.",
)
def export_conference(place: str, out: Path | None, with_contacts: bool) -> None:
    """Schreibt HOST/CONFERENCE als Konferenz-Datei (YAML), wie „flask import conference“ sie liest."""
    conference = conference_at(place)
    if out is not None:
        refuse_unwritable(out)
    try:
        exported = exporting.conference(conference, with_contacts=with_contacts, with_logo=out is not None)
    except secrets.VaultLocked:
        stop("Der Schlüssel DATA_KEY passt nicht zu den verschlüsselten Angaben in der Datenbank.")
    content = exported.text.encode()
    if out is None:
        click.echo(content, nl=False)
        if conference.host.logo_id is not None:
            click.echo("Das Logo gehört in eine eigene Datei; mit --out liegt es daneben.", err=True)
        return
    if exported.logo:
        _write_beside(out, *exported.logo)
    write(out, content)
    click.echo(f"{conference.title} ist geschrieben: {out} ({len(content)} Bytes)")


def _write_beside(out: Path, name: str, content: bytes) -> None:
    """Put a picture beside the file; another one of the same name is never overwritten."""
    picture = out.absolute().parent / name
    if not picture.exists():
        write(picture, content)
    elif not picture.is_file() or picture.read_bytes() != content:
        stop(f"{picture} ist schon eine andere Datei; das Logo braucht diesen Namen. Es ist nichts geändert.")


def conference_at(place: str) -> Conference:
    """The conference at `HOST/CONFERENCE`; stops with a sentence where there is none."""
    host_key, slash, key = place.strip("/").partition("/")
    if not slash or not host_key or not key:
        stop(f"„{place}“ ist keine Adresse. Erwartet wird zum Beispiel: rheine/rheine-2023")
    host = db.session.scalar(select(Host).where(Host.key == host_key))
    if host is None:
        stop(f"Es gibt keine Stadt mit der Adresse {host_key}. Alle nennt: ./run flask host list")
    conference = db.session.scalar(
        select(Conference).where(Conference.host_id == host.id, Conference.key == key)
    )
    if conference is None:
        keys = db.session.scalars(
            select(Conference.key).where(Conference.host_id == host.id).order_by(Conference.key)
        ).all()
        there = f" Dort gibt es: {', '.join(keys)}." if keys else ""
        stop(f"{host.name} hat keine Konferenz mit der Adresse {key}.{there}")
    return conference


def refuse_unwritable(out: Path) -> None:
    """Stop with a sentence before any work is done for a file that cannot be written."""
    folder = out.absolute().parent
    if not folder.is_dir():
        stop(f"Den Ordner {folder} gibt es nicht.")
    if not os.access(folder, os.W_OK):
        stop(f"In den Ordner {folder} darf hier nicht geschrieben werden.")
    if out.exists() and not out.is_file():
        stop(f"{out} ist keine Datei.")


def write(out: Path, content: bytes) -> None:
    """Write all of `content` to `out` or nothing; a file that was there stays until the new one is complete."""
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=out.absolute().parent, prefix=".", delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Such files are born for their owner alone; this one is like any other that is written here.
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(out)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        stop(f"{out} konnte nicht geschrieben werden: {error.strerror}. Es ist nichts geändert.")


def stop(sentence: str) -> NoReturn:
    """Say why and end with 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


def _content(edition: Edition, kind: FileFormat) -> bytes:
    """The bytes of a file, made now where they are not there yet. Raises EditionRedacted."""
    file = _file(edition, kind)
    if file.state is not FileState.READY:
        # One that failed is tried once more, one that was removed is refused.
        edition_files.retry(file)
        if not edition_files.render(file.id, RENDERERS):
            _wait_for(edition, kind)
        file = _file(edition, kind)
    content = db.session.scalar(select(StoredFile.content).where(StoredFile.id == file.stored_file_id))
    if file.state is not FileState.READY or content is None:
        stop(file.error or "Die Datei ist nicht fertig geworden. Versuchen Sie es noch einmal.")
    return content


def _wait_for(edition: Edition, kind: FileFormat) -> None:
    """Somebody else makes it just now."""
    until = time.monotonic() + PATIENCE_SECONDS
    while _file(edition, kind).state is FileState.RENDERING and time.monotonic() < until:
        time.sleep(LOOK_EVERY_SECONDS)


def _file(edition: Edition, kind: FileFormat) -> EditionFile:
    db.session.rollback()
    return db.session.scalars(
        select(EditionFile).where(EditionFile.edition_id == edition.id, EditionFile.format == kind)
    ).one()
