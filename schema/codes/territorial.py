"""Code tables of the territorial civil service: filières, cadres d'emplois, categories.

The cadres d'emplois are those of the list kept by the CIG petite couronne (2026-02-27), then those
of the communes of French Polynesia. An
extinct one takes nobody in any more, but stays open to choice: careers passed through it.
Grades are free text: their names changed too often for a closed list.
"""

from schema.codes.table import Code, CodeTable, simple_table

FILIERES = simple_table(
    "filiere",
    "Filière",
    {
        "ADM": "Administrative",
        "ANI": "Animation",
        "TEC": "Technique",
        "CUL": "Culturelle",
        "SPO": "Sportive",
        "MED": "Médico-sociale",
        "PM": "Police municipale",
        "SPP": "Sapeurs-pompiers professionnels",
    },
)

CATEGORIES = simple_table(
    "hierarchicalCategory",
    "Catégorie",
    {
        "A+": "A+ (encadrement supérieur)",
        "A": "A",
        "B": "B",
        "C": "C",
        "D": "D (communes de Polynésie française)",
    },
)

_EXTINCT = " (en voie d’extinction)"

# Filière, then (code, category, label).
_CADRES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "ADM": (
        ("ADMINISTRATEURS", "A+", "Administrateurs territoriaux"),
        ("ATTACHES", "A", "Attachés territoriaux"),
        ("SECRETAIRES_MAIRIE", "A", "Secrétaires de mairie" + _EXTINCT),
        ("REDACTEURS", "B", "Rédacteurs territoriaux"),
        ("ADJOINTS_ADMINISTRATIFS", "C", "Adjoints administratifs territoriaux"),
    ),
    "ANI": (
        ("ANIMATEURS", "B", "Animateurs territoriaux"),
        ("ADJOINTS_ANIMATION", "C", "Adjoints territoriaux d’animation"),
    ),
    "TEC": (
        ("INGENIEURS_EN_CHEF", "A+", "Ingénieurs en chef territoriaux"),
        ("INGENIEURS", "A", "Ingénieurs territoriaux"),
        ("TECHNICIENS", "B", "Techniciens territoriaux"),
        ("AGENTS_MAITRISE", "C", "Agents de maîtrise territoriaux"),
        ("ADJOINTS_TECHNIQUES", "C", "Adjoints techniques territoriaux"),
        (
            "ADJOINTS_TECHNIQUES_ENSEIGNEMENT",
            "C",
            "Adjoints techniques territoriaux des établissements d’enseignement",
        ),
    ),
    "CUL": (
        (
            "DIRECTEURS_ENSEIGNEMENT_ARTISTIQUE",
            "A",
            "Directeurs d’établissements territoriaux d’enseignement artistique",
        ),
        (
            "PROFESSEURS_ENSEIGNEMENT_ARTISTIQUE",
            "A",
            "Professeurs territoriaux d’enseignement artistique",
        ),
        (
            "ASSISTANTS_ENSEIGNEMENT_ARTISTIQUE",
            "B",
            "Assistants territoriaux d’enseignement artistique",
        ),
        ("CONSERVATEURS_PATRIMOINE", "A+", "Conservateurs territoriaux du patrimoine"),
        ("CONSERVATEURS_BIBLIOTHEQUES", "A+", "Conservateurs territoriaux de bibliothèques"),
        ("ATTACHES_CONSERVATION", "A", "Attachés territoriaux de conservation du patrimoine"),
        ("BIBLIOTHECAIRES", "A", "Bibliothécaires territoriaux"),
        (
            "ASSISTANTS_CONSERVATION",
            "B",
            "Assistants territoriaux de conservation du patrimoine et des bibliothèques",
        ),
        ("ADJOINTS_PATRIMOINE", "C", "Adjoints territoriaux du patrimoine"),
    ),
    "SPO": (
        (
            "CONSEILLERS_APS",
            "A",
            "Conseillers territoriaux des activités physiques et sportives (APS)",
        ),
        (
            "EDUCATEURS_APS",
            "B",
            "Éducateurs territoriaux des activités physiques et sportives (APS)",
        ),
        (
            "OPERATEURS_APS",
            "C",
            "Opérateurs territoriaux des activités physiques et sportives (APS)",
        ),
    ),
    "MED": (
        ("MEDECINS", "A", "Médecins territoriaux"),
        ("SAGES_FEMMES", "A", "Sages-femmes territoriales"),
        (
            "CADRES_SANTE_PARAMEDICAUX",
            "A",
            "Cadres territoriaux de santé paramédicaux",
        ),
        (
            "PUERICULTRICES_CADRES_SANTE",
            "A",
            "Puéricultrices cadres territoriaux de santé" + _EXTINCT,
        ),
        ("PSYCHOLOGUES", "A", "Psychologues territoriaux"),
        (
            "CADRES_SANTE_INFIRMIERS",
            "A",
            "Cadres territoriaux de santé infirmiers et techniciens paramédicaux" + _EXTINCT,
        ),
        ("PUERICULTRICES_2014", "A", "Puéricultrices territoriales (cadre d’emplois de 2014)"),
        (
            "PUERICULTRICES_1992",
            "A",
            "Puéricultrices territoriales (cadre d’emplois de 1992)" + _EXTINCT,
        ),
        ("INFIRMIERS_SOINS_GENERAUX", "A", "Infirmiers territoriaux en soins généraux"),
        (
            "BIOLOGISTES_VETERINAIRES_PHARMACIENS",
            "A",
            "Biologistes, vétérinaires et pharmaciens territoriaux",
        ),
        (
            "PEDICURES_ERGOTHERAPEUTES",
            "A",
            (
                "Pédicures-podologues, ergothérapeutes, psychomotriciens, orthoptistes, techniciens"
                " de laboratoire médical, manipulateurs d’électroradiologie médicale, préparateurs"
                " en pharmacie hospitalière et diététiciens territoriaux"
            ),
        ),
        (
            "MASSEURS_KINESITHERAPEUTES_ORTHOPHONISTES",
            "A",
            "Masseurs-kinésithérapeutes et orthophonistes territoriaux",
        ),
        ("INFIRMIERS", "B", "Infirmiers territoriaux" + _EXTINCT),
        ("TECHNICIENS_PARAMEDICAUX", "B", "Techniciens paramédicaux territoriaux" + _EXTINCT),
        ("AIDES_SOIGNANTS", "B", "Aides-soignants territoriaux"),
        ("AUXILIAIRES_PUERICULTURE", "B", "Auxiliaires de puériculture territoriaux"),
        ("AUXILIAIRES_SOINS", "C", "Auxiliaires de soins territoriaux"),
        ("CONSEILLERS_SOCIO_EDUCATIFS", "A", "Conseillers territoriaux socio-éducatifs"),
        ("ASSISTANTS_SOCIO_EDUCATIFS", "A", "Assistants territoriaux socio-éducatifs"),
        ("EDUCATEURS_JEUNES_ENFANTS", "A", "Éducateurs territoriaux de jeunes enfants"),
        (
            "MONITEURS_EDUCATEURS",
            "B",
            "Moniteurs-éducateurs et intervenants familiaux territoriaux",
        ),
        ("AGENTS_SOCIAUX", "C", "Agents sociaux territoriaux"),
        ("ATSEM", "C", "Agents territoriaux spécialisés des écoles maternelles (ATSEM)"),
    ),
    "PM": (
        ("DIRECTEURS_POLICE_MUNICIPALE", "A", "Directeurs de police municipale"),
        ("CHEFS_SERVICE_POLICE_MUNICIPALE", "B", "Chefs de service de police municipale"),
        ("AGENTS_POLICE_MUNICIPALE", "C", "Agents de police municipale"),
        ("GARDES_CHAMPETRES", "C", "Gardes champêtres"),
    ),
    "SPP": (
        (
            "SPP_CONCEPTION_DIRECTION",
            "A+",
            "Conception et direction des sapeurs-pompiers professionnels",
        ),
        (
            "SPP_CAPITAINES_COMMANDANTS",
            "A",
            "Capitaines, commandants, lieutenants-colonels de sapeurs-pompiers professionnels",
        ),
        ("SPP_CADRES_SANTE", "A", "Cadres de santé de sapeurs-pompiers professionnels"),
        (
            "SPP_MEDECINS_PHARMACIENS",
            "A",
            "Médecins et pharmaciens de sapeurs-pompiers professionnels",
        ),
        ("SPP_INFIRMIERS", "A", "Infirmiers de sapeurs-pompiers professionnels"),
        ("SPP_LIEUTENANTS", "B", "Lieutenants de sapeurs-pompiers professionnels"),
        ("SPP_SOUS_OFFICIERS", "C", "Sous-officiers de sapeurs-pompiers professionnels"),
        ("SPP_SAPEURS_CAPORAUX", "C", "Sapeurs et caporaux de sapeurs-pompiers professionnels"),
    ),
}

# The communes of French Polynesia have a civil service of their own statute, of four categories with one
# cadre d'emplois each, for all trades (ordonnance 2005-10 of 4 January 2005, article 6; arrêtés
# 1117 and 1118 DIPAC of 5 July 2012 for « maîtrise » and « application »). They have no filière.
POLYNESIAN_CADRES = (
    Code(
        code="PF_CONCEPTION_ENCADREMENT",
        label="Conception et encadrement (communes de Polynésie française)",
        category="A",
    ),
    Code(code="PF_MAITRISE", label="Maîtrise (communes de Polynésie française)", category="B"),
    Code(
        code="PF_APPLICATION", label="Application (communes de Polynésie française)", category="C"
    ),
    Code(code="PF_EXECUTION", label="Exécution (communes de Polynésie française)", category="D"),
)

CADRES = CodeTable(
    name="cadreEmplois",
    label="Cadre d’emplois",
    group_table="filiere",
    codes=[
        Code(code=code, label=label, group=filiere, category=category)
        for filiere, cadres in _CADRES.items()
        for code, category, label in cadres
    ]
    + list(POLYNESIAN_CADRES),
)

TABLES = (FILIERES, CADRES, CATEGORIES)
