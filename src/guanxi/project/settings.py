"""Settings. What differs between installations comes from environment variables that the runtime sets."""

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GUANXI_HOME", Path.home() / ".local/share/guanxi"))
DEBUG = False
SECRET_KEY = os.environ.get("GUANXI_SECRET_KEY", "")
BASE_URL = os.environ.get("GUANXI_BASE_URL", "http://localhost:8000")
SECURE = BASE_URL.startswith("https://")

ALLOWED_HOSTS = os.environ.get("GUANXI_HOSTS", "localhost 127.0.0.1 [::1]").split()
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "template_partials",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "guanxi.foundation.design",
    "guanxi.foundation.tenancy",
    "guanxi.foundation.accounts",
    "guanxi.foundation.permissions",
    "guanxi.foundation.ledger",
    "guanxi.foundation.jobs",
    "guanxi.foundation.files",
    "guanxi.foundation.numbering",
    "guanxi.foundation.search",
    "guanxi.foundation.notices",
    "guanxi.resource",
    "guanxi.integrations",
    "guanxi.customers",
    "guanxi.demo",
    "guanxi.project",
]


def _database(user: str, password: str, **more: Any) -> dict[str, Any]:
    return {
        "ENGINE": "guanxi.foundation.tenancy.postgresql",
        "NAME": os.environ.get("GUANXI_DB_NAME", "guanxi"),
        "HOST": os.environ.get("GUANXI_DB_HOST", ""),
        "PORT": os.environ.get("GUANXI_DB_PORT", ""),
        "USER": os.environ.get(user, user.removeprefix("GUANXI_DB_").lower()),
        "PASSWORD": os.environ.get(password, ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 0, "max_size": int(os.environ.get("GUANXI_DB_POOL", "16")), "timeout": 10}},
        **more,
    }


DATABASES = {
    # The application role: owns nothing, sees one company at a time.
    "default": _database("GUANXI_DB_APP", "GUANXI_DB_APP_PASSWORD", TEST={"MIRROR": "owner"}),
    # The same role on a second connection: progress of a job while its own transaction is open.
    "side": _database("GUANXI_DB_APP", "GUANXI_DB_APP_PASSWORD", TEST={"MIRROR": "owner"}),
    # Owns everything: migrations, jobs across companies. Outside the first wall by intent.
    "owner": _database(
        "GUANXI_DB_OWNER", "GUANXI_DB_OWNER_PASSWORD", WALLED=False, OPTIONS={}, TEST={"DEPENDENCIES": []}
    ),
}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "guanxi.project.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "guanxi.project.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "guanxi.project.middleware.CompanyScope",
]

ROOT_URLCONF = "guanxi.project.urls"
WSGI_APPLICATION = "guanxi.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "guanxi.project.frame.frame",
            ],
        },
    }
]

# People

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# NIST 800-63B: length and known-bad passwords, no composition rules, no forced change.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_SAMESITE = "Lax"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Languages and times

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [
    PACKAGE / part / "locale" for part in ("foundation", "resource", "integrations", "customers", "demo", "project")
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
FILES_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Safety

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"

TEST_RUNNER = "django.test.runner.DiscoverRunner"
