"""What a commit is called in a repository: no release, though feeds say that it repairs a flaw.

Invariant: a number without a letter, such as a date, is none.
"""

from __future__ import annotations

COMMIT = r"(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7,64}"  # a pattern for `re`
