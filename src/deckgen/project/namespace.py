"""Namespaces that no project may have."""

from __future__ import annotations

import re

_RESERVED = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|edu|net|org))?|invalid|localhost|test)", re.IGNORECASE)
"""Names that the domain name system reserves for documentation and tests (RFC 2606, RFC 6761)."""


def is_example(namespace: str) -> bool:
    """Whether a namespace is reserved for documentation, like those in our examples. Two projects that copied it would
    overwrite each other's cards, so it must not be released."""
    return re.fullmatch(_RESERVED, namespace.strip()) is not None
