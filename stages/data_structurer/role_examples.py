"""Example sentences of the roles that a sentence can play, by the kind of text they are from.

Data only, all of it invented.  A model's hidden states of a sentence are compared with those of
these.  Sentences of a kind stand together under one name: a calibration holds out whole kinds.
Add a sentence where a role is missed, or a kind; the other half is in `more_role_examples`.
"""

from __future__ import annotations

WHAT: dict[str, tuple[str, ...]] = {
    "techniques": (
        "Adversaries may abuse the print queue of a server to keep their programs running.",
        "Adversaries may hide data in the slack space of a disk to get past scanners.",
        "Cookie replay is a way of signing in with a session that somebody else has opened.",
        "An adversary may register a device of his own with a directory to stay in the network.",
    ),
    "weaknesses": (
        "The product does not check the length of a name before it copies it into a buffer.",
        "The product stores a password in a form from which it can be computed.",
        "The software lets a user choose the file that it opens and does not restrict the folder.",
        "The device does not clear a key from its memory when it goes to sleep.",
    ),
    "vulnerabilities": (
        "SQL injection in the login form of Corvo Desk before 3.2 allows remote attackers to read"
        " any table.",
        "A use-after-free flaw was found in the timer code of the Brindle kernel driver.",
        "An improper access control issue exists in the upload handler of Fernmail 2.",
        "Stack-based buffer overflow in the tag parser of Quillplay 1.4 and earlier.",
    ),
    "malware": (
        "GREYTHORN is a backdoor written in Rust that has been used since 2031.",
        "The sample is a downloader that comes as a shortcut inside an archive.",
        "Saltworm is a worm that spreads over shared folders.",
        "It is a commercial remote access tool that several criminal groups use.",
    ),
    "groups": (
        "Amber Heron is an espionage group that has been active since at least 2024.",
        "The group is a crew of extortionists that buys access from brokers.",
    ),
    "papers": (
        "We present a fuzzer for the firmware of network cards.",
        "This paper studies how developers react to warnings about outdated packages.",
        "In this work, we propose a detector of forged sender names.",
        "This survey covers ten years of research on side channels in browsers.",
    ),
    "mitigations": (
        "Application control restricts which programs may start on a host.",
        "Network segmentation divides a network into zones with rules between them.",
        "Credential hygiene means that passwords are long, unique and never shared.",
    ),
    "incidents": (
        "On 4 March a municipal utility in the north was hit by ransomware.",
        "A supplier of school software has suffered a data breach.",
        "An attack on the booking system of a ferry line came to light last week.",
        "The clinic's network was encrypted on the first weekend of May.",
    ),
    "advisories": (
        "This advisory describes two flaws in the management interface of Norrix switches.",
        "An update for the mail server is available that closes a flaw in its filter.",
        "The bulletin warns of a wave of mails that carry forged invoices.",
    ),
    "events": (
        "Harbour Hack is a weekend competition for students with tasks in reversing and crypto.",
        "The event is an online capture the flag in the jeopardy style.",
    ),
}

HOW: dict[str, tuple[str, ...]] = {
    "techniques": (
        "The queue's helper is replaced by a library, and the service loads it at the next start.",
        "First the intruder lists the mounted volumes, then the free blocks are filled.",
        "Tools such as rclone can be pointed at a bucket of the attacker with one command.",
        "Adversaries can modify the profile script so that it runs a command at each login.",
    ),
    "weaknesses": (
        "An attacker sends a request with two length fields, and the server believes the second.",
        "The value is taken from a cookie and put into the query as it is.",
        "When the counter wraps around, the check compares a small number and passes.",
    ),
    "vulnerabilities": (
        "The flaw is triggered by a packet whose option field is longer than its header says.",
        "By sending a crafted POST request to /admin/import, the check of the token is skipped.",
        "Exploitation requires that the victim opens a project file from an archive.",
        "The name parameter is passed to a shell without quotes.",
    ),
    "malware": (
        "It decodes its configuration with a rolling key and contacts a list of domains.",
        "The loader injects the second stage into a browser process.",
        "After start it copies itself to the user's profile and sets a value under Run.",
        "The implant waits for a signal in a picture that it fetches every hour.",
        "Communication is wrapped in DNS queries for names below one domain.",
    ),
    "groups": (
        "The operators send mails with a link to a shared document and ask for a sign-in.",
        "They use stolen VPN accounts and then move on with remote desktop.",
        "The actors deploy a web shell and dump the memory of the sign-in service.",
    ),
    "incidents": (
        "The intruders came in through a VPN account that had no second factor.",
        "From there they moved to the backup server and deleted the snapshots.",
        "An employee opened an attachment that claimed to be a parcel label.",
        "The attackers copied files for nine days before they started the encryption.",
        "They logged in with a password from an older leak.",
    ),
    "papers": (
        "Our method instruments the driver and feeds it frames from a mutated trace.",
        "We collected two million sessions and labelled them with a decision tree.",
        "The prototype rewrites each load so that its address does not depend on a secret.",
    ),
    "events": (
        "Teams of up to four solve tasks and hand in flags over a web page.",
        "Points fall with the number of teams that have solved a task.",
    ),
}

