"""Example texts about security as catalogues have them: flaws, techniques, implants, groups.

Data only; `relevance_examples` says what they are for.
"""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, ...]] = {
    "weaknesses": (
        "The product does not neutralize user input before it is placed in a query.",
        "The function copies data without checking that it fits into the destination buffer.",
        "The software uses a hard-coded password for its inbound authentication.",
        "A missing authorization check allows low-privileged users to change system settings.",
        "A race condition between check and use lets a local user replace the file.",
        "The device keeps its debug interface enabled after it has left the factory.",
        "The program reads a length from the packet and trusts it. When the sender states more"
        " bytes than there are, memory beyond the buffer is returned. The contents of that memory"
        " can hold keys or passwords of other users. Developers should compare each stated length"
        " with the bytes that were received, and reject what does not agree.",
        "The code assumes that two calls return the same value, but another thread may change it"
        " in between.",
        "The application writes what a user typed into its log, line breaks included, so that"
        " entries can be forged.",
        "Memory is released twice when an error occurs in the middle of the handshake.",
        "The interface lets an outside party choose the class that is created.",
        "Error messages show the path and the query, which tells a stranger how the system is"
        " built.",
    ),
    "vulnerabilities": (
        "A heap overflow in the image parser lets a remote attacker run code with a crafted file.",
        "The web console does not check a session's owner, so any user can read foreign invoices.",
        "Versions before 4.2 are affected; apply the vendor's patch or disable the plugin.",
        "Cross-site scripting in the comment field runs scripts in the browsers of other users.",
        "The advisory lists three flaws that allow denial of service by malformed packets.",
        "A null pointer dereference in the driver lets a local user crash the system.",
        "The mail server before 2.7.1 expands variables in the name of an attachment. A remote,"
        " unauthenticated attacker can send a message whose attachment name holds a command, and"
        " the command runs with the rights of the mail daemon. The issue was reported by a"
        " customer and has a score of 9.1. There is no workaround other than to turn off the"
        " indexing of attachments until the update is installed.",
        "In Foolib before 3.2.1, the length field of an archive entry is not checked, which leads"
        " to a write behind the end of a heap buffer when a crafted archive is opened.",
        "Improper neutralization of input in the comment form of Bargate 1.x allows script code"
        " of a remote user to run in the browser of an administrator.",
        "The web interface of the Quux NAS 220 does not check a session before it serves"
        " /cgi-bin/backup, so anyone on the network can download the configuration.",
        "A use after free in the media decoder of Widgetco Player 7 may allow code execution"
        " through a crafted file.",
        "Wibble Server through 2.9 stores passwords of its users in a log file in clear text.",
        "The kernel driver of Acme VPN Client lets a local user map physical memory by an ioctl.",
        "The upload form of a gallery plugin checks only the ending of a file's name, and a"
        " script that is named like a picture is run by the server.",
        "A missing bound in the decoder of subtitles writes past an array on the stack.",
        "The REST interface returns invoices of other tenants when the number in the path is"
        " changed.",
        "A local user can win a race between the check of a link and its use, and so overwrite"
        " any file.",
        "Affected are releases 5.0 to 5.4.2; 5.4.3 checks the origin of the message.",
    ),
    "techniques": (
        "Adversaries may dump credentials from memory to move laterally to other hosts.",
        "Attackers can add a scheduled task so that their program starts again after a reboot.",
        "Intruders hide their command and control traffic inside ordinary DNS queries.",
        "Adversaries may disable logging on a host to avoid detection.",
        "Adversaries may collect data from shared drives before they exfiltrate it.",
        "An actor with a foothold may scan the internal network for reachable services.",
        "Adversaries may look up the time zone and language of a host to decide whether to go on.",
        "Adversaries may abuse the features of a printer to reach a network that is otherwise"
        " closed to them. Many printers keep the credentials of a directory account, accept new"
        " firmware from anybody and are rarely watched. With one of them under control, intruders"
        " can relay their traffic, keep copies of what is printed, and stay in the network after"
        " the workstation they came from has been cleaned.",
        "By changing the search order of libraries, an adversary gets code loaded by a trusted"
        " program.",
        "Adversaries may send data out in small pieces at the times when others do backups.",
        "Mailbox rules can be used to hide replies of victims from the owner of the account.",
        "Container images may be planted in a registry, so that whoever pulls them runs foreign"
        " code.",
    ),
    "malware": (
        "The ransomware encrypts network shares and leaves a note that demands payment.",
        "The loader unpacks itself in memory and injects its code into a system process.",
        "This trojan records keystrokes and sends them to a server run by the operators.",
        "The worm spreads through an unpatched file-sharing service without user action.",
        "A backdoor written in Go that takes its orders from posts on a forum.",
        "A downloader that has been used by one group in at least two campaigns.",
        "The tool is sold by subscription. It comes as an archive with a shortcut, which starts a"
        " script and fetches the main part. That part collects saved passwords, cookies and"
        " wallets, packs them and sends them to a bot. New builds appear almost every week to"
        " stay ahead of scanners.",
        "Greylark is an in-memory dropper that unpacks its next stage from a bitmap.",
        "A Python-based backdoor that takes orders from a chat channel and sends files there.",
        "PANCAKE records keys and takes pictures of the screen every ten seconds, and puts them"
        " into an encrypted archive in the temporary folder.",
        "The loader waits until the mouse has moved, injects itself into a browser and fetches a"
        " list of banks from its server.",
        "Once started, it encrypts documents, removes shadow copies and leaves a note.",
        "SILTWORM spreads over USB sticks by shortcuts that start a hidden library.",
        "It arrives as a fake update, asks for rights to read the screen, and hides its icon.",
        "The bot keeps a list of servers and falls back to names that it computes from the date.",
        "A small program in assembler that only downloads the next part and erases its own file.",
        "Version 3 of the kit adds a module for shared drives and a new note in seven languages.",
        "The library is registered as an input method and so gets loaded into every window.",
        "A rewritten variant for servers kills database processes first and then scrambles their"
        " files.",
        "An implant for routers that mirrors mail traffic to an address in its configuration.",
        "The script reads browsers' saved logins and posts them to a chat.",
    ),
    "tools": (
        "A command line utility that lists shares and sessions in a domain; intruders use it as"
        " often as testers do.",
        "A freely available program that pulls tickets and hashes out of memory.",
        "The framework offers listeners, stagers and modules for what comes after a first"
        " foothold.",
        "A remote administration product that criminals install with stolen licences.",
        "Open source scanner that maps open ports and guesses services and versions.",
        "A tunnelling tool that carries TCP over name queries.",
    ),
    "actors": (
        "The group sent mails with a macro document to staff of energy companies.",
        "The campaign used stolen code-signing certificates to make its tools look legitimate.",
        "Indicators of compromise include two domains, one hash and a named pipe.",
        "The actor has been active since 2014 and is thought to work for a state.",
        "A threat group that targets governments and telecommunication firms of one region.",
        "This group first appeared in attacks on shipping companies and later turned to"
        " ministries in the same region. It prefers stolen accounts over exploits, rents its"
        " servers from small providers and works on weekdays only. Researchers see an overlap"
        " with another group in tools and targets, but do not agree that both are the same.",
        "A band of criminals who encrypt hospitals and schools and leave negotiation to a partner.",
        "They write in two languages, work office hours of one time zone and pause on its"
        " holidays.",
        "The crew rents access to infected computers by the day.",
        "The set of activity was named after the mutex its loader creates.",
        "Contractors of an intelligence service, indicted in absence, are said to be behind the"
        " operation.",
        "An espionage operation against journalists that ran for two years over a messaging app.",
    ),
    "cryptography": (
        "Using ECB mode leaks patterns of the plaintext, so an authenticated mode is required.",
        "The random generator is seeded with the time, which makes session keys predictable.",
        "We show a side-channel attack that recovers private keys from cache timing.",
        "Certificates are not checked against the host name, so traffic can be intercepted.",
        "The scheme reuses a nonce, and two ciphertexts under it reveal the difference of the"
        " plaintexts.",
        "Keys of 1024 bits are no longer thought to be enough, and issuers have stopped to sign"
        " them.",
        "The vendor compares message authentication codes byte by byte, and the time tells how"
        " many are right.",
        "Rotating a root key takes two signatures, of the old one and of the new one.",
    ),
    "devices": (
        "The firmware accepts unsigned updates, so a malicious image can be installed.",
        "Default passwords on cameras let a botnet take over thousands of devices.",
        "The chip does not clear its registers of secrets before it enters the test mode.",
        "The badge reader can be opened with a copied card, since only the serial number is"
        " looked at.",
        "A glitch on the supply voltage makes the boot code skip the comparison of the signature.",
        "The pump's wireless protocol has no authentication and obeys anybody in range.",
        "The car's diagnostic port gives anyone who plugs in the right to write to the brakes'"
        " controller.",
    ),
}
