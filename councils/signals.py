"""Facts announced after commit. Receivers live in the app that acts on them.

Each is sent with keyword arguments; the sender is the model class.
"""

from django.dispatch import Signal

#: proposal, at
proposal_decided = Signal()
#: election, at
election_seated = Signal()
#: territory, first (day from which its place in the tree changed; None: not known), at
territory_moved = Signal()
