"""Snapshots to make documents of: an empty conference, a rich one, one of any size."""

from __future__ import annotations

import copy
from typing import Any

LONG_TITLE = (
    "Wie wir in den nächsten Jahren dafür sorgen, dass Familien, ältere Menschen und alle, die wenig Geld haben, "
    "in ihrem Stadtteil Beratung, Begegnung und bezahlbare Wohnungen finden, und zwar ohne lange Wege, ohne viele "
    "Formulare, in ihrer Sprache und zu Zeiten, zu denen sie auch wirklich kommen können, das ganze Jahr"
)[:300].ljust(300, "!")
ARABIC = "أحتاج إلى شخص يساعدني في ملء الاستمارات بلغتي، وليس فقط عبر الهاتف."
UKRAINIAN = "Ми вже рік шукаємо квартиру. З двома дітьми нам усюди відмовляють. Ґанок, їжа, єдність."
TURKISH = "Uygulama Türkçe de olsun. Almanca resmi yazıları anlamıyorum, çocuğum çeviriyor. İstanbul, ığşö."
POLISH = "Zażółć gęślą jaźń. Proszę o jedno miejsce, gdzie ktoś wyjaśni szkołę, lekarza i pracę."
EMOJI = "Mehr Platz für alle 👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 👩🏿‍🦽 🇺🇦 🇩🇪 ❤️ 1️⃣ 🧑‍🤝‍🧑 🚲 → ✓ ☐ ½"
HOSTILE = (
    "<script>alert('x')</script></style><style>*{color:red}</style>"
    '<img src="http://example.org/x.png"> url(file:///etc/passwd) @import "http://example.org/x.css"; '
    "{{ 7 * 7 }} {% raw %} &amp; <!-- <link rel=attachment href=file:///etc/passwd>"
)
# Turns the direction of what follows, and sounds the bell.
TURNED = "Der Pass kostet \u202eORUE 01\u202c und \u2067nicht mehr\u2069.\u0007 Ende\u200f!"
LONG_TEXT = (
    "Ich wohne seit vierzehn Jahren hier und möchte einmal alles aufschreiben, was mir aufgefallen ist. "
    "Der Weg zum Amt dauert mit dem Bus eine Stunde, und dort steht man noch einmal so lange an. "
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungen versteht niemand.\n"
    "Die Kinder brauchen einen Platz, an dem sie nachmittags sein können.\n\n"
) * 12
LONG_TEXT = LONG_TEXT[:2960].ljust(3000, "x")
STATUSES = {
    "collected": "gesammelt",
    "drafted": "Entwurf",
    "in_consultation": "wird besprochen",
    "prioritised": "nach Wichtigkeit geordnet",
    "submitted": "der Politik vorgelegt",
    "adopted": "beschlossen",
    "adopted_amended": "mit Änderungen beschlossen",
    "noted": "zur Kenntnis genommen",
    "rejected": "abgelehnt",
    "planned": "geplant",
    "in_progress": "in Arbeit",
    "done": "erledigt",
    "stopped": "beendet ohne Ergebnis",
    "deferred": "zurückgestellt",
}


def empty() -> dict[str, Any]:
    """A conference that is published and has nothing in it yet."""
    return {
        "schema": "sozialraumkonferenz-results/1",
        "edition": {
            "number": 1,
            "published_on": "2026-03-02",
            "correction_until": None,
            "note": "",
            "is_demo": False,
        },
        "host": {
            "key": "musterhausen",
            "name": "Stadt Musterhausen",
            "street": "Rathausplatz 1",
            "postal_code": "00000",
            "city": "Musterhausen",
            "represented_by": "die Leitung der Verwaltung",
            "responsible_role": "Sozialplanung",
            "phone": "00000 12-0",
            "email": "sozialplanung@musterhausen.example",
            "accent_colour": "#00615a",
            "dpo_contact": "Datenschutz\nRathausplatz 1",
            "accessibility_contact": "Stelle für Barrierefreiheit",
        },
        "conference": {
            "key": "konferenz-2026",
            "title": "Sozialkonferenz 2026",
            "kind_label": "Sozialkonferenz",
            "motto": "",
            "teaser": "",
            "starts_at": "2026-01-22T15:30:00+00:00",
            "ends_at": "2026-01-22T19:00:00+00:00",
            "venue": None,
            "contact": {"role": "", "phone": "00000 12-34", "email": "", "hours": ""},
            "address": "https://konferenz.example/musterhausen/konferenz-2026/",
        },
        "attendance": {"registered": 0, "by_role": [], "at_tables": []},
        "programme": [],
        "groups": [],
        "topics": [],
        "contributions": [],
        "recommendations": [],
        "changes": None,
    }


def contribution(number: int, **given: Any) -> dict[str, Any]:
    """A published contribution."""
    return {
        "number": number,
        "kind": "idea",
        "channel": "card",
        "lang": "de",
        "dir": "ltr",
        "text": f"Beitrag mit den Worten {number}: Beratung in der Kita, da bin ich sowieso jeden Tag.",
        "german": "",
        "german_by": None,
        "german_reviewed": False,
        "display_name": "",
        "group": None,
        "topic": None,
        "status": "published",
        "duplicate_of": None,
        "received_on": "2026-01-22",
        "answer": "",
        "answered_on": None,
        "recommendations": [],
        "owed_by": "",
        "owed_since": None,
    } | given


