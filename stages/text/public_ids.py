"""The ids that databases of security give to their entries.

Knows their forms; reads no record.  Invariant: an id counts in whole; a text that mentions one is
none.
"""

from __future__ import annotations

import re

CVE_ID = re.compile(r"CVE-\d{4}-\d{4,}", re.IGNORECASE)
OTHER_VULNERABILITY_ID = re.compile(
    r"GHSA(-[0-9a-z]{4}){3}|(PYSEC|RUSTSEC|OSV|GO|GSD|EUVD|CNVD|GCVE-\d+"
    r"|HSEC|JLSEC|RSEC|OSEC|PSF|UVI|EEF|DRUPAL-(CORE|CONTRIB)|BIT-[\w.-]{1,60})-\d{4}-\d+"
    r"|(DEBIAN|UBUNTU|ALPINE|CURL)-CVE-\d{4}-\d{4,}"
    r"|CNNVD-\d{6}-\d+|BDU:\d{4}-\d+",
    re.IGNORECASE,
)
# Of OpenSSF's malicious packages, which are told as reports are.
MALWARE_ID = re.compile(r"MAL-\d{4}-\d+", re.IGNORECASE)
CWE_ID = re.compile(r"CWE-\d{1,5}", re.IGNORECASE)
CAPEC_ID = re.compile(r"CAPEC-\d{1,5}", re.IGNORECASE)
TECHNIQUE_ID = re.compile(r"T\d{4}(\.\d{3})?")
ADVISORY_ID = re.compile(
    r"(RH[SBE]A|CESA|ELSA|AL[BES]A|R[LX]SA|OESA|ALAS|openSUSE-SU|SUSE-SU)-\d{4}[:-]\d+([:-]\d+)?|USN-\d+-\d+"
    r"|D[SL]A-\d+(-\d+)?|ICS(M?A)-\d{2}-\d{3}-\d{2}|A[AR]\d{2}-\d{3}[A-Z]|VU#\d+"
    r"|MS\d{2}-\d{3}|JVN(DB)?[#-][\d-]+|GLSA[- ]\d{6}-\d+|cisco-sa-[\w-]+|APSB\d{2}-\d+"
    r"|VMSA-\d{4}-\d{4}|FG-IR-\d{2}-\d{3}|TALOS-\d{4}-\d{4}|ZDI-(CAN-\d{4,6}|\d{2}-\d{3,4})"
    r"|VDE-\d{4}-\d{3}|CERTFR-\d{4}-(AVI|ALE|ACT|CTI)-\d+|WID-SEC-\d{4}-\d+|NCSC-\d{4}-\d{4}"
    r"|SSA-\d{6}|SEVD-\d{4}-\d{3}-\d{2}|INTEL-SA-\d{5}|AMD-SB-\d{4,5}|PAN-SA-\d{4}-\d{4}"
    r"|SNWLID-\d{4}-\d{4}|QSA-\d{2}-\d{2}|NTAP-\d{8}-\d{4}|MFSA[ -]?\d{4}-\d{2,3}|XSA-\d{1,4}"
    r"|MGASA-\d{4}-\d{4}|FEDORA-\d{4}-[0-9a-f]{10}|HPSB[A-Z]{2}\d{5}"
    r"|[A-Z][A-Z0-9]{1,19}-P?SA-\d{4}-\d+",  # as most vendors form theirs
    re.IGNORECASE,
)
ARXIV_ID = re.compile(r"(arxiv:)?\d{4}\.\d{4,5}(v\d+)?", re.IGNORECASE)
DOI = re.compile(r"(https?://(dx\.)?doi\.org/|doi:)?10\.\d{4,9}/\S+", re.IGNORECASE)
_STIX_ID = re.compile(r"[a-z][a-z0-9-]*--.+")
# Ids of ATT&CK, ATLAS and D3FEND, whose form a tracker's may have, too: "T1059".
CATALOGUE_ID = re.compile(
    r"(?:TA?|[GSMC]|D[SC]|DET|AN)\d{4}(?:\.\d{3})?|AML\.(?:TA?|M|CS)\d{4}(?:\.\d{3})?|D3-[A-Z]{2,6}"
)
_ALONE = (CVE_ID, OTHER_VULNERABILITY_ID, CWE_ID, CAPEC_ID)


def is_public_id(own: str) -> bool:
    """Whether it is the id of a vulnerability, a weakness, a pattern or an advisory, in whole."""
    return any(pattern.fullmatch(own) for pattern in (*_ALONE, ADVISORY_ID))


def is_of_a_feed(own: str) -> bool:
    """Whether it is the id of a feed's entry or of an object of STIX, but no vendor's."""
    return any(pattern.fullmatch(own) for pattern in (*_ALONE, TECHNIQUE_ID, _STIX_ID))
