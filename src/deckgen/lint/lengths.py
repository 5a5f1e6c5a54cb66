"""How long a text may be, for the rules that limit lengths."""

from __future__ import annotations

from collections.abc import Mapping

from deckgen.core.diagnostics import Severity

MINIMUM = "The shorter what is recalled, the more surely it is (Wozniak, Twenty rules of formulating knowledge, 4)."
SHORTEN = "shorten it, and put what else is worth reading into `full`"


_SEVERITIES = {severity.value: severity for severity in Severity}


def severity_of(length: float, thresholds: Mapping[str, float]) -> Severity | None:
    """How serious a length is: the worst severity whose threshold, named after it, is exceeded."""
    exceeded = [name for name in _SEVERITIES if name in thresholds and length > thresholds[name]]
    return _SEVERITIES[exceeded[0]] if exceeded else None
