"""The version of this program: from the installed package, or from setup.cfg in a checkout.

Invariant: never raises; a copy that has neither is of version "unknown".
"""

from __future__ import annotations

from configparser import ConfigParser
from importlib import metadata
from pathlib import Path

from workers.core.program import SETUP

PACKAGE = "cyberllm-pool"


def version(setup: Path = SETUP) -> str:
    """As in "0.1.0".  `setup` is read where the package is not installed."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        parser = ConfigParser()
        parser.read(setup, encoding="utf-8")
        return parser.get("metadata", "version", fallback="unknown")
