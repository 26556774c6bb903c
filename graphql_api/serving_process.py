"""A process that serves: alone, or as one of the workers of a parent."""

from graphql_api.app import create_application
from graphql_api.configuration.unsafe_settings import safe_settings
from graphql_api.serving import check_before_serving
from graphql_api.web.http.http_server import Stopping, http_server, run_server
from graphql_api.web.http.worker_processes import WorkerLink
from graphql_api.web.logs import configure_logs


def serve(*, sweeps_daily: bool, worker: WorkerLink | None = None) -> int:
    """Serve until interrupted; return the exit code. Stores that do not belong together are refused."""
    settings = safe_settings()
    check_before_serving(settings)
    configure_logs(settings.log)
    stopping = Stopping()
    application = create_application(settings, sweeps_daily=sweeps_daily, stopping=stopping)
    return run_server(http_server(application, settings, stopping.begin, worker=worker))
