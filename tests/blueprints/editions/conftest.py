"""A conference with results and one edition whose files are made."""

import pytest

from app.models import StaffRole
from tests import make, results
from tests.visitor import Visitor


@pytest.fixture
def conference(app):
    """A conference that is over, with something of every kind."""
    return results.rich(title="Zukunft im Quartier")


@pytest.fixture
def edition(conference):
    """Its first edition, with small files in all formats."""
    return results.published(conference, note="Erste Fassung.")


@pytest.fixture
def address(conference):
    """Where its editions are listed."""
    return f"/{conference.host.key}/{conference.key}/dokumentation"


@pytest.fixture
def staff(app, conference):
    """A browser in which somebody is signed in who may publish."""
    client = Visitor(app)
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, conference.host))
    return client
