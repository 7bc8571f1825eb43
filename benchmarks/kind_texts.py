"""Texts of our own by the kind of record they stand for, to measure what the filter keeps.

Security texts of the kinds that no installed package has, and texts about other things, half of
them with words of security in them.  Keywords have been chosen by looking at how these are
decided, so nothing is reported on them: for that there is `unseen_texts`.
"""

from __future__ import annotations

SECURITY_KINDS: dict[str, tuple[str, ...]] = {
    "CVE": (
        "Heron Mail 4.0 through 4.6 does not limit the nesting of MIME parts, so a message of a"
        " few kilobytes exhausts the stack of the indexing process.",
        "The export endpoint of Tidewater CRM accepts a template name from the request and reads"
        " files outside the template folder, including those with database passwords.",
        "An issue was discovered in libgrove 0.9.12. parse_attr() in attr.c has a one-byte"
        " out-of-bounds read when an attribute ends in a lone surrogate.",
        "In Bramble OS before 22.3, an app without any permission can read the clipboard of the"
        " work profile through an exported content provider.",
        "Quillpad Desktop 1.14.0 loads profile.dll from the folder of the opened document, which"
        " allows code execution if a document is opened from a share.",
        "The ticket comments of Orchard Desk 8 are rendered as HTML without escaping.",
        "Copperfield Router C40 firmware 2.2 has a telnet account whose name and secret are the"
        " same on all devices and can't be changed.",
        "A logic error in the refund flow of Mintcart lets a buyer change the amount between"
        " approval and booking.",
        "Sandpiper Hypervisor 6.1 fails to clear registers on a nested exit; a guest may learn"
        " parts of another guest's memory.",
        "The password reset token of Fennel Forum is derived from the time in seconds and may be"
        " guessed within minutes.",
        "XML documents with external references are resolved by the invoice import of Larkbooks"
        " 2019 and 2020, which discloses files of the server.",
        "Lack of rate limiting on /api/otp in Gullwing Pay 3.7 permits trying all six-digit codes.",
        "A signed integer wraps in the size computation of Moorhen Viewer when an image is wider"
        " than 32767 pixels, and a later copy overruns the allocation.",
        "The deserializer used by Stonecrop Queue accepts any class that is on the class path.",
    ),
    "implants": (
        "BRINEFOX is a small stager for macOS that checks for a debugger, asks a paste site for"
        " an address and runs what it gets from there.",
        "The sample polls a mailbox every four minutes, reads drafts as orders and saves the"
        " output of commands as new drafts.",
        "OATGRASS is a web shell of eleven lines; it evaluates what comes in a cookie.",
        "The miner stops other miners, hides its processor use from the task list and comes back"
        " through a cron entry.",
        "This clipper watches the clipboard and replaces wallet addresses by look-alikes.",
        "Cargo Otter encrypts virtual disks on the hypervisor and leaves the guests' consoles"
        " with a link to a chat.",
        "Written in Nim and packed twice, it resolves its imports by hash and talks to its"
        " operators through posts on a video site.",
        "An Android app that poses as a parcel tracker, reads text messages and draws a fake"
        " login over banking apps.",
        "The module lives in the boot sector, patches the loader and survives a reinstallation.",
        "SABLE DRIFT copies files with certain endings to any USB stick that is plugged in, in a"
        " folder that the file manager does not show.",
        "A wiper that overwrites the first megabyte of each drive and then forces a restart.",
        "It comes as a browser extension, sends cookies of web mail to a bot and removes itself"
        " when developer tools are open.",
        "The kit makes login pages for forty brands and sells the takings through a shop.",
        "A proxy program that turns home routers into exit nodes and rents them out by the hour.",
    ),
    "groups": (
        "Umber Jackal has been seen since 2017, mostly against shipyards and ministries of"
        " transport, and works in two shifts.",
        "A crew of extortionists that publishes the files of those who do not pay.",
        "Silent Meadow buys access to companies from brokers and hands it on within days.",
        "This cluster overlaps in servers with Quartz Heron but uses different loaders; we track"
        " it apart for now.",
        "The operators prefer contractors with remote maintenance, and stay for months without"
        " bringing any tool of their own.",
        "Young people who talk call centre staff into resetting accounts, and brag about it in"
        " chat rooms.",
        "Velvet Tapir sends résumés with shortcut files to recruiters of defence suppliers.",
        "The campaign Dry Harvest ran from March to June 2021 and hit sixty farms' cooperatives"
        " through one bookkeeping package.",
        "An initial access broker who lists companies by revenue, and asks more for domain"
        " administrator rights.",
        "Known for false job offers, the team steals from crypto exchanges to fund a state.",
        "Hacktivists who flood the sites of railways and banks for an hour and post screenshots.",
        "Their lures are invitations to conferences, and their servers stand with two resellers"
        " in one city.",
    ),
    "incidents": (
        "A backup of the membership database, left in a folder of the web server, was downloaded"
        " nineteen times before a researcher told us.",
        "The finance director received a call in the voice of the owner and moved 210,000 euros."
        " The voice had been made by a computer from a podcast.",
        "Between 9 and 13 August an outsider read mail of four councillors with a session cookie"
        " taken from a private laptop.",
        "The lab's microscopes stopped on Monday because their control computers showed a demand"
        " for money instead of the program.",
        "We found that a former administrator's key still opened the jump host, and that it had"
        " been used from abroad in May.",
        "Parents of the school got messages with a link to fees that were never due; the sender"
        " had the address list of the class teachers.",
        "A package we depend on was taken over, and its new version sent environment variables of"
        " our builds to a server in another country.",
        "Meters of the water works reported wrong levels for an afternoon after somebody had"
        " reached the control panel over a cellular modem.",
        "Eighty mailboxes had a rule that moved invoices to a hidden folder and copied them to an"
        " outside address.",
        "Names and birth dates of all patients were shown to anyone who changed a number in the"
        " address of the results page.",
        "Ticket machines on two lines were out of order since the supplier's update server had"
        " delivered a tampered image.",
        "The union's website showed a foreign flag for six hours; the hosting password had been"
        " the name of the union and the year.",
        "A courier lost a drive with the payroll of 3,000 people. It was not encrypted, though"
        " the rules say that it has to be.",
        "The cloud bill tripled overnight. A token in a public notebook had let strangers start"
        " machines in five regions.",
    ),
    "advisories": (
        "Thornbury Networks has published version 7.3.4 of its access points' firmware. Devices"
        " with guest portals should be updated first, since the flaw can be used without an"
        " account.",
        "All users of the reporting add-on are asked to renew their API keys: keys were written"
        " to diagnostic bundles that customers may have sent to support.",
        "Security notice: containers built with our base image between 1 and 20 October hold a"
        " private key that is the same for all.",
        "A correction for the file upload check is available. Until it is installed, block the"
        " path /upload at the proxy.",
        "The project releases 2.31.2 and 2.30.9. Both close a hole in the template sandbox; 2.29"
        " and older are no longer maintained and stay affected.",
        "Owners of infusion pumps of the 300 series should put them into a network of their own,"
        " as their maintenance port can't be closed.",
        "The browser's stable channel has been updated. Access to bug details will be kept"
        " restricted until most users have the fix. One of the bugs is being used in the wild.",
        "The update replaces a certificate that was issued for testing and trusted by mistake.",
        "Product: Alder PLC. Impact: a packet to port 2222 stops the controller until it is"
        " switched off and on. Remedy: firmware 5.02, or filter the port.",
        "Rated important: the sudo rules shipped with the monitoring agent let its account become"
        " root. Fixed packages are in the repositories.",
        "Customers who run the self-hosted edition must rotate the signing secret after they have"
        " upgraded, or old sessions remain valid.",
        "Support for TLS 1.0 ends on 30 June, as the protocol no longer protects what is sent.",
        "Our PSIRT has been told of a way around the lock screen of tablets with the pen enabled."
        " We are working on a correction and will tell more by Friday.",
    ),
    "papers": (
        "We reverse engineer the update protocol of nine smart locks and show that six accept an"
        " older image, so that repaired faults come back.",
        "This work studies how people choose recovery questions, and estimates how many of them"
        " an acquaintance could answer.",
        "A classifier trained on system call traces tells packed programs from benign ones; we"
        " show how an adversary who knows it can slip by.",
        "We give a lattice-based signature scheme with smaller keys and prove it unforgeable in"
        " the random oracle model.",
        "Speculative loads leave traces in the translation buffer. We use them to read kernel"
        " addresses from a web page.",
        "By interviews with 24 analysts we learn why alerts are closed unread, and what would"
        " make them worth reading.",
        "We present a static analysis that finds missing permission checks in 1,200 apps with few"
        " false alarms.",
        "Scanning the whole IPv4 space, we count controllers of buildings that answer without a"
        " login, and follow for a year whether their owners react to letters.",
        "Prompt injection lets a web page steer an assistant that summarises it; we measure"
        " eleven defences and find that none holds.",
        "The paper proposes hardware tags for pointers and measures what they cost and which bugs"
        " they stop.",
        "We trace payments of 300 extortion victims on the chain and estimate what affiliates"
        " earn.",
        "An encrypted search index leaks which documents match; from the sizes alone we recover a"
        " third of the queries.",
        "How long do secrets pushed to repositories stay usable? We plant decoy keys and record"
        " the first use of each.",
    ),
    "CTF": (
        "Online qualifier, 36 hours, dynamic scoring. Categories: reverse, pwn, web, misc. First"
        " blood gets a bonus.",
        "The service keeps notes in a heap of its own making; find the double free, leak the"
        " allocator's base, and read /home/note/flag.",
        "Beginners' round for schools: cookies, robots.txt, base64 and a little SQL.",
        "A ticket is signed with a home-made cipher; forge one for the user admin. Flag format:"
        " heron{...}.",
        "Given is a capture of a wireless handshake and a word list with a twist.",
        "King of the hill: whoever holds the root shell of the box at the end of each five"
        " minutes scores.",
        "Write-up: the nonce was used twice, so the key falls out of two signatures; the rest is"
        " a script of ten lines.",
        "The image holds a second picture in its lowest bits, and that one a password for the"
        " archive.",
        "Teams defend a power grid in a simulator against the organisers' red cell for two days.",
        "Boot2root machine of medium difficulty: a forgotten staging host, a writable service"
        " unit, then root.",
        "Solve it by overwriting the return address with that of win(); there is no randomisation.",
        "The smart contract pays out before it books; drain it in a single transaction.",
    ),
    "detections": (
        "Hunt for rundll32 without arguments that opens connections to the outside.",
        "Report any change to the members of privileged groups outside the maintenance window.",
        "A rule for web server processes that start a shell or an interpreter as a child.",
        "Compare the parent of each svchost process with services.exe, and look into the rest.",
        "Flag sign-ins of one user from two countries within a time in which nobody can travel.",
        "Watch for large uploads at night to storage sites that the company does not use.",
        "The query lists new OAuth consents with rights to read mail, by app and by user.",
        "Count how many hosts a workstation speaks to over port 445 in ten minutes; more than"
        " twenty is worth a look.",
        "Look in bash histories and audit records for base64 piped into sh.",
        "Canary accounts should never be used: each ticket request for one is an alarm.",
        "Enable process creation auditing with command lines, forward it, and search for vssadmin"
        " delete.",
        "Beacons show in the proxy as requests of equal size at equal intervals.",
        "Track drivers that are loaded from user-writable folders, by hash.",
    ),
    "mitigations": (
        "Remove local administrator rights from daily accounts.",
        "Turn off legacy protocols that send passwords unhashed.",
        "Keep three copies of data, one of them offline, and try a restore twice a year.",
        "Sign all builds, and let the deployment refuse what has no signature.",
        "Put workstations of the plant into a network that has no way to the internet.",
        "Use prepared statements everywhere; never build a query from strings.",
        "Store secrets in a vault, hand them out for an hour, and log each request.",
        "Set the cookies HttpOnly and SameSite, and give the session a new id after sign-in.",
        "Disable the print service on servers that print nothing.",
        "Apply updates for anything that faces the internet within two days.",
        "Let mail from outside be marked, and drop attachments that can run.",
        "Pin the certificates of the update server in the client.",
        "Run the parser in a process without rights, and pass it only the open file.",
        "Check lengths before copying, and compile with stack canaries.",
    ),
    "notes": (
        "Pivoted from the mail gateway to the file server with reused local admin hash.",
        "185.0.2.77 again, same JA3 as last week, now on 8443.",
        "Sandbox run: drops two DLLs, adds Run key, then sleeps.",
        "User clicked, entered password, approved the push. Account locked, sessions killed.",
        "Threat model: what if the update channel itself is taken over?",
        "Key ceremony went as planned; two of three custodians present.",
        "Vendor says no fix before Q3; virtual patch on the WAF in place.",
        "Tabletop exercise on extortion: nobody knew who may talk to the press.",
        "Scope of the test: external perimeter and the mobile app, no denial of service.",
        "SBOM lists an abandoned XML library with two open CVEs.",
    ),
}

