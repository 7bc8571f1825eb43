"""Invented entries, advisories, incidents and reports, written after round 8 had been judged.

Data only; the same rule as for `entries`.  They are as untidy as feeds are: Markdown, HTML, lists,
fields in place of prose.  docs/quality.md gives the figures.
"""

from __future__ import annotations

from stages.base import Record


def _nvd(number: int, text: str, score: float = 0, severity: str = "", cwe: str = "") -> Record:
    cve: Record = {"id": f"CVE-2091-{number}", "descriptions": [{"lang": "en", "value": text}]}
    if score:
        data = {"version": "3.1", "baseScore": score, "baseSeverity": severity}
        cve["metrics"] = {"cvssMetricV31": [{"source": "nvd@nist.gov", "type": "Primary",
                                             "cvssData": data}]}  # fmt: skip
    if cwe:
        cve["weaknesses"] = [{"source": "nvd@nist.gov", "type": "Primary",
                              "description": [{"lang": "en", "value": cwe}]}]  # fmt: skip
    return {"cve": cve}


VULNERABILITIES: tuple[Record, ...] = (
    _nvd(
        40001,
        "An issue was discovered in Tern Mesh Agent through 5.2.0. The control socket"
        " /run/tern/ctl.sock is world-writable, which lets a local user replace the routing table.",
        7.1,
        "HIGH",
        "CWE-276",
    ),
    _nvd(
        40002,
        "Improper verification of a cryptographic signature in the firmware updater of Alcove"
        " Doorbell 2 (all versions before 2.7.44) allows an attacker on the same network to install"
        " modified firmware via DNS spoofing.",
        8.0,
        "HIGH",
        "CWE-347",
    ),
    _nvd(
        40003,
        "OrchidCMS 3.9 lets editors embed iframes from any origin. This is disputed by the vendor,"
        " who considers editors trusted.",
    ),
    _nvd(
        40004,
        "A flaw was found in libsprocket's handling of chunked trailers. When a trailer has more"
        " than 255 names, the counter wraps and a heap buffer is freed twice, leading to a crash"
        " or,"
        " on builds without hardened allocators, possible code execution.",
        9.8,
        "CRITICAL",
        "CWE-415",
    ),
    _nvd(
        40005,
        "In the Linux kernel, the following vulnerability has been resolved:\n\nusb: gadget:"
        " f_lark:"
        " fix use-after-free in lark_unbind()\n\nThe work item was not cancelled before the"
        " function"
        " was freed, so that it could run on freed memory. Cancel it synchronously in unbind.",
    ),
    _nvd(
        40006,
        "SQL injection vulnerability in /admin/report.php in Plover Billing 1.0 via the 'month'"
        " parameter.",
        7.2,
        "HIGH",
        "CWE-89",
    ),
    _nvd(
        40007,
        "The Gravel Slider plugin for WordPress is vulnerable to Cross-Site Request Forgery in all"
        " versions up to, and including, 2.4.1. This is due to missing nonce validation on the"
        " save_order() function. This makes it possible for unauthenticated attackers to reorder"
        " and delete slides via a forged request, granted they can trick a site administrator into"
        " performing an action such as clicking on a link.",
        4.3,
        "MEDIUM",
        "CWE-352",
    ),
    _nvd(
        40008,
        "Siltstone PLC 400 series controllers store the project password in a reversible form."
        " An attacker who obtains a project file can recover the password and download changed"
        " logic to the controller.",
        6.5,
        "MEDIUM",
    ),
    {
        "id": "GHSA-4v7q-9m2x-h6rr",
        "summary": "heronjs: prototype pollution through deepAssign",
        "details": "### Impact\n`deepAssign(target, source)` copies keys named `__proto__`, so that"
        " a JSON body can add properties to every object. Depending on the application this leads"
        " to denial of service or to a bypass of permission checks.\n\n### Patches\nFixed in 4.3.2."
        "\n\n### Workarounds\nFreeze `Object.prototype`, or reject bodies with that key.",
        "aliases": ["CVE-2091-40009"],
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L"}],
        "affected": [{"package": {"ecosystem": "npm", "name": "heronjs"}}],
    },
    {
        "id": "PYSEC-2091-77",
        "details": "Curlew templates before 1.9 render {% include %} tags of user input in the"
        " sandbox with the loader of the application. A user who may edit templates can read any"
        " file below the template root, including config.py.",
        "aliases": ["CVE-2091-40010"],
    },
    {
        "dataType": "CVE_RECORD",
        "cveMetadata": {"cveId": "CVE-2091-40011", "state": "PUBLISHED"},
        "containers": {
            "cna": {
                "title": "Whimbrel Router guest Wi-Fi isolation bypass",
                "descriptions": [
                    {
                        "lang": "en",
                        "value": "Clients of the guest network of Whimbrel AX routers can reach the"
                        " management interface at 192.168.8.1 through IPv6 link-local addresses,"
                        " because the isolation rules are applied to IPv4 only.",
                    }
                ],
                "solutions": [
                    {"lang": "en", "value": "Update to firmware 1.44, or turn IPv6 off."}
                ],
                "metrics": [{"cvssV4_0": {"version": "4.0", "baseScore": 5.3,
                                          "baseSeverity": "MEDIUM"}}],
            }
        },
    },
)  # fmt: skip

