"""With the code a household reads which groups it was given by its wishes, and why."""

from app.domain import registrations
from app.domain.allocation.release import release
from tests.browse import visit
from tests.domain.allocation import town
from tests.visitor import Visitor


def test_household_reads_why_it_sits_where_it_sits(app):
    conference = town.conference([1, 9])
    homes = [town.wishing(conference, [1, 2]) for _ in range(2)]
    family = town.wishing(conference, [2], [2], together=True)
    where = {"host": conference.host.key, "conference": conference.key}

    def mine(registration):
        code, client = registrations.renew_code(registration), Visitor(app)
        visit(client, "signup.enter_code", host=conference.host.key).form().send(code=code, status=302)
        return visit(client, "signup.mine", **where).text

    allocation = town.solved(conference)
    assert "Warum diese Gruppen?" not in mine(homes[0])

    release(allocation)

    second = next(home for home in homes if town.seated(home) == [2])
    assert "Wunsch 1, „Gruppe 1“, war voll: 2 Personen wollten 1 Platz. Wunsch 2 ist erfüllt." in mine(second)
    assert mine(family).count("Wunsch 1 ist erfüllt.") == 2
