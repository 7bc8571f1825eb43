"""The stages of the pipeline, by the names of their queue folders; others are in `own`.

Stage modules are imported when asked for, so that naming stages costs nothing and
`python -m stages.data_filter` runs one module once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from stages.own import is_own_name, own_stage

if TYPE_CHECKING:
    from stages.base import Stage

_CLASSES = {
    "2_data_filter": "DataFilter",
    "3_data_structurer": "DataStructurer",
    "4_domain_classifier": "DomainClassifier",
    "5_manual_reviewer": "ManualReviewer",
    "6_security_aligner": "SecurityAligner",
}
ALL_STAGES = tuple(_CLASSES)  # in pipeline order
_APART = {"requests": "Requests"}  # not of the pipeline: commands of their own run them
BY_HAND = ("5_manual_reviewer",)  # a person decides there: only in runs that ask for it
DEFAULT_STAGES = tuple(name for name in ALL_STAGES if name not in BY_HAND)


def short_name(name: str) -> str:
    """The name of a stage without its number: "data_filter", "my_module.MyStage"."""
    number, _, rest = name.partition("_")
    return rest if number.isdigit() and rest else name


def is_stage_name(name: str) -> bool:
    """Whether a full name is that of a stage of ours, or can be that of another one."""
    return name in _CLASSES or name in _APART or is_own_name(name)


def stage_by_name(name: str) -> type[Stage]:
    """The stage class of a name, "2_data_filter", "data_filter" or "my_module.MyStage".

    Raises ValueError, in one line, if there is no such stage.
    """
    for full, class_name in (_CLASSES | _APART).items():
        module = short_name(full)
        if name in (full, module):
            stage: type[Stage] = getattr(import_module(f"stages.{module}.stage"), class_name)
            return stage
    if is_own_name(name):
        return own_stage(name)
    raise ValueError(f"no stage {name!r}; the stages are {', '.join(ALL_STAGES)}")
