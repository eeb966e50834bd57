"""Addresses of councils."""

from allauth.account import views as allauth_views
from allauth.mfa.base.urls import urlpatterns as mfa_urls
from allauth.mfa.recovery_codes.urls import urlpatterns as recovery_code_urls
from allauth.mfa.totp.urls import urlpatterns as totp_urls
from django.urls import URLPattern, URLResolver, include, path

from councils.views import (
    account,
    agenda_item,
    audit_event,
    candidate_list,
    code_batch,
    council,
    delegate,
    election,
    enrolment,
    health,
    language,
    lots,
    mandate,
    membership,
    moderation,
    objection,
    paper_count,
    poll,
    proposal,
    question,
    recall,
    roll_import,
    rule_set,
    scrutiny,
    seat,
    section,
    table,
)

#: Of allauth only what is used: no sign-up, no e-mail, no reset by mail.
signing_in: list[URLPattern | URLResolver] = [
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("2fa/", include(mfa_urls)),
    path("2fa/totp/", include(totp_urls)),
    path("2fa/recovery-codes/", include(recovery_code_urls)),
]

proposals: list[URLPattern | URLResolver] = [
    path("", proposal.list_proposals, name="proposals"),
    path("new/", proposal.new_proposal, name="proposal_new"),
    path("moderation/", moderation.list_moderation, name="moderation"),
    path("<uuid:uuid>/", proposal.show_proposal, name="proposal"),
    path("<uuid:uuid>/edit/", proposal.edit_proposal, name="proposal_edit"),
    path("<uuid:uuid>/rules/", rule_set.edit_changes, name="proposal_rules"),
    path("<uuid:uuid>/submit/", proposal.submit, name="proposal_submit"),
    path("<uuid:uuid>/withdraw/", proposal.withdraw, name="proposal_withdraw"),
    path("<uuid:uuid>/moderate/", moderation.moderate, name="proposal_moderate"),
    path("<uuid:uuid>/complain/", moderation.complain, name="proposal_complain"),
    path("<uuid:uuid>/convene/", proposal.convene, name="proposal_convene"),
]

votes: list[URLPattern | URLResolver] = [
    path("", poll.list_votes, name="votes"),
    path("secrecy/", poll.is_it_secret, name="vote_secrecy"),
    path("table/", table.vote_with_code, name="table_vote"),
    path("<uuid:uuid>/", poll.show_vote, name="vote"),
    path("<uuid:uuid>/table/", table.show_table, name="vote_table"),
    path("<uuid:uuid>/table/<uuid:row>/call/", table.call, name="table_call"),
    path("<uuid:uuid>/table/<uuid:row>/confirm/", table.confirm, name="table_confirm"),
    path("<uuid:uuid>/key/", scrutiny.show_key, name="vote_key"),
    path("<uuid:uuid>/key/shares/", scrutiny.print_shares, name="key_shares"),
    path("<uuid:uuid>/key/drill/", scrutiny.drill, name="key_drill"),
    path("<uuid:uuid>/key/unlock/", scrutiny.unlock, name="key_unlock"),
    path("<uuid:uuid>/place/", paper_count.announce, name="vote_place"),
    path("<uuid:uuid>/count/", paper_count.show_count, name="paper_count"),
    path("counts/<uuid:uuid>/countersign/", paper_count.countersign, name="paper_countersign"),
    path("<uuid:uuid>/review/", poll.review, name="vote_review"),
    path("<uuid:uuid>/cast/", poll.cast, name="vote_cast"),
    path("<uuid:uuid>/codes/", poll.list_codes, name="vote_codes"),
    path("<uuid:uuid>/export/", poll.export, name="vote_export"),
    path("<uuid:uuid>/ballots.csv", poll.download_ballots, name="vote_ballots"),
]

