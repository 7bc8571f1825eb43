"""The other half of the example sentences of roles; see `role_examples`."""

from __future__ import annotations

DETECT: dict[str, tuple[str, ...]] = {
    "techniques": (
        "Monitor for new devices in the directory that nobody has requested.",
        "Look for processes of the print service that open network connections.",
        "A sudden rise of failed sign-ins followed by a success may show an attack.",
        "Defenders can alert on event 4720 outside of working hours.",
    ),
    "detections": (
        "Detects the creation of a scheduled task whose action lies in a temporary folder.",
        "Identifies a process that reads the memory of the sign-in service without a signature.",
        "Correlation of a mailbox rule with a sign-in from a new country.",
        "Unusual outbound traffic to a rare domain shortly after a document was opened.",
        "Anomalous use of administration tools by accounts that never used them before.",
    ),
    "weaknesses": (
        "The weakness can be found with static analysis of the data flow.",
        "Fuzzing with malformed lengths is likely to uncover it.",
    ),
    "vulnerabilities": (
        "Attempts leave lines with a double slash in the access log.",
        "Whether a host is affected shows in the version that the banner reports.",
    ),
    "malware": (
        "Indicators of compromise are the mutex Global-Q7 and the file qhelper.dll.",
        "Its beacons stand out by a user agent with a misspelt browser name.",
        "Hosts that were infected have a value named SpoolUpdate under the Run key.",
        "Analysts should hunt for the service name and for connections to port 8443.",
    ),
    "incidents": (
        "The intrusion was noticed when a monitoring system raised an alarm about disk activity.",
        "A customer reported mails that contained real invoice numbers.",
        "The breach was discovered during an audit in autumn.",
        "An administrator became suspicious because of sign-ins at night.",
        "The police informed the company that its data was for sale.",
    ),
    "advisories": (
        "Operators can check the log for requests to the hidden page.",
        "Signs of an attack are unknown accounts with names of eight random letters.",
    ),
}

RESPOND: dict[str, tuple[str, ...]] = {
    "techniques": (
        "Limit who may add devices to the directory.",
        "Organizations should require a second factor for every remote sign-in.",
    ),
    "mitigations": (
        "Disable services that are not needed and remove them from the image.",
        "Restrict write access to the folder to administrators.",
        "Train users to check the address before they type a password.",
        "Use a list of allowed programs and review it every month.",
    ),
    "weaknesses": (
        "Use a vetted library that encodes output for its context.",
        "Assume all input is malicious and accept only what is known to be good.",
        "Check the return value of every call that allocates memory.",
        "Run the code with the lowest rights that it needs.",
    ),
    "vulnerabilities": (
        "Users should update to version 3.2.1.",
        "The issue is fixed in 2.4.7 and 3.0.2.",
        "As a workaround, turn off the preview of attachments.",
        "There is no patch; block access to the port at the firewall.",
        "The vendor has released an update that validates the header.",
    ),
    "advisories": (
        "Administrators are advised to install the firmware of 12 June without delay.",
        "Rotate all keys that were stored on the device.",
        "Customers of the cloud service do not need to do anything.",
        "Until the update is installed, allow the interface only from the management network.",
    ),
    "incidents": (
        "The company reset all passwords and called in a forensic firm.",
        "Servers were rebuilt from backups that had been kept offline.",
        "The affected accounts were locked and customers were informed by mail.",
        "The network was taken offline within an hour.",
        "Since then a second factor is required for suppliers as well.",
        "The town did not pay and restored its systems within three weeks.",
    ),
    "malware": (
        "Block the domains at the proxy and remove the scheduled task.",
        "Infected hosts should be isolated and set up anew.",
    ),
}

AFFECTED: dict[str, tuple[str, ...]] = {
    "vulnerabilities": (
        "Versions 2.0 to 2.4.6 are affected.",
        "This affects the packages corvo-desk before 3.2 and corvo-api before 1.9.",
        "Only installations with the proxy module turned on are vulnerable.",
        "The desktop client and the mobile apps are not affected.",
        "All firmware up to 7.11 is vulnerable.",
    ),
    "advisories": (
        "Affected products are the switches N40 and N48 with firmware before 9.3.",
        "The following versions are affected: 5.1, 5.2 and 6.0.",
        "Systems in the default configuration are not vulnerable.",
    ),
    "weaknesses": (
        "The weakness is common in programs written in C and C++.",
        "Embedded controllers and routers are affected most.",
    ),
    "malware": (
        "It runs on Windows and on Linux servers.",
        "Its victims are mostly small firms in the building trade.",
        "Targets were banks in three countries of Latin America.",
    ),
    "groups": (
        "The group targets ministries, embassies and suppliers of the defence industry.",
        "Victims are found in the energy and water sectors.",
    ),
    "incidents": (
        "Some 300 schools in four districts use the platform.",
        "Patients of the years 2019 to 2031 are affected.",
        "Neither the payment system nor the website was touched.",
    ),
    "techniques": (
        "The technique applies to Windows hosts that are joined to a domain.",
        "Cloud tenants with guest access are exposed as well.",
    ),
}

