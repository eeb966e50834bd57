"""Work is reported and planned: worker → report → indicator → roll-up."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProductionConfig(AppConfig):
    name = "production"
    verbose_name = _("Production")

    def ready(self) -> None:
        from production import receivers  # noqa: F401  registers job handlers and home tasks
