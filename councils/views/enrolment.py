"""The public page on which a printed code becomes an account, a membership or a new password."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from councils import throttle
from councils.domain import enrolment
from councils.enums import CodePurpose
from councils.errors import Refused
from councils.forms.enrolment import AccountForm, CodeForm, NameForm, PasswordForm
from councils.models import EnrolmentCode, Member
from councils.views.acting import acting_member

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@never_cache
@sensitive_post_parameters("code", "password", "again")
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Code → name → account; a code for a new password, or a member who is signed in, take their own way."""
    now = timezone.now()
    lookup = CodeForm(request, now, request.POST if "code" in request.POST else None)
    if not lookup.is_valid():
        return render(request, "councils/enrolment/code.html", {"form": lookup})
    code = lookup.found
    if code.batch.purpose == CodePurpose.RESET:
        return _choose_password(request, code, now)
    if request.user.is_authenticated:
        return _join(request, code, now)
    name = NameForm(request.POST if "name" in request.POST else None)
    if code.membership is None and not name.is_valid():
        return render(request, "councils/enrolment/name.html", {"form": name, "code": code, "typed": _typed(request)})
    return _take_account(
        request, code, code.membership.member.name if code.membership else name.cleaned_data["name"], now
    )


def _take_account(request: HttpRequest, code: EnrolmentCode, name: str, now: dt.datetime) -> HttpResponse:
    first = {"username": enrolment.suggested_username(code=code, name=name)}
    form = AccountForm(request.POST if "username" in request.POST else None, initial=first)
    if form.is_bound and form.is_valid():
        chosen = {key: form.cleaned_data[key] for key in ("username", "password")}
        try:
            member = enrolment.enrol(code=code, name=name, at=now, **chosen)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your account is ready. Your user name: %(name)s") % {"name": member.username})
            return sign_in(request, member)
    context = {"form": form, "code": code, "name": name, "typed": _typed(request)}
    return render(request, "councils/enrolment/account.html", context)


def _choose_password(request: HttpRequest, code: EnrolmentCode, now: dt.datetime) -> HttpResponse:
    form = PasswordForm(request.POST if "password" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            member = enrolment.reset_password(code=code, password=form.cleaned_data["password"], at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your new password is in force, and every other session has ended."))
            return sign_in(request, member)
    whose = code.batch.member
    context = {"form": form, "member": whose, "second_factor": is_mfa_enabled(whose), "typed": _typed(request)}
    return render(request, "councils/enrolment/password.html", context)


def _join(request: HttpRequest, code: EnrolmentCode, now: dt.datetime) -> HttpResponse:
    refusal = ""
    if "join" in request.POST:
        try:
            membership = enrolment.join_workplace(code=code, by=acting_member(request), at=now)
        except Refused as e:
            refusal = str(e)
        else:
            messages.success(request, _("You now belong to %(workplace)s.") % {"workplace": membership.territory})
            return redirect("home")
    context = {"code": code, "typed": _typed(request), "refusal": refusal}
    return render(request, "councils/enrolment/join.html", context, status=409 if refusal else 200)


def sign_in(request: HttpRequest, member: Member) -> HttpResponse:
    """Signed in on this device, and home."""
    login(request, member, backend=BACKEND)
    response = redirect("home")
    throttle.remember_device(request, response, member)
    return response


def _typed(request: HttpRequest) -> str:
    return request.POST["code"]
