"""Launches oidc-provider-mock as its own command does, but for the log of requests. Runs in the cache's environment."""

import os
import sys

import uvicorn
from oidc_provider_mock import app  # type: ignore[import-not-found]  # installed into the cache only

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
uvicorn.run(app(), interface="wsgi", host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
