"""Kept forms are whose they were: an editor of the database gives them to nobody else."""

from graphql_api.callers import kept_forms, sessions
from graphql_api.callers.kept_forms import KeptForm
from graphql_api.callers.sessions import ProviderSignIn
from graphql_api.storage.tables import KeptFormTable
from tests.conftest import Here

ISSUER = "livret"
FORM = KeptForm("/livret/diplomes", {"title": ["CANARY"]})


def test_a_kept_form_that_was_moved_to_somebody_else_does_not_open(here: Here) -> None:
    """Two who use one browser: the cookie is there, the form is the other's."""
    store, now = here.deployment.store, here.clock()
    with store.writing():
        session = sessions.create(store, ProviderSignIn(ISSUER, "owner", None, None, ""), now)
        secret = kept_forms.keep(store, session, FORM, now)
        assert secret is not None
        assert kept_forms.find(store, secret, ISSUER, "owner", now) == FORM
        store.run(KeptFormTable.update(subject="other"))
        assert kept_forms.find(store, secret, ISSUER, "other", now) is None
