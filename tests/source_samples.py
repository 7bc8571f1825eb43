"""Documents that tests of several readers share: small, and written to their specifications.

Invariant: no test changes one.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

import zstandard

from tests.source_help import as_json

CVRF = """<?xml version="1.0" encoding="UTF-8"?>
<cvrfdoc xmlns="http://www.icasi.org/CVRF/schema/cvrf/1.1" xmlns:v="urn:v" xmlns:p="urn:p">
  <DocumentTitle>Viewer update</DocumentTitle>
  <DocumentPublisher Type="Vendor"><IssuingAuthority>Acme PSIRT</IssuingAuthority>
  </DocumentPublisher>
  <DocumentTracking><Identification><ID>ACME-SA-1</ID></Identification>
    <InitialReleaseDate>2031-01-01</InitialReleaseDate></DocumentTracking>
  <DocumentNotes><Note Type="Summary" Ordinal="1">The viewer runs code.</Note>
    <Note Type="Legal Disclaimer">NO WARRANTY.</Note></DocumentNotes>
  <p:ProductTree><p:Branch><p:FullProductName ProductID="P1">Viewer 2.3</p:FullProductName>
    </p:Branch></p:ProductTree>
  %s
</cvrfdoc>"""


FLAW = """<v:Vulnerability Ordinal="1"><v:Title>Overflow</v:Title><v:CVE>CVE-2031-1%04d</v:CVE>
  <v:Notes><v:Note Type="Description">The decoder &amp; its length.</v:Note></v:Notes>
  <v:ProductStatuses><v:Status Type="Known Affected"><v:ProductID>P1</v:ProductID></v:Status>
  </v:ProductStatuses>
  <v:CVSSScoreSets><v:ScoreSet><v:BaseScore>7.5</v:BaseScore></v:ScoreSet></v:CVSSScoreSets>
  <v:Remediations><v:Remediation Type="Vendor Fix"><v:Description>Install 2.4.</v:Description>
  </v:Remediation></v:Remediations></v:Vulnerability>"""


WORM_TEXTS = [f"A worm of kind {n}." for n in range(50)]
WORMS = "".join(
    json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(WORM_TEXTS)
).encode()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w:") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd,
}


NOTES: list[dict[str, Any]] = [
    {"id": f"N-{n}", "title": f"Note {n}", "details": f"A worm of kind {n}.", "tags": [{"id": "t"}]}
    for n in range(8)
]


NOTE_TEXTS = [note["details"] for note in NOTES]


CWE = """<?xml version="1.0" encoding="UTF-8"?>
<Weakness_Catalog Name="CWE" xmlns="http://cwe.mitre.org/cwe-7" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<Weaknesses>
<!-- <Weakness ID="1" Name="Commented out"><Description>No.</Description></Weakness> -->
<Weakness ID="9001" Name="Unlimited Titles" Abstraction="Base" Status="Stable">
  <Description>The product shows titles without a limit.</Description>
  <Extended_Description><xhtml:p>A title may be <xhtml:b>long</xhtml:b>.</xhtml:p>
    <xhtml:p>It then hides the rest.</xhtml:p></Extended_Description>
  <Related_Weaknesses><Related_Weakness Nature="ChildOf" CWE_ID="9000"/></Related_Weaknesses>
  <Applicable_Platforms><Language Class="Not Language-Specific"/><Operating_System Name="Linux"/>
  </Applicable_Platforms>
  <Likelihood_Of_Exploit>High</Likelihood_Of_Exploit>
  <Common_Consequences><Consequence><Scope>Integrity</Scope><Impact>Hide Activities</Impact>
    <Note>Users are misled.</Note></Consequence></Common_Consequences>
  <Detection_Methods><Detection_Method><Method>Fuzzing</Method>
    <Description>Send long titles.</Description></Detection_Method></Detection_Methods>
  <Potential_Mitigations><Mitigation><Phase>Implementation</Phase>
    <Description><xhtml:p>Cut titles.</xhtml:p></Description></Mitigation></Potential_Mitigations>
  <Observed_Examples><Observed_Example><Reference>CVE-2031-10001</Reference>
    <Description>A viewer did.</Description></Observed_Example></Observed_Examples>
</Weakness>
<Weakness ID="9002" Name="DEPRECATED: Old" Status="Deprecated">
  <Description>This entry has been deprecated.</Description></Weakness>
</Weaknesses></Weakness_Catalog>"""


CAPEC = """<Attack_Pattern_Catalog xmlns="http://capec.mitre.org/capec-3"
 xmlns:xhtml="http://www.w3.org/1999/xhtml"><Attack_Patterns>
<Attack_Pattern ID="9101" Name="Title Flooding" Abstraction="Detailed" Status="Draft">
  <Description>An adversary floods the title.</Description>
  <Likelihood_Of_Attack>Low</Likelihood_Of_Attack><Typical_Severity>Medium</Typical_Severity>
  <Related_Attack_Patterns><Related_Attack_Pattern Nature="ChildOf" CAPEC_ID="1"/>
  </Related_Attack_Patterns>
  <Execution_Flow><Attack_Step><Step>1</Step><Phase>Explore</Phase>
    <Description>Find the title.</Description><Technique>Read the manual.</Technique></Attack_Step>
  </Execution_Flow>
  <Prerequisites><Prerequisite>A title.</Prerequisite></Prerequisites>
  <Indicators><Indicator>Long titles.</Indicator></Indicators>
  <Mitigations><Mitigation>Cut titles.</Mitigation></Mitigations>
  <Related_Weaknesses><Related_Weakness CWE_ID="9001"/></Related_Weaknesses>
</Attack_Pattern></Attack_Patterns></Attack_Pattern_Catalog>"""


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Acme Security Blog</title><language>en-us</language>
<item><title>Print Bear &amp; friends</title><link>https://blog.example/1</link>
  <guid isPermaLink="false">post-1</guid><pubDate>Mon, 01 Jan 2031 10:00:00 GMT</pubDate>
  <category>malware</category><description>Short.</description>
  <content:encoded><![CDATA[<p>A group sends <b>print jobs</b>.</p><script>x()</script>
  <p>It says &lt;/item&gt; too: </item></p>]]></content:encoded></item>
<item><title>Second</title><description>Plain words about a phishing mail.</description></item>
</channel></rss>"""


TEXT = "A heap overflow in the image decoder of Acme Viewer lets remote attackers run code."


CVE = "CVE-2031-10001"


def nvd_entry(**changes: Any) -> dict[str, Any]:
    cve: dict[str, Any] = {
        "id": CVE,
        "sourceIdentifier": "security@acme.example",
        "published": "2031-01-02T03:04:05.678",
        "lastModified": "2031-02-02T03:04:05.678",
        "vulnStatus": "Analyzed",
        "descriptions": [{"lang": "es", "value": "Un fallo."}, {"lang": "en", "value": TEXT}],
        "references": [{"url": "https://acme.example/a1", "source": "security@acme.example"}],
    }
    return {"cve": cve | changes}


def nvd(*entries: dict[str, Any]) -> bytes:
    return as_json({"format": "NVD_CVE", "version": "2.0", "vulnerabilities": list(entries)})
