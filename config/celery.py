"""The Celery app and its whole timetable on one screen.

Celery is never the source of truth: a task is a hint that due work (a Job row) may be
ready, and the sweep executes whatever the hints lost.
"""

import os
import sys
from pathlib import Path

from celery import Celery
from django.conf import settings

from config.safety import Unsafe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if Path(sys.argv[0]).name == "celery":  # a worker or beat: refused with the list, not with a traceback
    try:
        _mode = settings.MODE
    except Unsafe as refusal:
        sys.exit(str(refusal))

app = Celery("cordon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    task_time_limit=1500,
    task_soft_time_limit=1200,
    task_default_queue="clocks",
    # a dead broker must not slow a page: no retry, short patience
    task_publish_retry=False,
    broker_connection_timeout=0.5,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "polling_interval": 0.1,
        "visibility_timeout": 3600,
        "socket_timeout": 5,
        "socket_connect_timeout": 0.5,
        "socket_keepalive": True,
        "health_check_interval": 25,
    },
    timezone="UTC",
    # in memory: what must not be missed is a Job row, also the work of each night
    beat_scheduler="celery.beat:Scheduler",
    beat_schedule={
        "sweep": {"task": "councils.sweep", "schedule": 30.0, "options": {"expires": 25}},
        "heartbeat": {"task": "councils.heartbeat", "schedule": 60.0},
        "demo": {"task": "production.top_up_demo", "schedule": 1800.0},
    },
)
