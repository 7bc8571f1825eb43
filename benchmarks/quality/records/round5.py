"""Invented incidents and advisories of the fifth round; the figures of docs/quality.md are theirs.

Data only; the same rule as for `entries`.  docs/quality.md says what was changed after
they were judged.
"""

from __future__ import annotations

from stages.base import Record

INCIDENTS: tuple[Record, ...] = (
    {
        "incident_id": "2093-117",
        "title": "Fraudulent change of bank details, facilities department",
        "description": "An invoice of 84,300 pounds for the renewal of the roof was paid to a bank"
        " account in Malta on 14 June. The change of bank details had been requested in an e-mail"
        " from roofing-harland.example; the roofer's real domain is harlandroofing.example. The"
        " clerk called the number given in the e-mail's signature to confirm the change and reached"
        " the fraudster. The roofer asked for his money on 2 July. The bank in Malta could freeze"
        " 12,000 pounds. Changes of bank details are now confirmed by calling the number in the"
        " contract, and two people have to release payments above 5,000 pounds.",
    },
    {
        "title": "Timeline: compromise of our package mirror",
        "text": "All times in UTC.\n\n- 03 Nov 02:14: An attacker logs in to mirror-eu2 over SSH"
        " with a key that was deployed for a former intern.\n- 03 Nov 02:40: The attacker replaces"
        " the package heron-utils 2.1.7 with a version that contains a reverse shell.\n- 03 Nov"
        " 06:05: A user in Portugal reports a signature mismatch.\n- 03 Nov 06:50: We take the"
        " mirror offline.\n- 05 Nov: All mirrors have been rebuilt, and keys of former staff have"
        " been removed.\n\nSince clients verify signatures, the replaced package could not be"
        " installed without ignoring a warning. We know of two users who did that.",
    },
    {
        "title": "Hospital group Sankt Veit back on paper after attack through imaging supplier",
        "published": "2093-10-30",
        "content": "Doctors in the four hospitals of the Sankt Veit group have been writing on"
        " paper since Wednesday. According to the group, intruders reached its network through the"
        " remote maintenance line of a supplier of imaging equipment and encrypted the patient"
        " administration system. Emergency rooms remain open, but ambulances with stroke patients"
        " are sent to neighbouring hospitals.\n\nA gang called Ash Lantern has put the group's name"
        " on its leak site and threatens to publish 600 GB of data. Whether patient data was copied"
        " is still being examined, said a spokesman. The group has called in the state criminal"
        " police and a forensics firm. It has cut all maintenance lines and wants to reopen them"
        " one by one, with a jump host in between.",
    },
    {
        "incident_id": "SIR-3309",
        "title": "Malicious OAuth app in the sales tenant",
        "summary": "Six members of the sales team granted an app named 'Doc Scan Pro' permission to"
        " read and send mail after they had received a link in a shared document. The app sent the"
        " same link to 1,140 contacts. Because consent was given with their own accounts, no"
        " password was stolen and multi-factor authentication did not help. Our mail gateway"
        " flagged the burst of identical messages after nine minutes. The app was removed, its"
        " permissions were revoked and the contacts were warned by mail. Users can no longer grant"
        " permissions to apps of unverified publishers.",
    },
    {
        "title": "Defaced tram displays in Lindenberg",
        "text": "For about forty minutes on Sunday afternoon the displays at tram stops in"
        " Lindenberg showed a smiling skull instead of departures. The transport company says the"
        " displays fetch their content over unencrypted HTTP from a server whose domain had expired"
        " and been registered by a stranger. Nobody was in danger, and signalling is a separate"
        " system. A 19-year-old student told a local newspaper that he did it and that he had"
        " written to the company twice before. The company has moved the content to a domain it"
        " owns until 2103 and apologised to the student.",
    },
    {
        "incident_id": "PIR-93-08",
        "title": "Secrets in crash dumps",
        "description": "What happened\nA developer of a partner company wrote to us that a crash"
        " dump in our public bug tracker contained a valid database password.\n\nWhy it"
        " happened\nThe crash handler filters variables by name. A refactoring renamed DB_PASSWORD"
        " to DB_PW, and the filter did not know that name.\n\nExtent\nWe went through 2,400 dumps"
        " and found the password in 31 of them, the oldest from 12 weeks ago. The database logs"
        " show no login from outside our network.\n\nWhat we changed\nDumps are no longer attached"
        " to public reports, the handler only keeps variables on a list, and the password was"
        " replaced.",
    },
    {
        "incident_id": "CIR-0457",
        "title": "Rogue access point in branch Eastgate",
        "victim": "Milner & Rowe",
        "description": "During a routine survey a technician of Milner & Rowe found a device the"
        " size of a matchbox behind the printer in the branch Eastgate. It was connected to the"
        " network port of the printer and offered a hidden WLAN. DHCP logs show that it was plugged"
        " in on 19 March, a day on which somebody who said he was from the copier company had"
        " visited the branch. The port was in the same VLAN as the workstations. Two attempts to"
        " log in to the file server with guessed passwords came from the device's address; both"
        " failed. The device was handed to the police.",
    },
    {
        "title": "Game cheat turns out to be a miner",
        "text": "Players who looked for an aimbot for the shooter Redline Zero got a Monero miner"
        " instead. The program 'RLZ Helper' was advertised in videos whose comments were full of"
        " praise from accounts created the same day. It asks to switch off the virus scanner,"
        " installs a driver with a known flaw to get kernel privileges, and hides the process of"
        " the miner. We estimate that at least 8,000 computers are affected, since that is how many"
        " workers the pool shows for the wallet. Removing the driver rzhelp.sys in safe mode and"
        " deleting the task RLZUpdate gets rid of it.",
    },
    {
        "title": "Ex-employee deleted customer instances, court hears",
        "text": "A former administrator of the hosting company Cloudberry went on trial on Tuesday"
        " for deleting 176 servers of customers in the night after he was dismissed. Prosecutors"
        " say the man, 41, used an API token that he had created for a test two years earlier and"
        " that was not tied to his account. Cloudberry could restore 150 of the servers from"
        " backups. It put the damage at 1.1 million dollars. The man admitted the deed and said he"
        " had been drunk. A verdict is expected in March.",
    },
    {
        "incident_id": "CSI-2093-22",
        "title": "Port scanner triggers shutdown of a packaging line",
        "description": "A vulnerability scan that was meant for the office network reached the"
        " controllers of packaging line 2, because a firewall rule for a project had never been"
        " removed. One controller does not tolerate unexpected connections on port 102 and went"
        " into stop mode. The line stood still for 95 minutes. No attacker was involved. Scans are"
        " now limited to a list of networks, and the rule has been removed.",
    },
)

