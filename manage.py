#!/usr/bin/env python
"""Django's command line for Cordón."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.safety import Unsafe

    try:
        execute_from_command_line(sys.argv)
    except Unsafe as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:  # before the command itself was reached
        sys.exit(130)
