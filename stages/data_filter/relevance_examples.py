"""Example texts of the relevance question: about security, and about other things.

A model's hidden states of a text are compared with those of these, so they are to be as varied
as the texts that come, in kind and in length.  Texts of a kind stand together under one name:
a calibration holds out whole kinds, to learn how it does on kinds it has not seen.  Add a text
where the filter errs, or a kind; keep both sides about equally long.
"""

from __future__ import annotations

SECURITY_EXAMPLES: dict[str, tuple[str, ...]] = {
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
    ),
    "actors": (
        "The group sent mails with a macro document to staff of energy companies.",
        "The campaign used stolen code-signing certificates to make its tools look legitimate.",
        "Indicators of compromise include two domains, one hash and a named pipe.",
        "The actor has been active since 2014 and is thought to work for a state.",
        "A threat group that targets governments and telecommunication firms of one region.",
        "This group first appeared in attacks on shipping companies and later turned to ministries"
        " in the same region. It prefers stolen accounts over exploits, rents its servers from"
        " small providers and works on weekdays only. Researchers see an overlap with another"
        " group in tools and targets, but do not agree that both are the same.",
    ),
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
    ),
    "people": (
        "Callers pretend to be the help desk and ask for one-time codes.",
        "The phishing page copies a bank's login form and forwards what victims type.",
        "Staff are trained to report mails that ask for passwords or money.",
        "The message said that the parcel could not be delivered and asked for a small fee. The"
        " link led to a page that looked like the carrier's and took card number, date and code."
        " A few minutes later a man called, said that he was from the bank's fraud department and"
        " asked for the number that had just been sent to her telephone.",
    ),
    "defence": (
        "Defenders can detect this by watching for unusual child processes of office programs.",
        "The firewall rule set must deny inbound traffic unless a rule allows it.",
        "Employees must use a second factor when they sign in from outside the office.",
        "A stolen token stays valid after logout, so an attacker can go on using the account.",
        "Block macros in documents from the internet and keep offline backups.",
        "Collect the logs of name resolution and of the proxy in one place and keep them for a"
        " year. Alert on hosts that ask for many names that do not exist, on names that were"
        " registered in the last days, and on regular small requests at night. An analyst should"
        " look at each alert within the hour and can isolate a host without asking.",
    ),
    "rules": (
        "The policy requires that sensitive records are encrypted at rest and in transit.",
        "An auditor checks that access rights are reviewed once a quarter.",
        "The regulation obliges operators to report serious incidents within a day.",
        "Risks to information are assessed once a year. For each system its owner names what"
        " would happen if data were disclosed, changed or lost, and which measures are in place."
        " Residual risks above the threshold have to be accepted in writing by the management.",
    ),
    "cryptography": (
        "Using ECB mode leaks patterns of the plaintext, so an authenticated mode is required.",
        "The random generator is seeded with the time, which makes session keys predictable.",
        "We show a side-channel attack that recovers private keys from cache timing.",
        "Certificates are not checked against the host name, so traffic can be intercepted.",
    ),
    "devices": (
        "The firmware accepts unsigned updates, so a malicious image can be installed.",
        "Default passwords on cameras let a botnet take over thousands of devices.",
        "The chip does not clear its registers of secrets before it enters the test mode.",
    ),
}

