"""Names of folders and modules, and where imports stand. Which way they may look is in pyproject.toml."""

import ast

from tests.architecture.exceptions import excepted
from tests.architecture.source import HOUSE, PACKAGE, STAGES, functions, place, python_files, topics, tree

NAMES_THAT_SAY_NOTHING = {
    "base", "common", "core", "helper", "helpers", "lib", "manager", "managers", "misc", "service", "services",
    "util", "utils",
}  # fmt: skip
NAMES_OF_A_TOPIC = {
    "__init__.py", "indicators.py", "rules.py", "models.py", "actions.py", "forms.py", "pages.py", "urls.py",
    "api.py", "documents.py", "templates",
}  # fmt: skip
LAYERS = {
    "terms", "sources", "assumptions", "methods", "documents", "tables", "layout", *STAGES, "web", "cli.py",
}  # fmt: skip


def test_the_house_has_its_layers_and_no_other() -> None:
    listed = {entry.name for entry in PACKAGE.iterdir() if entry.name not in ("__init__.py", "__pycache__")}
    assert listed == LAYERS


def test_every_folder_of_modules_says_what_it_is_for() -> None:
    silent = [path for path in python_files() if path.name == "__init__.py" and not ast.get_docstring(tree(path))]
    assert [place(path) for path in silent] == []


def test_every_folder_of_tests_is_a_package() -> None:
    """Without it two files of one name in different folders are taken for one."""
    folders = {path.parent for path in python_files(HOUSE / "tests")}
    assert [place(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_name_says_nothing() -> None:
    paths = [*python_files(), *python_files(HOUSE / "tests"), *python_files(HOUSE / "docs")]
    named = [place(path) for path in paths if {path.stem, path.parent.name} & NAMES_THAT_SAY_NOTHING]
    assert named == []


def test_topics_use_the_closed_list_of_names() -> None:
    entries = [entry for topic in topics() for entry in topic.iterdir() if entry.name != "__pycache__"]
    other = [place(entry) for entry in entries if entry.name not in NAMES_OF_A_TOPIC]
    assert sorted(other) == excepted("file names")


def test_templates_stand_under_the_name_of_their_topic() -> None:
    holders = [topic for topic in topics() if (topic / "templates").exists()]
    assert [
        place(entry)
        for topic in holders
        for entry in (topic / "templates").iterdir()
        if entry.name != topic.name
    ] == []  # fmt: skip


def test_imports_stand_at_the_top() -> None:
    found = [
        name
        for path in [*python_files(), HOUSE / "start.py"]
        for name, node in functions(path)
        if any(_imports(each) for each in ast.walk(node))
    ]
    assert sorted(found) == excepted("imports in functions")


_LOADING = ("import_module", "__import__")


def _imports(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        last = getattr(node.func, "attr", getattr(node.func, "id", ""))
        # the whole name is written out only where it may matter: that takes long
        return last in _LOADING and ast.unparse(node.func) in (*_LOADING, "importlib.import_module")
    return isinstance(node, ast.Import | ast.ImportFrom)
