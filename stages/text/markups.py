"""Texts in other markups than HTML and Markdown, as Markdown: wikis, reStructuredText, AsciiDoc.

Knows which marks tell each of them, and that one text has one.  Invariant: a text that has no two
marks of a kind, or a fence of Markdown, comes out as it went in.
"""

from __future__ import annotations

from stages.text.asciidoc import asciidoc_as_markdown, is_asciidoc
from stages.text.jira import is_jira, jira_as_markdown
from stages.text.mediawiki import is_mediawiki, mediawiki_as_markdown
from stages.text.restructured import is_restructured, restructured_as_markdown

_FORMS = (
    (is_mediawiki, mediawiki_as_markdown),
    (is_jira, jira_as_markdown),
    (is_restructured, restructured_as_markdown),
    (is_asciidoc, asciidoc_as_markdown),
)


def as_markdown(text: str) -> str:
    """A text with the marks of Markdown in the place of those of its own markup."""
    one_line = "\n" not in text and not any(mark in text for mark in ("[[", ":`", "{noformat}"))
    if "```" in text or one_line:
        return text
    return next((changed(text) for tells, changed in _FORMS if tells(text)), text)
