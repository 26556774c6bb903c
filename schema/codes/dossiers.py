"""Code tables of dossiers: their form, their annexes, and the request for an exemption (decree 2008-512)."""

from schema.codes.formations import TABLES as FORMATIONS
from schema.codes.table import CodeTable, simple_table

# The statutory trainings of which articles 17 and 18 exempt; the others have no length to shorten.
_EXEMPTIBLE = (
    "INTEGRATION",
    "PROF_PREMIER_EMPLOI",
    "PROF_TOUT_AU_LONG",
    "PROF_POSTE_RESPONSABILITE",
    "PROF_SECRETAIRE_GENERAL_MAIRIE",
)
_LABELS = {
    code.code: code.label
    for table in FORMATIONS
    if table.name == "statutoryType"
    for code in table.codes
}

TABLES: tuple[CodeTable, ...] = (
    simple_table(
        "dossierForm",
        "Forme d’un dossier",
        {
            "COMPACT": "Compacte : une page de profil, puis le détail, pour un jury ou un recruteur",
            "FULL": "Complète : toutes les rubriques dans l’ordre du guide, avec leurs liens",
        },
    ),
    simple_table(
        "annex",
        "Annexe d’un dossier",
        {
            "PANORAMA": "Panorama : les chiffres de ce qui est communiqué",
            "CHECKLIST": "Liste des pièces à joindre, à cocher",
            "CHARTER": "Charte d’engagement",
            "DECREE": "Décret n° 2008-830 du 22 août 2008",
        },
    ),
    simple_table(
        "dispenseTraining",
        "Formation concernée par la dispense",
        {code: _LABELS[code] for code in _EXEMPTIBLE},
    ),
    simple_table(
        "dispenseGround",
        "Motif de la demande de dispense",
        {
            "ART17_FORMATIONS": "Formations déjà suivies (article 17 du décret n° 2008-512)",
            "ART17_BILANS": "Bilans de compétences (article 17 du décret n° 2008-512)",
            "ART18_TITRE_DIPLOME": "Titre ou diplôme (article 18 du décret n° 2008-512)",
            "ART18_EXPERIENCE": "Expérience professionnelle d’au moins trois ans (article 18 du décret n° 2008-512)",
        },
    ),
)