def recommendation(number: int, **given: Any) -> dict[str, Any]:
    """A recommendation with all its fields."""
    status = given.get("status", "in_progress")
    return {
        "number": number,
        "title": f"Beratung nah und zu guten Zeiten anbieten, Teil {number}",
        "field_of_action": "Beratung",
        "target_groups": ["Familien mit wenig Geld", "ältere Menschen"],
        "need": "Viele finden die Beratung nicht. Der Weg ist weit.",
        "goal": "Bis Ende 2027 gibt es einmal in der Woche Beratung in Laufnähe.",
        "measures": ["Räume prüfen", "Plan mit den Trägern abstimmen", "Mit einem Abend anfangen"],
        "lead": "Fachbereich Soziales",
        "partners": ["Wohlfahrtsverbände", "Kitas"],
        "caretaker": "Sozialplanung",
        "horizon": "medium",
        "target_date": "2027-12-31",
        "priority": number,
        "status": status,
        "status_label": STATUSES[status],
        "history": [
            {
                "status": "submitted",
                "status_label": "der Politik vorgelegt",
                "happened_on": "2026-02-10",
                "text": "Vorlage für den Ausschuss",
                "decided_by": "",
            },
            {
                "status": status,
                "status_label": STATUSES[status],
                "happened_on": "2026-02-24",
                "text": "",
                "decided_by": "Sozialausschuss",
            },
        ],
        "answer": "Die Beratung soll zu Ihnen kommen.",
        "result": "43 Aushänge hängen." if status == "done" else "",
        "evidence": [],
    } | given


def rich() -> dict[str, Any]:
    """Everything that can stand in a document: five scripts, joined emoji, long texts, all statuses, hostile words."""
    data = empty()
    data["edition"] |= {"correction_until": "2026-03-23", "note": "Mit allen Protokollen.", "is_demo": True}
    data["conference"] |= {
        "title": LONG_TITLE,
        "motto": "Miteinander reden, gemeinsam anpacken",
        "teaser": "Wie leben wir in unserer Stadt?",
        "venue": {
            "name": "Mensa der Abendschule",
            "street": "Schulweg 3",
            "postal_code": "00000",
            "city": "Musterhausen",
        },
        "contact": {
            "role": "Sozialplanung",
            "phone": "00000 12-34",
            "email": "konferenz@musterhausen.example",
            "hours": "Montag bis Donnerstag, 9 bis 15 Uhr",
        },
    }
    data["attendance"] = {
        "registered": 13,
        "by_role": [
            {"role": "resident", "label": "Einwohnerin oder Einwohner", "count": 9},
            {"role": "institution", "label": "Einrichtung oder Verein", "count": 4},
        ],
        "at_tables": [{"group": 1, "round": 1, "count": 12}, {"group": 2, "round": 1, "count": 1}],
    }
    data["programme"] = [
        _item("15:30", "16:00", "arrival", "Ankommen, Kaffee und Tee"),
        _item("16:00", "16:10", "welcome", "Begrüßung", speaker_role="Leitung Sozialdezernat", room="Bühne"),
        _item("16:50", "17:30", "group_round", ""),
        _item("18:40", "19:00", "closing", "Ergebnisse und Ausblick"),
    ]
    data["groups"] = [
        {
            "number": 1,
            "title": "Familien-App",
            "questions": ["Welche Infos suchen Sie auf dem Handy?", "Wie bleibt die App aktuell?"],
            "facilitator_role": "Fachkraft Frühe Hilfen",
            "room": "Tisch A",
            "minutes": [
                {"round": 1, "participants": 12, "points": ["Eine Quelle für alles", "Mehrsprachig"]},
                {"round": 2, "participants": 1, "points": ["Pflege ist eine feste Aufgabe"]},
            ],
        },
        {
            "number": 2,
            "title": "Wohnen",
            "questions": [],
            "facilitator_role": "",
            "room": "",
            "minutes": [],
        },
    ]
    data["topics"] = [
        {"number": 1, "title": "Eine Stelle für alle Infos", "summary": "Alles an einem Ort.", "group": 1},
        {"number": 2, "title": "Bezahlbare Wohnungen", "summary": "", "group": 2},
        {"number": 3, "title": "Über Geld reden ohne Scham", "summary": "", "group": None},
        {"number": 4, "title": "Noch nichts gesagt", "summary": "", "group": None},
    ]
    linked = [{"number": 1, "directly": True}, {"number": 2, "directly": False}]
    human = {"german_by": "human", "german_reviewed": True}
    data["contributions"] = [
        contribution(1, topic=1, group=1, recommendations=linked, text="Eine App, wo ALLES drin ist."),
        contribution(
            2,
            lang="ar",
            dir="rtl",
            text=ARABIC,
            german="Ich brauche jemanden, der mir in meiner Sprache beim Ausfüllen hilft.",
            **human,
            kind="need",
            topic=1,
            recommendations=linked[:1],
        ),
        contribution(
            3,
            lang="uk",
            text=UKRAINIAN,
            german="Wir suchen seit einem Jahr eine Wohnung.",
            german_by="machine",
            kind="problem",
            topic=2,
            group=2,
            owed_by="Fachbereich Wohnen",
            owed_since="2026-02-01",
        ),
        contribution(4, lang="tr", text=TURKISH, german="Die App auch auf Türkisch.", **human, topic=1),
        contribution(5, lang="pl", text=POLISH, german="Einen Ort für alles.", **human, topic=1),
        contribution(6, text=EMOJI, display_name="Oma G. 👵", kind="praise", topic=3),
        {"number": 7, "withdrawn": True},
        contribution(
            8,
            text=LONG_TEXT,
            topic=1,
            group=1,
            recommendations=linked[:1],
            answer="Danke.\nWir prüfen das.",
            answered_on="2026-02-20",
        ),
        contribution(9, status="duplicate", duplicate_of=1, text="Alles in einer App", topic=1),
        contribution(10, text=HOSTILE, kind="question"),
        contribution(11, text=TURNED),
        contribution(12, text="ä" * 400, kind="strength"),
    ]
    data["recommendations"] = [
        recommendation(number, status=status) for number, status in enumerate(STATUSES, start=1)
    ]
    data["recommendations"][0] |= {
        "title": LONG_TITLE[:200],
        "evidence": [
            *({"kind": "contribution", "number": number} for number in (1, 2, 7, 8)),
            {"kind": "topic", "number": 1},
            {"kind": "minutes", "group": 1, "round": 1},
        ],
    }
    data["recommendations"][1] |= {
        "evidence": [{"kind": "topic", "number": 1}],
        "horizon": None,
        "target_date": None,
        "priority": None,
        "measures": [],
        "history": [],
        "answer": "",
        "need": HOSTILE,
    }
    return data


