"""Invented records of the second round of judging.

Data only; the same rule as for `entries`.
"""

from __future__ import annotations

from stages.base import Record


def _nvd(number: int, text: str, **more: object) -> Record:
    described = [{"lang": "en", "value": text}]
    return {"cve": {"id": f"CVE-2096-{number}", "descriptions": described, **more}}


VULNERABILITIES: tuple[Record, ...] = (
    _nvd(
        50001,
        "Incorrect permission assignment in the installer of Halyard Agent for macOS before 6.4"
        " lets a local user replace the agent's binary, which runs as root.",
    ),
    _nvd(
        50002,
        "Redwick Helpdesk through 8.8.1 allows XML External Entity attacks: when an agent imports a"
        " ticket, an external DTD is fetched, and files of the server can be sent to the attacker.",
    ),
    _nvd(
        50003,
        "It was found that the session cookie of Ferrol Grid is set without the Secure attribute."
        " An attacker who can listen to the traffic of a user who types the address without https"
        " can take over the session. Ferrol Grid 2.9.0 sets the attribute.",
        metrics={"cvssMetricV31": [{"type": "Primary", "cvssData": {
            "version": "3.1", "vectorString": "CVSS:3.1/AV:N", "baseScore": 5.9,
            "baseSeverity": "MEDIUM"}}]},
    ),
    _nvd(
        50004,
        "A heap-based buffer over-read in the function wav_read_chunk() in libbittern 0.9.3 allows"
        " attackers to cause a crash or to read adjacent memory via a WAV file with an odd chunk"
        " size.",
    ),
    _nvd(
        50005,
        "The REST API of Candor Payroll does not check whether a payslip belongs to the user who"
        " asks for it. By changing the number in /api/payslips/{id}, an employee can read the"
        " payslips of all colleagues. The issue was fixed on the hosted service on 3 May;"
        " customers who host Candor themselves need version 12.1.",
    ),
    _nvd(
        50006,
        "Vulnerability in the Snapshot component of Orrery Storage Manager. Supported versions that"
        " are affected are 5.2 and 5.3. Difficult to exploit vulnerability allows unauthenticated"
        " attacker with network access via NFS to compromise Orrery Storage Manager. Successful"
        " attacks of this vulnerability can result in unauthorized deletion of snapshots.",
    ),
    _nvd(
        50007,
        "Gantry CI before 3.3.0 prints environment variables into the build log if a step times"
        " out. Anyone who may read the log learns the secrets of the project.",
    ),
    _nvd(
        50008,
        "The firmware of Lumo LX smart bulbs 1.2.4 and earlier accepts updates over Bluetooth"
        " without a signature. An attacker within range can install firmware that joins the bulb"
        " to another network. There is no update yet. As a workaround, bulbs can be paired with a"
        " bridge, which turns Bluetooth off.",
    ),
)  # fmt: skip

ADVISORIES: tuple[Record, ...] = (
    {
        "advisory_id": "BRN-2096-17",
        "title": "Brennick infusion pumps: default service code",
        "description": "Infusion pumps of the series IP-4 can be put into service mode with a"
        " code that is the same for all devices and is printed in a manual that was public until"
        " March. In this mode the limits of doses can be changed. Someone has to stand in front"
        " of the pump to enter the code. Brennick will visit hospitals to install an update that"
        " creates a code per device. Until then, pumps should not be left unattended. A changed"
        " limit shows as a yellow triangle on the display.",
    },
    {
        "id": "DSA-9904-1",
        "title": "wagtail-dns -- security update",
        "description": "Several vulnerabilities have been discovered in wagtail-dns, a caching"
        " name server. A remote attacker can poison its cache by answering with a fragment that"
        " carries a forged record, or make it use all memory with a chain of aliases. For the"
        " stable distribution, these problems have been fixed in version 2.4.1-3+deb12u1. We"
        " recommend that you upgrade your wagtail-dns packages.",
    },
    {
        "advisory_id": "OSL-96-08",
        "title": "Osling Board: stored XSS in card titles",
        "details": "Impact: A user who may create cards can store JavaScript in the title of a"
        " card. It runs when somebody opens the calendar view, for example with the rights of an"
        " administrator.\n\nAffected versions: Osling Board 4.0 to 4.6.\n\nSolution: Install"
        " 4.6.1. If that is not possible, hide the calendar view in the settings.\n\nCredits:"
        " found by the team of Quillback Security.",
    },
    {
        "id": "ICSA-96-210-03",
        "title": "Harrow Automation ladder editor",
        "content": "1. EXECUTIVE SUMMARY\n\nSuccessful exploitation of this vulnerability could"
        " allow an attacker to execute code on the engineering workstation.\n\n2. AFFECTED"
        " PRODUCTS\n\nHarrow Ladder Editor 11.0 and prior is affected.\n\n3. VULNERABILITY"
        " OVERVIEW\n\nThe editor loads plug-ins from the folder of the project. A project from a"
        " stranger can therefore bring its own library.\n\n4. MITIGATIONS\n\nHarrow recommends"
        " updating to 11.1. Users should open projects from trusted sources only.",
    },
    {
        "advisory_id": "KPM-2",
        "title": "Stolen signing key of the Kippmark registry",
        "description": "Between 2 and 9 February an attacker was able to publish packages in the"
        " name of other authors, because a signing key had been left in a public container image."
        " We have found eleven such packages and removed them. All packages were signed anew on"
        " 12 February. Please run kipp verify and reinstall whatever it reports.",
    },
)

