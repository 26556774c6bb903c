"""The kit of pages: templates, forms, headers, cookies and mail; it knows no booklet."""
