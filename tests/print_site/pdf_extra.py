"""The extra `livret[pdf]`: a test module that imports this is skipped where it is not installed."""

import pytest

try:
    import pikepdf as pikepdf
    import weasyprint as weasyprint
except ImportError:
    pytest.skip("the extra `pdf` is not installed", allow_module_level=True)
except OSError:
    pytest.skip("Pango is not installed", allow_module_level=True)
