"""Loaded before Django's settings: tests never touch the working database, nor read .env."""

import os
import tempfile

os.environ.setdefault("CORDON_MODE", "test")
os.environ.setdefault("CORDON_READ_DOTENV", "0")
os.environ.setdefault("CORDON_VAR_DIR", tempfile.mkdtemp(prefix="cordon-test-"))
