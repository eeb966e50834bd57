"""PaperCount: what was counted by hand of a vote on paper, entered by one person and countersigned by another."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.models.poll import Poll


class PaperCount(models.Model):
    """One entry of the count of ``poll``. Insert-only but for the countersignature; a correction is the next number.

    ``papers`` were in the box, ``counting`` of them from people who count for the quorum. ``tally``: option or
    answer → votes. Of a ranked vote ``rankings`` instead: ``[[option ids in order], how many]``.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="paper_counts")
    number = models.PositiveIntegerField()
    papers = models.PositiveIntegerField()
    counting = models.PositiveIntegerField()
    blank = models.PositiveIntegerField()
    spoilt = models.PositiveIntegerField()
    tally: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    rankings: models.JSONField[list[list[object]], list[list[object]]] = models.JSONField(default=list)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    countersigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    countersigned_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("count on paper")
        verbose_name_plural = _("counts on paper")
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="paper_count_number_once"),
            models.UniqueConstraint(
                fields=["poll"], condition=Q(countersigned_at__isnull=False), name="paper_count_one_holds"
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by__isnull=True) | ~Q(countersigned_by=F("entered_by")),
                name="paper_count_two_people",
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by__isnull=True, countersigned_at__isnull=True)
                | Q(countersigned_by__isnull=False, countersigned_at__isnull=False),
                name="paper_count_countersigned_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(papers__gte=F("blank") + F("spoilt")) & Q(papers__gte=F("counting")),
                name="paper_count_within_papers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll} · {self.number}"
