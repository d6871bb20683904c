"""All settings, read once from the environment. `.env.example` explains each of them.

Without `DATABASE_URL` and `REDIS_URL` the site runs as the embedded default: SQLite and a file queue under `var/`.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.urls import reverse_lazy
from environs import Env, validate

from accounts.directory.options import directory_from, ways_in
from accounts.keyring import Keyring
from accounts.providers import providers_from
from accounts.rates import rates_from
from accounts.session_limits import session_limits_from
from portal.admin_look import UNFOLD  # noqa: F401  # a setting of Unfold's
from portal.private_folder import OTHERS, make_private

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

# --- where things are ----------------------------------------------------------------------------------------------

VAR_DIR = Path(env.str("COUNTERSIGN_VAR", str(BASE_DIR / "var"))).resolve()
make_private(VAR_DIR)
EMBEDDED = not env.str("DATABASE_URL", "")
if EMBEDDED:
    # Database, messages, counts and the clock's notes are made by many hands; here it holds for all of them. In
    # production the collected static files are made for another user, and nothing that lasts stands in VAR_DIR.
    os.umask(OTHERS)
DEBUG = env.bool("DEBUG", False)


def _local_secret_key() -> str:
    """A key for this machine, made once and kept under `var/`."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


# Browsers take passkeys for a name, never for an address such as 127.0.0.1.
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
# A site with HTTPS must set its key, because all of its machines share it.
SECRET_KEY = env.str("SECRET_KEY", "") or (env.str("SECRET_KEY") if HTTPS else _local_secret_key())
# What is sealed with them can be opened by nobody who has the database alone.
ENCRYPTION_KEYS = Keyring.parse(env.str("ENCRYPTION_KEYS", ""))
# Signs the heads of the record; it must stay the same for as long as heads are to be checked.
AUDIT_KEY = env.str("AUDIT_KEY", "")
# Where the signed head is added each day; nowhere if it is empty.
AUDIT_HEADS = env.str("AUDIT_HEADS", "")
# The last two are for health checks from the same machine.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", [_site.hostname]), "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many proxies stand in front of the site. As many addresses at the end of X-Forwarded-For can be trusted.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)

# --- the house -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal",
    "worker",
    "recognition",
    "accounts",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.facebook",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.front_failure",
    "portal.middleware.no_null_in_address",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.origin_of_events",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.session_limits",
    "accounts.middleware.second_factor_required",
    "portal.middleware.body_limit",
    "portal.middleware.no_null_in_form",
    "portal.middleware.branch_clock",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", "UTC")
USE_TZ = True

# --- database ------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'countersign.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers wait at the start of a transaction, so that they do not fail in its middle. Readers never wait.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

# --- queue, cache --------------------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
CACHES: dict[str, dict[str, Any]]
QUEUE_DIR = VAR_DIR / "queue"
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
# How long people who upload or sign in wait when Redis does not answer.
_redis_patience = {"socket_connect_timeout": 2, "socket_timeout": 2}
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": env.int("REDIS_VISIBILITY_SECONDS", 900),
        **_redis_patience,
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": _redis_patience,
        }
    }
else:
    for folder in ("messages", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.05,
    }
    # Rate limits are counted in the cache, so all of the site's threads and processes share one.
    CACHES = {
        "default": {
            "BACKEND": "portal.file_cache.FileCache",
            "LOCATION": str(VAR_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 20_000},  # at the default of 300 it would forget counts at random
        }
    }

# --- reading -------------------------------------------------------------------------------------------------------

MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", 25 * 1024 * 1024)
# The limit of a whole request. Without JavaScript, several files come in one request.
MAX_REQUEST_BYTES = env.int("MAX_REQUEST_BYTES", 256 * 1024 * 1024)
# Requests of one address in work at once, and its connections where no proxy stands in front.
CONNECTIONS_PER_ADDRESS = env.int("CONNECTIONS_PER_ADDRESS", 500)
MAX_PAGE_PIXELS = env.int("MAX_PAGE_PIXELS", 80_000_000)
MAX_PAGES = env.int("MAX_PAGES", 50)
MAX_DECODE_SECONDS = env.int("MAX_DECODE_SECONDS", 60)
# Where clamd, the server of ClamAV, looks for malware in every file before it is decoded: "host:port", or the path of a
# socket. Empty: nobody looks.
CLAMD = env.str("CLAMD", "")
CLAMD_SECONDS = env.int("CLAMD_SECONDS", 20)
# The second reader is asked where the other recognisers are not sure, if its extra is installed.
SECOND_READER = env.bool("SECOND_READER", True)
# Whether a contradicted amount is proposed as its words have it. A person decides either way.
WORDS_GOVERN = env.bool("WORDS_GOVERN", False)
# A picture that does not meet these gets a fault that says so. `worker.limits` gives them to the reader.
PICTURE_DARKEST_PAPER = env.float("PICTURE_DARKEST_PAPER", 64)
PICTURE_MOST_BLUR_MM = env.float("PICTURE_MOST_BLUR_MM", 0.32)
PICTURE_LEAST_PIXELS_PER_MM = env.float("PICTURE_LEAST_PIXELS_PER_MM", 4)
PICTURE_MOST_GLARE_PERCENT = env.float("PICTURE_MOST_GLARE_PERCENT", 0.4)
PICTURE_RIM_PIXELS = env.float("PICTURE_RIM_PIXELS", 1)
# A cheque is stale if it is presented more days than this after its date. It is post-dated if it is presented more
# days than this before its date. An empty setting switches the rule off.
STALE_AFTER_DAYS = env.int("STALE_AFTER_DAYS", 180) if env.str("STALE_AFTER_DAYS", "180") else None
POST_DATED_AFTER_DAYS = env.int("POST_DATED_AFTER_DAYS", 0) if env.str("POST_DATED_AFTER_DAYS", "0") else None
# A worker that has not renewed its lease for this long counts as dead, and the sweep sends its document again.
LEASE_SECONDS = env.int("LEASE_SECONDS", 15)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", 10)
# A message counts as lost when it is this old and its document still waits.
RESEND_SECONDS = env.int("RESEND_SECONDS", 30)
MAX_ATTEMPTS = env.int("MAX_ATTEMPTS", 3)
# How long the page waits for the pad's worker before it asks again.
PAD_WAIT_SECONDS = env.float("PAD_WAIT_SECONDS", 1.0)
READ_SOFT_SECONDS = env.int("READ_SOFT_SECONDS", 300)
READ_HARD_SECONDS = env.int("READ_HARD_SECONDS", 330)
WORKER_HEARTBEAT_SECONDS = env.int("WORKER_HEARTBEAT_SECONDS", 5)

