"""Invented entries, malware, groups, papers and notes of the fifth round; see `round5`.

Data only; the same rule as for `entries`.
"""

from __future__ import annotations

from stages.base import Record


def _nvd(number: int, text: str) -> Record:
    return {"cve": {"id": f"CVE-2093-{number}", "descriptions": [{"lang": "en", "value": text}]}}


VULNERABILITIES: tuple[Record, ...] = (
    _nvd(
        70001,
        "An authentication bypass in the /sso/callback endpoint of Harrier Desk 4.2 through 4.6.1"
        " allows unauthenticated attackers to log in as any user by sending an unsigned assertion."
        " The signature is only verified if the assertion contains one.",
    ),
    _nvd(
        70002,
        "In the Linux kernel, the following vulnerability has been resolved: net: fen: check"
        " descriptor length before copying. A device that reports a descriptor longer than the"
        " transfer buffer makes fen_probe() read past the end of the buffer. Add the missing"
        " check.",
    ),
    _nvd(
        70003,
        "Improper access control in Lapwing Cabinet Manager on Windows allows an authorized"
        " attacker to elevate privileges locally.",
    ),
    _nvd(
        70004,
        "The Pebble Tour Booking plugin for WordPress is vulnerable to unauthorized modification"
        " of data due to a missing capability check on the 'pb_save_price' function in all versions"
        " up to, and including, 1.9.3. This makes it possible for authenticated attackers, with"
        " subscriber-level access and above, to change the prices of tours.",
    ),
    _nvd(
        70005,
        "tern-proxy before 0.7.2, when configured with `trust_forwarded = true`, takes the client"
        " address from the first X-Forwarded-For entry, which clients control. Rate limits and IP"
        " allow lists can be evaded. Configurations with the default value are not affected.",
    ),
    _nvd(
        70006,
        "A race condition between close() and the timer callback in Skua RTOS 3.x causes a use"
        " after free. Exploiting it from the network appears difficult, but a crash can be caused"
        " reliably by opening and closing 300 connections per second.",
    ),
)

