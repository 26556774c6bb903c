"""How somebody acts on a page in Chromium: with a pointer, or by the keyboard alone."""

from typing import Protocol

from .chromium import Locator, Page

MOST_STEPS = 600
# The ring that shows where the keyboard is; a box to tick may show it on itself.
RING = """one => {
  const style = getComputedStyle(one);
  return style.outlineStyle != 'none' && parseFloat(style.outlineWidth) > 0;
}"""
IS_THERE = "one => one === document.activeElement"
OF_ONE_QUESTION = """one => one === document.activeElement || (document.activeElement.type == 'radio'
  && document.activeElement.name == one.name && document.activeElement.form == one.form)"""


class Hands(Protocol):
    """What is done to a control."""

    def press(self, target: Locator) -> None: ...
    def write(self, target: Locator, text: str) -> None: ...
    def tick(self, target: Locator) -> None: ...
    def choose(self, target: Locator, value: str) -> None: ...


class Pointer:
    """A mouse or a finger."""

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def tick(self, target: Locator) -> None:
        target.check()

    def choose(self, target: Locator, value: str) -> None:
        target.select_option(value)


class Keyboard:
    """Keys alone: tabulation to a control, which must show that it has the focus, then its keys."""

    def __init__(self, page: Page) -> None:
        self._keys = page.keyboard

    def press(self, target: Locator) -> None:
        self._reach(target)
        self._keys.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self._reach(target)
        self._keys.press("Control+a")
        for at, line in enumerate(text.split("\n")):
            if at:
                self._keys.press("Enter")
            self._keys.insert_text(line)

    def tick(self, target: Locator) -> None:
        """Tick a box, or go to one radio button of a question by its arrows."""
        self._reach(target, OF_ONE_QUESTION)
        if target.evaluate(IS_THERE) and not target.is_checked():
            self._keys.press("Space")
        for _ in range(MOST_STEPS):
            if target.is_checked():
                return
            self._keys.press("ArrowDown")
        raise AssertionError(f"no key ticks {target}")

    def choose(self, target: Locator, value: str) -> None:
        self._reach(target)
        self._keys.press("Home")
        for _ in range(MOST_STEPS):
            if target.input_value() == value:
                return
            self._keys.press("ArrowDown")
        raise AssertionError(f"no key chooses {value} in {target}")

    def _reach(self, target: Locator, arrived: str = IS_THERE) -> None:
        element = target.element_handle()
        for _ in range(MOST_STEPS):
            if element.evaluate(arrived):
                assert element.evaluate(RING) or arrived == OF_ONE_QUESTION, f"no ring: {target}"
                return
            self._keys.press("Tab")
        raise AssertionError(f"no tabulation leads to {target}")
