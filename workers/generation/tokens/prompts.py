"""Prompts and record text to tokens, through the model's own chat template.

Only the template's own words are control tokens.  Record text is tokenized apart, with every
special or added token in it taken for plain characters; in the words of prompts, which people can
change, each of them is cut in two.  Added tokens that are blanks, such as the runs of spaces that
Gemma's tokenizer has, or single characters are text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from stages.base import Data, FilledPrompt, Shot
from stages.completions import Message
from workers.generation.tokens.templates import CUT, MARK, MARKS, ChatTemplate, without_marks


@dataclass(frozen=True)
class EncodedPrompt:
    """Tokens of a prompt; the first `shared` of them hold no record's text.

    `common`: tokens up to the end of the first text from a record, when something of ours
    and a second text follow: other prompts about the same record begin with them too.
    `found`: lengths at which prompts were found to be alike so far, shortest first.
    """

    tokens: tuple[int, ...]
    shared: int
    max_tokens: int
    common: int = 0
    found: tuple[int, ...] = ()

    @property
    def beginnings(self) -> tuple[int, ...]:
        """The lengths of what other prompts may begin with as well, shortest first."""
        return tuple(sorted({*self.found, self.shared, self.common} - {0}))


class PromptEncoder:
    """Turns filled prompts into tokens; remembers the constant parts it has seen.

    `thinking`: what opens thoughts; then prompts end where those begin, not the answer.
    """

    def __init__(self, tokenizer: Any, thinking: str | None = None) -> None:
        self._tokenizer = tokenizer
        self._template = ChatTemplate(tokenizer, thinking)
        self._constant: dict[tuple[str, tuple[Shot, ...], tuple[str, ...]], list[list[int]]] = {}
        self._shapes: dict[tuple[str, ...], list[list[int]]] = {}  # by the roles of a conversation
        # Asked for once: a tokenizer makes this table anew, and it may have thousands of tokens.
        every: dict[str, int] = tokenizer.get_added_vocab()
        special = frozenset(getattr(tokenizer, "all_special_tokens", ()))
        added = {text: token for text, token in every.items() if not _is_text(text, special)}
        longest_first = sorted(added, key=len, reverse=True)
        self._control = re.compile("|".join(map(re.escape, longest_first))) if added else None
        self._forbidden = frozenset(added.values())

    def encode(self, prompt: FilledPrompt) -> EncodedPrompt:
        """Tokens of the whole chat prompt, ready for the model to answer."""
        words = tuple(
            MARK % index if isinstance(part, Data) else without_marks(part)
            for index, part in enumerate(prompt.user)
        )
        pieces = self._constant_pieces(prompt.system, prompt.shots, words)
        data = [part.text for part in prompt.user if isinstance(part, Data)]
        tokens = list(pieces[0])
        common = 0
        for text, piece in zip(data, pieces[1:], strict=True):
            tokens += self.encode_data(text)
            common = common or (len(tokens) if len(data) > 1 else 0)
            tokens += piece
        return EncodedPrompt(tuple(tokens), len(pieces[0]), prompt.max_tokens, common)

    def encode_messages(self, messages: Sequence[Message]) -> EncodedPrompt:
        """A conversation, ready for the model to answer; all its texts are data.

        Others are likely to begin with all but its last message.  Raises ModelError where the
        model's chat template can't hold it.
        """
        pieces = self._turn_pieces(tuple(message.role for message in messages))
        tokens, last = list(pieces[0]), 0
        for message, piece in zip(messages, pieces[1:], strict=True):
            last = len(tokens)
            tokens += [*self.encode_data(message.text), *piece]
        return EncodedPrompt(tuple(tokens), 0, 0, found=(last,))

    def encode_text(self, text: str) -> EncodedPrompt:
        """A text that is to be continued, behind what the model begins every text with; the text
        is data."""
        before = self._tokenizer.encode("")  # a token of the beginning, for models that want one
        return EncodedPrompt((*before, *self.encode_data(text)), 0, 0)

    def turn_end(self, ends: frozenset[int]) -> int:
        """Of the tokens that end an answer the one that the template ends a turn with."""
        behind = self._tokenizer.encode(self._template.after_an_answer(), add_special_tokens=False)
        return next((token for token in behind if token in ends), min(ends, default=-1))

    def encode_data(self, text: str) -> list[int]:
        """Tokens of text that came from a record; none of them is a control token."""
        clean = text.encode("utf-8", "replace").decode("utf-8")
        return [
            token for piece in self._split_control(clean) for token in self._plain_tokens(piece)
        ]

    def _plain_tokens(self, piece: str) -> list[int]:
        """Tokens of text that holds no control token's own text.

        A tokenizer that changes texts first may see one in it all the same; then it is cut.
        """
        tokens: list[int] = self._tokenizer.encode(
            piece, add_special_tokens=False, split_special_tokens=True
        )
        if self._forbidden.isdisjoint(tokens):
            return tokens
        if len(piece) == 1:
            return [token for token in tokens if token not in self._forbidden]
        half = len(piece) // 2
        return [*self._plain_tokens(piece[:half]), *self._plain_tokens(piece[half:])]

    def _split_control(self, text: str) -> list[str]:
        """Cut each control token's text in two, so that no tokenizer can see it whole."""
        if self._control is None:
            return [text] if text else []
        cuts = [match.start() + 1 for match in self._control.finditer(text)]
        return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if a < b]

    def _constant_pieces(
        self, system: str, shots: tuple[Shot, ...], words: tuple[str, ...]
    ) -> list[list[int]]:
        key = (system, shots, words)
        if key not in self._constant:
            cut = [
                replace(shot, user=self._cut(shot.user), answer=self._cut(shot.answer))
                for shot in shots
            ]
            rendered = self._template.render(
                self._cut(system), cut, self._cut_words("".join(words))
            )
            self._constant[key] = self._encode_around_marks(rendered)
        return self._constant[key]

    def _turn_pieces(self, roles: tuple[str, ...]) -> list[list[int]]:
        """What the template puts around the texts of a conversation; a first system turn may be
        brought in as the template wants it."""
        if roles not in self._shapes:
            turns = [(role, MARK % index) for index, role in enumerate(roles)]
            system = turns.pop(0)[1] if roles[0] == "system" and len(roles) > 1 else ""
            rendered = self._template.render_turns(system, turns)
            self._shapes[roles] = self._encode_around_marks(rendered)
        return self._shapes[roles]

    def _encode_around_marks(self, rendered: str) -> list[list[int]]:
        return [self._encode_rendered(part) for part in MARKS.split(rendered)[::2]]

    def _encode_rendered(self, part: str) -> list[int]:
        """Tokens of a part of the rendered template, the pieces beside each cut by themselves."""
        pieces = filter(None, part.split(CUT))
        return [
            token
            for piece in pieces
            for token in self._tokenizer.encode(piece, add_special_tokens=False)
        ]

    def _cut(self, text: str) -> str:
        """Our words without marks and control tokens."""
        return self._cut_words(without_marks(text))

    def _cut_words(self, text: str) -> str:
        return CUT.join(self._split_control(text))


def _is_text(text: str, special: frozenset[str]) -> bool:
    """Whether an added token is no control token: white space, which some vocabularies write as
    U+2581, or a single character, unless it is a special token."""
    blank = not text.replace("\u2581", " ").strip()
    return blank or (len(text) == 1 and text not in special)
