"""How many check-ins are taken: a whole village behind one address, but no machine.

Addresses stand in the cache only, as a keyed hash, and are forgotten after an hour.
"""

from __future__ import annotations

from django.conf import settings

from jiaozuo_grid.limits import count_up, keyed

# From one address at one place; an office or a carrier shares one among hundreds.
OF_ADDRESS, HOUR = 300, 3600
DAY = 24 * 3600
# So many codes that are none, before an address that sends them is told to stop. Good codes are
# taken from it all the same: who guesses must not lock out the people beside them.
WRONG_CODES = 50


def may_check_in(place: str, address: str) -> bool:
    """Whether one more is taken, and counts it."""
    own = keyed("activities.checkin", f"{place} {address}")
    return count_up(f"checkin:{own}", HOUR) <= OF_ADDRESS and (
        count_up(f"checkin:{place}", DAY) <= settings.PARTICIPANTS_AT_MOST
    )


def guesses(address: str) -> bool:
    """Whether this address sends too many codes that are none; counts one more."""
    return count_up(f"checkin-wrong:{keyed('activities.checkin', address)}", HOUR) > WRONG_CODES
