"""Code tables of « Habilitations professionnelles » and « Permis de conduire ».

`TYPES` says of each type how long it usually lasts, what renews it, and which text says so, in its
year: what no text says has no usual validity. It is a suggestion: the document's own date wins, and
nothing is computed from it. What was checked when, and the types for which nothing was found, are in
docs/decisions/0037. A type without a list of categories takes any; HAB_ELEC's list (NF C 18-510) is
not closed.
"""

from dataclasses import dataclass

from schema.codes.table import Code, CodeTable, simple_table

OPEN_LISTS = frozenset({"HAB_ELEC"})

# Certificates issued before that year name no category (arrêté du 23 janvier 2023).
CATEGORIES_SINCE = {"CERTIBIOCIDE": 2024}

# A type that is issued no longer, the one that renews it, and which of its categories are whose, by
# what the two recommendations call them; those not named here have no heir.
HEIRS = {
    "CACES_R372M": (
        "CACES_R482",
        {"1": "A", "2": "B1", "4": "C1", "7": "D", "8": "E", "9": "F", "10": "G"},
    )
}


@dataclass(frozen=True, slots=True)
class _Usual:
    """How long a type usually lasts, what renews it, and the text that says so, with its year."""

    months: int
    renewed_by: str
    source: str
    until_year_end: bool = False


def _type(
    code: str,
    label: str,
    usual: _Usual | None = None,
    categories: str = "",
    *,
    employer: bool = False,
) -> Code:
    return Code(
        code=code,
        label=label,
        categories=categories.split(),
        usual_months=usual.months if usual else None,
        until_year_end=usual.until_year_end if usual else False,
        renewed_by=usual.renewed_by if usual else None,
        validity_source=usual.source if usual else None,
        employer_bound=employer,
    )


def _caces(number: str, months: int = 60, also: str = "") -> _Usual:
    """The validity of a CACES by the recommendation of the CNAM that describes it."""
    return _Usual(
        months,
        "Nouveau CACES de la même catégorie",
        f"Recommandation {number} de la CNAM, applicable depuis le 1er janvier 2020{also}",
    )


_TEN_YEARS = " ; dix ans sous conditions de pratique"

