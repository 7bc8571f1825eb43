"""The tiny model as one for embeddings: with the files that say how vectors are made."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

_KIND = "sentence_transformers.models"


def for_embeddings(
    model: Path, folder: Path, mode: str = "lasttoken", *more: str, **config: Any
) -> Path:
    """A copy of a model that pools by `mode`; `more` are further modules, `config` goes into it."""
    shutil.copytree(model, folder)
    kinds = ["Transformer", "Pooling", *more]
    paths = ["", *(f"{number}_{kind}" for number, kind in enumerate(kinds[1:], start=1))]
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"{_KIND}.{kind}"}
        for number, (kind, path) in enumerate(zip(kinds, paths, strict=True))
    ]
    _write(folder / "modules.json", modules)
    (folder / "1_Pooling").mkdir()
    ways = {f"pooling_mode_{way}": way == mode for way in ("cls_token", "mean_tokens", "lasttoken")}
    _write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": 64, **ways})
    known = json.loads((folder / "config.json").read_text())
    _write(folder / "config.json", known | config)
    return folder


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value))