ADVISORIES: tuple[Record, ...] = (
    {
        "advisory_id": "JCA-93-204",
        "title": "State-sponsored actors exploit unpatched edge devices of small offices",
        "text": "The authoring agencies assess that the group tracked as Dusk Ibis has compromised"
        " several thousand routers in small offices since the middle of 2092. The actors exploit"
        " known vulnerabilities for which updates exist, install a proxy named NIGHTJAR in memory,"
        " and use the routers to hide the origin of their attacks against telecommunication"
        " companies.\n\nIndicators: an open port 58443 on the WAN side and a process named"
        " 'klogd-2'.\n\nThe agencies urge owners to restart their router, to install current"
        " firmware and to replace devices that no longer get updates. A restart alone removes"
        " NIGHTJAR but not the vulnerability.",
    },
    {
        "advisory_id": "FWS-93-03",
        "title": "Fenwick Scheduler: session tokens in referrer headers",
        "description": "Fenwick Scheduler puts the session token into the URL of shared calendars."
        " When somebody follows a link from such a calendar to another site, that site learns the"
        " token from the Referer header. The operator of the site can then act as the user until"
        " the session ends. All versions up to 5.8 are vulnerable. Version 5.9 moves the token into"
        " a cookie and invalidates old ones. As a workaround, set the header Referrer-Policy to"
        " no-referrer in the reverse proxy.",
    },
    {
        "id": "FEDORA-2093-7c1d",
        "title": "libtern-1.8.3-2.fc99",
        "description": "Update to 1.8.3. Fixes a heap overflow when a font with more than 65,535"
        " glyphs is loaded (CVE-2093-50112). Rendering of Arabic text is faster, too.",
    },
    {
        "advisory_id": "MED-93-011",
        "title": "Solace insulin pump: radio commands can be replayed",
        "text": "The remote control of the insulin pump Solace 2 sends commands that carry a"
        " counter. The pump accepts counters up to 64 lower than the last one it has seen. Someone"
        " within ten metres who has recorded a bolus command can therefore send it again. We are"
        " not aware of any case in which this was done. We have informed the supervisory"
        " authorities. Patients can switch off the remote control in the menu Options > Remote and"
        " give insulin with the buttons on the pump. From November, nurses will install a new"
        " firmware at the regular check.",
    },
    {
        "advisory_id": "ORC-93-55",
        "title": "Orchid Mail Security: archive bomb disables scanning",
        "description": "<p>A ZIP archive that contains itself makes the scanner of Orchid Mail"
        " Security 11 stop after 200 levels. The message is then <b>delivered without having been"
        " scanned</b>.</p><p>Affected: 11.0 to 11.4. Not affected: 10.x, 12.</p><p>Install hotfix"
        " 11.4.2, or set <code>max_depth_action = reject</code> in scanner.conf.</p>",
    },
)
