"""Row 32: feeds that are cut or altered, at any byte.

Knows how small feeds of each shape are written; reads them with the copy under test.
Invariant: what a feed held is known here and not asked of the program.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.recount import recount
from tests.faults.rig import Job, Rig
from tests.faults.tally import Tally

_RECORDS = 8
_STEP = 10  # bytes between two faults of a row in full
_BATCH = 200
_TEXT = (
    "Kind {} of a buffer overflow in the print spooler lets a remote attacker run code; update"
    " to a fixed version to mitigate it."
)
TEXTS = [_TEXT.format(number) for number in range(_RECORDS)]

# Reads every file of a folder as a run would, in one process, and says what it found.
_READ = """
import json, sys
from pathlib import Path
from workers.core.errors import InputError
from workers.run.input_files import inspect_inputs
from workers.run.splitter import split
for path in sorted(Path(sys.argv[1]).iterdir()):
    said = {"file": path.name, "refused": "", "texts": [], "errors": []}
    try:
        for chunk in split(inspect_inputs([path]), 100):
            for line in chunk.lines:
                found = json.loads(line)
                if "error" in found:
                    said["errors"].append(found["error"])
                else:
                    said["texts"].append(found["record"].get("text", ""))
    except InputError as error:
        said["refused"] = str(error)
    print(json.dumps(said), flush=True)
"""


@dataclass(frozen=True)
class Feed:
    """A feed: its file's name, its bytes, and where each record begins."""

    name: str
    data: bytes
    begins: tuple[int, ...]

    def hit(self, at: int) -> int:
        """The record that a byte belongs to; -1 for what precedes them."""
        found = sum(begin <= at for begin in self.begins) - 1
        return found % _RECORDS if found >= 0 else -1  # a zip has a second mark of each


def _nvd() -> Feed:
    entries = [
        {
            "cve": {
                "id": f"CVE-2031-1{number:04}",
                "vulnStatus": "Analyzed",
                "descriptions": [{"lang": "en", "value": text}],
                "references": [{"url": "https://acme.example/1"}],
            }
        }
        for number, text in enumerate(TEXTS)
    ]
    document = {"format": "NVD_CVE", "version": "2.0", "vulnerabilities": entries}
    return _feed("nvd.json", json.dumps(document, indent=1).encode(), b'{\n   "cve"')


def _stix() -> Feed:
    objects = [
        {
            "type": "attack-pattern",
            "id": f"attack-pattern--{number}",
            "name": f"Technique {number}",
            "description": text,
        }
        for number, text in enumerate(TEXTS)
    ]
    document = {"type": "bundle", "id": "bundle--1", "objects": objects}
    return _feed("stix.json", json.dumps(document).encode(), b'{"type": "attack-pattern"')


def _csv() -> Feed:
    rows = [f'{number},"{text}"' for number, text in enumerate(TEXTS)]
    data = "\n".join(["id,description", *rows, ""]).encode()
    return Feed("rows.csv", data, tuple(data.index(row.encode()) for row in rows))


def _xml() -> Feed:
    items = [
        f'<Weakness ID="{9000 + number}" Name="W"><Description>{text}</Description></Weakness>'
        for number, text in enumerate(TEXTS)
    ]
    root = '<Weakness_Catalog xmlns="http://cwe.mitre.org/cwe-7">'
    data = f"{root}{''.join(items)}</Weakness_Catalog>"
    return _feed("cwe.xml", data.encode(), b"<Weakness ")


