"""Environment -> checked settings; a production start without secrets is refused here."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import click
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent

SECRETS = ("SECRET_KEY", "CODE_PEPPER", "DATA_KEY")


class ConfigurationError(click.ClickException):
    """The settings do not allow a start; the message says which one and what to do.

    As an error of the command line, so that commands print the sentence and no traceback.
    """

    # Told apart from a failure: a service manager need not try again.
    exit_code = 2

    def show(self, file: IO[str] | None = None) -> None:
        """Print the sentence as it is."""
        click.echo(self.message, file=file or sys.stderr)


def read_env_file(path: Path) -> dict[str, str]:
    """Return NAME=value pairs of a `.env` file; a missing file is an empty one."""
    if not path.is_file():
        return {}
    pairs = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line and not line.startswith("#") and "=" in line:
            name, value = line.split("=", 1)
            pairs[name.strip()] = value.strip().strip("\"'")
    return pairs


def load(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the Flask settings made from the environment, over those of `.env`.

    Raises ConfigurationError when a secret is missing or unfit, in every mode but `test`.
    """
    source = {**read_env_file(ROOT / ".env"), **(os.environ if environ is None else environ)}
    mode = source.get("APP_ENV", "development")
    if mode not in ("development", "production", "test"):
        raise ConfigurationError(f"APP_ENV={mode!r}: erlaubt sind development, production und test.")
    instance = Path(source.get("INSTANCE_PATH", ROOT / "instance"))
    database_url = source.get("DATABASE_URL") or f"sqlite:///{instance / 'sozialraumkonferenz.sqlite3'}"
    port = _whole_number(source, "PORT", 5000)
    base_url = source.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    settings: dict[str, Any] = {
        "APP_ENV": mode,
        "INSTANCE_PATH": str(instance),
        "SQLALCHEMY_DATABASE_URI": normalise_database_url(database_url),
        "BASE_URL": base_url,
        "HOST": source.get("HOST", "127.0.0.1"),
        "PORT": port,
        "WEB_WORKERS": _whole_number(source, "WEB_WORKERS", 2),
        "WEB_THREADS": _whole_number(source, "WEB_THREADS", 4),
        "MAIL_URL": source.get("MAIL_URL", ""),
        "MAIL_FROM": source.get("MAIL_FROM", ""),
        "TRUSTED_PROXIES": _whole_number(source, "TRUSTED_PROXIES", 0),
        "SESSION_COOKIE_SECURE": base_url.startswith("https://"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "sitzung",
        # A form left open for half a day must still be accepted: the token lives as long as the session.
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "de",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Berlin",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "app" / "translations"),
    }
    for name in SECRETS:
        settings[name] = source.get(name, "")
    if mode == "test":
        for name in ("SECRET_KEY", "CODE_PEPPER"):
            settings[name] = settings[name] or f"only for tests: {name}"
        settings["DATA_KEY"] = (
            settings["DATA_KEY"] or base64.urlsafe_b64encode(b"only-for-tests-".ljust(32, b"-")).decode()
        )
    if not base_url.startswith(("http://", "https://")):
        raise ConfigurationError(
            f"BASE_URL={base_url!r}: erwartet wird eine Adresse mit http:// oder https://."
        )
    _check_secrets(settings)
    return settings


def normalise_database_url(url: str) -> str:
    """Return `url` with the driver the product ships; both spellings of Postgres are understood."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _whole_number(source: Mapping[str, str], name: str, default: int) -> int:
    value = source.get(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ConfigurationError(f"{name}={value!r}: erwartet wird eine ganze Zahl.")
    return int(value)


def _check_secrets(settings: Mapping[str, Any]) -> None:
    missing = [name for name in SECRETS if not settings[name]]
    if missing:
        how = (
            "einen Schlüssel druckt `openssl rand -base64 32 | tr +/ -_`, für jeden Namen einen eigenen."
            if settings["APP_ENV"] == "production"
            else "`./run` legt sie beim ersten Start an."
        )
        raise ConfigurationError(
            f"Es fehlt: {', '.join(missing)}. "
            f"Setzen Sie die Werte in der Umgebung oder in der Datei .env; {how}"
        )
    if settings["APP_ENV"] == "production":
        short = [name for name in ("SECRET_KEY", "CODE_PEPPER") if len(settings[name]) < 32]
        if short:
            raise ConfigurationError(f"Zu kurz (mindestens 32 Zeichen): {', '.join(short)}.")
    try:
        for key in settings["DATA_KEY"].split(","):
            Fernet(key.strip())
    except ValueError as error:
        raise ConfigurationError("DATA_KEY ist kein gültiger Fernet-Schlüssel (32 Byte, base64).") from error
