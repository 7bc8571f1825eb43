"""The files of a recipe: which there are, where they come from, and what their contents hash to.

A file in a folder of the user's stands in for the shipped one of that name, whole; questions in
another language are a file of their own, questions.de.yaml.  Knows no file's meaning.
Invariant: what is returned was read whole, from regular files of bounded size.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stages.recipe.nodes import MOST_BYTES, Node, RecipeError, did_you_mean, parse
from stages.text.language import OTHERS_KNOWN

SHIPPED = Path(__file__).with_name("default")
NAMES = (
    *("prompts", "questions", "forms", "roles", "role_examples", "relevance", "systems"),
    *("domains", "awareness", "bounds", "wording", "trial"),
)
FILES = tuple(f"{name}.yaml" for name in NAMES)
_IN_A_LANGUAGE = re.compile(r"questions\.([a-z]{2})\.yaml")


@dataclass(frozen=True)
class RecipeFile:
    """One file: its bytes, and what it is called in messages.

    `known`: it is known to be right, as the shipped files are, which the tests have checked.
    """

    shown: str
    data: bytes
    known: bool = False

    @cached_property
    def root(self) -> Node:
        """What it holds; raises RecipeError for what is no plain YAML."""
        return parse(self.data, self.shown, self.known)

    @property
    def sha256(self) -> str:
        """Of what it holds, in the order of the file: comments and spelling do not count."""
        plain = json.dumps(self.root.plain(), ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()


def read_files(folder: Path | None) -> Mapping[str, RecipeFile]:
    """Each file by its name: the folder's, else the shipped one; questions in other languages last.

    Raises RecipeError for a folder that holds anything else, or nothing, and OSError.
    """
    own = _own_files(folder) if folder is not None else {}
    found = {name: own.get(name) or _read(SHIPPED / name, known=True) for name in FILES}
    return found | own


def language_of(name: str) -> str:
    """The language of a file of questions: "de" of questions.de.yaml; empty for other files."""
    match = _IN_A_LANGUAGE.fullmatch(name)
    return match[1] if match else ""


def _own_files(folder: Path) -> dict[str, RecipeFile]:
    if not folder.is_dir():
        number = errno.ENOTDIR if folder.exists() else errno.ENOENT
        raise NotADirectoryError(number, os.strerror(number), str(folder))
    names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    for name in names:
        if name not in FILES and language_of(name) not in OTHERS_KNOWN:
            raise RecipeError(str(folder / name), None, f"not a recipe file{_hint(name)}")
    if not names:
        raise RecipeError(str(folder), None, f"contains no recipe file; known: {', '.join(FILES)}")
    return {name: _read(folder / name) for name in names}


def _hint(name: str) -> str:
    if language := language_of(name):
        return f": no language {language}; known: {', '.join(OTHERS_KNOWN)}"
    return did_you_mean(name, FILES)


def _read(path: Path, known: bool = False) -> RecipeFile:
    # Opened without waiting: a pipe of that name has no end.
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise RecipeError(str(path), None, "is not a file")
        return RecipeFile(str(path), file.read(MOST_BYTES + 1), known)
