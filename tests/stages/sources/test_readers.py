"""The choice of a reader by contents, overrides, and what is refused with what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO

import pytest

from stages.sources.found import NotUnderstood, SourceError
from stages.sources.readers import NAMES, options
from stages.sources.source import Source
from tests.run_tools import PROJECT
from tests.source_help import records, refusal

LINE = '{"text": "A worm spreads by print jobs."}'
SAMPLES = {
    "jsonl": f"{LINE}\n{LINE}\n",
    "json": f'{{"items": [{LINE}]}}',
    "yaml": "title: Worm\ndetails: A worm spreads.\n",
    "csv": "id,description\n1,A worm spreads.\n",
    "tsv": "id\tdescription\n1\tA worm spreads.\n",
    "markdown": "# Worm\n\nA worm, see [this](https://a.example).\n\n- one\n- two\n",
    "text": "A worm spreads by print jobs, says the report.",
    "html": "<!doctype html><html><body><p>A worm spreads.</p></body></html>",
    "feed": "<rss><channel><item><title>Worm</title></item></channel></rss>",
    "cwe": '<Weakness_Catalog><Weakness ID="9"><Description>x</Description></Weakness>'
    "</Weakness_Catalog>",
}


def chosen(data: bytes | str, name: str) -> dict[str, int]:
    raw = data.encode() if isinstance(data, str) else data
    source = Source(BytesIO(raw), name, len(raw), options(None, None))
    list(source)
    return source.formats


@pytest.mark.parametrize("name", ["download", "odd.bin", "wrong.dat"])
@pytest.mark.parametrize("format_name", SAMPLES)
def test_the_format_is_told_by_the_contents(format_name: str, name: str) -> None:
    assert chosen(SAMPLES[format_name], name) == {format_name: 1}


@pytest.mark.parametrize("wrong", [".jsonl", ".csv", ".xml", ".txt", ".md"])
@pytest.mark.parametrize("format_name", ["jsonl", "json", "html", "feed", "cwe"])
def test_a_wrong_name_misleads_nobody(format_name: str, wrong: str) -> None:
    assert chosen(SAMPLES[format_name], f"x{wrong}") == {format_name: 1}


def test_an_override_wins() -> None:
    assert records(SAMPLES["csv"], format="text")[0]["text"] == SAMPLES["csv"].strip()
    assert len(records(SAMPLES["markdown"], format="md")) == 1
    with pytest.raises(NotUnderstood, match="--format nonsense: known formats are .*csv"):
        options("nonsense", None)
    assert {"nvd", "stix", "csv", "pdf", "markdown-sections"} <= set(NAMES)


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a.7z", "looks like a 7-Zip archive; unpack it first"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "looks like a picture"),
        (bytes(range(256)) * 20, "a.bin", "looks like binary data of no known format"),
        (b"not json\nat all\n", "a.jsonl", "is named .jsonl, but its first lines are not JSON"),
        (b"SQLite format 3\x00" + bytes(100), "a.db", "an SQLite database; export its tables"),
        (b"import os\nprint(os)\n", "a.py", "looks like text, but not like py"),
        (b"id,count\n", "a.csv", ""),
    ],
)
def test_what_is_not_understood_is_described(data: bytes, name: str, told: str) -> None:
    said = refusal(data, name)
    assert told in said
    assert not told or "--format NAME" in said


def test_an_office_document_is_no_archive_of_texts() -> None:
    import io
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    assert "an Office document; save it as CSV, text or PDF" in refusal(file.getvalue())


def test_random_bytes_and_random_cuts_never_crash() -> None:
    import random

    draw = random.Random(1)
    for number in range(300):
        sample = list(SAMPLES.values())[number % len(SAMPLES)].encode()
        data = bytearray(sample[: draw.randrange(len(sample) + 1)])
        for _ in range(draw.randrange(6)):
            if data:
                data[draw.randrange(len(data))] = draw.randrange(256)
        source = Source(BytesIO(bytes(data)), "x", len(data), options(None, None))
        try:
            for found in source:
                json.dumps(found.record, allow_nan=False).encode()
                assert (found.record is None) == (found.problem is not None)
        except SourceError as error:
            assert error.problem.isprintable()


def test_readers_import_no_library_of_a_format_that_is_not_read() -> None:
    code = (
        "import sys, stages.sources.readers\n"
        "heavy = {'bs4', 'feedparser', 'pyarrow', 'pypdf', 'zstandard', 'yaml', 'cvss'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('workers', 'mlx')]\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)
