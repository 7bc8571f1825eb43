"""Texts of our own by the kind of record they stand for, to measure what the filter keeps.

Security texts of the kinds that no installed package has, and near misses: texts with words of
security that are about something else.  Invariant: no example, keyword or bound of the stages
was chosen by looking at these; a person who edits a keyword does not look here.
"""

from __future__ import annotations

SECURITY_KINDS: dict[str, tuple[str, ...]] = {
    "CVE": (
        "In Foolib before 3.2.1, the length field of an archive entry is not checked, which leads"
        " to a write behind the end of a heap buffer when a crafted archive is opened.",
        "Improper neutralization of input in the comment form of Bargate 1.x allows script code of"
        " a remote user to run in the browser of an administrator.",
        "The web interface of the Quux NAS 220 does not check a session before it serves"
        " /cgi-bin/backup, so anyone on the network can download the configuration.",
        "A use after free in the media decoder of Widgetco Player 7 may allow code execution"
        " through a crafted file.",
        "Wibble Server through 2.9 stores passwords of its users in a log file in clear text.",
        "The kernel driver of Acme VPN Client lets a local user map physical memory by an ioctl.",
    ),
    "implants": (
        "Greylark is an in-memory dropper that unpacks its next stage from a bitmap.",
        "A Python-based backdoor that takes orders from a chat channel and sends files there.",
        "PANCAKE records keys and takes pictures of the screen every ten seconds, and puts them"
        " into an encrypted archive in the temporary folder.",
        "The loader waits until the mouse has moved, injects itself into a browser and fetches a"
        " list of banks from its server.",
        "Once started, it encrypts documents, removes shadow copies and leaves a note.",
        "SILTWORM spreads over USB sticks by shortcuts that start a hidden library.",
    ),
    "incidents": (
        "On 4 May the operator of a hospital found that patient records of 40,000 people had been"
        " copied from a server that was reachable without a password.",
        "The thieves called the help desk, posed as an employee and had the second factor moved"
        " to their own phone. An hour later they were in the payroll system.",
        "A contractor's laptop was infected at home, and the same evening files on the shipyard's"
        " shares could not be opened any more.",
        "An employee of the agency sold access to the customer database for two years before an"
        " audit of queries gave him away.",
        "Customers of the exchange lost coins after its signing key was taken from a build server.",
        "The city switched off its network for nine days after a mail attachment had been opened"
        " in the registry office.",
    ),
    "advisories": (
        "Widgetco has released firmware 4.11 for its gateways. It fixes two flaws by which an"
        " unauthenticated user could restart the device. Administrators should update now.",
        "An update of the mail server package fixes a header parsing bug that lets a sender forge"
        " the result of signature checks. All supported releases are affected.",
        "We advise customers to turn off remote management until a fix for the hard-coded account"
        " is available. Units sold after March are not affected.",
        "This bulletin describes a memory safety problem in the image library and lists the fixed"
        " versions for each product line.",
        "Certificates issued between 2 and 9 June have to be replaced, because the random numbers"
        " that they were made with could be guessed.",
    ),
    "papers": (
        "We show that the timing of a neural network's answers tells which inputs it was trained"
        " on, and propose padding as a defence against such membership inference.",
        "We fuzz the baseband of five phones through a software radio and find eleven crashes, four"
        " of which can be reached before authentication.",
        "This paper measures how many sites still accept outdated TLS versions and how downgrade"
        " can be forced by somebody on the path.",
        "We present a formal model of a messaging protocol and prove forward secrecy under"
        " compromise of the long-term keys.",
        "A survey of 312 developers shows why secrets end up in public repositories, and which"
        " warnings made them revoke the leaked tokens.",
    ),
    "CTF": (
        "Jeopardy style contest of 24 hours with tasks in pwn, web, crypto, reversing and"
        " forensics, for teams of up to five players.",
        "An attack-defence final in which eight teams patch their own services and capture the"
        " flags of the others.",
        "The challenge gives a binary with a stack overflow, no canary and a libc; the goal is to"
        " get a shell and read flag.txt.",
        "Qualifier for students. Break RSA with a small exponent, recover a deleted picture from a"
        " disk image, and escape a Python jail.",
    ),
    "detections": (
        "Alert when a process other than the backup agent opens the memory of lsass.exe, as seen"
        " in event 10 of Sysmon.",
        "Look for new scheduled tasks whose command runs a script host from a user's profile.",
        "Many failed logons from one address to different accounts within ten minutes, followed by"
        " one that succeeds.",
        "Monitor DNS queries with labels of more than fifty characters to domains registered within"
        " the last thirty days.",
    ),
    "mitigations": (
        "Require a second factor for all remote access, and register devices in person only.",
        "Block macros in documents that come from the internet, by group policy.",
        "Give service accounts no right to log on interactively, and rotate their passwords.",
        "Allow only signed scripts, and log what is run by the interpreter.",
    ),
}  # fmt: skip

