"""Prompts and record text to tokens, through the model's own chat template.

Only the template's own words are control tokens.  Record text is tokenized apart, with every
special or added token in it taken for plain characters; in the words of prompts, which people can
change, each of them is cut in two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError

from stages.base import Data, FilledPrompt, Shot
from workers.core.errors import ModelError

# Private-use characters that mark where data goes while the template is rendered.
_MARK = "\ue0d0%d\ue0d1"
_MARKS = re.compile("\ue0d0(\\d+)\ue0d1")
_CUT = "\ue0d2"  # stands within the text of what would be a control token
_OURS = re.compile("\ue0d0\\d+\ue0d1|[\ue0d0-\ue0d2]")


@dataclass(frozen=True)
class EncodedPrompt:
    """Tokens of a prompt; the first `shared` of them hold no record's text.

    `common`: tokens up to the end of the first text from a record, when something of ours
    and a second text follow: other prompts about the same record begin with them too.
    """

    tokens: tuple[int, ...]
    shared: int
    max_tokens: int
    common: int = 0


class PromptEncoder:
    """Turns filled prompts into tokens; remembers the constant parts it has seen."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._constant: dict[tuple[str, tuple[Shot, ...], tuple[str, ...]], list[list[int]]] = {}
        # Asked for once: a tokenizer makes this table anew, and it may have thousands of tokens.
        added = {text: token for text, token in tokenizer.get_added_vocab().items() if text.strip()}
        longest_first = sorted(added, key=len, reverse=True)
        self._control = re.compile("|".join(map(re.escape, longest_first))) if added else None
        self._forbidden = frozenset(added.values())

    def encode(self, prompt: FilledPrompt) -> EncodedPrompt:
        """Tokens of the whole chat prompt, ready for the model to answer."""
        words = tuple(
            _MARK % index if isinstance(part, Data) else _OURS.sub("", part)
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

    def encode_data(self, text: str) -> list[int]:
        """Tokens of text that came from a record; none of them is a control token."""
        clean = text.encode("utf-8", "replace").decode("utf-8")
        tokens: list[int] = []
        for piece in self._split_control(clean):
            tokens += self._tokenizer.encode(
                piece, add_special_tokens=False, split_special_tokens=True
            )
        return [token for token in tokens if token not in self._forbidden]

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
            try:
                rendered = self._render(system, shots, "".join(words))
            except Exception as error:  # a template may raise anything; no record's text is in it
                raise ModelError(
                    f"this model's chat template can't be used: {type(error).__name__}: {error}"
                ) from error
            parts = _MARKS.split(rendered)
            marked = [int(index) for index in parts[1::2]]
            wanted = [int(m) for word in words for m in _MARKS.findall(word)]
            if marked != wanted:
                raise ModelError("this model's chat template alters the text of messages")
            self._constant[key] = [self._encode_rendered(part) for part in parts[::2]]
        return self._constant[key]

    def _encode_rendered(self, part: str) -> list[int]:
        """Tokens of a part of the rendered template, the pieces beside each cut by themselves."""
        pieces = filter(None, part.split(_CUT))
        return [
            token
            for piece in pieces
            for token in self._tokenizer.encode(piece, add_special_tokens=False)
        ]

    def _cut(self, text: str) -> str:
        """Our words without control tokens."""
        return _CUT.join(self._split_control(text))

    def _render(self, system: str, shots: tuple[Shot, ...], user: str) -> str:
        shown = [
            turn for shot in shots for turn in (("user", shot.user), ("assistant", shot.answer))
        ]
        turns = [*((role, _OURS.sub("", text)) for role, text in shown), ("user", user)]
        messages = [{"role": role, "content": self._cut(text)} for role, text in turns]
        system = self._cut(_OURS.sub("", system))
        if not system:
            return self._apply(messages)
        try:
            return self._apply([{"role": "system", "content": system}, *messages])
        except TemplateError:  # some templates know no system role
            messages[0]["content"] = f"{system}\n\n{messages[0]['content']}"
            return self._apply(messages)

    def _apply(self, messages: list[dict[str, str]]) -> str:
        rendered = self._tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        return str(rendered)
