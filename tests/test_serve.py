"""The supervisor: what it starts it stops, and nothing is left behind."""

from __future__ import annotations

import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from flask import Flask

from app import serve
from app.database import db
from app.domain import hosts
from app.models import HostKind
from tests.databases import SECRETS, Databases

STAY = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
)


def python(name: str, code: str, *arguments: str) -> serve.Service:
    return serve.Service(name, (sys.executable, "-c", code, *arguments))


def ask_to_stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def children() -> list[psutil.Process]:
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if process.status() != psutil.STATUS_ZOMBIE and "time.sleep(60)" in " ".join(process.cmdline())
    ]


def alive(family: list[psutil.Process]) -> list[psutil.Process]:
    """Those of `family` that still run; one that only waits to be collected by init does not."""
    left = []
    for member in family:
        with suppress(psutil.NoSuchProcess):
            if member.is_running() and member.status() != psutil.STATUS_ZOMBIE:
                left.append(member)
    return left


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_run_asked_to_stop_ends_all_services() -> None:
    seen: list[int] = []

    def when_ready() -> None:
        seen.append(len(children()))
        ask_to_stop()

    code = serve.Supervisor([python("A", STAY), python("B", STAY)], when_ready=when_ready).run()

    assert (code, seen, children()) == (0, [2], [])


def test_run_gives_the_signals_back() -> None:
    before = signal.getsignal(signal.SIGTERM)

    serve.Supervisor([python("A", STAY)], when_ready=ask_to_stop).run()

    assert signal.getsignal(signal.SIGTERM) is before


def test_run_waits_until_ready_before_it_says_so() -> None:
    answers = iter([False, False, True])
    said: list[str] = []

    def when_ready() -> None:
        said.append("ready")
        ask_to_stop()

    serve.Supervisor([python("A", STAY)], is_ready=lambda: next(answers), when_ready=when_ready).run()

    assert said == ["ready"]
    assert list(answers) == []


def test_run_service_that_ignores_the_request_is_killed_with_its_children() -> None:
    parent = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STAY!r}]); " + STUBBORN

    def when_ready() -> None:
        wait_for(lambda: len(children()) == 2)
        ask_to_stop()

    code = serve.Supervisor([python("A", parent)], when_ready=when_ready, grace=0.5).run()

    assert code == 0
    wait_for(lambda: children() == [])


def test_run_second_signal_ends_at_once() -> None:
    def when_ready() -> None:
        wait_for(lambda: len(children()) == 1)
        time.sleep(0.3)
        ask_to_stop()
        threading.Timer(0.4, ask_to_stop).start()

    started = time.monotonic()
    code = serve.Supervisor([python("A", STUBBORN)], when_ready=when_ready, grace=60).run()

    assert (code, children()) == (0, [])
    assert time.monotonic() - started < 15


def test_run_service_that_cannot_start_stops_everything_and_says_which() -> None:
    said: list[str] = []
    services = [python("Die Web-Seite", STAY), python("Die Hintergrund-Arbeit", "raise SystemExit(3)")]

    code = serve.Supervisor(services, say=said.append).run()

    assert code == 1
    assert said == [
        "Die Hintergrund-Arbeit startet nicht (Code 3). Der Grund steht darüber. Alles wird beendet."
    ]
    assert children() == []


def test_run_service_that_dies_later_is_started_again(tmp_path: Path) -> None:
    # The first process leaves a mark and ends; the second one finds it and stays.
    code = (
        "import pathlib, sys, time; mark = pathlib.Path(sys.argv[1])\n"
        "if not mark.exists(): mark.touch(); sys.exit(4)\n"
        "mark.with_suffix('.second').touch(); time.sleep(60)"
    )
    said: list[str] = []
    mark = tmp_path / "mark"
    second = mark.with_suffix(".second")

    supervisor = serve.Supervisor(
        [python("Die Web-Seite", code, str(mark))],
        is_ready=second.exists,
        when_ready=ask_to_stop,
        say=said.append,
        short_life=0,
    )

    assert supervisor.run() == 0
    assert said == ["Die Web-Seite hat sich unerwartet beendet (Code 4) und wird neu gestartet."]


def test_why_not_free_port_gives_no_reason(app: Flask) -> None:
    app.config["PORT"] = free_port()

    assert serve.why_not(app) is None


def test_why_not_taken_port_names_another(app: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        app.config["PORT"] = port

        sentence = serve.why_not(app)

    assert sentence == (
        f"Port {port} ist schon belegt. Vielleicht läuft die Anwendung bereits. "
        f"Mit einem anderen Port: PORT={port + 1} ./run"
    )


def test_why_not_address_of_another_machine_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "HOST", "192.0.2.1")
    monkeypatch.setitem(app.config, "PORT", free_port())

    assert str(serve.why_not(app)).startswith(
        "Unter HOST=192.0.2.1 kann dieser Rechner nicht erreichbar sein:"
    )


@pytest.mark.parametrize(("mode", "refused"), [("production", True), ("development", False)])
def test_why_not_demo_is_refused_in_production_only(
    app: Flask, monkeypatch: pytest.MonkeyPatch, mode: str, refused: bool
) -> None:
    hosts.create("auenstadt", "Auenstadt", HostKind.MUNICIPALITY, is_demo=True)
    monkeypatch.setitem(app.config, "APP_ENV", mode)
    monkeypatch.setitem(app.config, "PORT", free_port())

    sentence = serve.why_not(app)

    assert (sentence is not None and "Demo" in sentence) == refused


