"""Code tables of « Habilitations professionnelles » and « Permis de conduire ».

The months are what is usual: they prefill a form, and the document's own date wins. A type
without a list of categories takes any; HAB_ELEC's list (NF C 18-510) is not closed.
"""

from schema.codes.table import Code, CodeTable, simple_table

OPEN_LISTS = frozenset({"HAB_ELEC"})


def _type(
    code: str, label: str, months: int | None, categories: str = "", *, employer: bool = False
) -> Code:
    return Code(
        code=code,
        label=label,
        categories=categories.split(),
        usual_months=months,
        employer_bound=employer,
    )


TYPES = CodeTable(
    name="accreditationType",
    label="Type d’habilitation",
    codes=[
        _type(
            "HAB_ELEC",
            "Habilitation électrique (NF C 18-510)",
            36,
            "B0 H0 H0V BS BE-Manœuvre BE-Mesurage BE-Essai BE-Vérification BP BF"
            " B1 B1V B2 B2V BR BC H1 H1V H2 H2V HC",
            employer=True,
        ),
        _type("CACES_R482", "CACES R482 – engins de chantier", 120, "A B1 B2 B3 C1 C2 C3 D E F G"),
        _type("CACES_R483", "CACES R483 – grues mobiles", 60),
        _type("CACES_R484", "CACES R484 – ponts roulants et portiques", 60),
        _type("CACES_R485", "CACES R485 – gerbeurs à conducteur accompagnant", 60),
        _type(
            "CACES_R486",
            "CACES R486 – plates-formes élévatrices mobiles de personnes (PEMP)",
            60,
            "A B C",
        ),
        _type("CACES_R487", "CACES R487 – grues à tour", 60),
        _type(
            "CACES_R489",
            "CACES R489 – chariots de manutention à conducteur porté",
            60,
            "1A 1B 2A 2B 3 4 5 6 7",
        ),
        _type("CACES_R490", "CACES R490 – grues de chargement", 60),
        _type("AUTORISATION_CONDUITE", "Autorisation de conduite d’engin", None, employer=True),
        _type("SST", "Sauveteur secouriste du travail (SST)", 24),
        _type("SST_FORMATEUR", "Formateur de sauveteurs secouristes du travail", 36),
        _type(
            "AIPR",
            "Autorisation d’intervention à proximité des réseaux (AIPR)",
            60,
            "CONCEPTEUR ENCADRANT OPERATEUR",
            employer=True,
        ),
        _type(
            "CERTIPHYTO",
            "Certiphyto – certificat individuel produits phytopharmaceutiques",
            60,
            "DECIDEUR OPERATEUR CONSEIL VENTE",
        ),
        _type("CERTIBIOCIDE", "Certibiocide – certificat individuel produits biocides", 60),
        _type(
            "AMIANTE_SS4",
            "Amiante – interventions en sous-section 4",
            36,
            "ENCADRANT_TECHNIQUE ENCADRANT_CHANTIER OPERATEUR",
        ),
        _type("FIMO_FCO", "FIMO / FCO – conducteur de transport routier", 60, "M V"),
        _type(
            "SSIAP", "Service de sécurité incendie et d’assistance à personnes (SSIAP)", 36, "1 2 3"
        ),
        _type("PSC1", "Prévention et secours civiques (PSC1)", None),
        _type("PSE1", "Premiers secours en équipe de niveau 1 (PSE1)", 12),
        _type("PSE2", "Premiers secours en équipe de niveau 2 (PSE2)", 12),
        _type("BNSSA", "Brevet national de sécurité et de sauvetage aquatique (BNSSA)", 60),
        _type("BEESAN", "Maître-nageur sauveteur (BEESAN ou titre équivalent)", 60),
        _type("BAFA", "Brevet d’aptitude aux fonctions d’animateur (BAFA)", None),
        _type("BAFD", "Brevet d’aptitude aux fonctions de directeur (BAFD)", 60),
        _type("CATEC", "CATEC – travail en espaces confinés", 36, "SURVEILLANT INTERVENANT"),
        _type("ECHAFAUDAGE_R408", "Échafaudages de pied (R408)", None),
        _type("TRAVAIL_HAUTEUR", "Travail en hauteur", None),
        _type("HACCP", "Hygiène alimentaire (HACCP)", None),
        _type("ARMEMENT_PM", "Armement de police municipale", None),
        _type("ASSERMENTATION", "Assermentation", None),
        _type("AGREMENT_ASMAT", "Agrément d’assistant maternel", None),
        _type("AUTRE", "Autre habilitation", None),
    ],
)

CATEGORIES = simple_table(
    "accreditationCategory",
    "Catégorie d’habilitation",
    {
        "CONCEPTEUR": "Concepteur",
        "ENCADRANT": "Encadrant",
        "OPERATEUR": "Opérateur",
        "DECIDEUR": "Décideur",
        "CONSEIL": "Conseil",
        "VENTE": "Vente",
        "ENCADRANT_TECHNIQUE": "Encadrant technique",
        "ENCADRANT_CHANTIER": "Encadrant de chantier",
        "M": "Marchandises",
        "V": "Voyageurs",
        "SURVEILLANT": "Surveillant",
        "INTERVENANT": "Intervenant",
    },
)

LICENCES = simple_table(
    "licenceCategory",
    "Catégorie de permis de conduire",
    {
        "AM": "AM – cyclomoteurs et quadricycles légers",
        "A1": "A1 – motocyclettes légères",
        "A2": "A2 – motocyclettes de puissance intermédiaire",
        "A": "A – toutes motocyclettes",
        "B1": "B1 – quadricycles lourds à moteur",
        "B": "B – véhicules jusqu’à 3,5 t et 9 places",
        "BE": "BE – véhicule de catégorie B avec remorque lourde",
        "C1": "C1 – véhicules de 3,5 t à 7,5 t",
        "C1E": "C1E – véhicule de catégorie C1 avec remorque lourde",
        "C": "C – véhicules de plus de 3,5 t",
        "CE": "CE – véhicule de catégorie C avec remorque lourde",
        "D1": "D1 – transport de personnes, 17 places au plus",
        "D1E": "D1E – véhicule de catégorie D1 avec remorque lourde",
        "D": "D – transport de personnes, plus de 9 places",
        "DE": "DE – véhicule de catégorie D avec remorque lourde",
    },
)

TABLES = (TYPES, CATEGORIES, LICENCES)
