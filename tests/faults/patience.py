"""How long a run may take to go on after a fault.

Knows no row.  Invariant: one bound for all rows; while coverage is measured, which slows every
process down, it is twice as long.
"""

from __future__ import annotations

import sys

RECOVERED_S = 20.0 if "coverage" in sys.modules else 10.0
