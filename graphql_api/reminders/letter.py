"""The letter of a reminder. It holds no name, no booklet, and nothing of what expires."""

from graphql_api.web.mail import Email
from schema.panorama.reminders import REMINDER_DAYS

STOP_PATH = "/reminders/stop"


def reminder_letter(public_url: str, to: str, token: str) -> Email:
    """The letter, with the address that ends such letters: for people, and by one click (RFC 8058)."""
    stop = f"{public_url}{STOP_PATH}?key={token}"
    text = f"""Bonjour,

Vous avez demandé à recevoir un rappel lorsqu’une échéance approche. Au moins une date que vous
avez notée tombe dans les trois mois.

Pour voir laquelle, connectez-vous :
{public_url}/

Vous ne voulez plus de ces rappels ? Ouvrez cette page, puis cliquez sur « Arrêter les rappels » :
{stop}

Ce message est envoyé automatiquement, au plus une fois en {REMINDER_DAYS} jours. Merci de ne pas y
répondre.
"""
    return Email(to=to, subject="Une échéance approche", text=text, unsubscribe=stop)