REPORTS: tuple[Record, ...] = (
    {
        "type": "malware",
        "name": "RUSTBUCKLE",
        "description": "RUSTBUCKLE is a downloader written in Rust that poses as a font manager."
        " On start it decrypts its server's address with a key made of the machine's time zone, so"
        " that it does nothing outside South Korea. It has delivered the backdoor TINHORN to two"
        " defence contractors. Persistence is achieved through a LaunchAgent named"
        " com.fontd.agent.plist.",
    },
    {
        "type": "tool",
        "name": "netpeel",
        "description": "netpeel is a publicly available command-line tool that lists shares,"
        " sessions and local administrators of Windows hosts. Ransomware gangs use it after the"
        " first intrusion to find file servers. netpeel needs no installation and writes its"
        " results to a file named peel_<date>.csv.",
    },
    {
        "type": "intrusion-set",
        "name": "Marsh Harrier",
        "aliases": ["Marsh Harrier", "TA9931"],
        "description": "Marsh Harrier is an espionage group that is believed to work on behalf of a"
        " state in the Gulf region. Since 2089 it has targeted journalists, human rights lawyers"
        " and the staff of two universities. Marsh Harrier builds up contact over weeks with fake"
        " profiles of recruiters before it sends a link to a credential phishing page. It has also"
        " used commercial spyware.",
    },
    {
        "title": "Anatomy of a callback phishing campaign",
        "text": "The mails contain no link and no attachment, only the invoice for a subscription"
        " that the recipient has never ordered and a phone number. Whoever calls is led by a"
        " friendly agent to install a remote support tool in order to 'cancel the order'. While the"
        " agent talks, a second person copies files to a cloud drive with rclone. A day later the"
        " victim gets a mail that demands money.\n\nAmong 31 companies that we helped, the time"
        " from the call to the copying was 47 minutes on average. None of the companies was"
        " encrypted. Application control that blocks unknown remote support tools stopped the"
        " attack in all four cases in which it was active.",
    },
    {
        "title": "Threat brief: QuietKey, a keylogger in browser extensions",
        "text": "Summary: QuietKey is JavaScript that is added to browser extensions whose"
        " developer accounts were taken over by phishing.\n\nBehaviour: The script listens to"
        " keyboard events on login pages of 60 banks and sends what is typed to"
        " wss://sync.quietcdn[.]example as alleged telemetry.\n\nDetection: Look for WebSocket"
        " connections from browser processes to hosts registered within the last 30 days. The"
        " string qk_flush appears in the background script.\n\nMitigation: Allow only extensions"
        " on a list, and review the list when an extension changes its permissions.",
    },
    {
        "arxiv_id": "9306.11203",
        "title": "Replaying Old Bugs: How Often Do Fixed Vulnerabilities Return?",
        "abstract": "A vulnerability that was fixed can be reintroduced when code is rewritten or a"
        " branch is merged. We build a data set of 5,112 fixed vulnerabilities in 240 open-source"
        " projects and follow the affected code for five years. In 2.9% of the cases the"
        " vulnerability returned. Most returns are caused by merges of long-lived branches."
        " Projects that add a regression test with the fix have a rate of 0.4%. We discuss how"
        " code review tools could warn of returns.",
    },
    {
        "arxiv_id": "9311.00519",
        "title": "Can Large Language Models Redact? Leakage in Automated Incident Summaries",
        "abstract": "Companies increasingly let language models summarize incident tickets for"
        " reports that are shared outside. This paper studies how often such summaries leak names,"
        " addresses or secrets that the instructions say to leave out. Over four models and 900"
        " synthetic tickets, 11% of the summaries contain at least one such item. A second pass by"
        " the same model halves the leaks, while a simple pattern filter removes 95% of the leaked"
        " secrets but none of the leaked names.",
    },
    {
        "title": "Checklist: before a penetration test of a plant",
        "text": "Agree in writing who may stop the test and how they can be reached. Get a list of"
        " devices that must not be scanned. Take backups of controller programs and check that they"
        " can be restored. Tests at the weekend are only safe if somebody who knows the plant is on"
        " site. Use passive methods first; listening to the traffic shows most devices without"
        " sending a packet.",
    },
    {
        "title": "Why our honeypot likes Mondays",
        "text": "We have operated 40 SSH honeypots for a year and counted 61 million login"
        " attempts. Attempts peak on Mondays and drop by 30% on Chinese public holidays. The most"
        " frequent password is not 123456 but 345gs5662d34, which is used by a single botnet. Only"
        " 0.3% of the successful logins are followed by commands typed by a human; these come on"
        " average 26 hours after the first login by a bot.",
    },
    {
        "title": "Writeup: Lighthouse (web, 250)",
        "category": "web",
        "text": "Lighthouse is a small app for uploading pictures of lighthouses. The file name is"
        " checked with a regular expression that has no end anchor, so picture.png.php passes."
        " nginx is configured to hand only files below /app/ to PHP, though. The trick is the"
        " preview function: it copies the upload to /app/cache/ under its original name. Requesting"
        " /app/cache/picture.png.php runs our code, and the flag is in the environment variable"
        " FLAG.",
    },
    {
        "title": "Switching off NTLM: a report after one year",
        "text": "In January we began to audit NTLM with the group policy 'Restrict NTLM: Audit'."
        " The logs named 214 systems, most of them scanners, old NAS devices and one wind turbine."
        " By June 180 of them had been moved to Kerberos. We blocked NTLM for administrators first,"
        " since their hashes are worth most to an attacker who relays or cracks them. In October we"
        " blocked it for everyone, with an exception list of nine hosts. Two outages were caused by"
        " scripts that used IP addresses instead of names.",
    },
    {
        "type": "campaign",
        "name": "Glass Orchard",
        "description": "Glass Orchard is the name of a campaign against seed companies in South"
        " America between May and August 2092. Attackers compromised the website of a trade fair"
        " and served a fake certificate update to visitors from selected networks. The update"
        " installed the loader SAPWOOD. Overlaps in infrastructure suggest that the group Velvet"
        " Sandpiper was involved, but with low confidence.",
    },
    {
        "title": "Stalkerware found on one in ninety phones in our clinic",
        "text": "Our tech clinic for victims of domestic violence examined 540 phones last year. On"
        " six of them we found commercial stalkerware. In 201 cases the abuser simply knew the"
        " password of the victim's cloud account and read along there. Before stalkerware is"
        " removed, a safety plan should be made, since removal alerts the abuser. We check accounts"
        " for unknown devices, change passwords on a device the abuser never had, and turn off"
        " location sharing in maps and messengers.",
    },
    {
        "title": "Malicious package 'reqeusts-aws' steals cloud keys",
        "text": "On 9 April a package named reqeusts-aws appeared on a package index. Its setup.py"
        " reads ~/.aws/credentials and the instance metadata service and posts both to a paste"
        " site. It was downloaded 740 times in two days before it was taken down. The same author"
        " had uploaded three more packages with swapped letters, which are empty so far. If you"
        " have installed the package, treat all keys of the machine as stolen. Installing with"
        " hashes (pip --require-hashes) prevents mistakes of this kind.",
    },
)
