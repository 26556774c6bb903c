"""Names of downloads: what the dossier is for and its title, in ASCII and as they are written."""

import pytest

from graphql_api.operations.file_names import MAX_CHARACTERS, attachment, dossier_file_name


@pytest.mark.parametrize(
    ("purpose", "title", "name"),
    [
        ("Mutation", "Candidature à Tours", "Livret - Mutation - Candidature à Tours.pdf"),
        ("Mutation", "Mutation", "Livret - Mutation.pdf"),
        ("Mutation", "Ma mutation", "Livret - Ma mutation.pdf"),
        ("Livret complet", "Livret complet", "Livret complet.pdf"),
        ("Autre", 'a/b\\c:d*e?"f"<g>|h', "Livret - Autre - a b c d e f g h.pdf"),
        ("Autre", "..\u202egnp.exe\u200b\n", "Livret - Autre - gnp.exe.pdf"),
        ("Autre", "…", "Livret - Autre - ….pdf"),
    ],
)
def test_a_dossier_is_named_by_its_purpose_and_its_title(
    purpose: str, title: str, name: str
) -> None:
    assert dossier_file_name(purpose, title, "pdf") == name


def test_a_long_title_is_cut_before_the_form() -> None:
    name = dossier_file_name("Autre", "é" * 500, "html")
    assert name.endswith("é….html")
    assert len(name) <= MAX_CHARACTERS + len(".html")


@pytest.mark.parametrize("more", range(12))
def test_a_long_title_is_cut_at_a_word(more: int) -> None:
    purpose = "Dispense de la durée des formations d’intégration et de professionnalisation"
    title = f"{'x' * more} Demande de dispense de deux jours"
    name = dossier_file_name(purpose, title, "pdf").removesuffix("….pdf")
    assert f"Livret - {purpose} - {title} ".replace("-  ", "- ").startswith(f"{name} ")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Livret - Mutation.zip", 'attachment; filename="Livret - Mutation.zip"'),
        (
            "L’été à l’œuvre.pdf",
            (
                "attachment; filename=\"L'ete a l'oeuvre.pdf\"; "
                "filename*=UTF-8''L%E2%80%99%C3%A9t%C3%A9%20%C3%A0%20l%E2%80%99%C5%93uvre.pdf"
            ),
        ),
        (
            "日本.pdf",
            "attachment; filename=\"Livret.pdf\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf",
        ),
        ("50 %.pdf", "attachment; filename=\"50.pdf\"; filename*=UTF-8''50%20%25.pdf"),
    ],
)
def test_a_name_is_sent_in_ascii_and_as_it_is_written(name: str, header: str) -> None:
    assert attachment(name) == header
