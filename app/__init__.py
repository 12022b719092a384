"""Sozialraumkonferenz: from data to deeds. create_app() is the only place where everything meets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect, select
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app import cli, config, jobs
from app.blueprints import accounts, conferences, day, feedback, messages, public, recommendations, signup
from app.blueprints import editions as edition_pages
from app.database import db, tune
from app.domain import editions, secrets
from app.extensions import babel, migrate
from app.models import Conference, Host
from app.web import access, cache, errors, filters, headers, labels, languages, login


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Return the app made from `environ` (default: the environment and `.env`).

    Raises ConfigurationError for settings that do not allow a start.
    """
    settings = config.load(environ)
    app = Flask(
        "app",
        instance_path=settings["INSTANCE_PATH"],
        template_folder=str(config.ROOT / "templates"),
        static_folder=None,
    )
    app.config.update(settings)
    app.testing = settings["APP_ENV"] == "test"
    Path(app.instance_path).mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets.configure(pepper=settings["CODE_PEPPER"], data_key=settings["DATA_KEY"])

    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=languages.current_locale)
    login.install(app)
    with app.app_context():
        engine = db.engine
    tune(engine)
    jobs.install(app)
    editions.configure(base_url=settings["BASE_URL"], word=labels.in_german)

    filters.install(app)
    headers.install(app)
    errors.install(app)
    access.close_undeclared(app)
    for room in (
        public,
        accounts,
        conferences,
        signup,
        messages,
        day,
        feedback,
        recommendations,
        edition_pages,
    ):
        app.register_blueprint(room.bp)
    cli.register(app)

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the documented place for middleware
        languages.LanguagePrefix(cache.KeptPages(app.wsgi_app, engine, app.config["BASE_URL"])),
        root=str(filters.static_root()),
        prefix=f"static/{filters.assets_version()}/",
        max_age=31536000,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
    )
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]  # as above
    if settings["APP_ENV"] == "production":
        with app.app_context():
            _refuse_demo()
    return app


def _refuse_demo() -> None:
    """A production must not run beside invented conferences: residents could register for one."""
    if not inspect(db.engine).has_table("conference"):
        return
    found = db.session.scalar(select(Host.key).where(Host.is_demo)) or db.session.scalar(
        select(Conference.key).where(Conference.is_demo)
    )
    db.session.remove()
    if found:
        raise config.ConfigurationError(
            f"In dieser Datenbank liegt eine Demo ({found}). Für den echten Betrieb braucht es eine eigene, "
            "leere Datenbank: DATABASE_URL setzen, dann ./run --empty."
        )
