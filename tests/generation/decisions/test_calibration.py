"""A calibration and the bytes it is kept as."""

from __future__ import annotations

import numpy as np
import pytest

from stages.base import Label, Prompt, Question
from workers.generation.decisions.calibration import ASKING, Calibration
from workers.generation.decisions.prototypes import Discriminant, Scale

SCALE = Scale(slope=2.0, offset=-1.0, exclusive=False)
PROBE = Discriminant(
    np.zeros(3), np.arange(9.0).reshape(3, 3), np.array([0.5, -0.5, 2.0]), np.array([0, 2])
)
QUESTION = Question(
    "topic", Prompt("", "{text}"), (Label("a", "a", ("x",)),), thresholds=(("t", 1),)
)


@pytest.mark.parametrize("probe", [PROBE, None])
def test_it_comes_back_from_its_bytes(probe: Discriminant | None) -> None:
    how = Calibration((3, 5) if probe else ASKING, 0.5, probe, SCALE, 0.25, 0.9)
    again = Calibration.from_json(how.rounded().to_json())
    assert (again.layers, again.scale, again.log_loss) == (how.layers, SCALE, 0.25)
    assert again.summary(QUESTION, 12) == how.summary(QUESTION, 12)
    if probe is None:
        assert again.discriminant is None
    else:
        features = np.array([[1.0, 2.0, 3.0]])
        assert again.discriminant is not None
        assert (again.discriminant.scores(features) == probe.scores(features)).all()


def test_the_summary_names_way_and_layer() -> None:
    probe = Calibration((3, 5), 0.5, PROBE, SCALE, 0.25, 0.9).summary(QUESTION, 12)
    asked = Calibration(ASKING, 1.0, None, SCALE, 0.25, 0.9).summary(QUESTION, 12)
    assert (probe.way, probe.layer, probe.layers) == ("examples", 5, 12)
    assert (asked.way, asked.layer, asked.thresholds) == ("asking", 12, {"t": 1})
