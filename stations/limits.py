"""How many faults are taken from passers-by: enough for people, too few for a machine."""

from __future__ import annotations

from jiaozuo_grid.limits import count_up, keyed

# From one address at one station in an hour; many people share an address behind a carrier.
OF_ADDRESS, HOUR = 5, 3600
# At one station in a day, from wherever.
OF_STATION, DAY = 40, 24 * 3600


def may_report(station_pk: int, address: str) -> bool:
    """Whether one more report is taken, and counts it.

    Addresses stand in the cache only, as a keyed hash, and are forgotten after an hour.
    """
    own = keyed("stations.limits", f"{station_pk} {address}")
    return count_up(f"fault:{own}", HOUR) <= OF_ADDRESS and (
        count_up(f"fault:{station_pk}", DAY) <= OF_STATION
    )
