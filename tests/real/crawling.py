"""Every page that somebody reaches by links, each once, and each form once as it is refused."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from .chromium import Page
from .page_judge import Judge

LINKS = """[...document.querySelectorAll('a[href]:not([download])')].map(one => one.href)"""
# A form that asks for something is sent empty; one that only confirms would do what it says.
EMPTIED = """(() => {
  const form = document.querySelector('main form[novalidate]');
  if (!form) return false;
  const boxes = [...form.querySelectorAll('input:not([type=hidden]), textarea, select')];
  for (const box of boxes) {
    if (['checkbox', 'radio'].includes(box.type)) box.checked = false;
    else if (box.tagName == 'SELECT') box.selectedIndex = -1;
    else box.value = '';
  }
  return boxes.length > 0;
})()"""
SEND = "main form[novalidate] button[type=submit] >> nth=0"
FILES = re.compile(r"\.(pdf|html|zip|json|graphql|css|js)$|/graphql$|/telecharger")
ID = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Z]{5}(?:-[0-9A-Z]{5})+")


def reached(page: Page, origin: str, start: str) -> Iterator[str]:
    """Go to each page in turn, from a path on; the kinds of their addresses.

    Pages of two entries of one rubric are of one kind.
    """
    waiting, known = [start], {kind_of(start)}
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(f"{origin}{path}")
        assert answer is not None
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for address in page.evaluate(LINKS):
            parts = urlsplit(address)
            if f"{parts.scheme}://{parts.netloc}" != origin or FILES.search(parts.path):
                continue
            kind = kind_of(parts.path)
            if kind not in known:
                known.add(kind)
                waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
        yield kind_of(path)


def kind_of(path: str) -> str:
    """The address of a page, with a sign for what is somebody's; removals and ties of one part are alike."""
    kind = ID.sub("*", urlsplit(path).path)
    return re.sub(r"^(/livret/[a-z-]+)/[a-z-]+/(\*/[a-z]+)$", r"\1/*/\2", kind)


def judge_all(judge: Judge, origin: str, start: str, *, but: str = "$^") -> None:
    """Judge every page that is reached from a path, and what it answers to its form sent empty.

    `but` is the pattern of the kinds that are left out.
    """
    page = judge.tab.page
    for kind in reached(page, origin, start):
        if re.search(but, kind):
            continue
        judge.look(kind)
        if page.evaluate(EMPTIED):
            with page.expect_navigation() as sent:
                page.click(SEND)
            if sent.value.status == 422:
                judge.look(f"{kind} refused")
