"""Namespaces: which of them can belong to no project."""

from __future__ import annotations

import re

_RESERVED = re.compile(r"(?:.*\.)?(?:example(?:\.(?:com|edu|net|org))?|invalid|localhost|test)", re.IGNORECASE)
"""Names that the domain name system reserves for documentation and tests (RFC 2606, RFC 6761)."""


def is_example(namespace: str) -> bool:
    """Whether a namespace is one that documentation uses, ours included: two projects that took it over would overwrite
    each other's cards, so it must not be released."""
    return re.fullmatch(_RESERVED, namespace.strip()) is not None
