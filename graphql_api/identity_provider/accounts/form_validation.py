"""Validation of the forms of accounts, with its problems in French."""

import unicodedata
from dataclasses import dataclass, field

from graphql_api.identity_provider import passwords
from graphql_api.web.email_addresses import normalize
from graphql_api.web.forms.form_request import FormRequest
from schema.codes import code_of, code_table

LONGEST_NAME = 100
_TYPE_AGAIN = "Saisissez le mot de passe une seconde fois."
_PASSWORDS_DIFFER = "Les deux mots de passe ne sont pas les mêmes."
CIVILITIES = tuple((code.code, code.label) for code in code_table("civility").codes)


@dataclass(frozen=True, slots=True)
class PersonNames:
    """The civility and the names of a person."""

    civility: str
    family_name: str
    given_name: str


@dataclass(frozen=True, slots=True)
class ValidatedForm:
    """A form and its problems: a sentence for each field, in the order of the fields.

    A sentence names its field, since it also stands at the top of the page.
    """

    form: FormRequest
    problems: dict[str, str] = field(default_factory=dict)

    def names(self) -> PersonNames:
        """Validate civility and names; a person with one name only has no given name."""
        civility = self.form.line("civility")
        if not code_of("civility", civility):
            self.problems["civility"] = "Choisissez une civilité dans la liste."
        return PersonNames(
            civility,
            self._name("family_name", "votre nom"),
            self._name("given_name", "votre prénom")
            if self.form.line("given_name").strip()
            else "",
        )

    def email(self) -> str:
        """Validate an address, typed twice; empty when it is not one."""
        typed, typed_again = self.form.line("email"), self.form.line("email_again")
        address = normalize(typed)
        if address is None:
            self.problems["email"] = "Indiquez une adresse électronique, par exemple nom@mairie.fr."
        again = normalize(typed_again) or typed_again
        if not again:
            self.problems["email_again"] = "Saisissez votre adresse une seconde fois."
        elif typed and again.casefold() != (address or typed).casefold():
            self.problems["email_again"] = "Les deux adresses ne sont pas les mêmes."
        return address or ""

    def password(self, *about: str) -> str:
        """Validate a new password, typed twice."""
        password, again = self.form.text("password"), self.form.text("password_again")
        fault = passwords.find_weakness(password, about)
        if fault is not None:
            self.problems["password"] = fault
        if not again:
            self.problems["password_again"] = _TYPE_AGAIN
        elif password and again != password:
            self.problems["password_again"] = _PASSWORDS_DIFFER
        return password

    def _name(self, name: str, what: str) -> str:
        text = " ".join(self.form.line(name).split())
        if not any(unicodedata.category(character)[0] == "L" for character in text):
            self.problems[name] = f"Indiquez {what}."
        elif len(text) > LONGEST_NAME:
            self.problems[name] = f"Écrivez {what} en {LONGEST_NAME} caractères au plus."
        elif any(not _is_of_a_name(character) for character in text):
            self.problems[name] = f"Écrivez {what} avec des lettres, sans chiffre ni signe."
        return text


def _is_of_a_name(character: str) -> bool:
    """Whether a name may have the character: no markup, no address."""
    return unicodedata.category(character)[0] in "LM" or character in " -‐‑'’ʼ.·"
