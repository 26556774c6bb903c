"""Code tables of « Mes compétences », « Pièces jointes » and « Préconisations »."""

from schema.codes.languages import LANGUAGES
from schema.codes.table import simple_table

TABLES = (
    simple_table(
        "competenceKind",
        "Nature de la compétence",
        {
            "CONNAISSANCE_GENERALE": "Connaissance générale",
            "SAVOIR_FAIRE": "Savoir-faire",
            "COMPETENCE": "Compétence",
        },
    ),
    simple_table(
        "selfLevel",
        "Niveau de maîtrise",
        {"1": "Notions", "2": "Pratique", "3": "Maîtrise", "4": "Expertise"},
    ),
    simple_table("language", "Langue", LANGUAGES),
    simple_table(
        "cefr",
        "Niveau de langue (CECRL)",
        {
            "A1": "A1 – Introductif",
            "A2": "A2 – Intermédiaire",
            "B1": "B1 – Seuil",
            "B2": "B2 – Avancé",
            "C1": "C1 – Autonome",
            "C2": "C2 – Maîtrise",
        },
    ),
    simple_table(
        "codeScheme",
        "Référentiel d’un code de compétence",
        {
            "ROME_OGR": "Code OGR du répertoire ROME (France Travail)",
            "ESCO_URI": "Adresse ESCO (Union européenne)",
            "RNCP_BLOC": "Bloc de compétences d’une certification RNCP",
            "CNFPT": "Répertoire des métiers territoriaux (CNFPT)",
            "LOCAL": "Référentiel de la collectivité",
        },
    ),
    simple_table(
        "recognitionKind",
        "Type de reconnaissance",
        {
            "BILAN_COMPETENCES": "Bilan de compétences",
            "VAE": "Validation des acquis de l’expérience (VAE)",
            "REP_DISPENSE": "Dispense de formation statutaire",
            "RED": "Équivalence de diplôme (RED)",
            "REP_CONCOURS": "Reconnaissance de l’expérience professionnelle pour un concours (REP)",
            "RAEP": "Reconnaissance des acquis de l’expérience professionnelle (RAEP)",
            "POSITIONNEMENT": "Positionnement",
            "AUTRE": "Autre reconnaissance",
        },
    ),
    simple_table(
        "recognitionStatus",
        "Statut de la démarche",
        {
            "DEMANDE": "Demande déposée",
            "RECEVABLE": "Recevable",
            "EN_COURS": "En cours",
            "TERMINE": "Terminée",
            "ABANDON": "Abandonnée",
        },
    ),
    simple_table(
        "recognitionDecision",
        "Décision",
        {
            "TOTALE": "Totale",
            "PARTIELLE": "Partielle",
            "REFUS": "Refus",
            "FAVORABLE": "Favorable",
            "DEFAVORABLE": "Défavorable",
        },
    ),
    simple_table(
        "recommendationOrigin",
        "Origine de la préconisation",
        {
            "BILAN_COMPETENCES": "Bilan de compétences",
            "ENTRETIEN_PROFESSIONNEL": "Entretien professionnel",
        },
    ),
    simple_table(
        "attachmentKind",
        "Nature de la pièce",
        {
            "COPIE_DIPLOME": "Copie de diplôme ou de titre",
            "ATTESTATION_FORMATION": "Attestation de formation",
            "ATTESTATION_STAGE": "Attestation de stage",
            "CERTIFICAT_TRAVAIL": "Certificat de travail",
            "ATTESTATION_EMPLOYEUR": "Attestation de l’employeur",
            "ATTESTATION_BENEVOLAT": "Attestation d’activité bénévole",
            "ARRETE": "Arrêté",
            "FICHE_DE_POSTE": "Fiche de poste",
            "TITRE_HABILITATION": "Titre d’habilitation",
            "COPIE_PERMIS": "Copie du permis de conduire",
            "SYNTHESE_BILAN": "Synthèse de bilan de compétences",
            "DECISION_JURY_VAE": "Décision du jury de VAE",
            "CV": "Curriculum vitæ (CV)",
            "AUTRE": "Autre document",
        },
    ),
)
