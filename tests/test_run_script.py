"""`./run`: what it says, what it makes once, and when it stops."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from cryptography.fernet import Fernet

from app import serve
from tests.test_serve import alive, free_port, status, wait_for

PARTS = (
    "run",
    "wsgi.py",
    "requirements.txt",
    "requirements-dev.txt",
    "app",
    "migrations",
    "templates",
    "static",
)
NAMES = ["SECRET_KEY", "CODE_PEPPER", "DATA_KEY"]


def command_of(process: psutil.Process) -> list[str]:
    """Its command line; empty when it has ended meanwhile."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


@pytest.fixture
def project(tmp_path: Path, project_root: Path) -> Path:
    """A copy of the project without settings and data; its `.venv` is the one that runs the tests."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in PARTS:
        source = project_root / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def clean_environment(**settings: str) -> dict[str, str]:
    """Nothing from whoever runs the tests but where programs are."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", **settings}


def run(project: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (str(project / "run"), *arguments),
        env=clean_environment(**settings),
        capture_output=True,
        text=True,
        timeout=300,
    )


def secrets_of(project: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (project / ".env").read_text().splitlines())


def test_help_names_all_commands(project: Path) -> None:
    answer = run(project, "help")

    assert answer.returncode == 0
    for command in ("./run ", "--empty", "flask", "test", "bench", "catalogues", "lock", "help"):
        assert command in answer.stdout
    assert not (project / ".env").exists()


def test_unknown_argument_changes_nothing_and_shows_the_help(project: Path) -> None:
    answer = run(project, "strat")

    assert answer.returncode == 2
    assert answer.stderr.startswith("Das kennt ./run nicht: strat\n./run ")
    assert answer.stdout == ""
    assert not (project / ".env").exists()


def test_flask_command_makes_secrets_once_and_only_for_the_owner(project: Path) -> None:
    first = run(project, "flask", "host", "list")
    made = secrets_of(project)
    second = run(project, "flask", "host", "list")

    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert stat.S_IMODE((project / ".env").stat().st_mode) == 0o600
    assert stat.S_IMODE((project / "instance").stat().st_mode) == 0o700
    assert list(made) == NAMES
    assert len(set(made.values())) == 3
    Fernet(made["DATA_KEY"])
    assert "Neue Schlüssel stehen in .env." in first.stderr
    assert (second.returncode, second.stderr) == (0, "")
    assert secrets_of(project) == made


def test_secrets_that_are_there_stay_and_only_the_missing_one_is_added(project: Path) -> None:
    key = Fernet.generate_key().decode()
    # No line end after the last one: the next one must not be glued to it.
    (project / ".env").write_text(f"SECRET_KEY=mine, and long enough to sign\nDATA_KEY={key}")

    answer = run(project, "flask", "host", "list", PORT="5001")

    assert answer.returncode == 0, answer.stderr
    made = secrets_of(project)
    assert (made["SECRET_KEY"], made["DATA_KEY"]) == ("mine, and long enough to sign", key)
    assert len(made["CODE_PEPPER"]) >= 32


def test_secrets_from_the_environment_are_not_written_down(project: Path) -> None:
    key = Fernet.generate_key().decode()

    answer = run(project, "flask", "host", "list", SECRET_KEY="s" * 40, CODE_PEPPER="p" * 40, DATA_KEY=key)

    assert answer.returncode == 0, answer.stderr
    assert not (project / ".env").exists()


def test_data_without_their_secrets_stop_the_start(project: Path) -> None:
    (project / "instance").mkdir()
    (project / "instance" / "sozialraumkonferenz.sqlite3").write_bytes(b"data of a restored backup")

    answer = run(project, "flask", "host", "list")

    assert answer.returncode == 1
    assert "die Datei .env mit ihren Schlüsseln fehlt" in answer.stderr
    assert not (project / ".env").exists()


def test_production_without_secrets_makes_none_and_refuses(project: Path) -> None:
    answer = run(project, APP_ENV="production", PORT=str(free_port()))

    assert answer.returncode != 0
    assert "Es fehlt: SECRET_KEY, CODE_PEPPER, DATA_KEY." in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (project / ".env").exists()


