"""Word lists of the gates: what an instruction begins with, and what no pair may hold.

Data only.  Patterns are matched without regard to case.
"""

from __future__ import annotations

# An instruction asks or orders.
QUESTION_WORDS = frozenset(
    """what which who whom whose when where why how is are was were do does did can could should
    would will has have had may might must""".split()
)
ORDERS = frozenset(
    """analyse analyze assess classify compare define describe detail discuss draft enumerate
    evaluate explain find formulate give identify illustrate indicate list mention name outline
    point present propose provide quote rank recommend report rewrite say sketch specify spell
    state suggest sum summarise summarize tell translate write""".split()
)
POLITE = frozenset({"please", "briefly", "now", "then"})

# Beginnings and phrases by which a model declines, or speaks of itself.
REFUSALS = (
    r"\bas an? (?:ai|artificial intelligence|language model|large language model|assistant)\b",
    r"\bi(?:'m| am) (?:sorry|unable|not able|an ai|just an ai|a language model)\b",
    r"\bi (?:can(?:not|'t)|won't|will not|am not allowed to) "
    r"(?:help|assist|provide|answer|comply|fulfil|do that|continue|create|write|discuss|share)",
    r"\bi (?:don't|do not) have (?:access|enough|personal|the ability|any information)",
    r"\bmy (?:training data|knowledge cutoff|programming)\b",
    r"\bopenai's? (?:policy|policies|guidelines)\b",
    r"^(?:sure|certainly|of course|absolutely)[,!.]",
    r"^here(?:'s| is| are) (?:the|a|an|your|some)\b.{0,60}:",
)
# Marks of prompts and chat templates.
TEMPLATE_TOKENS = (
    r"<\|[^|<>\n]{1,40}\|>",
    r"\[/?(?:INST|SYS|AVAILABLE_TOOLS)\]|<</?SYS>>",
    r"</?(?:s|bos|eos|pad|unk|mask|start_of_turn|end_of_turn|think|assistant|system|user)>",
    r"<(?:bos|eos|pad|unk|mask|start_of_turn|end_of_turn|begin_of_text|eot_id)>",
    r"(?:^|\n)\s*#{2,4} ?(?:instruction|response|input|question|answer|system|user|assistant)\b",
    r"(?:^|\n)\s*(?:human|assistant|user|system) ?: ",
    r"\{\{ ?\w[\w. ]{0,40}\}\}",
)
# A sentence that gives orders to whoever reads the text with a model.
INJECTIONS = (
    r"^\W*(?:please )?(?:ignore|disregard|forget|override)\b.{0,40}"
    r"\b(?:instructions?|prompts?|rules|directions|guidelines|context|everything)\b",
    r"^\W*you (?:are|'re) (?:now|no longer|not allowed|an? (?:ai|assistant|language model))\b",
    r"^\W*(?:from now on|pretend|act as|roleplay|respond only|answer only|reply:|reply with:)",
    r"^\W*(?:reply|respond|answer|say|output|print)\b.{0,30}\b(?:only|exactly|nothing but|with the"
    r" words?)\b",
    r"\b(?:developer|dan|jailbreak|god) mode (?:is )?(?:now )?(?:enabled|on|activated)\b",
    r"^\W*(?:reveal|repeat|show) (?:me )?(?:your|the) (?:system )?(?:prompt|instructions)\b",
)
# Words that end no sentence: an answer that ends with one was cut off.
OPEN_ENDS = frozenset(
    """a an and as because from if into its nor of or than that the their these this those whose
    with within without""".split()
)
# Nouns for the parties of every security text: an answer may use them without its source.
PARTIES = (
    "adversary adversaries attacker attackers defender defenders developer developers user users"
    " administrator administrators organization organizations victim victims weakness flaw"
    " vulnerability technique attack product software record report incident advisory"
)
