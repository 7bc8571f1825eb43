"""Refuses an input without pairs for stages that take nothing else.

Every record would be a dead letter, and the stages before would have worked in vain.  Knows the
first records of the input; reads no further.  Invariant: an input that begins with a pair is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from stages import short_name
from stages.base import Record
from stages.text.kinds import is_pair
from workers.core.errors import UsageError
from workers.run.input_files import InputFile, InputRecords, reading_options
from workers.settings.chosen_stages import stage_without_pairs
from workers.settings.config import RunConfig

LOOKED_AT = 20  # records: some of an input with pairs may be none


def refuse_input_without_pairs(config: RunConfig, inputs: Sequence[InputFile]) -> None:
    """Raise UsageError where a stage would have no pair to work on, as far as can be seen."""
    stage = stage_without_pairs(config)
    if stage is None:
        return
    seen = list(islice(_records(config, inputs), LOOKED_AT))
    if seen and not any(map(is_pair, seen)):
        which, verb = "first record", "is not one"
        if len(seen) > 1:
            which, verb = f"first {len(seen)} records", "are not"
        raise UsageError(
            f"stage {short_name(stage)}: takes pairs of instruction and response, but the {which} "
            f"of the input {verb}; data_structurer makes them"
        )


def _records(config: RunConfig, inputs: Sequence[InputFile]) -> Iterator[Record]:
    options = reading_options(config)
    for source in inputs:
        for found in InputRecords(source, options):
            if found.record is not None:
                yield found.record
