"""What every feature stands on: the service, how mutations run, idempotency keys."""
