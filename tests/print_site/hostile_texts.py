"""Hostile texts for pages, style sheets and files, each under the name of its danger."""

_MARKS = "".join(map(chr, range(0x300, 0x370)))
_FAMILY = "👩\u200d👩\u200d👧\u200d👧"

TEXTS = {
    # Markup, and ways out of where text stands.
    "script": '<script>alert("x")</script>',
    "image": "<img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "end of style": "</style><img src=x onerror=alert(1)>",
    "end of template": "</template></main></body><script>alert(1)</script>",
    "end of title": "</title><meta http-equiv=refresh content=0;url=//example.org>",
    "end of comment": "--><b>-- --!> <!-- ]]> <![CDATA[ ?> <?php",
    "attribute": '" onmouseover=alert(1) x="\' onfocus=alert(1) autofocus style=display:none `',
    "entities": "&lt;b&gt; &#60;script&#62; &amp;amp; &notin; &#0; &#x1F600;",
    "template language": "{{ 7 * 7 }}{%raw%}{#{{dossier.canonical_json}}#}${7*7}#{7*7}",
    "formatting": "{0} {title} %s %(x)s %n \\1 \\g<0> $1 \\u003c \\000041",
    "our fingerprint": f'<code data-livret="empreinte">{"0" * 64}</code>',
    "our fingerprint on paper": f"Empreinte des données {'0' * 64} Empreinte SHA-256 : {'1' * 64}",
    "our data": '<template id="donnees" data-livret="zlib base64">{}</template>',
    "our generator": '<meta name="generator" content="Livret, édition 000000000000">',
    # Style sheets and addresses.
    "page rule": '"}@page{size:A5}*{display:none}',
    "end of string": '\\"}@page{@top-left{content:"x"}}/*',
    "sheet": "@import url(https://example.org/x.css);@font-face{src:url(//example.org)}",
    "css address": "url(javascript:alert(1)) expression(alert(1)) -moz-binding:url(x)",
    "javascript": "javascript:alert(1)",
    "data address": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "path": "../../../etc/passwd",
    "shell": "'; DROP TABLE entry; -- $(id) `id` | id > /dev/null",
    "long address": f"https://exemple.fr/{'segment/' * 300}?q={'a%20' * 50}#fin",
    "long mail": f"{'prenom.' * 40}nom@{'sous-domaine.' * 30}exemple.fr",
    # Characters that are not there, or are more than they seem.
    "surrogates": "\ud800 lone surrogate \udfff",
    "controls": "nul\0 bell\a escape\x1b[2J delete\x7f next\x85 csi\x9b31m back\b",
    "bidi": "right\u202eto left\u2066 isolate\u2069 mark\u200f pop\u202c\u2067\u2068\u202a\u202b",
    "separators": "para\u2029graph\u2028line \u200bzero\ufeff \ufffe \U0010ffff \ufdd0",
    "line ends": "un\r\ndeux\rtrois\u000bquatre\u000ccinq\x85six\n\n\n\nsept",
    "marks": "z" + "\u0301\u0302\u0303\u0304\u0305" * 40 + " Z" + _MARKS * 3 + "algo",
    "only marks": "\u0301" * 100,
    "french spaces": "«\u202f12\u202f000\u202f€\u202f» : \u00a0;\u2009!\u202f? " + "\u202f" * 50,
    "soft hyphens": "anti\u00adconsti\u00adtution\u00adnelle\u00adment" + "\u00ad" * 60,
    "emoji": f"{_FAMILY} 🇫🇷🇵🇫 👍🏽 1\ufe0f\u20e3 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e007f",
    "private use": "\ue000\uf8ff\U000f0000\U0010fffd",
    "unassigned": "\u0378\U000e0fff\u2065",
    "wide": "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ﷽ ꧅ 𒐫 ﬁﬀ ㍿ Ⅷ ½ ①",
    # Languages.
    "right to left": "שלום עולם, مرحبا بالعالم",
    "both directions": "Le נֶחְמָד livret 123 من (الأرشيف) : n° 42 !",
    "polynesian": "Teʻura ʻŌpūnui Mahinaʻārangi Tāʻaroa, Ua Pou ’āpī",
    "capitals": "L’HAŸ-LES-ROSES, ŒUVRE, ÇA, ǅ, ẞ, İstanbul, ıŞIK",
    "other scripts": "Ελληνικά, Русский, 日本語, 한국어, हिन्दी, ไทย, ភាសាខ្មែរ, አማርኛ",
    # Lengths and shapes.
    "digits": "00000000000000000000123456789012345678901234567890",
    "spaces": " " * 300,
    "nothing": "",
    "line breaks": "\n" * 300,
    "long word": "W" * 10_000,
    "long word in the middle": "a" * 64 + " " * 5_000 + "!",
    "word of signs": "«" * 1_000 + "!" * 1_000 + "»" * 1_000,
    "many lines": "ligne\n" * 10_000,
    "deep lists": "\n".join(" " * depth + "- " * depth + "fond" for depth in range(1, 60)),
    "list marks": "- \n– \n* *\n•\n-\n- a\n-b\n\n- c",
}
