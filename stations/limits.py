"""How many faults are taken from passers-by: enough for people, too few for a machine."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.crypto import salted_hmac

# From one address at one station in an hour; many people share an address behind a carrier.
OF_ADDRESS, HOUR = 5, 3600
# At one station in a day, from wherever.
OF_STATION, DAY = 40, 24 * 3600


def may_report(station_pk: int, address: str) -> bool:
    """Whether one more report is taken, and counts it.

    Addresses stand in the cache only, as a keyed hash, and are forgotten after an hour.
    """
    own = salted_hmac("stations.limits", f"{station_pk} {address}").hexdigest()
    return _count(f"fault:{own}", HOUR) <= OF_ADDRESS and (
        _count(f"fault:{station_pk}", DAY) <= OF_STATION
    )


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:
        # It ran out in between.
        cache.set(key, 1, seconds)
        return 1
