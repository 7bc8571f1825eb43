"""Invented entries, incidents and reports of the seventh round of judging.

Data only; the same rule as for `entries`.  docs/quality.md gives the figures.
"""

from __future__ import annotations

from stages.base import Record


def _nvd(number: int, text: str) -> Record:
    return {"cve": {"id": f"CVE-2089-{number}", "descriptions": [{"lang": "en", "value": text}]}}


VULNERABILITIES: tuple[Record, ...] = (
    _nvd(
        30001,
        "Fernway Remote Desktop 3.3 for Linux stores session recordings with mode 0666, so that any"
        " local user can read or alter them.",
    ),
    _nvd(
        30002,
        "The JSON importer of Kestrel Inventory 2.1.0 evaluates expressions in field names. A"
        " logged-in user can run arbitrary Java code on the server by importing a crafted file.",
    ),
    _nvd(
        30003,
        "NULL pointer dereference in smb_compound() in Duneshare before 1.19 allows unauthenticated"
        " attackers to crash the file server with a malformed compound request.",
    ),
    _nvd(
        30004,
        "Wagtail Thermostats with firmware up to 5.5 accept commands over Bluetooth from devices"
        " that have never been paired. An attacker within range can change the temperature and read"
        " the Wi-Fi password.",
    ),
    _nvd(
        30005,
        "The Quick Raffle plugin for WordPress is vulnerable to stored cross-site scripting via the"
        " 'prize_name' parameter in versions up to 1.2.2, since input is not sanitized."
        " Contributors"
        " and above can inject scripts that run whenever a user opens the raffle page.",
    ),
    _nvd(
        30006,
        "Saltmarsh Backup writes its encryption passphrase to C:\\Windows\\Temp\\sm_setup.log"
        " during"
        " an unattended installation.",
    ),
    _nvd(
        30007,
        "A flaw in the HTTP/2 implementation of Crossbill Proxy lets a client open and reset"
        " streams"
        " faster than the server frees them, which exhausts memory. Setting max_resets to 100"
        " limits the effect.",
    ),
    _nvd(
        30008,
        "Cobnut SSO compares signatures of assertions only up to the first zero byte. This allows"
        " remote attackers to forge an assertion for any user with a few thousand attempts.",
    ),
)

ADVISORIES: tuple[Record, ...] = (
    {
        "title": "Tormentil Firewall: rules ignored after failover",
        "severity": "Critical",
        "description": "After a failover, the standby unit of Tormentil Firewall 12.0 loads the"
        " default rule set, which permits all outbound and all established inbound traffic, until"
        " an administrator saves the configuration. Release 12.0.3 loads the saved rules. Customers"
        " who run a cluster should update both units, starting with the standby.",
    },
    {
        "title": "Bistort Print Server leaks documents between tenants",
        "text": "Bistort Print Server caches rendered pages under a name derived from the file name"
        " alone. If two tenants print files of the same name within a minute, the second may get"
        " pages of the first.\n\nWe fixed this in version 4.8 by adding the tenant's id to the"
        " name."
        " There is no workaround. Three customers have reported mixed pages.",
    },
    {
        "title": "Vervain Charging Stations: unsigned firmware over OCPP",
        "summary": "Vervain charging stations install any firmware image that the back end offers,"
        " without checking a signature. Whoever controls the back end, or the connection to it, can"
        " take over all stations of an operator.",
        "solution": "Update to firmware 3.0, which only accepts images signed by Vervain, and use"
        " OCPP over TLS.",
    },
    {
        "title": "Key rotation for Betony package repository",
        "text": "The key that signs the Betony repository expires on 30 September and will be"
        " replaced by key 7F3A 22C1. Install the package betony-keyring before that date. After it,"
        " updates will be refused on systems that only know the old key.",
    },
)

