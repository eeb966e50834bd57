"""A form field of JSON that answers whatever is typed into it with a sentence."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput


class JsonField(forms.JSONField):
    """As Django's, which lets through what Python itself gives up on: numbers of thousands of digits, brackets
    thousands deep, halves of characters. What was typed is shown again as it was typed."""

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value)
            json.dumps(found, ensure_ascii=False).encode()  # what cannot be written cannot be kept or shown
        except (ValueError, RecursionError) as e:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value}) from e
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Not parsed once more: it may be what could not be parsed before."""
        return initial if self.disabled else None if data is None else InvalidJSONInput(data)
