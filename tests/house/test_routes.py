"""Rules about all routes at once."""

import pytest

from app.policies import FOR_STAFF, RULES, Permission

OPEN_TO_ALL = {Permission.VISIT, Permission.SEE_CONFERENCE, Permission.REGISTER}


def test_every_route_declares_who_may_use_it(app):
    undeclared = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "access")
    ]

    assert undeclared == []


def test_every_permission_has_a_rule():
    assert set(RULES) == set(Permission)


def test_pages_under_verwaltung_are_for_staff_and_no_others(app):
    doors = {"accounts.sign_in", "accounts.sign_out", "accounts.accept_invitation"}
    for rule in app.url_map.iter_rules():
        permission, _model = app.view_functions[rule.endpoint].access
        behind = rule.rule.startswith("/verwaltung")
        if rule.endpoint in doors:
            assert permission is Permission.VISIT
        else:
            assert (permission in FOR_STAFF) == behind, rule


def test_the_model_of_the_access_fits_the_address(app):
    parts = {
        "Host": {"host"},
        "Conference": {"host", "conference"},
        "WorkingGroup": {"host", "conference", "number"},
        "GroupRound": {"host", "conference", "number", "round_number"},
        "Message": {"host", "message"},
        "Venue": {"host", "venue"},
    }
    for rule in app.url_map.iter_rules():
        _permission, model = app.view_functions[rule.endpoint].access
        if model and model.__name__ in parts:
            assert parts[model.__name__] <= rule.arguments, rule
        if "host" in rule.arguments:
            assert model is not None, f"{rule} names a host but loads nothing"


def test_an_undeclared_route_is_closed(app):
    from app import create_app

    other = create_app({"APP_ENV": "test", "DATABASE_URL": "sqlite://"})
    other.add_url_rule("/vergessen", "forgotten", lambda: "secret")

    answer = other.test_client().get("/vergessen")

    assert answer.status_code == 403
    assert b"secret" not in answer.data


def test_addresses_are_ascii_lower_case_and_short(app):
    for rule in app.url_map.iter_rules():
        fixed = "".join(part for part in rule.rule.split("/") if "<" not in part)
        assert fixed.isascii(), rule
        assert fixed == fixed.lower(), rule
        assert "_" not in fixed, rule


def test_unknown_addresses_get_a_page_of_our_own(client):
    answer = client.get("/gibt/es/nicht/und/gab/es/nie")

    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in answer.text


@pytest.mark.parametrize(
    "header",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://boese.example"},
        {"Origin": "http://[::1"},
        {"Origin": "kein Ursprung"},
    ],
)
def test_other_sites_cannot_post(client, header):
    assert client.post("/verwaltung/anmelden", headers=header).status_code == 403
