"""Settings. What differs between installations comes from environment variables that the runtime sets."""

import json
import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE
from django.utils.translation import gettext_lazy as _

from guanxi.project import logs
from guanxi.project.version import product_version

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("GUANXI_HOME", Path.home() / ".local/share/guanxi"))
DEBUG = False
SECRET_KEY = os.environ.get("GUANXI_SECRET_KEY", "")
BASE_URL = os.environ.get("GUANXI_BASE_URL", "http://localhost:8000")
SECURE = BASE_URL.startswith("https://")

ALLOWED_HOSTS = os.environ.get("GUANXI_HOSTS", "localhost 127.0.0.1 [::1]").split()
CSRF_TRUSTED_ORIGINS = [BASE_URL]

PRODUCT_VERSION = product_version()

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
    "guanxi.foundation.worktime",
    "guanxi.foundation.search",
    "guanxi.foundation.notices",
    "guanxi.resource",
    "guanxi.screens",
    "guanxi.integrations",
    "guanxi.tailoring",
    "guanxi.channels",
    "guanxi.customers",
    "guanxi.activities",
    "guanxi.catalog",
    "guanxi.marketing",
    "guanxi.sales",
    "guanxi.team",
    "guanxi.offline",
    "guanxi.reports",
    "guanxi.privacy",
    # Behind all that declare records: it adds actions to each of them.
    "guanxi.collaboration",
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
        # A pooled connection that broke meanwhile is made anew, not handed out once more.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {
                "min_size": 0,
                "max_size": int(os.environ.get("GUANXI_DB_POOL", "16")),
                "timeout": 5,
                # Pauses between attempts double: without an end, a database that is back is not seen for
                # half a minute.
                "reconnect_timeout": 2,
            }
        },
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
    "guanxi.project.metrics.Measured",
    "guanxi.project.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "guanxi.project.middleware.SafeHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guanxi.project.middleware.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guanxi.project.middleware.CompanyScope",
]

ROOT_URLCONF = "guanxi.project.urls"
WSGI_APPLICATION = "guanxi.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before allauth's own, which we replace.
        "DIRS": [PACKAGE / "foundation/accounts/templates"],
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
AUTHENTICATION_BACKENDS = ["guanxi.foundation.accounts.pages.backend.SignInBackend"]
PASSWORD_HASHERS = ["guanxi.foundation.accounts.services.hashing.LeanArgon2"]
# NIST 800-63B: length and known-bad passwords, no composition rules, no forced change.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")},
    },
]
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_SAMESITE = "Lax"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "guanxi.project.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "gx_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE

# Languages and times

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [
    PACKAGE / part / "locale"
    for part in (
        "foundation",
        "kinds",
        "resource",
        "screens",
        "integrations",
        "tailoring",
        "collaboration",
        "customers",
        "demo",
        "project",
    )
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files

STATIC_URL = "/static/"
# Served from where they lie (the finders); nothing is collected.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
FILES_ROOT = HOME / "files"
ATTACHMENT_LIMIT = 50 * 1024 * 1024
# Of a whole form, for views that take files and people who are signed in.
UPLOAD_LIMIT = 204 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "guanxi.project.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Safety

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"

# What is written down about how it runs

LOGGING = logs.configuration()
# Milliseconds from which a statement is logged, with its shape and without its values.
SLOW_QUERY_MS = float(os.environ.get("GUANXI_SLOW_QUERY_MS", "300"))
# /metrics answers where this is set, to who brings it as a bearer token.
# Company registries inside the network this runs in may be asked: for a registry of one's own, and for tests.
REGISTRY_PRIVATE = os.environ.get("GUANXI_REGISTRY_PRIVATE") == "1"

# Members' own mailboxes may lie inside the network this runs in: for a mail server of one's own, and for tests.
MAILBOX_PRIVATE = os.environ.get("GUANXI_MAILBOX_PRIVATE") == "1"
# By domain ("*" for any): where access tokens for mailboxes are made of refresh tokens, with which client.
MAILBOX_OAUTH: dict[str, dict[str, str]] = json.loads(os.environ.get("GUANXI_MAILBOX_OAUTH") or "{}")

METRICS_TOKEN = os.environ.get("GUANXI_METRICS_TOKEN", "")

# Months the change log is kept where a company has not chosen; 0 for ever.
LEDGER_KEEP_MONTHS = int(os.environ.get("GUANXI_LEDGER_MONTHS", "0"))

# Mail

EMAIL_BACKEND = "guanxi.project.mail.backend.Backend"
# Stands for "nobody named one": the backend puts the sender of its settings there.
DEFAULT_FROM_EMAIL = "guanxi@localhost"

TEST_RUNNER = "django.test.runner.DiscoverRunner"

# Sign-in

# The backend reads what was typed as a name, an e-mail or a phone number; to allauth all three are "username".
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_ADAPTER = "guanxi.foundation.accounts.pages.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "guanxi.foundation.accounts.pages.forms.SignInForm",
    "change_password": "guanxi.foundation.accounts.pages.forms.ChangePasswordForm",
    "reset_password": "guanxi.foundation.accounts.pages.forms.ForgottenForm",
    "reset_password_from_key": "guanxi.foundation.accounts.pages.forms.NewPasswordForm",
    "reauthenticate": "guanxi.foundation.accounts.pages.forms.ConfirmPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
# A whole office shares one address; what is typed wrong counts per account.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/h/key",
}
MFA_ADAPTER = "guanxi.foundation.accounts.pages.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "guanxi.foundation.accounts.pages.factor_forms.SecondStepForm",
    "reauthenticate": "guanxi.foundation.accounts.pages.factor_forms.ConfirmCodeForm",
    "activate_totp": "guanxi.foundation.accounts.pages.factor_forms.ActivateAppForm",
    "add_webauthn": "guanxi.foundation.accounts.pages.factor_forms.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Guanxi"
# Without a TLS proxy in front nobody's X-Forwarded-For is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("GUANXI_PROXIES", "1" if SECURE else "0"))
CACHES = {"default": {"BACKEND": "guanxi.foundation.accounts.services.counters.CounterCache"}}

# What a page may load and do

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'", NONCE],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
