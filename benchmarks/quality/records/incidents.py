"""Invented incident reports of many styles that pairs are judged on.

Data only; the same rule as for `entries`: nothing here may be used anywhere else.
"""

from __future__ import annotations

from stages.base import Record

INCIDENTS: tuple[Record, ...] = (
    {
        "incident_id": "I-2097-001",
        "title": "Encryption of the district hospital in Orvale",
        "threat_actor": "Greyfin",
        "victim": "Orvale District Hospital",
        "date": "2097-03-08",
        "summary": "During the night of 8 March the hospital's file servers were encrypted. The"
        " emergency room worked with paper for six days, and 74 operations were postponed. The"
        " attackers had bought the password of a radiologist on a market and used it to sign in to"
        " the remote imaging portal, which asked for nothing else. They spent twelve days in the"
        " network and copied patient letters before they started the encryption. A nurse noticed"
        " the ransom note on a ward computer at 04:10. The hospital cut the network, called the"
        " state police and restored its systems from tapes. It did not negotiate. All portals now"
        " require a hardware token.",
    },
    {
        "title": "Customer data of the bicycle shop Radwerk for sale",
        "content": "Berlin - The online shop Radwerk has lost the data of 88,000 customers. A"
        " seller with the name of pedalqueen offers them in a forum for 600 euros. Radwerk said on"
        " Tuesday that the data came from a test copy of its database, which had been reachable"
        " from the internet since January because a developer had opened it for a contractor."
        " Passwords were not stored in it. The shop has taken the copy down and has informed the"
        " authority. Customers should beware of mails that ask them to confirm their address.",
    },
    {
        "title": "Post-mortem: leaked deploy key on 14 May",
        "body": "What happened: On 14 May at 09:12 UTC we pushed a commit that contained our deploy"
        " key. At 09:19 a bot cloned the repository and used the key to start 40 machines for"
        " mining. Our budget alarm fired at 11:02, and the on-call engineer revoked the key at"
        " 11:20.\n\nImpact: The machines cost us 3,100 dollars. No customer data was touched,"
        " since the key could only start machines.\n\nRoot cause: The check for secrets ran on our"
        " server only, after the push.\n\nWhat we changed: The check now runs before each commit."
        " Deploy keys expire after a day.",
    },
    {
        "title": "Trojanised installer on the download page of Kestrel Notes",
        "text": "Between 3 and 6 June, the Windows installer of the note-taking program Kestrel"
        " Notes contained a backdoor. An intruder had got hold of the account of a translator,"
        " which was allowed to upload release files. The altered installer put kupd.dll into"
        " %LOCALAPPDATA%\\Kestrel and loaded it through a registry value under"
        " HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run. About 2,300 people downloaded"
        " it. The change came to light when a user compared the SHA-256 sum with the one in the"
        " release mail. The project removed the file, and releases now need two signatures. Users"
        " who installed version 8.3 in those days should delete kupd.dll and change the passwords"
        " saved in their browser.",
    },
    {
        "incident_id": "2097-44",
        "title": "Payroll diversion at Lindqvist Logistics",
        "timeline": ["02-11 mail", "02-25 payday"],
        "description": "In February the personnel office of Lindqvist Logistics received mails in"
        " which nine drivers asked to have their wages paid to new accounts. The mails came from"
        " addresses at a free provider but showed the drivers' names. A clerk changed the accounts"
        " without calling back. On payday 21,600 euros went to accounts abroad. Two drivers"
        " complained the next morning. The bank could call back one transfer of nine. The company"
        " has since required that changes of accounts are made in person.",
        "victim": "Lindqvist Logistics",
        "date": "2097-02-25",
    },
    {
        "title": "Denial of service against the tax portal",
        "text": "On the last day for filing, the tax portal could not be reached from 17:40 to"
        " 22:15. The provider counted 1.9 million requests per second, most of them from hacked"
        " cameras. The requests asked for a search page whose results were computed anew each"
        " time. A group that calls itself Coldwave said on a messenger that it was protesting"
        " against a court decision. The provider put the search behind a cache and blocked 40,000"
        " addresses. The ministry extended the deadline by three days.",
    },
    {
        "title": "Insider copied designs before leaving",
        "summary": "A court in Halden has convicted a former engineer of a turbine maker. He had"
        " copied 11,000 drawings to a private drive in his last week and taken them to a"
        " competitor. The data loss prevention software had raised an alarm, but the alarm went to"
        " a mailbox that nobody read after a reorganisation. The theft was discovered eight months"
        " later, when the competitor offered a suspiciously similar blade. The engineer received a"
        " suspended sentence of fourteen months.",
    },
    {
        "title": "DNS hijack of the regional bank Sundal Sparebank",
        "content": "At 02:55 on a Saturday, the name servers of sundalspare.example were changed at"
        " the registrar. For three hours customers who typed the right address came to a copy of"
        " the sign-in page, which even had a valid certificate. The attackers had reset the"
        " password of the bank's registrar account through the mailbox of a retired employee."
        " 190 customers entered their data; the one-time codes of 31 of them were used at once,"
        " and 140,000 kroner were moved. The registrar restored the records at 05:50. The bank has"
        " paid the money back. It now uses a registry lock.",
    },
    {
        "title": "Weekly report 23",
        "content": "We handled three cases this week. 1) A laptop of the sales team was infected"
        " with a stealer after a search for a free PDF converter; saved passwords were reset. 2) A"
        " supplier's mailbox sent us a macro document. The mail filter stopped it. 3) A test of our"
        " backups failed, because the encryption key was missing from the safe.",
    },
    {
        "incident_id": "UW-3",
        "title": "Drinking water: remote access by a former contractor",
        "description": "A former contractor of the water works of Estrup signed in to the control"
        " system 14 times after his contract had ended. He changed pump settings twice, and a"
        " reservoir ran low during a fire drill. Nobody had removed his account, and the remote"
        " access box was not on any inventory. An operator noticed that pump 3 ran at an unusual"
        " hour. The works disabled the account, unplugged the box and went through all accounts."
        " The police searched the man's flat.",
        "date": "2097-08-30",
        "target": "Estrup water works",
        "actor": "former contractor",
    },
    {
        "title": "Ransomware hits the county library network",
        "content": "Library cards and catalogues in eleven branches are back after three weeks. A"
        " ransomware called Brine had encrypted the servers on 2 October. According to the"
        " county, the intruders exploited a flaw in the print management software, for which an"
        " update had been available since July. Borrowers' names and birth dates may have been"
        " copied; loans were kept in another system and are safe. 'We lent books with pencil and"
        " paper,' said the director. The county has ordered a review of all servers that can be"
        " reached from outside.",
    },
    {
        "title": "SIM swap of a city councillor",
        "content": "A caller persuaded the shop of a mobile provider to issue a new SIM card for"
        " the number of a city councillor. With it he received the codes for her mail and posted"
        " insults in her name for two hours. The provider admits that the shop did not ask for an"
        " identity card. The councillor now uses an app instead of text messages for her codes.",
    },
    {
        "title": "Poisoned package 'fastcolor' on a language registry",
        "text": "Researchers have found a package named fastcolor that imitates a popular library"
        " for terminal colours. Its install script read environment variables and sent those with"
        " names containing TOKEN or SECRET to hxxps://cdn-fastcolor[.]example[.]net/p. It was"
        " downloaded 1,140 times in two days. The registry removed it on 19 April. Whoever"
        " installed it should rotate all tokens that were set in the environment at that time.",
    },
    {
        "title": "University grades changed with a stolen session",
        "content": "A student at a technical university raised five of his grades. He had found the"
        " session cookie of a lecturer in a log file that the course server showed to everybody who"
        " knew its address. The change was noticed when the lecturer compared the list with his own"
        " notes in September. The university corrected the grades and expelled the student. Logs no"
        " longer contain cookies.",
    },
    {
        "title": "Outage of a cloud region after a phishing attack on an administrator",
        "body": "An administrator of the provider Nimbrel approved a sign-in request on his phone"
        " at 01:30 after eleven requests had kept him awake. The intruder then deleted the route"
        " tables of the region north-2. Around 900 customers were offline for seven hours. Nimbrel"
        " rebuilt the tables from its configuration archive. It has replaced push approvals by"
        " security keys and demands that two people confirm the deletion of routes.",
    },
    {
        "title": "Skimmer in the shop of a tea merchant",
        "text": "Card data of some 4,000 customers of a tea merchant were skimmed between November"
        " and February. The shop loaded a chat widget from a company that had gone out of business;"
        " criminals registered its domain and served a script that copied the payment form. The"
        " bank of one customer traced the fraud back to the shop. The merchant removed the widget"
        " and now allows scripts from its own server only.",
    },
)
