"""WSGI entry point, for hosts without ASGI (live pages then poll)."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from config.safety import Unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
try:
    application = get_wsgi_application()
except Unsafe as refusal:
    sys.stderr.write(f"{refusal}\n")
    sys.exit(3)  # what gunicorn takes for "cannot boot": it ends instead of trying again and again
