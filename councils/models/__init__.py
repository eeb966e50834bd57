"""What councils remembers."""

from councils.models.agenda_item import AgendaItem
from councils.models.audit_event import AuditEvent
from councils.models.body import Affiliation, Body
from councils.models.candidate_list import CandidateList
from councils.models.delegate_report import DelegateReport
from councils.models.election import Election, Nomination
from councils.models.enrolment import CodeBatch, EnrolmentCode
from councils.models.job import Heartbeat, Job
from councils.models.lots import LotDraw
from councils.models.mandate import Consultation, Mandate
from councils.models.member import Member
from councils.models.membership import Membership
from councils.models.objection import Objection
from councils.models.paper_count import PaperCount
from councils.models.poll import Ballot, CheckCode, NamedVote, Poll, RollEntry, Scrutineer
from councils.models.proposal import Complaint, Moderation, Proposal, ProposalVersion
from councils.models.question import Question
from councils.models.recall import Recall, RecallSupport
from councils.models.replacement import Replacement
from councils.models.rule_set import RuleSet
from councils.models.seat import Seat
from councils.models.substitute import Substitute
from councils.models.table import TableAdmission
from councils.models.territory import Placement, Territory

__all__ = [
    "Affiliation",
    "AgendaItem",
    "AuditEvent",
    "Ballot",
    "Body",
    "CandidateList",
    "CheckCode",
    "CodeBatch",
    "Complaint",
    "Consultation",
    "DelegateReport",
    "Election",
    "EnrolmentCode",
    "Heartbeat",
    "Job",
    "LotDraw",
    "Mandate",
    "Member",
    "Membership",
    "Moderation",
    "NamedVote",
    "Nomination",
    "Objection",
    "PaperCount",
    "Placement",
    "Poll",
    "Proposal",
    "ProposalVersion",
    "Question",
    "Recall",
    "RecallSupport",
    "Replacement",
    "RollEntry",
    "RuleSet",
    "Scrutineer",
    "Seat",
    "Substitute",
    "TableAdmission",
    "Territory",
]
