"""Invented incidents, advisories, reports and notes of the last round of judging.

Data only; the same rule as for `entries`.  docs/quality.md gives the figures.
"""

from __future__ import annotations

from stages.base import Record

ADVISORIES: tuple[Record, ...] = (
    {
        "title": "Comfrey Wi-Fi Controller: guest accounts keep working",
        "severity": "Medium",
        "description": "Guest accounts created by the lobby portal of Comfrey Wi-Fi Controller 4.0"
        " remain valid after their end date, because the portal deletes them from its list but not"
        " from the RADIUS server. Former guests can keep using the network. Version 4.0.2 deletes"
        " the accounts everywhere; administrators should also purge accounts older than a month.",
    },
    {
        "title": "Yarrow Scale firmware exposes customer weights",
        "text": "Yarrow bathroom scales publish measurements to a public MQTT topic when the cloud"
        " account has expired. Anyone who knows the topic prefix can read names and weights."
        "\n\nOwners should renew the account or unpair the scale. A firmware fix is planned for the"
        " autumn.",
    },
    {
        "title": "Security update for Restharrow Helpdesk",
        "summary": "Attackers can take over agent accounts in Restharrow Helpdesk 7 by sending a"
        " ticket whose subject contains a crafted HTML tag. The tag runs a script when an agent"
        " opens the ticket list.",
        "solution": "Install 7.2.11. If that is not possible, switch the list to plain text.",
    },
    {
        "title": "Teasel VPN client installs driver with weak access rules",
        "description": "The network driver of Teasel VPN 2.8 for Windows can be opened by every"
        " user and accepts addresses without checking them. A local program can write to kernel"
        " memory and gain SYSTEM rights. We have revoked the driver's certificate, and version"
        " 2.8.5 replaces it.",
    },
    {
        "title": "Melilot ERP: audit trail can be switched off by any clerk",
        "text": "In Melilot ERP before 19.3 the setting that controls the audit trail has no"
        " permission of its own. Every user with access to the settings page can switch the trail"
        " off and on again, and no entry shows that it was off. 19.3 requires the auditor role.",
    },
    {
        "title": "Speedwell Camera hub: recordings can be listed from outside",
        "description": "The hub forwards port 8443 by UPnP and answers requests for /list without"
        " a login. Outsiders can see the names and times of recordings, but not play them. Update"
        " to hub software 3.4 and switch off UPnP in the router.",
    },
)

INCIDENTS: tuple[Record, ...] = (
    {
        "title": "Tax office mails lead to credential theft",
        "text": "In the week before the tax deadline, about 2,000 citizens of Ostermark received"
        " mails that announced a refund. The linked page copied the portal of the tax office and"
        " asked for user name, password and the code from the app. Criminals used the data at once"
        " to change bank details in 112 accounts.\n\nThe tax office noticed because the same bank"
        " account appeared in several requests. It stopped all refunds for two days and now asks"
        " for a letter code before bank details are changed.",
    },
    {
        "title": "Ransomware at a chain of veterinary clinics",
        "description": "Attackers encrypted the patient files of nine veterinary clinics on 3"
        " April. They had used the remote maintenance password of the software vendor, which was"
        " the same for all customers. Operations had to be postponed for five days. The clinics"
        " restored the files from a backup of the previous night, and the vendor gave each customer"
        " a password of its own.",
    },
    {
        "title": "Former employee deletes a shipping company's virtual machines",
        "text": "Two weeks after his dismissal, a system administrator deleted 38 virtual machines"
        " of his former employer. His personal account had been closed, but he still knew the"
        " password of a service account. Loading lists for three ships were lost, and one ship left"
        " port a day late. The company has begun to store passwords of service accounts in a vault"
        " and to change them whenever an administrator leaves.",
    },
    {
        "title": "Tampered fuel pumps in the border region",
        "published": "2091-07-08",
        "content": "Police have found skimming devices in eleven fuel pumps on the motorway to the"
        " border. The devices copied card data and sent them by Bluetooth to a phone nearby. To"
        " open the pumps, the thieves used a key that fits all pumps of the manufacturer. Some 600"
        " cards were misused. The operator has changed the locks and seals.",
    },
    {
        "title": "How our newsletter account was hijacked",
        "text": "On 9 September a mail that advertised a cryptocurrency was sent to all 48,000"
        " subscribers of our newsletter. An attacker had logged in to our account at the mailing"
        " service with a password that one of us had used on a forum that was later breached. There"
        " was no second factor. We locked the account after 40 minutes, wrote to all subscribers,"
        " and have switched on the second factor.",
    },
    {
        "title": "Power supplier's customer portal shows other people's bills",
        "description": "For about three hours on 12 January, customers who logged in to the portal"
        " of a power supplier saw the bills of others. A new cache stored pages without regard to"
        " the session. 1,340 customers were affected. The supplier switched the cache off, informed"
        " those affected and reported the case to the regulator.",
    },
    {
        "title": "Worm in the network of a radio station",
        "summary": "A worm spread from an audio workstation to 60 computers of a radio station and"
        " filled the network with traffic, so that the morning show had to be broadcast from a van."
        " The workstation ran an operating system that no longer received updates. Technicians"
        " isolated the studio network and reinstalled all computers in it.",
    },
    {
        "title": "Spoofed GPS sends harvesters off course",
        "content": "Harvesters on a farm near Elsgrund left their lanes on 22 August because they"
        " received false positions. Someone had set up a transmitter at the edge of the field that"
        " imitated satellites. Two machines ran into a ditch, and the damage amounts to 90,000"
        " euros. The farm has fitted antennas that reject signals from the horizon.",
    },
    {
        "title": "Gift card fraud at a university hospital",
        "text": "An assistant at a university hospital bought gift cards for 6,500 euros after"
        " receiving messages in the name of the head of department. The messages came from a"
        " private mail address with the head's photo. She became suspicious when she was asked to"
        " send the codes as pictures. The dealer was able to block cards worth 2,000 euros.",
    },
    {
        "title": "Source code of a bank app found on a public server",
        "description": "A contractor copied the source code of a bank's app to a server at home"
        " that was open to the internet. A security researcher found it by a search for the bank's"
        " internal host names. The code contained keys for the test environment, but none for"
        " production. The bank had the server shut down and replaced all keys.",
    },
    {
        "title": "Compromised update of a label printer",
        "text": "An update for a label printer, published on the manufacturer's website on 5 May,"
        " contained a trojan that searched for files with the names of medicines. Intruders had"
        " replaced the file after guessing the password of the website's editor. The manufacturer"
        " removed it on 7 May. A pharmacy's virus scanner had raised the alarm. About 300 customers"
        " had installed the update.",
    },
    {
        "title": "Overload of the emergency line in Westfirth",
        "published": "2090-12-01",
        "content": "For 50 minutes, callers could hardly reach the emergency line of Westfirth. A"
        " malicious link, spread on a social network, made phones dial the number again and again."
        " The operator of the exchange blocked repeated calls from the same phone. A 17-year-old"
        " was questioned; he said that he had wanted to show a bug in a phone's browser.",
    },
)

