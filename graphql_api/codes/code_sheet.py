"""The printable list of a batch of codes: slips to cut out and hand to agents."""

from html import escape

from graphql_api.codes.codes import Batch
from schema.description.dates import MONTHS
from schema.description.shared_fields import siret_in_french

_STYLE = """
@page { size: A4; margin: 13mm 14mm 16mm; @bottom-right { content: counter(page) " / " counter(pages);
  font: 8pt system-ui, sans-serif; color: #566072 } }
* { box-sizing: border-box; margin: 0 }
body { font: 10.5pt/1.45 system-ui, sans-serif; color: #1b2230; margin: 0 auto; max-width: 182mm }
@media screen { body { padding: 8mm 4mm } }
.emblem { display: block; width: 33mm; height: 3mm; margin-bottom: 4mm }
h1 { font-size: 20pt; line-height: 1.1; letter-spacing: -.01em; color: #1f3a5f; margin-bottom: 3mm }
header p { margin-top: 1.5mm }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5mm 6mm; margin-bottom: 3mm }
dt, small { color: #566072 }
ol { list-style: none; margin: 5mm .25mm 0 0; padding: 0; display: grid; grid-template-columns: 1fr 1fr }
li { border: .25mm dashed #8a94a3; margin: 0 -.25mm -.25mm 0; padding: 3.5mm 5mm; break-inside: avoid }
sup { font-size: .7em; line-height: 0 }
li p { font-weight: 600; font-size: 9.5pt }
code { display: block; margin: 1.5mm 0; padding: 1.5mm 0; border: solid #1f3a5f; border-width: .3mm 0;
  font: 600 13.5pt/1.4 ui-monospace, monospace; text-align: center; white-space: nowrap }
small { display: block; font-size: 8.5pt; line-height: 1.35 }
"""
_PAGE = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Codes d’autorisation</title>
<style>{style}</style>
</head>
<body>
<header>
<svg class="emblem" viewBox="0 0 66 6" aria-hidden="true"><path fill="#1f5f94" d="M0 0h22v6H0z"/>\
<path fill="#a14f24" d="M22 0h22v6H22z"/><path fill="#2a6f50" d="M44 0h22v6H44z"/></svg>
<h1>Codes d’autorisation</h1>
<dl>
<dt>Collectivité</dt>
<dd>SIRET {siret}</dd>
<dt>Codes</dt>
<dd>{count}</dd>
<dt>Valables</dt>
<dd>jusqu’au {until} inclus</dd>
</dl>
<p>Cette liste ne pourra pas être affichée de nouveau. Conservez-la en lieu sûr, remettez un billet
à chaque agent, puis détruisez ce qui reste.</p>
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
<small>Ce code ouvre votre livret jusqu’au {until} inclus. Il ne vous est demandé qu’une
fois. Le livret est votre propriété\u00a0: votre employeur n’y a pas accès.</small>
</li>"""


def printable_list(batch: Batch) -> str:
    """A standalone page of HTML, in French, that prints on A4 as slips."""
    end = batch.last_day
    day = "1<sup>er</sup>" if end.day == 1 else end.day
    until = f"{day}\u00a0{MONTHS[end.month - 1]}\u00a0{end.year}"
    uses = "" if batch.uses == 1 else f", chacun pour {batch.uses} livrets"
    slips = "\n".join(_SLIP.format(code=escape(code), until=until) for code in batch.codes)
    return _PAGE.format(
        style=_STYLE,
        siret=escape(siret_in_french(batch.siret)),
        count=f"{len(batch.codes)}{uses}",
        until=until,
        slips=slips,
    )
