"""Stages of a user's own: found by module and class, or by an entry point of a package.

Knows how they are named and imported; makes none.  Invariant: a stage it returns is a complete
subclass of Stage, and its name, "my_module.MyStage", can be that of a folder.
"""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stages.base import Stage

GROUP = "cyberllm_pool.stages"  # of entry points
LONGEST = 100  # characters of a name
# A run's own files end in these; a class of that name could stand in the way of one.
_NAME = re.compile(r"(?:[A-Za-z_]\w*\.)+(?!(?:json|jsonl|lock)\Z)[A-Za-z_]\w*", re.ASCII)


def is_own_name(name: str) -> bool:
    """Whether a name is that of an own stage, as its queue folder has it."""
    return len(name) <= LONGEST and _NAME.fullmatch(name) is not None


def own_name(given: str) -> str | None:
    """The name of "my_module:MyStage", or of an entry point; None for what can be neither."""
    dotted = given.replace(":", ".", 1)
    if is_own_name(dotted):
        return dotted
    from importlib.metadata import entry_points  # late: it takes a while

    values = (one.value for one in entry_points(group=GROUP) if one.name == given)
    names = (value.replace(":", ".", 1) for value in values)
    return next(filter(is_own_name, names), None)


def own_stage(name: str) -> type[Stage]:
    """The class of an own stage; raises ValueError, in one line, if there is none that works."""
    from stages.base import Stage

    module, _, attribute = name.rpartition(".")
    shown = f"stage {module}:{attribute}"
    found = getattr(_imported(module, shown), attribute, None)
    if found is None:
        raise ValueError(f"{shown}: the module {module} has no {attribute}")
    if not isinstance(found, type) or not issubclass(found, Stage):
        raise ValueError(f"{shown}: is not a subclass of stages.base.Stage")
    if problem := _fault(found, name):
        raise ValueError(f"{shown}: {problem}")
    return found


def _fault(kind: type[Stage], name: str) -> str | None:
    """What is missing in a class that is to be a stage of this name."""
    import inspect

    from stages.base import StageOptions

    if inspect.isabstract(kind) or not inspect.iscoroutinefunction(kind.process):
        return "must define `async def process(self, record, llm)`"
    if not isinstance(getattr(kind, "description", None), str) or not kind.description.strip():
        return "must have a `description`, half a line that says what it does"
    if not isinstance(kind.Options, type) or not issubclass(kind.Options, StageOptions):
        return "its Options must be a subclass of stages.base.StageOptions"
    if "name" in vars(kind) and kind.name == f"{kind.__module__}.{kind.__qualname__}" != name:
        return f"is defined in another module: name it {kind.__module__}:{kind.__qualname__}"
    if kind.name != name:
        return f"must not set `name`: its name is {name}"
    return None


def _imported(module: str, shown: str) -> ModuleType:
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())  # last, so that nothing there hides another module
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name and f"{module}.".startswith(f"{error.name}."):
            where = "in the current folder or among the installed packages"
            raise ValueError(f"{shown}: there is no module {error.name} {where}") from error
        raise ValueError(f"{shown}: {module} can't be imported: {error}") from error
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {error}"
        raise ValueError(f"{shown}: {module} can't be imported: {reason}") from error


def importable(kind: type[Stage]) -> type[Stage]:
    """A stage as others import it, if its module was started as a command."""
    if kind.__module__ != "__main__":
        return kind
    return own_stage(f"{_main_module()}.{kind.__qualname__}")


def _main_module() -> str:
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    return str(spec.name) if spec is not None else Path(str(main.__file__)).stem
