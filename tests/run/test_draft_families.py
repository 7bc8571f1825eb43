"""A draft model of the target's family: one that is here first, never too dear, never a must."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from workers.core.errors import ModelError
from workers.run import draft_families
from workers.run.draft_families import FAMILIES, family_draft, family_drafts

LARGE = "mlx-community/gemma-3-1b-it-bf16"
SMALL = "mlx-community/gemma-3-270m-it-bf16"
LARGE_4, SMALL_4 = LARGE.replace("bf16", "4bit"), SMALL.replace("bf16", "4bit")
OWN = "gemma3-270m"  # as `models fetch` makes it
GEMMA_4B: dict[str, Any] = {  # as it is published
    "architectures": ["Gemma3ForConditionalGeneration"],
    "model_type": "gemma3",
    "text_config": {
        "hidden_size": 2560,
        "intermediate_size": 10240,
        "model_type": "gemma3_text",
        "num_hidden_layers": 34,
        "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
        "sliding_window": 1024,
    },
}
GEMMA_27B = {**GEMMA_4B, "text_config": {**GEMMA_4B["text_config"], "vocab_size": 262208}}
GEMMA_1B = {
    "model_type": "gemma3_text",
    "vocab_size": 262144,
    "num_hidden_layers": 26,
    "hidden_size": 1152,
}
FOUR_BITS = {"quantization": {"bits": 4, "group_size": 64}}
QWEN_4B: dict[str, Any] = {  # as mlx-community has it in 4 bits
    **FOUR_BITS,
    **{"model_type": "qwen3", "vocab_size": 151936, "hidden_size": 2560, "head_dim": 128},
    **{"intermediate_size": 9728, "num_hidden_layers": 36, "num_attention_heads": 32},
    "num_key_value_heads": 8,
}
LLAMA_8B: dict[str, Any] = {
    **FOUR_BITS,
    **{"model_type": "llama", "vocab_size": 128256, "hidden_size": 4096},
    **{"intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32},
    "num_key_value_heads": 8,
}
LLAMA_3B = LLAMA_8B | {"hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 28}
LLAMA_3B |= {"num_attention_heads": 24, "head_dim": 128}
QWEN_3B = QWEN_4B | {"model_type": "qwen2", "hidden_size": 2048, "intermediate_size": 11008}
QWEN_3B |= {"num_attention_heads": 16, "num_key_value_heads": 2}
QWEN_35 = {  # whose file names no vocabulary
    "model_type": "qwen3_5",
    "text_config": {"hidden_size": 5120, "num_hidden_layers": 64, "intermediate_size": 17408},
}


@pytest.fixture(autouse=True)
def half_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Metal, whatever the tests run on."""
    monkeypatch.setattr(draft_families, "plain_bits", lambda: 16)


def folder(root: Path, config: dict[str, Any]) -> Path:
    root.mkdir(exist_ok=True)
    (root / "config.json").write_text(json.dumps(config))
    return root


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (GEMMA_4B, [LARGE, LARGE_4, SMALL, OWN, SMALL_4]),
        (GEMMA_27B, [LARGE, LARGE_4, SMALL, OWN, SMALL_4]),
        ({**GEMMA_4B, **FOUR_BITS}, [LARGE_4, SMALL, OWN, SMALL_4]),
        (QWEN_4B, ["mlx-community/Qwen3-0.6B-4bit"]),
        (LLAMA_8B, ["mlx-community/Llama-3.2-1B-Instruct-4bit"]),
        (LLAMA_3B, ["mlx-community/Llama-3.2-1B-Instruct-4bit"]),
        (QWEN_3B, ["mlx-community/Qwen2.5-0.5B-Instruct-4bit"]),
        (QWEN_35, [f"mlx-community/Qwen3.5-0.8B-MLX-{bits}bit" for bits in (8, 4)]),
        ({"model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096}, []),
        (GEMMA_1B, [SMALL, SMALL_4]),  # itself is no draft, in no bits
        ({**GEMMA_1B, **FOUR_BITS}, [SMALL_4]),
        ({**GEMMA_1B, "vocab_size": 32000}, []),
        ({**GEMMA_1B, "model_type": "mamba"}, []),
        ({"model_type": "gemma3_text"}, []),
    ],
)
def test_the_table_gives_smaller_models_of_the_same_kind(
    tmp_path: Path, config: dict[str, Any], names: list[str]
) -> None:
    found = family_drafts(folder(tmp_path, config))
    assert list(found.names) == names and bool(found.none) == (not names)


