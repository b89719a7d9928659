"""The pages of sessions: the phone's, the list, one session, its photo."""

from activities.views.amend import Correct, Withdraw
from activities.views.phone import Log, PhoneHome
from activities.views.sessions import Photo, SessionList, SessionPage

__all__ = ["Correct", "Log", "PhoneHome", "Photo", "SessionList", "SessionPage", "Withdraw"]
