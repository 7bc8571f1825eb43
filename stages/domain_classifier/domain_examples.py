"""Example sentences of the fourteen domains: what each domain's texts sound like.

A model's hidden states of a text are compared with those of these sentences.  Add a
text where the classifier errs; keep the domains about equally long, and have a long one in each.
"""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "malware": (
        "The loader decrypts its second stage and runs it in memory.",
        "The ransomware deletes shadow copies before it encrypts files.",
        "This trojan records keystrokes and takes screenshots every minute.",
        "The worm copies itself to removable drives and network shares.",
        "A rootkit hides the process by hooking system calls in the kernel.",
        "Infected machines join a botnet and fetch orders from its server.",
        "The dropper checks for virtual machines before it unpacks its payload.",
        "Its packer and string encryption make signature detection hard.",
        "The wiper overwrites the boot record so that hosts can't start again.",
        "A downloader that fetches and starts further malicious programs.",
        "The implant lists files, runs shell commands and removes itself on request.",
        "Malicious code is injected into the memory of a trusted process to hide it.",
        "A remote access tool in .NET that steals saved passwords and sends them out over HTTP.",
        "The family has been sold on forums since 2018. Its modules can log keys, open a"
        " remote shell, turn on the camera and spread to attached drives. It survives restarts"
        " by a key in the registry and is packed anew for each customer.",
    ),
    "phishing": (
        "The mail imitates a bank and links to a copied login page.",
        "Spearphishing attachments with macros were sent to the finance staff.",
        "The sender's domain differs by one letter from the company's own.",
        "Victims enter their password on a fake portal and are sent on to the real one.",
        "A message claims that the mailbox is full and asks to sign in again.",
        "The kit relays one-time codes to the real site while the victim types.",
        "A text message about a missed parcel leads to a page that asks for card data.",
        "DMARC and mail filtering stop most of these forged messages.",
        "An invoice attachment opens a page that harvests mail credentials.",
        "Adversaries may send messages with links to pages that ask for a password.",
        "The message threatens to close the account unless the receiver confirms it today.",
        "A mail with a shared document leads to a fake sign-in page of the office suite.",
        "Staff of the ministry got mails that seemed to come from a colleague and carried an"
        " archive with a shortcut. Whoever opened it saw a harmless letter, while a script was"
        " fetched in the background. The senders had registered a domain that looked like the"
        " ministry's own.",
    ),
    "zero_day": (
        "The flaw was exploited in the wild before a patch existed.",
        "Attackers used an unknown browser bug for weeks until the vendor noticed.",
        "No fix is available yet; the vendor confirms active exploitation.",
        "The exploit chain combines two previously undisclosed vulnerabilities.",
        "Researchers caught the exploit on a server before anyone had reported the bug.",
        "A broker sold the undisclosed exploit to several governments.",
        "An emergency update fixes a bug that was already being used in attacks.",
        "The bug had no identifier and no signature when the first victims were hit.",
        "Until a patch is released, disabling the feature is the only protection.",
        "The maker learned of the hole only from the attacks and has no update yet.",
        "Before it was known to anybody else, the hole had been abused for months.",
        "Crashes on a customer's server led to an exploit for a hole that nobody had reported.",
        "A previously unknown flaw in the VPN appliance is being exploited. The vendor works"
        " on a patch and recommends to restrict access until it is there.",
    ),
    "iot_security": (
        "The camera ships with a default password and an open telnet port.",
        "The router's firmware accepts updates that are not signed.",
        "Smart locks can be opened by replaying a recorded Bluetooth message.",
        "An attacker with access to the debug port reads keys from the flash chip.",
        "Thousands of video recorders joined a botnet through their web interface.",
        "The programmable controller accepts commands without authentication.",
        "A flaw in the baby monitor's cloud protocol exposes its video stream.",
        "Sensors send readings over an unencrypted radio link.",
        "The vehicle's control unit trusts every message on its bus.",
        "The system on chip does not lock its configuration registers after start.",
        "The debug port of the chip stays open in production hardware.",
        "A voltage glitch makes the microcontroller skip the check of its boot image.",
        "Memory of the secure world is reachable by another bus master of the chip.",
        "The pump's control protocol has no authentication, so anyone on the plant network"
        " can change its speed.",
        "The hardware keeps secrets in registers that are not cleared when it enters a low"
        " power state or a test mode. Untrusted firmware, or somebody with a probe, can read"
        " them there. Designers should clear such registers in the same cycle in which the"
        " mode changes.",
    ),
    "web_security": (
        "User input is placed in a query without escaping, which allows SQL injection.",
        "A script in the comment field runs in the browsers of other visitors.",
        "The form has no token, so other sites can submit it for a signed-in user.",
        "A path with dots lets anyone download files outside the web root.",
        "The server fetches any address a user gives, even internal ones.",
        "Session cookies are set without the secure and httponly attributes.",
        "The upload form accepts scripts and stores them where they can be run.",
        "An object number in the address shows other customers' orders.",
        "The API accepts any origin and sends credentials along.",
        "The product does not neutralize special elements before output that is used as a web"
        " page.",
        "A redirect takes its target from a parameter and can lead users to another site.",
        "Adversaries may place a script on a web server that runs commands sent by requests.",
        "File names from a request are joined to a folder without removing dots and slashes.",
        "The application builds its pages from what users have typed. Because the text is not"
        " encoded for HTML, a visitor can store a script that runs in the browsers of all who"
        " look at the page and sends their session cookies to another site.",
    ),
    "network_security": (
        "The intrusion detection system alerts on scans of many ports.",
        "Firewall rules deny inbound traffic unless a rule allows it.",
        "An attacker on the same segment answers ARP requests for the gateway.",
        "Segmentation keeps the production network apart from offices.",
        "A flood of forged packets exhausts the server's connection table.",
        "Traffic between sites goes through an encrypted tunnel.",
        "Poisoned name server answers send users to another address.",
        "Adversaries tunnel their traffic through DNS queries to pass the proxy.",
        "The routing announcement diverted traffic through a foreign provider.",
        "Adversaries may listen to traffic on a shared medium to capture what is not encrypted.",
        "Commands are hidden in the payload of ordinary HTTPS or DNS messages.",
        "Malware may talk to its server through a chain of proxies to hide where it is.",
        "Access lists on the switch keep guests out of the office network.",
        "Adversaries may use a protocol of another layer, or a port that is not the usual one"
        " for it, to get their control traffic past filters. A host that sends more than it"
        " receives, at regular times, to an address nobody else contacts, deserves a look.",
    ),
    "vulnerability_management": (
        "Versions before 4.2 are affected; update to the fixed release.",
        "The vulnerability has a base score of 9.8 and needs no authentication.",
        "Scans found forty hosts that miss last month's patches.",
        "Critical findings have to be fixed within fourteen days.",
        "The buffer overflow is tracked under its own identifier in the database.",
        "The vendor thanks the researchers who reported the flaw.",
        "Teams rank findings by severity, exposure and known exploitation.",
        "A missing bounds check lets a crafted file write past the buffer.",
        "The list of components shows which products contain the weak library.",
        "The product calls the function with arguments in the wrong order.",
        "The code does not initialize a variable before it is used.",
        "The product does not release a resource after its lifetime has ended.",
        "A pointer is used after the memory it refers to has been freed.",
        "The code does not check a return value and goes on as if the call had succeeded.",
        "The loop's condition is wrong by one, so that it writes one element past the end of"
        " the array. What lies there is overwritten: the program may crash, or do what"
        " somebody else wants. Static analysis finds many cases of this weakness; languages"
        " that check bounds prevent it.",
    ),
    "cloud_security": (
        "A storage bucket was readable by everyone on the internet.",
        "The role attached to the virtual machine could create new access keys.",
        "Intruders asked the instance metadata service for temporary credentials.",
        "A container escaped to its host through a mounted socket.",
        "The cluster's dashboard was reachable without a password.",
        "Audit logging was off in three of the company's cloud accounts.",
        "Customers share responsibility with the provider for their settings.",
        "Adversaries may create instances in unused regions to mine currency.",
        "Policies in the infrastructure code forbid public snapshots.",
        "Adversaries may add permissions to a role in the tenant's directory to keep access.",
        "Serverless functions can be made to run with rights of another service.",
        "The token of a pod's service account allows reading all secrets of the cluster.",
        "An image in the public registry held the access keys of its maker.",
        "Adversaries who have an account with the provider may stop the audit trail, copy a"
        " snapshot to an account of their own and mount it there. The owner sees nothing but a"
        " single entry in a log of another region.",
    ),
    "cryptography": (
        "The messages are encrypted with AES in an authenticated mode.",
        "Reusing a nonce reveals the key stream of both messages.",
        "The signature scheme rests on the hardness of discrete logarithms.",
        "A weak random generator makes the private keys predictable.",
        "Passwords are hashed with a salt and a slow function.",
        "Timing differences reveal bits of the secret exponent.",
        "The product uses a broken hash algorithm to check integrity.",
        "Lattice schemes are meant to withstand quantum computers.",
        "Certificates bind a public key to a name and expire after a year.",
        "The product uses a key that is too short for the algorithm.",
        "Sensitive data is stored or sent without encryption.",
        "Random numbers come from a generator that can be predicted.",
        "The signature of the data is not verified before it is used.",
        "The same initialization vector is used for every message under one key. Whoever sees"
        " two messages can tell where they are equal, and in some modes can compute the"
        " difference of their plaintexts. A fresh random vector for each message costs next to"
        " nothing.",
    ),
    "identity_access_management": (
        "Employees sign in once and need a second factor from outside.",
        "The account keeps its rights after its owner has changed jobs.",
        "Access is granted by role and reviewed each quarter.",
        "Service accounts use passwords that never expire.",
        "Adversaries may use valid accounts to log in to remote services.",
        "A forged token lets the intruder act as any user of the directory.",
        "Administrators request elevated rights for one hour at a time.",
        "The login does not lock an account after many wrong passwords.",
        "The product does not check whether the user is authorized for the action.",
        "Adversaries may search files and scripts for passwords that were left there.",
        "Adversaries may guess passwords for many accounts, or try those that leaked elsewhere.",
        "Cookies and tokens of a session can be stolen to get in without a password.",
        "The product does not restrict access to a resource to those who are meant to have it.",
        "Privileges are not dropped before the operation is run for another user.",
        "Adversaries may dump the hashes of the domain's accounts from a controller.",
        "Adversaries may create an account, or add one to a group of administrators, so that"
        " they keep access when the stolen password is changed. New accounts outside working"
        " hours and changes of powerful groups should raise an alert.",
    ),
    "incident_response": (
        "Responders isolated two servers and took images of their disks.",
        "The timeline starts with a login from an unknown address on Monday.",
        "After containment, all administrator passwords were reset.",
        "The playbook says who informs customers and authorities.",
        "Analysts recovered deleted logs from a backup.",
        "Memory was captured before the machine was switched off.",
        "The team restored the systems from backups within three days.",
        "A review after the breach found that alerts had been ignored.",
        "The security operations centre escalated the alert to the on-call lead.",
        "The case was declared closed when no new signs had been seen for two weeks.",
        "Evidence is copied with a hash, and every hand it passes through is written down.",
        "First contain, then investigate, then clean and rebuild, and last learn from it.",
        "The duty officer decides whether to disconnect a system and whom to inform.",
        "At nine the team split up: two people collected memory and disks, one talked to the"
        " provider, and one kept the log. By evening the entry point was known, the account"
        " was disabled, and the first servers were being restored.",
    ),
    "threat_intelligence": (
        "The group has targeted energy companies since 2019.",
        "Indicators include two domains, one hash and a named pipe.",
        "Analysts attribute the campaign to a state-sponsored actor.",
        "The report maps the actor's behaviour to known techniques.",
        "Infrastructure of this campaign overlaps with an earlier one.",
        "The adversary uses stolen certificates and public tools.",
        "Feeds of malicious addresses are shared among members.",
        "Adversaries may gather information about the victim's staff before an attack.",
        "The actor's motives are financial and its tools are rented.",
        "A threat group that has been active since at least 2012 and targets governments in"
        " the region.",
        "The campaign ran for two years against organizations in Europe and the Middle East.",
        "Adversaries may buy domains, servers or accounts before they turn to a victim.",
        "Adversaries may look through public sources for names, addresses and technology of a"
        " target.",
        "Researchers track the cluster under three names and suspect that it works for a state.",
        "The group was first seen in attacks on journalists, later on defence and aerospace"
        " companies. It builds its own tools, rents servers in many countries and reuses parts"
        " of its infrastructure, by which analysts could link four campaigns to it.",
    ),
    "compliance_and_frameworks": (
        "The standard requires that card data is encrypted in storage.",
        "Auditors check whether the controls of ISO 27001 are in place.",
        "The regulation demands notice to the authority within 72 hours.",
        "The framework has functions to identify, protect, detect and respond.",
        "Evidence for each control is collected once a quarter.",
        "Health records fall under rules for their storage and disclosure.",
        "The policy names an owner for every risk in the register.",
        "The supplier must prove compliance before the contract is signed.",
        "A gap analysis compares the current state with the benchmark.",
        "Personal data may only be kept as long as its purpose requires.",
        "The certificate lapses unless the yearly audit is passed.",
        "Each requirement is mapped to a control, an owner and a piece of evidence.",
        "The authority may fine operators that do not report an incident in time.",
        "The company's rules are built on a catalogue with four parts. Once a year an"
        " internal auditor checks a sample of the measures, notes what deviates, and the"
        " management decides by when it has to be put right.",
    ),
    "social_engineering": (
        "A caller pretends to be the help desk and asks for a code.",
        "The visitor follows an employee through the door without a badge.",
        "A message from the supposed director asks to transfer money at once.",
        "USB sticks were left in the car park for curious finders.",
        "The attacker builds trust over weeks before he asks for access.",
        "The fake recruiter sends a test project that contains a program.",
        "Pretexts of urgency and authority make people skip the rules.",
        "Users are persuaded to paste a command into their terminal.",
        "Training teaches staff to call back on a known number.",
        "Adversaries may rely on a user to open a file or click a link.",
        "Adversaries may pose as a supplier, a colleague or an authority to get what they want.",
        "The fraudster cloned the director's voice and ordered a payment by telephone.",
        "Over weeks he wrote friendly messages, sent small favours and asked for nothing."
        " Then came a request that sounded harmless: could she run a quick test on her office"
        " computer for him? By then she trusted him too much to ask why.",
    ),
}