REPORTS: tuple[Record, ...] = (
    {
        "name": "MIRELARK",
        "type": "malware",
        "description": "MIRELARK is an information stealer written in Go that targets macOS. It is"
        " distributed through fake installers of video editors and asks for the user's password"
        " with a dialog that looks like one of the system. MIRELARK collects cookies, wallets and"
        " notes and uploads them as a ZIP archive to its server.",
    },
    {
        "name": "Gilded Wren",
        "type": "intrusion-set",
        "aliases": ["TA-Sparrow"],
        "description": "Gilded Wren is an espionage group that has been active since 2084. It"
        " targets shipyards and navies in northern Europe. The group registers domains that"
        " resemble those of maritime authorities and rarely uses malware; it logs in with stolen"
        " accounts.",
    },
    {
        "title": "Pig butchering by video: the Lotus Yard operation",
        "text": "Lotus Yard runs romance scams from a former hotel with about 300 workers, many of"
        " whom are held against their will. Scripts are translated by machine, and faces in video"
        " calls are exchanged in real time. Victims are led to a fake exchange that shows invented"
        " profits and asks for taxes before any payout. Banks can spot such cases by first"
        " transfers to exchanges by customers over 60 and by calls that last while a transfer is"
        " made.",
    },
    {
        "title": "Abuse of cloud functions as proxies",
        "text": "Attackers deploy short-lived cloud functions with stolen keys and send their login"
        " attempts through them, so that each attempt comes from another address of the provider."
        " Look for functions that were created by accounts which had never created any, and for"
        " functions that are deleted within an hour. Limit who may deploy functions, and set a low"
        " quota for new regions.",
    },
    {
        "title": "Guarding the Gate: an Analysis of Captcha Farms",
        "authors": ["L. Moreau", "K. Adeyemi"],
        "year": 2087,
        "abstract": "Captcha farms pay people to solve captchas for bots. We bought 30,000"
        " solutions from six farms and measured how fast and how well they work. The median answer"
        " took 11 seconds, and 94 percent of answers were right. Farms share workers: a puzzle sent"
        " to two farms was often answered by the same person. We suggest puzzles that expire after"
        " eight seconds.",
    },
    {
        "title": "Reading Between the Pixels: information leaks in video calls",
        "authors": ["T. Baumgart"],
        "year": 2091,
        "abstract": "Virtual backgrounds in video calls let parts of the real background through"
        " when people move. In this paper we reconstruct rooms from such parts. From calls of ten"
        " minutes, our method recovers on average 61 percent of the room and reads the titles of"
        " books. Blurring the edge of the person for longer reduces this to 9 percent.",
    },
    {
        "title": "Checklist for shared workstations in laboratories",
        "summary": "Shared workstations should be reset to a known state every night. Give each"
        " user an account instead of one for all, lock the screen after five minutes, and forbid"
        " storing passwords in the browser. Measuring devices that can't be updated belong into a"
        " network of their own.",
    },
    {
        "title": "Trend note: fraud with digital parking permits",
        "text": "Since March, we have seen a new kind of fraud in which criminals sell forged"
        " digital parking permits through social networks. The permits carry a QR code that leads"
        " to a copy of the city's verification page, so that wardens who scan it see a valid"
        " permit. At least four cities are affected. Cities should have"
        " wardens check permits in their own app"
        " only.",
    },
    {
        "name": "GRAVELDART",
        "type": "malware",
        "description": "GRAVELDART is a wiper for Windows that was used against two mining"
        " companies in 2090. It disables recovery, overwrites files with random bytes and finally"
        " corrupts the partition table. GRAVELDART is started by a scheduled task that is"
        " distributed through a group policy.",
    },
    {
        "title": "Field guide: signs of a compromised mail account",
        "text": "A compromised mail account often shows a new rule that moves mails with words such"
        " as invoice or bank into a rarely used folder. Check sign-ins from hosting providers, new"
        " consents for apps, and changes of the recovery address. If an account is compromised,"
        " revoke its sessions first, then change the password and remove rules and consents.",
    },
)
