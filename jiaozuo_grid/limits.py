"""Counting what comes in, so that a machine is not taken for people."""

from __future__ import annotations

import logging
import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac

log = logging.getLogger(__name__)


def count_up(key: str, seconds: int) -> int:
    """One more of ``key``; returns how many there were in this stretch of ``seconds``.

    A cache that is away keeps nobody out: then 0.
    """
    # Each stretch has a key of its own: most caches forget, in counting on, how long to keep it.
    key = f"{key}:{int(time.time()) // seconds}"
    try:
        cache.add(key, 0, seconds)
        try:
            count = int(cache.incr(key))
            cache.touch(key, seconds)
            return count
        except ValueError:
            # It ran out in between.
            cache.set(key, 1, seconds)
            return 1
    except Exception:  # each cache raises its own; people must not wait for it
        log.warning("the cache is away: not counted", exc_info=True)
        return 0


def keyed(purpose: str, address: str) -> str:
    """An address as a cache may hold it: a keyed hash, which tells it again and nothing else."""
    return salted_hmac(purpose, address).hexdigest()
