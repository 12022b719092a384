"""The ground of all tests: both databases, a client like a visitor, a clock, no way out to the network."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

# Before app is imported: what stands in a developer's environment must not reach a test.
for _name in ("DATABASE_URL", "MAIL_URL", "MAIL_FROM", "BASE_URL", "INSTANCE_PATH", "TRUSTED_PROXIES"):
    os.environ.pop(_name, None)
os.environ["APP_ENV"] = "test"

from tests import catalogues
from tests.databases import ENGINES, Databases, Product
from tests.visitor import Visitor

pytest_plugins = ["tests.chromium"]

IN_CI = bool(os.environ.get("CI"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=ENGINES, help="run on this database only (default: on both)")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        catalogues.compile_outdated()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that touches a database runs on both; what only a browser can show is shown once."""
    if "engine_name" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--database")
        engines = ("sqlite",) if "live_server" in metafunc.fixturenames else ENGINES
        engines = tuple(name for name in engines if wanted in (None, name))
        metafunc.parametrize("engine_name", engines, indirect=True, scope="session")


@contextmanager
def uncounted(config: pytest.Config) -> Iterator[None]:
    """Lines that run in here do not count as covered, nor do those of processes started in here."""
    counting = getattr(config.pluginmanager.get_plugin("_cov"), "cov_controller", None)
    if counting is None or not counting.started:
        yield
        return
    passed_on = os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    counting.pause()
    try:
        yield
    finally:
        counting.resume()
        if passed_on is not None:
            os.environ["COVERAGE_PROCESS_CONFIG"] = passed_on


def is_counted(item: pytest.Item) -> bool:
    """Whether a test counts for the coverage: not where it repeats on Postgres, nor where it walks over all pages.

    Counting makes Python half as fast. The repetition runs the same lines, and a walk through the whole product says
    little about each of them.
    """
    names = getattr(item, "fixturenames", ())
    on = item.callspec.params.get("engine_name") if hasattr(item, "callspec") else None
    return on != "postgres" and "town" not in names and "live_server" not in names


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with nullcontext() if is_counted(item) else uncounted(item.config):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and nothing may be skipped here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, and nothing may be skipped here: {report.longrepr}"
    return report


class NetworkBlocked(RuntimeError):
    """A test tried to reach something beyond this machine."""


def _is_here(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket has a path
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            original = getattr(socket.socket, method)

            def guarded(self: socket.socket, address: object, original=original) -> object:
                if not _is_here(address):
                    self.close()
                    raise NetworkBlocked(f"no test may connect to {address!r}")
                return original(self, address)

            patch.setattr(socket.socket, method, guarded)
        yield


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The database servers of this test process, each with a template made by the real migrations."""
    with Databases() as made:
        yield made


@pytest.fixture(scope="session")
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgres`; pytest runs all tests on one, then all on the other."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def product(databases: Databases, engine_name: str) -> Product:
    """The app on a database that all tests of this process share, one after the other."""
    return databases.shared(engine_name)


@pytest.fixture
def app(product: Product) -> Iterator[Flask]:
    """The app on an empty database, its context open; commits are real and cleared away afterwards."""
    with product.app.app_context():
        yield product.app
    product.clear()


@pytest.fixture
def fresh_app(databases: Databases, engine_name: str) -> Iterator[Flask]:
    """The app on a new database of its own, for races, migrations and other processes; its context is open."""
    with databases.own(engine_name) as product, product.app.app_context():
        yield product.app


@pytest.fixture
def client(app: Flask) -> Visitor:
    """A visitor without JavaScript."""
    return Visitor(app)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still at noon of 2 March 2026 (UTC) until the test moves it: `clock.shift(…)`, `clock.move_to(…)`."""
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds the project."""
    return Path(__file__).resolve().parent.parent
