"""Invented entries, advisories and incidents of the third round, less tidy than the others.

Data only; the same rule as for `entries`.
"""

from __future__ import annotations

from stages.base import Record


def _nvd(number: int, text: str, **more: object) -> Record:
    described = [{"lang": "en", "value": text}]
    return {"cve": {"id": f"CVE-2095-{number}", "descriptions": described, **more}}


def _rated(score: float, severity: str) -> Record:
    data = {"version": "3.1", "baseScore": score, "baseSeverity": severity}
    return {"cvssMetricV31": [{"type": "Primary", "cvssData": data}]}


VULNERABILITIES: tuple[Record, ...] = (
    _nvd(
        60001,
        "Sandpiper Print Spooler Elevation of Privilege Vulnerability",
        metrics=_rated(7.8, "HIGH"),
    ),
    _nvd(
        60002,
        "Dell'Acqua Valve Controller DV-9 firmware versions 1.00 to 1.31 do not limit the number of"
        " failed logins at the web interface. This allows brute-forcing of the four-digit operator"
        " PIN, after which valves can be opened and closed.",
        metrics=_rated(9.8, "CRITICAL"),
    ),
    _nvd(
        60003,
        "In onCreate of PairingActivity.kt, there is a possible way to pair a device without the"
        " user's consent due to a tapjacking/overlay attack. This could lead to local escalation of"
        " privilege with no additional execution privileges needed. User interaction is needed for"
        " exploitation.",
    ),
    _nvd(
        60004,
        "Cross-Site Request Forgery (CSRF) vulnerability in Fernhill Forms allows Stored XSS. This"
        " issue affects Fernhill Forms: from n/a through 3.6.2.",
        metrics=_rated(7.1, "HIGH"),
        weaknesses=[{"description": [{"lang": "en", "value": "CWE-352"}]}],
    ),
    _nvd(
        60005,
        "A logic issue was addressed with improved state management. This issue is fixed in Osier"
        " OS 14.2 and Osier Pad 9.8. A person with physical access to a locked device may be able"
        " to view notes.",
    ),
    _nvd(
        60006,
        "Stack overflow in `tok_next()` in Mottle 0.4.0-alpha when it parses deeply nested lists;"
        " a 2 kB file of opening brackets is enough to crash any program that links the library.",
    ),
    _nvd(
        60007,
        "Teasel IdP 22.x before 22.0.9 and 23.x before 23.0.2 compares SAML audience values by"
        " prefix. A service provider with the entity ID https://sp.example/a can therefore replay"
        " assertions issued for it at https://sp.example/abc. Deployments in which all service"
        " providers belong to one organization are less exposed.",
        metrics=_rated(6.8, "MEDIUM"),
    ),
    _nvd(
        60008,
        "A vulnerability was determined in Quillon SchoolDesk 3.1. Affected by this issue is some"
        " unknown functionality of the file /admin/grades.php. Executing a manipulation of the"
        " argument term can lead to sql injection. The attack may be performed from remote. The"
        " exploit has been publicly disclosed and may be utilized.",
    ),
    {
        "id": "GHSA-3r5w-9qqc-x2fh",
        "summary": "sedgewick-auth accepts expired refresh tokens",
        "details": "`verify_refresh()` in sedgewick-auth 1.2.0 through 1.4.3 parses the `exp`"
        " claim as milliseconds although the issuer writes seconds. Refresh tokens therefore never"
        " expire. **Upgrade to 1.4.4.** If you can't, set `max_age` to a value that is checked by"
        " the session layer.\n\nCredit: thanks to Noor for the report.",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "sedgewick-auth"}}],
    },
)

ADVISORIES: tuple[Record, ...] = (
    {
        "advisory_id": "CB-K95/0231",
        "title": "Kestrel Mail Gateway: several vulnerabilities",
        "text": "A remote, anonymous attacker can exploit several vulnerabilities in Kestrel Mail"
        " Gateway to bypass the attachment filter or to cause a denial of service. Affected are all"
        " versions before 6.0.12. The vendor provides updates. Install them promptly; a script that"
        " sends an attachment past the filter circulates since Tuesday.",
    },
    {
        "advisory_id": "OTS-2095-008",
        "title": "Tidegate PLC series 300: unauthenticated project download",
        "description": "## Summary\nThe engineering port (TCP 4840) of Tidegate PLCs of the series"
        " 300 hands out the loaded project to anybody who asks.\n\n## Impact\nA project holds the"
        " ladder logic, comments and the password hashes of all operators. Whoever has it can"
        " study the plant at leisure and crack the hashes offline.\n\n## Affected products\n"
        "- TG-310 before 5.2\n- TG-320 before 5.2\n- TG-390, all versions\n\n## Remediation\n"
        "Update the TG-310 and TG-320 to 5.2. For the TG-390 no update is planned; place it behind"
        " a firewall that admits only the engineering station.\n\n## Detection\n"
        "Connections to port 4840 from hosts other than the engineering station should be treated"
        " as suspicious.",
    },
    {
        "id": "USN-9917-2",
        "title": "plover regression",
        "description": "USN-9917-1 fixed vulnerabilities in plover. Unfortunately, the update made"
        " plover refuse valid client certificates with more than one name. This update fixes the"
        " problem. We apologize for the inconvenience. Original advisory details: It was discovered"
        " that plover did not check the length of names in certificates. A remote attacker could"
        " possibly use this to crash plover, resulting in a denial of service.",
    },
    {
        "advisory_id": "SMB-95-14",
        "title": "What customers of Tanager Cloud need to do about the leaked signing key",
        "description": "On 2 June a key that signs Tanager Cloud's download links was found in a"
        " public container image. We have revoked the key, and links signed with it no longer"
        " work. Between 28 May and 2 June, anyone with the key could create links to any object"
        " whose name they could guess. We have no evidence that this happened: access logs show no"
        " link that our own services did not create. Customers who hand out links themselves have"
        " to create them again. Please rotate any secrets that you keep in objects with guessable"
        " names.",
    },
)

