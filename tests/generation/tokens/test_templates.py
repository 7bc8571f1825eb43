"""Whatever form a chat template has, all that was said is in it, and the answer begins after it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import jinja2
import pytest

from stages.base import Shot
from tests.tiny_model import CHAT_TEMPLATE
from workers.core.errors import ModelError
from workers.generation.tokens.templates import MARK, ChatTemplate, ThinkingPart, without_marks

USER = f"Look at {MARK % 1} and say."
TURNS = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + TURNS
DROPS_SYSTEM = TURNS.replace(
    "{% for m in messages %}", "{% for m in messages if m.role != 'system' %}"
)
PARTS = TURNS.replace("{{ m.content }}", "{% for part in m.content %}{{ part.text }}{% endfor %}")
# As DeepSeek R1's: the prompt for an answer opens its thinking.
OPENS_THINKING = TURNS.replace("<|assistant|>{% endif %}", "<|assistant|><think>\n{% endif %}")
# As Qwen 3's: with thinking off there is an empty part.
SWITCH = TURNS.replace(
    "<|assistant|>{% endif %}",
    "<|assistant|>{% if not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}",
)
# As gpt-oss's: an answer stands in a channel, and the prompt for one names none.
CHANNELS = (
    "{% for m in messages %}<|start|>{{ m.role }}"
    "{% if m.role == 'assistant' %}<|channel|>final{% endif %}"
    "<|message|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant{% endif %}"
)
# As Mistral's: a space stands before an answer, which is no part of the prompt for one.
SPACED = (
    "{% for m in messages %}{% if m.role == 'assistant' %} {{ m.content }}</s>"
    "{% else %}[INST] {{ m.content }} [/INST]{% endif %}{% endfor %}"
)


# Their prompts for an answer end with an opening tag, which past answers do not have.
SEED = TURNS.replace("<|assistant|>{% endif %}", "<|assistant|><seed:think>{% endif %}")
MAGISTRAL = TURNS.replace("<|assistant|>{% endif %}", "<|assistant|>[THINK]{% endif %}")
REASONS = TURNS.replace("<|assistant|>{% endif %}", "<|assistant|>\n<reasoning>\n{% endif %}")
PAD = TURNS.replace("<|assistant|>{% endif %}", "<|assistant|><scratchpad>{% endif %}")
OTHER_ROLE = TURNS.replace("<|assistant|>{% endif %}", "<assistant>{% endif %}")
TURNS_OF_JSON = OPENS_THINKING.replace("{{ m.content }}", "{{ m.content|tojson }}")
# LongCat's: past answers have another word before them.
LONGCAT = OPENS_THINKING.replace("<|assistant|><think>", "ASSISTANT:<longcat_think>")
CHANNEL = TURNS.replace("<|assistant|>{% endif %}", "<|assistant|><|channel>thought\n{% endif %}")
# DeepSeek V3.1's switch has another name.
OTHER_SWITCH = TURNS.replace("<|assistant|>{% endif %}", "<|assistant|>{{ SWITCH }}{% endif %}")
OTHER_SWITCH = OTHER_SWITCH.replace(
    "{{ SWITCH }}", "{% if thinking %}<think>{% else %}</think>{% endif %}"
)


class Tokenizer:
    """The part of a tokenizer that renders, and what mlx-lm finds in its vocabulary."""

    def __init__(self, template: str, tags: tuple[str, str] | None = None) -> None:
        environment = jinja2.Environment()
        environment.globals["raise_exception"] = self._raise
        environment.filters["tojson"] = lambda text: json.dumps(text, ensure_ascii=False)
        self._template = environment.from_string(template)
        self.think_start = tags[0] if tags else None
        self.think_end = tags[1] if tags else None

    @staticmethod
    def _raise(message: str) -> None:
        raise jinja2.TemplateError(message)

    def apply_chat_template(self, messages: Any, tokenize: bool, **flags: Any) -> str:
        assert not tokenize
        return self._template.render(messages=messages, **flags)


class InPython:
    """One whose own code renders, and takes no names that it does not know."""

    def apply_chat_template(
        self, messages: Any, tokenize: bool, add_generation_prompt: bool, enable_thinking: bool
    ) -> str:
        return Tokenizer(TURNS).apply_chat_template(
            messages, tokenize, add_generation_prompt=add_generation_prompt
        )


def rendered(template: str, system: str = "Be exact.", shots: tuple[Shot, ...] = ()) -> str:
    return ChatTemplate(Tokenizer(template)).render(system, shots, USER)


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        (TURNS, f"<|system|>Be exact.<|end|><|user|>{USER}<|end|><|assistant|>"),
        (NO_SYSTEM, f"<|user|>Be exact.\n\n{USER}<|end|><|assistant|>"),
        (DROPS_SYSTEM, f"<|user|>Be exact.\n\n{USER}<|end|><|assistant|>"),
        (PARTS, f"<|system|>Be exact.<|end|><|user|>{USER}<|end|><|assistant|>"),
        (
            OPENS_THINKING,
            f"<|system|>Be exact.<|end|><|user|>{USER}<|end|><|assistant|><think>\n</think>\n\n",
        ),
        (
            SWITCH,
            f"<|system|>Be exact.<|end|><|user|>{USER}<|end|><|assistant|><think>\n\n</think>\n\n",
        ),
        (
            CHANNELS,
            f"<|start|>system<|message|>Be exact.<|end|><|start|>user<|message|>{USER}<|end|>"
            "<|start|>assistant<|channel|>final<|message|>",
        ),
        (SPACED, f"[INST] Be exact. [/INST][INST] {USER} [/INST]"),
    ],
    ids=["usual", "refuses", "drops", "parts", "opens", "switch", "channels", "spaced"],
)
def test_it_holds_all_and_ends_where_the_answer_begins(template: str, wanted: str) -> None:
    assert rendered(template) == wanted


@pytest.mark.parametrize(
    ("template", "tags", "ending"),
    [
        (SEED, None, "<|assistant|><seed:think>\n</seed:think>\n\n"),
        (MAGISTRAL, None, "<|assistant|>[THINK][/THINK]"),
        (REASONS, None, "<|assistant|>\n<reasoning>\n</reasoning>\n\n"),
        (PAD, None, "<|assistant|><scratchpad>\n</scratchpad>\n\n"),
        (OTHER_ROLE, None, "<|end|><assistant>"),
        (TURNS_OF_JSON, None, '"<|end|><|assistant|><think>\n</think>\n\n'),
        (LONGCAT, None, "ASSISTANT:<longcat_think>\n</longcat_think>\n\n"),
        (CHANNEL, ("<|channel>thought", "<channel|>"), "<|channel>thought<channel|>"),
        (OTHER_SWITCH, None, "<|assistant|></think>"),
    ],
    ids=["seed", "brackets", "reasons", "pad", "role", "json", "longcat", "channel", "switch"],
)
def test_no_answer_begins_within_thoughts(
    template: str, tags: tuple[str, str] | None, ending: str
) -> None:
    found = ChatTemplate(Tokenizer(template, tags)).render("Be exact.", (), USER)
    assert found.endswith(ending)


@pytest.mark.parametrize("template", [TURNS, PARTS])
def test_the_end_of_a_turn_is_found_whatever_contents_are(template: str) -> None:
    assert ChatTemplate(Tokenizer(template)).after_an_answer() == "<|end|>"


def test_a_date_in_a_prompt_is_the_same_on_every_day() -> None:
    """Llama 3's template, gpt-oss's and others' write the day of the run into it."""
    dated = "{{ strftime_now('%d %b %Y') }}|" + TURNS
    assert rendered(dated).startswith("26 Jul 2024|<|system|>Be exact.")
    assert datetime.now().year > 2024


