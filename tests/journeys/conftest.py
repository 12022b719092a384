"""People of the stories, forms with their tokens, and a mail server."""

import pytest
from icalendar import Calendar

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


def come_in(app, conference, shown):
    """A helper reads or types what is shown at the door, and lets in the whole household; the list afterwards."""
    from tests.browse import Form, values, visit, words

    member = make.staff_member(StaffRole.HELPER, conference.host)
    helper, where = signed_in(app, member), {"host": conference.host.key, "conference": conference.key}
    page = visit(helper, "day.check_in", **where)
    forms = [Form(page, element, dict(values(element))) for element in page.all("form", method="post")]
    page = next(form for form in forms if "code" in form.values).send(code=shown, status=302).follow()
    for form in page.all("form", method="post"):
        for button in form.iter("button"):
            if words(button).startswith("Alle "):
                held = dict(values(form))
                Form(page, form, {**held, button.get("name"): button.get("value")}).send(status=302)
    return visit(helper, "day.check_in", **where)


def dates_of(client, conference, language=""):
    """The entries of the calendar file this browser may read, as (title, status)."""
    prefix = f"/{language}" if language else ""
    address = f"{prefix}/{conference.host.key}/{conference.key}/meine-anmeldung/kalender.ics"
    answer = client.get(address)
    assert answer.status_code == 200
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    return [(str(entry["SUMMARY"]), str(entry["STATUS"])) for entry in found]
