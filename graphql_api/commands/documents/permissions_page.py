"""`docs/access.md`, written from the table of `permissions`, so that people read what is enforced."""

from graphql_api.callers.permissions import TABLE, TYPES, CallerRole, Decision, Effect, Rule, View

_COLUMN = {role: role.name.replace("_", " ").lower() for role in CallerRole}
_SIGN = {Effect.ALLOW: "yes", Effect.NULL: "null", Effect.REFUSE: "no"}
_HEAD = """# Who may do what

Written by `make docs` from `graphql_api/callers/permissions.py`; do not edit it. Tests execute every cell on both databases.

**yes**: answered with data; a mutation may still refuse as data (see [errors](errors.md)). **null**: answered like what does not exist, in the same bytes. **no**: a top-level error, whose code stands below.

One person may be owner, officer and operator at once. Each row is what somebody is answered who asks, with the token of that role, for something of the owner's; which right counts is the verb's choice. The demo's officer has the scopes of an agent too. A root field that stands in no row is refused to everybody.

## Roles

"""
_TYPES = """
## Types by view

A field needs no decision of its own: its type belongs to a view, and a root field shows the types of its views only.

"""


def access_page() -> str:
    """The page, in Markdown."""
    roles = "".join(f"- **{_COLUMN[role]}**: {role.value}{_token(role)}\n" for role in CallerRole)
    views = "".join(_view(view) for view in View)
    return (_HEAD + roles + _matrix() + "".join(_reasons()) + _TYPES + views).rstrip("\n") + "\n"


def _token(role: CallerRole) -> str:
    scopes = ", ".join(f"`{scope}`" for scope in sorted(role.scopes))
    return f" ({scopes})" if scopes else ""


def _matrix() -> str:
    columns = [_COLUMN[role] for role in CallerRole]
    lines = [
        "\n## Root fields\n",
        f"| | scope | {' | '.join(columns)} |",
        f"| --- | --- | {' | '.join('---' for _ in columns)} |",
    ]
    for rule in TABLE.values():
        scope = f"`{rule.scope}`" if rule.scope else ""
        signs = " | ".join(_SIGN[decision.effect] for decision in map(rule.decision, CallerRole))
        lines += [f"| `{field}` | {scope} | {signs} |" for field in rule.fields.split()]
    return "\n".join(lines) + "\n"


def _reasons() -> list[str]:
    return [
        f"\n### To {permission.value}\n\n{_shown(rule)}\n\n"
        + "".join(f"- {_COLUMN[role]}: {_said(rule.decision(role))}\n" for role in CallerRole)
        for permission, rule in TABLE.items()
    ]


def _shown(rule: Rule) -> str:
    fields = ", ".join(f"`{field}`" for field in rule.fields.split())
    views = ", ".join(view.name.lower() for view in rule.shows)
    return f"{fields}. Shows: {views}."


def _said(decision: Decision) -> str:
    code = f" (`{decision.code}`)" if decision.code else ""
    return f"{_SIGN[decision.effect]}, {decision.why}{code}"


def _view(view: View) -> str:
    names = ", ".join(f"`{name}`" for name in sorted(TYPES[view].split()))
    acts = "; ".join(permission.value for permission, rule in TABLE.items() if view in rule.shows)
    return (
        f"### {view.name.capitalize()}: {view.value}\n\nShown to those who may {acts}. {names}\n\n"
    )
