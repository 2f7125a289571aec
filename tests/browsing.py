"""A real browser for the tests of the what-if page: found, started, and watched for anything that should not happen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REQUIRED = "INTERMISSION_BROWSER"
"""Set to `required`, a machine without browser (or axe-core) fails the tests, rather than skipping them."""
PATIENCE = 120
"""Seconds after which the page hangs; nothing passes by being quicker."""
AXE = Path(__file__).parent / "browser" / "node_modules" / "axe-core" / "axe.min.js"


def lacking(why: str) -> None:
    """Skip for want of something, or fail where it is required."""
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def started() -> Iterator[Any]:
    """The system's Chromium under Playwright."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        lacking("no Chromium here: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("no Playwright here: pip install playwright")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def axe() -> str:
    """The source of axe-core."""
    if not AXE.is_file():
        lacking("no axe-core here: npm ci --prefix tests/browser")
    return AXE.read_text(encoding="utf-8")


class Visit:
    """One look at a page: every request, console message, error and dialog is noted."""

    def __init__(self, browser: Any, file: Path, fragment: str = "", **context: Any) -> None:
        self.file = file
        self.context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | context))
        self.context.set_offline(True)
        self.context.set_default_timeout(1000 * PATIENCE)
        self.page = self.context.new_page()
        self.noise: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.noise.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.fragment = fragment

    def _dialog(self, dialog: Any) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self) -> Any:
        """The page, once it has drawn everything."""
        self.page.goto(self.file.as_uri() + self.fragment)
        self.page.wait_for_selector("#gantt svg", state="attached")
        return self.page

    def assert_quiet(self) -> None:
        """Nothing was said on the console, and nothing was asked of anybody."""
        assert self.noise == []
        outside = [url for url in self.requests if not url.startswith((self.file.as_uri(), "blob:", "data:"))]
        assert outside == []


@contextmanager
def visit(browser: Any, file: Path, fragment: str = "", *, quiet: bool = True, **context: Any) -> Iterator[Any]:
    """Look at the file; at the end nothing must have gone wrong unless `quiet` is False."""
    looking = Visit(browser, file, fragment, **context)
    try:
        yield looking.open()
        if quiet:
            looking.assert_quiet()
    finally:
        looking.context.close()