INCIDENTS: tuple[Record, ...] = (
    {
        "incident_id": "R-96-12",
        "title": "Attack on the ticket machines of the Tarn Valley Railway",
        "threat_actor": "Hollowgate",
        "victim": "Tarn Valley Railway",
        "date": "2096-10-19",
        "description": "On 19 October all 84 ticket machines of the Tarn Valley Railway showed a"
        " skull and a demand for money. The attackers had reached the machines from the network"
        " of a cleaning company that had been given access to report defects. They had been in"
        " this network since a clerk opened a forged invoice in August. For five days passengers"
        " travelled free of charge, which cost the railway 410,000 euros. Technicians reinstalled"
        " the machines from memory cards. Suppliers now get access to a web form only.",
    },
    {
        "title": "Thousands of hotel guests receive false booking mails",
        "content": "Guests of some forty hotels have received messages within their booking app"
        " that asked them to confirm their card. The messages came from the hotels' own accounts."
        " Staff had been sent a complaint about bedbugs with a link to pictures; whoever clicked"
        " it installed a program that stole browser sessions. According to the booking service,"
        " its own systems were not touched. About 600 guests paid, on average 320 euros. The"
        " service now deletes links to unknown sites from messages.",
    },
    {
        "title": "How a forgotten test server cost us our weekend",
        "body": "On Friday evening our monitoring reported load on a server that nobody"
        " remembered. It had been set up for a demo in 2093 and ran an old version of a wiki."
        " Someone had used a public exploit to install a proxy on it. We shut the server down,"
        " went through its logs and found that it had relayed spam for nine days. Nothing else"
        " was reachable from it. We now scan our address ranges every week and delete what has no"
        " owner.",
    },
    {
        "title": "Ransom paid after attack on a feed mill",
        "text": "A feed mill in Ostrow has paid 95,000 euros to get its recipes back. The"
        " programme that mixes feed had been encrypted together with its only backup, which was"
        " on a disk in the same cabinet. Farmers in the region had to buy feed from abroad for"
        " eleven days. The attackers probably came in through a modem for remote maintenance. The"
        " mill says that it will keep a copy of its recipes on paper from now on.",
    },
    {
        "incident_id": "2096-118",
        "title": "Employee data sent to a stranger",
        "summary": "The personnel office of a logistics group wanted to send a table with the"
        " salaries of 3,400 employees to an auditor. A typing error sent it to a stranger with a"
        " similar address. The table was not encrypted. The stranger called two days later and"
        " deleted the mail. The group informed its employees and the authority. Tables with"
        " salaries are now exchanged over a portal.",
    },
    {
        "title": "Botnet of television boxes takes regional newspaper offline",
        "content": "Readers of the Kellen Courier could not open its website on election night."
        " For three hours it was flooded with requests from cheap television boxes in 60"
        " countries. The boxes had been sold with a malicious app store. The paper published"
        " results on a social network instead. Its provider diverted the traffic through a"
        " scrubbing centre at midnight. The police are investigating; a motive is not known.",
    },
    {
        "title": "Review of the intrusion into the parliament's mail system",
        "text": "The parliamentary administration presented its review on Monday. The intruders"
        " used passwords from an older leak and tried them against the mail system over four"
        " weeks, a few per hour. Twelve mailboxes had no second factor, since their owners had"
        " been granted an exception. Some 2,000 mails were read. The attack was discovered when a"
        " member of parliament was shown a sign-in from abroad. The administration has withdrawn"
        " all exceptions. The review finds that the rate of failed sign-ins should have raised an"
        " alarm in the first week.",
    },
    {
        "title": "Leaked video streams of a nursery",
        "content": "Parents discovered pictures of their children on a website that lists open"
        " cameras. The camera in the playroom of a nursery could be watched by anyone who knew"
        " its address, because the installer had not set a password. The nursery unplugged the"
        " camera within the hour. The operator of the website removed the stream after a letter"
        " from a lawyer. How long it had been public is not known.",
    },
    {
        "title": "Fake IT support on the phone",
        "content": "In June callers who said they were from the IT department persuaded four"
        " employees of an insurance company to start a remote help program. Once connected, they"
        " looked for the claims database and exported 18,000 records. One employee grew"
        " suspicious because the caller mispronounced the name of the head of IT. She hung up and"
        " reported it, and the sessions were ended after 50 minutes. The company now shows a code"
        " in its intranet that real supporters must name.",
    },
    {
        "title": "Source code of a game studio published",
        "text": "The source code of an unreleased game has appeared on a file-sharing site. An"
        " artist's chat account had been taken over with a stolen cookie, and the attacker asked"
        " a colleague for access to the repository in the chat. The studio has postponed the"
        " release by half a year. It says that player accounts are not affected.",
    },
)

