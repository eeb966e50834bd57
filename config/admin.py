"""The admin site: set-up data only, second factor required."""

from django.contrib.admin.apps import AdminConfig


class CordonAdminConfig(AdminConfig):
    default_site = "councils.admin_site.CordonAdminSite"
