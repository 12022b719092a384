"""One supervisor: the web workers and the background worker, started and stopped together."""

from __future__ import annotations

import contextlib
import errno
import http.client
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import click
import flask_migrate
from flask import Flask
from gunicorn.glogging import Logger
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app import create_app, demo
from app.config import ROOT, ConfigurationError
from app.database import db
from app.models import Host
from app.processes import end_with_parent

# A process that ends sooner than this after its start would only end again.
SHORT_LIFE = 10.0
# Running requests and tasks get this long to finish, then the processes are ended.
GRACE = 20.0
TICK = 0.2

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Service:
    """A process to keep running: the name people read, and its command."""

    name: str
    command: tuple[str, ...]


class Supervisor:
    """Starts services, starts one again that ends, and stops all of them together."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        is_ready: Callable[[], bool] = lambda: True,
        when_ready: Callable[[], None] = lambda: None,
        say: Callable[[str], object] = click.echo,
        short_life: float = SHORT_LIFE,
        grace: float = GRACE,
    ) -> None:
        self._services = services
        self._is_ready = is_ready
        self._when_ready = when_ready
        self._say = say
        self._short_life = short_life
        self._grace = grace
        self._running: dict[Service, subprocess.Popen[bytes]] = {}
        self._started_at: dict[Service, float] = {}
        self._stop_calls = 0

    def run(self) -> int:
        """Keep the services running until a signal asks to stop; return the exit code.

        0 after a stop that was asked for, 1 when a service cannot stay up. No process is left either way.
        """
        before = {number: signal.signal(number, self._asked_to_stop) for number in STOP_SIGNALS}
        try:
            for service in self._services:
                self._start(service)
            announced = False
            while not self._stop_calls:
                if not self._revive():
                    return 1
                if not announced and self._is_ready():
                    announced = True
                    self._when_ready()
                time.sleep(TICK)
            return 0
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_calls += 1

    def _start(self, service: Service) -> None:
        # A session of its own: Ctrl-C reaches only the supervisor, which then stops the services in good order.
        self._running[service] = subprocess.Popen(
            service.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        self._started_at[service] = time.monotonic()

    def _revive(self) -> bool:
        """Start ended services again; False when one ended right after its start."""
        for service, process in self._running.items():
            code = process.poll()
            if code is None:
                continue
            if time.monotonic() - self._started_at[service] < self._short_life:
                self._say(
                    f"{service.name} startet nicht (Code {code}). Der Grund steht darüber. Alles wird beendet."
                )
                return False
            self._say(f"{service.name} hat sich unerwartet beendet (Code {code}) und wird neu gestartet.")
            self._start(service)
        return True

    def _stop_all(self) -> None:
        """End all services, kindly first; a second signal or the end of the grace time ends them at once."""
        patience = max(self._stop_calls, 1)
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + self._grace
        for process in self._running.values():
            while process.poll() is None and time.monotonic() < deadline and self._stop_calls <= patience:
                time.sleep(TICK / 4)
            # The whole session: web workers are children of the service.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Log(Logger):
    """gunicorn's log without addresses of people and without the paths they asked for.

    A path can hold the token of a registration link; an address is personal data nobody needs here.
    """

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(without_personal_data)


def without_personal_data(record: logging.LogRecord) -> bool:
    """Blank addresses and paths in a log record; the record itself is always kept."""
    if isinstance(record.msg, str):
        record.msg = re.sub(r"\bip=\S+", "ip=-", record.msg)
        if record.msg.startswith("Error handling request"):
            record.msg, record.args = "Error handling request", ()
    return True


def services(settings: Mapping[str, Any]) -> list[Service]:
    """The processes the product consists of."""
    memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes its own private file there
    web = [
        *("--bind", address(settings["HOST"], settings["PORT"])),
        *("--workers", str(settings["WEB_WORKERS"])),
        *("--worker-class", "gthread"),
        *("--threads", str(settings["WEB_THREADS"])),
        *("--timeout", "60"),
        *("--graceful-timeout", str(int(GRACE) - 5)),
        *("--keep-alive", "5"),
        # A heartbeat on a slow disk would look like a worker that hangs.
        *(("--worker-tmp-dir", str(memory)) if os.access(memory, os.W_OK) else ()),
        # Forwarded headers are read in one place, the app (TRUSTED_PROXIES); gunicorn believes nobody.
        *("--forwarded-allow-ips", ""),
        *("--log-level", "warning"),
        *("--logger-class", "app.serve.Log"),
        "--no-control-socket",
        "wsgi:app",
    ]
    return [
        Service("Die Web-Seite", (sys.executable, "-m", "gunicorn", *web)),
        Service("Die Hintergrund-Arbeit", (sys.executable, "-m", "app.jobs.worker")),
    ]


def address(host: str, port: int) -> str:
    """`host:port`, with brackets around an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def why_not(app: Flask) -> str | None:
    """The sentence that says why the product must not start now; None when it may."""
    host, port = app.config["HOST"], app.config["PORT"]
    with app.app_context():
        holds_demo = db.session.scalar(select(Host.id).where(Host.is_demo).limit(1)) is not None
        if holds_demo and app.config["APP_ENV"] == "production":
            return (
                "In dieser Datenbank liegt die Demo. Im echten Betrieb darf sie nicht stehen: "
                "Beginnen Sie mit einer leeren Datenbank (DATABASE_URL)."
            )
    try:
        kind, *_, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {port} ist schon belegt. Vielleicht läuft die Anwendung bereits. "
                f"Mit einem anderen Port: PORT={port + 1} ./run"
            )
        if error.errno == errno.EACCES:
            return (
                f"Port {port} ist hier nicht erlaubt. Nehmen Sie einen ab 1024, zum Beispiel: PORT=5000 ./run"
            )
        return f"Unter HOST={host} kann dieser Rechner nicht erreichbar sein: {error.strerror}."
    return None


