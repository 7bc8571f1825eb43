"""A product as people call it, of the vendor and the product that a feed states.

Invariant: the product's name stays; the vendor's stands in front of it where it says more.
"""

from __future__ import annotations

import re

# What a company or a project is called besides its name.
_FORM = re.compile(
    r"(?:[ _,]+(?:project|inc|corp|corporation|foundation|software|community|team|group|gmbh|ag|ltd"
    r"|llc|limited|co|company|technologies|systems|networks|development team)\.?)+$",
    re.IGNORECASE,
)


def called(vendor: str, product: str) -> str:
    """ "Acme Viewer" of Acme and Viewer, and of the Acme Project and its Acme Viewer."""
    if not vendor or product[:1].lower() != vendor[:1].lower():  # as nearly all of a feed's
        return f"{vendor} {product}".strip()
    name = _FORM.sub("", vendor).lower()
    within = product.lower().startswith(name) and not product[len(name) : len(name) + 1].isalnum()
    return product if within else f"{vendor} {product}"