INCIDENTS: tuple[Record, ...] = (
    {
        "title": "Attack on the booking system of a ferry line",
        "text": "On the first Saturday of the school holidays, the booking system of a ferry line"
        " stopped answering. An attacker had flooded its login page with about 400,000 requests per"
        " minute from hired cameras and routers, and demanded 5 bitcoin. The line did not pay. It"
        " sold tickets at the pier for two days, until its provider had put a filter in front of"
        " the site.",
    },
    {
        "title": "Insider copies drawings from a machine builder",
        "description": "An engineer who had given notice copied 14,000 drawings to a private cloud"
        " account during his last week. The upload was noticed because it exceeded the monthly"
        " volume of the whole department. The company had his account closed and obtained a court"
        " order; the engineer handed over the data. Access to the drawing archive now ends when an"
        " employee gives notice.",
    },
    {
        "title": "Malicious browser extension at a travel agency",
        "text": "Staff of a travel agency installed an extension that promised to compare fares. An"
        " update of the extension in April added code that read session cookies of the airline"
        " portal. With these, criminals issued 61 tickets at the agency's expense, most of them for"
        " flights on the same day.\n\nThe agency found out from the airline's invoice. It has"
        " removed the extension and allows only those on a list.",
    },
    {
        "title": "Breach of a school platform through a forgotten API",
        "published": "2089-11-02",
        "content": "Personal data of 380,000 pupils was copied from a learning platform. According"
        " to the operator, the attacker used an old version of the programming interface that had"
        " stayed reachable after the app had moved to a new one, and that did not check to which"
        " school a user belongs. Names, birth dates and classes were taken, but no passwords. The"
        " operator has switched off the old interface and offers a telephone line for parents.",
    },
    {
        "title": "USB stick brings worm into a pathology lab",
        "summary": "A visiting researcher's USB stick infected the computer of a slide scanner with"
        " a worm that spread to eleven devices over an unpatched file sharing service. Scans were"
        " delayed by four days, and no patient data left the lab. The devices have been put into a"
        " separate network, and USB ports are locked.",
    },
    {
        "title": "Fake support call leads to loss at a craft brewery",
        "text": "The bookkeeper of a brewery saw a window that asked her to call a support number."
        " The man who answered had her install a remote control program, opened the banking site"
        " and moved 23,800 euros while showing her a fake virus scan. The bank stopped one of three"
        " transfers. The police assume that the window came from an advertisement on a news site.",
    },
    {
        "title": "Postmortem of the key leak in our mobile app",
        "text": "On 14 March a researcher told us that version 6.2 of our Android app contained the"
        " secret key of our mail service. Anyone could have sent mail in our name.\n\nThe key had"
        " been added to a configuration file for a test and was packed into the app, because the"
        " build does not distinguish test files from others.\n\nWe revoked the key within two"
        " hours."
        " The mail service's log shows no messages that we did not send. Builds now fail if a file"
        " contains something that looks like a key.",
    },
    {
        "title": "Compromise of a game studio's build server",
        "description": "Intruders used a vulnerability in an outdated build server to steal the"
        " source code of two games and the certificate that signs the studio's programs. A week"
        " later, an infostealer signed with that certificate was seen on file sharing sites. The"
        " studio had the certificate revoked and rebuilt the server.",
    },
)

REPORTS: tuple[Record, ...] = (
    {
        "name": "HOARFERN",
        "type": "malware",
        "description": "HOARFERN is a backdoor for Linux routers written in C. It hides its process"
        " by mounting an empty folder over /proc/PID and receives commands in ICMP packets. It has"
        " been used to relay traffic of other intrusions since 2087.",
    },
    {
        "name": "Slate Heron",
        "type": "intrusion-set",
        "description": "Slate Heron is a criminal group that steals payment card data from online"
        " shops. It injects skimmers into checkout pages through vulnerable plugins and sells the"
        " cards on its own market. The group was first described in 2085.",
    },
    {
        "title": "Small loans, big theft: how Amber Kite abuses lending apps",
        "text": "Amber Kite publishes lending apps that ask for access to contacts and photos. When"
        " a victim does not pay fees of up to 300 percent, the operators threaten to send altered"
        " photos to the victim's contacts. We found 17 such apps with 2 million downloads. All of"
        " them load their code from a server after installation, which is how they pass the checks"
        " of the app store.",
    },
    {
        "title": "Finding rogue DHCP servers",
        "text": "A rogue DHCP server can redirect all traffic of a network by handing out its own"
        " address as gateway. Collect the server identifier of DHCP offers on each network segment"
        " and alert on any that is not on the list of known servers. Switches should drop offers"
        " from ports to which no server is connected.",
    },
    {
        "title": "Do Labels Help? Consumer Reactions to Security Labels on Smart Plugs",
        "authors": ["P. Okonjo", "H. Vasquez-Lind"],
        "year": 2088,
        "abstract": "Security labels promise to tell buyers how long a device gets updates. We"
        " offered 640 people smart plugs with and without such a label in a mock shop. Buyers paid"
        " on average 1.80 euros more for a plug with a label of five years, but a third of them"
        " could not say afterwards what the label meant. Labels that show an end date were"
        " understood better than those that show a number of years.",
    },
    {
        "title": "Leaky Lanes: side channels in vector units",
        "authors": ["D. Feige"],
        "year": 2089,
        "abstract": "Vector units of recent processors switch off lanes that are not used. We show"
        " that the time for switching them on again reveals whether another process has used them."
        " With this channel, we recover the number of set bits of an AES key across virtual"
        " machines within 40 minutes. Keeping all lanes on closes the channel and costs 3 percent"
        " of energy.",
    },
    {
        "title": "Advice for charities: donation fraud before the holidays",
        "summary": "In December, fraudsters send mails in the name of charities that lead to copies"
        " of their donation pages. Charities should register domains similar to their own, publish"
        " a DMARC policy of reject, and tell donors that they never ask for gift cards. Donors"
        " should type the address of a charity instead of following links.",
    },
    {
        "name": "PILLBUG",
        "type": "tool",
        "description": "PILLBUG is a command line tool that unpacks firmware images and searches"
        " them for private keys, passwords and outdated libraries.",
    },
)