def short() -> dict[str, Any]:
    """The rich one with a single recommendation: every script and sign, few pages."""
    data = rich()
    data["recommendations"] = data["recommendations"][:1]
    kept = {recommendation["number"] for recommendation in data["recommendations"]}
    for entry in data["contributions"]:
        if "text" not in entry:
            continue
        entry["text"] = entry["text"][:200]
        entry["recommendations"] = [link for link in entry["recommendations"] if link["number"] in kept]
    return data


def second_edition() -> dict[str, Any]:
    """The rich one again, after something has changed."""
    data = rich()
    data["edition"] |= {"number": 2, "published_on": "2026-06-30", "correction_until": "2026-07-21"}
    data["changes"] = {
        "since": 1,
        "recommendations": {
            "added": [14],
            "removed": [20],
            "changed": [
                {
                    "number": 6,
                    "fields": ["status", "history", "answer"],
                    "status_before": "submitted",
                    "status_now": "adopted",
                },
                {"number": 2, "fields": ["title"]},
            ],
        },
        "contributions": {"added": [11, 12], "withdrawn": [7], "changed": []},
    }
    return data


def redacted() -> dict[str, Any]:
    """The rich one after every contribution was withdrawn."""
    data = rich()
    data["contributions"] = [
        {"number": entry["number"], "withdrawn": True} for entry in data["contributions"]
    ]
    return data


def of_size(contributions: int) -> dict[str, Any]:
    """As many contributions, and as many groups, topics and recommendations as such a conference would have."""
    data = copy.deepcopy(rich())
    data["conference"]["title"] = "Sozialkonferenz 2026"
    texts = [entry for entry in data["contributions"] if entry["number"] <= 6]
    recommendations = max(5, contributions // 20)
    topics = max(4, contributions // 25)
    data["groups"] = [data["groups"][0] | {"number": number} for number in range(1, 9)]
    data["topics"] = [
        {
            "number": number,
            "title": f"Thema der Gruppe {number}",
            "summary": "Was viele sagten.",
            "group": number % 8 + 1,
        }
        for number in range(1, topics + 1)
    ]
    data["contributions"] = [
        texts[number % 6]
        | {
            "number": number,
            "topic": number % topics + 1,
            "group": number % 8 + 1,
            "text": texts[number % 6]["text"] + f" {number}",
            "recommendations": [{"number": number % recommendations + 1, "directly": True}],
        }
        for number in range(1, contributions + 1)
    ]
    statuses = list(STATUSES)
    data["recommendations"] = [
        recommendation(
            number,
            status=statuses[number % len(statuses)],
            evidence=[
                {"kind": "contribution", "number": voice}
                for voice in range(1, contributions + 1)
                if voice % recommendations + 1 == number
            ],
        )
        for number in range(1, recommendations + 1)
    ]
    return data


def _item(begins: str, ends: str, kind: str, title: str, **given: str) -> dict[str, Any]:
    return {
        "starts_at": f"2026-01-22T{begins}:00+01:00",
        "ends_at": f"2026-01-22T{ends}:00+01:00",
        "kind": kind,
        "title": title,
        "speaker_role": "",
        "room": "",
    } | given
