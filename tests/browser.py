"""The system's Chromium, what axe-core finds in a page, and pictures of pages."""

import shutil
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
#: it may run as root, and looks for nothing outside this machine
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
#: where pictures are kept, to be looked at
PICTURES = Path(__file__).parents[1] / "build" / "browser"
#: of a phone, in pixels
PHONE = 390


def faults(page, within=None):
    """What axe-core finds: each rule, and the elements that break it.

    Args:
        page: of the browser.
        within: a selector, where the rest of the page is not ours.
    """
    found = Axe().run(page, context=within).response["violations"]
    return {
        each["id"]: [f"{n['html'][:200]} {n['failureSummary']}" for n in each["nodes"]]
        for each in found
    }


def overhang(page, within="html"):
    """By how many pixels what a page holds is wider than the window."""
    return page.locator(within).first.evaluate("e => e.scrollWidth - e.clientWidth")


def picture(page, name, **options):
    """Keeps a picture of a page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", **options)
