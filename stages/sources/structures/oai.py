"""arXiv's papers as its OAI-PMH interface harvests them: arXiv, arXivRaw and Dublin Core.

Other repositories answer in Dublin Core as well.  Invariant: a paper has arXiv's number as its
id where it is from there, without a version.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from stages.sources.entry import WITHDRAWN, Entry
from stages.sources.shapes.xml_values import child, children, prose, prose_at
from stages.sources.structures.reading import links_of
from stages.text.kinds import PAPER

_ARXIV = re.compile(r"oai:arXiv\.org:(\S+)", re.IGNORECASE)
# A sentence of an author's comment that takes the paper back, not one that mentions another.
_TAKEN_BACK = re.compile(
    r"(?:^|[.;,(]\s*)(?:(?:this|the|our)\s+)?"
    r"(?:(?:paper|article|manuscript|preprint|submission|work)\s+)?"
    r"(?:(?:has|have)\s+been\s+|was\s+|is\s+|is\s+being\s+)?(?:temporarily\s+)?"
    r"(?:withdrawn|retracted)\b(?!\s+(?:arxiv|paper|article|submission|version))",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"Comments?:\s*", re.IGNORECASE)  # a description in Dublin Core


def read_paper(element: Element) -> Entry:
    """The paper of a `record`; one that was deleted has a status and no text."""
    identifier = prose_at(element, "header", "identifier")
    match = _ARXIV.fullmatch(identifier)
    metadata = child(element, "metadata")
    paper = next(iter(metadata), None) if metadata is not None else None
    page = f"https://arxiv.org/abs/{match[1]}" if match else ""
    header = child(element, "header")
    deleted = header is not None and header.get("status") == "deleted"
    return Entry(
        text=_first(paper, "abstract", "description"),
        title=_first(paper, "title"),
        kind=PAPER,
        id=match[1] if match else identifier,
        source="arXiv" if match else _first(paper, "publisher"),
        links=links_of([page, *(prose(one) for one in children(paper, "identifier"))]),
        licence=_first(paper, "license", "rights") or ("CC0-1.0 (metadata)" if match else ""),
        status=WITHDRAWN if deleted or any(map(is_withdrawn, _comments(paper))) else "",
        published=_first(paper, "created", "date"),
        modified=_first(paper, "updated") or prose_at(element, "header", "datestamp"),
        more={"authors": _authors(paper), "doi": _first(paper, "doi"), "categories": _about(paper)},
    )


def is_withdrawn(comment: str) -> bool:
    """Whether the comment beside a paper, which its authors write, takes the paper back."""
    return _TAKEN_BACK.search(comment) is not None


def _comments(paper: Element | None) -> list[str]:
    own = [prose(one) for one in children(paper, "comments")]
    said = [prose(one) for one in children(paper, "description")]
    return own + [_COMMENT.sub("", text, count=1) for text in said if _COMMENT.match(text)]


def _first(paper: Element | None, *names: str) -> str:
    found = (" ".join(prose_at(paper, name).split()) for name in names)
    return next((text for text in found if text), "")


def _authors(paper: Element | None) -> list[str]:
    """Names as they are read: forenames first."""
    parts = [
        (prose_at(one, "forenames"), prose_at(one, "keyname"))
        for one in children(paper, "authors", "author")
    ]
    listed = [" ".join(filter(None, pair)) for pair in parts]
    return [name for name in listed if name] or [prose(one) for one in children(paper, "creator")]


def _about(paper: Element | None) -> list[str]:
    subjects = [prose(one) for one in children(paper, "subject")]
    return _first(paper, "categories").split() or subjects
