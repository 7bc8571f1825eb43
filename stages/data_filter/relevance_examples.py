"""Example texts of the relevance question: about security, and about other things.

A model's hidden states of a text are compared with those of these, so they are to be as varied
as the texts that come, in kind and in length.  Texts of a kind stand together under one name:
a calibration holds out whole kinds, to learn how it does on kinds it has not seen.  Add a text
where the filter errs, or a kind; keep both sides about equally long.
"""

from __future__ import annotations

from stages.data_filter.defence_examples import DEFENCE
from stages.data_filter.entry_examples import ENTRIES
from stages.data_filter.everyday_examples import EVERYDAY
from stages.data_filter.report_examples import REPORTS
from stages.data_filter.software_examples import SOFTWARE

SECURITY_EXAMPLES: dict[str, tuple[str, ...]] = {**ENTRIES, **REPORTS, **DEFENCE}
SOFTWARE_EXAMPLES: dict[str, tuple[str, ...]] = SOFTWARE
EVERYDAY_EXAMPLES: dict[str, tuple[str, ...]] = EVERYDAY
