"""A model's chat template: the text of a conversation, up to where the model's answer begins.

Templates differ: some know no system role, or drop its words without one; some know one turn only;
some want contents as lists of parts; some open a thinking part or a channel before the answer.
Knows texts and marks, no tokens.  Invariant: what is rendered holds all that was said, in order,
and ends where the model's own content begins, or it is refused; it is the same on every day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from inspect import Parameter, signature
from itertools import chain
from typing import Any

from stages.base import Shot
from workers.core.errors import ModelError
from workers.generation.tokens.openings import around, closing_of, tags_of

# Private-use characters: places of data, cuts within what would be a control token, the end of the
# system's words, the answer, thoughts before it, and ends of the turns of examples.
MARK = "\ue0d0%d\ue0d1"
MARKS = re.compile("\ue0d0(\\d+)\ue0d1")
CUT = "\ue0d2"
_SYSTEM, _ANSWER, _THOUGHT = "\ue0d3", "\ue0d4", "\ue0d5"
_TURN = "\ue0d6%d\ue0d7"
_TURNS = "\ue0d6\\d+\ue0d7"
_OURS = re.compile(f"{_TURNS}|[{_SYSTEM}{_ANSWER}{_THOUGHT}]")
_PLACES = re.compile(f"\ue0d0\\d+\ue0d1|{_TURNS}")
_ANY = re.compile(f"{_PLACES.pattern}|[\ue0d0-\ue0d7]")

# Templates that write a date into the prompt get this one, whenever they are rendered: answers must
# not change at midnight.  It is what Llama 3's template falls back on.
_DAY = datetime(2024, 7, 26)
_FORMS: tuple[Any, ...] = ("", [])  # of contents: a text, or a list of parts
_SWITCHES = "enable_thinking", "thinking"  # what templates call it

Message = dict[str, Any]
Turn = tuple[str, str]  # a role, and what it says


@dataclass(frozen=True)
class ThinkingPart:
    """What a template puts before thoughts, behind its prompt for an answer, and after them."""

    opening: str
    closing: str


def without_marks(text: str) -> str:
    """A text of ours in which nothing passes for a mark."""
    return _ANY.sub("", text)


class ChatTemplate:
    """Renders conversations with the template of a tokenizer (mlx_lm's TokenizerWrapper)."""

    def __init__(self, tokenizer: Any, thinking: str | None = None) -> None:
        self._tokenizer = tokenizer
        self._tags = tags_of(tokenizer)
        more = _takes_more(tokenizer)
        self._switches = _SWITCHES if more else _SWITCHES[:1]
        self._clock: dict[str, Any] = {"strftime_now": _DAY.strftime} if more else {}
        self._thinking = thinking  # the opening of thoughts, where prompts end with it

    def check(self) -> None:
        """Raise ModelError where prompts of stages, plain and with examples, can't be rendered."""
        self.render("", (), MARK % 0)
        self.render("Be exact.", [Shot("Why?", "So.")], MARK % 0)

    def render(self, system: str, shots: Sequence[Shot], user: str) -> str:
        """A prompt of ours as the model reads it, ready for its answer; marks and cuts stay.

        Where the template has no room for examples as turns, they open the user's turn.  Raises
        ModelError where it can't be made to hold all of it.
        """
        if not shots:
            return self.render_turns(system, [("user", user)])
        marked = _marked(shots)
        turns = [turn for s in marked for turn in (("user", s.user), ("assistant", s.answer))]
        one_turn = [("user", "\n\n".join((*map(_as_text, marked), user)))]
        return self._rendered(system, [*turns, ("user", user)], one_turn)

    def render_turns(self, system: str, turns: Sequence[Turn]) -> str:
        """A conversation, behind what the system says ("": nothing), in the same way."""
        return self._rendered(system, turns)

    def _rendered(self, system: str, *conversations: Sequence[Turn]) -> str:
        """The first of these conversations, which say the same, that the template can hold."""
        problems: list[str | Exception] = []
        said = "".join((system, *(text for _, text in conversations[0])))
        for messages in chain.from_iterable(_ways(system, turns) for turns in conversations):
            try:
                found = self._apply(messages, thinking=self._thinking is not None)
            except Exception as error:  # a template may raise anything; no record's text is in it
                problems.append(error)
                continue
            if _is_whole(found, system, said):
                return _OURS.sub("", self._begun(messages, found))
            problems.append("alters the text of messages")
        raise _refusal(problems[0])

    def thinking_part(self) -> ThinkingPart | None:
        """Where thoughts stand in this template, or the tags that its tokenizer has for them; None
        where neither knows of any."""
        thought = {"reasoning_content": _THOUGHT, "thinking": _THOUGHT}
        ways: list[tuple[list[Message], str, str]] = []
        for form in _FORMS:
            asked = [_message(("user", "?"), form)]
            answer = _message(("assistant", _ANSWER), form)
            with suppress(Exception):  # a template may raise anything
                begun = self._apply(asked, thinking=True)
                whole = self._apply([*asked, answer | thought], generation=False, thinking=True)
                ways.append((asked, begun, whole))
        ways.sort(key=lambda way: _ANSWER not in way[2])  # one that shows the answer comes first
        return self._thoughts_in(*ways[0]) if ways else None

    def _thoughts_in(self, asked: list[Message], begun: str, whole: str) -> ThinkingPart | None:
        """Where they stand in a question, and in the question with an answer and thoughts."""
        before, _, after = whole.partition(_THOUGHT)
        closing, answered, _ = after.partition(_ANSWER)
        if answered and closing.strip() and before.startswith(begun):
            return ThinkingPart(before[len(begun) :], closing)
        past = self._before_an_answer(asked, thinking=True)
        closes = closing_of(begun, past, self._tags, _end_of(begun, asked))
        if closes:
            return ThinkingPart("", closes)
        return None if self._tags is None else ThinkingPart(*around(begun, self._tags))

    def after_an_answer(self) -> str:
        """What the template puts behind an answer, the end of its turn; "" if it takes none."""
        for form in _FORMS:
            messages = [_message(said, form) for said in (("user", "?"), ("assistant", _ANSWER))]
            with suppress(Exception):  # a template may raise anything
                if after := self._apply(messages, generation=False).partition(_ANSWER)[2]:
                    return after
        return ""

    def _begun(self, messages: list[Message], found: str) -> str:
        """`found`, up to where the model's own words begin."""
        if self._thinking is not None:
            return found + self._thinking
        return self._up_to_the_answer(messages, found)

    def _up_to_the_answer(self, messages: list[Message], found: str) -> str:
        """`found`, and what a template puts before the content of an answer: an empty thinking
        part, or the channel that answers are in."""
        before = self._before_an_answer(messages)
        if before.startswith(found) and before[len(found) :].strip():
            return before
        closes = closing_of(found, before, self._tags, _end_of(found, messages))
        return found.rstrip() + closes if closes else found

    def _before_an_answer(self, messages: list[Message], thinking: bool = False) -> str:
        """What the template puts before the content of an answer to these; "" if it takes none."""
        answer = {"role": "assistant", "content": _like(messages[-1]["content"], _ANSWER)}
        try:
            whole = self._apply([*messages, answer], generation=False, thinking=thinking)
        except Exception:  # it takes no answers; then it opens nothing for them either
            return ""
        before, mark, _ = whole.partition(_ANSWER)
        return before if mark else ""

    def _apply(
        self, messages: list[Message], generation: bool = True, thinking: bool = False
    ) -> str:
        how = self._clock | dict.fromkeys(self._switches, thinking)
        rendered = self._tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=generation, **how
        )
        return str(rendered)


