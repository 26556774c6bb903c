"""Static dossiers: reads one dossier through the API, like any client, and lays it out."""
