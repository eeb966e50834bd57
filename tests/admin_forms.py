"""The admin as its keeper uses it: addresses, forms, and what they answer."""

from __future__ import annotations

from django.db.models import Model
from django.test import Client
from django.urls import reverse


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def save(client: Client, url: str, **data: object) -> str:
    """Post a form of the admin; the errors it shows, or nothing when it was stored."""
    answer = client.post(url, {name: value for name, value in data.items() if value is not None})
    if answer.status_code == 302:
        return ""
    assert answer.status_code == 200
    errors = [str(e) for found in answer.context["errors"] for e in (found if isinstance(found, list) else [found])]
    assert errors
    return " ".join(errors)


def inline(prefix: str = "placements", *rows: dict[str, object]) -> dict[str, object]:
    """The management form of an inline, and its rows."""
    found: dict[str, object] = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": len(rows),
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        found |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return found
