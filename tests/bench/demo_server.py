"""The service on a folder that the demo's loader filled: `python -m tests.bench.demo_server FOLDER PORT`."""

import sys
from dataclasses import replace
from pathlib import Path

from graphql_api.app import create_application
from graphql_api.demo.folder import DemoFolder
from graphql_api.web.http.http_server import Stopping, http_server, run_server

if __name__ == "__main__":
    settings = DemoFolder(Path(sys.argv[1])).settings(int(sys.argv[2]))
    settings = replace(settings, host="127.0.0.1")
    stopping = Stopping()
    server = http_server(
        create_application(settings), settings, stopping.begin, log_level="warning"
    )
    sys.exit(run_server(server))
