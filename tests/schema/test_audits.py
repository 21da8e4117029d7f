"""The GraphQL-over-HTTP audits of the `graphql-http` package, run against the running service."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import Service

AUDITS = Path(__file__).parents[1] / "graphql_http"


def test_every_audit_of_graphql_over_http_passes(running_service: Service) -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        assert os.environ.get("CI") != "true", "node and npm are needed to run the audits"
        pytest.skip("node and npm are not here, so the audits are not run")
    with FileLock(AUDITS / "node_modules.lock"):  # tests run side by side
        if not (AUDITS / "node_modules" / "graphql-http").is_dir():
            subprocess.run(
                [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=AUDITS, check=True, timeout=300
            )
    ran = subprocess.run(
        [node, "run.mjs", f"{running_service.url}/graphql"],
        cwd=AUDITS,
        check=True,
        timeout=120,
        capture_output=True,
        text=True,
    )
    results = json.loads(ran.stdout)
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == 61
