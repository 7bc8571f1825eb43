"""Models that can't be used are refused in one line that says what to do; the rest load."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from mlx_lm.models import gemma3_text

from tests.run_tools import Desk, write_jsonl
from tests.tiny_model import CHAT_TEMPLATE
from tests.tiny_model import SPECIAL_TOKENS as ENDS
from workers.core.errors import ModelError
from workers.generation.model.load import from_parts, load
from workers.model_store import resolve


def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def bad_config(folder: Path) -> None:
    (folder / "config.json").write_text("{")


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def pickled_weights(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def truncated_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    os.truncate(path, path.stat().st_size // 2)


def empty_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"")


def other_weights(folder: Path) -> None:
    described = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(described | {"num_hidden_layers": 5}))


def unknown_architecture(folder: Path) -> None:
    described = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(described | {"model_type": "abacus"}))


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def no_chat_template(folder: Path) -> None:
    path = folder / "tokenizer_config.json"
    described = json.loads(path.read_text())
    del described["chat_template"]
    path.write_text(json.dumps(described))


def broken_chat_template(folder: Path) -> None:
    path = folder / "tokenizer_config.json"
    described = json.loads(path.read_text())
    described["chat_template"] += "{{ raise_exception('roles\nmust alternate') }}"
    path.write_text(json.dumps(described))


def short_chat_template(folder: Path) -> None:
    """Fit for a few words, not for a stage's prompt with its examples."""
    path = folder / "tokenizer_config.json"
    described = json.loads(path.read_text())
    described["chat_template"] = "{{ messages[-1].content[:9] }}"
    path.write_text(json.dumps(described))


# What breaks a folder, whether it shows before the model is loaded, and words of the message.
BREAKAGES: list[tuple[Callable[[Path], None], bool, str]] = [
    (no_config, True, "no config.json there"),
    (bad_config, True, "config.json can't be read"),
    (no_weights, True, "mlx_lm.convert"),
    (pickled_weights, True, "other formats are not loaded"),
    (truncated_weights, False, "check that the folder is complete"),
    (empty_weights, False, "check that the folder is complete"),
    (other_weights, False, "check that the folder is complete"),
    (unknown_architecture, False, "abacus"),
    (no_tokenizer, False, "can't be loaded"),
    (no_chat_template, False, "use an instruct model"),
    (broken_chat_template, False, "can't be used: TemplateError: roles"),
    (short_chat_template, False, "template alters the text of messages; give another"),
]


def broken(tiny_model: Path, tmp_path: Path, damage: Callable[[Path], None]) -> Path:
    folder = tmp_path / "broken"
    shutil.copytree(tiny_model, folder)
    damage(folder)
    return folder


@pytest.mark.parametrize(("damage", "at_once", "words"), BREAKAGES)
def test_a_broken_folder_is_one_line(
    tiny_model: Path,
    tmp_path: Path,
    damage: Callable[[Path], None],
    at_once: bool,
    words: str,
) -> None:
    folder = broken(tiny_model, tmp_path, damage)
    with pytest.raises(ModelError) as refused:
        load(resolve(str(folder)))
    message = str(refused.value)
    assert words in message and str(folder) in message
    assert "\n" not in message and len(message) < 600
    if at_once:
        with pytest.raises(ModelError):
            resolve(str(folder))
    else:
        assert resolve(str(folder)) == folder


