"""Invented vulnerability entries and advisories of the sixth round; their faults have been mended.

Data only; the same rule as for `entries`.
"""

from __future__ import annotations

from stages.base import Record


def _nvd(number: int, text: str, **more: object) -> Record:
    cve = {"id": f"CVE-2092-{number}", "descriptions": [{"lang": "en", "value": text}]}
    return {"cve": {**cve, **more}}


def _cve5(number: int, product: str, text: str, solution: str = "") -> Record:
    cna: Record = {
        "affected": [{"vendor": "Larkspur", "product": product}],
        "descriptions": [{"lang": "en", "value": text}],
    }
    if solution:
        cna["solutions"] = [{"lang": "en", "value": solution}]
    return {
        "dataType": "CVE_RECORD",
        "cveMetadata": {"cveId": f"CVE-2092-{number}", "state": "PUBLISHED"},
        "containers": {"cna": cna},
    }


VULNERABILITIES: tuple[Record, ...] = (
    _nvd(
        61001,
        "Hollyhock Print Spooler before 8.1.4 on Windows creates its spool folder with write"
        " permission for Everyone, which allows local users to replace pending jobs and run code"
        " as SYSTEM when the service next reads C:\\ProgramData\\Hollyhock\\spool\\queue.bin.",
    ),
    _nvd(
        61002,
        "A stack-based buffer overflow in the SIP parser of Petrel PBX 11.0 through 11.6 allows"
        " remote attackers to execute arbitrary code by means of an INVITE request with an overlong"
        " Contact header.",
    ),
    _nvd(
        61003,
        "The Sundial Calendar plugin for WordPress does not verify a nonce when settings are saved."
        " This makes it possible for unauthenticated attackers to change the plugin's settings by a"
        " forged request, provided they can trick a site administrator into clicking a link.",
    ),
    _nvd(
        61004,
        "In the Linux driver for Caravel wireless cards, a use-after-free occurs when the interface"
        " is brought down while a scan is running. A local attacker could crash the system or"
        " escalate privileges.",
    ),
    _nvd(
        61005,
        "Rivulet Stream Server 2.x logs the full query string of failed requests. Tokens that are"
        " passed as a query parameter can be read by anyone with access to the log collector.",
    ),
    _nvd(
        61006,
        "parseManifest() in Otterpack 0.14.2 resolves '..' in entry names after the check of the"
        " target folder, so a crafted package writes files outside of it.",
    ),
    _nvd(
        61007,
        "Missing authentication for the /debug/vars endpoint in Gannet Gateway 5.2.0 discloses"
        " environment variables, among them database credentials, to unauthenticated users on the"
        " same network.",
    ),
    _nvd(
        61008,
        "The random number generator of Teasel Token firmware 1.0.3 is seeded with the device's"
        " uptime. An attacker who knows roughly when a token was switched on can predict its"
        " one-time codes.",
    ),
    _cve5(
        61009,
        "Broker",
        "Larkspur Broker accepts messages of up to 2 GB before the sender has authenticated. A"
        " remote attacker can exhaust the memory of the broker with a few connections.",
        "Update to Larkspur Broker 3.9.2, which limits unauthenticated frames to 16 KB.",
    ),
    _cve5(
        61010,
        "Identity",
        "The password reset form of Larkspur Identity tells whether an account exists: answers for"
        " unknown addresses are returned about 300 milliseconds sooner.",
    ),
    _cve5(
        61011,
        "Vault Agent",
        "Larkspur Vault Agent follows symbolic links when it rotates its log file. A local user who"
        " can write to the log folder may overwrite any file that root can write.",
        "Versions 1.8.1 and later refuse to open links. As a workaround, make the log folder"
        " writable by root only.",
    ),
    _cve5(
        61012,
        "Reports",
        "An SQL injection in the sort parameter of the report list in Larkspur Reports before 6.4"
        " lets an authenticated user with the viewer role read tables of other tenants.",
        "Upgrade to 6.4.",
    ),
    _nvd(
        61013,
        "Improper certificate validation in the update client of Goldcrest Antivirus 4.3 for macOS"
        " allows an attacker in a privileged network position to deliver a tampered signature"
        " database.",
    ),
    _nvd(
        61014,
        "An integer overflow in the bitmap decoder of Knotgrass GUI library leads to a heap buffer"
        " overflow when the width times the depth of an image exceeds 32 bits. Opening a malicious"
        " BMP file crashes the application and may allow code execution.",
    ),
    _nvd(
        61015,
        "Burdock Wiki 3.1 renders SVG attachments inline. An author can store a script in an"
        " attachment that runs in the session of every reader who opens the page.",
    ),
    _nvd(
        61016,
        "The backup job of Whimbrel NAS 7.0.1 passes the name of a share to the shell without"
        " quoting. An administrator of a single share can run commands as root by renaming it.",
    ),
)

ADVISORIES: tuple[Record, ...] = (
    {
        "title": "Security bulletin HB-2092-07: Harebell Mail Gateway",
        "severity": "High",
        "description": "Harebell Mail Gateway versions 9.0 to 9.4 do not apply attachment policies"
        " to messages with more than 256 MIME parts. An attacker can deliver blocked file types by"
        " padding a message with empty parts.\n\nFixed in 9.4.1. Customers who can't update should"
        " set max_parts to 200, so that such messages are rejected.",
    },
    {
        "title": "Notice on exposed diagnostic port of Sorrel inverters",
        "summary": "Sorrel solar inverters of the S4 series leave a diagnostic port open on TCP"
        " 7500 after commissioning. Anyone on the local network can read and change grid"
        " parameters without a password.",
        "solution": "Close the port in the installer menu under Service > Remote, or install"
        " firmware 2.19, which closes it after ten minutes.",
    },
    {
        "title": "Stonefly SDK: hard-coded signing key",
        "text": "The sample application shipped with Stonefly SDK 3.0 contains a private key that"
        " several partners have used in production. Firmware images signed with it are accepted"
        " by all devices built from the sample.\n\nPartners have to generate keys of their own and"
        " revoke the sample key in the boot configuration. Stonefly SDK 3.1 no longer ships a key."
        "\n\nThe issue was reported by Ilka Brandt of the University of Ravensmoor.",
    },
    {
        "title": "Update for Pipit DNS resolver",
        "severity": "moderate",
        "description": "Pipit before 1.22.3 does not limit how many times it follows CNAME records"
        " across zones. A domain owner can make the resolver send thousands of queries for one"
        " question, which slows down answers for all clients. Version 1.22.3 stops after eleven"
        " steps.",
    },
    {
        "title": "Linnet CMS 5 end of support and known issue in its editor",
        "text": "Support for Linnet CMS 5 ended on 1 March. A cross-site scripting issue in its"
        " rich-text editor will not be fixed. We recommend migrating to Linnet CMS 6, which"
        " replaced the editor, or disabling the rich-text editor for untrusted authors.",
    },
    {
        "title": "Recall of door controllers DC-20",
        "description": "The DC-20 door controller opens when it receives a replayed radio message,"
        " because it does not check the rolling code after a power cut. An intruder who has"
        " recorded one opening can enter the building. Controllers with serial numbers below 4400"
        " are replaced free of charge. Until then, owners should disable radio opening and use"
        " the keypad.",
    },
)
