"""A conference one can hand in contributions to, and what visitors of its pages do."""

from datetime import timedelta

import pytest

from app.database import now
from tests import make


@pytest.fixture
def conference(app):
    return make.conference(contributions_open_at=now() - timedelta(days=1), languages=["de", "ar"])


@pytest.fixture
def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


@pytest.fixture
def guarded(app):
    """Forms need their token, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False
