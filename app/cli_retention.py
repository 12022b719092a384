"""`flask retention`: erases what is due, or says what would be erased."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app.database import db, now
from app.domain import retention
from app.models import Host
from app.models.translated import SOURCE_LANGUAGE


def register(app: Flask) -> None:
    """Add the command to `app`."""
    app.cli.add_command(retention_command)


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Nur zeigen, was fällig ist. Nichts wird gelöscht.")
@click.option("--host", "host_key", help="Adresse einer Stadt; ohne sie: alle.")
def retention_command(dry_run: bool, host_key: str | None) -> None:
    """Löscht, was nach den Löschfristen fällig ist. Von selbst geschieht das jede Nacht."""
    at = now()
    with force_locale(SOURCE_LANGUAGE):
        for host in _hosts(host_key):
            name = f"{host.name} (/{host.key}/)"
            if dry_run:
                _say(
                    f"{name}: Das ist fällig. Nichts ist gelöscht.",
                    f"{name}: Nichts ist fällig.",
                    ((entry.conference.key, entry.purpose, entry.count) for entry in retention.due(host, at)),
                )
            else:
                report = retention.run(host, at).report
                _say(
                    f"{name}: Gelöscht ist:",
                    f"{name}: Nichts war fällig.",
                    ((line["conference"], line["purpose"], line["count"]) for line in report),
                )


def _say(headline: str, nothing: str, lines: Iterable[tuple[str, str, int]]) -> None:
    shown = [
        f"  {conference}: {count} × {retention.BY_PURPOSE[purpose].what}"
        for conference, purpose, count in lines
    ]
    click.echo("\n".join([headline, *shown]) if shown else nothing)


def _hosts(key: str | None) -> list[Host]:
    statement = select(Host).order_by(Host.name, Host.id)
    found = list(db.session.scalars(statement.where(Host.key == key) if key else statement))
    if key and not found:
        click.echo(f"Es gibt keine Stadt mit der Adresse {key}. Alle nennt: ./run flask host list", err=True)
        sys.exit(1)
    return found
