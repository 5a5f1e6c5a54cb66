"""The current time, or the time that was set to reproduce a build."""

from __future__ import annotations

import errno
import os
import re
import time
from datetime import date, datetime, timezone

EARLIEST = 1_000_000_000
"""September 2001: no deck is older. A machine without a battery starts in 1970."""

TOLERANCE = 60
"""Seconds that the clocks of two machines may differ."""


def now() -> int:
    """The time in seconds since 1970. ``SOURCE_DATE_EPOCH`` (https://reproducible-builds.org/specs/source-date-epoch)
    overrides the clock; raises OSError if it is not a number, or has more than 11 digits (after the year 5138)."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return int(time.time())
    if not re.fullmatch("[0-9]{1,11}", given):
        message = f"expected the seconds since 1970 as a whole number, found '{given}'"
        raise OSError(errno.EINVAL, message, "SOURCE_DATE_EPOCH")
    return int(given)


def readable(seconds: int) -> str:
    """A time as a date with the time of day, in UTC."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")


def today() -> date:
    """The date of ``now``, in UTC."""
    return datetime.fromtimestamp(now(), timezone.utc).date()
