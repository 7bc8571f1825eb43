"""Invented advisories, incidents and reports of the tenth round, judged with everything frozen.

Data only; the same rule as for `entries`.  docs/quality.md gives the figures.
"""

from __future__ import annotations

from stages.base import Record

ADVISORIES: tuple[Record, ...] = (
    {
        "title": "Juncus Print Server: unauthenticated job listing",
        "description": "The status page of Juncus Print Server 6 lists the names of all print"
        " jobs to"
        " anyone who can reach port 9163. File names may reveal personal data. The problem is fixed"
        " in 6.0.4. Customers who cannot update should bind the page to localhost.",
    },
    {
        "id": "ELSA-2091-3301",
        "title": "moderate: sedge security update",
        "description": "[1.8.2-4]\n- Fix a stack overflow in sedge when it parses nested includes"
        " (CVE-2091-41001)\n- Rebuild with hardened flags\n\nA user who opens a crafted"
        " configuration"
        " file can crash the daemon.",
        "severity": "Moderate",
    },
    {
        "title": "Bulrush SSO - forged assertions",
        "text": "**What is the problem?**\nBulrush SSO before 3.14 accepts SAML assertions whose"
        " signature covers only part of the document. An attacker who owns any account can sign in"
        " as somebody else.\n\n**Am I affected?**\nYou are affected if you use SAML. OpenID Connect"
        " is not affected.\n\n**What should I do?**\nUpdate to 3.14 and end all sessions.",
    },
    {
        "title": "Recall of Reedmace baby monitors",
        "content": "Reedmace recalls 12,000 baby monitors of model RM-2. Strangers can watch the"
        " picture because the device numbers of the cloud service can be guessed and no password is"
        " asked. Parents should unplug the monitors and send them back. The company will refund the"
        " price.",
    },
    {
        "title": "Phragmites ERP: change default keys",
        "text": "Installations of Phragmites ERP that were set up with the quick start image"
        " share the"
        " same signing key for session cookies. Anyone who has the image can forge a cookie of an"
        " administrator. Run `phrag-admin rotate-keys` and restart all workers. New images create"
        " the key at first start.",
    },
    {
        "title": "Typha Mail Gateway 9.2.1 released",
        "summary": "This release fixes a problem in which encrypted attachments were delivered"
        " without"
        " being scanned when the archive contained more than 1,000 files.",
        "solution": "Install 9.2.1. As a workaround, reject archives with more than 1,000 files"
        " under"
        " Policies > Limits.",
    },
)

INCIDENTS: tuple[Record, ...] = (
    {
        "title": "Museum loses ticket revenue to a cloned site",
        "text": "For five weeks a copy of the museum's ticket shop appeared above the real one in"
        " search results. The operators had bought an advertisement with the museum's name. About"
        " 1,400 visitors paid there and stood at the door with tickets that the scanner refused."
        " The"
        " museum let them in, reported the site and now buys the advertisement itself.",
    },
    {
        "title": "Timeline of the intrusion at Holm Logistics",
        "content": "- 3 May, 22:14: login to the VPN with the account of a dispatcher, without a"
        " second"
        " factor\n- 4 May, 01:30: the intruders list all shares\n- 6 May: 210 GB leave the network"
        " to a storage provider\n- 9 May, 04:00: encryption starts on 38 servers\n- 9 May, 04:25: a"
        " night shift worker sees that labels are no longer printed and calls IT\n\nHolm"
        " restored 31"
        " servers from tapes. The VPN now demands a hardware key.",
    },
    {
        "title": "City council video call disturbed",
        "text": "A council meeting in Brenn was interrupted on Monday when strangers joined the"
        " video"
        " call and showed offensive pictures. The link had been published on the city's website"
        " without a waiting room. The meeting was ended after four minutes and held again two days"
        " later with registration.",
    },
    {
        "incident_id": "2091-118",
        "summary": "Stolen laptop of a field engineer",
        "description": "A laptop was stolen from a car in front of a customer site. Its disk was"
        " encrypted, but a sheet with the PIN was in the bag. The laptop held network plans of four"
        " substations. All VPN certificates of the engineer were revoked within two hours, and the"
        " customers were informed.",
        "victim": "Nordgrid",
        "action": "physical theft",
    },
    {
        "title": "Students' data in a search engine",
        "content": "A database of 61,000 students of Kolding College could be found through a"
        " search"
        " engine for devices for at least 19 days. It held names, marks and medical certificates."
        " An administrator had opened the port to test a report and had forgotten to close it. A"
        " journalist found the database and informed the college, which closed the port within an"
        " hour.",
    },
    {
        "title": "Bot network buys up concert tickets",
        "text": "When tickets for a concert went on sale, 84% of all requests came from 9,000"
        " hijacked"
        " home routers. The bots had solved the picture puzzles through a paid service. The"
        " organizer cancelled 11,300 orders and sold the tickets again by lottery. Most of the"
        " routers had firmware from 2086.",
    },
    {
        "title": "Wrong invoice, right reference number",
        "text": "A timber trader paid 86,000 euros to criminals. They had read the mailbox of a"
        " sawmill"
        " for a month and sent an invoice with changed bank details in reply to a genuine thread."
        " The trader's bank could stop 20,000 euros. The sawmill has since introduced a second"
        " factor for mail and confirms new bank details by telephone.",
    },
    {
        "title": "Broken update locks out an emergency service",
        "text": "After an update of the endpoint agent, 340 tablets in ambulances of the region"
        " refused"
        " to start on Sunday. No attack was involved: the agent had quarantined a system library"
        " by mistake. Crews worked with paper for nine hours. The service now updates ten tablets"
        " first and waits for a day.",
    },
    {
        "title": "Insider sold SIM swaps",
        "content": "A shop assistant of a mobile operator moved 57 numbers to SIM cards of"
        " accomplices"
        " for 300 euros each. With the codes that they received, the accomplices emptied exchange"
        " accounts. The operator noticed that one employee had changed more cards than a whole"
        " branch. She was arrested in March.",
    },
    {
        "title": "Coffee chain app leaks receipts",
        "text": "The app of the chain Bohne showed some customers the receipts of others after a"
        " cache"
        " had been placed in front of the server without regard to the session. 2,200 receipts with"
        " the last four digits of cards were shown to strangers on 14 August. The cache was removed"
        " after three hours.",
    },
)