def test_a_renderer_in_python_gets_what_it_knows() -> None:
    found = ChatTemplate(InPython()).render("Be exact.", (), USER)
    assert found == f"<|system|>Be exact.<|end|><|user|>{USER}<|end|><|assistant|>"


def test_words_about_thinking_are_not_taken_for_a_thinking_part() -> None:
    shots = (Shot("Write <think>.", "<think> it is"),)
    assert rendered(TURNS, "Never write <think>.", shots).endswith("<|end|><|assistant|>")


def test_words_that_end_a_conversation_open_nothing() -> None:
    found = ChatTemplate(Tokenizer(TURNS)).render("Be exact.", (), "Go on behind <think>")
    assert found.endswith("<think><|end|><|assistant|>")


def test_without_a_system_nothing_is_added() -> None:
    assert rendered(TURNS, "") == f"<|user|>{USER}<|end|><|assistant|>"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (TURNS + "{{ messages[-1].content }}", "alters the text of messages"),
        ("no messages at all", "alters the text of messages"),
        ("{{ raise_exception('never') }}", "can't be used: TemplateError: never"),
        ("{{ messages[99].content + 1 }}", "can't be used: UndefinedError"),
    ],
)
def test_one_that_can_not_hold_it_is_refused(template: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        rendered(template)


# Its last turn alone, as Alpaca's form; no answers; a fault in the branch for them; one turn only.
LAST_TURN = "{% if messages[0].role == 'system' %}{{ messages[0].content }}\n{% endif %}"
LAST_TURN += "### Instruction:\n{{ messages[-1].content }}\n### Response:\n"
NO_ANSWERS = TURNS.replace("for m in messages", "for m in messages if m.role != 'assistant'")
FAULTY = TURNS.replace(
    "{{ m.content }}", "{{ m.content if m.role != 'assistant' else m.content + 1 }}"
)
ONE_TURN = "{% if messages|length > 1 %}{{ raise_exception('one turn') }}{% endif %}" + TURNS
BACKWARDS = TURNS.replace("for m in messages", "for m in messages|reverse")
SHOTS = (Shot("Is it bread?", "No."), Shot("Is it tea?", "Yes."))
FOLDED = (
    "Example:\nIs it bread?\n\nAnswer:\nNo.\n\nExample:\nIs it tea?\n\nAnswer:\nYes.\n\n" + USER
)


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        (
            TURNS,
            "<|system|>Be exact.<|end|><|user|>Is it bread?<|end|><|assistant|>No.<|end|>"
            "<|user|>Is it tea?<|end|><|assistant|>Yes.<|end|>"
            f"<|user|>{USER}<|end|><|assistant|>",
        ),
        (LAST_TURN, f"Be exact.\n### Instruction:\n{FOLDED}\n### Response:"),
        (NO_ANSWERS, f"<|system|>Be exact.<|end|><|user|>{FOLDED}<|end|><|assistant|>"),
        (FAULTY, f"<|system|>Be exact.<|end|><|user|>{FOLDED}<|end|><|assistant|>"),
        (BACKWARDS, f"<|user|>{FOLDED}<|end|><|system|>Be exact.<|end|><|assistant|>"),
        (ONE_TURN, f"<|user|>Be exact.\n\n{FOLDED}<|end|><|assistant|>"),
    ],
    ids=["usual", "last turn", "no answers", "faulty", "backwards", "one turn"],
)
def test_examples_are_in_it_as_turns_or_as_text(template: str, wanted: str) -> None:
    assert rendered(template, shots=SHOTS) == wanted


