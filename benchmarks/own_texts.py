"""Texts of our own writing that decisions are measured on, where no labelled source has any.

None of them is, or was made from, an example sentence of the stages.  Invariant: nobody edits
an example of the stages to make one of these come out right.
"""

from __future__ import annotations

# Prose about anything but computers, and near misses: words of security in another sense.
EVERYDAY = (
    "The ferry was cancelled because of the storm, so we spent another night on the island and"
    " played cards with the other stranded passengers until the power went out.",
    "Fold the egg whites into the batter a third at a time. Bake for forty minutes and do not"
    " open the oven before the top is golden.",
    "Grandfather's watch stopped the day he moved to the city. My aunt had it repaired twice, but"
    " it never kept time again, and now it lies in a drawer with his letters.",
    "The home side defended deep for an hour, then conceded twice in five minutes after their"
    " captain was sent off for a late tackle.",
    "In the Middle Ages the town guarded its gates at night; merchants who arrived late had to"
    " sleep outside the walls and were easy prey for robbers.",
    "Flu vaccines are adapted every year, because the virus changes and the immune system no"
    " longer recognises it.",
    "The choir meets on Thursdays at seven in the parish hall. New voices, tenors above all, are"
    " welcome, and nobody has to audition.",
    "Rents rose by six percent in the inner districts, while the outskirts saw almost no change."
    " The institute expects the market to calm down next year.",
    "Prune the roses in early spring, just above a bud that points outwards, and burn the"
    " diseased wood so that the fungus does not spread.",
    "Her second novel is set in a lighthouse. Three generations of keepers tell the same story,"
    " and each of them leaves out something else.",
    "Turn left after the bakery and follow the canal for about two kilometres. The campsite is"
    " behind the mill, and the warden lives in the yellow house.",
    "The bishop on g2 looks passive, but it protects the king and will control the long diagonal"
    " once the centre opens. Black's attack comes too late.",
    "A pack of wolves was seen near the reservoir. Shepherds are asked to keep their flocks in"
    " fenced pastures and to report losses to the district office.",
    "The committee approved the budget for the new swimming pool with eleven votes to four."
    " Construction is to start after the summer holidays.",
    "Insulin is released when the sugar in the blood rises. The cells then take it up and store"
    " it, and the level falls again within two hours.",
    "We sell refurbished bicycles with a two-year guarantee. Bring your old one and we take fifty"
    " off the price. Test rides are free on Saturdays.",
    "The orchestra opened with a short overture, and the soloist, who had stepped in two days"
    " before, played the concerto from memory.",
    "Sandstone weathers faster on the side that faces the rain. The masons replaced about a third"
    " of the blocks and left the tool marks visible.",
    "Our flight landed late and the luggage came later still, so the first thing we saw of the"
    " city was the inside of a police station, where we filled in a form for the lost case.",
    "The harvest was poor. After the late frost came beetles, and what they left was ruined by"
    " hail in August. Many farms have applied for support from the state.",
    "Children under six travel free when they sit on an adult's lap. A seat of their own costs"
    " half the fare and has to be reserved at least a day ahead.",
    "He trained as a locksmith, opened a shop behind the station and cut keys for half the town"
    " before he took up painting at the age of fifty.",
    "The strike at the port enters its third week. Containers pile up on the quays, and shops"
    " warn that toys may be scarce before the holidays.",
    "Two thirds of those asked would rather work from home on Fridays. Managers see the matter"
    " differently: they fear that teams drift apart.",
    "The comet will be visible above the western horizon shortly after sunset. Binoculars help,"
    " and so does a place far from the lights of the city.",
    "A mild cheese, a pear and a handful of walnuts make a quick dessert. Warm the nuts in a dry"
    " pan first; they taste of more.",
    "The pharmacy on the corner closes for good at the end of the month. The owner retires, and"
    " nobody was found to take over.",
    "Glaciers in this range have lost a fifth of their volume since the year 2000. The streams"
    " carry more water now, but in forty years they may run dry in August.",
    "Minutes of the residents' meeting: the stairwell will be painted, bicycles must not block"
    " the exit, and the caretaker asks everybody to close the cellar door at night.",
    "At half time the coach changed the formation and brought on a second striker. It paid off:"
    " the equaliser came from a corner, the winner from a counter-attack.",
    "The exhibition shows forgeries next to the originals. Even experts are invited to guess, and"
    " most of them fail at least once.",
    "My brother keeps bees on the roof of his office. Last year they gave thirty jars of honey,"
    " and his colleagues lost their fear of them.",
)