def test_start_loads_the_demo_once_and_ctrl_c_ends_it(project: Path) -> None:
    said = [start_and_stop(project) for _ in range(2)]
    listed = run(project, "flask", "host", "list")

    assert "Die Sozialraumkonferenz läuft: http://127.0.0.1:" in said[0]
    assert f"Die Daten liegen hier: {project / 'instance' / 'sozialraumkonferenz.sqlite3'}" in said[0]
    # Logins are shown by the start that made them, and never again.
    assert "@" in said[0]
    assert "@" not in said[1]
    assert "Rheine" in listed.stdout
    assert all("(Demo)" in line for line in listed.stdout.splitlines())


def test_start_empty_holds_no_demo(project: Path) -> None:
    start_and_stop(project, "--empty")

    assert run(project, "flask", "host", "list").stdout == ""


def start_and_stop(project: Path, *arguments: str) -> str:
    """Start by `./run`, look at the start page, press Ctrl-C; what was said meanwhile. No process is left."""
    port = free_port()
    process = subprocess.Popen(
        (str(project / "run"), *arguments),
        env=clean_environment(PORT=str(port), WEB_WORKERS="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for(lambda: process.poll() is not None or serve.answers("127.0.0.1", port))
        assert process.poll() is None, process.communicate()[0]
        family = psutil.Process(process.pid).children(recursive=True)
        making_a_document = sum("app.jobs.documents" in command_of(each) for each in family)
        assert status(port, "/") == 200
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    # Two web workers and one that works in the background; the document of the demo may be made just now.
    assert len(family) - making_a_document == 3
    assert alive(family) == []
    return output


def test_scripts_pass_shellcheck(project_root: Path) -> None:
    scripts = [project_root / "run", project_root / ".ci" / "run", *project_root.glob("t*/**/*.sh")]

    answer = subprocess.run(
        (str(Path(sys.prefix) / "bin" / "shellcheck"), "--severity=warning", *map(str, scripts)),
        capture_output=True,
        text=True,
    )

    assert (answer.returncode, answer.stdout) == (0, "")


# What `./run` calls before it has a Python of its own.
TOOLS = (
    "bash",
    "env",
    "dirname",
    "cat",
    "grep",
    "sed",
    "mkdir",
    "sha256sum",
    "touch",
    "chmod",
    "tail",
    "mktemp",
    "rm",
)


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A folder for PATH: the usual tools, a Python without venv, an apt-get that nobody here may use."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(str(shutil.which(name)))
    programs = {
        "python3": f'case "$*" in *ensurepip*) exit 1 ;; esac; exec {sys.executable} "$@"',
        "id": "echo 1000",
        "sudo": "exit 1",
        "apt-get": 'echo "called: $*" >&2; exit 99',
    }
    for name, body in programs.items():
        (folder / name).write_text(f"#!/usr/bin/env bash\n{body}\n")
        (folder / name).chmod(0o755)
    return folder


def test_missing_package_without_rights_prints_the_line_to_type_and_stops(
    project: Path, bare_machine: Path
) -> None:
    (project / ".venv").unlink()

    answer = run(project, PATH=str(bare_machine))

    assert answer.returncode == 1
    assert "Auf diesem System fehlt: python3-venv" in answer.stderr
    assert (
        "\n    sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends python3-venv"
        in answer.stderr
    )
    assert "called:" not in answer.stderr
    assert not (project / ".venv").exists()


def test_missing_package_without_sudo_names_su(project: Path, bare_machine: Path) -> None:
    (project / ".venv").unlink()
    (bare_machine / "sudo").unlink()

    answer = run(project, PATH=str(bare_machine))

    assert answer.returncode == 1
    assert "\n    su -c 'apt-get update && apt-get install -y" in answer.stderr


def test_missing_package_with_rights_is_installed_and_a_failure_is_said(
    project: Path, bare_machine: Path
) -> None:
    (project / ".venv").unlink()
    (bare_machine / "id").write_text("#!/usr/bin/env bash\necho 0\n")

    answer = run(project, PATH=str(bare_machine))

    assert answer.returncode == 1
    assert "called: update" in answer.stderr
    assert "Das Installieren von python3-venv" in answer.stderr


def test_old_python_is_named(project: Path, bare_machine: Path) -> None:
    (project / ".venv").unlink()
    (bare_machine / "python3").write_text(
        '#!/usr/bin/env bash\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n'
    )

    answer = run(project, PATH=str(bare_machine))

    assert (answer.returncode, answer.stderr) == (
        1,
        "Gebraucht wird Python ab 3.11; gefunden: Python 3.9.2.\n",
    )
