"""People decide: member → committee → election → delegate → proposal → ballot → decision."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CouncilsConfig(AppConfig):
    name = "councils"
    verbose_name = _("Councils")

    def ready(self) -> None:
        from councils import receivers  # noqa: F401  registers job handlers and how workers are told of jobs
