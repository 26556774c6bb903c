"""The queries of what is the same for everybody: the guide, the forms, the code tables, the texts."""

from typing import Annotated

import strawberry

from graphql_api.engine.encoding import PublicError
from graphql_api.operations.mutation_support import argument
from schema import texts
from schema.closing import CLOSING_WORDS, ClosingWords
from schema.codes import CODE_TABLES
from schema.codes.table import CodeTable
from schema.description.bounds import MAX_FORM_LINES, MAX_SITUATION_LINES, at_most
from schema.description.field_guide import FieldGuide
from schema.description.rubric import Part, RubricName
from schema.dossiers.purposes import PURPOSES, DossierPurpose
from schema.guide import (
    PartGuide,
    RubricGuide,
    consent_guide,
    dispense_guide,
    dossier_guide,
    dossier_identity_guide,
    identity_guide,
    part_guides,
    rubric_guides,
    share_link_guide,
    situation_guide,
)
from schema.reference import reference_version
from schema.rubrics import RUBRICS
from schema.texts import DECREE, LegalText
from schema.texts.screens import MENU, SCREENS, MenuEntry, Screen, ScreenName, screen_of

MAX_NAMES = 100


@strawberry.type(description="The guide, the forms, the code tables, the texts.")
class ReferenceQueries:
    """The guide, the forms, the code tables, the texts."""

    @strawberry.field(
        description=f"The screens of the guide that are neither a part nor a rubric, with its words, in the order in which an agent meets them; {len(ScreenName)}."
    )
    def screens(self) -> list[Screen]:
        return list(SCREENS)

    @strawberry.field(description="One screen of the guide, with its words.")
    def screen(self, name: Annotated[ScreenName, argument("Which screen.")]) -> Screen:
        return screen_of(name)

    @strawberry.field(description=f"The menu of Espace Pro; {len(MENU)}.")
    def menu(self) -> list[MenuEntry]:
        return list(MENU)

    @strawberry.field(description=f"The parts of a booklet with the guide's words; {len(Part)}.")
    def parts(self) -> list[PartGuide]:
        return part_guides()

    @strawberry.field(
        description=f"The rubrics with their help and fields, in the guide's order: enough to build every form; {len(RUBRICS)}."
    )
    def rubrics(self) -> list[RubricGuide]:
        return rubric_guides()

    @strawberry.field(description="One rubric with its help and fields: enough to build its form.")
    def rubric(self, name: Annotated[RubricName, argument("Which rubric.")]) -> RubricGuide:
        return next(guide for guide in rubric_guides() if guide.rubric is name)

    @strawberry.field(
        description=f"The fields of the identity form, in order; {at_most(MAX_FORM_LINES)}."
    )
    def identity_form(self) -> list[FieldGuide]:
        return identity_guide()

    @strawberry.field(
        description=f"The fields of the current situation, in order; none is required; {at_most(MAX_SITUATION_LINES)}."
    )
    def situation_form(self) -> list[FieldGuide]:
        return situation_guide()

    @strawberry.field(
        description=f"The fields of a dossier (`DossierInput`) beside its choice, in order: its cover, and what surrounds the entries; a new one starts with what its purpose does; {at_most(MAX_FORM_LINES)}."
    )
    def dossier_form(self) -> list[FieldGuide]:
        return dossier_guide()

    @strawberry.field(
        description=f"The fields of the identity that a dossier may communicate beside the names (`DossierInput.identityFields`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def dossier_identity_form(self) -> list[FieldGuide]:
        return dossier_identity_guide()

    @strawberry.field(
        description=f"The fields of a request for exemption (`DispenseInput`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def dispense_form(self) -> list[FieldGuide]:
        return dispense_guide()

    @strawberry.field(
        description=f"The fields by which a share link is asked for (`shareLinkIssue`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def share_link_form(self) -> list[FieldGuide]:
        return share_link_guide()

    @strawberry.field(
        description=f"The fields of a consent (`ConsentInput`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def consent_form(self) -> list[FieldGuide]:
        return consent_guide()

    @strawberry.field(
        description="The purposes of dossiers, with what a new one starts with; at most 20."
    )
    def dossier_purposes(self) -> list[DossierPurpose]:
        return list(PURPOSES)

    @strawberry.field(
        description="The version of what is the same for everybody: the guide, the forms of agents, the code tables, the purposes, the texts. It changes exactly when one of them does: keep them as long as it is the same. All of them in one file: /reference.json."
    )
    def reference_version(self) -> str:
        return reference_version()

    @strawberry.field(description=f"The code tables, or those named; {at_most(MAX_NAMES)}.")
    def code_tables(
        self,
        names: Annotated[
            list[str] | None,
            strawberry.argument(
                description=f"Only the tables of these names; {at_most(MAX_NAMES)}."
            ),
        ] = None,
    ) -> list[CodeTable]:
        if names is not None and len(names) > MAX_NAMES:
            raise PublicError(f"Au plus {MAX_NAMES} tables à la fois.", "BAD_USER_INPUT")
        return [table for table in CODE_TABLES if names is None or table.name in names]

    @strawberry.field(description="The charter in force, which opening a booklet asks to accept.")
    def charter(self) -> LegalText:
        return texts.CHARTER

    @strawberry.field(description="Decree 2008-830, of which every booklet contains a copy.")
    def decree(self) -> LegalText:
        return DECREE

    @strawberry.field(description="The words that closing a booklet or an account asks for.")
    def closing_words(self) -> ClosingWords:
        return CLOSING_WORDS