def _takes_more(tokenizer: Any) -> bool:
    """Whether whatever is named gets through to the template: not where Python renders it."""
    if getattr(tokenizer, "_chat_template", None) is not None:  # mlx-lm's own
        return False
    inner = getattr(tokenizer, "_tokenizer", tokenizer)  # of mlx-lm's wrapper
    renders = getattr(inner, "apply_chat_template", tokenizer.apply_chat_template)
    kinds = [parameter.kind for parameter in signature(renders).parameters.values()]
    return Parameter.VAR_KEYWORD in kinds


def _refusal(problem: str | Exception) -> ModelError:
    """What is wrong with the usual way to render."""
    if isinstance(problem, str):
        return ModelError(f"this model's chat template {problem}")
    kind = type(problem).__name__
    return ModelError(f"this model's chat template can't be used: {kind}: {problem}")


def _ways(system: str, turns: Sequence[Turn]) -> Iterator[list[Message]]:
    """The conversation in each form that templates know, the usual one first."""
    marked = system + _SYSTEM
    (role, first), *rest = turns
    for form in _FORMS:
        if system:
            yield [_message(one, form) for one in (("system", marked), *turns)]
            yield [_message(one, form) for one in ((role, f"{marked}\n\n{first}"), *rest)]
        else:
            yield [_message(one, form) for one in turns]


def _message(said: Turn, form: Any) -> Message:
    return {"role": said[0], "content": _like(form, said[1])}


def _like(form: Any, text: str) -> Any:
    """A content as a plain text, or as a list of parts where `form` is one."""
    return [{"type": "text", "text": text}] if isinstance(form, list) else text


def _end_of(found: str, messages: list[Message]) -> int | None:
    """Where in a rendered text its last message ends; None where it looks otherwise there."""
    content = messages[-1]["content"]
    text = str(content if isinstance(content, str) else content[0]["text"]).strip()[-40:]
    ends = [mark.end() for mark in MARKS.finditer(found)]
    if text in found:
        ends.append(found.rfind(text) + len(text))
    return max(ends, default=None)


def _is_whole(found: str, system: str, said: str) -> bool:
    """Whether the system's words came out, and all marks in what was said, once and in order."""
    heard = not system or found.count(_SYSTEM) == 1
    return heard and _PLACES.findall(found) == _PLACES.findall(said)


def _marked(shots: Sequence[Shot]) -> list[Shot]:
    """Examples with a mark behind each text: it shows whether, and where, the text came out."""
    return [
        replace(
            shot,
            user=_with_end(shot.user, _TURN % (2 * number)),
            answer=_with_end(shot.answer, _TURN % (2 * number + 1)),
        )
        for number, shot in enumerate(shots)
    ]


def _with_end(text: str, mark: str) -> str:
    """The mark behind its last word: templates strip blanks at the end as they would without."""
    words = text.rstrip()
    return words + mark + text[len(words) :]


def _as_text(shot: Shot) -> str:
    return f"Example:\n{shot.user}\n\nAnswer:\n{shot.answer}"
