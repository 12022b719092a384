"""Commands for whoever runs the installation, as they are typed."""

from __future__ import annotations

import importlib
import re
import shlex

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select, text

from app.database import db
from app.domain import hosts, secrets, staff
from app.models import ContactChannel, Host, HostKind, RoleAssignment, StaffMember, StaffRole
from tests import make
from tests.databases import SECRETS
from tests.visitor import Visitor


def run(app: Flask, command: str) -> Result:
    """The outcome of `./run flask COMMAND`."""
    result = app.test_cli_runner().invoke(args=shlex.split(command))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    db.session.rollback()
    return result


# --- host ------------------------------------------------------------------------------------------------------------


def test_host_create_makes_a_host_and_says_what_comes_next(app: Flask) -> None:
    result = run(app, "host create rheine 'Stadt Rheine'")

    assert (result.exit_code, result.stdout) == (
        0,
        "Stadt Rheine ist angelegt. Adresse: /rheine/\n"
        "Als Nächstes: ./run flask staff invite EMAIL --host rheine\n",
    )
    host = db.session.scalars(select(Host)).one()
    assert (host.key, host.name, host.kind, host.is_demo) == (
        "rheine",
        "Stadt Rheine",
        HostKind.MUNICIPALITY,
        False,
    )


def test_host_create_of_another_kind(app: Flask) -> None:
    run(app, "host create kreis-steinfurt 'Kreis Steinfurt' --kind district")

    assert db.session.scalars(select(Host)).one().kind is HostKind.DISTRICT


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ("Rheine 'Stadt Rheine'", 1, "„Rheine“ geht nicht als Adresse."),
        ("verwaltung 'Stadt'", 1, "„verwaltung“ geht nicht als Adresse."),
        ("rheine ''", 2, "NAME braucht 1 bis 200 Zeichen."),
        (f"rheine {'x' * 201}", 2, "NAME braucht 1 bis 200 Zeichen."),
        ("rheine Stadt --kind village", 2, "village"),
        ("rheine", 2, "NAME"),
    ],
)
def test_host_create_with_a_mistake_says_which_and_creates_nothing(
    app: Flask, arguments: str, code: int, sentence: str
) -> None:
    result = run(app, f"host create {arguments}")

    assert result.exit_code == code
    assert sentence in result.stderr
    assert db.session.scalar(select(Host)) is None


def test_host_create_twice_is_refused(app: Flask) -> None:
    run(app, "host create rheine 'Stadt Rheine'")

    result = run(app, "host create rheine 'Andere Stadt'")

    assert (result.exit_code, result.stderr) == (
        1,
        "Die Adresse „rheine“ gibt es schon. Bitte wählen Sie eine andere.\n",
    )


def test_host_list_names_all(app: Flask) -> None:
    assert run(app, "host list").stdout == ""
    make.host(key="b", name="B-Stadt", is_demo=True)
    make.host(key="a", name="A-Stadt")

    assert run(app, "host list").stdout == "/a/\tA-Stadt\n/b/\tB-Stadt (Demo)\n"


# --- staff -----------------------------------------------------------------------------------------------------------


def test_invite_of_a_host_admin_prints_a_link_that_leads_to_the_first_real_use(
    app: Flask, client: Visitor
) -> None:
    run(app, "host create rheine 'Stadt Rheine'")

    result = run(app, "staff invite leitung@rheine.example --host rheine --name Sozialplanung")

    link, days = result.stdout.splitlines()
    assert days == "Der Link gilt 14 Tage."
    path = link.removeprefix("http://localhost")
    member = staff.find("leitung@rheine.example")
    assert (member.name, [held.role for held in member.assignments]) == (
        "Sozialplanung",
        [StaffRole.HOST_ADMIN],
    )
    answer = client.post(
        path, data={"name": "Sozialplanung", "password": make.PASSWORD, "repeat": make.PASSWORD}
    )
    assert answer.headers["Location"] == "/verwaltung/"
    assert "Stadt Rheine" in client.get("/verwaltung/").text


@pytest.mark.parametrize(
    ("options", "role"),
    [
        ("", (StaffRole.INSTANCE_ADMIN, None)),
        ("--role instance_admin", (StaffRole.INSTANCE_ADMIN, None)),
        ("--host rheine", (StaffRole.HOST_ADMIN, "rheine")),
        ("--host rheine --role organizer", (StaffRole.ORGANIZER, "rheine")),
    ],
)
def test_invite_gives_the_role_asked_for(
    app: Flask, options: str, role: tuple[StaffRole, str | None]
) -> None:
    make.host(key="rheine")

    run(app, f"staff invite neu@stadt.example {options}")

    held = db.session.scalars(select(RoleAssignment)).one()
    assert (held.role, held.host.key if held.host else None) == role


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ("kaputt", 1, "Diese E-Mail-Adresse stimmt so nicht."),
        ("neu@stadt.example --host nirgends", 1, "Es gibt keine Stadt mit der Adresse nirgends."),
        ("neu@stadt.example --host rheine --role instance_admin", 2, "instance_admin gilt ohne --host"),
        ("neu@stadt.example --role organizer", 2, "alle anderen Rollen brauchen --host"),
        ("neu@stadt.example --role king", 2, "king"),
    ],
)
def test_invite_with_a_mistake_says_which_and_invites_nobody(
    app: Flask, arguments: str, code: int, sentence: str
) -> None:
    make.host(key="rheine")

    result = run(app, f"staff invite {arguments}")

    assert result.exit_code == code
    assert sentence in result.stderr
    assert db.session.scalar(select(StaffMember)) is None


