"""Peers: other mock identity providers, installed into a cache that git ignores, each with a launcher beside this file.

A launcher is called with a port and an algorithm, and serves there with the client that `load` knows.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

__all__ = ["CACHE", "NODE_PACKAGES", "PYTHON_PACKAGES", "install", "why_no_node"]

NODE_PACKAGES: Final = {
    "oauth2-mock-server": "8.2.3",  # 9 wants Node 22
    "oidc-provider": "9.13.3",
    "@mongodb-js/oidc-mock-provider": "0.13.18",
}
PYTHON_PACKAGES: Final = {"oidc-provider-mock": "0.3.4"}

CACHE: Final = Path(__file__).parents[3] / ".bench"

_HERE: Final = Path(__file__).parent


def why_no_node() -> str | None:
    """Why peers that run on Node.js can't be measured; None if they can."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"{' and '.join(missing)} missing: apt-get install -y nodejs npm" if missing else None


def install() -> None:
    """Install what isn't there yet.

    Raises:
        CalledProcessError: It can't be installed.
    """
    if why_no_node() is None and not _is_stamped("node", NODE_PACKAGES):
        folder = CACHE / "node"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": NODE_PACKAGES}))
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
        for launcher in _HERE.glob("*.mjs"):
            shutil.copy(launcher, folder)  # where Node.js finds the packages
        _stamp("node", NODE_PACKAGES)
    if not _is_stamped("python", PYTHON_PACKAGES):
        folder = CACHE / "python"
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        wanted = [f"{name}=={version}" for name, version in PYTHON_PACKAGES.items()]
        subprocess.run([str(folder / "bin/python"), "-m", "pip", "install", "-qq", *wanted], check=True)
        _stamp("python", PYTHON_PACKAGES)


def _stamp(kind: str, packages: dict[str, str]) -> None:
    (CACHE / f"{kind}.json").write_text(_stamped(packages))


def _is_stamped(kind: str, packages: dict[str, str]) -> bool:
    stamp = CACHE / f"{kind}.json"
    return stamp.is_file() and stamp.read_text() == _stamped(packages)


def _stamped(packages: dict[str, str]) -> str:
    """What was installed, and the launchers that were copied."""
    return json.dumps([packages, {path.name: path.read_text() for path in sorted(_HERE.glob("*.mjs"))}])