ADVISORIES: tuple[Record, ...] = (
    {
        "id": "USN-9101-1",
        "title": "dotterel vulnerabilities",
        "description": "Several security issues were fixed in dotterel.\n\nIt was discovered that"
        " dotterel incorrectly handled certain HTTP/2 frames. A remote attacker could possibly use"
        " this issue to cause dotterel to consume all memory, resulting in a denial of service."
        " (CVE-2091-40020)\n\nIt was discovered that dotterel did not drop privileges before it"
        " opened its log file. A local attacker could use this to create files as root."
        " (CVE-2091-40021)",
        "solution": "The problem can be corrected by updating your system to dotterel"
        " 2.14-3ubuntu1.2.",
    },
    {
        "title": "Security Bulletin: Avocet Backup Console",
        "content": "<h2>Summary</h2><p>The restore page of Avocet Backup Console 11 shows the"
        " contents of backups of other tenants when the <code>tenant</code> cookie is changed.</p>"
        "<h2>Affected products</h2><ul><li>Console 11.0 to 11.3</li><li>Console 10 is not"
        " affected</li></ul><h2>Remediation</h2><p>Install 11.3.1. There are no workarounds.</p>"
        "<p>&copy; Avocet Inc. All rights reserved.</p>",
    },
    {
        "title": "Pause your Turnstone smart locks",
        "severity": "Critical",
        "text": "A researcher showed that Turnstone locks made before June open when they receive a"
        " replayed Bluetooth message. We have paused remote unlocking for these units. Until new"
        " firmware is there:\n\n- keep the lock in manual mode\n- do not share digital keys\n-"
        " check the history for openings that you did not make\n\nWe expect firmware 3.0.9 within"
        " two weeks and will inform all owners by mail.",
    },
    {
        "title": "Phalarope Kubernetes Operator: service account token in logs",
        "description": "At log level debug the operator writes its service account token to the pod"
        " log. Everyone who may read logs of the namespace can act as the operator, which may"
        " create pods in all namespaces. Fixed in 0.18.3. Rotate the token after the update and"
        " delete old logs.",
    },
    {
        "title": "Notice to airlines: Redshank crew app",
        "text": "The Redshank crew app up to 6.1 accepts any certificate for its roster service. On"
        " an open hotspot an attacker can read rosters and change the duty start shown to a crew"
        " member. Version 6.2 pins the certificate. Airlines should force the update through their"
        " device management and ask crews not to use hotel networks until then.",
    },
    {
        "title": "Knot Exchange: withdrawal of API keys",
        "content": "On 7 February we found a bug by which API keys with the permission *read* could"
        " also place orders. It existed from 3 to 7 February. 214 keys were used in this time; we"
        " found no order that their owners did not place. **All keys have been withdrawn**; create"
        " new ones under Settings > API.",
    },
    {
        "title": "Ruff Imaging Station 5: unauthenticated DICOM export",
        "id": "ICSMA-91-044-01",
        "text": "Successful exploitation of this vulnerability could allow an attacker to copy"
        " patient images. RISK EVALUATION\n\nThe export service listens on TCP port 11190 without"
        " authentication. Ruff recommends that users restrict this port to the modality network and"
        " update to 5.3. CISA recommends that users take defensive measures to minimize the risk of"
        " exploitation.",
    },
)