def test_invite_of_somebody_with_a_password_says_that_the_role_holds(app: Flask) -> None:
    make.host(key="rheine")
    member = make.staff_member(None, email="schon@stadt.example")

    result = run(app, "staff invite schon@stadt.example --host rheine")

    assert result.stdout == "schon@stadt.example hat schon ein Passwort; die Rolle gilt sofort.\n"
    db.session.refresh(member)
    assert [held.role for held in member.assignments] == [StaffRole.HOST_ADMIN]


def test_password_prints_a_new_one_once(app: Flask) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, make.host(), email="leitung@rheine.example")

    result = run(app, "staff password ' Leitung@Rheine.example '")

    assert result.exit_code == 0
    assert staff.sign_in("leitung@rheine.example", result.stdout.strip()) == member


def test_password_of_nobody_is_refused(app: Flask) -> None:
    result = run(app, "staff password niemand@stadt.example")

    assert (result.exit_code, result.stderr) == (
        1,
        "Es gibt kein Konto mit der Adresse niemand@stadt.example.\n",
    )


def test_staff_list_names_accounts_and_roles(app: Flask) -> None:
    host = make.host(key="rheine")
    make.staff_member(StaffRole.INSTANCE_ADMIN, email="betrieb@stadt.example")
    staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)

    assert run(app, "staff list").stdout == (
        "betrieb@stadt.example\tinstance_admin@*\taktiv\nneu@stadt.example\torganizer@rheine\teingeladen\n"
    )


# --- keys ------------------------------------------------------------------------------------------------------------


def test_keys_new_prints_a_key_that_fits(app: Flask) -> None:
    keys = {run(app, "keys new").stdout.strip() for _ in range(2)}

    assert len(keys) == 2
    assert all(Fernet(key) for key in keys)


def test_keys_rotate_makes_the_old_key_superfluous(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    registration = make.registration(
        make.conference(), contact_channel=ContactChannel.EMAIL, contact="a@example.org"
    )
    new = Fernet.generate_key().decode()
    _use_keys(monkeypatch, f"{new},{SECRETS['DATA_KEY']}")

    result = run(app, "keys rotate")

    # The registration's contact and the address on its confirmation.
    assert result.stdout == "2 Angaben sind neu verschlüsselt.\n"
    _use_keys(monkeypatch, new)
    db.session.refresh(registration)
    assert secrets.decrypt(registration.contact) == "a@example.org"


def test_keys_rotate_without_the_old_key_changes_nothing_and_says_what_to_do(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration = make.registration(
        make.conference(), contact_channel=ContactChannel.EMAIL, contact="a@example.org"
    )
    before = registration.contact
    _use_keys(monkeypatch, Fernet.generate_key().decode())

    result = run(app, "keys rotate")

    assert result.exit_code == 1
    assert "Setzen Sie den alten Schlüssel hinter den neuen" in result.stderr
    db.session.refresh(registration)
    assert registration.contact == before


# --- doctor ----------------------------------------------------------------------------------------------------------


def test_doctor_finds_nothing_wrong(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_pdf(monkeypatch)
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://localhost")

    result = run(app, "doctor")

    assert (result.exit_code, result.stdout) == (0, "Alles in Ordnung.\n")


def test_doctor_mentions_that_mails_wait(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_pdf(monkeypatch)

    result = run(app, "doctor")

    assert result.exit_code == 0
    assert result.stdout.startswith("Hinweis: MAIL_URL ist nicht gesetzt.")


def test_doctor_names_everything_that_is_missing(fresh_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library(name: str) -> None:
        raise OSError(f"cannot load library for {name}")

    monkeypatch.setattr(importlib, "import_module", no_library)
    monkeypatch.setitem(fresh_app.config, "CODE_PEPPER", "")
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE host RENAME TO gone"))

    result = run(fresh_app, "doctor")

    assert result.exit_code == 1
    assert "Für PDF fehlt eine Bibliothek: apt-get install -y libpangoft2-1.0-0" in result.stdout
    assert re.search(r"Die Datenbank antwortet nicht \(\w+\): ./run flask db upgrade", result.stdout)
    assert "CODE_PEPPER fehlt." in result.stdout
    assert "Alles in Ordnung." not in result.stdout


def _with_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    # What doctor imports is looked at by the test above; loading it takes a second.
    monkeypatch.setattr(importlib, "import_module", lambda _name: hosts)


def _use_keys(monkeypatch: pytest.MonkeyPatch, data_key: str) -> None:
    keys = secrets._Keys(pepper=secrets._keys.pepper)
    monkeypatch.setattr(secrets, "_keys", keys)
    secrets.configure(pepper=SECRETS["CODE_PEPPER"], data_key=data_key)
