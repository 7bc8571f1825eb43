"""Example texts that are not about computers, many of them with words of security.

Data only; `relevance_examples` says what they are for.
"""

from __future__ import annotations

EVERYDAY: dict[str, tuple[str, ...]] = {
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
        "Inject the brine into the joint at several places and leave it in the cold overnight.",
        "Crack the eggs, whisk in sugar and fold the mixture into the cream without stirring.",
        "Peel the potatoes, cut them into sticks and fry them twice.",
        "Mix flour and butter with your fingertips until it looks like sand.",
        "The key to a good broth is patience.",
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
        "After two rounds the favourites were behind. Their goalkeeper had let in a harmless"
        " shot, and the attack never found a way through the middle. Only when the captain moved"
        " back into defence did they win the ball more often, and in the end a draw was fair.",
        "The visitors attacked from the start and breached the defence three times before the"
        " break. Their keeper was not tested once.",
        "He exploited a weakness on the backhand side and took the final set in twenty minutes.",
        "The defence was solid, and their goalkeeper saved a penalty.",
        "He attacked on the last climb and nobody could follow.",
        "The coach changed his tactics at half-time and brought two fresh wingers.",
        "The transfer of the striker fell through because of a medical test.",
    ),
    "science": (
        "The virus spread through the population faster during the winter.",
        "Cell walls protect plants against fungi that attack their leaves.",
        "Galaxies at that distance appear redder because space expands.",
        "The enzyme folds into its active shape only below a certain temperature.",
        "The patient was given antibiotics and recovered within a week.",
        "Salmon return to the river in which they hatched. They seem to remember its smell, and"
        " on the open sea they keep their course by the field of the earth. Dams have cut off"
        " many of their spawning grounds; where fish ladders were built, their number has doubled"
        " within ten years.",
        "We introduce a model that translates between eighty languages and evaluate it on news.",
        "The paper gives an algorithm for shortest paths with negative edges in nearly linear"
        " time.",
        "Samples of ice show how warm the air was ten thousand years ago.",
        "We fit a mixed model to the weights of 2,000 newborns.",
        "An image classifier is compressed to a tenth of its size at little loss.",
        "Interviews with thirty nurses show how shifts are exchanged.",
        "The probe flew past the moon and sent pictures of its far side.",
        "Proteins are grouped by their folds with a graph network.",
        "The survey asks 900 households how they heat.",
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
    "guards": (
        "The museum has replaced the locks of its show cases and put a guard into each hall since"
        " the theft of two vases last autumn.",
        "Our patrols check gates and windows of your site twice a night. All guards are trained"
        " in first aid and carry a radio.",
        "A new fence and brighter lamps are to keep thieves away from the allotments.",
        "The safe weighs four hundred kilos and withstands a fire for ninety minutes.",
        "The alarm of the bank went off because a cleaner had leaned against a door.",
        "A ranger watches the nests so that nobody takes eggs.",
        "The neighbours' dog barks at every postman.",
        "Goods in the window are secured with a thin wire.",
    ),
    "jobs": (
        "We are looking for an accountant with five years of experience. You prepare the annual"
        " accounts, talk to auditors and lead a team of three.",
        "Senior frontend developer wanted: you build dashboards with a modern framework, write"
        " tests and review the work of colleagues. Home office is possible.",
        "The clinic seeks a night nurse. Apply with a CV and copies of your certificates.",
        "We seek a teacher of physics for the upper school from August.",
        "The project manager plans budgets, leads two teams and reports to the board.",
        "Part-time help for the flower shop, mornings, with experience at the till.",
        "A backend developer with knowledge of databases; the team works in two-week sprints.",
    ),
    "advertising": (
        "The new blender crushes ice in seconds. Buy now and save thirty percent, with free"
        " delivery and a guarantee of five years.",
        "Our platform brings all your teams together: chat, calendars and documents in one place."
        " Start your free trial today.",
        "Feel the road. The coupe's six cylinders answer at once, and its seats hold you in every"
        " bend.",
        "Order before noon, and it will be with you tomorrow.",
        "The vacuum cleaner that gets under every bed.",
        "Plan your holiday with our app and collect points with every booking.",
        "Our insurance protects what you love, from ten euros a month.",
        "Let our consultants find the best tariff for your company.",
    ),
    "gardens": (
        "Protect young lettuce against slugs with a ring of copper, and water in the morning.",
        "Aphids attack roses in dry springs. Ladybirds are the gardener's best defence.",
        "An invasive knotweed threatens the banks of the river; it has to be dug out with all its"
        " roots.",
        "The weevil bores into the roots; nematodes in the soil help against it.",
        "Cover the pond with a net to protect the fish from herons.",
        "Plant garlic between strawberries against mould.",
        "The cat got into the henhouse through a hole in the wire.",
    ),
    "money": (
        "The fund spreads its risk over bonds of twelve states and pays out every quarter.",
        "The bank raised its forecast after a strong quarter, though loan losses remain a threat.",
        "Read the terms before you sign: early repayment may cost a fee of one percent.",
        "The company wants to issue a bond to pay for the new plant.",
        "Bitcoin rose above its mark of January, as funds bought more.",
        "Who sells a house within ten years has to pay tax on the gain.",
        "The auditor confirmed the accounts without reservation.",
        "Exposure to a single currency is a risk that the treasurer hedges.",
        "The bank closes eleven branches and puts machines in their place.",
    ),
    "health and law": (
        "The virus spreads through droplets; a vaccine protects most people for a year.",
        "The court held that the tenant's privacy was violated by the camera in the stairwell.",
        "Patients with a weak immune system are vulnerable to infections of the lung.",
        "The bacterium hides inside cells and so evades antibodies.",
        "The contract may be ended with three months' notice.",
        "The surgeon opens the chest, and a machine takes over the work of the heart.",
        "The judge dismissed the claim because it had come too late.",
        "Infected wounds should be cleaned and covered daily.",
        "The patent describes a hinge without screws.",
        "Two men were fined for breaking into a kiosk.",
        "Who moves house has to register within two weeks.",
    ),
    "contests": (
        "The maths olympiad has six problems on two days; calculators are not allowed.",
        "Programmers meet for a weekend to build a game on a given theme.",
        "The spelling contest is open to pupils of the fourth form.",
        "Robots of the teams have to bring balls into the other half within two minutes.",
        "Find the ten hidden words; the letters that are left give the solution.",
        "Points are given for style and difficulty; the jury's lowest mark does not count.",
        "The escape room has five puzzles, and groups get an hour.",
    ),
    "games": (
        "In level nine the boss attacks in three phases; dodge his second blow.",
        "Hackers and wizards may not carry shields in this game.",
        "The card lets you look at an opponent's hand and steal one.",
        "Patch 1.4 makes archers weaker and repairs a fault in the harbour map.",
        "A knight on the rim is dim, as the saying goes.",
    ),
    "history": (
        "The army laid siege to the town and cut off its water.",
        "In the war, pigeons carried messages over the front.",
        "The king's envoys were taken hostage and set free for a ransom of horses.",
        "The wooden horse of the legend may have been a ship.",
        "A code of flags told the fleet to turn.",
    ),
    "safety at work": (
        "Report damage to ladders at once, and do not use them.",
        "Emergency exits must be kept free of boxes.",
        "The risk assessment covers noise, dust and lifting.",
        "After the gas alarm the hall was cleared and aired.",
        "Drivers must rest for forty-five minutes after four and a half hours.",
    ),
    "politics": (
        "The minister defended the bill against attacks from both sides.",
        "The agency's budget for roads grows by a tenth.",
        "Voters decide on the new tram line on Sunday.",
        "The spokesman denied that talks had taken place.",
        "Border guards check lorries at random.",
    ),
    "technology news": (
        "The maker of chips builds a plant in the east, with help from the state.",
        "The phone folds twice and costs as much as a used car.",
        "The search engine answers in whole sentences now.",
        "The streaming service raises its prices and ends the sharing of accounts.",
        "A satellite network brings fast internet to islands.",
        "The start-up raised nine million to teach robots how to fold laundry.",
    ),
    "travel": (
        "Passports are checked on the train; have them ready.",
        "The museum's tickets have to be booked a week ahead.",
        "The hotel keeps valuables in a safe behind the desk.",
        "The pass over the mountains is closed until May.",
        "Trains run every half hour, and at night every two hours.",
    ),
    "short remarks": (
        "Please water the plants while I am away.",
        "Thanks for the quick reply, the invoice is right now.",
        "Meeting moved to room four, same time.",
        "I lost my umbrella on the bus.",
        "The parcel arrived, but the box was torn.",
    ),
}
