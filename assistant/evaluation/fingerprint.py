"""A fingerprint of the package's own files, so that rows of one version of the code are not mixed with those of another."""

from __future__ import annotations

import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def package_sha256(package: Path = _PACKAGE) -> str:
    """SHA-256 in hex over the names and contents of the package's code, tables and prompts.

    The prompts lie in the package where it is installed, and beside it in a checkout. Weights are no part of it: they have
    sums of their own.
    """
    inside = package / "prompts"
    prompts = inside if inside.is_dir() else package.parent / "prompts"
    named = [(file.relative_to(package).as_posix(), file) for kind in ("*.py", "*.json") for file in package.rglob(kind)]
    named += [(f"prompts/{file.name}", file) for file in prompts.glob("*.md")]
    whole = hashlib.sha256()
    for name, file in sorted(named):
        whole.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
