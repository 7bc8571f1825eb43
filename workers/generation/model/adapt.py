"""A model's modules once more, with the same weights, calling other functions by name.

mlx-lm's models call attention and activations by a name of their Python module.  A twin's
modules look these few names up in a namespace of their own.  Knows Python functions and mlx's
modules; does not know what is called.  Invariant: the model itself, and mlx-lm, stay as they
were.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

import mlx.nn as nn

# By the name that a model calls: what takes the place of the function found there.
Replacements = Mapping[str, Callable[[Any], Any]]


def twin(model: nn.Module, replacements: Replacements) -> nn.Module:
    """A copy of the tree of modules that shares all arrays, with `replacements` in its code."""
    classes = _Classes(replacements)
    made: dict[int, Any] = {}

    def copied(value: Any) -> Any:
        if not isinstance(value, nn.Module):
            return _mapped(value, copied)
        if id(value) not in made:
            made[id(value)] = other = copy.copy(value)
            object.__setattr__(other, "__class__", classes.of(type(value)))
            for name, child in value.items():
                other[name] = copied(child)
        return made[id(value)]

    found: nn.Module = copied(model)
    return found


def _mapped(value: Any, copied: Callable[[Any], Any]) -> Any:
    """Plain containers of modules are copied too; everything else is shared."""
    if isinstance(value, dict):
        return {name: copied(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(map(copied, value))
    return value


class _Classes:
    """Modules' classes, derived anew where their Python module knows a replaced name."""

    def __init__(self, replacements: Replacements) -> None:
        self._replacements = replacements
        self._derived: dict[type, type] = {}
        self._namespaces: dict[str, dict[str, Any] | None] = {}

    def of(self, kind: type) -> type:
        """The class for a twin of an instance of `kind`: `kind` itself where nothing changes."""
        if kind not in self._derived:
            methods = self._methods(kind)
            self._derived[kind] = type(kind.__name__, (kind,), methods) if methods else kind
        return self._derived[kind]

    def _methods(self, kind: type) -> dict[str, FunctionType]:
        """The methods that an instance has from Python modules in which a name is replaced."""
        found: dict[str, FunctionType] = {}
        for base in reversed(kind.__mro__):
            for name in vars(base):
                found.pop(name, None)  # overridden here
            namespace = self._namespace(base.__module__)
            if namespace is not None:
                found |= _rebound(vars(base), namespace)
        return found

    def _namespace(self, module: str) -> dict[str, Any] | None:
        """A Python module's names with ours among them; None where it calls none of them."""
        if module not in self._namespaces:
            names = vars(sys.modules[module]) if module in sys.modules else {}
            ours = {
                name: replace(names[name])
                for name, replace in self._replacements.items()
                if name in names
            }
            self._namespaces[module] = _namespace_with(names, ours) if ours else None
        return self._namespaces[module]


def _namespace_with(names: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    namespace = dict(names)
    own = {n: f for n, f in names.items() if getattr(f, "__globals__", None) is names}
    namespace.update(_rebound(own, namespace))
    namespace.update(ours)
    return namespace


def _rebound(functions: Mapping[str, Any], namespace: dict[str, Any]) -> dict[str, FunctionType]:
    """The plain functions among these, looking names up in `namespace`."""
    return {
        name: _with_globals(function, namespace)
        for name, function in functions.items()
        if isinstance(function, FunctionType)
    }


def _with_globals(function: FunctionType, namespace: dict[str, Any]) -> FunctionType:
    other = FunctionType(
        *(function.__code__, namespace, function.__name__),
        *(function.__defaults__, function.__closure__),
    )
    other.__kwdefaults__ = function.__kwdefaults__
    return other
