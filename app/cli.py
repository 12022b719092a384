"""Commands for whoever runs the installation."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar

import click
from cryptography.fernet import Fernet
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import cli_export, cli_import, cli_retention
from app.config import SECRETS
from app.database import db
from app.domain import hosts, rotation, secrets, staff
from app.domain.errors import DomainError
from app.models import Host, HostKind, StaffMember, StaffRole

T = TypeVar("T")

MAX_NAME = 200


def register(app: Flask) -> None:
    """Add the command groups to `app`."""
    for group in (host_group, staff_group, keys_group):
        app.cli.add_command(group)
    app.cli.add_command(doctor)
    cli_import.register(app)
    cli_export.register(app)
    cli_retention.register(app)


host_group = AppGroup("host", help="Städte, Kreise und Einrichtungen dieser Installation.")
staff_group = AppGroup("staff", help="Menschen, die mit der Anwendung arbeiten.")
keys_group = AppGroup("keys", help="Schlüssel für verschlüsselte Angaben.")


@host_group.command("create")
@click.argument("key")
@click.argument("name")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in HostKind]), default=HostKind.MUNICIPALITY.value
)
def host_create(key: str, name: str, kind: str) -> None:
    """Legt eine Stadt an: KEY ist der Teil der Adresse, NAME steht auf den Seiten."""
    if not 0 < len(name.strip()) <= MAX_NAME:
        raise click.UsageError(f"NAME braucht 1 bis {MAX_NAME} Zeichen.")
    host = _or_stop(lambda: hosts.create(key, name.strip(), HostKind(kind)))
    click.echo(f"{host.name} ist angelegt. Adresse: /{host.key}/")
    click.echo(f"Als Nächstes: ./run flask staff invite EMAIL --host {host.key}")


@host_group.command("list")
def host_list() -> None:
    """Nennt alle Städte mit Adresse."""
    for host in db.session.scalars(select(Host).order_by(Host.name)):
        click.echo(f"/{host.key}/\t{host.name}{' (Demo)' if host.is_demo else ''}")


@staff_group.command("invite")
@click.argument("email")
@click.option("--name", default="", help="Name oder Funktion, wie er auf der Seite steht.")
@click.option("--host", "host_key", help="Adresse der Stadt; ohne sie: Betrieb der ganzen Installation.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in StaffRole]),
    help="Vorgabe: host_admin oder instance_admin",
)
def staff_invite(email: str, name: str, host_key: str | None, role: str | None) -> None:
    """Lädt jemanden ein; druckt den Link, mit dem das Passwort gesetzt wird."""
    host = _host(host_key) if host_key else None
    chosen = StaffRole(role) if role else (StaffRole.HOST_ADMIN if host else StaffRole.INSTANCE_ADMIN)
    if (host is None) != (chosen is StaffRole.INSTANCE_ADMIN):
        raise click.UsageError("instance_admin gilt ohne --host, alle anderen Rollen brauchen --host.")
    member, token = _or_stop(lambda: staff.invite(email, name, chosen, host))
    if token:
        click.echo(f"{current_app.config['BASE_URL']}/verwaltung/einladung/{token}")
        click.echo(f"Der Link gilt {staff.INVITATION_DAYS} Tage.")
    else:
        click.echo(f"{member.email} hat schon ein Passwort; die Rolle gilt sofort.")


@staff_group.command("password")
@click.argument("email")
def staff_password(email: str) -> None:
    """Setzt ein neues, zufälliges Passwort und druckt es einmal."""
    member = staff.find(email.strip())
    if member is None:
        _stop(f"Es gibt kein Konto mit der Adresse {email}.")
    click.echo(staff.new_password(member))


@staff_group.command("list")
def staff_list() -> None:
    """Nennt alle Konten mit ihren Rollen."""
    for member in db.session.scalars(select(StaffMember).order_by(StaffMember.email)):
        roles = ", ".join(
            f"{held.role.value}@{held.host.key if held.host else '*'}" for held in member.assignments
        )
        click.echo(f"{member.email}\t{roles}\t{'eingeladen' if member.password_hash is None else 'aktiv'}")


@keys_group.command("new")
def keys_new() -> None:
    """Druckt einen neuen Schlüssel für DATA_KEY."""
    click.echo(Fernet.generate_key().decode())


@keys_group.command("rotate")
def keys_rotate() -> None:
    """Verschlüsselt alle Angaben neu mit dem ersten Schlüssel von DATA_KEY.

    Ohne den alten Schlüssel (hinter dem Komma) sind Kontaktangaben, Nachrichten in der Warteschlange und
    mitgelieferte Importangaben verloren; alles andere bleibt lesbar.
    """
    try:
        count = rotation.rotate_all()
    except secrets.VaultLocked:
        _stop(
            "Mit den Schlüsseln in DATA_KEY lässt sich nicht alles lesen; nichts ist geändert. "
            "Setzen Sie den alten Schlüssel hinter den neuen, durch ein Komma getrennt."
        )
    click.echo(f"{count} Angaben sind neu verschlüsselt.")


@click.command("doctor")
def doctor() -> None:
    """Prüft, ob alles da ist, was die Anwendung braucht."""
    problems = []
    try:
        importlib.import_module("weasyprint")
    except OSError:
        problems.append("Für PDF fehlt eine Bibliothek: apt-get install -y libpangoft2-1.0-0")
    try:
        db.session.execute(select(Host.id).limit(1))
    except SQLAlchemyError as error:
        db.session.rollback()
        problems.append(f"Die Datenbank antwortet nicht ({type(error).__name__}): ./run flask db upgrade")
    if not current_app.config["MAIL_URL"]:
        click.echo("Hinweis: MAIL_URL ist nicht gesetzt. Mails warten im Postausgang.")
    problems.extend(f"{name} fehlt." for name in SECRETS if not current_app.config[name])
    for problem in problems:
        click.echo(problem)
    if problems:
        sys.exit(1)
    click.echo("Alles in Ordnung.")


def _host(key: str) -> Host:
    host = db.session.scalar(select(Host).where(Host.key == key))
    if host is None:
        _stop(f"Es gibt keine Stadt mit der Adresse {key}. Alle nennt: ./run flask host list")
    return host


def _or_stop(action: Callable[[], T]) -> T:
    try:
        return action()
    except DomainError as error:
        _stop(str(error))


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)
