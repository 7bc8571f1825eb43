"""Texts of our own that no keyword, example, weight or bound was chosen by.

Written after `kind_texts` had been looked at while the filter was mended, and before anything was
measured on them.  Invariant: whoever looks at how one of them is decided moves it to `kind_texts`
or to the filter's examples, and writes another.
"""

from __future__ import annotations

SECURITY: dict[str, tuple[str, ...]] = {
    "techniques": (
        "An intruder registers an event consumer in WMI so that a script is started whenever"
        " the machine has been up for four minutes. The script leaves no file in the usual"
        " start folders.",
        "Operators take the Kerberos ticket of a service account offline and try passwords"
        " against it until one fits.",
        "By renaming its program to the name of a well-known service, the tool passes a"
        " casual look at the list of processes.",
        "Adversaries may query cloud instance metadata from a web application to obtain the"
        " keys of the role that the machine runs under.",
        "A scheduled copy of the mailbox is forwarded to an outside address by a transport"
        " rule that nobody but an administrator can see.",
        "The attacker abuses the update mechanism of an accounting program to push a file to"
        " all customers.",
        "Data is split into chunks, encoded in base32 and sent out as host names that are"
        " looked up.",
        "After the first login they switch off the agent's service and add the folder to the"
        " exclusions of the scanner.",
        "Adversaries may use a hidden virtual machine on a host in which their tools run out"
        " of the reach of its sensors.",
        "To stay unseen, a process starts a browser in a suspended state and swaps its image"
        " before it resumes.",
    ),
    "weaknesses": (
        "The product compares two strings of unequal length by a loop that ends at the first"
        " difference, so the time it takes tells how much of a secret was right.",
        "Temporary files are created with predictable names in a folder that everyone can"
        " write to.",
        "The code frees an object while another part still holds a pointer to it.",
        "The return value of a call that drops privileges is not checked, and the program"
        " goes on with the rights of root.",
        "The software allocates memory by a number that comes from the request without any"
        " upper limit.",
        "Session identifiers are put into links and end up in the referrer and in the logs of"
        " others.",
        "The application redirects to whatever address the parameter names.",
        "An array index is computed from input and is not tested for negative values.",
        "The product stores the keys for its backups next to the backups.",
        "User interface elements of one site can be framed invisibly by another, so that"
        " clicks are caught.",
    ),
    "CVE entries": (
        "Kestrel Notes before 3.8.1 mishandles links in shared notebooks, which lets a remote"
        " attacker execute script in the context of the reader.",
        "Missing authentication in the status page of Ferrous Gateway 2.x allows anyone on"
        " the network to read the connected clients.",
        "In Oakfern Cloud Sync 1.4, a symlink in a synchronized folder is followed on"
        " download, and files outside of it are overwritten.",
        "The print driver of Lumen Office 9.0.2 writes beyond a heap buffer while it parses a"
        " font with too many glyphs.",
        "Peregrine VPN for Windows runs a repair step as SYSTEM from a folder in which"
        " standard users may create files.",
        "The regular expression used by the tag filter of Dovetail Wiki takes exponential"
        " time, and one request of 60 characters keeps a core busy for minutes.",
        "Thistle Router Firmware 1.0.14 has a stack-based overflow in the handler of the"
        " parameter ntp_server of /goform/time.",
        "A forged cookie is accepted by Juniper Lane Booking because the signing key is the"
        " same in all installations.",
        "Wrong bounds in the DNS resolver of Larch RTOS 5 lead to a read of up to 255 bytes"
        " behind the packet.",
        "Marigold Shop 7.3: the invoice number in the address of a PDF can be counted up, and"
        " the papers of other customers are shown.",
        "Insufficient checks on SVG uploads in Alder CMS 12 permit stored scripts.",
    ),
    "malware": (
        "COPPERVANE is a modular stealer written in Rust that takes cookies, wallets and"
        " saved passwords and uploads them in a ZIP archive.",
        "Once a document has been opened, a macro writes a DLL to the profile of the user and"
        " starts it by rundll32.",
        "The worm looks for open database ports, logs in as sa with a blank password and"
        " schedules itself.",
        "A wiper that overwrites the first 4096 bytes of every disk and then restarts the machine.",
        "The Android sample pretends to be a parcel tracker, asks for accessibility rights"
        " and reads the one-time passwords of three banks.",
        "MOTHSHADE keeps its settings in an encrypted resource and falls back to a second"
        " server when the first does not answer for two days.",
        "This miner kills competing miners first, hides behind a preloaded library and"
        " reinstalls itself through cron.",
        "A rootkit for Linux hooks the calls that list files and hides everything with a"
        " given prefix.",
        "The loader checks for fewer than two cores and a mouse that does not move before it"
        " decrypts its payload.",
        "On infected machines, the bot proxies traffic of paying customers and updates itself"
        " every hour.",
        "The ransomware appends .kelp to file names and skips systems with a Cyrillic"
        " keyboard layout.",
    ),
    "groups": (
        "Saffron Ibis has targeted shipping agents since 2019 and often sends mails that"
        " quote a real conversation.",
        "Analysts see the cluster as two teams: one breaks in and sells the access, another"
        " negotiates the ransom.",
        "The group works for a foreign ministry, according to the indictment of four of its"
        " members.",
        "In Operation Paper Kite, journalists of six countries were sent links that installed"
        " spyware without a click.",
        "Brass Heron buys stolen accounts on forums and rarely writes tools of its own.",
        "The collective announced attacks on airports on its channel and took down their"
        " sites for some hours with floods of requests.",
        "They prefer to enter through unpatched mail gateways, plant a web shell and wait for"
        " weeks.",
        "A contractor in the provincial capital is believed to supply the actor with implants.",
        "The gang's leak site lists forty companies that refused to pay.",
    ),
    "mitigations": (
        "Turn off the old version of the file sharing protocol on all clients and servers.",
        "Make the administrator log on with a hardware key, and from a dedicated machine only.",
        "Parameterize every query, and give the account of the application no right to change"
        " tables.",
        "Put printers and cameras into a network of their own, without a route to the servers.",
        "Let mail from outside be marked, and strip attachments that can be executed.",
        "Compile with stack protection, address randomization and control flow checks.",
        "Remove write access to the start folders for everybody but the installer.",
        "Keep an inventory of what faces the internet and scan it for missing patches each week.",
        "Sign packages and verify the signature before they are unpacked.",
        "Lock an account for fifteen minutes after ten wrong passwords.",
        "Encrypt the backup, keep one copy offline and test how it is restored.",
    ),
    "detections": (
        "Flag child processes of the web server that are shells or download tools.",
        "A user agent that occurs on a single host and only at night deserves a look by an"
        " analyst.",
        "Correlate logons with a new device, a new country and a consent to an app within one"
        " hour.",
        "Look for handles to lsass.exe with the access mask 0x1410.",
        "rule: selection of process creation where the image ends with \\certutil.exe and the"
        " command line holds -urlcache",
        "An alert fires when more than 200 files a minute get a new extension on a share.",
        "Check the unified log for changes to the privacy database that no installer made.",
        "Beaconing shows up as connections of nearly equal size at nearly equal intervals.",
        "Watch the audit trail for policies that let everyone read a bucket.",
        "Hunt for services whose executable path contains a temporary directory.",
    ),
    "incidents": (
        "On 12 June, a supplier of dental software told its customers that patient files had"
        " been downloaded through a forgotten test server.",
        "Two thousand pupils got a mail with a link to what looked like the school's portal;"
        " ninety typed their password.",
        "The brewery stopped bottling for three days after its order system had been encrypted.",
        "A finance clerk transferred 310,000 euros after a call in the voice of her director."
        " The police think that it was cloned.",
        "Visitors of the museum's shop were charged twice: a script on the payment page had"
        " sent their card data elsewhere.",
        "The intruders had been inside the utility's office network for five months before a"
        " technician noticed a strange account.",
        "An open index let anyone read 4 million chat logs of a dating service.",
        "A former employee still had a valid token and deleted the project's repositories.",
        "The university disconnected its data centre from the internet when ransom notes"
        " appeared on lecturers' screens.",
        "A misconfigured firewall rule exposed the payroll database for eleven days; logs"
        " show two downloads from abroad.",
    ),
    "advisories": (
        "Ferrous Networks has released version 2.9 of its gateway, which closes an"
        " authentication bypass that is being exploited. Install it today.",
        "All releases of the plugin up to 1.12 are affected. If you can't update, deactivate it.",
        "We have revoked the certificates that were issued with weak keys. Affected customers"
        " receive new ones by mail.",
        "The update of the browser engine repairs nine errors, of which two let a page run code.",
        "A fix for the privilege escalation in the backup agent is available in the portal."
        " Until then, restrict who may log on locally.",
        "Devices with firmware older than 6.2 accept a maintenance password that is now public.",
        "The package of that name on the index was taken over and sent environment variables"
        " to a stranger between 3 and 5 March. Rotate all tokens.",
        "This notice replaces the one of Tuesday: the first patch was incomplete, install"
        " build 4417.",
        "Severity important: the name server can be made to crash by a query with a malformed"
        " option.",
        "Administrators of the conference system should check for accounts that they did not"
        " create.",
    ),
    "papers": (
        "We measure how often developers copy cryptographic code from answers on the web, and"
        " find that a third of it uses broken modes.",
        "This work shows that the power use of a phone tells which sites are open in a tab.",
        "We present a static analysis that finds missing permission checks in drivers and"
        " report 23 new bugs.",
        "Interviews with 28 analysts show why alerts are ignored, and what would make triage"
        " easier.",
        "An encrypted search scheme is proposed whose leakage is bounded by a formal definition.",
        "We let volunteers judge 200 messages and ask which cues make them recognise phishing.",
        "The article describes an attack on speaker recognition by inaudible perturbations.",
        "Our fuzzer learns the grammar of a protocol from traffic and reaches twice as many"
        " states.",
        "We study the market for stolen accounts over two years and estimate its turnover.",
        "A proof that the handshake keeps its keys secret even if one side's long-term key is"
        " known.",
    ),
    "challenges": (
        "Warm-up in the pwn category: the binary reads 200 bytes into a buffer of 64, and"
        " there is a function named win.",
        "The final of the student contest lasts eight hours; teams defend a bank and attack"
        " the others'.",
        "Crypto, 150 points: the same nonce was used twice. Recover the key and submit the flag.",
        "Forensics task with a packet capture in which a file was smuggled out through pings.",
        "The box starts with an anonymous share, goes on with a reused hash and ends with a"
        " writable service.",
        "Web challenge: make the admin bot visit your page and steal its cookie.",
        "Reverse the license check of the given ELF and write a key generator.",
        "Beginners' CTF on Saturday, online, no registration fee, writeups are published"
        " afterwards.",
    ),
    "notes": (
        "Beacon every 60 s to 203.0.113[.]40, JA3 matches the sample of last week, host isolated.",
        "User clicked the link, entered credentials, MFA prompt was approved by mistake;"
        " sessions revoked.",
        "Pentest day 2: got a shell on the jump host through the outdated ticket system.",
        "The small implant sits in the boot partition and survives a factory reset.",
        "Flaw in the parking app: anyone can end another user's session by its number.",
        "Vendor confirmed the bug, CVE requested, patch planned for the end of the month.",
        "Service account has domain admin rights, password unchanged since 2016.",
        "Three macro documents in quarantine, all with the same lure about a salary rise.",
        "Door controller accepts replayed badge data, see recording.",
        "The phishing kit keeps a log of victims in the open folder /res/log.txt.",
    ),
}