elections: list[URLPattern | URLResolver] = [
    path("", election.list_elections, name="elections"),
    path("<uuid:uuid>/", election.show_election, name="election"),
    path("<uuid:uuid>/export/", election.export, name="election_export"),
    path("<uuid:uuid>/nominate/", election.nominate_someone, name="election_nominate"),
    path("<uuid:uuid>/lists/new/", candidate_list.put_forward, name="candidate_list_new"),
    path("lists/<uuid:uuid>/", candidate_list.show_list, name="candidate_list"),
    path("nominations/<uuid:uuid>/up/", candidate_list.move, {"way": "up"}, "nomination_up"),
    path("nominations/<uuid:uuid>/down/", candidate_list.move, {"way": "down"}, "nomination_down"),
    path("<uuid:uuid>/roll/", objection.show_roll, name="election_roll"),
    path("<uuid:uuid>/roll/object/", objection.object_roll, name="object_roll"),
    path("<uuid:uuid>/object/", objection.object_result, name="object_result"),
    path("<uuid:uuid>/lots/", lots.show_lots, name="election_lots"),
    path("lots/<uuid:uuid>/confirm/", lots.confirm, name="lots_confirm"),
    path("objections/<uuid:uuid>/", objection.show_objection, name="objection"),
    path("objections/<uuid:uuid>/answer/", objection.answer, name="objection_answer"),
    path("objections/<uuid:uuid>/confirm/", objection.confirm, name="objection_confirm"),
    path("call/<uuid:uuid>/", election.call, name="election_call"),
    path("nominations/<uuid:uuid>/accept/", election.answer_nomination, {"answer": "accept"}, "nomination_accept"),
    path("nominations/<uuid:uuid>/decline/", election.answer_nomination, {"answer": "decline"}, "nomination_decline"),
    path(
        "nominations/<uuid:uuid>/withdraw/", election.answer_nomination, {"answer": "withdraw"}, "nomination_withdraw"
    ),
]

recalls: list[URLPattern | URLResolver] = [
    path("<uuid:uuid>/", recall.show, name="recall"),
    path("<uuid:uuid>/support/", recall.support, name="recall_support"),
    path("<uuid:uuid>/withdraw/", recall.withdraw, name="recall_withdraw"),
    path("<uuid:uuid>/answer/", recall.answer, name="recall_answer"),
]

people: list[URLPattern | URLResolver] = [
    path("", membership.list_people, name="people"),
    path("admit/", membership.admit, name="admit"),
    path("import/", roll_import.import_roll, name="roll_import"),
    path("import/confirm/", roll_import.confirm, name="roll_confirm"),
    path("codes/", code_batch.ask, name="codes_ask"),
    path("sections/", section.list_sections, name="sections"),
    path("<uuid:person>/", membership.edit_person, name="person"),
    path("<uuid:person>/name/", membership.rename, name="person_name"),
    path("<uuid:person>/end/", membership.end, name="membership_end"),
    path("<uuid:person>/reset/", code_batch.ask_reset, name="reset_ask"),
]

codes: list[URLPattern | URLResolver] = [
    path("<uuid:uuid>/approve/", code_batch.approve, name="codes_approve"),
    path("<uuid:uuid>/print/", code_batch.print_sheet, name="codes_print"),
    path("<uuid:uuid>/void/", code_batch.void, name="codes_void"),
]

councils: list[URLPattern | URLResolver] = [
    path("councils/<uuid:uuid>/", council.show_council, name="council"),
    path("councils/<uuid:uuid>/questions/new/", question.new_question, name="question_new"),
    path("questions/<uuid:uuid>/", question.show_question, name="question"),
    path("questions/<uuid:uuid>/instruct/<uuid:electorate>/", mandate.instruct, name="question_instruct"),
    path("mandates/<uuid:uuid>/confirm/", mandate.confirm, name="mandate_confirm"),
    path("delegates/<uuid:uuid>/", delegate.show_delegate, name="delegate"),
    path("questions/<uuid:uuid>/withdraw/", question.withdraw, name="question_withdraw"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("votes/", include(votes)),
    path("elections/", include(elections)),
    path("recalls/", include(recalls)),
    path("seats/<uuid:uuid>/recall/", recall.call, name="recall_call"),
    path("seats/<uuid:uuid>/resign/", seat.resign, name="seat_resign"),
    path("seats/<uuid:uuid>/hand-over/", seat.hand_over, name="seat_hand_over"),
    path("replacements/<uuid:uuid>/end/", seat.take_back, name="seat_take_back"),
    path("accounts/", include(signing_in)),
    path("account/", account.show_account, name="account"),
    path("account/second-factor/", account.second_factor_needed, name="second_factor_needed"),
    path("proposals/", include(proposals)),
    path("enrol/", enrolment.enrol, name="enrol"),
    path("workplaces/<uuid:uuid>/people/", include(people)),
    path("codes/", include(codes)),
    *councils,
    path("bodies/<uuid:uuid>/log/", audit_event.list_log, name="log"),
    path("bodies/<uuid:uuid>/agenda/", agenda_item.show_agenda, name="agenda"),
    path("bodies/<uuid:uuid>/rules/", rule_set.show_rules, name="rules"),
    path("bodies/<uuid:uuid>/rules/change/", rule_set.propose_rules, name="rules_change"),
    path("healthz", health.healthz, name="healthz"),
    path("language/", language.choose_language, name="language"),
]
