"""Reading a Set-Cookie header as browsers do: attributes in any order, their words in any case."""


def parsed(header: str) -> tuple[str, str, set[str]]:
    """The name, the value and the attributes in lower case; none of them twice."""
    pair, *attributes = header.split("; ")
    name, _, value = pair.partition("=")
    assert len(set(attributes)) == len(attributes)
    return name, value.strip('"'), {attribute.lower() for attribute in attributes}