def test_why_not_real_hosts_may_run_in_production(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts.create("auenstadt", "Auenstadt", HostKind.MUNICIPALITY)
    monkeypatch.setitem(app.config, "APP_ENV", "production")
    monkeypatch.setitem(app.config, "PORT", free_port())

    assert serve.why_not(app) is None


def test_answers_only_where_a_web_server_is() -> None:
    port = free_port()

    assert serve.answers("127.0.0.1", port) is False
    assert serve.answers("::", port) is False


@pytest.mark.parametrize(
    ("host", "text"),
    [("127.0.0.1", "127.0.0.1:5000"), ("::1", "[::1]:5000"), ("localhost", "localhost:5000")],
)
def test_address_puts_brackets_around_ipv6(host: str, text: str) -> None:
    assert serve.address(host, 5000) == text


def test_greeting_names_address_and_data_and_no_password() -> None:
    settings = {
        "SQLALCHEMY_DATABASE_URI": "postgresql+psycopg://town:very-secret@db/konferenz",
        "BASE_URL": "https://beteiligung.example.org",
        "MAIL_URL": "smtp://mail",
    }

    text = serve.greeting(settings)

    assert text.splitlines()[1:] == [
        "Die Sozialraumkonferenz läuft: https://beteiligung.example.org",
        "Die Daten liegen hier: postgresql+psycopg://town:***@db/konferenz",
        "Beenden: Strg+C",
    ]


def test_greeting_without_mail_server_says_where_mails_wait() -> None:
    text = serve.greeting(
        {
            "SQLALCHEMY_DATABASE_URI": "sqlite:////data/x.sqlite3",
            "BASE_URL": "http://127.0.0.1:5000",
            "MAIL_URL": "",
        }
    )

    assert "Die Daten liegen hier: /data/x.sqlite3\n" in text
    assert "E-Mails warten im Postausgang, weil MAIL_URL nicht gesetzt ist.\n" in text


@pytest.mark.parametrize(
    ("message", "arguments", "kept"),
    [
        ("Invalid request from ip=192.0.2.7: bad line", (), "Invalid request from ip=- bad line"),
        ("Error handling request %s %s", ("GET", "/meine-anmeldung/token"), "Error handling request"),
        ("Worker (pid:%s) was sent SIGTERM!", (7,), "Worker (pid:7) was sent SIGTERM!"),
    ],
)
def test_without_personal_data_keeps_the_message_but_no_address_and_no_path(
    message: str, arguments: tuple[object, ...], kept: str
) -> None:
    record = logging.LogRecord("gunicorn.error", logging.WARNING, __file__, 1, message, arguments, None)

    assert serve.without_personal_data(record) is True
    assert record.getMessage() == kept


def test_main_settings_that_do_not_allow_a_start_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A folder without `.env`, so that a developer's own secrets do not count.
    monkeypatch.setattr("app.config.ROOT", tmp_path)
    monkeypatch.setenv("APP_ENV", "production")
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)

    answer = CliRunner().invoke(serve.main)

    assert answer.exit_code == 2
    assert answer.stderr.startswith("Es fehlt: SECRET_KEY, CODE_PEPPER, DATA_KEY.")


def test_main_prepares_an_empty_database_and_then_says_why_it_does_not_start(
    databases: Databases, engine_name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = databases.empty(engine_name)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for name, value in {
            **SECRETS,
            "DATABASE_URL": url.render_as_string(hide_password=False),
            "INSTANCE_PATH": str(tmp_path),
            "HOST": "127.0.0.1",
            "PORT": str(port),
        }.items():
            monkeypatch.setenv(name, value)

        first = CliRunner().invoke(serve.main, ["--migrate", "--demo"])
        second = CliRunner().invoke(serve.main, ["--migrate", "--demo"])

    assert (first.exit_code, second.exit_code) == (2, 2)
    assert f"Port {port} ist schon belegt." in first.stderr
    assert "betrieb@musterhausen.example  Passwort: " in first.stdout
    # The second time the database holds something, so nothing is added and no password is shown.
    assert second.stdout == ""
    databases.drop(url)


def environment(app: Flask, port: int) -> dict[str, str]:
    """What a start by hand would have set, on the database of `app`."""
    return {
        **os.environ,
        **SECRETS,
        "APP_ENV": "development",
        "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "INSTANCE_PATH": app.instance_path,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_WORKERS": "1",
    }


@contextmanager
def started(app: Flask) -> Iterator[tuple[subprocess.Popen[bytes], int, list[psutil.Process]]]:
    """The whole product as processes of its own, from the moment it greets until the block ends."""
    port = free_port()
    said = Path(app.instance_path) / "said.txt"
    with said.open("wb") as file:
        process = subprocess.Popen(
            (sys.executable, "-m", "app.serve"), env=environment(app, port), stdout=file, stderr=file
        )
    try:
        wait_for(
            lambda: f"läuft: http://127.0.0.1:{port}\n" in said.read_text() or process.poll() is not None
        )
        assert process.poll() is None, said.read_text()
        yield process, port, psutil.Process(process.pid).children(recursive=True)
    finally:
        process.kill()
        process.wait()


def status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_product_starts_answers_and_leaves_nothing_after_ctrl_c(fresh_app: Flask) -> None:
    hosts.create("auenstadt", "Auenstadt", HostKind.MUNICIPALITY)
    with started(fresh_app) as (process, port, family):
        answer = status(port, "/auenstadt/")
        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=60) == 0

    assert answer == 200
    # One gunicorn with one worker, and the background worker.
    assert len(family) == 3
    assert alive(family) == []


def test_product_killed_supervisor_leaves_no_orphan(fresh_app: Flask) -> None:
    with started(fresh_app) as (process, _port, family):
        process.kill()

        wait_for(lambda: not alive(family))
