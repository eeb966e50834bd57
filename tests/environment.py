"""Loaded before Django's settings: tests never touch the working database, nor read .env, nor leave this machine."""

import atexit
import os
import shutil
import socket
import tempfile

import pytest

os.environ.setdefault("CORDON_MODE", "test")
os.environ.setdefault("CORDON_READ_DOTENV", "0")
if "CORDON_VAR_DIR" not in os.environ:
    os.environ["CORDON_VAR_DIR"] = tempfile.mkdtemp(prefix="cordon-test-")
    atexit.register(shutil.rmtree, os.environ["CORDON_VAR_DIR"], ignore_errors=True)

_connect = socket.socket.connect


def _connect_within(self: socket.socket, address: object) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if self.family != socket.AF_UNIX and not (host in ("localhost", "::1") or str(host).startswith("127.")):
        raise PermissionError(f"a test tried to reach {address}")
    _connect(self, address)


socket.socket.connect = _connect_within  # type: ignore[method-assign,assignment]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs PostgreSQL is skipped, and says so, where the database is SQLite."""
    if os.environ.get("DATABASE_URL", "sqlite").startswith("sqlite"):
        for item in items:
            if item.get_closest_marker("race") or item.get_closest_marker("services"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: make test-services"))
