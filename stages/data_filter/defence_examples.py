"""Example texts about security from the side of those who defend: measures, detections, rules.

Data only; `relevance_examples` says what they are for.
"""

from __future__ import annotations

DEFENCE: dict[str, tuple[str, ...]] = {
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
        "A password manager makes it easy to have another password for each service.",
        "The team looks through sign-ins from new devices every morning.",
        "Access to production is given for two hours and recorded.",
        "Wallets with larger sums need three signatures of people in different places.",
        "Scan images for known vulnerabilities before they are deployed, and stop those with"
        " critical ones.",
    ),
    "rules": (
        "The policy requires that sensitive records are encrypted at rest and in transit.",
        "An auditor checks that access rights are reviewed once a quarter.",
        "The regulation obliges operators to report serious incidents within a day.",
        "Risks to information are assessed once a year. For each system its owner names what"
        " would happen if data were disclosed, changed or lost, and which measures are in place."
        " Residual risks above the threshold have to be accepted in writing by the management.",
        "Whoever leaves the company returns badge and laptop, and accounts are closed the same"
        " day.",
        "Suppliers must tell us of any security incident that touches our data within 24 hours.",
        "Personal data may only leave the region with a contract, and encrypted.",
        "Log data is kept for 180 days, protected against change, and read by the security office"
        " only.",
        "The audit looks at who may change the rules of the firewall, and how changes are"
        " approved.",
    ),
    "mitigations": (
        "Require a second factor for all remote access, and register devices in person only.",
        "Block macros in documents that come from the internet, by group policy.",
        "Give service accounts no right to log on interactively, and rotate their passwords.",
        "Allow only signed scripts, and log what is run by the interpreter.",
        "Separate administration from daily work by accounts and by machines.",
        "Restrict which programs may start by a list of publishers and paths.",
        "Limit the number of attempts to sign in, and slow down what comes after.",
        "Encrypt disks of laptops, and ask for a PIN when they start.",
        "Deny outgoing connections from servers, but to hosts that they need.",
        "Encode output by the place where it is put, and forbid inline scripts by policy.",
        "Drop rights as soon as the port is bound.",
        "Validate the length and type of each field on the server, whatever the client has"
        " checked.",
        "Use a memory-safe language for parsers, or keep them in a process of their own.",
        "Disable services and protocols that nobody uses.",
        "Train users to look at the address before they type a password.",
        "Replace factory passwords, and forbid them by a check at first start.",
        "Turn on signed boot and lock the debug port.",
        "Have backups that an administrator of the domain can't delete.",
        "Update the plugin, or take it out.",
        "Patch at once what can be reached from outside.",
    ),
    "detections": (
        "Alert when a process other than the backup agent opens the memory of lsass.exe, as seen"
        " in event 10 of Sysmon.",
        "Look for new scheduled tasks whose command runs a script host from a user's profile.",
        "Many failed logons from one address to different accounts within ten minutes, followed"
        " by one that succeeds.",
        "Monitor DNS queries with labels of more than fifty characters to domains registered"
        " within the last thirty days.",
        "Search for office programs that start a script host.",
        "Alarm if somebody clears the event log.",
        "List accounts that were added to administrators in the last day.",
        "Look for processes that read the files in which browsers keep logins.",
        "Watch for new services whose binary lies in a temporary folder.",
        "A sudden rise in renamed files on a share points to encryption.",
        "Check for connections to addresses that no name was resolved for.",
        "Compare hashes of system files with those of the vendor.",
        "Monitor for command lines with long encoded arguments.",
        "Review audit logs of the cloud for keys that are made by roles that never made any.",
        "Sessions that change country without a new sign-in are suspect.",
        "Record kernel modules as they are loaded, and alert on unsigned ones.",
    ),
}
