"""Example texts about security in prose: incidents, advisories, papers, challenges, notes.

Data only; `relevance_examples` says what they are for.
"""

from __future__ import annotations

REPORTS: dict[str, tuple[str, ...]] = {
    "incidents": (
        "After the breach, responders isolated two servers and reset all administrator passwords.",
        "Analysts found the first signs of intrusion in proxy logs from early March.",
        "A storage bucket was readable by everyone and exposed customer backups.",
        "An over-privileged service role let the intruder create new cloud access keys.",
        "Data of 30,000 members was copied by somebody who had guessed a weak password.",
        "On Sunday night the hospital switched to paper. Its file servers had been encrypted, and"
        " the telephone system was down as well. Investigators later found that the intruders had"
        " signed in to the remote access portal with an account of a technician three weeks"
        " before, had looked for backups and deleted those they could reach. Offline tapes were"
        " not affected. It took nine days until appointments could be booked again.",
        "What happened: an engineer pasted a configuration file with an access key into a public"
        " repository. Eleven minutes later the key was used from two foreign addresses to start"
        " large machines. The provider warned us, we revoked the key and deleted the machines. No"
        " customer data was read. We now scan every commit for keys before it is accepted.",
        "The shop's payment page had been changed so that card numbers were also sent to a server"
        " that does not belong to us. The change came with a script of a partner whose systems"
        " had been broken into. Orders between the third and the ninth of May are affected. We"
        " have informed the banks and the authority, and no longer load scripts of others there.",
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
        "A list of members with addresses turned up on a forum; it had come from a test system"
        " with real data.",
        "The warehouse stood still for two days because the scanners' server had been encrypted.",
        "An assistant bought gift cards for 4,000 dollars after messages that seemed to come from"
        " the dean.",
        "Somebody registered a domain one letter from ours and sent our customers new bank"
        " details.",
        "A technician noticed an unknown device behind a printer; it had bridged the office"
        " network to a mobile link.",
        "The platform reset all sessions after tokens had been found in a dump.",
        "Students changed grades with a teacher's password that stood on a note under a keyboard.",
        "Records of calls were readable for months as the search server stood open on the"
        " internet.",
        "After an update of a plugin that nobody maintained any more, the shop sent visitors to a"
        " lottery.",
        "A laptop with tax files was stolen from a car; its disk was encrypted and the key has"
        " been revoked.",
        "Attackers used a hole in the file transfer appliance on a holiday weekend and took 60"
        " gigabytes.",
    ),
    "people": (
        "Callers pretend to be the help desk and ask for one-time codes.",
        "The phishing page copies a bank's login form and forwards what victims type.",
        "Staff are trained to report mails that ask for passwords or money.",
        "The message said that the parcel could not be delivered and asked for a small fee. The"
        " link led to a page that looked like the carrier's and took card number, date and code."
        " A few minutes later a man called, said that he was from the bank's fraud department and"
        " asked for the number that had just been sent to her telephone.",
        "A video call with three faces that were all made by a machine persuaded a clerk to pay.",
        "The e-mail asks to sign a document and leads to a copy of the company's login page.",
        "New staff learn to lock the screen, to report strange calls and never to share a code.",
        "In the test, one in nine employees plugged in the stick that lay in the car park.",
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
        "A new release of the mail client is out. It repairs a fault through which the content of"
        " encrypted messages could be read by the sender of a reply.",
        "Operators should install hotfix 14 on all management servers at once, as working attack"
        " code is public.",
        "Severity: moderate. Affected: all builds with the optional importer. Solution: update,"
        " or remove the importer.",
        "The maintainers thank the reporter, who found that links in shared notes could run"
        " scripts.",
        "Versions up to 9.1 accept expired certificates; 9.2 refuses them.",
        "Until a patched kernel is available, load of the module can be prevented by a line in"
        " the configuration.",
        "Owners of the camera are told to change the standard password and not to forward its"
        " port.",
        "Notice to customers: on 3 April we replaced the keys that sign our packages. Import the"
        " new key before the next update.",
        "There is no sign that the flaw has been used. We nevertheless recommend to renew all"
        " tokens.",
        "The bulletin covers eleven corrected errors in graphics drivers, three of which allow a"
        " program to gain system rights.",
        "Models older than 2018 get no more updates; the manufacturer advises to replace them.",
        "Upgrade to 1.8.9 or set allow_include to off. The setting has no effect in 1.7.",
    ),
    "papers": (
        "We show that the timing of a neural network's answers tells which inputs it was trained"
        " on, and propose padding as a defence against such membership inference.",
        "We fuzz the baseband of five phones through a software radio and find eleven crashes,"
        " four of which can be reached before authentication.",
        "This paper measures how many sites still accept outdated TLS versions and how downgrade"
        " can be forced by somebody on the path.",
        "We present a formal model of a messaging protocol and prove forward secrecy under"
        " compromise of the long-term keys.",
        "A survey of 312 developers shows why secrets end up in public repositories, and which"
        " warnings made them revoke the leaked tokens.",
        "We describe a new covert channel between programs on one processor and measure its"
        " capacity.",
        "The study follows 5,000 leaked passwords and shows how their owners chose the next one.",
        "We propose a protocol for joint computation in which no party learns the input of"
        " another, and implement it.",
        "This thesis looks at how companies learn from incidents, by reading eighty reports.",
        "We build a decoy network of industrial controllers and report what reached it in nine"
        " months.",
        "An attack on federated learning is presented that plants a hidden behaviour by few"
        " participants.",
        "Our tool infers the state machine of a protocol implementation and finds three ways"
        " around its login.",
        "We evaluate eight commercial scanners on 400 samples that were changed in trivial ways.",
        "The article compares national laws on reporting of vulnerabilities by researchers.",
        "We show that sounds of a keyboard recorded in a call suffice to recover what was typed.",
        "A verified implementation of an elliptic curve, with proofs that its run time does not"
        " depend on secrets.",
        "By tracking domain registrations we predict which names will be used for spam.",
    ),
    "challenges": (
        "Jeopardy style contest of 24 hours with tasks in pwn, web, crypto, reversing and"
        " forensics, for teams of up to five players.",
        "An attack-defence final in which eight teams patch their own services and capture the"
        " flags of the others.",
        "The challenge gives a binary with a stack overflow, no canary and a libc; the goal is to"
        " get a shell and read flag.txt.",
        "Qualifier for students. Break RSA with a small exponent, recover a deleted picture from"
        " a disk image, and escape a Python jail.",
        "A weekend contest for students: find the flags in a forged shop, a broken cipher and a"
        " strange image.",
        "The task hands out a stripped executable and the address of a server. Overwrite a"
        " pointer to reach the secret function.",
        "Web task, 300 points. The login filters quotes, but not backslashes.",
        "Players exploit each other's services and keep their own alive; every round of two"
        " minutes new flags are planted.",
        "Solution: the generator's state could be computed from 624 outputs, after which every"
        " card was known.",
        "Forensics: you get a memory image of an infected computer. Which process was injected,"
        " and what was its key?",
        "A practice machine with a forgotten backup, a weak hash and a program with too many"
        " rights.",
        "The national championship for young talents in cyber security starts with an online"
        " round in spring.",
        "Hints: look at the certificate, then at the cookie. The flag is in the admin's notes.",
        "Break out of a sandbox that blocks all letters, with symbols only.",
        "Two teams attack and defend a model town with its own water and light for three days.",
        "A puzzle of packets: somebody has sent a file hidden in the lengths of pings.",
    ),
    "notes": (
        "Phish reported by three users, same sender domain, registered yesterday; blocked at the"
        " gateway.",
        "Found a scheduled task named like an updater that starts a script from a public folder.",
        "Hash not known to any scanner, signed with a revoked certificate.",
        "Admin reused the local password on all clients; rotate it.",
        "Retest: four of six findings closed, the stored script injection still works.",
        "The proxy shows 40 MB to a file sharing site at 03:12 from a server that should not"
        " browse.",
        "Assume breach: start with a normal account on a laptop, goal is the payroll database.",
        "Owner of the risk accepts it until the replacement in autumn.",
        "Firewall change request: close 3389 from outside, open VPN only.",
    ),
}
