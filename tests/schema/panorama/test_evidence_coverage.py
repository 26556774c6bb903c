"""The documents of article 5, listed or missing."""

from schema.entries.entries import Attachment, Competence, Diploma, Recommendation, Training
from schema.entries.links import EvidenceRecord
from schema.panorama.evidence_coverage import evidence_coverage_of
from schema.panorama.panorama_entry import itself
from tests.schema.panorama.panorama_sample import TODAY, entry, panorama, post


def test_coverage_counts_the_entries_that_have_at_least_one_document():
    entries = [
        entry(Diploma, "with-copy", outcome="OBTENU"),
        entry(Diploma, "without", outcome="OBTENU", title="Baccalauréat", awarded_on="2001"),
        post("with-certificate"),
        entry(Attachment, "copy"),
        entry(Attachment, "certificate"),
        entry(Attachment, "second"),
    ]
    evidence = [
        EvidenceRecord("copy", "with-copy"),
        EvidenceRecord("certificate", "with-certificate"),
        EvidenceRecord("second", "with-certificate"),
    ]
    coverage = panorama(entries, evidence=evidence).evidence()
    assert (coverage.expected, coverage.covered, coverage.proved) == (3, 2, 2)
    [missing] = coverage.missing()
    assert (missing.entry, missing.headline, missing.when) == ("without", "Baccalauréat", "2001")


def test_an_entry_that_asks_for_no_document_is_proved_too():
    entries = [entry(Competence, "skill"), post("post"), entry(Attachment, "certificate")]
    evidence = [EvidenceRecord("certificate", "skill"), EvidenceRecord("certificate", "post")]
    coverage = panorama(entries, evidence=evidence).evidence()
    assert (coverage.expected, coverage.covered, coverage.proved) == (1, 1, 2)


def test_nothing_is_expected_of_what_has_not_happened_or_was_given_to_others():
    entries = [
        entry(Diploma, "in-preparation", outcome="EN_COURS", title="Licence"),
        entry(Training, "planned", title="Marchés publics", start="2099-01", role="STAGIAIRE"),
        entry(Training, "given", title="Gestes et postures", start="2020", role="FORMATEUR"),
        entry(Training, "followed", title="Accueil", start="2020", role="STAGIAIRE"),
    ]
    coverage = panorama(entries).evidence()
    assert [missing.entry for missing in coverage.missing()] == ["followed"]


def test_what_article_5_does_not_name_asks_for_no_document():
    entries = [entry(Competence), entry(Attachment), entry(Recommendation)]
    assert evidence_coverage_of(entries, TODAY, itself).expected == 0
