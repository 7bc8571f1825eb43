"""What a model thinks before it answers: where that begins, how it ends, and the way on from there.

Templates that know of thinking put it before an answer's content, in tags or in a channel of its
own.  Knows a chat template and tokens.  Invariant: thoughts are closed before an answer begins,
whether the model closed them or not, and nothing of them is part of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from stages.base import FilledPrompt
from workers.generation.tokens.prompts import EncodedPrompt, PromptEncoder
from workers.generation.tokens.stops import StopTexts
from workers.generation.tokens.templates import ChatTemplate


@dataclass(frozen=True)
class Thoughts:
    """Prompts of one model that let it think first.

    `end`: the text that ends thoughts; `closing`: what stands between them and the answer.
    """

    end: str
    closing: str
    encoder: PromptEncoder
    tokenizer: Any

    def prompt(self, prompt: FilledPrompt) -> EncodedPrompt:
        """Tokens of a prompt, up to where thoughts begin."""
        return self.encoder.encode(prompt)

    def stops(self) -> StopTexts:
        """What ends them."""
        return StopTexts(self.tokenizer, (self.end,))

    def closed(self, prompt: EncodedPrompt, thought: tuple[int, ...]) -> EncodedPrompt:
        """The prompt with what was thought, ready for the answer."""
        text = self.tokenizer.decode(list(thought))
        ended = self.end in text
        closing = self.closing[self.closing.index(self.end) :] if ended else self.closing
        tokens = (*prompt.tokens, *self._kept(thought, text), *self._encoded(closing))
        return replace(prompt, tokens=tokens)

    @property
    def reserve(self) -> int:
        """Most tokens that closing them takes."""
        return len(self._encoded(self.closing))

    def _kept(self, thought: tuple[int, ...], text: str) -> tuple[int, ...]:
        """The tokens before the end, as they were; anew where it is more than one token."""
        end = self._encoded(self.end)
        if len(end) == 1:
            return thought[: thought.index(end[0])] if end[0] in thought else thought
        before, found, _ = text.partition(self.end)
        return tuple(self.encoder.encode_data(before)) if found else thought

    def _encoded(self, text: str) -> list[int]:
        tokens: list[int] = self.tokenizer.encode(text, add_special_tokens=False)
        return tokens


def thoughts_of(tokenizer: Any) -> Thoughts | None:
    """How a model with this tokenizer thinks, or None for one whose template knows no thinking."""
    part = ChatTemplate(tokenizer).thinking_part()
    if part is None:
        return None
    encoder = PromptEncoder(tokenizer, part.opening)
    return Thoughts(_end(tokenizer, part.closing), part.closing, encoder, tokenizer)


def _end(tokenizer: Any, closing: str) -> str:
    """Of what closes thoughts the first control token, or all of it that is no blank."""
    shown = closing.strip()
    controls = [text for text in tokenizer.get_added_vocab() if text and shown.startswith(text)]
    return max(controls, key=len, default=shown)
