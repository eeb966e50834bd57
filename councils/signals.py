"""Facts announced after commit, unless said otherwise. Receivers live in the app that acts on them.

What is announced after commit may be lost with its process: it may refresh something, never start work that must
happen. Such work is a Job row, so its signal is sent inside the transaction and its receiver writes the row.

Each is sent with keyword arguments; the sender is the model class.
"""

from django.dispatch import Signal

#: proposal, at
proposal_decided = Signal()
#: election, at
election_seated = Signal()
#: seat (the recall ended it), recall, at
delegate_recalled = Signal()
#: Inside the transaction of the move, so that what must follow is written with it.
#: territory, first (day from which its place in the tree changed; None: not known), at
territory_moved = Signal()