def answers(host: str, port: int) -> bool:
    """Whether a web server answers there, with any status."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def greeting(settings: Mapping[str, Any]) -> str:
    """Where the running product is found and where its data lie, without any password."""
    url = make_url(settings["SQLALCHEMY_DATABASE_URI"])
    data = (
        str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    )
    lines = [
        f"Die Sozialraumkonferenz läuft: {settings['BASE_URL']}",
        f"Die Daten liegen hier: {data}",
        "Beenden: Strg+C",
    ]
    if not settings["MAIL_URL"]:
        lines.insert(2, "E-Mails warten im Postausgang, weil MAIL_URL nicht gesetzt ist.")
    return "\n".join(["", *lines, ""])


def prepare(app: Flask, *, with_demo: bool) -> None:
    """Afterwards the schema is the current one, and an empty database holds the demo if that is wanted.

    In the process that goes on to supervise: starting Python once more would take longer than all of this.
    """
    with app.app_context():
        flask_migrate.upgrade()
        if with_demo:
            loaded = demo.load()
            if loaded:
                click.echo(str(loaded))


@click.command()
@click.option("--migrate", is_flag=True, help="Bringt zuerst die Datenbank auf den neuesten Stand.")
@click.option("--demo", "with_demo", is_flag=True, help="Lädt die Demo, wenn die Datenbank leer ist.")
def main(migrate: bool, with_demo: bool) -> None:
    """Startet Web-Seite und Hintergrund-Arbeit und beendet sie zusammen."""
    app = create_app()
    if migrate:
        prepare(app, with_demo=with_demo and app.config["APP_ENV"] != "production")
    refusal = why_not(app)
    with app.app_context():
        db.engine.dispose()
    if refusal:
        raise ConfigurationError(refusal)
    sys.exit(
        Supervisor(
            services(app.config),
            is_ready=lambda: answers(app.config["HOST"], app.config["PORT"]),
            when_ready=lambda: click.echo(greeting(app.config)),
        ).run()
    )


if __name__ == "__main__":
    main()
