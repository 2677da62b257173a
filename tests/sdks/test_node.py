"""The vendor's Node SDK against the reference implementation."""

import json
import subprocess
from pathlib import Path
from typing import Any

from idpact_mock import MockIdP
from tests.requirements import require


def test_the_node_sdk_works(packages: Path, over_http: dict[str, Any], shared_idp: MockIdP) -> None:
    """Create, update, list, delete, and an update of what is gone, which is a StytchError with its details."""
    issuer = shared_idp.make_issuer()
    org = over_http["orgs"][0]["organization_id"]
    arguments = [over_http["base_url"] + "/", over_http["project_id"], over_http["secret"], org, issuer.url]
    done = subprocess.run(
        [require("node"), "backend.mjs", *arguments],
        cwd=packages,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    shared_idp.drop_issuer(issuer)

    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    connection = printed["updated"]["connection"]
    assert (connection["status"], connection["custom_scopes"]) == ("active", "openid email")
    assert connection["attribute_mapping"] == {"email": "mail"}
    assert printed["connection_id"] in printed["listed"]
    assert printed["deleted"] == printed["connection_id"]
    assert printed["refused"] == {"name": "StytchError", "status_code": 404, "error_type": "connection_not_found"}
