"""The Flask extensions, made once and bound to the app in create_app()."""

from __future__ import annotations

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate

babel = Babel()
login_manager = LoginManager()
migrate = Migrate()