REPORTS: tuple[Record, ...] = (
    {
        "type": "malware",
        "name": "FERNWEH",
        "description": "FERNWEH is a stealer for macOS that poses as an update of a video"
        " conference program. After asking for the user's password in a window of its own, it"
        " copies the keychain, browser profiles and notes. The data is packed into /tmp/.fw.zip"
        " and sent by HTTPS to a host in the network of a cheap provider. FERNWEH does not"
        " survive a restart. Researchers attribute it to the makers of an older stealer because"
        " both use the same key.",
        "platforms": ["macOS"],
    },
    {
        "title": "Inside the QUARRY ransomware",
        "content": "QUARRY encrypts files with a stream cipher and appends .qry to their names."
        " Before that it stops database services and deletes shadow copies with vssadmin. It"
        " spares C:\\Windows and files below 1 KB. The note QUARRY-README.txt names an address in"
        " the Tor network. Affiliates get in with bought VPN accounts. Two mistakes in the key"
        " generation of version 1 make it possible to decrypt files without paying.",
    },
    {
        "title": "Hunting for token theft in cloud logs",
        "text": "Stolen session tokens are used from other networks than those in which they were"
        " issued. Compare the autonomous system of each request with that of the sign-in. A token"
        " that is used from two countries within ten minutes is almost always stolen. Revoke the"
        " sessions of the account and ask the user for a new sign-in. Expect false positives from"
        " mobile networks.",
    },
    {
        "type": "intrusion-set",
        "name": "Pallid Swift",
        "description": "Pallid Swift is a group of extortionists that attacks law firms. Its"
        " members steal client files and threaten to publish them, without encrypting anything."
        " The group has been linked to a gang that broke up in 2094. It gets in through unpatched"
        " file transfer servers.",
    },
    {
        "title": "Loader hidden in a PNG",
        "content": "The archive holds a picture named menu.png whose last rows contain encrypted"
        " code. A small program, view.exe, reads the rows, decrypts them with a key from the"
        " picture's metadata and runs the result in memory. The result is a remote access tool"
        " that contacts cdn[.]menuview[.]example every 90 seconds.",
    },
    {
        "arxiv_id": "9611.00777",
        "title": "Guessing PINs from Thermal Traces on Keypads",
        "authors": ["D. Haas", "I. Petrov"],
        "abstract": "Fingers leave heat on keys. We measure how long the traces on keypads of"
        " plastic, metal and rubber can be read with a cheap thermal camera. On plastic, the"
        " order of four keys can be recovered after 30 seconds in 78% of the cases. Metal"
        " conducts the heat away within seconds. We suggest keypads of metal or a hand laid on"
        " the keys after use.",
    },
    {
        "title": "Why Do Maintainers Ignore Security Reports?",
        "authors": ["K. Lind"],
        "year": 2095,
        "abstract": "Many reports of vulnerabilities in open source projects are never answered."
        " In this study we interviewed 31 maintainers and analysed 900 reports. Half of the"
        " unanswered reports went to an address that nobody read. Maintainers also said that"
        " automated reports of poor quality had made them stop reading. A template with three"
        " fields raised the share of answers from 48% to 71%.",
    },
    {
        "title": "Passkeys in a small company: what went well",
        "text": "We moved 60 people from passwords to passkeys in two months. Those with two"
        " devices had no trouble. People who shared a computer needed a security key, which we"
        " had not ordered in time. Phishing tests have had no victims since. We kept passwords"
        " for one old application.",
    },
    {
        "title": "Bulletin 7/96",
        "content": "A flaw in Tarpon VPN 4.1 is being used to place a web shell at"
        " /opt/tarpon/www/help/lang.jsp. The shell accepts commands in the cookie lang. Operators"
        " should look for this file, install 4.1.3 and change all passwords of the gateway.",
    },
    {
        "title": "Fraud with invoices for domain names",
        "content": "Companies are receiving invoices for entries in registers that do not exist."
        " The letters imitate the layout of a public authority and ask for 680 euros within ten"
        " days. Whoever pays will hardly get the money back. Check whether you have ordered such"
        " an entry, and do not pay. The consumer association collects these letters.",
    },
)
