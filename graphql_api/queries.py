"""The queries of all features: verb, answer. `authorization` checks who may ask, before a resolver runs."""

import strawberry

from graphql_api.booklets.queries import BookletQueries
from graphql_api.codes.queries import CodeQueries
from graphql_api.consents.queries import ConsentQueries
from graphql_api.dossiers.queries import DossierQueries
from graphql_api.operating.queries import OperatingQueries
from graphql_api.records.queries import RecordQueries
from graphql_api.reference_queries import ReferenceQueries
from graphql_api.statistics.queries import StatisticsQueries
from graphql_api.summaries.queries import SummaryQueries


@strawberry.type(description="What can be read.")
class Query(
    BookletQueries,
    RecordQueries,
    DossierQueries,
    CodeQueries,
    SummaryQueries,
    ConsentQueries,
    StatisticsQueries,
    OperatingQueries,
    ReferenceQueries,
):
    """Public: the guide, the code tables, the texts. To its owner: the booklet and its dossiers."""
