"""Wiring only: settings, URLs, the Celery timetable, ASGI and WSGI."""

import os

# The engine multiplies small matrices many times: the threads of BLAS would wait for one another longer than they work.
# Read when NumPy is first imported, so before anything else.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.celery import app as celery_app

__all__ = ["celery_app"]