OTHER_EXAMPLES: dict[str, tuple[str, ...]] = {
    "libraries": (
        "A fast JSON parser written in C with bindings for Python.",
        "A small library that builds command line interfaces from type hints.",
        "Terminal progress bars for loops and iterators.",
        "An in-memory key-value store with snapshots and replication.",
        "A simple HTTP client with connection pooling and automatic retries.",
        "Reads and writes YAML files while keeping comments in place.",
        "A template engine that turns data into HTML pages.",
        "Data validation with type annotations and clear error messages.",
        "Universal character encoding detector for text files.",
        "Turns international domain names into their ASCII form and back.",
        "The library fetches pages with one call, follows redirects and keeps connections open.",
        "Runs coroutines on either of two event loops behind one interface, with task groups,"
        " streams and file access. It is for authors of libraries who do not want to decide for"
        " their users which loop to run. Cancellation follows scopes rather than tasks, and"
        " everything that waits can be given a time limit.",
    ),
    "numerics": (
        "Arrays and linear algebra routines for numerical computing.",
        "Bindings to a tokenizer library used to train language models.",
        "Runtime components for a compiler's parallel threading library.",
        "Draws charts and maps from data frames in the browser.",
        "State-of-the-art pretrained models for text, vision and audio, ready to be trained"
        " further or to predict. One class loads the weights, another prepares the input, and a"
        " pipeline puts both together. Models can be moved between frameworks, and trained on one"
        " machine and served on another.",
        "Highly tuned routines for linear algebra, Fourier transforms, random numbers and vector"
        " functions. The library picks the code path for the processor it runs on and spreads the"
        " work over all cores. This package holds the shared objects that applications need at"
        " run time; headers and static libraries come in separate packages.",
    ),
    "tools": (
        "A test runner that finds test files and runs them in parallel.",
        "Static type checker that reports mismatched argument types.",
        "Backport of the standard library's resource reading functions.",
        "A plugin system with hooks that other packages can implement.",
        "Platform independent file locks for processes that share a folder.",
        "Utilities for parsing version numbers and package metadata.",
        "A scheduler that runs jobs at fixed times and keeps their results.",
        "Parses configuration files with sections, keeps their order and supports several values"
        " in one line.",
        "Builds, installs, upgrades and removes packages. It reads what a project declares about"
        " itself, finds its modules and data files, compiles its extensions and writes archives"
        " that others can install. Most projects need no more than one short file for it.",
    ),
    "manuals": (
        "This module provides functions to read and write files of comma separated values.",
        "Install it with the package manager, then import it and call the main function.",
        "Returns a list of the names in the given folder; raises an error when it does not exist.",
        "The second argument is optional and sets the width of the column in characters.",
        "Class that counts hashable objects. Elements are stored as keys and their counts as"
        " values. Counts may be zero or negative. Methods return the most common elements, add"
        " two counters, or subtract one from the other; see the examples below.",
        "This module implements pseudo-random choices, shuffling and sampling from several"
        " distributions: uniform, normal, exponential, gamma. The default generator is seeded"
        " from the clock. Instances keep their own state, so that two of them do not disturb each"
        " other, and the state can be saved and restored.",
    ),
    "projects": (
        "Contributions are welcome: open an issue first, then a pull request with tests.",
        "The documentation is hosted online and describes every option with an example.",
        "Version 3 drops support for old interpreters and renames two arguments.",
        "The project is licensed under the terms of the MIT licence and funded by sponsors.",
        "This is a stub package with type annotations for a library that has none of its own."
        " Type checkers and editors find it by themselves. It follows the releases of the"
        " library, and its version says which release it describes. Mistakes can be reported to"
        " the repository in which all such packages are kept together.",
        "We started this project because the tools we had were too slow for our site. Since then"
        " it has been rewritten twice, and it now serves some hundred teams. Thanks to everyone"
        " who reported problems, translated the pages or answered questions on the mailing list."
        " The next release will bring themes and a faster search.",
    ),
    "home": (
        "Simmer the tomatoes for twenty minutes, then stir in the basil.",
        "Knead the dough until it is smooth and let it rest in a warm place.",
        "My sister locked the garden gate and put the key under the mat.",
        "We walked along the river and had lunch under an old oak tree.",
        "The train to the coast leaves at eight and takes three hours.",
        "The new flat has two rooms and a balcony that faces the yard. The neighbours are quiet"
        " except on Fridays, when somebody upstairs practises the trumpet. We painted the kitchen"
        " yellow, sold the old wardrobe and bought a table that is far too large, so that all the"
        " cousins can come for the holidays.",
    ),
    "culture": (
        "The museum opens a new wing for modern sculpture in the spring.",
        "The novel follows a family of farmers over three generations.",
        "She practised the violin every evening until the concert.",
        "The film takes its time. For half an hour nothing happens but a woman who mends nets and"
        " waits for letters. Then a stranger comes to the village, and what seemed to be a love"
        " story turns into one about debts, and about who may remember them.",
    ),
    "sport": (
        "White's attack on the king fails because the knight guards the square.",
        "The striker broke through the defence and scored in the last minute.",
        "After two rounds the favourites were behind. Their goalkeeper had let in a harmless shot,"
        " and the attack never found a way through the middle. Only when the captain moved back"
        " into defence did they win the ball more often, and in the end a draw was fair.",
    ),
    "science": (
        "The virus spread through the population faster during the winter.",
        "Cell walls protect plants against fungi that attack their leaves.",
        "Galaxies at that distance appear redder because space expands.",
        "The enzyme folds into its active shape only below a certain temperature.",
        "The patient was given antibiotics and recovered within a week.",
        "Salmon return to the river in which they hatched. They seem to remember its smell, and on"
        " the open sea they keep their course by the field of the earth. Dams have cut off many"
        " of their spawning grounds; where fish ladders were built, their number has doubled"
        " within ten years.",
    ),
    "news": (
        "Our quarterly revenue rose by four percent, mostly from services.",
        "The company hired a new manager to lead its logistics department.",
        "The council voted to repair the bridge before the summer.",
        "Prices of apartments in the city centre fell slightly last year.",
        "The police closed the street for two hours after a lorry had lost its load.",
        "The carmaker will close its oldest plant at the end of next year and move production to"
        " the south. Eight hundred people are affected. The union announced protests; the"
        " ministry offered talks about a fund for training. Shares of the company gained two"
        " percent, as analysts had called for lower costs for a long time.",
    ),
}
