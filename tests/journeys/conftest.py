"""People of the stories, forms with their tokens, and a mail server."""

import pytest

from app import mail
from app.models import StaffRole
from tests import mailserver, make
from tests.visitor import Visitor


@pytest.fixture(autouse=True)
def _with_tokens(app):
    """Forms need their token, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def postbox(app, monkeypatch):
    """A mail server that the app sends to."""
    with mailserver.running() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{box.port}")
        yield box


@pytest.fixture
def deliver():
    """Do what the worker does when it is woken; returns how many mails were sent."""
    return mail.deliver


@pytest.fixture
def host(app):
    """A town with all it needs for its legal pages."""
    return make.host(key="neustadt", name="Neustadt", represented_by="Verwaltungsleitung")


@pytest.fixture
def somebody(app):
    """Another browser each time: `somebody()`."""
    return lambda: Visitor(app)


@pytest.fixture
def organizer(app, host):
    """A browser in which an organizer of the town is signed in."""
    return signed_in(app, make.staff_member(StaffRole.ORGANIZER, host, email="organisation@neustadt.example"))


def signed_in(app, member):
    from tests.browse import visit

    client = Visitor(app)
    email = member.email
    visit(client, "accounts.sign_in").form().send(email=email, password=make.PASSWORD, status=302)
    return client
