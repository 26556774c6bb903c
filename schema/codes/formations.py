"""Code tables of « Mes formations »: diplomas, competitive exams, trainings, and levels."""

from schema.codes.table import simple_table

_LEVELS = {
    "1": "Niveau 1 – savoirs de base",
    "2": "Niveau 2 – savoirs de base maîtrisés",
    "3": "Niveau 3 (ancien niveau V) – CAP, BEP",
    "4": "Niveau 4 (ancien niveau IV) – baccalauréat, BP",
    "5": "Niveau 5 (ancien niveau III) – BTS, DUT, DEUG, DEUST",
    "6": "Niveau 6 (ancien niveau II) – licence, licence professionnelle, BUT, maîtrise",
    "7": "Niveau 7 (ancien niveau I) – master, DEA, DESS, diplôme d’ingénieur",
    "8": "Niveau 8 (ancien niveau I) – doctorat, HDR",
}

# What an old level (I to VI) is today, by decree 2019-14, lowest first; I alone has two answers.
LEVELS_OF_LEGACY: dict[str, tuple[str, ...]] = {
    "VI": ("NONE",),
    "V_BIS": ("NONE",),
    "V": ("3",),
    "IV": ("4",),
    "III": ("5",),
    "II": ("6",),
    "I": ("7", "8"),
}

# Municipal police: code de la sécurité intérieure, articles L. 511-6 (both), R. 511-35 and R. 511-37
# (the second); decrees 2006-1391, article 5, and 2006-1392, article 7, of 17 November 2006 (the first).
# Fire-fighters: decree 90-850 of 25 September 1990, article 7, 1° to 3°; what it calls « formation
# d'intégration » is the code INTEGRATION.
_OF_TWO_FILIERES = {
    "PM_INITIALE": "Formation initiale d’application (FIA) de la police municipale",
    "PM_CONTINUE": "Formation continue obligatoire (FCO) de la police municipale",
    "SPP_ADAPTATION_EMPLOI": "Formation d’adaptation à l’emploi des sapeurs-pompiers",
    "SPP_MAINTIEN_ACQUIS": (
        "Formation de maintien et de perfectionnement des acquis (FMPA) des sapeurs-pompiers"
    ),
    "SPP_SPECIALITE": "Formation aux spécialités des sapeurs-pompiers",
}

