"""MLflow's tracking server as a process: `python -m tests.stores.server URI ARTIFACTS` prints its port when ready.

The same application that `mlflow server` runs, without the worker processes and jobs, which take many seconds to start.
"""

from __future__ import annotations

import os
import sys


def serve(uri: str, artifacts: str) -> None:
    """Serve on a free local port until the process ends."""
    os.environ["_MLFLOW_SERVER_FILE_STORE"] = uri
    os.environ["_MLFLOW_SERVER_ARTIFACT_ROOT"] = artifacts
    from mlflow.server import app
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(*sys.argv[1:])
