"""What a collectivité puts on dossiers: its name, logo and colours, and what is refused of them."""
