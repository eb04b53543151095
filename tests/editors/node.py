"""Node's packages for the tests, installed once into the user's cache and never into the tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from tests.architecture.sources import ROOT

EXTENSION = ROOT / "editors" / "vscode"


def packages() -> Path:
    """The folder ``node_modules`` with what the extension's ``package.json`` needs."""
    needed = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    text = json.dumps({"private": True, "dependencies": needed}, sort_keys=True)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "archdsl-tests"
    folder = cache / f"node-{sha256(text.encode()).hexdigest()[:12]}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(mkdtemp(dir=cache))
        (fresh / "package.json").write_text(text, encoding="utf-8")
        run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", cwd=fresh)
        try:
            fresh.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
    return folder / "node_modules"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints; what it prints is the message where it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
