"""Run the command line: `python -m guide_cli`."""

from guide_cli.app import main

main()
