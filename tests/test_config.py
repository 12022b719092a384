"""Settings: a start that must not happen is refused in plain words."""

from pathlib import Path

import pytest

from app import config, create_app
from app.config import ConfigurationError

KEY = "b25seS1mb3ItdGVzdHMtLS0tLS0tLS0tLS0tLS0tLS0="

GOOD = {
    "APP_ENV": "production",
    "SECRET_KEY": "s" * 32,
    "CODE_PEPPER": "p" * 32,
    "DATA_KEY": KEY,
    "BASE_URL": "https://beteiligung.example/",
}


@pytest.fixture(autouse=True)
def _no_env_file(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "ROOT", tmp_path)


def test_a_complete_environment_gives_settings():
    settings = config.load(GOOD)

    assert settings["BASE_URL"] == "https://beteiligung.example"
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["WTF_CSRF_TIME_LIMIT"] is None


@pytest.mark.parametrize("mode", ["production", "development"])
@pytest.mark.parametrize("name", ["SECRET_KEY", "CODE_PEPPER", "DATA_KEY"])
def test_a_missing_secret_stops_the_start(mode, name):
    with pytest.raises(ConfigurationError, match=f"Es fehlt: {name}"):
        config.load({**GOOD, "APP_ENV": mode, name: ""})


@pytest.mark.parametrize("name", ["SECRET_KEY", "CODE_PEPPER"])
def test_a_short_secret_stops_a_production(name):
    with pytest.raises(ConfigurationError, match=f"Zu kurz.*{name}"):
        config.load({**GOOD, name: "kurz"})
    assert config.load({**GOOD, "APP_ENV": "development", name: "kurz"})[name] == "kurz"


@pytest.mark.parametrize("key", ["no key", "ä" * 44, f"{KEY},x"])
def test_an_unfit_data_key_stops_the_start(key):
    with pytest.raises(ConfigurationError, match="DATA_KEY ist kein gültiger"):
        config.load({**GOOD, "DATA_KEY": key})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("APP_ENV", "staging", "erlaubt sind development, production und test"),
        ("BASE_URL", "javascript:alert(1)", "erwartet wird eine Adresse mit http:// oder https://"),
        ("PORT", "fünf", "PORT='fünf': erwartet wird eine ganze Zahl"),
        ("PORT", "²", "PORT='²': erwartet wird eine ganze Zahl"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES='-1': erwartet wird eine ganze Zahl"),
    ],
)
def test_an_unfit_value_is_named(name, value, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        config.load({**GOOD, name: value})


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:///x", "sqlite:///x"),
    ],
)
def test_both_spellings_of_postgres_are_understood(given, used):
    assert config.normalise_database_url(given) == used


def test_the_environment_comes_before_the_file(tmp_path):
    (tmp_path / ".env").write_text(
        '# Schlüssel\nMAIL_URL="smtp://file"\nPORT = 5007\n\nunsinn\n', encoding="utf-8"
    )

    settings = config.load({**GOOD, "MAIL_URL": "smtp://environment"})

    assert settings["MAIL_URL"] == "smtp://environment"
    assert config.read_env_file(tmp_path / ".env") == {"MAIL_URL": "smtp://file", "PORT": "5007"}


def test_a_new_folder_for_the_data_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "daten"

    create_app({"APP_ENV": "test", "INSTANCE_PATH": str(folder)})

    assert folder.stat().st_mode & 0o777 == 0o700
