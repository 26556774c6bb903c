"""The extra `livret[pdf]` for tests: whoever imports this is skipped, with the reason, without it."""

import pytest

try:
    import pikepdf as pikepdf
    import weasyprint as weasyprint
except ImportError:
    pytest.skip("the extra `pdf` is not installed", allow_module_level=True)
except OSError:
    pytest.skip("Pango is not installed", allow_module_level=True)