def _zip() -> Feed:
    """Members are stored as they are, so that a byte belongs to one of them."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, text in enumerate(TEXTS):
            archive.writestr(f"{number}.txt", text)
    feed = _feed("notes.zip", file.getvalue(), b"PK\x03\x04")
    listed = _feed("notes.zip", file.getvalue(), b"PK\x01\x02")
    return Feed(feed.name, feed.data, (*feed.begins, *listed.begins))


def _feed(name: str, data: bytes, mark: bytes) -> Feed:
    begins, at = [], data.find(mark)
    while at >= 0:
        begins.append(at)
        at = data.find(mark, at + 1)
    assert len(begins) == _RECORDS, (name, len(begins))
    return Feed(name, data, tuple(begins))


FEEDS: tuple[Callable[[], Feed], ...] = (_nvd, _stix, _csv, _xml, _zip)


@dataclass(frozen=True)
class _Damage:
    """One damaged file: the feed, and the byte from which it is cut or at which it is altered."""

    feed: Feed
    at: int
    cut: bool
    byte: int = 0

    @property
    def data(self) -> bytes:
        rest = b"" if self.cut else bytes([self.byte]) + self.feed.data[self.at + 1 :]
        return self.feed.data[: self.at] + rest

    @property
    def what(self) -> str:
        return f"{self.feed.name} {'cut' if self.cut else f'altered to {self.byte}'} at {self.at}"

    def expected(self) -> list[str]:
        """Texts that must come through, unless the file is refused."""
        hit = self.feed.hit(self.at)
        if self.feed.name.endswith(".zip"):
            if self.cut:
                return []  # without the list at its end, a zip is none
            if self.at >= self.feed.begins[_RECORDS]:
                return TEXTS[: max(0, hit)]  # the list itself: what follows there can't be found
        behind = hit + 1 + (self.feed.data[self.at] == ord("\n"))  # two rows that became one line
        return TEXTS[: max(0, hit)] + ([] if self.cut else TEXTS[behind:])


def damaged_feeds(rig: Rig, times: int) -> Tally:
    """Row 32: whole records before and after the damage come, or the file is refused."""
    tally = Tally()
    feeds = [make() for make in FEEDS]
    _check_calm(rig, feeds, tally)
    for feed in feeds:
        faults = [
            _Damage(feed, at, cut, rig.random.choice(b'x<>"{}[],:\\\xff\n'))
            for at in range(_STEP, len(feed.data), _STEP)
            for cut in (True, False)
        ]
        chosen = faults if times >= len(faults) else rig.random.sample(faults, times)
        for start in range(0, len(chosen), _BATCH):
            _try_batch(rig, chosen[start : start + _BATCH], tally)
    _run_one(rig, feeds[0], tally)
    return tally


def _check_calm(rig: Rig, feeds: list[Feed], tally: Tally) -> None:
    """Undamaged, every feed gives every record."""
    for said in _read(rig, {feed.name: feed.data for feed in feeds}).values():
        tally.expect(said["texts"] == TEXTS, f"{said['file']}: {said}"[:300])


def _try_batch(rig: Rig, faults: list[_Damage], tally: Tally) -> None:
    names = {f"{number:06}-{fault.feed.name}": fault for number, fault in enumerate(faults)}
    found = _read(rig, {name: fault.data for name, fault in names.items()})
    for name, fault in names.items():
        tally.injected += 1
        _judge(name, fault, found.get(name), tally)


def _judge(name: str, fault: _Damage, said: dict[str, object] | None, tally: Tally) -> None:
    if said is None:
        tally.problems.append(f"{fault.what}: nothing was said of it")
        return
    texts, errors, refused = said["texts"], said["errors"], str(said["refused"])
    assert isinstance(texts, list) and isinstance(errors, list)
    tally.expect("Traceback" not in refused, f"{fault.what}: {refused[-200:]}")
    if refused:
        tally.expect(name in refused, f"{fault.what}: the refusal names no file: {refused}")
        first = fault.feed.hit(fault.at) <= 0 or fault.feed.name.endswith(".zip")
        tally.expect(first or fault.cut, f"{fault.what}: refused: {refused}")
        return
    missing = [text for text in fault.expected() if text not in texts]
    tally.lost += len(missing)
    tally.expect(not missing, f"{fault.what}: {len(missing)} whole records did not come")
    tally.duplicated += len(texts) - len(set(texts))
    # An altered byte may leave another record behind, but a record that is gone is told.
    unseen = fault.cut and fault.data.endswith((b'"', b"\n"))  # rows that end where rows end
    complete = len(texts) >= _RECORDS or bool(errors) or unseen
    tally.expect(complete, f"{fault.what}: {len(texts)} records, and no word of the others")
    tally.expect(all(name in str(e) for e in errors), f"{fault.what}: no file in {errors}")


def _read(rig: Rig, files: dict[str, bytes]) -> dict[str, dict[str, object]]:
    folder = rig.root / "damaged"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    ended = rig.python("-c", _READ, str(folder))
    assert ended.returncode == 0, ended.stderr[-500:]
    shutil.rmtree(folder)
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    return {str(said["file"]): said for said in found}


def _run_one(rig: Rig, feed: Feed, tally: Tally) -> None:
    """A whole run of a feed that is damaged in the middle: a dead letter, and all the others."""
    at = feed.begins[3] + 5
    source = rig.root / feed.name
    source.write_bytes(feed.data[:at] + b"\x00" + feed.data[at + 1 :])
    ids = [f"0:{number}" for number in range(1, _RECORDS + 1)]
    run = rig.run(Job(source, ids, ("--disable-llm", "--chunk-size", "3")), workers=2)
    ended = run.once()
    tally.injected += 1
    tally.expect(ended.status == 3, f"a damaged feed: exit {ended.status}: {ended.text[-200:]}")
    tally.expect("a retry won't help" in ended.text, f"the advice: {ended.text[-300:]}")
    tally.add(recount(run.folder, ids))
