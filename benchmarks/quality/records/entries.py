"""Invented vulnerability entries, advisories and patterns that pairs are judged on.

Data only.  Nothing here may be used in a prompt, an example, a threshold or a test; a change of
the stages that was made because of one of these texts makes it worthless.
"""

from __future__ import annotations

from stages.base import Record


def _nvd(number: int, text: str, **more: object) -> Record:
    cve = {"id": f"CVE-2097-{number}", "descriptions": [{"lang": "en", "value": text}]}
    return {"cve": {**cve, **more}}


def _cvss(score: float, severity: str, version: str = "3.1") -> Record:
    data = {"version": version, "vectorString": f"CVSS:{version}/AV:N", "baseScore": score}
    return {f"cvssMetricV{version.replace('.', '')}": [
        {"type": "Primary", "cvssData": {**data, "baseSeverity": severity}}]}  # fmt: skip


VULNERABILITIES: tuple[Record, ...] = (
    _nvd(
        40001,
        "Improper neutralization of input in the guestbook module of Plumeria CMS before 7.2.9"
        " allows a remote attacker to inject script into pages that an editor views, and to act"
        " with the editor's rights.",
        metrics=_cvss(8.0, "HIGH"),
        weaknesses=[{"description": [{"lang": "en", "value": "CWE-79"}]}],
    ),
    _nvd(
        40002,
        "Tessera Archive Server 3.x stores the passwords of its sync partners in"
        " C:\\ProgramData\\Tessera\\partners.ini in a reversible form. A local user who can read"
        " this file can sign in to the archives of all partners.",
        metrics=_cvss(6.5, "MEDIUM"),
    ),
    _nvd(
        40003,
        "A flaw was found in Ostrich, the job scheduler. When a job is cancelled while it is being"
        " forked, the child keeps an open descriptor of the spool of another user. This issue may"
        " lead to the disclosure of files that belong to other users. The highest threat from this"
        " vulnerability is to data confidentiality.",
    ),
    _nvd(
        40004,
        "An out-of-bounds write vulnerability exists in the parse_tile function of Graypel TIFF"
        " Tools 2.11. A specially crafted image can cause memory corruption, which can result in"
        " code execution. An attacker can provide a malicious file to trigger this vulnerability.",
        metrics=_cvss(8.8, "HIGH"),
        weaknesses=[{"description": [{"lang": "en", "value": "CWE-787"}]}],
    ),
    _nvd(
        40005,
        "The Night Owl Events plugin for WordPress is vulnerable to SQL Injection via the"
        " 'venue_id' parameter in versions up to, and including, 2.4.1 due to insufficient"
        " escaping on the user supplied parameter. This makes it possible for unauthenticated"
        " attackers to append additional SQL queries into already existing queries that can be"
        " used to extract sensitive information from the database.",
        metrics=_cvss(7.5, "HIGH"),
    ),
    _nvd(
        40006,
        "In the Linux kernel, the following vulnerability has been resolved: media: tulip: fix"
        " double free in tulip_release. When the device is unplugged during streaming, the buffer"
        " queue is freed both by the core and by the driver. Drop the driver's own call.",
    ),
    _nvd(
        40007,
        "** DISPUTED ** Larkspur Mail 5.0 shows the full path of a mailbox in error messages,"
        " which might allow attackers to learn user names. NOTE: the vendor states that the"
        " messages are only shown to administrators.",
    ),
    _nvd(
        40008,
        "Use after free in the tab strip of Merganser Browser prior to 121.0.77 allowed a remote"
        " attacker who convinced a user to engage in specific gestures to potentially exploit heap"
        " corruption via a crafted HTML page.",
        metrics=_cvss(8.8, "HIGH"),
    ),
    _nvd(
        40009,
        "Windrose Fleet Manager uses a hard-coded key to sign firmware. The key is the same in all"
        " installations and can be read from any update package. An attacker in possession of it"
        " can build firmware that trackers accept. Version 9 signs with a key per customer.",
        metrics=_cvss(9.1, "CRITICAL"),
        weaknesses=[{"description": [{"lang": "en", "value": "CWE-321"}]}],
    ),
    _nvd(
        40010,
        "A vulnerability classified as problematic has been found in codelark Inventory 1.0. This"
        " affects an unknown part of the file /items/edit.php. The manipulation of the argument"
        " note leads to cross site scripting. It is possible to initiate the attack remotely. The"
        " exploit has been disclosed to the public and may be used.",
    ),
    {
        "id": "GHSA-q7x2-m4vv-8jrp",
        "summary": "Path traversal in the static file handler of hollowreed",
        "details": "### Impact\nThe static file handler of hollowreed resolves `..` after decoding"
        " only once, so that `%252e%252e%252f` leaves the served folder. A remote attacker can read"
        " any file that the process can read.\n\n### Patches\nThe problem is fixed in 4.1.3 and"
        " 3.9.12.\n\n### Workarounds\nServe static files from a reverse proxy instead.\n\n###"
        " References\n- https://github.example/hollowreed/pull/991",
        "aliases": ["CVE-2097-40011"],
    },
    {
        "cveID": "CVE-2097-40012",
        "vendorProject": "Brackwater",
        "product": "Edge Router OS",
        "vulnerabilityName": "Brackwater Edge Router OS Command Injection Vulnerability",
        "shortDescription": "Brackwater Edge Router OS contains a command injection vulnerability"
        " in its diagnostics page that allows an authenticated administrator to run commands as"
        " root.",
        "requiredAction": "Apply updates per vendor instructions or take affected routers out of"
        " service if updates are unavailable.",
        "cwes": ["CWE-78"],
    },
    _nvd(
        40013,
        "The SMS gateway in Quillon PBX 11 before 11.4.2 does not limit the number of one-time"
        " codes that may be tried. Remote attackers can guess the code of a known number within an"
        " hour and take over the account.",
    ),
    _nvd(
        40014,
        "An issue was discovered in Hemlock TLS 1.6. The library accepts a certificate whose name"
        " constraints exclude the host if the constraint is written in upper case.",
    ),
    _nvd(
        40015,
        "A vulnerability in the SNMP subsystem of Corvina Carrier OS could allow an"
        " unauthenticated, remote attacker to cause an affected device to reload. The"
        " vulnerability is due to a missing check of the length of an object identifier. An"
        " attacker could exploit this vulnerability by sending a crafted SNMP packet to UDP port"
        " 161. A successful exploit could allow the attacker to cause the device to reload,"
        " resulting in a denial of service (DoS) condition. There are no workarounds that address"
        " this vulnerability.",
        metrics=_cvss(8.6, "HIGH"),
    ),
    _nvd(40016, "Open redirect in the sign-out page of Marlowe SSO 2.2 via the next parameter."),
)

