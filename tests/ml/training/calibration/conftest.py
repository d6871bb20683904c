"""Observations whose calibration is known: what is fitted to them has to come out as it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ml.reading.recognisers.combine import Calibration, CandidateScores
from ml.training.calibration.fitting import Observation


@pytest.fixture(scope="session")
def truth() -> Calibration:
    """The calibration that the observations follow."""
    return Calibration(weights=(0.3, 0.9), bias=0.0, pooled=1.0, ours=0.0, all=0.0)


@pytest.fixture(scope="session")
def observations(truth: Calibration) -> Callable[[int, int], list[Observation]]:
    """`observations(count, seed)`: two values proposed for each, of which one is right as often as `truth` says."""

    def observe(count: int, seed: int) -> list[Observation]:
        rng = np.random.default_rng(seed)
        observed = []
        for _ in range(count):
            shares = rng.uniform(0.01, 0.99, 2)
            logs = np.log(np.stack([shares, 1 - shares]))
            best_values = tuple("351" if share > 0.5 else "361" for share in shares)
            scores = CandidateScores(("351", "361"), logs, best_values)
            written = "351" if rng.random() < truth.posterior(scores)[0] else "361"
            observed.append(Observation(scores, written))
        return observed

    return observe