def test_an_example_that_ends_with_blanks_is_stripped_as_without_a_mark() -> None:
    found = rendered(TURNS.replace("m.content", "m.content|trim"), shots=(Shot("Why? \n", "So. "),))
    assert "<|user|>Why?<|end|><|assistant|>So.<|end|>" in found


def test_marks_of_any_kind_are_taken_out_of_our_words() -> None:
    assert without_marks(f"a{MARK % 3}b\ue0d2c\ue0d3d\ue0d61\ue0d7") == "abcd"


def test_the_default_form_is_unchanged() -> None:
    rest = f"<|im_start|>user\n{USER}<|im_end|>\n<|im_start|>assistant\n"
    assert rendered(CHAT_TEMPLATE) == f"<|im_start|>system\nBe exact.<|im_end|>\n{rest}"


# As Qwen 3's: thoughts that are handed in stand before the answer.
KEEPS_THOUGHTS = SWITCH.replace(
    "{{ m.content }}",
    "{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}"
    "{{ m.content }}",
)
# The same, of contents that are lists: a text comes out as nothing, or is refused.
OF_PARTS = "{% for part in m.content %}{{ part.text }}{% endfor %}"
KEEPS_PARTS = KEEPS_THOUGHTS.replace("{{ m.content }}", OF_PARTS)
ONLY_PARTS = KEEPS_THOUGHTS.replace("{{ m.content }}", "{{ m.content[0]['text'] + '' }}")
# Nothing but blanks ends them.
PLAIN_THOUGHTS = TURNS.replace("{{ m.content }}", "{{ m.reasoning_content }}\n\n{{ m.content }}")
# As gpt-oss's: thoughts have a channel of their own.
THOUGHT_CHANNEL = CHANNELS.replace(
    "{% for m in messages %}",
    "{% for m in messages %}{% if m.thinking %}<|start|>assistant<|channel|>analysis<|message|>"
    "{{ m.thinking }}<|end|>{% endif %}",
)


