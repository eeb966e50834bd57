"""CandidateList: people who stand together, in an order, where an election is by lists."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.models.election import Election
from councils.names import name_key

NAME_LIMIT = 120


class CandidateList(models.Model):
    """A list in ``election``, put forward and ordered by one elector. Its people are nominations with a ``place``."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.CASCADE, related_name="lists")
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    #: ``name`` as it is compared: folding may make it longer.
    name_key = models.CharField(max_length=4 * NAME_LIMIT, editable=False)
    put_forward_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("list of candidates")
        verbose_name_plural = _("lists of candidates")
        constraints = [
            models.UniqueConstraint(fields=["election", "name_key"], name="candidate_list_name_once"),
            models.UniqueConstraint(fields=["election", "put_forward_by"], name="candidate_list_one_each"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)
