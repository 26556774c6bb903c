"""The printable list of a batch of codes: slips to cut out and hand to agents."""

from html import escape

from graphql_api.codes import Batch
from schema.composites import siret_in_french
from schema.dates import MONTHS

_STYLE = """
@page { size: A4; margin: 14mm }
* { box-sizing: border-box }
body { font: 11pt/1.45 system-ui, sans-serif; color: #1b2430; margin: 0 auto; max-width: 182mm }
h1 { font-size: 17pt; margin: 0 0 2mm; color: #1d3a6b }
header p { margin: 0 0 1.5mm }
ol { list-style: none; margin: 6mm 0 0; padding: 0; display: grid; grid-template-columns: 1fr 1fr }
li { border: .3mm dashed #8a94a3; padding: 5mm; margin: 0 -.3mm -.3mm 0; break-inside: avoid }
li p { margin: 0 }
code { display: block; font: 600 13pt/1.6 ui-monospace, monospace; letter-spacing: .04em }
small { color: #4d5866; font-size: 8.5pt }
"""
_PAGE = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Codes d’autorisation</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>Codes d’autorisation</h1>
<p>Collectivité : SIRET {siret}. Codes valables jusqu’au {until}{uses}.</p>
<p>Cette liste ne pourra pas être affichée de nouveau : conservez-la en lieu sûr, découpez un
billet pour chaque agent, puis détruisez ce qui reste.</p>
</header>
<ol>
{slips}
</ol>
</body>
</html>
"""
_SLIP = """<li>
<p>Livret individuel de formation</p>
<code>{code}</code>
<small>Saisissez ce code pour ouvrir votre livret, avant le {until}. Il ne vous sera demandé
qu’une seule fois. Le livret est votre propriété : votre employeur n’y a pas accès.</small>
</li>"""


def printable_list(batch: Batch) -> str:
    """A standalone page of HTML, in French, that prints on A4 as slips."""
    end = batch.last_day
    until = f"{end.day}{'er' if end.day == 1 else ''} {MONTHS[end.month - 1]} {end.year}"
    uses = "" if batch.uses == 1 else f", chacun pour {batch.uses} livrets"
    slips = "\n".join(_SLIP.format(code=escape(code), until=until) for code in batch.codes)
    return _PAGE.format(
        style=_STYLE, siret=siret_in_french(batch.siret), until=until, uses=uses, slips=slips
    )
