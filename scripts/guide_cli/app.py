"""The command line: reads the clock and the environment, calls the pipeline, prints, and exits 0, 1 or 2."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from guidebook import reports
from guidebook.library import DOCS, Library
from guidebook.problems import Problem, ProblemsError, errors, ordered
from guidebook.releases import ReleaseError

ROOT = Path(__file__).resolve().parents[2]
PREVIEWS = ROOT / ".guide"

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Check, build and publish the guidelines: one edition per audience from one source.",
)

Day = Annotated[
    str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The day to act on; today in UTC if not given.")
]
Audience = Annotated[str | None, typer.Option("--audience", metavar="NAME", help="Edition, as named in mkdocs.yml.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="Where to write.")]


def say(text: str) -> None:
    """Print a line of progress at once."""
    print(text, flush=True)


def stop(message: str, code: int = 2) -> typer.Exit:
    """Print one line to the error stream and return what ends the command."""
    print(f"scripts/guide: {message}", file=sys.stderr, flush=True)
    return typer.Exit(code)


def day_of(text: str | None) -> dt.date:
    """Read the day of a command."""
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    with contextlib.suppress(ValueError):
        day = dt.date.fromisoformat(text)
        if str(day) == text:  # 20261123 and 2026-W48-1 are days too, to this function
            return day
    raise stop(f"expected a day such as 2026-11-23 after --date, found {text!r}")


def show(problems: list[Problem]) -> None:
    """Print problems, and end the command when one of them is an error."""
    for problem in problems:
        print(problem, file=sys.stderr)
    bad = len(errors(problems))
    if bad:
        raise stop(f"{bad} problem{'s' if bad > 1 else ''} found", 1)


def names_of(source: Library, audience: str | None) -> list[str]:
    """Return the editions a command is for: the one asked for, or all."""
    editions = list(source.configuration.editions)
    if audience is None:
        return editions
    if audience not in editions:
        raise stop(f"expected --audience to be one of {', '.join(editions)}, found {audience!r}")
    return [audience]


@app.command()
def check(
    day: Day = None,
    form: Annotated[str, typer.Option("--format", help="text, json, github or sarif.")] = "text",
) -> None:
    """Check the whole library and print every problem."""
    from guidebook import promises, readability, staging

    from guide_cli import baselines, pipeline

    if form not in reports.FORMATS:
        raise stop(f"expected --format to be one of {', '.join(reports.FORMATS)}, found {form!r}")
    found, problems = pipeline.checked(ROOT, day_of(day))
    past = baselines.pasts(found, ROOT, os.environ) if found else {}
    if found and not errors(problems):
        asked = found, list(found.configuration.editions), day_of(day), past
        problems = ordered([*problems, *promises.check(*asked), *promises.ahead(*asked)])
    print(reports.FORMATS[form](problems), end="")
    if errors(problems):
        raise typer.Exit(1)
    if form == "text" and found is not None:
        say(f"{len(found.documents)} documents, no errors.")
        for line in baselines.said(past, list(found.configuration.editions)):
            say(line)
        for name, settings in found.configuration.editions.items():
            if not settings.reads_all:
                say(f"{name}: {readability.summary(staging.view(found, name, day_of(day)))}.")


@app.command()
def review(audience: Audience = None, day: Day = None) -> None:
    """Show what each edition would disclose and change for its readers, with every redline, since its last release."""
    from guide_cli import baselines, pipeline
    from guide_cli.review import review as run

    today = day_of(day)
    source = pipeline.clean(ROOT, today)
    pasts, texts = baselines.pasts(source, ROOT, os.environ), baselines.texts(source, ROOT, os.environ)
    run(source, names_of(source, audience), today, pasts, texts, say=say)


@app.command()
def stage(audience: Audience = None, out: Out = None, day: Day = None) -> None:
    """Write each edition as a plain MkDocs project, without what it withholds."""
    from guidebook import staging

    from guide_cli import pipeline

    today = day_of(day)
    library = (ROOT / DOCS).resolve()
    if out and library in (out.resolve(), *out.resolve().parents):
        raise stop(f"expected --out outside {DOCS}/, whose files are read as sources; found {out}")
    source = pipeline.clean(ROOT, today)
    for name in names_of(source, audience):
        (staged,) = pipeline.stage(source, [name], today)
        where = (out or PREVIEWS / "stage") / name
        staging.write(staged.tree, where)
        say(f"{name}: {len(staged.tree)} files in {where}")


@app.command()
def build(audience: Audience = None, out: Out = None, day: Day = None) -> None:
    """Build and verify each edition as a site."""
    from guide_cli import pipeline

    today = day_of(day)
    source = pipeline.clean(ROOT, today)
    staged = pipeline.stage(source, names_of(source, audience), today)
    where = out or PREVIEWS / "site"
    show(pipeline.build(source, staged, today, where, {}))
    for one in staged:
        say(f"{one.name}: built and verified in {where / one.name}")


@app.command()
def publish(
    push: Annotated[bool, typer.Option("--push", help="Send releases to each edition's remote.")] = False,
    allow_dirty: Annotated[bool, typer.Option("--allow-dirty", help="Publish changes that are not committed.")] = False,
    day: Day = None,
) -> None:
    """Check, build and verify every edition, and release those that changed."""
    from guide_cli.publish import publish as run

    run(ROOT, day_of(day), push=push, allow_dirty=allow_dirty, environ=os.environ, say=say)


@app.command()
def redact(  # noqa: PLR0913, PLR0917 - one for each option
    audience: Annotated[str, typer.Option("--audience", metavar="NAME", help="Edition, as named in mkdocs.yml.")],
    text: Annotated[list[str] | None, typer.Option("--text", help="A phrase to remove; may be given again.")] = None,
    listed: Annotated[str, typer.Option("--from", metavar="FILE", help="A phrase on each line; - to type them.")] = "",
    push: Annotated[bool, typer.Option("--push", help="Change the edition's remote.")] = False,
    short: Annotated[bool, typer.Option("--short", help="Allow phrases that may hit innocent text.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many places each phrase hits.")] = False,
    why: Annotated[str, typer.Option("--why", help="The reason, for what this prints; it is not published.")] = "",
    day: Day = None,
) -> None:
    """Take leaked text out of every published release of an edition, and say what cannot be undone."""
    from guide_cli import pipeline
    from guide_cli.redact import Order
    from guide_cli.redact import redact as run

    try:
        file = (sys.stdin.read() if listed == "-" else Path(listed).read_text("utf-8")) if listed else ""
    except (OSError, UnicodeDecodeError):
        raise stop(f"expected a text file in UTF-8 after --from, found none at {listed}") from None
    phrases = tuple(line for each in [*(text or ()), file] for line in each.splitlines() if line.strip())
    if not phrases:
        raise stop("expected --text or --from with what to remove, found no phrase")
    today = day_of(day)
    source = pipeline.clean(ROOT, today)
    names_of(source, audience)
    order = Order(audience, phrases, push=push, short=short, dry_run=dry_run, why=why)
    run(source, ROOT, order, day=today, environ=os.environ, say=say)


@app.command()
def rollback(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="The release whose text is to be in force again.")],
    why: Annotated[str, typer.Option("--why", help="Why, in a sentence that readers of the notice see.")],
    audience: Audience = "external",
    push: Annotated[bool, typer.Option("--push", help="Send releases to each edition's remote.")] = False,
    day: Day = None,
) -> None:
    """Put the text of an earlier release in force again, as a new release with a notice."""
    from guide_cli.rollback import Wish
    from guide_cli.rollback import rollback as run

    run(ROOT, Wish(release, audience or "external", why, day_of(day), push), os.environ, say)


@app.command()
def serve(
    audience: Annotated[str, typer.Option("--audience", help="Edition to show.")] = "external",
    port: Annotated[int, typer.Option("--port", help="Port on this machine.")] = 8000,
    day: Day = None,
) -> None:
    """Show an edition at http://127.0.0.1:8000/ and build it again whenever a source changes."""
    from guide_cli.serve import serve as run

    run(ROOT, audience, day_of(day), port)


