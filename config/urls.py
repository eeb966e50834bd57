"""Every address of the product."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

handler500 = "config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("councils.urls")),
    path("", include("production.urls")),
]
