"""Packs a PDF: Typst writes each element of the structure as plain text, more than half of the file.

They become compressed object streams (ISO 32000-1, 7.5.7), which PDF/A-3 and PDF/UA-1 allow. Pages,
fonts, metadata and the attached data keep their bytes; the same PDF is packed to the same bytes.
"""

from io import BytesIO

import pikepdf


def pack_pdf(content: bytes) -> bytes:
    """Return the PDF with its objects in compressed streams."""
    packed = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        pdf.save(
            packed,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,  # otherwise of the time of day
            fix_metadata_version=False,
        )
    return packed.getvalue()