OFF_TOPIC: dict[str, tuple[str, ...]] = {
    "software": (
        "A plotting library whose charts can be exported as PNG, SVG or PDF.",
        "The function splits a list into chunks of equal size and returns an iterator.",
        "Version 4 of the editor opens large files faster and remembers the cursor's place.",
        "This package wraps the REST interface of a weather service and caches its answers.",
        "Use the decorator to retry a call with a growing pause between attempts.",
        "The crawler honours robots.txt and stores pages in a compressed archive.",
        "Type stubs for a library that draws user interfaces in the terminal.",
        "A pipeline step reads rows from a queue, joins them with a table and writes them as"
        " Parquet.",
        "Log records carry a level and a logger name; handlers send them to files or streams.",
        "Migrate the settings by running the command with the flag --upgrade, then restart"
        " the server.",
        "The parser accepts comments and trailing commas and reports the line of an error.",
        "Compares two versions of a document and prints what was added and removed.",
    ),
    "operations": (
        "The nightly build failed because the disk of the runner was full; old images are now"
        " deleted.",
        "Requests took four seconds after the rollout since an index was missing.",
        "The mail queue grew to 20,000 messages when the relay's host name was mistyped.",
        "On Saturday we move the wiki to new hardware; it is read-only for two hours.",
        "Printers in the second floor need the new driver, ask the service desk.",
        "A loop in the configuration made the switch drop packets until spanning tree was on.",
    ),
    "everyday": (
        "Soak the beans overnight and cook them with bay leaves until they are soft.",
        "The lighthouse can be visited on weekends; the stairs have 190 steps.",
        "My neighbour repairs old radios and sells them at the flea market.",
        "Turn the heel of the sock after twenty rows and slip the first stitch.",
        "The ferry was late because of fog, so we missed the bus.",
        "She planted three apple trees when her children were born.",
        "Bring the car to the garage if the brake pedal feels soft.",
        "The library lends tools as well: drills, ladders and a tent.",
    ),
    "sport and games": (
        "Her attack down the left wing left two defenders behind, and the cross found its target.",
        "In the last round the challenger gave up his rook for a passed pawn.",
        "The team captures the flag if it reaches the hill before the whistle.",
        "A penalty in stoppage time saved the hosts from defeat.",
        "The thief class can pick locks and strike from behind for double damage.",
        "After an injury the defender will miss the rest of the season.",
        "The boss of the third dungeon is weak to ice and summons skeletons.",
    ),
    "health and nature": (
        "The infection spreads from tick to host within a day; remove the tick with tweezers.",
        "Bats carry the virus without falling ill because of their mild immune response.",
        "An invasive mussel threatens the intake pipes of the power station.",
        "Patients at risk are vaccinated first, others from October on.",
        "The antibody binds to the spike and so keeps it from entering the cell.",
        "Deer damage young trees, which are therefore protected with sleeves.",
        "The drug passes the blood-brain barrier only in small amounts.",
    ),
    "money and law": (
        "The bank offers two new accounts for students, both without fees.",
        "The court found that the landlord may not enter the flat without notice.",
        "Shareholders accused the board of hiding losses from its hotel business.",
        "The insurer pays for broken windows but not for storm damage to fences.",
        "A broker was fined for late reports to the supervisor.",
        "The new law limits rents in towns with more than fifty thousand people.",
        "Interest on the loan is fixed for ten years and can be paid early.",
    ),
    "guards and physical safety": (
        "Two guards watch the entrance of the stadium and look into bags.",
        "The lock of the garden shed was broken and a mower was taken.",
        "Wear a helmet and gloves when you work with the angle grinder.",
        "The museum's alarm rang because a balloon had floated past a sensor.",
        "Fire doors must not be held open with wedges.",
        "A new fence keeps wild boars off the maize.",
        "Thieves stole copper pipes from a building site in the harbour.",
    ),
    "jobs and advertising": (
        "We look for a cook for our canteen, mornings only, free weekends.",
        "Data engineer wanted: you build pipelines and dashboards in a small team.",
        "Try the new shampoo with almond oil, now with a fifth more content.",
        "Our agency writes texts for your website and takes care of its ranking.",
        "The hotel offers conference rooms with projectors and a buffet for eighty guests.",
        "Rent a bicycle by app and leave it at any station.",
        "An apprentice electrician with a driving licence is wanted from August.",
    ),
    "science and research": (
        "We fit a mixture model to the brightness of 900 variable stars.",
        "The paper compares three ways to teach fractions in primary schools.",
        "A survey among 400 farmers shows why hedges were removed.",
        "We train a network to segment tumours in scans and test it on two hospitals.",
        "The alloy keeps its strength up to 900 degrees.",
        "Our algorithm finds a matching in almost linear time.",
        "Ocean currents were traced with drifting buoys over three years.",
    ),
    "technology news": (
        "The maker of the phone brings a model with a screen that can be rolled up.",
        "A chess program from 1978 was restored from paper tape.",
        "The streaming service shows more advertising and costs less.",
        "The town replaces its parking meters with an app.",
        "Prices of memory chips rose by a tenth as factories run at full load.",
        "A start-up delivers groceries with small robots that climb kerbs.",
        "The new operating system drops support for 32-bit processors.",
    ),
    "history, culture, politics": (
        "The fortress withstood three sieges and fell only when its well ran dry.",
        "In the novel a spy falls in love with the woman he is to watch.",
        "Parliament debates a tax on sugar, and the opposition attacks the minister's figures.",
        "The general hid his reserves behind a hill and struck at noon.",
        "The exhibition shows forged paintings beside the originals.",
        "Envoys exchanged hostages before the treaty was signed.",
        "The thriller about a bank robbery was filmed in one take.",
    ),
    "everyday computing": (
        "To move your contacts to the new phone, sign in on both and start the transfer.",
        "Hold the volume button to take a picture of the screen.",
        "The spreadsheet adds up hours and marks weekends in grey.",
        "If you forgot where you saved the file, sort the folder by date.",
        "The tablet's battery lasts longer if the screen is dimmed.",
        "Subtitles can be switched on in the menu under language.",
        "Our new website loads in half the time; tell us if a link does not work.",
    ),
    "short remarks": (
        "The meeting was moved to Thursday because the room is taken.",
        "Please send me the slides when they are done.",
        "Happy birthday, and thanks for the cake recipe!",
        "I will be on the train and can't take calls until four.",
        "The invoice for May is in the shared folder.",
    ),
}
