"""Code tables of what is shared with regional sites: the sections of a summary, and why."""

from schema.codes.table import simple_table

TABLES = (
    simple_table(
        "summarySection",
        "Rubrique communiquée à un site régional",
        {
            "HOLDER": "Civilité, nom et prénom",
            "COUNTS": "Nombre d’éléments de chaque rubrique",
            "CURRENT_POST": "Poste actuel",
            "TRAINING_TITLES": "Intitulés des titres, diplômes, concours et formations",
            "COMPETENCES": "Compétences",
            "AUTHORISATIONS_STATUS": "Habilitations et permis : type et validité",
            "EXPERIENCE_TITLES": "Intitulés des expériences",
        },
    ),
    simple_table(
        "consentPurpose",
        "Objet d’un consentement",
        {
            "CONSEIL_PARCOURS": "Être conseillé sur votre parcours de formation",
            "FORMATIONS_STATUTAIRES": "Suivre vos formations statutaires obligatoires",
            "DISPENSE_FORMATION": "Préparer une demande de dispense de formation",
            "PREPARATION_CONCOURS": "Préparer un concours ou un examen professionnel",
            "BILAN_VAE": "Être accompagné dans un bilan de compétences ou une VAE",
            "AUTRE": "Autre objet",
        },
    ),
)
