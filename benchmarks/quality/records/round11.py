"""Invented advisories, incidents and reports of the eleventh round, judged with everything frozen.

Data only; the same rule as for `entries`.  docs/quality.md gives the figures.
"""

from __future__ import annotations

from stages.base import Record

REPORTS: tuple[Record, ...] = (
    {
        "title": "Lichen NVR: footage readable through the guest share",
        "description": "The recorder Lichen NVR 8 keeps finished recordings in a folder that its"
        " guest"
        " share exports. Everybody in the local network can copy the videos without a password. The"
        " manufacturer has closed the share in firmware 8.12. Owners of older models, which get no"
        " firmware any more, can remove the share in the menu under Network.",
    },
    {
        "title": "Moss Framework: deserialization of session data",
        "text": "Moss Framework stores sessions in cookies and deserializes them before it"
        " checks the"
        " signature. A remote attacker can therefore run code without an account. Versions 2.0 to"
        " 2.6.3 are affected; 2.6.4 checks first. Those who cannot update can switch to sessions on"
        " the server by setting session_store to 'redis'.",
    },
    {
        "title": "Two flaws in Fern Meeting Rooms",
        "severity": "High",
        "content": "Door panels of Fern Meeting Rooms accept configuration from a USB stick"
        " without a"
        " PIN (FRN-01) and keep the Wi-Fi key in a file that survives a reset (FRN-02). A"
        " visitor can"
        " read the key of the office network within a minute. Fern has released an update for"
        " FRN-01."
        " For FRN-02, change the Wi-Fi key before a panel is sold or sent in for repair.",
    },
    {
        "title": "Recommendation on the Algae library",
        "text": "The maintainers of Algae have archived the project. Known memory errors in its PNG"
        " decoder will not be fixed. Developers should move to another library; until then, images"
        " from outside should be decoded in a process without rights.",
    },
    {
        "title": "Regional newspaper printed without its systems",
        "text": "On the night to Friday the editorial system of the Ostland Courier was"
        " encrypted. The"
        " attackers had used a remote support tool that a former supplier had installed in 2087."
        " The"
        " editors produced an emergency issue of eight pages on private laptops. According to the"
        " publisher, subscriber data was not copied. The paper returned to its normal size after"
        " eleven days.",
    },
    {
        "title": "Parking app charged the wrong people",
        "text": "Between 1 and 5 June, 640 users of the parking app Stell paid for the cars of"
        " others."
        " An attacker had changed number plates in their profiles with tokens that the app had sent"
        " to an analytics service. Stell refunded the fees and no longer sends tokens to third"
        " parties.",
    },
    {
        "title": "School server mined coins during the holidays",
        "content": "A technician noticed in August that the fan of the school server never"
        " stopped. A"
        " coin miner had been running since the first day of the holidays. It had been installed"
        " through a plugin of the learning platform that had not been updated for two years. No"
        " data"
        " of pupils was touched. The server was set up again from scratch.",
    },
    {
        "title": "Auction house: bids seen in advance",
        "text": "A bidder could see the highest bids of others in sealed auctions for three"
        " months. The"
        " web interface sent all bids to the browser and only hid them. The auction house annulled"
        " four sales. It found out when the bidder told a friend, who informed the house.",
    },
    {
        "title": "Hotel key cards copied",
        "text": "Thieves entered 17 rooms of a hotel without force. They had copied the card of a"
        " cleaner with a reader hidden in a bag. The lock system dates from 2079 and its cards"
        " can be"
        " copied in seconds. The hotel has replaced the locks on two floors so far.",
    },
    {
        "incident_id": "SOC-7731",
        "summary": "OAuth application with too many rights",
        "description": "An employee connected a free calendar tool to the company's mail. The"
        " tool asked"
        " for full access and forwarded 1,900 messages to a server abroad. The SOC noticed an"
        " unusual"
        " number of API calls at 03:00. The application was blocked for all users, and the messages"
        " were reviewed; two contained customer contracts.",
        "target": "mail",
        "actor": "unknown",
    },
    {
        "type": "malware",
        "name": "SEDGEWORM",
        "description": "SEDGEWORM spreads through shared folders of engineering offices. It"
        " appends a"
        " macro to drawings and copies itself whenever one of them is opened. SEDGEWORM collects"
        " license keys and sends them by mail once a week. It does not damage drawings.",
    },
    {
        "title": "MARSHLIGHT keeps a low profile",
        "content": "MARSHLIGHT is a backdoor for mail gateways. It answers only to messages whose"
        " subject ends with a certain checksum, and deletes them after it has run the command in"
        " them.\n\nIt has no persistence: a restart removes it. Its operators come back through the"
        " same flaw, which most victims had not patched.\n\nAdministrators can find it by comparing"
        " the list of processes with the packages that are installed.",
    },
    {
        "title": "Grey Pintail expands to shipping",
        "text": "The group Grey Pintail, known for attacks on grain traders, has been seen in the"
        " networks of two port operators since May. It enters through tender documents with a"
        " malicious template. Its interest is in schedules and cargo lists. Researchers"
        " attribute the"
        " group to a trading company in the region with low confidence.",
    },
    {
        "title": "How we detect stolen session cookies",
        "text": "A stolen cookie is used from another device while the owner goes on working. We"
        " compare"
        " the TLS fingerprint and the address range of each request with those of the login. If"
        " both"
        " change within an hour, the session is ended and the user has to sign in again. In the"
        " first"
        " month this stopped 23 takeovers and annoyed 310 users.",
    },
    {
        "title": "Fuzzing Smart Meters Through Their Optical Port",
        "abstract": "Smart meters have an optical port for maintenance. We build a fuzzer that"
        " speaks the"
        " protocol of this port and test nine models of six vendors. It finds 14 crashes; three of"
        " them let us change the tariff table without a key. All vendors have been informed, and"
        " four"
        " have released updates.",
        "authors": ["E. Novak", "S. Brandt"],
        "published": "2091-10-11",
    },
    {
        "title": "Password Rules in 500 Web Shops",
        "abstract": "We register accounts in 500 web shops and record which passwords they"
        " accept. 212 of"
        " them accept '123456', and 38 cut long passwords without a warning. Shops that use a"
        " strength meter accept weak passwords less often. We propose a minimal rule set that"
        " blocks"
        " the thousand most common passwords.",
        "authors": ["K. Yilmaz"],
        "year": 2091,
    },
    {
        "title": "Playbook: lost company phone",
        "text": "1. Lock the device in the management console.\n2. Revoke its certificates and"
        " tokens.\n3."
        " Ask the owner which data was on it.\n4. Wipe the device if it is not found within four"
        " hours.\n5. Report the loss to the data protection officer.",
    },
    {
        "title": "Pond CTF 2091",
        "description": "Pond CTF is a contest for beginners with 30 tasks from web to forensics."
        " It runs"
        " for a weekend, and every team gets hints after two hours. Winners receive books.",
        "format": "Jeopardy",
        "weight": 0,
        "start": "2091-09-13T10:00:00+00:00",
        "finish": "2091-09-14T18:00:00+00:00",
        "organizers": ["Pond Society"],
        "onsite": False,
    },
    {
        "title": "Weekly note 31",
        "text": "The scanner found 14 hosts with the old TLS library; nine are patched, five"
        " belong to the"
        " lab. Phishing test: 6% clicked, 61% reported. The supplier of the badge system confirmed"
        " that cards of the first series can be cloned and will replace them for free.",
    },
)
