"""Code tables of « Mes expériences »."""

from schema.codes.table import simple_table

TABLES = (
    simple_table(
        "sector",
        "Secteur",
        {
            "FPT": "Fonction publique territoriale",
            "FPE": "Fonction publique de l’État",
            "FPH": "Fonction publique hospitalière",
            "PRIVE": "Secteur privé",
            "ASSOCIATION": "Association",
            "INDEPENDANT": "Activité indépendante",
            "ETRANGER": "À l’étranger",
            "STAGE_ECOLE": "Stage en cours d’études",
        },
    ),
    simple_table(
        "employerType",
        "Type de collectivité",
        {
            "COMMUNE": "Commune",
            "EPCI": "Établissement public de coopération intercommunale (EPCI)",
            "DEPARTEMENT": "Département",
            "REGION": "Région",
            "CCAS_CIAS": "Centre communal ou intercommunal d’action sociale (CCAS, CIAS)",
            "SDIS": "Service départemental d’incendie et de secours (SDIS)",
            "CDG": "Centre de gestion (CDG)",
            "SYNDICAT": "Syndicat intercommunal ou mixte",
            "OPH": "Office public de l’habitat (OPH)",
            "AUTRE": "Autre",
        },
    ),
    simple_table(
        "employmentStatus",
        "Statut",
        {
            "TITULAIRE": "Fonctionnaire titulaire",
            "STAGIAIRE": "Fonctionnaire stagiaire",
            "CONTRACTUEL_CDD": "Contractuel en CDD",
            "CONTRACTUEL_CDI": "Contractuel en CDI",
            "VACATAIRE": "Vacataire",
            "APPRENTI": "Apprenti",
            "CONTRAT_AIDE": "Contrat aidé",
            "SALARIE": "Salarié de droit privé",
            "INDEPENDANT": "Travailleur indépendant",
            "STAGE": "Stage",
            "AUTRE": "Autre",
        },
    ),
    simple_table(
        "administrativePosition",
        "Position administrative",
        {
            "ACTIVITE": "Activité",
            "DETACHEMENT": "Détachement",
            "MISE_A_DISPOSITION": "Mise à disposition",
            "DISPONIBILITE": "Disponibilité",
            "CONGE_PARENTAL": "Congé parental",
        },
    ),
    simple_table(
        "activityKind",
        "Nature de l’activité",
        {
            "BENEVOLAT": "Bénévolat",
            "MANDAT_ELECTIF": "Mandat électif",
            "ACTION_SYNDICALE": "Action syndicale",
            "SPORT": "Sport",
            "CULTURE": "Culture",
            "ENGAGEMENT_CITOYEN": "Engagement citoyen (réserve, sapeur-pompier volontaire, "
            "service civique)",
            "VIE_FAMILIALE_AIDANT": "Vie familiale, proche aidant",
            "VOYAGE_LANGUES": "Voyages et langues",
            "AUTRE": "Autre",
        },
    ),
    simple_table(
        "tutoringKind",
        "Nature du tutorat",
        {
            "MAITRE_APPRENTISSAGE": "Maître d’apprentissage",
            "TUTEUR_STAGIAIRE_ECOLE": "Tuteur d’un stagiaire en cours d’études",
            "TUTEUR_NOUVEL_AGENT": "Tuteur d’un nouvel agent",
            "TUTEUR_CONTRAT_AIDE_PEC": "Tuteur d’un contrat aidé (PEC)",
            "TUTEUR_SERVICE_CIVIQUE": "Tuteur d’un volontaire en service civique",
            "MAITRE_STAGE_CNFPT": "Maître de stage CNFPT",
            "AUTRE": "Autre action de tutorat",
        },
    ),
)
