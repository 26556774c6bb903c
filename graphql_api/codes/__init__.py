"""Authorization codes: what HR officers hand out, and what opens a booklet."""