# As Gemma 4's: the switch is a word of the system's, and what was thought is never shown.
SHOWS_NONE = "{% if enable_thinking %}<|think|>{% endif %}" + TURNS
THINK, CHANNEL_TAGS = ("<think>", "</think>"), ("<|channel>thought", "<channel|>")


@pytest.mark.parametrize(
    ("template", "tags", "part"),
    [
        (SHOWS_NONE, CHANNEL_TAGS, ThinkingPart("<|channel>thought\n", "<channel|>")),
        (TURNS, THINK, ThinkingPart("<think>\n", "\n</think>\n\n")),
        (SWITCH, THINK, ThinkingPart("<think>\n", "\n</think>\n\n")),
        (OPENS_THINKING, THINK, ThinkingPart("", "\n</think>\n\n")),
    ],
    ids=["channel", "tags", "switch", "opened already"],
)
def test_thoughts_that_a_template_never_shows_stand_in_the_tokenizers_tags(
    template: str, tags: tuple[str, str], part: ThinkingPart
) -> None:
    found = ChatTemplate(Tokenizer(template, tags)).thinking_part()
    assert found == part
    begun = ChatTemplate(Tokenizer(template, tags), part.opening).render("", (), USER)
    assert begun.rstrip().endswith(tags[0]) and begun.count(tags[0]) == 1
    assert ("<|think|>" in begun) == (template == SHOWS_NONE)


@pytest.mark.parametrize(
    ("template", "part"),
    [
        (TURNS, None),
        (PARTS.replace("part.text", "part['text'] + 1"), None),
        (OPENS_THINKING, ThinkingPart("", "\n</think>\n\n")),
        (MAGISTRAL, ThinkingPart("", "[/THINK]")),
        (OTHER_SWITCH, ThinkingPart("", "\n</think>\n\n")),
        (PLAIN_THOUGHTS, None),
        (KEEPS_THOUGHTS, ThinkingPart("<think>\n", "\n</think>\n\n")),
        (KEEPS_PARTS, ThinkingPart("<think>\n", "\n</think>\n\n")),
        (ONLY_PARTS, ThinkingPart("<think>\n", "\n</think>\n\n")),
        (
            THOUGHT_CHANNEL,
            ThinkingPart(
                "<|channel|>analysis<|message|>",
                "<|end|><|start|>assistant<|channel|>final<|message|>",
            ),
        ),
    ],
    ids=[
        "none",
        "broken",
        "opens",
        "brackets",
        "switch",
        "plain",
        "keeps",
        "parts",
        "only",
        "channel",
    ],
)
def test_where_a_template_has_thoughts(template: str, part: ThinkingPart | None) -> None:
    assert ChatTemplate(Tokenizer(template)).thinking_part() == part
    if part is not None:
        begun = ChatTemplate(Tokenizer(template), part.opening).render("Be exact.", (), USER)
        assert begun.endswith(part.opening) and "</think>" not in begun
