"""One's own account, and the page that asks for a second factor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from councils.clock import local_day
from councils.domain.account import change_contact
from councils.errors import Refused
from councils.forms.account import ContactForm
from councils.models import Membership, Seat
from councils.permissions import has_second_factor, is_protected
from councils.views.acting import acting_member
from councils.views.language import keep_language


def show_account(request: HttpRequest) -> HttpResponse:
    """Who I am here: contact, second factor, memberships, seats; the way out."""
    member, now = acting_member(request), timezone.now()
    first = {"email": member.email, "language": get_language()}
    form = ContactForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            change_contact(by=member, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            response = redirect("account")
            keep_language(response, form.cleaned_data["language"])
            return response
    memberships = (
        Membership.objects.valid_on(local_day(now)).filter(member=member).select_related("territory", "section")
    )
    seats = (
        Seat.objects.held_at(now).of(member).select_related("body__territory", "represents").order_by("term_ends_at")
    )
    context = {
        "form": form,
        "memberships": memberships.order_by("from_on"),
        "seats": seats,
        "protected": is_protected(member),
    }
    return render(request, "account/show.html", context)


def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """What a second factor is for, and the way to set it up."""
    member = acting_member(request)
    context = {"protected": is_protected(member), "exempt": has_second_factor(member) and not is_protected(member)}
    return render(request, "account/second_factor_needed.html", context)
