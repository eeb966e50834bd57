"""Member: a person with an account. What she belongs to is in Membership."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.names import first_name_and_surname


class MemberManager(UserManager["Member"]):
    """Adds nothing but the type; creation is in ``domain.member``."""


class Member(AbstractUser):
    """A person. E-mail is optional: nothing depends on a mail arriving."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    is_demo = models.BooleanField(_("demo account"), default=False, help_text=_("Exempt from the second factor."))
    #: Set when two people of a committee reset the account; see domain.enrolment.
    reset_at = models.DateTimeField(null=True, blank=True, editable=False)

    REQUIRED_FIELDS = ["name"]
    objects = MemberManager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint("email", condition=~models.Q(email=""), name="member_email_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.username

    @property
    def initials(self) -> str:
        """Of her first name and her first surname, for the hexagon of a delegate."""
        return "".join(word[:1] for word in first_name_and_surname(self.name)).upper()

    def clean(self, *args: Any, **kwargs: Any) -> None:
        super().clean()
        self.email = self.email.lower()