OFF_TOPIC: dict[str, tuple[str, ...]] = {
    "guards and locks": (
        "The jeweller had his shop window replaced by laminated glass after the burglary.",
        "Night watchmen of the harbour walk four rounds and stamp a clock at each end.",
        "This padlock has a hardened shackle and five pins, and comes with three keys.",
        "Visitors leave bags and umbrellas at the entrance of the archive.",
        "At the airport, belts and liquids go into a tray of their own.",
    ),
    "work": (
        "The bakery is looking for a driver for the early tour; a licence of class B is enough.",
        "As a data engineer you build pipelines, tune queries and explain figures to management.",
        "Our trainees spend a month in each department before they choose one.",
        "Minutes: the coffee machine is repaired; holidays are to be entered by the fifth.",
        "You will answer customers' calls in two languages and keep the records up to date.",
    ),
    "advertising": (
        "Sleep like never before: our mattress adapts to your back. Try it for a hundred nights.",
        "One app for notes, tasks and calendars. Syncs everywhere and works offline.",
        "Now with a bigger battery and a camera that sees in the dark.",
        "The starter set has everything you need to brew beer at home.",
        "Defend your skin against winter with oil of almonds.",
    ),
    "garden and animals": (
        "Snails breach the strongest hedge of marigolds; beer traps work better.",
        "Wasps attack overripe plums, so pick them in time.",
        "The shepherd's dogs guard the flock against wolves.",
        "Cut the raspberries back to the ground after the harvest.",
        "Bees that carry the mite are weak in spring and often lost.",
    ),
    "games and sport": (
        "Black exploits the pin on the f-file and wins the exchange.",
        "In the new expansion, rogues can backstab and poison their blades.",
        "They pressed high, stole the ball at midfield and scored from a counter-attack.",
        "The quiz has ten rounds; each right answer gives a point, and jokers count double.",
        "The club's chess camp takes place in the second week of August.",
        "She defended her title in the slalom by two hundredths of a second.",
        "Teams solve eight programming problems in five hours; the fastest correct program wins.",
    ),
    "kitchen": (
        "Crack the pepper coarsely and press it into the steak.",
        "Let the yeast work overnight; the dough should double.",
        "For the salad, shell the beans while they are still warm.",
        "A pinch of salt keeps the egg whites firm.",
    ),
    "money": (
        "Shares of the brewer fell after it had warned of higher costs for barley.",
        "A fixed rate protects you against rising interest, but costs more at first.",
        "The token lost a third of its value in a week, and traders blame leverage.",
        "Premiums for hail insurance go up in the south.",
        "The audit of the annual accounts found two invoices booked in the wrong year.",
    ),
    "computers": (
        "Press the power button and F2 together to change the order of boot drives.",
        "The new release makes joins twice as fast and deprecates the old client.",
        "Pods are evicted when a node runs short of memory; set requests to what you need.",
        "How do I merge two spreadsheets by a column that is spelled differently?",
        "The service was down for forty minutes since a migration held a lock on the orders table.",
        "To add a printer, open the settings, choose devices and wait until it is found.",
        "The compiler inlines small functions and unrolls loops where it pays.",
        "Our dashboard showed wrong totals for a day because of a time zone.",
        "Keyboard shortcuts can be changed in the preferences; export them to a file.",
        "The fan was loud after the update; a reset of the controller helped.",
        "Latency rose as the cache had been emptied by a deployment.",
    ),
    "libraries": (
        "Renders tables and trees in the terminal with colours.",
        "Bindings to a physics engine for two-dimensional games.",
        "A tiny router for web applications, with type hints and no dependencies.",
        "Parses dates in twenty languages and tells the time zone.",
        "Pool of reusable objects with a limit and a time-out.",
    ),
    "science": (
        "We train a network to predict rainfall from radar images and compare it with models.",
        "Antibodies neutralize the virus by binding to its spike.",
        "The telescope found water vapour in the atmosphere of a small planet.",
        "We prove a lower bound for sorting with few comparisons in parallel.",
        "Invasive mussels have changed the food chain of the lake.",
        "A randomised trial of 400 patients shows no benefit of the longer treatment.",
        "Speech recognition for dialects improves with a few hours of local recordings.",
    ),
    "medicine": (
        "The tablet is taken in the morning with water; do not break it.",
        "Tumour cells evade the immune system by a protein on their surface.",
        "Vulnerable patients should be vaccinated against pneumonia.",
        "Exercise the shoulder twice a day, slowly and without force.",
    ),
    "law and state": (
        "The tenant may demand that the heating is repaired within a week.",
        "Parliament passed the budget after a night of debate.",
        "The treaty ends the dispute about fishing in the strait.",
        "Heirs have six weeks to refuse an estate with debts.",
        "The police ask witnesses of the accident on the bridge to come forward.",
        "Customs officers found cigarettes behind a false wall of the van.",
    ),
    "history and war": (
        "The fortress held out for eleven months until its wells ran dry.",
        "Cavalry attacked the left wing, but the square did not break.",
        "The archive keeps the letters of a spy who served two kings.",
        "Trojan walls, as excavated, were rebuilt at least seven times.",
    ),
    "safety": (
        "In case of fire use the stairs, and meet at the assembly point behind the hall.",
        "The crane must be checked every year by an expert.",
        "Wear goggles and gloves when you handle lye.",
        "After the leak in the chemical plant, neighbours were told to keep windows shut.",
    ),
    "travel and culture": (
        "The ferry runs twice a day; in winter only when the sea is calm.",
        "The thriller's hero steals a painting and falls for the guard.",
        "Her second album mixes folk with electronic beats.",
        "From the ridge the path goes down to a hut with fifteen beds.",
        "The exhibition shows masks and disguises from four centuries.",
    ),
    "family": (
        "We changed the lock after grandma had lost her keys again.",
        "The baby sleeps better since we have moved the cot.",
        "Uncle Theo phishes for trout, as he writes on every postcard.",
        "I forgot the card for the pool, so we went to the lake.",
    ),
}
