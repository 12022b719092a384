"""Keys kept outside the database: the pepper of codes and links, and the vault for personal data."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class VaultLocked(RuntimeError):
    """Something was encrypted with a key that is not among those of DATA_KEY."""


@dataclass
class _Keys:
    pepper: bytes = b""
    vault: MultiFernet | None = field(default=None, repr=False)


_keys = _Keys()


def configure(*, pepper: str, data_key: str) -> None:
    """Set the keys of this process; `data_key` may hold several, the first encrypts, all decrypt."""
    _keys.pepper = pepper.encode()
    _keys.vault = MultiFernet([Fernet(key.strip()) for key in data_key.split(",")])


def digest(purpose: str, text: str) -> str:
    """HMAC-SHA-256 of `text` under the pepper, as 64 hex digits; `purpose` keeps uses apart."""
    if not _keys.pepper:
        raise RuntimeError("no pepper configured")
    return hmac.new(_keys.pepper, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def encrypt(text: str) -> str:
    """Return `text` encrypted; the empty text stays empty."""
    if not text:
        return ""
    return _vault().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return what `encrypt` was given. Raises VaultLocked when the key is missing."""
    if not token:
        return ""
    try:
        return _vault().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise VaultLocked("DATA_KEY does not fit the data") from error


def rotate(token: str) -> str:
    """Return the same secret encrypted with the first key. Raises VaultLocked when its key is missing."""
    if not token:
        return ""
    try:
        return _vault().rotate(token.encode()).decode()
    except InvalidToken as error:
        raise VaultLocked("DATA_KEY does not fit the data") from error


def _vault() -> MultiFernet:
    if _keys.vault is None:
        raise RuntimeError("no data key configured")
    return _keys.vault
