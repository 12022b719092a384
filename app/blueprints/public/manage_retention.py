"""What is erased when at a host: the rules, what is due, and the reports of the nights."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from app.blueprints.public import bp
from app.database import now
from app.domain import retention as retention_domain
from app.models import Host
from app.policies import Permission
from app.web import navigation
from app.web.access import requires

SOON_DAYS = 30


@bp.route("/verwaltung/<host>/loeschfristen")
@requires(Permission.MANAGE_HOST, Host)
def retention(host: Host) -> ResponseReturnValue:
    """Rules, what would be erased now and in a month (nothing is), and what was erased."""
    at = now()
    due = retention_domain.due(host, at)
    counts = {(entry.conference.id, entry.purpose): entry.count for entry in due}
    coming = [
        (entry, entry.count - counts.get((entry.conference.id, entry.purpose), 0))
        for entry in retention_domain.due(host, at + timedelta(days=SOON_DAYS))
    ]
    return render_template(
        "public/manage/retention.html",
        sections=navigation.of_host(host),
        sections_title=host.name,
        rules=retention_domain.RULES,
        by_purpose=retention_domain.BY_PURPOSE,
        due=due,
        coming=[(entry, more) for entry, more in coming if more > 0],
        soon=SOON_DAYS,
        runs=retention_domain.runs(host),
    )
