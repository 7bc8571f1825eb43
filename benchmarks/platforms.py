"""Platforms of ATT&CK techniques by their words: how well, and the weights that the filter holds.

`python -m benchmarks.platforms` cross-validates over families of techniques, so that no
sub-technique is measured by weights that its siblings were fitted on; `--write` fits on all and
writes the weights.  Invariant: the platforms themselves are hidden from what is read.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from benchmarks.scores import fit_logistic
from examples import make_input
from stages.data_filter import platforms
from stages.data_filter.fields import all_named
from stages.data_filter.platforms import Weights, likely_platforms, words_of
from stages.recipe.recipe import shipped
from stages.recipe.systems import Systems
from stages.text.record_text import read_record

WORDS = 200
RAREST, COMMONEST = 6, 0.6  # texts that hold a word, at least, and their share at most
PENALTY = 0.3
FOLDS = 5
NO_PLATFORM = "PRE"
# What names a platform of ATT&CK in a narrower sense.
PLATFORMS = {
    "Azure": "IaaS", "AWS": "IaaS", "Google Cloud": "IaaS", "Kubernetes": "Containers",
    "Docker": "Containers", "Office 365": "Office Suite", "Google Workspace": "Office Suite",
    "Active Directory": "Windows", "Microsoft Exchange": "Windows",
}  # fmt: skip
FILE = Path(platforms.__file__).with_name("platform_weights.json")


@dataclass(frozen=True)
class Technique:
    """What is read of a technique, its platforms, and the fold that its family is in."""

    words: frozenset[str]
    named: frozenset[str]  # in its text or prose, whatever the words decide
    platforms: frozenset[str]
    fold: int


def techniques(how: Systems) -> list[Technique]:
    """All techniques in force that run on some platform."""
    found = []
    for record in make_input.attack_techniques():
        truth = frozenset(record["platforms"]) - {NO_PLATFORM}
        rest = {key: value for key, value in record.items() if key != "platforms"}
        family = record["external_id"].split(".")[0].encode()
        fold = hashlib.sha256(family).digest()[0] % FOLDS
        if truth:
            read = read_record(rest)
            named = (PLATFORMS.get(name, name) for name in all_named(rest, read, how)[0])
            words = words_of(rest, read.text)
            found.append(Technique(frozenset(words), frozenset(named), truth, fold))
    return found


def fitted(material: Sequence[Technique]) -> Weights:
    """Weights of the words that tell most about any platform."""
    names = sorted({name for one in material for name in one.platforms})
    truth = np.array([[name in one.platforms for name in names] for one in material])
    words = _telling(material, truth)
    seen = np.array([[word in one.words for word in words] for one in material], float)
    features = seen / np.sqrt(np.maximum(1, seen.sum(axis=1, keepdims=True)))
    columns = [fit_logistic(features, column, False, PENALTY) for column in truth.T]
    weights = np.round(np.array(columns), 2)
    by_word = {word: tuple(weights[:, 1 + at].tolist()) for at, word in enumerate(words)}
    return Weights(tuple(names), tuple(weights[:, 0].tolist()), by_word)


def _telling(material: Sequence[Technique], truth: np.ndarray) -> list[str]:
    """The words whose presence goes along most with that of any platform, in their order."""
    counts = Counter(word for one in material for word in one.words)
    most = COMMONEST * len(material)
    words = sorted(word for word, count in counts.items() if RAREST <= count < most)
    seen = np.array([[word in one.words for word in words] for one in material], float)
    seen, other = seen - seen.mean(axis=0), truth - truth.mean(axis=0)
    spread = np.sqrt(np.square(seen).sum(axis=0)[:, None] * np.square(other).sum(axis=0)[None])
    told = np.abs(seen.T @ other / (spread + 1e-9)).max(axis=1)
    return sorted(words[at] for at in np.argsort(-told, kind="stable")[:WORDS])


def held_out(
    material: Sequence[Technique], how: Systems
) -> Iterator[tuple[Technique, frozenset[str]]]:
    """Each technique, and what is named or decided of it by weights of other families."""
    for fold in range(FOLDS):
        weights = fitted([one for one in material if one.fold != fold])
        for one in (one for one in material if one.fold == fold):
            yield one, one.named | frozenset(likely_platforms(one.words, weights, how))


def _by_lines(values: Mapping[str, Any]) -> bytes:
    """JSON with a line for each word, so that a new fit can be compared with the old one."""
    lines = (orjson.dumps({w: v})[1:-1].decode() for w, v in values["words"].items())
    head = (f'"{k}": {orjson.dumps(values[k]).decode()}' for k in ("platforms", "biases"))
    return ("{" + ",\n".join([*head, '"words": {\n' + ",\n".join(lines)]) + "}}\n").encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.platforms", description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit on all and write the weights")
    options = parser.parse_args(arguments)
    how = shipped().systems
    material = techniques(how)
    if options.write:
        weights = fitted(material)
        values = {"platforms": weights.platforms, "biases": weights.biases, "words": weights.words}
        FILE.write_bytes(_by_lines(values))
        print(f"{FILE}: {len(weights.words)} words")
        return 0
    found = list(held_out(material, how))
    right = sum(len(one.platforms & said) for one, said in found)
    precision = right / sum(len(said) for _, said in found)
    recall = right / sum(len(one.platforms) for one, _ in found)
    print(f"{len(found)} techniques: precision {precision:.3f}, recall {recall:.3f}"
          f" at {how.bound}, families held out")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