INCIDENTS: tuple[Record, ...] = (
    {
        "title": "Post-mortem: leaked signing key",
        "text": "## Summary\nOn 19 May our Android signing key was used to sign an app that was not"
        " ours.\n\n## What happened\nThe key was in a CI variable that all branches could read. A"
        " contributor's account was taken over with a password from an old breach, and a branch was"
        " pushed that printed the variable.\n\n## Impact\n- 1 fake app, 3,100 installs\n- no user"
        " data was read from our servers\n\n## What we changed\nThe key now lives in a hardware"
        " module, and only the release branch may ask for a signature.",
    },
    {
        "title": "Ransomware at a bakery chain",
        "text": "The bakery chain Krume closed 38 of its 90 shops on Saturday since its tills could"
        " not be started. According to the company, criminals had entered through the remote"
        " maintenance of a till supplier and encrypted the servers that distribute prices. Krume"
        " sold bread from vans and wrote receipts by hand. After six days all shops were open"
        " again. The company did not pay and restored its systems from backups.",
    },
    {
        "incident_id": "INC-0457",
        "summary": "Misdirected payroll file",
        "description": "An HR assistant uploaded the payroll of April to a folder that all"
        " employees"
        " could read. 61 people opened it before it was deleted two days later. The data protection"
        " officer informed the authority within 72 hours.",
        "actor": {"internal": {"motive": ["NA"], "variety": ["End-user"]}},
        "action": {"error": {"variety": ["Misdelivery"]}},
        "discovery_method": "Reported by employee",
    },
    {
        "title": "Fake recruiter empties wallets of developers",
        "content": "Four developers of a games studio lost tokens worth 190,000 dollars after a job"
        " interview. The recruiter sent them a coding task whose npm package ran an obfuscated"
        " script at installation. The script copied the browser's wallet extensions to"
        " 203.0.113[.]77. Investigators link the server to earlier campaigns against crypto firms.",
    },
    {
        "title": "Water meters reported zero",
        "text": "For eleven hours on 2 March, 4,300 radio water meters in Lindau reported a"
        " consumption of zero. An attacker had logged in to the concentrator with the"
        " manufacturer's default password, which was never changed, and had pushed a configuration"
        " that stopped the readings. The supply of water was not touched. The utility replaced the"
        " passwords of all 60 concentrators and put them behind a VPN.",
    },
    {
        "title": "Credential stuffing against a pharmacy loyalty programme",
        "text": "Between 11 and 14 October, bots tried 2.7 million combinations of mail address and"
        " password on the loyalty portal of Vitalis pharmacies. 5,900 logins succeeded. In 340"
        " accounts, points were exchanged for vouchers. Vitalis noticed it when the call centre"
        " received complaints about missing points. The portal now asks for a code by mail when the"
        " device is new.",
    },
    {
        "title": "University exam office: grades changed",
        "text": "Two students are accused of having changed 19 grades. They had photographed the"
        " sticker with the password of an exam clerk, and used it from the computer room at night."
        " A lecturer became suspicious when a student who had not attended the exam appeared with"
        " a good mark. The university introduced hardware tokens for all staff of the office.",
    },
    {
        "title": "DNS hijack of a regional newspaper",
        "content": "Readers of the Fjordposten saw a page with political slogans for three hours on"
        " Sunday morning. The attackers had reset the password of the registrar account through an"
        " abandoned mail address and pointed the domain to their own server. No systems of the"
        " newspaper were entered. The registrar has locked the domain.",
    },
    {
        "title": "Supply chain: the calendar widget",
        "text": "A calendar widget used by about 700 hotel websites delivered a card skimmer"
        " from 28"
        " August to 1 September. The widget's author had sold the domain of his script server when"
        " he gave up the project. The buyer served the old script to most visitors and the skimmer"
        " to those who came to a payment page. Hotels that had pinned the script by a hash were not"
        " affected.",
    },
    {
        "title": "Drone operator locked out of its fleet",
        "text": "An engineer who had been dismissed deleted the command server of a drone company"
        " with an SSH key that had not been revoked. 23 drones landed on their own. Flights were"
        " suspended for two days.",
    },
    {
        "title": "Call for help from a dental practice",
        "text": "Hi all, this morning all our x-rays had the ending .zzlock and there is a text"
        " file"
        " in every folder. The remote desktop of the server was open to the internet because our"
        " accountant needed it. The backup disk was connected and is encrypted too. Our IT partner"
        " told us to switch everything off and to call the police, which we did.",
    },
    {
        "title": "Ferry line: loyalty database copied",
        "severity": "high",
        "text": "Names, birth dates and passport numbers of 812,000 passengers were copied from a"
        " test environment of the ferry line Nordsund. The test environment had been set up with"
        " real data and was reachable without a password. A security researcher reported it on 5"
        " July; logs show that the data had been downloaded from two foreign addresses before.",
    },
)
