"""The edition of the code: it changes with each file of a package, and with nothing else."""

from pathlib import Path
from types import ModuleType

from graphql_api.edition import edition_of


def package(folder: Path) -> ModuleType:
    """A package that holds what the folder does."""
    made = ModuleType("toy")
    made.__path__ = [str(folder)]
    return made


def test_a_changed_file_and_another_name_make_another_edition(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "rule.py").write_text("YEARS = 1")
    (tmp_path / "words.txt").write_text("Diplômes")
    seen = [edition_of(package(tmp_path))]
    (inner / "rule.py").write_text("YEARS = 2")
    seen.append(edition_of(package(tmp_path)))
    (tmp_path / "words.txt").write_text("Titres")
    seen.append(edition_of(package(tmp_path)))
    (inner / "rule.py").rename(inner / "rules.py")
    seen.append(edition_of(package(tmp_path)))
    assert len(set(seen)) == 4


def test_what_the_interpreter_compiles_is_no_part_of_the_edition(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("YEARS = 1")
    edition = edition_of(package(tmp_path))
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "rule.cpython-311.pyc").write_bytes(b"compiled")
    # Under such a name the interpreter writes one, in another worker that starts.
    (tmp_path / "__pycache__" / "rule.cpython-311.pyc.139907").write_bytes(b"comp")
    assert edition_of(package(tmp_path)) == edition
