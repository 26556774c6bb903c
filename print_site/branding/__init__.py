"""A collectivité's branding of dossiers: its name, logo and colours, read and checked."""
