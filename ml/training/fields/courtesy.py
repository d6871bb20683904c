"""Courtesy amounts as people write them: thousands with their marks, cents in many ways, and signs before and behind.

Each function writes with a pen (`ml.training.fields.pen`) and returns what it wrote as text, in the signs of
`ml.reading.forms.signs`.
"""

from __future__ import annotations

from numpy.random import Generator

from ml.reading.forms.signs import CURRENCY, RAISED
from ml.training.fields.digits import DIGIT_HEIGHT
from ml.training.fields.pen import Pen
from ml.training.synthesis.signs import draw_currency


def write_amount(pen: Pen, rng: Generator) -> str:
    """Write an amount in a convention at random; returns its text."""
    text = _open(pen, rng)
    whole = _random_whole(rng)
    mark, indian = str(rng.choice(("", ",", ".", "'", " "), p=(0.33, 0.4, 0.13, 0.04, 0.1))), rng.random() < 0.45
    nought_size = float(rng.choice((1.0, rng.uniform(0.4, 0.9)), p=(0.7, 0.3)))
    for index, digit in enumerate(whole):
        if index and mark and _ends_group(len(whole) - index, indian):
            if mark == " ":
                pen.at += rng.uniform(0.2, 0.5) * DIGIT_HEIGHT
            else:
                text += pen.mark(mark, rng)
        text += pen.write(digit, rng, size=nought_size if digit == "0" else 1.0)
    text += _write_cents(pen, "," if mark in (".", "'") else ".", rng)
    return text + _close(pen, rng)


def _ends_group(behind: int, indian: bool) -> bool:
    """Whether a group of digits ends where `behind` digits follow. India groups by two above the thousands."""
    return behind == 3 or (behind > 3 and (behind - 3) % (2 if indian else 3) == 0)


def _random_whole(rng: Generator) -> str:
    """The digits before the cents."""
    count = int(rng.choice(9, p=(0.05, 0.1, 0.2, 0.2, 0.15, 0.12, 0.09, 0.06, 0.03))) + 1
    digits = rng.integers(0, 10, count)
    digits[0] = digits[0] or rng.integers(1, 10)
    if count > 1 and rng.random() < 0.5:
        digits[count - int(rng.integers(1, count)) :] = 0
    if rng.random() < 0.1:
        at = int(rng.integers(count))
        digits[max(0, at - 1) : at + 1] = digits[at]
    if rng.random() < 0.06:  # at a number's end a crossed 7 is easily taken for "/-"
        digits[-1] = 7
    return "".join(map(str, digits))


def _write_cents(pen: Pen, mark: str, rng: Generator) -> str:
    """Write cents, if any: behind a mark, raised or underlined, as hundredths, or as a dash in their place."""
    choice = rng.random()
    cents = "00" if rng.random() < 0.35 else f"{rng.integers(100):02d}"
    if choice < 0.42:
        return ""
    if choice < 0.72:
        pen.mark(mark, rng)
        size = rng.choice((1.0, rng.uniform(0.65, 0.95)), p=(0.6, 0.4))
        return mark + pen.write(cents, rng, size=float(size))
    if choice < 0.77:
        return pen.mark(mark, rng) + pen.dash(rng, 0.2, 1.0)
    text = pen.mark(mark, rng) if choice > 0.94 else RAISED  # some have a mark although they are raised
    size = rng.uniform(0.45, 0.75)
    pen.at += rng.uniform(0, 0.2) * DIGIT_HEIGHT
    raised, start = float(rng.uniform(0.3, 1.1 - size)), pen.at
    text += pen.write(cents, rng, raised=raised, size=size)
    if choice >= 0.87:
        return text + _write_hundredths(pen, rng)
    if rng.random() < 0.6:
        _underline(pen, start, raised, rng)
    return text


def _underline(pen: Pen, start: float, raised: float, rng: Generator) -> None:
    """Draw a line or two below raised cents, from their beginning to the pen."""
    for below in (0.1, 0.22)[: int(rng.integers(1, 3))]:
        length, low = (pen.at - start) / DIGIT_HEIGHT, raised - below
        pen.stroke((-length - 0.05, low), (0.05, low + rng.normal(0, 0.04)))


