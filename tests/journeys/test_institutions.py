"""An institution is invited, answers by the link of its mail, and the town sees who comes."""

from __future__ import annotations

from app import mail
from app.database import db
from app.domain import day, invitations
from app.models import InvitationState, Registration, StaffRole
from tests import make
from tests.browse import visit
from tests.journeys.conftest import come_in, dates_of
from tests.visitor import Visitor


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def link_in(received):
    text = received.get_body(("plain",)).get_content()
    (link,) = [word for word in text.split() if "/einladung/" in word]
    return link.removeprefix("http://localhost")


def test_an_institution_answers_by_the_link_it_was_sent(app, clock, postbox):
    conference = make.conference()
    housing = make.group(conference, title="Wohnen")
    desk, office = Visitor(app), Visitor(app)
    organizer = make.staff_member(StaffRole.ORGANIZER, conference.host)
    visit(desk, "accounts.sign_in").form().send(email=organizer.email, password=make.PASSWORD, status=302)

    # Staff put the family centre on the list and invite it.
    page = visit(desk, "signup.manage_invitations", **where(conference))
    listed = page.form().send(
        organisation="Familienzentrum", email="post@familie.example", most="2", status=302
    )
    assert "noch nicht eingeladen" in listed.follow().text
    (invitation,) = [line.invitation for line in invitations.all_of(conference)]
    send = f"/verwaltung/{conference.host.key}/{conference.key}/einladungen/{invitation.id}/einladen"
    visit(desk, "signup.manage_invitations", **where(conference)).form(send).send(status=302)
    assert mail.deliver() == 1

    # The centre opens the link: three are too many, two come, and it is asked what they need.
    reply = visit(office, link_in(postbox.mails[0]))
    assert reply.h1 == "Einladung"
    assert "Familienzentrum" in reply.text
    answer = reply.form(link_in(postbox.mails[0])).send(
        {
            "display_name": "Frau Beispiel",
            "people": "p2e",
            "p2_name": "Herr Muster",
            "round_1": str(housing.number),
            "contact_channel": "email",
            "email": "post@familie.example",
        },
        status=302,
    )
    done = answer.follow()
    assert "Wohnen" in done.text

    # Whoever opens the link again sees what was answered and no names; staff see how many come.
    later = visit(Visitor(app), link_in(postbox.mails[0]))
    assert "2 Personen sind angemeldet." in later.text
    assert "Beispiel" not in later.everything
    db.session.expire_all()
    (registration,) = db.session.query(Registration).all()
    assert [person.name for person in registration.participants] == ["Frau Beispiel", "Herr Muster"]
    assert invitation.state is InvitationState.ACCEPTED
    overview = visit(desk, "signup.manage_invitations", **where(conference))
    assert "2 von höchstens 2" in overview.text
    assert mail.deliver() == 1

    # The confirmation brings the date, and both come through the door by the name of the house.
    assert [part.get_content_type() for part in postbox.mails[1].iter_attachments()] == ["text/calendar"]
    assert dates_of(office, conference) == [(str(conference.title), "CONFIRMED")]
    came = come_in(app, conference, day.door_mark(registration))
    assert "2 von 2 Personen sind da." in came.text
    assert "Familienzentrum" in came.text


def test_an_institution_that_cannot_come_says_so_with_one_button(app, clock):
    conference = make.conference()
    staff = make.staff_member(StaffRole.ORGANIZER, conference.host)
    invitation = invitations.add(conference, invitations.Wanted("Tafel"), by=staff)
    invitations.invite(invitation)
    address = f"/{conference.host.key}/{conference.key}/einladung/{invitations.link_token(invitation)}"
    office = Visitor(app)

    visit(office, address).form(f"{address}?absagen=1").send(status=302)

    db.session.expire_all()
    assert invitation.state is InvitationState.DECLINED
    assert "Sie haben abgesagt" in visit(office, address).text


def test_a_void_link_says_where_to_go_and_guessing_gets_slower(app, clock):
    conference = make.conference()
    address = f"/{conference.host.key}/{conference.key}/einladung/1-{'a' * 40}"
    guesser = Visitor(app)

    page = visit(guesser, address, status=404)
    answers = {guesser.get(address).status_code for _ in range(60)}

    assert page.h1 == "Diese Einladung gilt nicht"
    assert answers == {404, 429}
