"""Towns full of rows for tests over all pages."""

import pytest

from tests import town as towns


@pytest.fixture
def town(app):
    """A town with rows of every kind."""
    return towns.build()


@pytest.fixture
def clients(app, town):
    """Who opens the pages of `town`: everybody, somebody with a code, staff."""
    return towns.everybody(app, town)