def _write_hundredths(pen: Pen, rng: Generator) -> str:
    """Write "/100", which makes the digits before it hundredths."""
    text = pen.slash(rng)
    size, low = rng.uniform(0.45, 0.8), rng.uniform(-0.1, 0.1)
    return text + pen.write("100", rng, raised=low, size=size)


def _open(pen: Pen, rng: Generator) -> str:
    """Write what comes before an amount: often nothing, else a currency's sign, a dash or stars."""
    choice = rng.random()
    if choice < 0.45:
        if choice < 0.04:
            _print_edge(pen, rng)
        return ""
    if choice < 0.85:
        return _put_currency(pen, rng)
    if choice < 0.93:
        return pen.dash(rng, 0.2, 1.2)
    return pen.stars(rng)


def _put_currency(pen: Pen, rng: Generator) -> str:
    """Write or print a currency's sign, touching what follows or not, now and then with the edge of a box behind it."""
    sign = draw_currency(int(DIGIT_HEIGHT * rng.uniform(0.6, 1.25)), rng)
    pen.stamp(sign, pen.foot + rng.uniform(-0.1, 0.25) * DIGIT_HEIGHT, printed=rng.random() < 0.75)
    pen.at += sign.shape[1] + rng.choice((rng.uniform(-0.08, 0.3), rng.uniform(0.3, 1.2)), p=(0.6, 0.4)) * DIGIT_HEIGHT
    if rng.random() < 0.12:
        _print_edge(pen, rng)
    return CURRENCY


def _print_edge(pen: Pen, rng: Generator) -> None:
    """Print the left edge of the box around the amount."""
    pen.print_line((0, -0.8), (0, 1.8), thick=rng.uniform(0.02, 0.06))
    pen.at += rng.uniform(0.05, 0.5) * DIGIT_HEIGHT


def _close(pen: Pen, rng: Generator) -> str:
    """Write what keeps others from adding a digit, or nothing."""
    choice = rng.random()
    if choice < 0.4:
        return ""
    if choice < 0.68:
        return _close_with_slash(pen, rng)
    if choice < 0.86:
        return pen.dash(rng, 0.2, 2.0)
    if choice < 0.91:
        start, text = pen.at, pen.dash(rng, 0.3, 0.9)
        _dash_above(pen, start, 0.9, rng)
        return text
    if choice < 0.96:
        pen.at += 0.1 * DIGIT_HEIGHT
        return pen.stars(rng)
    return pen.word(rng)


def _close_with_slash(pen: Pen, rng: Generator) -> str:
    """Write a slash, mostly with a dash or two behind it."""
    text = pen.slash(rng, upright=rng.random() < 0.35)
    if rng.random() < 0.15:
        return text
    if rng.random() < 0.25:
        x, y = pen.tip
        return text + pen.dash_from((x, y + rng.uniform(-0.05, 0.4) * DIGIT_HEIGHT), rng)
    if rng.random() < 0.15:
        start = pen.at
        text += pen.dash(rng, 0.3, 0.8)
        _dash_above(pen, start + rng.normal(0, 0.05) * DIGIT_HEIGHT, 0.8, rng)
        return text
    pen.at += rng.choice((rng.uniform(-0.25, 0), rng.uniform(0, 0.5)), p=(0.7, 0.3)) * DIGIT_HEIGHT
    return text + (pen.bowed_dash(rng) if rng.random() < 0.35 else pen.dash(rng, 0.15, 2.0))


def _dash_above(pen: Pen, start: float, longest: float, rng: Generator) -> None:
    """Write a second dash above one: the two count as one sign."""
    base = pen.base
    pen.at, pen.base = start, base - rng.uniform(0.18, 0.3) * DIGIT_HEIGHT
    pen.dash(rng, 0.3, longest)
    pen.base = base