@app.command()
def new(
    kind: Annotated[str, typer.Argument(metavar="TYPE", help="guideline, label, faq, workflow, notice, …")],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The page's heading.")],
    internal: Annotated[bool, typer.Option("--internal", help="It stays with staff: number it apart.")] = False,
    day: Day = None,
) -> None:
    """Start a document of a type, with the next free id and every field to fill in."""
    from guide_cli.new import start

    say(f"wrote {start(ROOT, kind, title, day_of(day), internal=internal)}")


@app.command()
def schema(
    check_only: Annotated[bool, typer.Option("--check", help="Only say whether the files are up to date.")] = False,
) -> None:
    """Write the JSON Schema of front matter for editors, and the handbook's reference of it."""
    from guide_cli.schema import write

    stale = write(ROOT, check_only=check_only)
    for path in stale:
        say(f"{path} {'is out of date' if check_only else 'written'}")
    if check_only and stale:
        raise stop("run `scripts/guide schema` and commit what it writes", 1)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run every test: linters, types, unit, golden, site, publish and browser. Words after it go to pytest."""
    from guide_cli.test import run

    raise typer.Exit(run(ROOT, context.args, os.environ, say))


@app.command()
def lock() -> None:
    """Make the lock anew: the newest versions that pyproject.toml allows, with hashes and without addresses."""
    from guide_cli.lock import write

    write(ROOT, say)


@app.command()
def bench(
    pages: Annotated[int, typer.Option("--pages", help="Pages of the corpus.")] = 300,
    rounds: Annotated[int, typer.Option("--rounds", help="Rounds to take medians of.")] = 3,
) -> None:
    """Time the whole pipeline against one plain MkDocs build of the same pages, in turns."""
    from guide_cli.bench import run

    run(pages, rounds, say)


def main() -> None:
    """Run the command line. Bad input ends in lines that say what to mend, never in a traceback."""
    from guide_cli.forks import ForkError
    from guide_cli.render import RenderError

    try:
        app(prog_name="scripts/guide")
    except ProblemsError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        count = len(error.problems)
        print(f"scripts/guide: {count} problem{'s' if count > 1 else ''} found", file=sys.stderr)
        sys.exit(1)
    except (RenderError, ForkError, ReleaseError, OSError) as error:
        print(f"scripts/guide: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
