"""What the rules about lengths share: their reason, their remedy, and how they choose the severity."""

from __future__ import annotations

import math
from collections.abc import Mapping

from deckgen.core.diagnostics import Severity

MINIMUM = "Short texts are easier to recall (Wozniak, Twenty rules of formulating knowledge, 4)."
SHORTEN = "shorten it, and move the rest to `full`"

_SEVERITIES = {severity.value: severity for severity in Severity}


def severity_of(length: float, thresholds: Mapping[str, float]) -> Severity | None:
    """The severity of a length: the worst one whose threshold it exceeds; thresholds are named after severities."""
    for name, severity in _SEVERITIES.items():
        if length > thresholds.get(name, math.inf):
            return severity
    return None
