"""Invented malware, groups, papers and notes of the third round.

Data only; the same rule as for `entries`.
"""

from __future__ import annotations

from stages.base import Record

REPORTS: tuple[Record, ...] = (
    {
        "type": "malware",
        "name": "GRAYLATHE",
        "description": "GRAYLATHE is a modular backdoor written in Go that has been used against"
        " shipyards in Northern Europe since at least 2094. It arrives as a fake installer of a CAD"
        " viewer, stores its configuration in HKCU\\Software\\Lathe\\cfg, and talks to its server"
        " over DNS TXT queries for subdomains of img-cdn[.]example. Modules for keylogging,"
        " screenshots and port scanning are loaded into memory only. GRAYLATHE deletes itself if"
        " the system's keyboard layout is Finnish.",
    },
    {
        "title": "WISPFORM stealer: an analysis",
        "text": "WISPFORM is sold as a service for $180 a month on two Russian-language forums. The"
        " builder makes a 400 kB executable packed with a modified UPX; the marker UPX! is replaced"
        " with WSP!.\n\nOnce started, the stealer checks for fewer than three CPU cores and for the"
        " user name 'sand box' and exits if it finds either. It then collects cookies and saved"
        " passwords of Chromium browsers, wallet files and Discord tokens, packs them into"
        " %TEMP%\\w_<volume serial>.zip and sends the archive to a Telegram bot.\n\nThe following"
        " behavior can be used for detection: a process without a window that reads"
        " \\Login Data of more than one browser within a minute, and HTTPS requests to"
        " api.telegram.org from a process that is not the Telegram client.\n\nWe advise blocking"
        " the Telegram API where it is not needed.",
    },
    {
        "type": "intrusion-set",
        "name": "Velvet Sandpiper",
        "aliases": ["Velvet Sandpiper", "UNC9412"],
        "description": "Velvet Sandpiper is a financially motivated group that has been active"
        " since 2091 and mainly goes after hotel chains and booking platforms. It sends the front"
        ' desk complaints of guests with links to "photos of the room", steals the hotel\'s'
        " credentials for booking platforms, and then asks guests to pay again through a copy of"
        " the platform. The group has used the stealer WISPFORM and the tool PebbleVNC.",
    },
    {
        "arxiv_id": "9503.04417",
        "title": "Measuring Stale Security Contacts at Internet Scale",
        "abstract": "When researchers find a vulnerability in a website, they need somebody to"
        " tell. The security.txt standard was meant to make this easy. We collected security.txt"
        " files from 1.2 million domains every week for one year and sent 3,000 harmless test"
        " reports. We find that 38% of the contacts bounce, that files with an Expires field are"
        " no fresher than those without, and that hosting providers' default files account for"
        " most dead addresses. We propose a check that registrars can run at renewal, and show in"
        " a pilot with two registrars that it halves the share of dead contacts.",
    },
    {
        "title": "Password spraying against ADFS: how to see it",
        "text": "Password spraying tries one or two common passwords against many accounts, so"
        " that no account is locked. Against ADFS it shows up as event 411 and event 1203 with many"
        " different user names and few source addresses. Count distinct user names per source"
        " address in ten-minute windows; more than 15 failed names from one address is rare in"
        " normal operation. Attackers who use residential proxies spread their attempts over many"
        " addresses. For them, look at the user agent instead: sprayers often forget to change it."
        " Extranet smart lockout stops most attempts. Turn it on.",
    },
    {
        "title": "Writeup: saltmarsh (crypto, 300)",
        "category": "crypto",
        "event": "FenCTF",
        "text": "We are given a server that signs messages with ECDSA over P-256 and the source of"
        " its nonce generator. The nonce is the SHA-1 of the time in seconds, so two signatures in"
        " the same second share it. With two signatures (r, s1) and (r, s2) of hashes z1 and z2,"
        " k = (z1 - z2) / (s1 - s2) and the key is (s1*k - z1) / r, all mod n. We asked for two"
        " signatures over one connection, computed the key and signed 'give me the flag'. Flag:"
        " fen{n0nce_upon_a_time}.",
    },
    {
        "title": "QR codes on parking meters",
        "text": "Police in three towns have warned of stickers with QR codes on parking meters. The"
        " codes lead to a page that looks like that of the operator and asks for card number and"
        " CVV. Victims report charges of up to 490 euros under the name of a gym. The operators say"
        " that none of their meters uses QR codes. Anyone who has entered a card number should have"
        " the card blocked and check statements of the last weeks.",
    },
    {
        "title": "Hardening note: build runners",
        "text": "Self-hosted build runners execute whatever a pull request contains. Treat each of"
        " them as compromised after every build from a fork. Use runners that live for one job,"
        " give them no network route to production, and hand out cloud credentials by OIDC for the"
        " job's lifetime only. Caches are shared state: a poisoned cache of an untrusted build can"
        " be read by a trusted one, because most systems key caches by branch name and fall back to"
        " the default branch. Separate them by trust level.",
    },
    {
        "type": "campaign",
        "name": "Operation Cold Lantern",
        "description": "Operation Cold Lantern was a campaign against ministries of energy in"
        " Central Asia that ran from October 2093 to February 2094. The operators sent invitations"
        " to a conference with an ISO image attached. The image held a shortcut that side-loaded"
        " version.dll with a signed updater of a PDF reader. During Operation Cold Lantern,"
        " documents were collected with a script named collect.ps1 and uploaded to a cloud drive.",
    },
)