REPORTS: tuple[Record, ...] = (
    {
        "type": "malware",
        "name": "INKCAP",
        "description": "INKCAP is a loader for Windows that arrives in signed installers of"
        " note-taking"
        " programs. It hides its configuration in the pixels of an icon and asks a public calendar"
        " for the address of its server. INKCAP has delivered STONEFLY and other stealers since"
        " 2090.",
        "aliases": ["INKCAP"],
    },
    {
        "title": "Anatomy of PUFFBALL",
        "content": "PUFFBALL is Linux ransomware for hypervisors. Before it encrypts disk images it"
        " stops all virtual machines with esxcli. The key is generated per file and wrapped with a"
        " public key in the binary, so that files cannot be recovered without the operators."
        "\n\nWe saw it in four companies. In each of them the management network could be reached"
        " from office clients, and the root password was that of the"
        " installation.\n\nAdministrators"
        " should close SSH on hosts, put management interfaces into a network of their own and test"
        " whether backups survive the loss of the hypervisor.",
    },
    {
        "title": "Who is Amber Shrike?",
        "text": "Amber Shrike is a group that breaks into municipal water suppliers in two"
        " countries."
        " Its members speak Spanish in their chats and rent servers by the day. We believe that the"
        " group wants to sell access rather than to cause damage: in none of the eleven cases was a"
        " controller touched. It uses the remote access software that suppliers have left running.",
    },
    {
        "title": "Catching consent phishing",
        "text": "In consent phishing the victim grants an application access to a mailbox"
        " instead of"
        " typing a password. Search the audit log for the operation 'Consent to application' by"
        " users"
        " who are no administrators, and for applications with the permission Mail.Read that are"
        " younger than a week. An application whose publisher is not verified and that several"
        " users"
        " accept within an hour is almost always malicious.",
    },
    {
        "title": "Measuring the Lifetime of Leaked API Keys",
        "abstract": "Developers leak API keys in public repositories every day. We planted 3,000"
        " keys of"
        " five providers and recorded when they were first used by strangers. The median was 4"
        " minutes for cloud keys and 9 days for keys of mail services. Two providers revoked the"
        " keys"
        " before anybody used them. We discuss how scanning at commit time could protect the"
        " others.",
        "authors": ["M. Okafor", "J. Lindqvist", "P. Anand"],
        "published": "2091-08-02",
    },
    {
        "title": "Do Passkeys Help Older Users? A Field Study",
        "abstract": "This study asks whether people over 65 manage to sign in with passkeys. We"
        " trained"
        " 40 participants for an hour and visited them after three months. 31 of them still used"
        " passkeys; those who had stopped had changed their phone. Participants felt safer than"
        " with"
        " passwords but could not say why.",
        "authors": ["C. Marchetti"],
        "year": 2091,
    },
    {
        "title": "Notes from the red team exercise",
        "text": "We had two weeks and the goal to read the design files of the new pump. Entry"
        " was a"
        " badge that we copied in the canteen queue. The meeting rooms have live network ports,"
        " and a"
        " printer there gave us a service account with the password in its address book. From there"
        " it took one day to the file server. The blue team saw the copied badge only because its"
        " owner was on leave.",
    },
    {
        "title": "Checklist: leaving employees",
        "text": "- Close the account on the last day at noon\n- Collect laptop, badge and"
        " hardware key\n"
        "- Change shared secrets that the person knew\n- Move mailboxes to the manager for 30"
        " days\n"
        "- Check for personal access tokens and SSH keys",
    },
    {
        "title": "FAQ for customers: data incident at our mail provider",
        "content": "Which data is affected? Names and mail addresses of newsletter subscribers."
        " Were"
        " passwords affected? No, the provider does not have them. What should I do? Be careful"
        " with"
        " messages that claim to come from us, and do not open attachments. We never ask for"
        " passwords by mail.",
    },
    {
        "title": "Gate Crash CTF - writeup of 'locksmith'",
        "text": "The task gives the firmware of a toy lock. Strings show a debug command that"
        " prints the"
        " PIN when a checksum matches. The checksum is a CRC-16 over the serial number, so it"
        " can be"
        " computed. Sending `dbg 3fa1` over the serial port returns the PIN and the flag.",
    },
)
