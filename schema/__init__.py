"""What a booklet is: its rubrics, their rules, and what can be computed from them."""
