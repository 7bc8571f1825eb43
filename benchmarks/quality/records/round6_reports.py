"""Invented incidents, reports and notes of the sixth round; their faults have been mended.

Data only; the same rule as for `entries`.
"""

from __future__ import annotations

from stages.base import Record

INCIDENTS: tuple[Record, ...] = (
    {
        "title": "Payroll diversion at the municipal theatre",
        "text": "In February, the salaries of four actors were paid to prepaid card accounts. An"
        " attacker had signed in to the self-service portal of the payroll provider with passwords"
        " that the actors also used elsewhere, and had changed their bank details.\n\nThe theatre"
        " noticed when an actor asked for his pay on the third of March. The provider reversed two"
        " of the four payments. It now requires a second factor for changes of bank details.",
    },
    {
        "title": "Ransomware at a cold storage company",
        "description": "On the night of 11 October, attackers encrypted the warehouse management"
        " system of a cold storage company in Tarnholm. They had entered through a VPN appliance"
        " whose firmware was two years old, and moved to the hypervisor with a domain"
        " administrator's account. Trucks could not be loaded for three days, and 40 tonnes of fish"
        " spoiled. The company restored its systems from tapes and did not pay. It has since"
        " replaced the appliance and separated administration of the hypervisor from the domain.",
    },
    {
        "incident": {
            "name": "Leak of exam papers",
            "summary": "Exam papers of three subjects were offered in a chat group two days before"
            " the exams. A clerk of the printing house had stored the files on a shared drive whose"
            " link needed no password, and the link had been indexed by a search engine.",
            "response": "The authority postponed the exams and printed new papers at another"
            " house. Files are now encrypted before they leave the authority.",
        }
    },
    {
        "title": "Postmortem: stolen deploy token",
        "text": "Summary: On 2 May an attacker used a deploy token to publish version 4.7.1 of our"
        " command line tool with a script that collected SSH keys.\n\nRoot cause: The token was"
        " printed in the log of a public build job, because a debug flag had been left on.\n\n"
        "Detection: A user reported an unexpected network connection 50 minutes after the release."
        "\n\nResponse: We removed the version, revoked the token and asked all users of 4.7.1 to"
        " replace their SSH keys. 312 downloads took place.\n\nWhat we changed: Releases now need"
        " the approval of two people, and logs are scanned for secrets.",
    },
    {
        "title": "Wind farm operator loses remote control after intrusion",
        "published": "2092-01-19",
        "content": "The operator of the wind farm Graunitz could not control 58 turbines remotely"
        " from Sunday to Wednesday. According to the operator, intruders had deleted the"
        " configuration of satellite modems after signing in with the manufacturer's default"
        " password. The turbines kept running in automatic mode. Technicians had to replace each"
        " modem on site.",
    },
    {
        "title": "Customer data of a bicycle rental on sale",
        "description": "A database with names, phone numbers and routes of 91,000 customers of a"
        " bicycle rental was offered on a forum in July. The data came from a test server that an"
        " agency had set up with a copy of production data and left reachable without a password."
        " The rental informed the customers and the regulator, and ended the contract with the"
        " agency.",
    },
    {
        "title": "Voice call fraud against a notary",
        "text": "A notary's assistant received a call from a man who claimed to be from the bank's"
        " security department and knew the names of two recent clients. He asked her to confirm"
        " three transfers with the signing device to 'test a new protection'. The transfers, worth"
        " 186,000 francs in total, went to accounts abroad. The bank got back 70,000 francs. The"
        " caller's knowledge came from letters stolen from the office's mailbox.",
    },
    {
        "title": "Defacement of a ministry's weather page",
        "summary": "For two hours on 8 August the weather page of the ministry of agriculture"
        " showed a political slogan. The attacker exploited a file upload form that had been meant"
        " for photos of hail damage and did not check the type of files. The page was restored from"
        " a backup, the form was taken offline, and no other system was reached.",
    },
    {
        "title": "Spyware found on phones of union officials",
        "text": "A laboratory found traces of commercial spyware on the phones of three union"
        " officials. The phones were infected between March and May by messages with a link to what"
        " looked like a delivery notice; opening the link was enough. The spyware recorded calls"
        " and read messages from encrypted messengers. The laboratory does not name who ordered"
        " the surveillance. It advises people at risk to install updates at once and to restart"
        " their phones daily.",
    },
    {
        "title": "Data loss at a dental chain after cloud misconfiguration",
        "description": "X-ray images of 22,000 patients could be viewed on the internet for five"
        " months. A contractor had set a storage bucket to public in order to debug a viewer and"
        " forgot to change it back. A journalist found the images and told the chain, which closed"
        " the bucket within an hour. Logs show 14 downloads from unknown addresses.",
    },
    {
        "title": "Crypto miner on university cluster",
        "text": "Between 20 and 24 December about a third of the nodes of a university's computing"
        " cluster mined cryptocurrency. The intruder had logged in with the SSH key of a doctoral"
        " student, copied from an infected laptop, and submitted jobs under the name of a"
        " well-known simulation package. An administrator noticed that the jobs ran without"
        " reading any input."
        " The key was removed, and logins from outside now need a certificate that expires daily.",
    },
    {
        "title": "Water utility: unauthorised change of chlorine dosing",
        "content": "At 03:40 on 6 June an unknown person raised the set point for chlorine at the"
        " Ellmoor water works through a remote desktop that operators used from home. The shift"
        " operator saw the pointer move, lowered the set point again and pulled the network cable."
        " No water with too much chlorine left the works. All operators had shared one password"
        " for remote access. The utility has removed the remote desktop.",
    },
)

