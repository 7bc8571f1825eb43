"""Invented reports and papers of the ninth round of judging.

Data only; the same rule as for `entries`.  docs/quality.md gives the figures.
"""

from __future__ import annotations

from stages.base import Record

REPORTS: tuple[Record, ...] = (
    {
        "type": "malware",
        "name": "GLASSNEWT",
        "description": "GLASSNEWT is a Go implant for Linux appliances. It replaces the PAM module"
        " pam_unix.so with a copy that accepts a second password and writes the passwords of others"
        " to /var/tmp/.font-cache. GLASSNEWT has no command server; its operators log in over SSH"
        " and collect the file.",
        "platforms": ["Linux"],
        "aliases": ["GLASSNEWT", "PamFont"],
    },
    {
        "title": "TALLOWBIRD: a banking trojan that waits for payday",
        "content": "TALLOWBIRD reaches its victims as a fake energy bill. The attached HTML file"
        " builds a ZIP archive in the browser, and the JScript inside starts a signed"
        " interpreter.\n\nThe trojan sleeps until the title of a browser window contains the word"
        " 'salary' or 'Gehalt'. It then overlays the page with a form that asks for a transaction"
        " number.\n\n| Indicator | Type |\n|---|---|\n| rechnung-energie[.]example | domain |\n|"
        " 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 | SHA-256 |\n\nBanks can"
        " recognise infected customers by a header X-TB-Session that the overlay adds.",
    },
    {
        "title": "Velvet Cormorant turns to law firms",
        "text": "Velvet Cormorant, which we have tracked since 2088, has moved from chemical"
        " companies to law firms that work for them. The group buys session cookies on a market and"
        " enters mailboxes without a password. There it searches for the words 'patent' and"
        " 'filing' and forwards matches by a hidden rule. We assess with moderate confidence"
        " that it"
        " works for a competitor rather than for a state.",
    },
    {
        "title": "Detection idea: archive tools started by the web server",
        "text": "Intruders often pack what they steal before they send it. Look for 7z.exe, rar.exe"
        " or tar started by w3wp.exe or by php-fpm, with an output path below the web root. Backup"
        " jobs of some shops do the same at night, so exclude their accounts. Log sources: process"
        " creation (Sysmon event 1, auditd execve).",
    },
    {
        "title": "Listening to the Click: Recovering PINs From Payment Terminal Vibrations",
        "abstract": "We show that the vibration of a payment terminal, picked up by the"
        " accelerometer of a phone that lies on the same counter, reveals which keys are pressed."
        " In a study with 36 participants, our classifier recovers 61% of four-digit PINs within"
        " three guesses. A foam pad of 4 mm under the terminal reduces this to 7%.",
        "authors": ["R. Ibarra", "T. Svensson"],
        "published": "2091-03-18",
    },
    {
        "title": "What Do Developers Do With Security Warnings?",
        "abstract": "Compilers and package managers warn about insecure code, yet little is known"
        " about what developers do next. We observed 52 developers for four weeks. They ignored 71%"
        " of the warnings, mostly because it was unclear whether their own code was affected. When"
        " the warning named the call path, they fixed twice as many.",
        "authors": "L. Adeyemi; P. Horák",
        "year": 2091,
    },
    {
        "title": "Harbour CTF Quals",
        "description": "Harbour CTF is a 36-hour online qualifier for students. Tasks cover binary"
        " exploitation, hardware, web and cryptography. The ten best teams are invited to the final"
        " on a museum ship.",
        "format": "Jeopardy",
        "weight": 24.5,
        "organizers": ["Salt & Pepper"],
        "start": "2091-05-06T08:00:00+00:00",
        "finish": "2091-05-07T20:00:00+00:00",
        "onsite": False,
    },
    {
        "title": "Tool note: sieve-ng",
        "text": "sieve-ng is an open source proxy that testers use to replay and change traffic of"
        " mobile apps. It can strip certificate pinning from Android packages before they are"
        " installed. Criminals have bundled it with a fake VPN app to read the traffic of other"
        " apps on the phone.",
    },
    {
        "title": "Handover night shift",
        "text": "- 02:10 EDR alert on SRV-PRINT-02: spoolsv.exe wrote a DLL to C:\\Windows\\Temp"
        " and"
        " loaded it. Isolated the host.\n- 03:40 the same hash on two more print servers, both"
        " isolated.\n- No outbound traffic seen. Patch for the spooler missing on all three.",
    },
    {
        "title": "Why we removed SMS codes",
        "content": "Last year 41 of our customers lost money although they had used codes by"
        " SMS. In"
        " all cases the phone number had been moved to another SIM card by somebody who knew birth"
        " date and address. Since January we offer passkeys instead, and 78% of active customers"
        " have set one up. Losses by account takeover fell to zero in the second quarter. Those who"
        " cannot use passkeys get a hardware token.",
    },
    {
        "title": "Hardening guide: self-hosted chat",
        "text": "Never expose the admin port 8448 to the internet. Put a reverse proxy in front and"
        " allow only TLS 1.2 and newer. Registration should be closed, or open accounts will be"
        " used"
        " for spam within hours. Back up the signing key: without it, other servers will no longer"
        " accept your messages. Media that users upload should be scanned and served from another"
        " domain.",
    },
)
