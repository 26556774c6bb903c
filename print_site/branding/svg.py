"""Checks that an SVG logo holds shapes and nothing else.

The lists name what is admitted, not what is harmful. Text is refused too: each machine would draw
it with other fonts.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

MOST_ELEMENTS = 5_000
DEEPEST = 60
# The most shapes that an SVG may draw once its references are followed.
MOST_DRAWN = 20_000

_SVG = "{http://www.w3.org/2000/svg}"
_DRAWINGS = frozenset(
    f"{_SVG}{name}"
    for name in (
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "style", "clipPath"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "mask"),
        *("linearGradient", "radialGradient", "stop"),
    )
)
# Namespaces of metadata that editors write; no viewer reads them.
_NOTES = (
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}",
    "{http://purl.org/dc/elements/1.1/}",
    "{http://creativecommons.org/ns#}",
    "{http://web.resource.org/cc/}",
    "{http://www.inkscape.org/namespaces/inkscape}",
    "{http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd}",
)
_TEXT = frozenset(f"{_SVG}{name}" for name in ("text", "tspan", "textPath"))
_SCRIPT = frozenset(f"{_SVG}{name}" for name in ("script", "foreignObject"))
_OUTSIDE = re.compile(
    r"\\|@|image-set|javascript:|\bsrc\s*\(|url\(\s*['\"]?\s*(?!#|['\"\s])", re.IGNORECASE
)
_REFERRED = re.compile(r"url\(\s*['\"]?\s*#([^'\")\s]+)", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px|mm|cm|in|pt|pc)?\s*")


def read_svg_size(content: bytes) -> tuple[float, float]:
    """Check an SVG and return its width and height, in any unit.

    Raises ValueError with the end of a French sentence.
    """
    _check_declarations(content)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314, files with entities were refused above
    except (ElementTree.ParseError, ValueError, LookupError):
        raise ValueError("ce n’est ni un SVG ni un PNG lisible.") from None
    if root.tag != f"{_SVG}svg":
        raise ValueError("ce n’est ni un SVG ni un PNG.")
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise ValueError("il a trop d’éléments : simplifiez le dessin.")
    for element in root.iter():
        _check(element)
    _check_weight(root)
    return _size(root)


def _check_declarations(content: bytes) -> None:
    """Refuse a DOCTYPE, which declares entities, and processing instructions, which load sheets."""
    parser, depth = expat.ParserCreate(), 0

    def refuse(*_declared: object) -> None:
        raise ValueError(
            "il contient une déclaration DOCTYPE, une entité ou une instruction de traitement :"
            " enregistrez-le comme « SVG simple »."
        )

    def enter(*_element: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise ValueError("ses éléments sont trop imbriqués : simplifiez le dessin.")

    def leave(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = enter, leave
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError):
        raise ValueError("ce n’est ni un SVG ni un PNG lisible.") from None


def _check(element: ElementTree.Element) -> None:
    if element.tag in _TEXT:
        raise ValueError("il contient du texte : convertissez-le en tracés (« vectoriser »).")
    if element.tag in _SCRIPT:
        raise ValueError("il contient un script ou un objet étranger.")
    if element.tag not in _DRAWINGS and not element.tag.startswith(_NOTES):
        raise ValueError(f"l’élément « {element.tag.rpartition('}')[2]} » n’y est pas admis.")
    for qualified, value in element.attrib.items():
        name = qualified.rpartition("}")[2].lower()
        if name.startswith("on"):
            raise ValueError("il contient un script, dans un attribut d’événement.")
        if element.tag.startswith(_NOTES) or qualified.startswith(_NOTES):
            continue
        elsewhere = name in ("src", "base") or (name == "href" and not value.startswith("#"))
        if elsewhere or _OUTSIDE.search(value):
            raise _outside()
    if element.tag == f"{_SVG}style" and _OUTSIDE.search("".join(element.itertext())):
        raise _outside()


def _outside() -> ValueError:
    return ValueError("il fait référence à autre chose que lui-même : incorporez tout au dessin.")


def _check_weight(root: ElementTree.Element) -> None:
    """Refuse an SVG that draws too many shapes once its references are followed, or that loops."""
    named = {element.get("id"): element for element in root.iter()}
    weights: dict[ElementTree.Element, int] = {}

    def weight(element: ElementTree.Element) -> int:
        if element not in weights:
            weights[element] = (
                MOST_DRAWN  # while it is counted: an element that contains itself exceeds the limit
            )
            drawn = [*element, *(named[name] for name in _names(element) if name in named)]
            weights[element] = 1 + sum(map(weight, drawn))
        return weights[element]

    try:
        if weight(root) > MOST_DRAWN:
            raise ValueError("ses éléments se répètent trop : simplifiez le dessin.")
    except RecursionError:
        raise ValueError("ses éléments se répètent trop : simplifiez le dessin.") from None


def _names(element: ElementTree.Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name.rpartition("}")[2] == "href":
            yield value.removeprefix("#")
        yield from _REFERRED.findall(value)


def _size(root: ElementTree.Element) -> tuple[float, float]:
    """Return the size of the view box, else of the image; engines disagree where both lack."""
    box = root.get("viewBox", "").replace(",", " ").split()
    lengths = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    found = [_LENGTH.fullmatch(length) for length in lengths]
    sizes = [float(length[1]) for length in found if length]
    if len(sizes) != 2 or not all(0 < size < 1e6 for size in sizes):
        raise ValueError("il n’a pas de dimensions : donnez-lui un attribut « viewBox ».")
    return sizes[0], sizes[1]