REPORTS: tuple[Record, ...] = (
    {
        "name": "DUSKVOLE",
        "type": "malware",
        "description": "DUSKVOLE is a loader for Windows that has been sold on a forum since 2091."
        " It arrives as an MSI package signed with a stolen certificate and injects its payload"
        " into explorer.exe. DUSKVOLE checks the keyboard layout and exits on systems with certain"
        " layouts. It contacts its server over HTTPS every 90 seconds, with data hidden in"
        " cookies.",
    },
    {
        "name": "Copper Lantern",
        "type": "intrusion-set",
        "aliases": ["UNC-Tern", "Brass Moth"],
        "description": "Copper Lantern is a group that has targeted ports and customs authorities"
        " since at least 2088. It gains access by spear phishing with fake bills of lading and"
        " keeps it with legitimate remote support tools. Researchers believe that the group sells"
        " information on containers to smugglers.",
    },
    {
        "title": "Inside the Sleetmark ransomware operation",
        "text": "Sleetmark is run as a service: its developers keep 20 percent of each ransom. Its"
        " encryptor for Linux and ESXi stops virtual machines with esxcli before it encrypts their"
        " disks, and adds the ending .sleet to files. Affiliates usually enter through exposed RDP"
        " or stolen VPN accounts, and delete backups with the backup software's own console.\n\n"
        "Defenders can look for the creation of the file /tmp/.slt.pid on ESXi hosts and for the"
        " use of esxcli to kill all virtual machines within a minute. Backups should be kept where"
        " domain administrators have no rights.",
    },
    {
        "title": "QR code phishing in parking garages",
        "summary": "Since spring, fraudsters have put stickers with QR codes on pay stations in"
        " parking garages of six cities. The codes lead to copies of the operator's payment page"
        " that ask for card data. At least 400 people have entered their cards. Operators have"
        " begun to check pay stations daily, and advise customers to type the address or use the"
        " official app.",
    },
    {
        "title": "Tailing the Tide: timing attacks on encrypted messengers' delivery receipts",
        "authors": ["R. Achterberg", "S. Oyelaran"],
        "year": 2091,
        "abstract": "Delivery receipts tell the sender when a message has reached a phone. We show"
        " that their timing reveals whether the phone's screen is on, which network it uses and in"
        " which of several known places it is. In experiments with 34 volunteers, places were"
        " recognised with an accuracy of 82 percent. We propose to delay receipts by a random time"
        " and discuss what this costs in convenience.",
    },
    {
        "title": "A field study of password managers in small firms",
        "authors": ["M. Lindqvist"],
        "year": 2090,
        "abstract": "We accompanied eleven small firms while they introduced a password manager."
        " After a year, 68 percent of accounts were stored in it, but shared accounts were still"
        " passed around on paper. The greatest obstacle was recovery: in five firms an owner lost"
        " the master password. We recommend that firms keep a sealed recovery sheet and name a"
        " second administrator.",
    },
    {
        "name": "Lantern CTF 2092",
        "format": "Jeopardy",
        "start": "2092-04-11T09:00:00Z",
        "finish": "2092-04-13T09:00:00Z",
        "organizers": ["Ravensmoor Hack Society"],
        "description": "Lantern CTF is a 48-hour online contest for teams of up to six, with"
        " challenges in web, binary exploitation, cryptography and hardware. Two challenges need a"
        " cheap radio receiver.",
    },
    {
        "title": "Detecting abuse of remote support tools",
        "text": "Intruders increasingly install remote support tools instead of malware, as these"
        " are signed and allowed by many firewalls. Monitor for the installation of tools that your"
        " help desk does not use, and for support tools that start as a service outside of working"
        " hours. Compare the tool's account id with that of your own licence. Application control"
        " should allow a single support tool only.",
    },
    {
        "title": "Hardening notes for Kubernetes clusters",
        "text": "Disable anonymous access to the kubelet. Give each workload a service account of"
        " its own and do not mount its token where it is not needed. Network policies should deny"
        " traffic between namespaces by default. Images should be pulled by digest from a registry"
        " that scans them. A pod that runs as root and mounts the host's file system lets an"
        " attacker take over the node.",
    },
    {
        "name": "TARNISH",
        "type": "tool",
        "description": "TARNISH is an open source tool that collects browser passwords, Wi-Fi keys"
        " and cloud tokens from macOS and Linux systems. It was written for penetration tests and"
        " has been used by at least two ransomware affiliates.",
    },
)
