"""Keys kept outside the database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet

from app.domain import secrets
from tests.databases import SECRETS

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _own_keys() -> Iterator[None]:
    secrets.configure(pepper="pepper", data_key=OLD)
    yield
    secrets.configure(pepper=SECRETS["CODE_PEPPER"], data_key=SECRETS["DATA_KEY"])


def test_digest_depends_on_pepper_purpose_and_text() -> None:
    digests = {secrets.digest("a", "text"), secrets.digest("b", "text"), secrets.digest("a", "other")}
    secrets.configure(pepper="another", data_key=OLD)
    digests.add(secrets.digest("a", "text"))

    assert len(digests) == 4
    assert all(len(digest) == 64 for digest in digests)


def test_digest_keeps_purpose_and_text_apart() -> None:
    assert secrets.digest("ab", "c") != secrets.digest("a", "bc")


def test_digest_without_pepper_is_refused() -> None:
    secrets.configure(pepper="", data_key=OLD)

    with pytest.raises(RuntimeError, match="no pepper"):
        secrets.digest("a", "text")


@pytest.mark.parametrize("text", ["", "a@example.org", "محمد 😀\u202e", "x" * 100_000])
def test_decrypt_returns_what_was_encrypted(text: str) -> None:
    assert secrets.decrypt(secrets.encrypt(text)) == text


def test_encrypt_of_the_same_text_differs_and_shows_nothing() -> None:
    first, second = secrets.encrypt("0209 123456"), secrets.encrypt("0209 123456")

    assert first != second
    assert "0209" not in first


def test_empty_stays_empty() -> None:
    assert (secrets.encrypt(""), secrets.decrypt(""), secrets.rotate("")) == ("", "", "")


def test_decrypt_with_another_key_is_refused() -> None:
    token = secrets.encrypt("geheim")
    secrets.configure(pepper="pepper", data_key=NEW)

    with pytest.raises(secrets.VaultLocked):
        secrets.decrypt(token)


@pytest.mark.parametrize("token", ["rubbish", "gAAAA", "ä"])
def test_decrypt_of_rubbish_is_refused(token: str) -> None:
    with pytest.raises(secrets.VaultLocked):
        secrets.decrypt(token)


def test_rotate_makes_the_old_key_superfluous() -> None:
    token = secrets.encrypt("geheim")
    secrets.configure(pepper="pepper", data_key=f"{NEW}, {OLD}")

    rotated = secrets.rotate(token)

    secrets.configure(pepper="pepper", data_key=NEW)
    assert secrets.decrypt(rotated) == "geheim"


def test_rotate_with_another_key_is_refused() -> None:
    token = secrets.encrypt("geheim")
    secrets.configure(pepper="pepper", data_key=NEW)

    with pytest.raises(secrets.VaultLocked):
        secrets.rotate(token)


def test_vault_without_a_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_keys", secrets._Keys(pepper=b"pepper"))

    with pytest.raises(RuntimeError, match="no data key"):
        secrets.encrypt("geheim")
