"""The program `livret`: `livret dossier …` is print_site, every other command is one of `cli`."""

import gc
import sys

from graphql_api.commands import dossier_command
from graphql_api.commands.importing import no_garbage_collected


def main() -> int:
    """Run the command that was typed; its exit code."""
    words = sys.argv[1:]
    if words[:1] == [dossier_command.NAME]:  # its options and its help are those of print_site
        dossier_command.become_print_site(words[1:])
    # Not above: importing the service takes a second, and print_site has no use for it.
    with no_garbage_collected():
        from graphql_api.commands import cli

        cli.module_of(words[0] if words else "")
    gc.freeze()  # or each collection, the last one included, would look through all of it
    return cli.main(words)


if __name__ == "__main__":
    sys.exit(main())
