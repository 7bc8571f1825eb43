"""The beginning of a text, as decisions read it: its tokens, and what the model makes of them.

Knows how much of a text is read and in which batches; knows nothing of labels.  Invariant: a
text has the same features in any batch, but for rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from workers.generation.decisions.hidden_states import HiddenStates
from workers.generation.model.load import LoadedModel
from workers.generation.tokens.prompts import PromptEncoder

LONGEST = 64  # tokens of a text that are read: more tell no more (docs/log.md)
ROWS = 8  # texts in a batch: 16 at once are slower on a CPU (docs/log.md)
_CHARACTERS = 16 * LONGEST  # tokenized at most: no tokenizer needs more for that many tokens


def side_by_side(features: Mapping[int, np.ndarray], layers: Sequence[int]) -> np.ndarray:
    """Features of some layers, (texts, size) each, as one row a text."""
    return np.concatenate([features[layer] for layer in layers], axis=1)


class Texts:
    """Reads texts with a model."""

    def __init__(self, loaded: LoadedModel, encoder: PromptEncoder) -> None:
        self._encoder = encoder
        self._hidden = HiddenStates(loaded)
        self.depth = self._hidden.depth
        self.layers = self._hidden.layers

    def tokens(self, text: str) -> list[int]:
        """The tokens that are read, at least one."""
        return self._encoder.encode_data(text[:_CHARACTERS])[:LONGEST] or [0]

    def beginning(self, text: str) -> str:
        """About as much of a text as `tokens` holds, for a prompt."""
        short = text[:_CHARACTERS]
        share = LONGEST / max(1, len(self._encoder.encode_data(short)))
        return short if share >= 1 else short[: round(len(short) * share)]

    def features(self, texts: Sequence[str], layers: Sequence[int]) -> dict[int, np.ndarray]:
        """Hidden-state means, computed in batches of like length: layer -> (texts, size)."""
        rows = [self.tokens(text) for text in texts]
        order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
        out: dict[int, Any] = {layer: [None] * len(rows) for layer in layers}
        for at in range(0, len(rows), ROWS):
            batch = order[at : at + ROWS]
            means = self._hidden.means([rows[index] for index in batch], layers)
            for layer in layers:
                for place, index in enumerate(batch):
                    out[layer][index] = means[layer][place]
        return {layer: np.stack(values).astype(np.float64) for layer, values in out.items()}
