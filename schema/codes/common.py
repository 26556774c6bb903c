"""Code tables that serve the whole booklet: countries, regions, purposes, civilities."""

from schema.codes.countries import COUNTRIES
from schema.codes.table import simple_table

TABLES = (
    simple_table("country", "Pays", COUNTRIES),
    simple_table(
        "region",
        "Délégation régionale ou institut du CNFPT",
        {
            "11": "Île-de-France",
            "24": "Centre-Val de Loire",
            "27": "Bourgogne-Franche-Comté",
            "28": "Normandie",
            "32": "Hauts-de-France",
            "44": "Grand Est",
            "52": "Pays de la Loire",
            "53": "Bretagne",
            "75": "Nouvelle-Aquitaine",
            "76": "Occitanie",
            "84": "Auvergne-Rhône-Alpes",
            "93": "Provence-Alpes-Côte d’Azur",
            "94": "Corse",
            "01": "Guadeloupe",
            "02": "Martinique",
            "03": "Guyane",
            "04": "La Réunion",
            "06": "Mayotte",
            "INSET_ANGERS": "INSET d’Angers",
            "INSET_DUNKERQUE": "INSET de Dunkerque",
            "INSET_MONTPELLIER": "INSET de Montpellier",
            "INSET_NANCY": "INSET de Nancy",
            "INET_STRASBOURG": "INET de Strasbourg",
        },
    ),
    simple_table(
        "purpose",
        "Usage du dossier",
        {
            "LIVRET_COMPLET": "Livret complet",
            "PROMOTION_INTERNE": "Promotion interne",
            "AVANCEMENT_GRADE": "Avancement de grade",
            "MUTATION": "Mutation",
            "DETACHEMENT": "Détachement",
            "DISPENSE_FORMATION": "Dispense de la durée des formations d’intégration et de "
            "professionnalisation",
            "BILAN_COMPETENCES": "Bilan de compétences",
            "VAE": "Validation des acquis de l’expérience (VAE)",
            "ENTRETIEN_PROFESSIONNEL": "Entretien professionnel",
            "CANDIDATURE": "Candidature",
            "AUTRE": "Autre usage",
        },
    ),
    simple_table(
        "civility",
        "Civilité",
        {"M": "Monsieur", "MME": "Madame", "NON_RENSEIGNE": "Non renseignée"},
    ),
)
