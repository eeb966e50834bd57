"""Question: what a delegate puts to her council, and the vote by name that answers it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models.body import Body
from councils.models.poll import Poll

if TYPE_CHECKING:
    from councils.models.member import Member


class QuestionQuerySet(models.QuerySet["Question"]):
    """Access starts from the member's scope."""

    def visible_to(self, member: Member, day: dt.date) -> Self:
        """Those of the councils above her workplaces, and those on whose roll she stands."""
        on_roll = Poll.objects.filter(roll__member=member).values("pk")
        return self.filter(Q(body__in=Body.objects.followed_by(member, day)) | Q(poll__in=on_roll))

    def undecided_at(self, at: dt.datetime) -> Self:
        """In deliberation or voted, by the clock."""
        return self.filter(poll__closes_at__gt=at).exclude(poll__in=Poll.objects.called_off())


class Question(models.Model):
    """Yes or no, put to ``body`` (a council). Where it stands is where its ``poll`` stands; its text never changes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="questions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="questions")
    poll = models.OneToOneField(Poll, models.PROTECT, related_name="council_question")
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"))
    asked_at = models.DateTimeField()

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to a council")
        verbose_name_plural = _("questions to councils")

    def __str__(self) -> str:
        return self.title
