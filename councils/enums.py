"""States and kinds, with the allowed transitions beside them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TerritoryKind(TextChoices):
    """Levels of the tree, from the widest to the shop floor."""

    NATION = "nation", _("nation")
    PROVINCE = "province", _("province")
    CORDON = "cordon", _("cordón")
    WORKPLACE = "workplace", _("workplace")
    SECTION = "section", _("section")


class BodyKind(TextChoices):
    """Bodies that decide. The first six decide on a territory, the last two gather workplaces."""

    ASSEMBLY = "assembly", _("assembly")
    COMMITTEE = "committee", _("committee")
    SECTION_COMMITTEE = "section_committee", _("section committee")
    CORDON_COUNCIL = "cordon_council", _("council of the cordón")
    PROVINCIAL_COORDINATION = "provincial_coordination", _("provincial coordination")
    NATIONAL_COUNCIL = "national_council", _("national council")
    BRANCH = "branch", _("branch")
    FEDERATION = "federation", _("federation")


#: The council that decides on each level above the workplace.
COUNCIL_OF = {
    TerritoryKind.CORDON: BodyKind.CORDON_COUNCIL,
    TerritoryKind.PROVINCE: BodyKind.PROVINCIAL_COORDINATION,
    TerritoryKind.NATION: BodyKind.NATIONAL_COUNCIL,
}


class Category(TextChoices):
    """How a member belongs to a workplace. Rights are separate columns of the membership."""

    DEFINITIVE = "definitive", _("definitive")
    TEMPORARY = "temporary", _("temporary")
    PROBATION = "probation", _("on probation")
    ON_LEAVE = "on_leave", _("on leave")
    EXCLUDED = "excluded", _("excluded (management)")


class Secrecy(TextChoices):
    """How a poll keeps its votes. A later ``blind`` fits beside these."""

    URN = "urn", _("secret, by urn")
    NAMED = "named", _("by name")
    #: Wholly in the hall: nothing is cast here, the count is entered by one and countersigned by another.
    PAPER = "paper", _("secret, on paper")


class ElectionState(TextChoices):
    """Life of an election, from its call to its seats."""

    CALLED = "called", _("called")
    NOMINATING = "nominating", _("nominations open")
    CAMPAIGN = "campaign", _("roll closed, campaign")
    VOTING = "voting", _("voting")
    COUNTED = "counted", _("counted")
    DECLARED = "declared", pgettext_lazy("election", "declared, may be objected to")
    SEATED = "seated", _("seated")
    VOID = "void", _("void")


ELECTION_TRANSITIONS = {
    ElectionState.CALLED: {ElectionState.NOMINATING, ElectionState.VOID},
    # straight to the vote where the rules give no days of campaign
    ElectionState.NOMINATING: {ElectionState.CAMPAIGN, ElectionState.VOTING, ElectionState.VOID},
    ElectionState.CAMPAIGN: {ElectionState.VOTING, ElectionState.VOID},
    ElectionState.VOTING: {ElectionState.COUNTED, ElectionState.VOID},
    ElectionState.COUNTED: {ElectionState.DECLARED, ElectionState.VOID},
    # seated at once where they give no days to object
    ElectionState.DECLARED: {ElectionState.SEATED, ElectionState.VOID},
    ElectionState.SEATED: set(),
    ElectionState.VOID: set(),
}


class NominationState(TextChoices):
    """A nomination counts only when the person named accepts it."""

    PROPOSED = "proposed", _("waiting for acceptance")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


NOMINATION_TRANSITIONS = {
    NominationState.PROPOSED: {NominationState.ACCEPTED, NominationState.DECLINED},
    NominationState.ACCEPTED: {NominationState.WITHDRAWN},
    # a no is a no: nobody asks again, and she alone may come back, by naming herself
    NominationState.DECLINED: {NominationState.ACCEPTED},
    NominationState.WITHDRAWN: {NominationState.ACCEPTED},
}


class ProposalKind(TextChoices):
    """What an adopted proposal is: a text that the assembly has agreed to, or other rules of its own."""

    TEXT = "text", _("text")
    RULES = "rules", _("change of the rules")


class ProposalState(TextChoices):
    """Life of a proposal in its workplace."""

    DRAFT = "draft", _("draft")
    MODERATION = "moderation", _("in moderation")
    RETURNED = "returned", _("returned")
    DELIBERATION = "deliberation", _("in deliberation")
    VOTING = "voting", _("voting")
    ADOPTED = "adopted", _("adopted")
    REJECTED = "rejected", _("rejected")
    NO_QUORUM = "no_quorum", _("without quorum")
    WITHDRAWN = "withdrawn", _("withdrawn")
    INTERRUPTED = "interrupted", _("interrupted")


PROPOSAL_TRANSITIONS = {
    ProposalState.DRAFT: {ProposalState.MODERATION, ProposalState.DELIBERATION, ProposalState.WITHDRAWN},
    ProposalState.MODERATION: {ProposalState.DELIBERATION, ProposalState.RETURNED, ProposalState.WITHDRAWN},
    # what was returned once is moderated again
    ProposalState.RETURNED: {ProposalState.MODERATION, ProposalState.WITHDRAWN},
    ProposalState.DELIBERATION: {ProposalState.VOTING, ProposalState.MODERATION, ProposalState.WITHDRAWN},
    ProposalState.VOTING: {
        ProposalState.ADOPTED,
        ProposalState.REJECTED,
        ProposalState.NO_QUORUM,
        ProposalState.INTERRUPTED,
    },
    ProposalState.ADOPTED: set(),
    ProposalState.REJECTED: set(),
    ProposalState.NO_QUORUM: set(),
    ProposalState.WITHDRAWN: set(),
    ProposalState.INTERRUPTED: {ProposalState.VOTING, ProposalState.WITHDRAWN},
}


class PollState(TextChoices):
    """One vote of one electorate. ``scheduled`` and ``open`` are told apart by the clock too."""

    SCHEDULED = "scheduled", _("scheduled")
    OPEN = "open", _("open")
    COUNTED = "counted", _("counted")
    DECLARED = "declared", _("declared")
    VOID = "void", _("void")
    INTERRUPTED = "interrupted", _("interrupted")


POLL_TRANSITIONS = {
    PollState.SCHEDULED: {PollState.OPEN, PollState.VOID},
    PollState.OPEN: {PollState.COUNTED, PollState.VOID, PollState.INTERRUPTED},
    # counted: ballots are written, the key is still to be destroyed; declared only when it is gone
    PollState.COUNTED: {PollState.DECLARED},
    PollState.DECLARED: set(),
    PollState.VOID: set(),
    PollState.INTERRUPTED: {PollState.VOID},
}


class PollKind(TextChoices):
    """What the ballot paper asks, and so how it is counted."""

    YES_NO = "yes_no", _("yes, no or abstain")
    APPROVAL = "approval", _("approval")
    #: One mark, or as many as there are seats (block vote).
    PLURALITY = "plurality", _("most votes")
    #: A ranking; with one seat the alternative vote.
    STV = "stv", _("single transferable vote")
    #: One list on each paper, seats by highest averages (``counting.lists``).
    DHONDT = "dhondt", _("lists, by D'Hondt")
    SAINTE_LAGUE = "sainte_lague", _("lists, by Sainte-Laguë")


#: Elections in which people stand on lists.
BY_LISTS = (PollKind.DHONDT, PollKind.SAINTE_LAGUE)


class Choice(TextChoices):
    """The three answers of a yes/no ballot; a blank or spoilt paper is none of them."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    ABSTAIN = "abstain", _("Abstain")