# --- what a person may upload --------------------------------------------------------------------------------------

# 0 is no limit. `recognition.allowance` counts what is used.
MAX_WAITING_DOCUMENTS = env.int("MAX_WAITING_DOCUMENTS", 2000)
MAX_UPLOADS_AN_HOUR = env.int("MAX_UPLOADS_AN_HOUR", 3000)
MAX_KEPT_BYTES = env.int("MAX_KEPT_BYTES", 20 * 1024 * 1024 * 1024)

# --- files ---------------------------------------------------------------------------------------------------------

STORAGES = {
    # Originals and previews, sealed where there are keys. Any of Django's storage classes can keep them, for example
    # one for an object store.
    "documents": {
        "BACKEND": "recognition.sealed_storage.SealedStorage",
        "OPTIONS": {
            "storage": env.str("DOCUMENT_STORAGE", "recognition.storage.DatabaseStorage"),
            "options": env.json("DOCUMENT_STORAGE_OPTIONS", {}),
        },
    },
    "default": {"BACKEND": "recognition.storage.DatabaseStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = None if EMBEDDED else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
DATA_UPLOAD_MAX_NUMBER_FILES = env.int("MAX_FILES_AT_ONCE", 200)

# --- people --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# The bank's own directory, and which roles its groups give.
DIRECTORY = directory_from(env)
if DIRECTORY.speaks_saml:
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")
AUTHENTICATION_BACKENDS = [
    "accounts.directory.backend.WithoutPasswords"
    if DIRECTORY.only
    else "allauth.account.auth_backends.AuthenticationBackend"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/history/"
LOGOUT_REDIRECT_URL = "/"
# Who may register: "open" to everybody, by "invitation" of an administrator, or whose address matches a "pattern".
REGISTRATION = env.str("REGISTRATION", "open", validate=validate.OneOf(["open", "invitation", "pattern"]))
REGISTRATION_PATTERNS: list[str] = env.list("REGISTRATION_PATTERNS", [])
# Whom people ask who may not register, in words.
CONTACT = env.str("CONTACT", "")
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# One mail carries a code for the browser that asked for it, and a link for other browsers (accounts/confirmation.py).
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
# The link of a reset lets its owner in at once, whatever others try meanwhile. Who has a second factor is asked for it.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_RATE_LIMITS = rates_from(env)
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.SocialSignupForm"}
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS, _sign_in_origins = ways_in(DIRECTORY, *providers_from(env))
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True

# --- second factors and sessions -----------------------------------------------------------------------------------

MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
# Browsers offer passkeys where the connection is safe: with HTTPS, and on this machine itself.
PASSKEYS = MFA_PASSKEY_LOGIN_ENABLED = HTTPS or _site.hostname == "localhost"
MFA_ADAPTER = "accounts.second_factors.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.second_factor_forms.SignInCodeForm",
    "reauthenticate": "accounts.second_factor_forms.ConfirmByCodeForm",
    "activate_totp": "accounts.second_factor_forms.SetUpAppForm",
    "add_webauthn": "accounts.second_factor_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.second_factor_forms.RenamePasskeyForm",
}
MFA_TOTP_ISSUER = "Countersign"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a telephone's clock may be ahead or behind
MFA_RATE_LIMITS = {"webauthn_login": ACCOUNT_RATE_LIMITS["login"]}
# The roles whose people have to have a second factor.
SECOND_FACTOR_FOR: list[str] = env.list("SECOND_FACTOR_FOR", [])
# For how long a second factor, or a password, that was given counts as given.
STEP_UP_SECONDS = ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("STEP_UP_SECONDS", 300)
# An export of more documents than this asks for it too.
EXPORT_STEP_UP_DOCUMENTS = env.int("EXPORT_STEP_UP_DOCUMENTS", 1000)
SESSION_LIMITS = session_limits_from(env)

# --- mail ----------------------------------------------------------------------------------------------------------

EMAIL_TIMEOUT = 10
EMAIL_URL = env.str("EMAIL_URL", "")
MAIL_ON_CONSOLE = not EMAIL_URL
if EMAIL_URL:
    vars().update(env.dj_email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"Countersign <no-reply@{_site.hostname}>")

# --- safety --------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *_sign_in_origins],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- log -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