@pytest.mark.parametrize(
    ("config", "names"),
    [
        (GEMMA_4B, [LARGE, LARGE_4, SMALL, OWN, SMALL_4]),  # all of it becomes float32 as well
        ({**GEMMA_4B, **FOUR_BITS}, [LARGE_4, SMALL, OWN, SMALL_4]),
        (GEMMA_1B, [SMALL, OWN, SMALL_4]),
        ({**QWEN_4B, "num_hidden_layers": 80}, ["mlx-community/Qwen3-0.6B-4bit"]),
    ],
)
def test_a_draft_is_as_large_as_it_becomes_in_memory(
    tmp_path: Path, config: dict[str, Any], names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an x86 CPU sixteen bits become 32, four stay four: such a draft would slow its target."""
    monkeypatch.setattr(draft_families, "plain_bits", lambda: 32)
    assert list(family_drafts(folder(tmp_path, config)).names) == names


def test_every_entry_names_a_repository_and_is_smaller_than_something() -> None:
    for family in FAMILIES:
        assert family.types and family.vocabularies
        for draft in family.drafts:
            assert (draft.name.count("/") == 1 or draft.name == OWN) and draft.megabytes > 0
        assert family.drafts[0].name != OWN  # which nothing fetches by the way


def nothing(name: str) -> Path | None:
    return None


def test_one_that_is_here_is_taken_and_named(tmp_path: Path) -> None:
    said: list[str] = []
    found = family_draft(
        folder(tmp_path, GEMMA_4B),
        lambda name: tmp_path if name == SMALL else None,
        lambda name: pytest.fail("nothing has to be fetched"),
        said.append,
    )
    assert found == (SMALL, tmp_path) and SMALL in said[0]


def test_one_that_is_here_and_does_not_fit_is_left_with_a_word(
    tmp_path: Path, tiny_model: Path
) -> None:
    target = folder(tmp_path / "target", GEMMA_4B)
    shutil.copy(tiny_model / "tokenizer.json", target)
    other = json.loads((tiny_model / "tokenizer.json").read_bytes())
    other["added_tokens"].append({**other["added_tokens"][0], "id": 512, "content": "<|new|>"})
    (tmp_path / "tokenizer.json").write_text(json.dumps(other))
    here = {LARGE: tmp_path, OWN: tiny_model}
    said: list[str] = []
    assert family_draft(target, here.get, None, said.append) == (OWN, tiny_model)
    assert LARGE in said[0] and "their tokenizers differ" in said[0] and OWN in said[1]
    del here[OWN], here[LARGE]
    here |= {SMALL: tmp_path}
    assert family_draft(target, here.get, lambda name: tiny_model, said.append) is not None
    assert said[-1] == f"fetching draft model {LARGE}, of the model's own family"


def test_else_the_first_is_fetched(tmp_path: Path) -> None:
    target = folder(tmp_path, GEMMA_4B)
    found = family_draft(target, nothing, lambda name: tmp_path / name, lambda line: None)
    assert found == (LARGE, tmp_path / LARGE)


def test_where_nothing_may_be_fetched_it_says_what_to_give(tmp_path: Path) -> None:
    said: list[str] = []
    assert family_draft(folder(tmp_path, GEMMA_4B), nothing, None, said.append) is None
    [line] = said
    assert line.endswith(f"own family here; --draft-model {LARGE} fetches one")


def test_where_the_family_has_no_smaller_one_it_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    target = folder(tmp_path, {"model_type": "gemma3_text"})
    assert family_draft(target, nothing, lambda name: tmp_path, said.append) is None
    [line] = said
    assert line.startswith("no draft model of the model's own family is small enough")


def test_without_a_network_it_goes_on_and_says_so(tmp_path: Path) -> None:
    def unreachable(name: str) -> Path:
        raise ModelError(f"model {name}: can't be fetched")

    said: list[str] = []
    assert family_draft(folder(tmp_path, GEMMA_4B), nothing, unreachable, said.append) is None
    assert "continuing without a draft model" in said[-1]


@pytest.mark.parametrize(
    ("config", "line"),
    [
        (
            {**LLAMA_8B, "num_hidden_layers": 4},
            "no draft model of the model's own family is small enough: "
            "mlx-community/Llama-3.2-1B-Instruct-4bit reads 695 MB for a token, "
            "and more than 393 MB would not pay",
        ),
        ({"model_type": "mamba"}, "no draft model is known for this model's family ('mamba')"),
    ],
)
def test_why_none_is_taken_is_said_in_a_line(
    tmp_path: Path, config: dict[str, Any], line: str
) -> None:
    said: list[str] = []
    assert family_draft(folder(tmp_path, config), nothing, None, said.append) is None
    [found] = said
    assert found.startswith(line)


def test_a_small_one_that_is_here_comes_before_one_to_fetch(tmp_path: Path) -> None:
    found = family_draft(
        folder(tmp_path, GEMMA_4B),
        lambda name: tmp_path if name == SMALL_4 else None,
        lambda name: pytest.fail("nothing has to be fetched"),
        lambda line: None,
    )
    assert found == (SMALL_4, tmp_path)
