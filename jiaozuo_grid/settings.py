"""One settings module; everything that differs between places comes from the environment.

Without any variable set, this is the evaluation set-up: SQLite and files under ``var/``, Celery's
filesystem transport, a secret key made once per installation. Production sets ``DATABASE_URL``
(and then must set ``SECRET_KEY`` and ``ALLOWED_HOSTS``) and ``REDIS_URL``. See docs/operations.md.
"""

import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False)
# The demo city: sign-in buttons by role, demo accounts. Refused in production.
DEMO_MODE = env.bool("DEMO_MODE", default=False)
DATABASE_URL = env.str("DATABASE_URL", default="")
PRODUCTION = not TESTING and env.bool("PRODUCTION", default=bool(DATABASE_URL) and not DEMO_MODE)


def installation_secret() -> str:
    """A random key kept in ``var/``, so that an evaluation needs no configuration."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else installation_secret())
# The key of identity hashes (accounts/identity.py). One of its own, since it can never change.
ID_HASH_KEY = env.str("ID_HASH_KEY", default="") or SECRET_KEY
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["*"] if DEMO_MODE else ["localhost", "127.0.0.1", "[::1]"]
)
if PRODUCTION:
    faults = {
        "SECRET_KEY must have 50 characters or more": len(SECRET_KEY) < 50,
        "ALLOWED_HOSTS must name the hosts that are served": "ALLOWED_HOSTS" not in os.environ
        or not ALLOWED_HOSTS
        or "*" in ALLOWED_HOSTS,
        "DATABASE_URL must be set": not DATABASE_URL,
        "DEBUG must not be set": DEBUG,
        "DEMO_MODE must not be set": DEMO_MODE,
    }
    if any(faults.values()):
        raise ImproperlyConfigured(
            "Not fit for production: " + "; ".join(text for text, bad in faults.items() if bad)
        )
# Where people reach the site ("https://grid.example.cn"): what printed QR codes lead to, never the
# host of a request. Without it, and in an evaluation only, the host of who prints is taken.
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/") or (
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else ""
)
# The tile server under the station maps, the bureau's own or a licensed one in WGS-84 or CGCS2000
# (天地图): "https://t{s}.example.cn/{z}/{x}/{y}.png". Without it: outlines only.
MAP_TILES_URL = env.str("MAP_TILES_URL", default="")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "demo",
    "coverage",
    "activities",
    "stations",
    "instructors",
    "grids",
    "accounts",
    "jiaozuo_grid",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "jiaozuo_grid.admin_config.GridAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "jiaozuo_grid.health.health_middleware",
    "django.middleware.security.SecurityMiddleware",
    "jiaozuo_grid.headers.headers_middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.origin_middleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jiaozuo_grid.urls"
WSGI_APPLICATION = "jiaozuo_grid.wsgi.application"

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
                "django.template.context_processors.i18n",
                "grids.context_processors.reach",
            ],
        },
    }
]

DATABASES = {"default": env.db_url_config(DATABASE_URL or f"sqlite:///{VAR_DIR / 'grid.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # One writer at a time, taken at BEGIN: no "database is locked" halfway through.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, so that tests can let other processes (a browser's server, a worker) work on it.
    DATABASES["default"]["TEST"] = {
        "NAME": f"{tempfile.gettempdir()}/jiaozuo-grid-test-{os.getpid()}.sqlite3"
    }
elif TESTING:
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True}
else:
    DATABASES["default"]["OPTIONS"] = {
        "server_side_binding": True,
        "prepare_threshold": 3,
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8), "timeout": 10},
    }
    # Asks a pooled connection whether it lives before use: a restart of PostgreSQL heals itself.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES: dict[str, dict[str, object]] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            # Tests in several processes share one Redis.
            "KEY_PREFIX": os.environ.get("PYTEST_XDIST_WORKER", "grid"),
            # Waiting for a Redis that is away must not hold up a page.
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
    }
elif TESTING:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    # Files, because the worker's progress must reach the web process.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    }

# --- Celery: Redis in production, folders under var/ in the evaluation set-up ---
QUEUE_DIR = VAR_DIR / "queue"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "global_keyprefix": "grid-queue:",
    }
else:
    for folder in ("messages", "processed", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "folders://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "processed_folder": str(QUEUE_DIR / "processed"),
        "control_folder": str(QUEUE_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.25,
    }
    # Remote control would leave a file for every question that nobody reads.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
# Nothing reads task results: what a task did stands in the database (Job rows, tallies).
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# A task that hangs is ended: first by an exception, then by force.
CELERY_TASK_SOFT_TIME_LIMIT = 50 * 60
CELERY_TASK_TIME_LIMIT = 55 * 60
# A message is a hint, the work stands in the database: do not hold up a page for a broker that
# is away.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# What it asks, and how often: each app's tasks.py (jiaozuo_grid/periodic/).
CELERY_BEAT_SCHEDULER = "jiaozuo_grid.periodic.asking:Beat"

# --- People and sign-in ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.sign_ins.Backend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
# Five failures lock this user name from this address for five minutes (GB/T 22239 practice).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_RESET_ON_SUCCESS = True
# Trying on while locked does not prolong the five minutes.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_IPWARE_META_PRECEDENCE_ORDER = ["REMOTE_ADDR"]

# --- Language and time ---
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Files ---
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# `make` copies the few distributed files that pages use out of node_modules/, and bundles the
# phone's modules.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor", BASE_DIR / "var" / "vendor"),
    ("bundles", BASE_DIR / "var" / "bundles"),
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Brotli takes six of the seven seconds of collecting: not in an evaluation.
STATIC_BROTLI = env.bool("STATIC_BROTLI", default=PRODUCTION)
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "jpg",
    "png",
    "gif",
    "webp",
    "woff",
    "woff2",
    "gz",
    "br",
    "map",
)
if not TESTING:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "jiaozuo_grid.static_storage.StaticStorage"},
    }
MEDIA_ROOT = VAR_DIR / "media"
# Uploaded files are served by views that ask for authority, never by a path.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A large village's week on paper has 500 rows of seven cells.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
FILE_UPLOAD_HANDLERS = [
    # A file that is too large is let go of while it comes in.
    "jiaozuo_grid.spreadsheets.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Web security ---
HTTPS = env.bool("HTTPS", default=PRODUCTION)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.sign_ins"
SESSION_COOKIE_AGE = 14 * 24 * 3600
# Addresses or networks of the proxies in front; only their X-Forwarded-For and X-Forwarded-Proto
# are believed (jiaozuo_grid/wsgi.py).
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "jiaozuo_grid.api.CodePagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "jiaozuo_grid.api.explain",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Jiaozuo Grid API",
    "VERSION": "1.0.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"IndicatorKeyEnum": "coverage.registry.INDICATORS"},
}

UNFOLD = {
    "SITE_TITLE": _("Jiaozuo Sports Grid"),
    "SITE_HEADER": _("Jiaozuo Sports Grid"),
    "SITE_SUBHEADER": _("Administration"),
    "SITE_URL": "/",
    "SITE_ICON": "jiaozuo_grid.admin_menu.logo",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "jiaozuo_grid.admin_menu.logo"}
    ],
    "STYLES": ["jiaozuo_grid.admin_menu.style_sheet"],
    "SHOW_HISTORY": True,
    "SHOW_LANGUAGES": True,
    "THEME": "light",
    "SIDEBAR": {"navigation": "jiaozuo_grid.admin_menu.groups"},
    "COLORS": {
        # The accent of static/css/grid.css, lighter and darker.
        "primary": {
            "50": "#f2f7fc",
            "100": "#e1edf7",
            "200": "#c3dbef",
            "300": "#93bfe2",
            "400": "#5b9bd0",
            "500": "#2f78b7",
            "600": "#0a4f8f",
            "700": "#094680",
            "800": "#073765",
            "900": "#062b4f",
            "950": "#041b33",
        }
    },
}

# --- The programme's rules (figures that are settings, not constants: domain.md) ---
HOUSEHOLDS_PER_GRID = 400
ACTIVE_DAYS = 30
CORRECTION_DAYS = 7
# What is said to have been held longer ago comes from a clock set to the wrong year.
LOGGED_WITHIN_DAYS = 364
# From 5,000 on a gathering needs a permit of the city's police (Regulation on the safety of large
# mass activities, article 12): that is no group's session, but an event, or a slip of the finger.
PARTICIPANTS_AT_MOST = 5000
# The most people believed at one lecture or event, by the digits of its area's code.
GATHERED_AT_MOST = {15: 2_000, 12: 5_000, 9: 20_000, 6: 100_000}
FIGURES_BEGIN = "2024-01-01"
# Within so many seconds phones whose network returned send what waits, each at a moment of its own
# (a tap sends at once); a test looks at one phone and need not wait.
PHONES_SPREAD = env.int("PHONES_SPREAD", default=0 if TESTING else 60)
# So long a check-in's position and phone are known; then only the count remains.
CHECK_INS_KNOWN_DAYS = 30

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s[%(process)d] %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # One line for every folding every five seconds says nothing.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        # Every table of every font that is embedded in a report.
        "fontTools": {"level": "WARNING"},
        "fpdf": {"level": "WARNING"},
    },
}
