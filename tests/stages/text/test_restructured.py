"""reStructuredText: directives by what they hold, roles by their words."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text
from stages.text.restructured import is_restructured


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (".. note::\n\n   The flaw needs a login,\n   :ref:`see <x>`.\n\nEnd.",
         "The flaw needs a login,\nsee.\n\nEnd."),
        ("Run:\n\n.. code-block:: bash\n   :linenos:\n\n   curl *x*\n     -d ::\n\nEnd.",
         "Run:\n\ncurl *x*\n  -d ::\n\nEnd."),
        ("Use :func:`os.*x*` and :doc:`the guide </a>`, :cve:`2030-1`.",
         "Use os.*x* and the guide, CVE-2030-1."),
        (".. _top:\n\n.. image:: a.png\n   :alt: x\n\n.. A remark\n   of two lines.\n\nEnd.",
         "End."),
        (".. warning:: Run it::\n\n      rm *x*\n\n   Or not.", "Run it:\n\nrm *x*\n\nOr not."),
    ],
)  # fmt: skip
def test_directives_and_roles(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    "text", ["It waits .. and ends.", "std::vector::size, :x: and a:b", "Foo::\n\n    int x;"]
)
def test_what_is_none(text: str) -> None:
    assert not is_restructured(text) and clean_text(text) == text
