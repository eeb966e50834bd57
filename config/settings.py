"""Every setting in one file; values come from the environment (see .env.example).

Three modes, chosen by CORDON_MODE:

- ``embedded`` (default): one process, SQLite, Celery inside the web process.
- ``production``: PostgreSQL, Redis, separate workers; starts only when every
  setting is safe (``config.safety`` names the one that is not).
- ``test``: as embedded, with fast password hashing and no throttling surprises.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.safety import refuse_unsafe

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if env.bool("CORDON_READ_DOTENV", default=True):
    environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

MODE = env.str("CORDON_MODE", default="embedded")
PRODUCTION = MODE == "production"
EMBEDDED = not PRODUCTION
TESTING = MODE == "test"

VAR_DIR = Path(env.str("CORDON_VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- security -----------------------------------------------------------------
EMBEDDED_SECRET = "embedded-only-" + "x" * 50
SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else EMBEDDED_SECRET)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("CORDON_HTTPS", default=PRODUCTION)
ALLOW_HTTP = env.bool("CORDON_ALLOW_HTTP", default=False)
# Keys live here, outside the database, in a directory that no backup reads: in urns/ the private keys of votes, for
# processes that hold keys; beside it those of HMACs, for all.
KEY_STORE_DIR = Path(env.str("KEY_STORE_DIR", default="" if PRODUCTION else str(VAR_DIR / "keys")) or "/nonexistent")
# How many casts of each vote were acknowledged: one byte each, appended by whoever casts, so web processes write here.
CAST_COUNT_DIR = Path(env.str("CAST_COUNT_DIR", default="") or KEY_STORE_DIR / "casts")
# Whether this process makes, reads and destroys private keys (KEY_STORE_DIR/urns). A web process never does in
# production; embedded there is no other process.
HOLDS_KEYS = env.bool("CORDON_HOLDS_KEYS", default=EMBEDDED)

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
    }
}

# --- applications ----------------------------------------------------------------
INSTALLED_APPS = [
    "councils",
    "production",
    "config.admin.CordonAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "simple_history",
    "csp",
    "rules",
]
MIDDLEWARE = [
    "config.middleware.ArrivalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "config.middleware.ErrorsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
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
                "production.views.frame.frame",
            ],
        },
    }
]

# --- data ---------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'cordon.sqlite3'}")}
_db = DATABASES["default"]
_db["ATOMIC_REQUESTS"] = False
if _db["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that will write takes its lock at once instead of failing half-way.
    _db["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=30000;"
        "PRAGMA secure_delete=ON;PRAGMA cache_size=-16000;",
    }
else:
    # each thread of the web process keeps its connection, see config/handler.py; tests end with none open
    _db["CONN_MAX_AGE"] = 0 if TESTING else env.int("DATABASE_CONN_MAX_AGE", default=300)
    _db["OPTIONS"] = {"connect_timeout": 5}
#: How many requests one web process answers at a time; as many connections to the database does it hold.
WEB_THREADS = env.int("WEB_THREADS", default=8)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {
            "BACKEND": "config.cache.PatientRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
        }
        # tests move the clock, which Redis does not follow, and run side by side; tests/services use the real one
        if REDIS_URL and not TESTING
        # large enough that nobody empties the throttle's counters by filling it
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 200_000}}
    )
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Celery: a hint, never the source of truth (councils/domain/job.py) ------------------
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"

# --- people -----------------------------------------------------------------------------
AUTH_USER_MODEL = "councils.Member"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "councils.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
# The throttle is ours (councils/throttle.py): it slows a source and never locks an account.
ACCOUNT_RATE_LIMITS = False
# Proxies of our own in front of the web process: that many entries of X-Forwarded-For are believed.
PROXIES = env.int("CORDON_PROXIES", default=0)
ACCOUNT_FORMS = {
    "login": "councils.forms.sign_in.SignInForm",
    "reauthenticate": "councils.forms.sign_in.ConfirmPasswordForm",
    "change_password": "councils.forms.sign_in.NewPasswordForm",
}
MFA_ADAPTER = "councils.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "councils.forms.sign_in.CodeForm",
    "reauthenticate": "councils.forms.sign_in.ConfirmCodeForm",
    "activate_totp": "councils.forms.sign_in.FirstCodeForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # e-mail is optional and never verified
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Cordón"

# Whether anyone who reaches the site may found a workplace at /start/ (throttled).
OPEN_START = env.bool("CORDON_OPEN_START", default=EMBEDDED)

# --- language and time ---------------------------------------------------------------------
LANGUAGE_CODE = env.str("CORDON_LANGUAGE", default="es")
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env.str("CORDON_TIME_ZONE", default="America/Santiago")
USE_TZ = True

# --- files -----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
if EMBEDDED:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # nothing is collected, files are found in place
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_AUTOREFRESH = TESTING  # looks a file up when asked, instead of listing all for every test client
MEDIA_ROOT = VAR_DIR / "media"
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=20_000_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- logs ---------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING" if EMBEDDED else "INFO")},
}

SILENCED_SYSTEM_CHECKS = ["security.W021"]  # to be preloaded by browsers is for the owner of the domain to ask
DEMO = env.bool("CORDON_DEMO", default=False)

refuse_unsafe(globals())
