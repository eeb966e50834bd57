"""Every address of the product as the matrix tries it, and the few that it does not, each with its reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

GET, POST = ("GET",), ("POST",)
BOTH = ("GET", "POST")


@dataclass(frozen=True)
class Route:
    """``path`` names ids of a side; ``shared``: the other side may open it too, but sees none of its marks."""

    path: str
    methods: tuple[str, ...] = GET
    data: dict[str, Any] = field(default_factory=dict)
    shared: bool = False

    def as_config(self) -> dict[str, Any]:
        return {"path": self.path, "methods": self.methods, "data": self.data, "shared": self.shared}


#: Patterns of routes that are not in the matrix.
SKIPPED = {
    r"^/admin/": "Django's own pages, closed to all but staff: tests/councils/test_admin.py",
    r"^/control/stream/$": "never ends; tests.attack.authz opens it itself for every role",
}


def routes(objects: dict[str, dict[str, str]]) -> list[Route]:
    """What is opened and posted, in this order: the GETs all come before the first POST."""
    a, b = objects["A"], objects["B"]
    figures = {f"f-{side['series'].replace('-', '')}": "7654000" for side in (a, b)}
    today = dt.datetime.now()
    return [
        *_for_all(),
        *_report(figures),
        *_workplace(today),
        *_alerts(a, today),
        *_proposals(a),
        *_votes(a, today + dt.timedelta(days=8)),
        *_councils(a, today + dt.timedelta(days=8)),
        *_objections(a),
        *_recalls(),
        *_seats(a, today + dt.timedelta(days=8)),
        *_people(),
        *_accounts(),
    ]


def _for_all() -> list[Route]:
    return [
        Route("/"),
        Route("/healthz"),
        Route("/language/", POST, {"language": "es"}),
        Route("/start/", BOTH),
        Route("/enrol/", BOTH, {"code": "AAAAA-AAAAA"}),
        Route("/control/"),
        Route("/control/board/"),
        Route("/cordones/{cordon}/", shared=True),
        Route("/territories/{cordon}/", shared=True),
        Route("/territories/{w}/", shared=True),
        Route("/territories/{section}/", shared=True),
        Route("/workplaces/{w}/", shared=True),
    ]


def _report(figures: dict[str, str]) -> list[Route]:
    sending = {**figures, "confirmed": "1", "reason": "error de lectura"}
    return [
        Route("/report/"),
        Route("/report/place/{w}/", BOTH, sending),
        Route("/report/place/{section}/", GET),
        Route("/report/place/{w}/figure/{series}/", POST, figures),
        Route("/report/place/{section}/stoppage/", POST, {"why": "strike"}),
        Route("/report/{report}/"),
        Route("/report/{report}/sent/"),
        Route("/report/{report}/correct/", BOTH, sending),
        Route("/report/{stopped}/undo/", BOTH),
    ]


def _workplace(today: dt.datetime) -> list[Route]:
    new = {
        "name": "Vapor",
        "unit": "t",
        "kind": "output",
        "frequency": "day",
        "direction": "none",
        "from_on": f"{today:%Y-%m-%d}",
    }
    agreed = {"sharing": "weekly", "agreed_on": f"{today - dt.timedelta(days=2):%Y-%m-%d}"}
    answers = {
        "capability": "480",
        "potentiality": "600",
        "from_on": f"{today - dt.timedelta(days=2):%Y-%m-%d}",
        "reason": "Recuento",
    }
    return [
        Route("/workplaces/{w}/figures/", BOTH, new),
        Route("/figures/{series}/"),
        Route("/figures/{series}/share/", BOTH, agreed),
        Route("/figures/{series}/capability/", BOTH, answers),
        Route("/figures/{series}/move/", POST),
        Route("/figures/{ending}/end/", BOTH, {"until_on": f"{today + dt.timedelta(days=2):%Y-%m-%d}"}),
        Route("/import/", BOTH),
        Route("/import/{import}/"),
        Route("/import/{import_store}/store/", POST),
        Route("/bodies/{assembly}/log/"),
        Route("/bodies/{committee}/log/"),
        Route("/bodies/{council}/log/"),
        *(Route(f"/bodies/{{{body}}}/agenda/") for body in ("assembly", "committee", "council")),
        *(Route(f"/bodies/{{{body}}}/rules/") for body in ("assembly", "committee", "council")),
        *(Route(f"/bodies/{{{body}}}/rules/change/", BOTH) for body in ("assembly", "committee", "council")),
    ]


def _alerts(a: dict[str, str], today: dt.datetime) -> list[Route]:
    """What ends it comes last. Nothing of it has gone up: the other side finds no page."""
    said = {"text": "Una frase con sentido.", "go": "here"}
    one = "/alerts/{alert}/"

    def form(prefix: str, **more: str) -> dict[str, str]:
        return {f"{prefix}-{name}": value for name, value in {"text": said["text"], **more}.items()}

    return [
        Route("/alerts/"),
        Route("/alerts/raise/{w}/", BOTH, {"title": "Chirría la cinta"}),
        Route("/alerts/budget/{w}/", BOTH, {"steps": "1", "reason": "Suena mucho"}),
        Route("/alerts/help/{note}/", BOTH, said),
        Route(one),
        Route(one + "acknowledge/", POST),
        Route(one + "answer/", POST, said),
        Route(one + "help/", POST, form("help", body=a["council"])),
        Route(one + "lines/{line}/mark/", POST),
        Route(one + "extend/", POST, form("extend", days="1")),
        Route(one + "reply/", POST, form("reply")),
        Route(one + "up/", POST, form("up")),
        Route(one + "decide/", POST, form("decide", decided_on=f"{today:%Y-%m-%d}")),
        Route(one + "motions/{motion}/confirm/", POST),
        Route(one + "settle/", POST, {**form("settle"), "do": "settle"}),
    ]


def _proposals(a: dict[str, str]) -> list[Route]:
    text = {"title": "Turnos de noche", "text": "1. Se reparten por sorteo."}
    reason = {"reason": "Falta decir quién paga el transporte."}
    return [
        Route("/proposals/"),
        Route("/proposals/new/", BOTH, {**text, "body": a["assembly"]}),
        Route("/proposals/moderation/"),
        *(Route(f"/proposals/{{{name}}}/") for name in ("draft", "draft_edit", "moderated", "convene", "voting")),
        Route("/proposals/{draft_edit}/edit/", BOTH, {**text, "version": "1"}),
        Route("/proposals/{draft}/edit/", BOTH, text),
        Route("/proposals/{draft}/rules/", BOTH, text),
        Route("/proposals/{draft_submit}/submit/", POST),
        Route("/proposals/{draft}/submit/", POST),
        Route("/proposals/{draft_withdraw}/withdraw/", POST),
        Route("/proposals/{moderated}/withdraw/", POST),
        Route("/proposals/{complain}/complain/", BOTH, reason),
        Route("/proposals/{moderate}/moderate/", BOTH, {**reason, "verdict": "admitted"}),
        Route("/proposals/{convene}/convene/", BOTH, {"days": "3"}),
    ]


def _votes(a: dict[str, str], in_a_week: dt.datetime) -> list[Route]:
    windows = {
        "nominations_close_at": f"{in_a_week:%Y-%m-%dT12:00}",
        "voting_closes_at": f"{in_a_week + dt.timedelta(days=4):%Y-%m-%dT12:00}",
    }
    paper = {"choice": "yes"}
    return [
        Route("/votes/"),
        Route("/votes/secrecy/"),
        Route("/votes/{poll}/", BOTH, paper),
        Route("/votes/{declared}/"),
        Route("/votes/{declared}/codes/"),
        Route("/votes/{declared}/ballots.csv"),
        Route("/votes/{declared}/export/"),
        Route("/votes/{poll}/codes/"),
        Route("/votes/table/", BOTH, {"code": "AAAAA-AAAAA"}),
        Route("/votes/{poll}/table/"),
        Route("/votes/{poll}/table/{row}/call/", POST),
        Route("/votes/{poll}/table/{row_called}/confirm/", POST),
        Route("/votes/{keyed}/key/"),
        Route("/votes/{keyed}/key/shares/", POST),
        Route("/votes/{keyed}/key/drill/", POST),
        Route("/votes/{keyed}/key/unlock/", POST),
        Route("/votes/{poll}/review/", POST, paper),
        Route("/votes/{poll}/place/", POST, {"place": "En el casino"}),
        Route("/votes/{poll}/count/", BOTH),
        Route("/votes/counts/{poll}/countersign/", POST),
        Route("/votes/{poll}/cast/", POST, paper),
        Route("/votes/{declared}/cast/", POST, paper),
        Route("/elections/"),
        Route("/elections/{election}/"),
        Route("/elections/{election}/export/"),
        Route("/elections/{election}/nominate/", BOTH, {"nominee": a["person"]}),
        Route("/elections/nominations/{nomination}/accept/", POST),
        Route("/elections/nominations/{nomination}/withdraw/", POST),
        Route("/elections/nominations/{nomination_decline}/decline/", POST),
        Route("/elections/{list_election}/lists/new/", BOTH, {"name": "Otra lista"}),
        Route("/elections/lists/{list}/", BOTH, {"nominee": a["person"]}),
        Route("/elections/nominations/{list_nomination}/up/", POST),
        Route("/elections/nominations/{list_nomination}/down/", POST),
        Route("/elections/call/{assembly}/", BOTH, {**windows, "body": a["committee"]}),
    ]


def _councils(a: dict[str, str], in_a_week: dt.datetime) -> list[Route]:
    """A mandate is confirmed before its question is withdrawn, after which nothing can be confirmed."""
    vote = {"kind": "bound", "closes_at": f"{in_a_week + dt.timedelta(days=2):%Y-%m-%dT12:00}"}
    decided = {"kind": "free", "decided_on": a["today"]}
    asked = {
        "title": "¿Se presta el camión?",
        "text": "Tres días.",
        "opens_at": f"{in_a_week:%Y-%m-%dT12:00}",
        "closes_at": f"{in_a_week + dt.timedelta(days=5):%Y-%m-%dT12:00}",
    }
    return [
        Route("/councils/{council}/"),
        Route("/councils/{council}/questions/new/", BOTH, asked),
        Route("/questions/{question}/"),
        Route("/questions/{question_decided}/"),
        Route("/votes/{named}/"),
        Route("/questions/{question}/instruct/{assembly}/", BOTH, {**vote, "do": "vote"}),
        Route("/questions/{question_decide}/instruct/{assembly}/", POST, {**decided, "do": "decided"}),
        Route("/mandates/{mandate}/confirm/", POST),
        Route("/questions/{question_withdraw}/withdraw/", POST),
        Route("/questions/{question_decided}/withdraw/", POST),
        Route("/delegates/{delegacy}/", BOTH, {"text": "Voté como me dijeron."}),
    ]


def _objections(a: dict[str, str]) -> list[Route]:
    """Of one person one objection waits at a time: the second who makes it is refused. There is no result yet to
    object to: whoever may is led back. Once an order of lots is confirmed, nobody enters another."""
    reason = {"reason": "Trabaja aquí desde marzo."}
    about = {"person": a["person"], "kind": "not_entitled", "text": "No trabaja aquí."}
    return [
        Route("/elections/{campaign}/"),
        Route("/elections/{campaign}/roll/"),
        Route("/elections/{campaign}/roll/object/", BOTH, about),
        Route("/elections/{campaign}/object/", BOTH, {"text": "No se pudo entrar."}),
        Route("/elections/lots/{lots}/confirm/", POST),
        Route("/elections/{campaign}/lots/", BOTH, {"place_1": "1", "place_2": "2", "place_3": "3"}),
        Route("/elections/objections/{objection}/"),
        Route("/elections/objections/{objection}/answer/", POST, {**reason, "verdict": "dismissed"}),
        Route("/elections/objections/{objection_answered}/confirm/", POST, {"answer": "1"}),
    ]


def _seats(a: dict[str, str], in_a_week: dt.datetime) -> list[Route]:
    """A seat is given back last: nothing of it is handed over afterwards."""
    days = {"from_on": f"{in_a_week:%Y-%m-%d}", "last_on": f"{in_a_week:%Y-%m-%d}"}
    return [
        Route("/seats/{seat_above}/hand-over/", BOTH, {**days, "substitute": a["substitute"]}),
        Route("/replacements/{replacement}/end/", POST),
        Route("/seats/{seat_above}/resign/", BOTH),
    ]


def _recalls() -> list[Route]:
    """Support first, then back: of the two that are needed the caller is one."""
    return [
        Route("/seats/{seat}/recall/", BOTH, {"reason": "No rinde cuentas."}),
        Route("/recalls/{recall}/"),
        Route("/recalls/{recall}/support/", POST),
        Route("/recalls/{recall}/withdraw/", POST),
        Route("/recalls/{recall}/answer/", POST, {"answer": "Rendí cuentas."}),
    ]


def _people() -> list[Route]:
    rights = {"category": "definitive", "can_vote": "on", "can_stand": "on", "counts_for_quorum": "on"}
    people = "/workplaces/{w}/people/"
    return [
        Route(people),
        Route(people + "admit/", BOTH, {**rights, "name": "Rosa Nueva"}),
        Route(people + "sections/", BOTH, {"name": "Sección nueva"}),
        Route(people + "{person}/name/", BOTH, {"name": "Rosa Corregida"}),
        Route(people + "import/", BOTH),
        Route(people + "import/confirm/", BOTH),
        Route(people + "codes/", POST, {"whom": "anyone", "count": "1"}),
        Route(people + "{person}/", BOTH, rights),
        Route(people + "{person}/reset/", POST),
        Route(people + "{leaver}/end/", POST, {"sure": "yes"}),
        Route("/codes/{codes}/approve/", POST),
        Route("/codes/{codes}/print/", BOTH),
        Route("/codes/{codes_void}/void/", POST),
    ]


def _accounts() -> list[Route]:
    """Signing out comes last: what is posted after it would be posted by nobody."""
    return [
        Route("/account/", BOTH, {"email": "", "language": "es"}),
        Route("/account/second-factor/"),
        Route("/accounts/login/", BOTH),
        Route("/accounts/inactive/"),
        Route("/accounts/reauthenticate/", BOTH),
        Route("/accounts/password/change/", BOTH),
        Route("/accounts/2fa/"),
        Route("/accounts/2fa/authenticate/", BOTH),
        Route("/accounts/2fa/reauthenticate/", BOTH),
        Route("/accounts/2fa/totp/activate/", BOTH),
        Route("/accounts/2fa/totp/deactivate/", BOTH),
        Route("/accounts/2fa/recovery-codes/"),
        Route("/accounts/2fa/recovery-codes/generate/", BOTH),
        Route("/accounts/2fa/recovery-codes/download/"),
        Route("/accounts/logout/", BOTH),
    ]