class MandateKind(TextChoices):
    """How far an electorate binds its delegates in one vote of their council."""

    FREE = "free", _("they vote as they see fit")
    BOUND = "bound", _("all vote as decided")
    SPLIT = "split", _("their votes are split as ours were")


class Verdict(TextChoices):
    """A moderator's decision, always with a public reason."""

    ADMITTED = "admitted", _("admitted")
    RETURNED = "returned", _("returned")


class CodePurpose(TextChoices):
    """What a one-time code opens."""

    ENROL = "enrol", _("enrol")
    RESET = "reset", _("choose a new password")


class JobState(TextChoices):
    """A job is pending until its effect is committed. ``parked`` waits for a person."""

    PENDING = "pending", pgettext_lazy("job", "pending")
    DONE = "done", pgettext_lazy("job", "done")
    PARKED = "parked", pgettext_lazy("job", "parked")


class SeatEnd(TextChoices):
    """Why a seat ended before its term."""

    RESIGNED = "resigned", _("resigned")
    RECALLED = "recalled", _("recalled")
    LEFT = "left", _("left the workplace")
    EXCLUDED = "excluded", _("excluded from the assembly (management)")
    #: The right to stand was taken from her membership.
    INELIGIBLE = "ineligible", _("lost the right to stand")
    #: By the rules nobody holds this seat together with the one that she was given later.
    INCOMPATIBLE = "incompatible", _("took a seat that cannot be held together with this one")
    REPLACED = "replaced", _("replaced by a new election")
    #: The seat below, by virtue of which she sat here, ended.
    BELOW = "below", _("no longer a delegate below")


class AgendaState(TextChoices):
    """A point of an assembly's agenda: it waits for the next assembly until nothing is left to talk about."""

    WAITING = "waiting", pgettext_lazy("agenda", "waiting")
    TAKEN_OFF = "taken_off", pgettext_lazy("agenda", "taken off")


class RecallState(TextChoices):
    """Life of the recall of a seat. ``expired``: too few asked for it; ``lapsed``: the seat ended otherwise."""

    COLLECTING = "collecting", _("collecting support")
    VOTING = "voting", _("voting")
    RECALLED = "recalled", _("recalled")
    KEPT = "kept", _("kept")
    VOID = "void", _("void")
    EXPIRED = "expired", _("expired")
    LAPSED = "lapsed", _("lapsed")


RECALL_TRANSITIONS = {
    RecallState.COLLECTING: {RecallState.VOTING, RecallState.VOID, RecallState.EXPIRED, RecallState.LAPSED},
    RecallState.VOTING: {RecallState.RECALLED, RecallState.KEPT, RecallState.VOID, RecallState.LAPSED},
    RecallState.RECALLED: set(),
    RecallState.KEPT: set(),
    RecallState.VOID: set(),
    RecallState.EXPIRED: set(),
    RecallState.LAPSED: set(),
}


class VacancyRule(TextChoices):
    """How a seat that ended early is filled for the rest of its term."""

    BY_ELECTION = "by_election", _("by-election")
    COUNTBACK = "countback", _("countback")
    NEXT = "next", _("next by votes")


class ObjectionKind(TextChoices):
    """What is objected to: somebody who is not on a closed roll, somebody who is, or a declared result."""

    MISSING = "missing", _("is missing from the roll")
    NOT_ENTITLED = "not_entitled", _("should not be on the roll")
    RESULT = "result", _("the result of the election")


class ObjectionVerdict(TextChoices):
    """What two people of the committee say to an objection."""

    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("dismissed")
