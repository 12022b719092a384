"""Commands that bring conferences in: `flask import …` and `flask demo load`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import demo
from app.domain import importing
from app.domain.errors import DomainError
from app.domain.secrets import VaultLocked
from app.web import languages

import_group = AppGroup("import", help="Konferenzen aus Dateien.")
demo_group = AppGroup("demo", help="Die mitgelieferten Demos.")


def register(app: Flask) -> None:
    """Add the command groups to `app`."""
    app.cli.add_command(import_group)
    app.cli.add_command(demo_group)


@import_group.command("conference")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Nur prüfen und berichten; es ändert sich nichts.")
def import_conference(file: Path, dry_run: bool) -> None:
    """Liest eine Konferenz aus FILE (YAML): legt sie an oder bringt sie auf den Stand der Datei."""
    try:
        report = importing.conference(
            file,
            dry_run=dry_run,
            shown_languages=tuple(languages.INSTALLED),
            allow_demo=current_app.config["APP_ENV"] != "production",
        )
    except (DomainError, VaultLocked) as error:
        locked = "Der Schlüssel DATA_KEY passt nicht zu den verschlüsselten Angaben in der Datenbank."
        click.echo(locked if isinstance(error, VaultLocked) else str(error), err=True)
        click.echo("Es hat sich nichts geändert.", err=True)
        sys.exit(1)
    click.echo(str(report))


@import_group.command("schema")
def import_schema() -> None:
    """Druckt das JSON-Schema der Konferenz-Dateien."""
    click.echo(json.dumps(importing.schema.conference(), ensure_ascii=False, indent=2))


@demo_group.command("load")
def demo_load() -> None:
    """Lädt die Demos in eine leere Datenbank; druckt Zugänge und Passwörter einmal."""
    if current_app.config["APP_ENV"] == "production":
        click.echo(
            "In einer Produktion (APP_ENV=production) gibt es keine Demos. Es hat sich nichts geändert.",
            err=True,
        )
        sys.exit(1)
    loaded = demo.load()
    if loaded is None:
        click.echo("Die Datenbank ist nicht leer: Die Demos wurden nicht geladen.")
        return
    click.echo(str(loaded))