TYPES = CodeTable(
    name="accreditationType",
    label="Type d’habilitation",
    codes=[
        _type(
            "HAB_ELEC",
            "Habilitation électrique (NF C 18-510)",
            _Usual(
                36,
                "Recyclage, puis nouveau titre signé par l’employeur",
                "Norme NF C 18-510 (2012), qui recommande un recyclage tous les trois ans",
            ),
            "B0 H0 H0V BS BE-Manœuvre BE-Mesurage BE-Essai BE-Vérification BP BF"
            " B1 B1V B2 B2V BR BC H1 H1V H2 H2V HC",
            employer=True,
        ),
        _type(
            "CACES_R482",
            "CACES R482 – engins de chantier",
            _caces("R482", 120),
            "A B1 B2 B3 C1 C2 C3 D E F G",
        ),
        _type(
            "CACES_R372M",
            "CACES R372 modifiée – engins de chantier (délivré jusqu’en 2019)",
            _Usual(
                120,
                "CACES R482",
                "Recommandation R372 modifiée de la CNAMTS, remplacée par la R482 le 1er janvier 2020",
            ),
            "1 2 3 4 5 6 7 8 9 10",
        ),
        _type("CACES_R483", "CACES R483 – grues mobiles", _caces("R483", also=_TEN_YEARS)),
        _type("CACES_R484", "CACES R484 – ponts roulants et portiques", _caces("R484")),
        _type("CACES_R485", "CACES R485 – gerbeurs à conducteur accompagnant", _caces("R485")),
        _type(
            "CACES_R486",
            "CACES R486 – plates-formes élévatrices mobiles de personnes (PEMP)",
            _caces("R486"),
            "A B C",
        ),
        _type("CACES_R487", "CACES R487 – grues à tour", _caces("R487", also=_TEN_YEARS)),
        _type(
            "CACES_R489",
            "CACES R489 – chariots de manutention à conducteur porté",
            _caces("R489"),
            "1A 1B 2A 2B 3 4 5 6 7",
        ),
        _type("CACES_R490", "CACES R490 – grues de chargement", _caces("R490", also=_TEN_YEARS)),
        _type("AUTORISATION_CONDUITE", "Autorisation de conduite d’engin", employer=True),
        _type(
            "SST",
            "Sauveteur secouriste du travail (SST)",
            _Usual(
                24,
                "Maintien et actualisation des compétences (MAC SST)",
                "INRS et Assurance maladie – risques professionnels, certificat SST"
                " (fiche RS5801 de France compétences, 2023)",
            ),
        ),
        _type(
            "SST_FORMATEUR",
            "Formateur de sauveteurs secouristes du travail",
            _Usual(
                36,
                "Maintien et actualisation des compétences de formateur (MAC)",
                "INRS et Assurance maladie – risques professionnels, certificat de formateur SST"
                " (fiche RS5885 de France compétences, 2023)",
            ),
        ),
        _type(
            "AIPR",
            "Autorisation d’intervention à proximité des réseaux (AIPR)",
            _Usual(
                60,
                "Nouvel examen ou CACES en cours de validité, puis autorisation de l’employeur",
                "Arrêté du 15 février 2012, article 21 (attestation de moins de cinq ans ;"
                " fondée sur un CACES, elle en suit l’échéance)",
            ),
            "CONCEPTEUR ENCADRANT OPERATEUR",
            employer=True,
        ),
        _type(
            "CERTIPHYTO",
            "Certiphyto – certificat individuel produits phytopharmaceutiques",
            _Usual(
                60,
                "Renouvellement du certificat",
                "Décret n° 2016-1125 du 11 août 2016 ; échéances du 2 mai 2025 au 1er mai 2026"
                " prorogées d’un an par le décret n° 2025-222 du 7 mars 2025",
            ),
            "DECIDEUR OPERATEUR CONSEIL VENTE",
        ),
        _type(
            "CERTIBIOCIDE",
            "Certibiocide – certificat individuel produits biocides",
            _Usual(
                60,
                "Nouveau certificat de la même catégorie",
                "Arrêté du 9 octobre 2013 modifié par l’arrêté du 23 janvier 2023 ; délivré avant"
                " 2024, valable jusqu’à la date qu’il porte",
            ),
            "DESINFECTANTS NUISIBLES AUTRES_PRODUITS",
        ),
        _type(
            "AMIANTE_SS4",
            "Amiante – interventions en sous-section 4",
            _Usual(36, "Formation de recyclage", "Arrêté du 23 février 2012"),
            "ENCADRANT_TECHNIQUE ENCADRANT_CHANTIER OPERATEUR",
        ),
        _type(
            "FIMO_FCO",
            "FIMO / FCO – conducteur de transport routier",
            _Usual(
                60,
                "Formation continue obligatoire (FCO)",
                "Code des transports, articles R. 3314-1 et suivants (décret n° 2007-1340 du"
                " 11 septembre 2007)",
            ),
            "M V",
        ),
        _type(
            "SSIAP",
            "Service de sécurité incendie et d’assistance à personnes (SSIAP)",
            _Usual(36, "Recyclage triennal", "Arrêté du 2 mai 2005, article 7"),
            "1 2 3",
        ),
        # Since the arrêté of 15 June 2024 (JO of 9 July 2024); no refresher is compulsory.
        _type("PSC1", "Premiers secours citoyen (PSC, anciennement PSC1)"),
        _type(
            "PSE1",
            "Premiers secours en équipe de niveau 1 (PSE1)",
            _Usual(
                12,
                "Formation continue annuelle",
                "Arrêté du 21 décembre 2020 (formation continue aux premiers secours)",
                until_year_end=True,
            ),
        ),
        _type(
            "PSE2",
            "Premiers secours en équipe de niveau 2 (PSE2)",
            _Usual(
                12,
                "Formation continue annuelle",
                "Arrêté du 21 décembre 2020 (formation continue aux premiers secours)",
                until_year_end=True,
            ),
        ),
        _type(
            "BNSSA",
            "Brevet national de sécurité et de sauvetage aquatique (BNSSA)",
            _Usual(
                60,
                "Vérification de maintien des acquis",
                "Dossier BNSSA de secourisme.net, consulté en 2026",
                until_year_end=True,
            ),
        ),
        _type(
            "BEESAN",
            "Maître-nageur sauveteur (BEESAN ou titre équivalent)",
            _Usual(
                60,
                "Certificat d’aptitude à l’exercice de la profession (CAEP-MNS)",
                "Arrêté du 23 octobre 2015 (CAEP-MNS)",
                until_year_end=True,
            ),
        ),
        _type("BAFA", "Brevet d’aptitude aux fonctions d’animateur (BAFA)"),
        _type(
            "BAFD",
            "Brevet d’aptitude aux fonctions de directeur (BAFD)",
            _Usual(
                60,
                "Renouvellement de l’autorisation d’exercer",
                "Arrêté du 15 juillet 2015 ; service-public.fr, fiche F2113 (2023)",
            ),
        ),
        _type(
            "CATEC",
            "CATEC – travail en espaces confinés",
            _Usual(
                36,
                "Maintien et actualisation des compétences (MAC)",
                "Recommandation R472 de la CNAM (2012) ; fiche RS1720 de France compétences (2021)",
            ),
            "SURVEILLANT INTERVENANT",
        ),
        _type("ECHAFAUDAGE_R408", "Échafaudages de pied (R408)"),
        _type("TRAVAIL_HAUTEUR", "Travail en hauteur"),
        _type("HACCP", "Hygiène alimentaire (HACCP)"),
        # As long as one serves as a municipal police officer, in whichever commune: L. 511-2 CSI.
        _type("AGREMENT_PM", "Agrément de police municipale"),
        # Asked for by the mayor, for the commune: L. 511-5 and R. 511-18 CSI.
        _type("ARMEMENT_PM", "Armement de police municipale", employer=True),
        _type("ASSERMENTATION", "Assermentation"),
        _type(
            "AGREMENT_ASMAT",
            "Agrément d’assistant maternel",
            _Usual(
                60,
                "Renouvellement de l’agrément par le président du conseil départemental",
                "Code de l’action sociale et des familles, article D. 421-12 (décret n° 2006-1153 du"
                " 14 septembre 2006), sauf cas prévus à l’article D. 421-21",
            ),
        ),
        _type("AUTRE", "Autre habilitation"),
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
        "DESINFECTANTS": "Désinfectants (TP2, 3, 4)",
        "NUISIBLES": "Nuisibles (TP14, 18, 20)",
        "AUTRES_PRODUITS": "Autres produits (TP8, 15, 21)",
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
