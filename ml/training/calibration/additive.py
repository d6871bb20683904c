"""Fits the model of acceptance: judged numbers with their features in, a monotone additive model out.

Each curve is a sum of ramps, one between each two neighbouring knots, and each ramp only takes away. So a curve falls
only in the direction in which its feature can only be worse. A small penalty on the ramps keeps curves level where
nothing is learned.

Source: T. Hastie, R. Tibshirani, "Generalized additive models", 1986; R. Byrd et al., "A limited memory algorithm for
bound constrained optimization", 1995 (L-BFGS-B).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ml.reading.acceptance.model import Curve, Features

Array = NDArray[np.float64]

_QUANTILES = (0.0, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 1.0)
_PENALTY = 0.5
"""Half of this times the sum of the squares of all ramps is added to the negative logarithm of the likelihood."""


def fit_curves(
    features: type[Features], rows: Array, right: NDArray[np.bool_], weights: Array
) -> tuple[float, tuple[Curve, ...]]:
    """Fit the model's bias and curves.

    Args:
        features: The evidence.
        rows: float64, numbers × features.
        right: bool, whether each number is right.
        weights: float64, how much each number counts.
    """
    knots = [_knots(column) for column in rows.T]
    sides = features.more_is_better()
    ramps = np.concatenate([_ramps(*one) for one in zip(rows.T, knots, sides, strict=True)], axis=1)

    def loss(parameters: Array) -> tuple[float, Array]:
        bias, takes = parameters[0], parameters[1:]
        odds = bias - ramps @ takes
        likelihood = np.where(right, np.logaddexp(0, -odds), np.logaddexp(0, odds))
        slope = weights * (1 / (1 + np.exp(-odds)) - right)
        value = float(weights @ likelihood + _PENALTY / 2 * takes @ takes)
        return value, np.concatenate([[slope.sum()], _PENALTY * takes - ramps.T @ slope])

    start = np.concatenate([[2.0], np.full(ramps.shape[1], 0.1)])
    bounds = [(None, None), *[(0.0, None)] * ramps.shape[1]]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    ends = np.cumsum([len(each) - 1 for each in knots])[:-1]
    takes = np.split(found[1:], ends)
    return float(found[0]), tuple(_curve(*one) for one in zip(rows.T, knots, takes, sides, strict=True))


def _knots(values: Array) -> Array:
    """Quantiles of all values, and of the different ones: many features are 0 of most numbers."""
    both = (np.quantile(each, _QUANTILES) for each in (values, np.unique(values)))
    knots = np.unique(np.round(np.concatenate([*both]), 2))
    return knots if len(knots) > 1 else np.array([knots[0], knots[0] + 1])


def _ramps(values: Array, knots: Array, better: bool) -> Array:
    """float64, values × (knots - 1): 0 to 1, how much of each ramp a value has gone down."""
    gone = np.clip((values[:, None] - knots[:-1]) / np.diff(knots), 0, 1)
    return 1 - gone if better else gone


def _curve(values: Array, knots: Array, takes: Array, better: bool) -> Curve:
    """The curve of a feature, from how much each of its ramps takes away; knots are rounded, what was seen is not."""
    zero = np.zeros(1)
    if better:
        heights = -np.concatenate([np.cumsum(takes[::-1])[::-1], zero])
    else:
        heights = -np.concatenate([zero, np.cumsum(takes)])
    return Curve(knots, heights, (float(values.min()), float(values.max())))


def curves_card(features: type[Features], curves: Sequence[Curve]) -> dict[str, dict[str, list[float]]]:
    """The curves of some evidence as a card holds them, by their feature's name."""
    return {
        name: {
            "knots": [round(float(knot), 4) for knot in curve.knots],
            "heights": [round(float(height), 4) for height in curve.heights],
            # Outwards: what was seen is not beyond itself.
            "seen": [math.floor(curve.seen[0] * 1e4) / 1e4, math.ceil(curve.seen[1] * 1e4) / 1e4],
        }
        for name, curve in zip(features.names(), curves, strict=True)
    }