TABLES = (
    simple_table(
        "diplomaKind",
        "Nature du titre ou diplôme",
        {
            "DIPLOME": "Diplôme",
            "TITRE_PROFESSIONNEL": "Titre professionnel",
            "CQP": "Certificat de qualification professionnelle (CQP)",
            "CERTIFICAT": "Certificat",
            "ATTESTATION_REUSSITE": "Attestation de réussite",
            "AUTRE": "Autre",
        },
    ),
    simple_table(
        "diplomaOutcome",
        "Obtention du titre ou diplôme",
        {
            "OBTENU": "Oui",
            "PARTIEL": "En partie",
            "NIVEAU": "Non (niveau suivi sans obtention)",
            "EN_COURS": "Préparation en cours",
        },
    ),
    simple_table(
        "route",
        "Voie d’obtention",
        {
            "FORMATION_INITIALE": "Formation initiale",
            "APPRENTISSAGE": "Apprentissage",
            "FORMATION_CONTINUE": "Formation continue",
            "VAE": "Validation des acquis de l’expérience (VAE)",
            "EQUIVALENCE": "Équivalence",
        },
    ),
    simple_table(
        "level",
        "Niveau du cadre national des certifications",
        {"NONE": "Sans niveau (anciens niveaux VI et V bis) – sans diplôme, CFG, DNB"} | _LEVELS,
    ),
    simple_table(
        "legacyLevel",
        "Ancien niveau (nomenclature de 1969)",
        {
            "VI": "VI",
            "V_BIS": "V bis",
            "V": "V (CAP, BEP)",
            "IV": "IV (baccalauréat, BP)",
            "III": "III (BTS, DUT, DEUG)",
            "II": "II (licence, maîtrise)",
            "I": "I (DEA, DESS, doctorat)",
        },
    ),
    simple_table(
        "examType",
        "Type de concours ou d’examen",
        {
            "CONCOURS_EXTERNE": "Concours externe",
            "CONCOURS_INTERNE": "Concours interne",
            "TROISIEME_CONCOURS": "Troisième concours",
            "CONCOURS_UNIQUE": "Concours unique",
            "EXAMEN_PRO_PROMOTION_INTERNE": "Examen professionnel de promotion interne",
            "EXAMEN_PRO_AVANCEMENT": "Examen professionnel d’avancement de grade",
            "SELECTION": "Sélection professionnelle",
        },
    ),
    simple_table(
        "branch",
        "Versant de la fonction publique",
        {
            "FPT": "Fonction publique territoriale",
            "FPE": "Fonction publique de l’État",
            "FPH": "Fonction publique hospitalière",
            "AUTRE": "Autre",
        },
    ),
    simple_table(
        "organiser",
        "Organisateur du concours ou de l’examen",
        {
            "CDG": "Centre de gestion (CDG)",
            "CNFPT": "CNFPT",
            "AUTRE": "Autre organisateur",
        },
    ),
    simple_table(
        "result",
        "Résultat",
        {
            "INSCRIT": "Inscrit(e)",
            "ADMISSIBLE": "Admissible",
            "ADMIS": "Admis(e)",
            "NON_ADMIS": "Non admis(e)",
            "EN_COURS": "En cours",
        },
    ),
    simple_table(
        "statutoryType",
        "Catégorie statutaire de la formation",
        {
            "INTEGRATION": "Formation d’intégration",
            "PROF_PREMIER_EMPLOI": "Formation de professionnalisation au premier emploi",
            "PROF_TOUT_AU_LONG": ("Formation de professionnalisation tout au long de la carrière"),
            "PROF_POSTE_RESPONSABILITE": (
                "Formation de professionnalisation sur un poste à responsabilité"
            ),
            "PROF_SECRETAIRE_GENERAL_MAIRIE": "Formation des secrétaires généraux de mairie",
            **_OF_TWO_FILIERES,
            "PERFECTIONNEMENT": "Formation de perfectionnement",
            "PREPA_CONCOURS_EXAMEN": "Préparation aux concours et examens professionnels",
            "FORMATION_PERSONNELLE": "Formation personnelle, à l’initiative de l’agent",
            "LUTTE_ILLETTRISME_FRANCAIS": (
                "Lutte contre l’illettrisme et apprentissage de la langue française"
            ),
            "CPF": "Compte personnel de formation (CPF)",
            "HYGIENE_SECURITE": "Hygiène et sécurité",
            "STAGE": "Stage",
            "HORS_FPT": "Formation suivie hors de la fonction publique territoriale",
        },
    ),
    simple_table("role", "Rôle", {"STAGIAIRE": "Stagiaire", "FORMATEUR": "Formateur"}),
    simple_table(
        "trainingLevel",
        "Niveau de la formation",
        {
            "INITIATION": "Initiation",
            "PERFECTIONNEMENT": "Perfectionnement",
            "EXPERTISE": "Expertise",
        }
        | _LEVELS,
    ),
    simple_table(
        "mode",
        "Modalité",
        {
            "PRESENTIEL": "En présentiel",
            "DISTANCE": "À distance",
            "MIXTE": "Mixte (présentiel et distance)",
            "SITUATION_DE_TRAVAIL": "En situation de travail",
        },
    ),
    simple_table(
        "trainingOutcome",
        "Sanction de la formation",
        {
            "ATTESTATION_PRESENCE": "Attestation de présence",
            "ATTESTATION_ACQUIS": "Attestation d’acquis",
            "CERTIFICATION": "Certification",
            "AUCUNE": "Aucune",
        },
    ),
    simple_table(
        "funding",
        "Financement",
        {
            "EMPLOYEUR": "Employeur",
            "CNFPT_COTISATION": "CNFPT (cotisation de l’employeur)",
            "CPF": "Compte personnel de formation (CPF)",
            "PERSONNEL": "Financement personnel",
            "AUTRE": "Autre",
        },
    ),
    simple_table(
        "durationUnit",
        "Unité de durée",
        {
            "HOUR": "Heures",
            "DAY": "Jours",
            "WEEK": "Semaines",
            "MONTH": "Mois",
            "YEAR": "Années",
        },
    ),
)
