"""Looks for duplicates in the input, then feeds it into the first stage; a slice of time at a go.

Knows the search for duplicates, the splitter and the first queue.  Invariant: the manifest says
that the split is complete only after every chunk of it was published durably; until then a chunk
that a power cut took is split again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from workers.control.flow import StageFlow
from workers.run import repeats
from workers.run.input_files import reading_options
from workers.run.run_folder import RunFolder
from workers.run.splitter import SplitChunk, split
from workers.settings.config import shard_of

_END = object()


class Intake:
    """The split of a run's input; starts from the first record, skipping chunks that exist."""

    def __init__(self, run: RunFolder, first: StageFlow) -> None:
        manifest = run.manifest
        self.complete = manifest.split.complete
        self._run = run
        self._first = first
        config = manifest.config
        options = reading_options(config)
        wanted = repeats.is_wanted(config)
        marked_in = run.path if wanted else None
        self._looked = not wanted or self.complete or repeats.is_done(run.path)
        self._look: Iterator[None] | None = None
        self._splitter = split(
            manifest.inputs, manifest.chunk_size, config.limit, options, marked_in, shard_of(config)
        )
        self._chunks: Iterator[SplitChunk] = iter(self._splitter)
        self._held: SplitChunk | None = None

    @property
    def records(self) -> int:
        """Records split so far, or in all once the split is complete."""
        return self._run.manifest.split.records if self.complete else self._splitter.records

    def advance(self, seconds: float) -> bool:
        """Publish chunks for about `seconds`; False when there was none.

        A chunk that could not be published (a full disk) is held, and goes first next time.
        """
        until = time.monotonic() + seconds
        moved = not self._looked and self._look_on(until)
        while self._looked and not self.complete and time.monotonic() < until:
            self._held = self._held or self._next()
            if self._held is None:
                self._finish()
            else:
                self._first.put(self._held.name, self._held.lines)
                self._held, moved = None, True
        if moved:
            self._first.queue.sync_pending()
        return moved

    def _next(self) -> SplitChunk | None:
        """The next chunk; after an error, such as no room for what is unpacked, the split starts
        again, as an iterator that raised is at its end."""
        try:
            return next(self._chunks, None)
        except BaseException:
            self._chunks = iter(self._splitter)
            raise

    def _look_on(self, until: float) -> bool:
        """Look for duplicates until then; False when there was no time for it.

        After an error, such as a full disk, the look starts again.
        """
        moved = False
        self._look = self._look or repeats.look(repeats.search_of(self._run), self._run.path)
        try:
            while not self._looked and time.monotonic() < until:
                self._looked = next(self._look, _END) is _END
                moved = True
        except BaseException:
            self._look = None
            raise
        return moved

    def _finish(self) -> None:
        self._first.queue.sync_pending()
        cut = self._splitter
        done = replace(
            self._run.manifest.split, complete=True, records=cut.records, chunks=cut.chunks
        )
        self._run.update(split=done, inputs=tuple(cut.inputs))
        self.complete = True