EFFECT: dict[str, tuple[str, ...]] = {
    "techniques": (
        "This may let adversaries keep access after a password was changed.",
        "The result is that traffic of the whole segment passes the intruder's host.",
        "With it an intruder can read mail of every user of the tenant.",
    ),
    "weaknesses": (
        "An attacker may be able to read memory of other users or crash the process.",
        "This can lead to the execution of unauthorized code.",
        "As a result, confidential data could be disclosed or changed.",
        "If the key is known, all messages of the past can be decrypted.",
    ),
    "vulnerabilities": (
        "Successful exploitation lets an attacker run commands with the rights of root.",
        "A remote attacker could exploit this to cause a denial of service.",
        "This makes it possible to take over any account without a password.",
        "An authenticated user can thereby read invoices of other customers.",
        "Confidentiality and integrity of the system are lost.",
    ),
    "malware": (
        "It steals saved passwords, cookies and wallets and sends them to its operators.",
        "All files on the host and on mapped drives are encrypted.",
        "Infected hosts become part of a botnet that floods websites.",
    ),
    "incidents": (
        "Trains stood still for half a day and tickets could not be sold.",
        "Names, addresses and bank details of 41,000 customers were copied.",
        "The damage is estimated at two million euros.",
        "Surgeries were postponed and patients were sent to other hospitals.",
        "The stolen records appeared on a leak site a month later.",
        "Production was down for nine days.",
    ),
    "papers": (
        "An attacker who shares the core can recover the key within an hour.",
        "The attack unlocks nine of the twelve tested cars.",
    ),
    "advisories": (
        "The flaws can be combined to take over the switch without signing in.",
        "Whoever exploits the flaw can read and change messages of all tenants.",
    ),
}

CAUSE: dict[str, tuple[str, ...]] = {
    "techniques": (
        "This works because many directories accept new devices from any account.",
        "The technique requires that the service runs with the rights of an administrator.",
    ),
    "weaknesses": (
        "The weakness occurs when developers trust a length that comes from outside.",
        "It is often introduced when code is copied from an example.",
        "This happens because the language does not check the bounds of arrays.",
    ),
    "vulnerabilities": (
        "The issue is caused by a missing check of the sender in the reset handler.",
        "This is due to insufficient escaping of the title attribute.",
        "The vulnerability exists because the session is not bound to the address.",
        "The root cause is an integer overflow in the computation of the size.",
        "The flaw stems from an incomplete fix of an earlier issue.",
    ),
    "incidents": (
        "The backup account had the same password on every site.",
        "The server had not been updated for two years.",
        "An investigation found that the logs had been switched off to save space.",
        "The cause was a storage bucket that anyone could list.",
        "The firewall rule had been opened for a test and was never closed.",
    ),
    "papers": (
        "The leak exists because the predictor is shared between the two threads.",
        "Developers skip updates because they fear that builds break.",
    ),
    "malware": (
        "The worm owes its success to a protocol that was left on by default.",
        "It succeeds since the plug-in never verifies the signature of an update.",
    ),
}
