"""Numbers as JSON, the one shape that the command, the exports and the pad share."""

from __future__ import annotations

from typing import Any

from ml.reading.elements import Digit, Reading


def digit_as_json(digit: Digit) -> dict[str, Any]:
    """A digit: `digit` (0 to 9 or null), `confidence`, `box` [x, y, w, h] in pixels, `alternatives`."""
    return {
        "digit": digit.digit,
        "confidence": round(digit.confidence, 6),
        "box": list(digit.box.xywh),
        "alternatives": [{"digit": a.digit, "confidence": round(a.confidence, 6)} for a in digit.alternatives],
    }


def number_as_json(reading: Reading) -> dict[str, Any]:
    """A number: `value`, `text`, `confidence`, `accepted`, `box` [x, y, w, h] in pixels, `digits`."""
    return {
        "value": reading.value,
        "text": reading.text,
        "confidence": round(reading.confidence, 6),
        "accepted": reading.accepted,
        "box": list(reading.box.xywh),
        "digits": [digit_as_json(digit) for digit in reading.digits],
    }
