"""Read protocol buffers without their schema (https://protobuf.dev/programming-guides/encoding/)."""

from __future__ import annotations

from collections.abc import Iterator


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The number of each field of a message with its value: a signed integer, or bytes. Raises ValueError.

    Fixed-size values are skipped.
    """
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        wire_type = tag & 7
        if wire_type == 2:
            length, at = _varint(message, at)
            yield tag >> 3, message[at : at + length]
            at += length
        elif wire_type == 0:
            value, at = _varint(message, at)
            yield tag >> 3, value - (1 << 64) if value >= 1 << 63 else value
        elif wire_type in (1, 5):
            at += 8 if wire_type == 1 else 4
        else:
            raise ValueError("expected a message of protocol buffers, found something else")


def text(value: int | bytes) -> str:
    """A value as text; empty if it is a number."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number of at most ten bytes, and the index after it."""
    value = 0
    for index, byte in enumerate(message[at : at + 10]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value & (1 << 64) - 1, at + index + 1
    raise ValueError("expected a message of protocol buffers, found something else")