ADVISORIES: tuple[Record, ...] = (
    {
        "advisory_id": "TLN-SA-2097-11",
        "title": "Telnor ventilation controllers: missing authentication",
        "description": "The configuration service of the ventilation controllers VC-2 and VC-3"
        " listens on TCP port 4001 and asks for no password. Anyone in the building network can"
        " stop fans or change alarm limits. Firmware 5.8 adds accounts and is available from the"
        " customer portal. Telnor recommends to install it during the next maintenance. Until then"
        " the port should be closed at the switch. The older VC-1 does not have the service and is"
        " not affected.",
    },
    {
        "id": "RHSA-2097:3310",
        "title": "Important: fjord security update",
        "description": "Fjord is a library for reading map tiles. An update for fjord is now"
        " available. Security Fix(es): a heap buffer overflow in the zoom code allows code"
        " execution when a crafted tile is opened (CVE-2097-41001). For more details about the"
        " security issue, including the impact, refer to the CVE page listed in the References"
        " section.",
        "severity": "Important",
    },
    {
        "document": {
            "csaf_version": "2.0",
            "title": "Dunmore DM-90: two vulnerabilities in the maintenance protocol",
            "tracking": {"id": "DUN-2097-02"},
            "notes": [
                {
                    "category": "summary",
                    "text": "Two vulnerabilities in the maintenance protocol of the pump controller"
                    " DM-90 let an attacker on the plant network read recipes and restart the"
                    " controller. The protocol neither encrypts nor authenticates. Dunmore has"
                    " developed a gateway that wraps the protocol in TLS.",
                }
            ],
        }
    },
    {
        "id": "AA97-114A",
        "title": "Brute-force sign-ins against remote desktops of small firms",
        "content": "SUMMARY\n\nSince February, criminals have been trying passwords against remote"
        " desktop services of small firms. Once inside, they install a miner and sell the access.\n"
        "\nTECHNICAL DETAILS\n\nThe sign-ins come from rented servers and use names such as scan,"
        " fax and backup. After a success the intruders add an account named svc_print and open"
        " port 3390 in the firewall.\n\nDETECTION\n\nLook for event 4625 in large numbers from one"
        " address, and for the account svc_print.\n\nMITIGATIONS\n\n- Put remote desktops behind a"
        " VPN with a second factor.\n- Lock accounts after ten failed attempts.\n- Remove accounts"
        " that nobody uses.",
    },
    {
        "advisory_id": "HXL-2097-9",
        "title": "Hexlet SDK signs tokens with an empty key",
        "summary": "If the environment variable HEXLET_KEY is missing, the Hexlet SDK for Node.js"
        " signs session tokens with an empty key and writes no warning. Attackers can then forge"
        " a token for any user. Versions 2.0.0 to 2.3.4 are affected; 1.x is not. Upgrade to"
        " 2.3.5, which refuses to start without a key, and end all sessions. You are affected if"
        " your logs hold the line `hexlet: key length 0`.",
    },
    {
        "id": "USN-9901-1",
        "title": "Corncrake vulnerabilities",
        "description": "It was discovered that Corncrake incorrectly handled certain archive"
        " members. If a user were tricked into unpacking a crafted archive, an attacker could"
        " possibly use this issue to overwrite files outside the target folder. It was discovered"
        " that Corncrake did not check the size of comments. An attacker could use this issue to"
        " cause a denial of service. The problem can be corrected by updating your system to the"
        " following package versions: corncrake 3.1-2ubuntu0.1.",
    },
    {
        "advisory_id": "PSA-97-03",
        "title": "Pelham Safe app: backups readable by other apps",
        "description": "On Android, the app Pelham Safe wrote its encrypted backup together with"
        " the key into the shared Downloads folder. Any app with access to files could decrypt the"
        " stored passwords. We released 4.6 on 9 March, which deletes old backups and asks users"
        " to choose a new main password. The iOS app was not affected. We are sorry. Thanks to"
        " Inge Ramm for the report.",
    },
    {
        "capec_id": 9907,
        "name": "Queue Flooding by Unpaid Orders",
        "description": "An attacker places many orders without paying for them, so that the goods"
        " are reserved and honest customers find everything sold out. The attacker uses a script"
        " that fills carts from many addresses and renews them before they expire.",
        "prerequisites": ["Goods are reserved before they are paid for."],
        "mitigations": ["Reserve goods only after payment, or for a few minutes."],
        "likelihood_of_attack": "High",
        "typical_severity": "Low",
    },
)
