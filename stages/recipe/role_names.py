"""The names of the roles that a sentence of a record can play.

The structurer's rules know them by name, so a recipe can change how they are told, and not which
there are.
"""

from __future__ import annotations

WHAT, HOW, EFFECT, CAUSE, DETECT = "what", "how", "effect", "cause", "detect"
RESPOND, AFFECTED, WHO, FINDING, ASIDE = "respond", "affected", "who", "finding", "aside"
ROLES = (WHAT, HOW, EFFECT, CAUSE, DETECT, RESPOND, AFFECTED, WHO, FINDING, ASIDE)
