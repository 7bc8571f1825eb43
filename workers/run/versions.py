"""The versions that a run was made with: of this program, of Python, of the packages that matter.

Knows which packages those are; compares nothing.  Invariant: what was parsed is written the same
again.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

from workers.core.json_fields import JsonFields
from workers.core.version import PACKAGE, version

PACKAGES = ("mlx", "mlx-lm", "filelock", "orjson")
_PYTHON = "python"


@dataclass(frozen=True)
class Versions:
    """What made a run; empty where a run from an earlier time does not say.

    packages: versions of PACKAGES by name, without those that were not installed.
    """

    program: str = ""
    python: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def here(cls) -> Versions:
        """Those of this process."""
        found = {}
        for package in PACKAGES:
            try:
                found[package] = version_of(package)
            except PackageNotFoundError:
                continue
        return cls(version(), ".".join(map(str, sys.version_info[:3])), found)

    def to_json(self) -> dict[str, str]:
        """One object by package, this program and Python first."""
        named = {PACKAGE: self.program, _PYTHON: self.python, **self.packages}
        return {name: found for name, found in named.items() if found}

    @classmethod
    def parse(cls, fields: JsonFields) -> Versions:
        """The inverse; raises the error of `fields` for a version that is not text."""
        found = {name: fields.read(name, str) for name in fields.values}
        program, python = found.pop(PACKAGE, ""), found.pop(_PYTHON, "")
        return cls(program, python, found)
