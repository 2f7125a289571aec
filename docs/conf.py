"""How the documentation is built: `sphinx-build -W -c docs . build/docs`, from the top folder, without a network.

The source folder is the repository itself, so that its pages, the notebooks and the files at the top are documents
where they lie, and every link works on a code host, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sim

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "intermission"
author = copyright = "The intermission developers"  # noqa: A001  # Sphinx calls it so
version = release = sim.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx_click"]
root_doc = "docs/README"
include_patterns = [
    "*.md",
    "docs/*.md",
    "docs/*/*.md",
    "notebooks/*.ipynb",
    "notebooks/data/README.md",
    "scenarios/README.md",
]
exclude_patterns = ["build", "dist", "results", "**/.ipynb_checkpoints", "**/node_modules"]
suppress_warnings = ["misc.highlighting_failure"]  # a notebook's %%magic is no Python

nb_execution_mode = "off"  # the notebooks are run by the tests
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
default_role = "code"  # docstrings quote code with single backticks

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": False}
autodoc_preserve_defaults = True

man_pages = [("docs/reference/commands", "intermission", "how missions lend each other units", author, 1)]

html_theme = "furo"
html_title = f"intermission {release}"
html_extra_path = ["site"]
html_show_sourcelink = False


def _anchors(_: Sphinx, name: str, source: list[str]) -> None:
    """The language reference marks its places in HTML, as code hosts want it; here they become MyST's."""
    if name == "scenarios/README":
        source[0] = re.sub(r'<a id="([\w-]+)"></a>', r"(\1)=", source[0])


def _french(_: Sphinx, name: str, source: list[str]) -> None:
    """A glossary's column "in French" is said to be French: for screen readers, hyphens and translators."""
    if name == "docs/glossary":
        source[0] = "\n".join(french_tagged(source[0].split("\n")))


def french_tagged(lines: list[str]) -> Iterator[str]:
    """The lines of a page, where the cells of tables below "in French" are tagged with their language."""
    column: int | None = None
    for line in lines:
        cells = line.split("|")
        if len(cells) < 3:
            column = None
        elif column is None:
            column = next((place for place, cell in enumerate(cells) if cell.strip() == "in French"), None)
        elif re.search(r"\w", cells[column]):
            cells[column] = f' <span lang="fr">{cells[column].strip()}</span> '
        yield "|".join(cells)


def _docstring(_: Sphinx, __: str, ___: str, ____: Any, _____: Any, lines: list[str]) -> None:
    """Docstrings are plain text: `**` and `*` in them are no markup."""
    lines[:] = [re.sub(r"(?<![\w`])(\*+)(?=\w)", lambda stars: "\\*" * len(stars[1]), line) for line in lines]


def setup(app: Sphinx) -> None:
    """Sphinx calls this."""
    app.connect("source-read", _anchors)
    app.connect("source-read", _french)
    app.connect("autodoc-process-docstring", _docstring)
