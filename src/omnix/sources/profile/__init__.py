"""An unknown shop: look at its tables, propose how they map to the agreed shape, say what is missing."""

from omnix.sources.profile.cells import ColumnProfile
from omnix.sources.profile.look import Profile, TableProfile, profile_source
from omnix.sources.profile.proposal import Proposal
from omnix.sources.profile.propose import propose_mapping

__all__ = [
    "ColumnProfile",
    "Profile",
    "Proposal",
    "TableProfile",
    "profile_source",
    "propose_mapping",
]
