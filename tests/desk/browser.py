"""A real Chromium for tests of what people see, driven by Playwright: the system's own, for Playwright's is not there.

    with chromium() as browser:
        page = browser.new_page()

It is looked for on the path, else installed by apt-get where that may be done; `NoBrowser` says how to get it. The
fixture `browser` of this module is for one module at a time: Playwright's loop must not run beside other loops.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "No Chromium found: tests of what people see need one. Install it with `apt-get install chromium` (Debian), "
    "`snap install chromium` (Ubuntu) or `brew install --cask chromium` (macOS), or put the path of a Chrome into "
    "PRESS_TEST_CHROMIUM."
)
QUIET = (
    "--no-sandbox",  # tests run as root in containers, where the sandbox cannot start
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
)
INSTALL_TIMEOUT_S = 300


class NoBrowser(Exception):
    """There is no Chromium, and none could be installed; says how to get it."""


def executable() -> str:
    """The path of a Chromium or Chrome, installed where there is none and that can be done. Raises NoBrowser."""
    if named := os.environ.get("PRESS_TEST_CHROMIUM"):
        return named
    if path := _on_path():
        return path
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_TIMEOUT_S)
            except subprocess.TimeoutExpired as error:
                raise NoBrowser(f"{HOW} `{' '.join(command)}` did not end within {INSTALL_TIMEOUT_S} s.") from error
        if path := _on_path():
            return path
        raise NoBrowser(f"{HOW} apt-get said: {' '.join(done.stderr.split())}")
    raise NoBrowser(HOW)


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium for as long as the block lasts. Raises NoBrowser."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium for the tests of a module."""
    try:
        path = executable()
    except NoBrowser as error:
        pytest.fail(str(error), pytrace=False)
    assert path
    with chromium() as started:
        yield started


def accessibility_violations(page: Page) -> list[str]:
    """What axe-core finds wrong with a page: a line for every rule and element, none where all is well.

    All rules but the experimental ones are asked, best practices too.
    """
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    # By the browser's own hand, for the page's policy forbids scripts.
    page.evaluate(axe)
    result: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
