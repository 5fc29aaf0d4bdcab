"""Imports point one way: app → components → builder; and within builder from plain to heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LEVELS = (
    {"document", "cost"},
    {"catalogue"},
    {"initialisers", "arithmetic"},
    {"limits"},
    {"tree"},
    {"edits"},
    {"operations"},
    {"history", "schema", "report", "ranks", "repetition", "make", "solve", "undrawn"},
    {"infer"},
    {"layers", "mending"},
    {"check"},
    {"lower"},
    {"places"},
    {"initial_weights"},
    {"build"},
)
"""Modules of the core: each imports only from levels above its own line, or none of these."""

WITHOUT_TORCH = (
    "builder.document",
    "builder.catalogue",
    "builder.operations",
    "builder.history",
    "builder.schema",
    "builder.store",
    "builder.check",
    "builder.templates",
    "builder.datasets",
    "builder.recipe",
    "builder.arithmetic",
    "builder.doctor",
    "builder.solve",
)


def sources(folder: str) -> list[Path]:
    return sorted(
        path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
    )


def imported(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it, names in ``from x import y`` included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def test_builder_imports_nothing_of_the_app() -> None:
    assert sources("builder")
    for path in sources("builder"):
        assert not packages(path) & {"streamlit", "components", "app"}, path


def test_components_import_nothing_of_the_app() -> None:
    for path in sources("components"):
        assert "app" not in packages(path), path


def test_app_is_only_a_list_of_pages() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 40


def _module(path: Path) -> str:
    return path.relative_to(ROOT / "builder").with_suffix("").parts[0]


def test_arrows_within_the_core_point_one_way() -> None:
    level = {name: number for number, names in enumerate(LEVELS) for name in names}
    for path in sources("builder"):
        if (own := level.get(_module(path))) is None:
            continue
        uses = {name.split(".")[1] for name in imported(path) if name.startswith("builder.")}
        for name in uses & level.keys() - {_module(path)}:
            assert level[name] < own, f"{path} imports builder.{name}"
        heavy = uses - level.keys()
        assert heavy <= {"parts"}, f"{path} imports {heavy}"


def test_the_levels_are_all_there() -> None:
    names = {_module(path) for path in sources("builder")}
    assert set().union(*LEVELS) <= names


@pytest.mark.parametrize("module", WITHOUT_TORCH)
def test_imports_without_torch(module: str) -> None:
    script = f"import sys, {module}; print(sorted({{'torch', 'streamlit'}} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_first_page_loads_without_torch() -> None:
    """The Build page is on show before torch is imported, which takes a second by itself."""
    modules = "components.warming, components.pages.build"
    script = f"import sys, {modules}; print(sorted({{'torch', 'pandas'}} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
