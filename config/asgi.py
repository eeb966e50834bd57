"""ASGI entry point."""

import os
import sys
import warnings

import django

from config.handler import Handler
from config.safety import Unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# WhiteNoise hands its (small) files over in blocks read synchronously; Django then says so at each one.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
try:
    django.setup(set_prefix=False)
    application = Handler()
except Unsafe as refusal:
    sys.stderr.write(f"{refusal}\n")
    sys.exit(3)  # what gunicorn takes for "cannot boot": it ends instead of trying again and again