NEAR_MISSES: dict[str, tuple[str, ...]] = {
    "physical security": (
        "The museum has replaced the locks of its show cases and put a guard into each hall since"
        " the theft of two vases last autumn.",
        "Our patrols check gates and windows of your site twice a night. All guards are trained in"
        " first aid and carry a radio.",
        "A new fence and brighter lamps are to keep thieves away from the allotments.",
    ),
    "job ads": (
        "We are looking for an accountant with five years of experience. You prepare the annual"
        " accounts, talk to auditors and lead a team of three.",
        "Senior frontend developer wanted: you build dashboards with a modern framework, write"
        " tests and review the work of colleagues. Home office is possible.",
        "The clinic seeks a night nurse. Apply with a CV and copies of your certificates.",
    ),
    "marketing": (
        "The new blender crushes ice in seconds. Buy now and save thirty percent, with free"
        " delivery and a guarantee of five years.",
        "Our platform brings all your teams together: chat, calendars and documents in one place."
        " Start your free trial today.",
        "Feel the road. The coupe's six cylinders answer at once, and its seats hold you in every"
        " bend.",
    ),
    "gardening": (
        "Protect young lettuce against slugs with a ring of copper, and water in the morning.",
        "Aphids attack roses in dry springs. Ladybirds are the gardener's best defence.",
        "An invasive knotweed threatens the banks of the river; it has to be dug out with all its"
        " roots.",
    ),
    "sports": (
        "The visitors attacked from the start and breached the defence three times before the"
        " break. Their keeper was not tested once.",
        "He exploited a weakness on the backhand side and took the final set in twenty minutes.",
    ),
    "cooking": (
        "Inject the brine into the joint at several places and leave it in the cold overnight.",
        "Crack the eggs, whisk in sugar and fold the mixture into the cream without stirring.",
    ),
    "finance": (
        "The fund spreads its risk over bonds of twelve states and pays out every quarter.",
        "The bank raised its forecast after a strong quarter, though loan losses remain a threat.",
        "Read the terms before you sign: early repayment may cost a fee of one percent.",
    ),
    "everyday IT": (
        "To replace the toner, open the front cover, pull the old cartridge out and push the new"
        " one in until it clicks.",
        "The update brings a dark mode, faster search and a new icon for the calendar.",
        "Sort the table by its second column and draw a bar chart of the totals by month.",
        "The scheduler runs jobs in the order of their priority; a job may ask for up to four"
        " cores and is started again after a crash.",
        "Cache invalidation is done by a version number in the key, so old entries simply expire.",
        "If the screen stays black, check the cable, hold the power button for ten seconds and"
        " start the laptop again.",
        "The migration moves three tables into a new schema and adds an index on the date.",
        "The library draws maps from open data and exports them as vector graphics.",
    ),
    "health and law": (
        "The virus spreads through droplets; a vaccine protects most people for a year.",
        "The court held that the tenant's privacy was violated by the camera in the stairwell.",
        "Patients with a weak immune system are vulnerable to infections of the lung.",
    ),
}  # fmt: skip
