"""Registering in Arabic: the German wording that counts stands beside its translation."""

from tests import make


def test_the_privacy_notice_stands_in_both_languages(client):
    conference = make.conference()

    page = client.get(f"/ar/{conference.host.key}/{conference.key}/anmeldung").text

    arabic, german = page.split('<div lang="de" dir="ltr">')
    assert "لماذا؟ نحتاج إلى بياناتكم" in arabic
    assert "Wofür? Ihre Angaben brauchen wir nur für diese Konferenz" in german
    assert "Wofür?" not in arabic


def test_german_pages_have_it_once(client):
    conference = make.conference()

    page = client.get(f"/{conference.host.key}/{conference.key}/anmeldung").text

    assert page.count("Wofür? Ihre Angaben brauchen wir nur für diese Konferenz") == 1