@pytest.mark.parametrize("damage", [no_weights, truncated_weights])
def test_the_command_ends_with_status_1_and_the_same_line(
    tiny_model: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = broken(tiny_model, tmp_path, damage)
    done = Desk(tmp_path).coordinator(*needing_a_model(tmp_path, str(folder)), seconds=120)
    words = {found: words for found, _, words in BREAKAGES}[damage]
    assert done.returncode == 1
    assert words in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_a_hub_name_without_network_is_one_line(tmp_path: Path) -> None:
    own = {"HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(  # what is asked of the hub is settled when its library is imported
        Desk(tmp_path).command(*needing_a_model(tmp_path, "nobody/no-such-model")),
        cwd=tmp_path,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "nobody/no-such-model: not in the Hugging Face cache" in done.stderr
    assert "check the name and the network" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "queues").exists()


def needing_a_model(root: Path, model: str) -> list[str]:
    """A run on one record."""
    write_jsonl(root / "in.jsonl", [{"text": "An attacker reads memory of the server. " * 5}])
    return ["run", "-i", "in.jsonl", "--run", "r", "--workers", "1", "--model", model]


@pytest.mark.parametrize("damage", [no_chat_template, broken_chat_template])
def test_a_template_of_ones_own_stands_in(
    tiny_model: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """As a base model needs it."""
    folder = broken(tiny_model, tmp_path, damage)
    loaded = load(folder, chat_template=CHAT_TEMPLATE)
    own = load(tiny_model).tokenizer
    asked = [{"role": "user", "content": "Why?"}]
    assert loaded.tokenizer.apply_chat_template(asked) == own.apply_chat_template(asked)


def test_the_collector_runs_again_after_it(tiny_model: Path, tmp_path: Path) -> None:
    load(tiny_model)
    assert gc.isenabled()
    with pytest.raises(ModelError):
        load(tmp_path)
    assert gc.isenabled()


def test_facts_of_a_good_model(tiny_model: Path) -> None:
    facts = load(tiny_model).facts
    assert (facts.vocab_size, facts.window) == (512, 2048)
    # keys and values, layers, KV heads, head size, bytes of a float32 (2 of a float16 on a GPU)
    # where heads are not padded to 32 numbers
    assert facts.keeps.per_token in {2 * 3 * 2 * 32 * 4, 2 * 3 * 2 * 16 * 4, 2 * 3 * 2 * 16 * 2}
    assert facts.activation_bytes_per_token > 0


def test_the_shorter_of_two_windows_counts(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "short"
    shutil.copytree(tiny_model, folder)
    path = folder / "tokenizer_config.json"
    described = json.loads(path.read_text()) | {"model_max_length": 300}
    path.write_text(json.dumps(described))
    assert load(folder).facts.window == 300


def test_a_window_is_found_wherever_it_is_named(
    tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "elsewhere"
    shutil.copytree(tiny_model, folder)
    config = json.loads((folder / "config.json").read_text())
    tokenizer = json.loads((folder / "tokenizer_config.json").read_text())
    del config["max_position_embeddings"], tokenizer["model_max_length"]
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    for more, window in (
        ({"text_config": {"max_position_embeddings": 700}}, 700),
        ({"n_positions": 900}, 900),
        ({"model_type": "xverse"}, 2048),  # which transformers has no defaults for
    ):
        (folder / "config.json").write_text(json.dumps({**config, **more}))
        facts, guessed = load(folder).facts, "model_type" in more
        assert facts.window == window
        assert ("says nowhere" in capsys.readouterr().err) == guessed
        assert ("says nowhere" in facts.note) == guessed


def test_a_free_answer_ends_with_its_turn(tiny_model: Path, tmp_path: Path) -> None:
    """A base model with a template of one's own, or one whose files list another end alone."""
    folder = tmp_path / "base"
    shutil.copytree(tiny_model, folder)
    for name in ("config.json", "tokenizer_config.json"):
        described = json.loads((folder / name).read_text())
        described.update({"eos_token_id": 0} if name == "config.json" else {"eos_token": ENDS[0]})
        (folder / name).write_text(json.dumps(described))
    assert load(folder).eos_token_ids == {0, 2}
    other = CHAT_TEMPLATE.replace("<|im_end|>", "\n### ")
    assert load(folder, chat_template=other).eos_token_ids == {0}  # words are no token


def test_a_draft_model_needs_no_template(tiny_model: Path, tmp_path: Path) -> None:
    folder = broken(tiny_model, tmp_path, no_chat_template)
    assert load(folder, only_drafts=True).facts.vocab_size == 512


def test_every_end_token_counts(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ends"
    shutil.copytree(tiny_model, folder)
    described = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(described | {"eos_token_id": [0, 2]}))
    assert load(folder).eos_token_ids == {0, 2}


def test_a_model_that_can_not_run_is_refused_in_one_line(tiny_model: Path) -> None:
    """Gemma 3 looks for the first of its layers that see all, and this one has none."""
    plain = load(tiny_model)
    args = {"model_type": "gemma3_text", "hidden_size": 32, "num_hidden_layers": 2}
    args |= {"num_attention_heads": 2, "head_dim": 16, "num_key_value_heads": 1}
    model = gemma3_text.Model(gemma3_text.ModelArgs.from_dict({**args, "vocab_size": 512}))
    with pytest.raises(ModelError, match="can't be run by this mlx-lm .IndexError"):
        from_parts(tiny_model, model, plain.tokenizer, args)


def test_a_model_of_a_hub_is_called_by_its_id(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models--some-lab--small-1b" / "snapshots" / "0a1b2c"
    shutil.copytree(tiny_model, folder)
    assert load(folder).name == "some-lab/small-1b"
    assert load(tiny_model).name == tiny_model.name
