"""All formats: the readers, and the choice among them by a document's beginning.

Knows readers by name and confidence.  Invariant: what no reader is sure of is refused with
what it looks like and what to do.
"""

from __future__ import annotations

from stages.sources.document import Document, Head, Options, Reader
from stages.sources.encodings import is_binary
from stages.sources.found import NotUnderstood
from stages.sources.shapes import (
    catalogs,
    feeds,
    html,
    json_lines,
    json_reader,
    mail,
    parquet,
    pdf,
    tables,
    texts,
    yaml_documents,
)
from stages.sources.structures import registry

READERS = (
    Reader("jsonl", json_lines.sniff, json_lines.read),
    Reader("json", json_reader.sniff, json_reader.read),
    Reader("yaml", yaml_documents.sniff, yaml_documents.read),
    Reader("csv", tables.sniff_csv, tables.read),
    Reader("tsv", tables.sniff_tsv, tables.read),
    Reader("parquet", parquet.sniff, parquet.read, binary=True),
    Reader("markdown", texts.sniff_markdown, texts.read_markdown),
    Reader("markdown-sections", lambda head: 0.0, texts.read_markdown),
    Reader("text", texts.sniff_text, texts.read_text),
    Reader("html", html.sniff, html.read),
    Reader("pdf", pdf.sniff, pdf.read, binary=True),
    Reader("mail", mail.sniff, mail.read, binary=True),
    Reader("feed", feeds.sniff, feeds.read),
    Reader("cwe", catalogs.sniff_cwe, catalogs.read_cwe),
    Reader("capec", catalogs.sniff_capec, catalogs.read_capec),
    Reader("oai-pmh", catalogs.sniff_oai, catalogs.read_oai),
    Reader("cvrf", catalogs.sniff_cvrf, catalogs.read_cvrf),
)
BY_NAME = {reader.name: reader for reader in READERS}
# Other words for the same; a structure's name stands for any shape that holds it.
ALIASES = {
    "ndjson": "jsonl", "rss": "feed", "atom": "feed", "arxiv": "feed", "md": "markdown",
    "txt": "text", "eml": "mail", "mbox": "mail", "htm": "html", "yml": "yaml", "attack": "stix",
    "ghsa": "github",
    "cve": "cve-5", "usn": "ubuntu", "redhat": "red-hat", "nvd-2.0": "nvd",
}  # fmt: skip
NAMES = tuple(sorted({*BY_NAME, *registry.NAMES}))
_SURE = 0.2

_LOOKS = (
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save it as CSV or text"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "an SQLite database; export its tables as CSV"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"\x1f\x9d", "a file packed with compress; unpack it first"),
    (b"\x04\x22\x4d\x18", "a file packed with lz4; unpack it first"),
    (b"ARROW1", "an Arrow file; save it as Parquet"),
)
OPTIONS_TO_TRY = "give --format NAME if you know it, or convert it"


def options(format_name: str | None, records_at: str | None) -> Options:
    """Checked options; raises NotUnderstood naming the flag."""
    from stages.sources.shapes.record_paths import RecordsAt

    name = ALIASES.get(format_name or "", format_name)
    if name is not None and name not in NAMES:
        raise NotUnderstood(f"--format {format_name}: known formats are {', '.join(NAMES)}")
    if records_at is not None:
        RecordsAt.parse(records_at)
    return Options(name, records_at)


def binary_reader(head: Head, wanted: Options) -> Reader | None:
    """The reader of a format that is no text, or None."""
    named = BY_NAME.get(wanted.format or "")
    if named is not None:
        return named if named.binary else None
    return next((r for r in READERS if r.binary and r.sniff(head)), None)


def reader_of(head: Head, wanted: Options) -> Reader:
    """The reader for a text by its beginning; raises NotUnderstood when there is none."""
    if reader := BY_NAME.get(wanted.format or ""):
        return reader
    if wanted.records_at is not None:
        return _with_paths(head)
    scored = [(reader.sniff(head), reader) for reader in READERS if not reader.binary]
    confidence, reader = max(scored, key=lambda pair: pair[0])
    if confidence >= _SURE:
        return reader
    catalogs.sniff_other(head)
    raise NotUnderstood(f"{looks_like(head)}; {OPTIONS_TO_TRY}")


def _with_paths(head: Head) -> Reader:
    """JSON or YAML: only there can a path lead to records."""
    json = head.begins[:1] in ("{", "[")
    if not json and not yaml_documents.sniff(head):
        raise NotUnderstood("--records-at is for JSON and YAML, and this looks like neither")
    return BY_NAME["json" if json else "yaml"]


def refuse_known(head: bytes) -> None:
    """Raises NotUnderstood for a file whose first bytes say that it is of a kind not read here."""
    for magic, words in _LOOKS:
        if head.startswith(magic):
            raise NotUnderstood(f"looks like {words}; {OPTIONS_TO_TRY}")


def looks_like(head: Head) -> str:
    """What a beginning looks like, in words."""
    if is_binary(head.data):
        return "looks like binary data of no known format"
    kind = head.suffix.removeprefix(".")
    if head.suffix in (".jsonl", ".ndjson", ".json"):
        return f"is named {head.suffix}, but its first lines are not JSON"
    return f"looks like text, but not like {kind or 'a known format'}"


def describe(document: Document, reader: Reader) -> str:
    """The format's name for people."""
    named = document.options.format
    return f"{reader.name} ({named})" if named in registry.NAMES else reader.name
