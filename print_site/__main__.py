"""The command line: `python -m print_site build`, `verify`, `branding`, `preview` and `worker`.

Exit codes: 0 done, those of `command_line.EXIT_CODES`, 12 where a dossier's data are intact and its
pages could not be compared, 15 where it has not the fingerprint that was given, 130 interrupted; a worker that retires ends with 75.

`--called NAME`, as the first argument, gives the name under which people typed the command.
"""

import argparse
import os
import sys
from pathlib import Path

from print_site.branding.branding import Branding, as_json, describe, read_branding
from print_site.build import BUILDERS, PAGE
from print_site.dossier import client
from print_site.dossier.parsing import parse_dossier
from print_site.dossier.text import clean, typeset_marks
from print_site.errors import PrintError, Reason
from print_site.limits import JOB_SECONDS, limit_memory, time_limit
from print_site.pdf.fonts import use_fonts
from print_site.shell import worker
from print_site.shell.batch import ApiSource, build_many
from print_site.shell.command_line import (
    ANOTHER_DOSSIER,
    EXIT_CODES,
    INTERRUPTED,
    NOT_COMPARED,
    build_parser,
)
from print_site.shell.progress_bar import progress_bar
from print_site.verifying.verification import verify

MOST_DOSSIERS = 100_000


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    program = ""
    if words[:1] == ["--called"]:
        program, words = "".join(words[1:2]), words[2:]
    options = build_parser(program).parse_args(words)
    before = os.umask(0o077)  # a dossier is for who has it printed
    try:
        return _run(options)
    except PrintError as error:
        failure = error
    except KeyboardInterrupt:
        sys.stderr.write("Interrompu.\n")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001, a traceback may quote what the booklet says
        sys.stderr.write(f"print_site: {type(error).__name__}\n")
        failure = PrintError(Reason.FAULT, "La mise en page du dossier a échoué.")
    finally:
        os.umask(before)
    sys.stderr.write(f"{typeset_marks(failure.message)}\n")
    return EXIT_CODES[failure.reason]


def _run(options: argparse.Namespace) -> int:
    if options.command == "branding":
        _show_branding(read_branding(options.file), as_data=options.json)
        return 0
    if options.command == "fonts":
        _show_fonts(options.folder, as_data=options.json)
        return 0
    if options.fonts:
        use_fonts(options.fonts)
    if options.command == "preview":
        # Imported here: workers start often, and need no server.
        from print_site.preview.server import serve

        return serve(options.port, options.branding)
    branding = read_branding(options.branding) if options.branding else None
    if options.command == "worker":
        return worker.run_worker(options.jobs, options.seconds, branding, pdf=options.pdf)
    if options.command == "verify":
        return _verify(options.file, options.fingerprint, branding)
    return (_build_many if options.dossiers else _build)(options, branding)


def _show_branding(branding: Branding, *, as_data: bool) -> None:
    lines = [as_json(branding)] if as_data else map(typeset_marks, describe(branding))
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _show_fonts(folder: Path, *, as_data: bool) -> None:
    # Imported here: no other command needs it.
    from print_site.pdf.font_check import check_fonts, fonts_as_json

    added = check_fonts(folder)
    use_fonts(folder)
    told = (f"{name} : {many} caractères de plus" for name, many in added.items())
    lines = [fonts_as_json()] if as_data else map(typeset_marks, told)
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _build(options: argparse.Namespace, branding: Branding | None) -> int:
    token = _read_token(options.token_file)
    identifier = options.dossier or _find_built_in_dossier(options.api, token)
    with time_limit(JOB_SECONDS):
        data = client.fetch_dossier(options.api, token, identifier, through_proxies=True)
        dossier = parse_dossier(data)
        BUILDERS[options.form](dossier, options.out, branding)
    opened = options.out / PAGE if options.form == "folder" else options.out
    written = f"Dossier écrit : {opened}\nEmpreinte SHA-256 : {dossier.fingerprint}\n"
    sys.stdout.write(typeset_marks(written))
    return 0


def _build_many(options: argparse.Namespace, branding: Branding | None) -> int:
    dossiers = _read_list(options.dossiers)
    source = ApiSource(options.api, _read_token(options.token_file))
    failed: list[Reason] = []
    with progress_bar(len(dossiers)) as report:
        for outcome in build_many(source, dossiers, options.form, options.out, branding):
            said = outcome.fingerprint or f"{outcome.reason} {outcome.message}"
            report(f"{outcome.name}\t{clean(outcome.dossier)}\t{said}")
            if outcome.reason:
                failed.append(outcome.reason)
    written = f"Dossiers écrits : {len(dossiers) - len(failed)} sur {len(dossiers)}.\n"
    sys.stderr.write(typeset_marks(written))
    return EXIT_CODES[failed[0]] if failed else 0


def _verify(file: Path, expected: str, branding: Branding | None) -> int:
    try:
        with time_limit(JOB_SECONDS):
            verdict = verify(file, expected, branding)
    except PrintError as error:
        if error.reason is Reason.ALTERED:
            raise PrintError(Reason.ALTERED, f"Dossier altéré. {error.message}") from None
        raise
    sys.stdout.write(typeset_marks(f"Empreinte SHA-256 : {verdict.fingerprint}\n"))
    sys.stdout.writelines(f"{typeset_marks(sentence)}\n" for sentence in verdict.sentences)
    if verdict.is_another:
        return ANOTHER_DOSSIER
    return 0 if verdict.pages_compared else NOT_COMPARED


def _read_list(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        raise PrintError(Reason.BAD_JOB, "La liste des dossiers n’est pas lisible.") from None
    dossiers = [line.strip() for line in lines if line.strip()]
    if not 0 < len(dossiers) <= MOST_DOSSIERS:
        raise PrintError(Reason.BAD_JOB, "La liste des dossiers est vide, ou trop longue.")
    return dossiers


def _read_token(file: str | None) -> str:
    try:
        if file == "-":
            return sys.stdin.readline().strip()
        if file:
            return Path(file).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise PrintError(Reason.REFUSED, "Le fichier du jeton d’accès n’est pas lisible.") from None
    token = os.environ.get("LIVRET_TOKEN", "").strip()
    if not token:
        raise PrintError(
            Reason.REFUSED, "Il manque le jeton d’accès : LIVRET_TOKEN ou --token-file."
        )
    return token


def _find_built_in_dossier(api: str, token: str) -> str:
    """Return the id of the built-in dossier, and list the caller's dossiers on stderr."""
    dossiers = client.list_dossiers(api, token, through_proxies=True)
    for dossier in dossiers:
        mark = "*" if dossier.get("builtIn") else " "
        shown = clean(f"{mark} {dossier.get('id')}  {dossier.get('title')}").replace("\n", " ")
        sys.stderr.write(f"{shown}\n")
    for dossier in dossiers:
        if dossier.get("builtIn") and isinstance(dossier.get("id"), str):
            return str(dossier["id"])
    raise PrintError(
        Reason.NOT_FOUND, "Aucun livret complet parmi vos dossiers : précisez --dossier."
    )


if __name__ == "__main__":
    limit_memory()
    sys.exit(main())