INCIDENTS: tuple[Record, ...] = (
    {
        "incident_id": "INC-95-0311",
        "title": "Timesheet macro",
        "summary": "At 08:41 on Monday two people in accounts opened a spreadsheet called"
        " Timesheet_March.xlsm which had come from the address of a temp agency we do work with."
        " The macro started mshta.exe, which fetched a script from hxxp://tmsheet[.]example/u.hta."
        " EDR stopped the script on one of the two machines. On the other one EDR was in audit mode"
        " since a migration in January, so the script ran and installed a scheduled task named"
        " OneDriveSync2. The SOC saw the alert of the first machine at 08:44, searched for the same"
        " mail, and isolated the second machine at 09:20. No further movement was found. We have"
        " put all 212 machines that were still in audit mode into blocking mode, and the agency has"
        " reset the mailbox that the mail came from.",
    },
    {
        "title": "Water district loses nine days of billing to LOCKJAW",
        "published": "2095-05-19",
        "text": "The Meadow Valley Water District said on Friday that ransomware had encrypted its"
        " billing system and the office file server. Water quality and supply were never at risk,"
        " general manager Ines Arrow said, because pumps and valves are on a separate network.\n\n"
        "According to a report by the firm that the district hired, the attackers logged in on May"
        " 3 with the VPN account of a contractor who had left in February. They spent four days"
        " looking around. On May 7 they used PsExec to run the LOCKJAW ransomware on eleven"
        " servers.\n\nThe district did not pay the 14 bitcoin that were demanded. Backups on tape"
        " were intact, but the newest was from April 28, so nine days of meter readings had to be"
        " entered by hand. Customers will get their May bills two weeks late. No late fees will be"
        " charged.\n\nArrow said that VPN accounts now end when contracts do, and that a second"
        " factor is required.",
    },
    {
        "incident_id": "PM-2095-6",
        "title": "Postmortem: signup emails used for spam",
        "description": "**Summary.** Between 11 and 14 April our signup form was used to send"
        " about 1.9 million spam mails. **How it worked.** The form takes a first name and puts it"
        " into the subject of the confirmation mail. Spammers put their message into the name field"
        " and the address of the victim into the email field. **Why we did not notice.** We watch"
        " bounces as a share of all mail; since the lists were clean, the share even fell."
        " **Impact.** Two large providers put our domain on their block lists, and for 31 hours"
        " about a third of our customers got no mail from us. **What we did.** Names are now"
        " limited to 40 characters and may not hold links, and a CAPTCHA is shown after three"
        " signups from one network.",
    },
    {
        "incident_id": "BR-95-77",
        "title": "Laptop theft, clinic",
        "description": "On 9 July a laptop was stolen out of a locked car of a member of the"
        " mobile care team. It held an unencrypted export of the care plans of 430 patients: names,"
        " addresses, diagnoses, and in 61 cases door codes. Disk encryption had been switched off"
        " in May to make room for an update and was never switched on again. The patients have been"
        " informed by letter, door codes have been changed at the clinic's expense, and the data"
        " protection authority was notified on 11 July. The laptop has not been recovered. Since 1"
        " August a laptop that is not encrypted cannot connect to the clinic's network.",
    },
    {
        "title": "Attackers hid in support chat of crypto exchange Pelagia",
        "content": "Pelagia, an exchange with some 600,000 users, lost about $7.2 million in"
        " tokens on Sunday after attackers talked a support agent into installing a screen-sharing"
        " tool. In a chat that lasted over three hours they posed as a user with a broken second"
        ' factor and sent a "diagnostic program". The program copied the agent\'s session cookies.'
        " With them, the attackers raised the withdrawal limits of nineteen accounts that they had"
        " opened months earlier and emptied the hot wallet through these. An engineer noticed the"
        " withdrawals when a balance alarm rang at 04:12 and halted all transfers at 04:31. Pelagia"
        " says it will refund all users from its reserves. Researchers at Hallmark Chain attribute"
        " the theft to the group they call TEAL MAGPIE, pointing to addresses that the group used"
        " in two earlier thefts.",
    },
    {
        "incident_id": "2095-IR-19",
        "title": "Unauthorized change of DNS records",
        "description": "The A record of portal.brightfen.example pointed to 203.0.113.77 for 47"
        " minutes on 22 October. Visitors during this time saw a copy of our login page. 88 people"
        " entered their password there. The change was made in the registrar's web interface with"
        " the password of a former administrator, which had appeared in a leak of another site in"
        " 2093. The registrar account had no second factor. We noticed because certificate"
        " transparency monitoring reported a certificate that we had not ordered. The record was"
        " restored, the 88 passwords were reset, and the domain has been moved to a registrar that"
        " supports registry lock.",
    },
    {
        "title": "Lessons from a week without Active Directory",
        "text": "When the directory of Ostmark College was wiped on a Saturday night, the first"
        " thing that failed was the door of the server room. The intruder had come in through an"
        " old Citrix gateway that was left running for one professor. From there, a service account"
        " for backups whose password was its own name led to domain admin within twenty"
        " minutes.\n\nThe wipe itself was a one-line script. Domain controllers deleted their own"
        " database; the copies that replication might have saved were deleted with them. What"
        " saved the college was a virtual machine snapshot that an administrator had made for a"
        " test and forgotten.\n\nIt took six days until everybody could log in again. The college"
        " now keeps one domain controller's backup offline, doors open with a key if all else"
        " fails, and no service account is a domain admin.",
    },
)
