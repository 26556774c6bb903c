"""The forms of an agent's pages, filled in as people do it: with the examples that the guide gives."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx2

from tests.guide_forms import FIELDS, RULE, is_shown
from tests.patience import PATIENCE_SECONDS

from .chromium import Page
from .hands import Hands

GUIDE = f"""query {{
  parts {{ part slug }}
  rubrics {{ rubric key part slug label fields {{ {FIELDS} }} }}
  identityForm {{ {FIELDS} }}
  situationForm {{ {FIELDS} }}
  codeTables {{ name codes {{ code label }} }}
}} {RULE}"""
YES_NO = {"true": "oui", "false": "non"}


@dataclass(frozen=True)
class Rubric:
    """A rubric: where its list is, and the fields of its form."""

    key: str
    label: str
    path: str
    fields: list[Any]


class GuideForms:
    """What the guide of a service says of its forms, over HTTP."""

    def __init__(self, url: str) -> None:
        answer = httpx2.post(
            f"{url}/graphql", json={"query": GUIDE}, trust_env=False, timeout=PATIENCE_SECONDS
        ).json()
        assert "errors" not in answer, answer
        self._told = answer["data"]

    @cached_property
    def rubrics(self) -> list[Rubric]:
        """All rubrics, in the guide's order."""
        slugs = {part["part"]: part["slug"] for part in self._told["parts"]}
        return [
            Rubric(
                one["key"],
                one["label"],
                f"/livret/{slugs[one['part']]}/{one['slug']}",
                one["fields"],
            )
            for one in self._told["rubrics"]
        ]

    @property
    def identity(self) -> list[Any]:
        return list(self._told["identityForm"])

    @property
    def situation(self) -> list[Any]:
        return list(self._told["situationForm"])

    def fill(self, page: Page, hands: Hands, fields: list[Any]) -> None:
        """Give each field its example, but for those that then make no sense."""
        content = {field["key"]: field["example"] for field in fields}
        while hidden := [
            one for one in fields if one["key"] in content and not is_shown(one, content)
        ]:
            content.pop(hidden[0]["key"])
        for field in fields:
            if content.get(field["key"]):
                self._fill_one(page, hands, field)

    def _fill_one(self, page: Page, hands: Hands, field: Any) -> None:
        control, example = page.locator(f"#{field['key']}"), field["example"]
        match control.evaluate("one => one.tagName"):
            case "FIELDSET":
                value = YES_NO.get(example, example) if field["kind"] == "YES_NO" else example
                hands.tick(control.locator(f"[value='{value}']"))
            case "SELECT":
                hands.choose(control, example)
            case "INPUT" if control.get_attribute("type") == "checkbox":
                if example == "true":
                    hands.tick(control)
            case "INPUT" if control.get_attribute("list"):
                hands.write(control, self._label(field["table"], example))
            case _:
                hands.write(control, example)

    def _label(self, table: str, code: str) -> str:
        codes = next(one["codes"] for one in self._told["codeTables"] if one["name"] == table)
        return str(next(one["label"] for one in codes if one["code"] == code))
