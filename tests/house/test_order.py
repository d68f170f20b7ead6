"""Rules of the house that can be checked: which package may import which, sizes, names."""

import ast
import graphlib
from pathlib import Path

import pytest

from warehouse.project import PROJECT

ORDER = (
    *("project", "errors", "values", "variables", "settings", "clock", "files", "locks", "keys"),
    *("reference", "database", "intake", "digest", "portal", "normalise", "facts", "compare", "stage", "load"),
    *("check", "publish", "runs", "report", "cli"),
)
"""The foundation's modules, then the packages: each may import only what stands before it."""

PARTS = {
    "portal": ("exchange", "request", "archive", "read", "visits"),
}
"""The same within a package."""

MODULES = sorted(path for folder in ("warehouse", "flows") for path in (PROJECT / folder).rglob("*.py"))
LIBRARY = [path for path in MODULES if path.is_relative_to(PROJECT / "warehouse")]


def imports(path: Path) -> set[str]:
    """The full names of all modules that a module imports, at its top or within."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def name_of(path: Path) -> str:
    """The full name of a module; a package's is that of its folder."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def imported_of_the_library() -> dict[str, set[str]]:
    """Which modules of the library each of them imports."""
    modules = {name_of(path): path for path in LIBRARY}
    del modules["warehouse"]
    return {
        name.removeprefix("warehouse."): {
            other.removeprefix("warehouse.") for other in imports(path) & modules.keys() - {name}
        }
        for name, path in modules.items()
    }


IMPORTED = imported_of_the_library()


def test_no_module_imports_in_a_circle() -> None:
    assert list(graphlib.TopologicalSorter(IMPORTED).static_order())


@pytest.mark.parametrize("module", sorted(IMPORTED))
def test_a_module_imports_only_what_stands_above_its_package(module: str) -> None:
    package, _, rest = module.partition(".")
    allowed = ORDER[: ORDER.index(package) + 1]
    assert {other for other in IMPORTED[module] if other.partition(".")[0] not in allowed} == set()
    if package in PARTS and rest:
        parts = PARTS[package]
        allowed = parts[: parts.index(rest.partition(".")[0]) + 1]
        inside = {other.split(".")[1] for other in IMPORTED[module] if other.startswith(f"{package}.")}
        assert inside <= {*allowed}


def test_every_package_has_its_place_and_says_in_one_sentence_what_it_takes_and_gives() -> None:
    tops = {path.relative_to(PROJECT / "warehouse").parts[0].removesuffix(".py") for path in LIBRARY} - {"__init__"}
    assert tops <= {*ORDER}
    for path in LIBRARY:
        if path.stem == "__init__" and path.parent.name != "warehouse":
            docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            first = docstring.partition("\n\n")[0]
            assert first.endswith("."), path


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_the_library_imports_neither_flows_nor_prefect(path: Path) -> None:
    assert {name.split(".")[0] for name in imports(path)}.isdisjoint({"flows", "prefect", "benchmarks", "tests"})


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_300_lines_at_most_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text))


def test_no_module_is_named_for_what_it_could_hold() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools"}
    assert [path for path in MODULES if path.stem in vague or path.parent.name in vague] == []
