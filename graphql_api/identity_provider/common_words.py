"""Words that people in France put into passwords: the dictionaries of the library are English.

Written by hand, in lower case and without accents, from what every guesser tries first: the words
for a password, rows of an AZERTY keyboard, endearments, first names, towns and clubs, months and
days, numbers, and the words of this service.
"""

_WRITTEN = """
motdepasse mdp passe code secret securite connexion compte admin administrateur utilisateur
invite bienvenue bonjour bonsoir salut merci aurevoir coucou test essai changer changezmoi
temporaire provisoire nouveau ouverture sesame internet ordinateur

azerty azertyuiop azertyui qsdfgh qsdfghjklm qsdfghj wxcvbn aqwzsx azeqsd azer tyuiop

amour jetaime jtaime doudou chouchou loulou cheri cherie coeur bisous bisou princesse poupee
nounours bebe maman papa famille enfants mamour tendresse bonheur vie belle soleil lune etoile
fleur rose papillon chat chaton minou chien chocolat caramel vanille cannelle fraise banane
dragon licorne liberte egalite fraternite france francais marianne republique football
vacances plage montagne bretagne normandie provence corse paris marseille lyon toulouse nice
nantes strasbourg montpellier bordeaux lille rennes reims toulon grenoble dijon angers nimes
brest metz rouen nancy caen tours limoges amiens psg olympique losc asse

camille nicolas thomas julien alexandre alexis antoine maxime kevin guillaume romain sebastien
christophe philippe laurent stephane olivier frederic pascal thierry patrick michel pierre
jean jacques francois bernard alain daniel eric david vincent mathieu matthieu lucas hugo
louis jules gabriel raphael arthur adam leo nathan theo mohamed karim nathalie isabelle
sylvie catherine martine christine valerie sandrine stephanie virginie celine sophie
veronique corinne patricia laurence brigitte monique francoise marie anne julie aurelie
emilie laetitia marine pauline manon lea emma chloe jade louise alice ines lina sarah
clara charlotte juliette fatima

janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
lundi mardi mercredi jeudi vendredi samedi dimanche printemps ete automne hiver noel
zero deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
vingt trente cent mille

livret individuel formation cnfpt espace pro espacepro agent territorial fonction publique
mairie commune collectivite region departement
"""

COMMON_WORDS = frozenset(_WRITTEN.split())