WHO: dict[str, tuple[str, ...]] = {
    "groups": (
        "The group is believed to work on behalf of a foreign intelligence service.",
        "Researchers link the cluster to Amber Heron by its servers and its hours of work.",
        "It has been active since the summer of 2026 under several names.",
        "Analysts attribute the campaign to it with moderate confidence.",
    ),
    "malware": (
        "The tool is sold on a forum by a user called mottle.",
        "It has been attributed to operators who speak Portuguese.",
        "Only one group is known to use it.",
        "The code shares a routine with an older family of the same author.",
    ),
    "incidents": (
        "The gang Lockfern claimed responsibility on its leak site.",
        "Who was behind the attack is not known.",
        "A former employee of the supplier was arrested in April.",
        "Prosecutors accuse two brothers of having sold the access.",
        "The extortionists demanded forty bitcoins.",
    ),
    "techniques": (
        "Amber Heron has used this against diplomats since 2024.",
        "Several groups of extortionists are known to have done so.",
    ),
    "vulnerabilities": (
        "The flaw has been exploited in the wild by an unknown actor since May.",
        "Reports say that a criminal group used it against web shops.",
    ),
}

FINDING: dict[str, tuple[str, ...]] = {
    "papers": (
        "Our evaluation shows that the detector misses less than one percent of the forgeries.",
        "We found eleven unknown flaws, of which eight have been fixed.",
        "Experiments with three models confirm that the overhead stays below four percent.",
        "The results suggest that warnings are read only when they are rare.",
        "Compared with earlier work, precision rises from 71 to 88 percent.",
        "Of 1,200 participants, only a third noticed the changed address.",
        "On average, it takes nine minutes to recover a key of 128 bits.",
        "We conclude that the scheme should not be used for firmware.",
    ),
    "reports": (
        "In the second quarter the number of reported cases rose by a fifth.",
        "Nearly half of the tested sites still accept the old protocol.",
        "The median time between intrusion and discovery was twelve days.",
        "A scan of the internet found 19,000 open devices.",
    ),
    "incidents": (
        "The investigation showed that no customer data had left the network.",
        "The lesson is that backups have to be tried out before they are needed.",
        "The review concludes that a second factor would have stopped the attack.",
        "In hindsight, the alarm of the first night should have been followed up.",
    ),
}

ASIDE: dict[str, tuple[str, ...]] = {
    "advisories": (
        "The information in this document is provided as is without warranty of any kind.",
        "For details see the references below.",
        "Contact security@example.org if you have questions about this notice.",
        "We thank the researcher who reported the issue to us.",
        "This document may be distributed freely.",
        "Revision 1.1 corrects the table of products.",
        "Subscribe to the list to receive further notices.",
    ),
    "vulnerabilities": (
        "NOTE: the vendor disputes the severity of this issue.",
        "The identifier VDB-1042 was assigned to this entry.",
        "This entry is awaiting analysis.",
        "The exploit has been disclosed to the public.",
        "This is a different issue than the one of last year.",
    ),
    "weaknesses": (
        "This entry might be split in a future version.",
        "The term is also used for other things, so it should be avoided.",
        "More research is needed on this subject.",
    ),
    "techniques": (
        "More information can be found on the page of the parent technique.",
        "The name is taken from a talk at a conference.",
        "Kerberos is an authentication protocol that is based on tickets.",
        "A mail client stores messages in a local file.",
    ),
    "papers": (
        "The rest of this paper is organised as follows.",
        "This work was supported by a grant of the research council.",
        "Code and data are available on request.",
        "Passwords have been used for decades.",
        "Cloud computing has become part of everyday life.",
    ),
    "incidents": (
        "The company has 400 employees and makes pumps.",
        "A spokesman declined to comment on the details.",
        "We will update this page when there is news.",
        "The full report is available for download.",
        "Click here to read more stories like this.",
        "The town lies on the coast and has 20,000 inhabitants.",
    ),
    "events": (
        "Prizes are sponsored by three local companies.",
        "Please read the rules before you register.",
        "There will be pizza on both evenings.",
    ),
}
