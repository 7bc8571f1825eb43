"""Invented reports of the fourth round.

Data only; the same rule as for `entries`.
"""

from __future__ import annotations

from stages.base import Record

REPORTS: tuple[Record, ...] = (
    {
        "title": "Ferry operator Nordlys cancels sailings after cyberattack",
        "date": "2094-09-02",
        "text": "OSTVIK - Passengers of the ferry operator Nordlys had to queue for paper tickets"
        " on Thursday after the company took its booking system off the network. A spokeswoman"
        " confirmed that malware had been found on several servers during the night.\n\nThe company"
        " believes the attackers got hold of an administrator's password through a forged login"
        " page. The page was linked from a text message that claimed to come from the payroll"
        " office.\n\nNavigation systems were not affected. Four sailings were cancelled because"
        " crews could not print manifests. Nordlys expects to be back to normal on Monday. Police"
        " are investigating.",
    },
    {
        "incident_id": "SEC-1182",
        "title": "Exposed Grafana",
        "status": "closed",
        "description": "Found during the quarterly external scan: grafana.int.quayside.example was"
        " reachable from the internet with the default password admin/admin. Root cause: the"
        " security group was opened for a demo on 4 March and the ticket to close it again was"
        " assigned to somebody on parental leave. Logs show 14 logins from three foreign"
        " addresses. Dashboards contain host names and query texts, no customer data. Actions:"
        " security group closed (done), password changed (done), data source credentials rotated"
        " (done), expiry dates for temporary rules (in progress).",
    },
    {
        "title": "The intruder who liked our wiki",
        "text": "Most intruders want your database. Ours wanted the wiki. For five weeks somebody"
        " read our internal documentation through the account of a developer who had reused his"
        " password on a gaming forum. We learned about it from the developer himself, who saw in"
        " his history that he had apparently read 900 pages on a Sunday.\n\nWhat was taken:"
        " runbooks, network diagrams, and a page with the combination of the office safe. What was"
        " not taken: code and customer data, which need a hardware key.\n\nWe moved the wiki"
        " behind the same hardware key, changed the combination of the safe, and went through all"
        " pages for passwords. There were eleven.",
    },
    {
        "incident_id": "CERT-94-0610",
        "title": "Compromise of a municipal website for SEO spam",
        "summary": "The website of the municipality of Lower Hatch showed visitors coming from"
        " search engines advertisements for counterfeit shoes. An outdated gallery plugin allowed"
        " the upload of PHP files; the attackers placed a file named wp-cahce.php and changed"
        " .htaccess so that only visitors with a search engine as referrer were redirected. A"
        " citizen reported the redirect on 10 June. The site was restored from a backup of 1 May"
        " and the plugin was removed. The municipality will have the site maintained by a service"
        " provider from now on.",
    },
    {
        "title": "Credential stuffing at Bramwell Loyalty",
        "content": "Between 1 and 3 August, attackers tried 4.4 million pairs of e-mail address and"
        " password against the login of the loyalty program Bramwell. About 19,000 logins"
        " succeeded. In 2,300 accounts points were exchanged for gift cards worth 71,000 euros in"
        " total. The requests came from a rented botnet and imitated the mobile app, whose API had"
        " no limit on failed logins. Bramwell noticed the attack on the evening of 3 August because"
        " the gift card partner reported an unusual demand. The API now limits attempts per account"
        " and per device. Customers get their points back and have to choose a new password at the"
        " next login.",
    },
    {
        "incident_id": "IR-2094-31",
        "title": "Destructive attack on the broadcaster Kanal 7",
        "victim": "Kanal 7",
        "threat_actor": "SILENT HERON",
        "date": "2094-02-11",
        "description": "On the evening of 11 February the playout servers of Kanal 7 stopped within"
        " minutes of each other. The wiper, which the investigators call GLASSBREAK, overwrites the"
        " first 4 MB of each disk and then reboots. It was distributed by a group policy object"
        " named 'Weekly Cleanup'. The attackers had been in the network since November; they came"
        " in through a supplier of subtitles whose VPN access was not restricted to the subtitle"
        " server. The channel broadcast a still image for 26 hours.",
    },
    {
        "advisory_id": "VDE-94-019",
        "title": "Multiple vulnerabilities in Aldermoor robot controllers",
        "description": "Aldermoor RC5 controllers contain two vulnerabilities. An FTP server with a"
        " fixed account is enabled after delivery, and the web interface can be made to write files"
        " outside its folder. An attacker in the same network can combine both to replace the"
        " motion program. People working near the robot can be injured. RC5 with firmware below"
        " 8.9 are affected. Aldermoor recommends to update to firmware 8.9 and to disable FTP in"
        " the safety menu. Robots that are operated in a cell with a light curtain stop when"
        " someone enters, regardless of the program.",
    },
    {
        "advisory_id": "PRN-SEC-2094-4",
        "title": "Pernod Parcel Locker API: guessable pickup codes",
        "text": "Who should read this: operators of lockers of generation 2.\n\nWhat is wrong:"
        " pickup codes are derived from the parcel number and the day, and an app that computes"
        " them is being shared in chat groups.\n\nWhat you should do: switch the locker to random"
        " codes in the operator portal (Settings > Codes > Random). This needs no visit on site."
        " Codes that were already sent out stay valid.\n\nHow to see abuse: the portal lists"
        " parcels that were picked up before the notification was read.",
    },
    {
        "id": "RLSA-2094:0551",
        "title": "Moderate: curlew security update",
        "synopsis": "Moderate: curlew security update",
        "description": "Curlew is a command-line tool for transferring files. Security Fix(es): *"
        " curlew: credentials are sent to the redirect target when the host differs only in port."
        " For more details about the security issue(s), including the impact, a CVSS score and"
        " other related information, refer to the CVE page listed in the References section.",
    },
    {
        "type": "malware",
        "name": "Mudlark",
        "description": "Mudlark is an Android spyware sold to private customers as an app for"
        " parental control. It hides its icon, records calls and ambient sound, and uploads"
        " messages of six messengers by abusing the accessibility service. Customers see the data"
        " of their victims in a web portal. In 2093 a researcher found that the portal returned the"
        " data of any device whose number was put into the request. Mudlark can be recognised by a"
        " service named com.sys.sync.helper that has accessibility rights.",
    },
    {
        "title": "PINWHEEL: a worm for backup appliances",
        "text": "PINWHEEL spreads between backup appliances of the brand Holdfast by logging in"
        " with the support account, whose password is computed from the serial number. The serial"
        " number is part of the TLS certificate, so the worm only needs to connect once to know"
        " it.\n\nOn each appliance PINWHEEL stops the backup service, deletes snapshots older than"
        " one day and leaves a note in /etc/motd that asks for 0.3 bitcoin. It does not encrypt"
        " anything. We have seen 410 infected appliances in a scan on 6 May.\n\nHoldfast has"
        " released firmware 5.5.1, in which the support account is disabled. Appliances should not"
        " be reachable from the internet at all.",
    },
    {
        "type": "intrusion-set",
        "name": "Cobalt Wren",
        "description": "Cobalt Wren is a hacktivist group that appeared in April 2093. It announces"
        " denial-of-service attacks against banks and airports in a Telegram channel with 40,000"
        " subscribers and publishes screenshots of monitoring sites as proof. Most of its attacks"
        " last less than an hour. The group rents its attack traffic from a booter service, and its"
        " members have been linked to an earlier group named Iron Starling.",
    },
    {
        "title": "Cookie theft through a fake browser update",
        "text": "Since March we see compromised shop websites that show visitors a page telling"
        " them to update their browser. The page offers a file named Update.js in a ZIP archive."
        " When the victim opens it, wscript.exe downloads a Python interpreter and a script which"
        " decrypts the browser's cookie store. The cookies are sent to 192.0.2[.]144 on port"
        " 8443.\n\nOrganizations can set .js files to open in a text editor by group policy. A rule"
        " that reports python.exe running from %LOCALAPPDATA%\\Temp found eleven infected machines"
        " in our own customers' networks and raised no false alarm in three weeks.",
    },
    {
        "arxiv_id": "9409.01888",
        "title": "Do SBOMs Help Incident Responders? A Field Experiment",
        "abstract": "Software bills of materials (SBOMs) are said to speed up the response to"
        " vulnerabilities in libraries. We gave 24 response teams in 12 companies the task to find"
        " all systems that contain a given library, half of them with SBOMs and half without. Teams"
        " with SBOMs were faster by 35% on average but missed 18% of the affected systems, mostly"
        " because SBOMs of vendored copies were incomplete. Teams without them scanned file"
        " systems, took longer and missed 7%. We conclude that SBOMs should be combined with scans,"
        " and release our task material.",
    },
    {
        "arxiv_id": "9402.07345",
        "title": "Silent Fans: Covert Channels in Data Center Cooling",
        "abstract": "Air-gapped racks share the same air. We present SilentFans, a covert channel"
        " in which malware on one server modulates its load so that the fans of a neighbouring rack"
        " change speed. Without special privileges, our prototype transmits 0.8 bits per minute"
        " over a distance of two racks, enough to leak a 256-bit key in less than six hours. Fixed"
        " fan curves close the channel at the cost of 4% more energy.",
    },
    {
        "title": "Hunting for rogue remote monitoring tools",
        "text": "Remote monitoring and management (RMM) tools are signed, popular and let an"
        " operator do everything. That is why intruders install their own. Make a list of the RMM"
        " tools that your company uses and alert on the installation of all others. Useful sources"
        " are Windows event 7045 (a service was installed) and DNS queries for the vendors'"
        " domains. Pay attention to approved tools that connect to an account that is not yours:"
        " most tools write the account ID into a log file or the registry. Blocking the domains of"
        " unapproved tools at the proxy stops them even if nobody reads the alerts.",
    },
    {
        "title": "How we lost a signing certificate and what it cost",
        "text": "In May a contractor's build machine was infected with a stealer. The stealer took"
        " the file codesign.pfx and, from a batch file beside it, the password. Nine days later"
        " somebody signed a banking trojan with our certificate.\n\nThe certificate authority"
        " revoked the certificate within a day after a security firm had reported the trojan. From"
        " that moment Windows warned of every version of our software that had been signed without"
        " a timestamp, and 70% had been. Support received 3,100 calls. Re-signing and shipping"
        " everything took two weeks.\n\nOur keys now live in a hardware module, builds request"
        " signatures over an API that logs each file, and every signature has a timestamp.",
    },
    {
        "title": "Notes from a tabletop exercise",
        "text": "We played a ransomware attack on a regional bus company. The participants were"
        " surprised by how fast the question came up who may decide to switch everything off. The"
        " phone list was in the system that was encrypted. The insurance required a call within 24"
        " hours to a hotline that nobody knew. After the exercise the company printed the phone"
        " list, named two people who may pull the plug, and put the number of the hotline on it.",
    },
    {
        "title": "Vishing wave targets help desks of airlines",
        "text": "Callers who pretend to be pilots on layover ask help desks of airlines to enrol a"
        " new phone for multi-factor authentication. They know employee numbers and home bases,"
        " probably from a leaked roster. Once enrolled, they register for the crew discount portal"
        " and sell the tickets. At least three airlines are affected. We recommend that help desks"
        " call back on the number in the personnel file and that a new phone can only be enrolled"
        " after a day's delay.",
    },
    {
        "type": "campaign",
        "name": "C7741",
        "description": "C7741 was a supply chain campaign in 2093 in which the maintainers of nine"
        " small browser extensions were offered money for their projects. After the sale, the new"
        " owners added code that replaces wallet addresses in forms. About 340,000 users installed"
        " the updates before the store removed the extensions. C7741 has not been attributed to a"
        " known group.",
    },
)