# Reports of incidents as companies and responders write them.
REPORTS = (
    "On 14 March the service desk received calls about files that could not be opened. By noon,"
    " 60 servers were encrypted. The intruders had come in eleven days earlier through a remote"
    " access account without a second factor. Backups were intact, and operations resumed on the"
    " fourth day.",
    "A contractor's laptop was stolen from a car. Its disk was not encrypted and held the records"
    " of 4,200 patients. The clinic informed the authority and the people concerned, and has"
    " since turned on disk encryption everywhere.",
    "We noticed unusual queries against the customer database at 02:10 and cut off the web"
    " server. The logs show that a flaw in the search form had been used for two days. Names and"
    " mail addresses were read; card numbers are stored elsewhere and were not touched.",
    "An employee of accounts payable changed a supplier's bank details after a mail that seemed"
    " to come from the supplier. Three invoices were paid to the wrong account before the real"
    " supplier asked for its money.",
    "Our monitoring raised an alert when a build server opened a connection to an address in a"
    " hosting network. A package with a misspelt name had been pulled in and had run a script at"
    " installation. Tokens on that server were revoked within the hour.",
    "The plant's operators lost their view of two pumping stations for forty minutes. An engineer"
    " workstation, shared by several shifts, had been reached over a modem link that was thought"
    " to be switched off. No water quality limits were exceeded.",
    "Mailboxes of nine managers were read for at least a month. The intruders had registered an"
    " application with consent from one of them and so needed no password. The consent has been"
    " withdrawn, and users can no longer grant it by themselves.",
    "After the merger a forgotten storage account was found to be public. It held scans of"
    " passports from a loyalty programme. There is no sign that anyone but the researcher who"
    " told us had downloaded them.",
    "The attackers used the remote management tool that our provider had installed on all"
    " clients. Within an hour 300 workstations showed the same note. The provider has confirmed"
    " that an administrator's session had been taken over.",
    "Shortly before the election the website was unreachable for three hours. The traffic came"
    " from tens of thousands of home routers and cameras. The provider filtered it upstream.",
    "A former administrator's account was still active six weeks after he had left. It was used"
    " to delete snapshots of the test environment. The company has filed charges.",
    "The post-mortem lists four findings: alerts went to a mailbox nobody read, the domain"
    " administrators logged in to workstations, the network was flat, and the restore had never"
    " been rehearsed.",
    "A journalist's telephone was examined after it had restarted several times in one night."
    " Traces of an implant were found that had come by an invisible message. The vendor fixed the"
    " two bugs two weeks later.",
    "Customers reported orders that they had not placed. The passwords had been taken from a leak"
    " at another shop and tried here by the million. We have forced a reset for 12,000 accounts.",
    "A cleaner found a small computer behind the printer of the conference room. It was connected"
    " to the network and had been sending captured logins over a mobile link for about five days.",
    "The bank's card terminals were offline on Saturday because a certificate had expired. No"
    " attack was involved, but the review found eleven more certificates without an owner.",
)

# Domain -> texts, for the domains that no field of ATT&CK or CWE implies.
BY_DOMAIN: dict[str, tuple[str, ...]] = {
    "zero_day": (
        "The bug in the mail gateway was used against customers at least ten days before the"
        " vendor learned of it; there is a workaround but still no update.",
        "The vendor released a fix outside its monthly cycle after it had seen limited, targeted"
        " attacks that used a hitherto unknown hole in the font engine.",
        "An exploit for which no patch exists was found on the server of a surveillance firm.",
        "Nobody had reported the flaw when it was first abused; scanners had no check for it and"
        " the database no entry.",
        "The agency orders all departments to take the appliance offline, as intruders are using"
        " a vulnerability that the maker can't fix before next week.",
        "Three bugs unknown to the maker were chained to take over telephones by a message.",
        "The price for an unreported full chain against this telephone rose to two million.",
        "Proof that the hole was abused before disclosure came from a crash dump of last May.",
        "The team tracks how many bugs are exploited before a patch is out; last year it was 97.",
        "With no update in sight, administrators are told to block the port and wait.",
        "A watering hole served an exploit for a browser hole that the maker heard of only then.",
        "The maker had zero days to react: the exploit was posted publicly together with the"
        " first description of the bug.",
    ),
    "incident_response": (
        "Unplug the network cable, leave the machine running, and call the duty officer before"
        " anything else is touched.",
        "Two analysts wrote down every step with time and initials, so that the evidence would"
        " hold in court.",
        "After the malware had been removed, the machines were rebuilt from clean images and"
        " watched closely for two weeks.",
        "The exercise showed that nobody knew who may decide to shut down the web shop during an"
        " attack; the plan now names a deputy.",
        "Copies of the disks were made with a write blocker, and hashes of the copies were noted.",
        "The team first limited the damage by disabling the account and blocking the address, and"
        " only then looked for the cause.",
        "The lessons learned session took place a week after the systems were back in service.",
        "The on-call engineer declared a major incident, opened a bridge and assigned a scribe.",
        "From the proxy logs and the registry the investigators pieced together what had happened"
        " between Friday night and Monday morning.",
        "The hotline for security emergencies hands the case to the second level after thirty"
        " minutes, with all that is known so far.",
        "Restoring took longer than planned because the backups had to be checked for traces of"
        " the intruders first.",
        "A retainer with an outside forensics firm guarantees that help is on site in four hours.",
    ),
    "compliance_and_frameworks": (
        "The bank has to show its supervisor once a year that its critical services withstand an"
        " attack and can be restored in time.",
        "Processors must keep a register of what personal data they handle, why, and for how long.",
        "The certificate is valid for three years, with a surveillance visit each year.",
        "Every control is rated on a scale of maturity from zero to five, and the gaps go into a"
        " plan with dates and owners.",
        "Merchants that store card numbers have to pass a yearly assessment by an outside firm.",
        "Hospitals may share patient data only with a contract that binds the receiver to the"
        " same rules.",
        "The statement of applicability lists which measures of the annex apply and why.",
        "Operators of essential services must report serious incidents to the national office"
        " within a day, or face fines.",
        "The internal review found that three departments had no written rules on passwords.",
        "The catalogue groups its measures into organisational, human, physical and technical.",
        "Suppliers to the ministry have to meet the 110 requirements of the publication.",
        "The board is to approve the security policy and to be trained in its duties.",
    ),
}
