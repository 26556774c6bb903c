"""The kit of pages: templates, styles, forms, mail and what HTTP asks of them; it knows no booklet."""
