"""The command line as a person meets it: what it prints, where, and how it exits."""

from __future__ import annotations

import json

import pytest
from projects import ROOT, SMALL, copy_project, guide

MISTAKE = "docs/labels/spam-redirect.md"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return copy_project(tmp_path_factory.mktemp("commands") / "project", SMALL)


@pytest.fixture
def broken(tmp_path):
    """A project with one error and one warning."""
    project = copy_project(tmp_path / "project", SMALL)
    file = project / MISTAKE
    file.write_text(file.read_text().replace("severity: low", "severity: middling"))
    page = project / "docs/faqs/f01-links.md"
    page.write_text(page.read_text().replace("review_by: 2027-06-01", "review_by: 2026-11-20"))
    return project


def test_check_of_the_library_itself_exits_0():
    done = guide(ROOT, "check", "--date", "2026-11-23")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no errors" in done.stdout


@pytest.mark.parametrize("day", ["20261123", "2026-W48-1", "2026-1-2", "2026-11-31", "23.11.2026", "tomorrow", ""])
def test_a_day_has_one_form(project, day):
    done = guide(project, "check", "--date", day)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"scripts/guide: expected a day such as 2026-11-23 after --date, found {day!r}\n"


@pytest.mark.parametrize("out", ["docs", "docs/new", "guidelines/../docs"])
def test_nothing_is_staged_among_the_sources(project, out):
    done = guide(project, "stage", "--out", str(project / out), "--date", "2026-11-23")
    assert done.returncode == 2
    assert "expected --out outside docs/" in done.stderr
    assert not list((project / "docs").glob("**/mkdocs.yml"))


def test_a_file_of_phrases_that_is_not_there_is_told_as_wrong_usage(project, tmp_path):
    done = guide(project, "redact", "--audience", "external", "--from", str(tmp_path / "none"), "--dry-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("scripts/guide: expected a text file in UTF-8 after --from, found none at ")


def test_check_prints_path_line_message_and_rule(broken):
    done = guide(broken, "check", "--date", "2026-11-23")
    assert done.returncode == 1
    error, warning = sorted(done.stdout.splitlines(), key=lambda line: "warning: " in line)
    assert error.startswith(f"{MISTAKE}:")
    assert "medium" in error
    assert error.endswith("[metadata]")
    assert warning.startswith("docs/faqs/f01-links.md:")
    assert warning.endswith("[review-overdue]")


def test_check_as_json_github_and_sarif(broken):
    rows = json.loads(guide(broken, "check", "--date", "2026-11-23", "--format", "json").stdout)
    assert {(row["path"], row["rule"], row["severity"]) for row in rows} == {
        (MISTAKE, "metadata", "error"),
        ("docs/faqs/f01-links.md", "review-overdue", "warning"),
    }
    lines = guide(broken, "check", "--date", "2026-11-23", "--format", "github").stdout.splitlines()
    assert sorted(line.split(" ")[0] for line in lines) == ["::error", "::warning"]
    assert all(line.count("::") >= 2 for line in lines)
    log = json.loads(guide(broken, "check", "--date", "2026-11-23", "--format", "sarif").stdout)
    assert log["version"] == "2.1.0"
    assert {result["ruleId"] for result in log["runs"][0]["results"]} == {"metadata", "review-overdue"}


def test_a_clean_library_is_valid_json_and_sarif_too(project):
    assert json.loads(guide(project, "check", "--date", "2026-11-23", "--format", "json").stdout) == []
    log = json.loads(guide(project, "check", "--date", "2026-11-23", "--format", "sarif").stdout)
    assert log["runs"][0]["results"] == []


def test_a_warning_becomes_an_error_after_a_month(broken):
    file = broken / MISTAKE
    file.write_text(file.read_text().replace("severity: middling", "severity: low"))
    assert guide(broken, "check", "--date", "2026-12-20").returncode == 0
    assert guide(broken, "check", "--date", "2026-12-21").returncode == 1


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        (["check", "--format", "xml"], "expected --format to be one of text, json, github, sarif"),
        (["check", "--date", "yesterday"], "expected a day such as 2026-11-23"),
        (
            ["stage", "--audience", "vendor-z", "--date", "2026-11-23"],
            "expected --audience to be one of external, internal",
        ),
        (["new", "guidelin", "A title"], "expected TYPE to be one of guideline"),
        (["new", "guideline", "!"], "expected a title"),
        (["no-such-command"], "No such command"),
    ],
)
def test_a_wrong_command_exits_2_and_says_what_was_expected(project, words, sign):
    done = guide(project, *words)
    assert done.returncode == 2, done.stdout
    assert sign in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_stage_writes_each_edition_and_refuses_a_folder_it_did_not_write(project, tmp_path):
    done = guide(project, "stage", "--out", str(tmp_path / "out"), "--date", "2026-11-23")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/internal/docs/comms/staff.md").is_file()
    assert not (tmp_path / "out/external/docs/comms/staff.md").exists()
    mine = tmp_path / "mine" / "external"
    mine.mkdir(parents=True)
    (mine / "letter.txt").write_text("mine")
    done = guide(project, "stage", "--out", str(tmp_path / "mine"), "--audience", "external", "--date", "2026-11-23")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]


def test_build_writes_a_verified_site_of_one_edition(project, tmp_path):
    done = guide(project, "build", "--audience", "external", "--out", str(tmp_path / "site"), "--date", "2026-11-23")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site/external/guidelines/g04-links/index.html").is_file()
    assert (tmp_path / "site/external/guidelines/g04-links/index.md").is_file()
    assert not (tmp_path / "site/internal").exists()


def test_build_refuses_a_folder_it_did_not_write(project, tmp_path):
    mine = tmp_path / "external"
    mine.mkdir()
    (mine / "letter.txt").write_text("mine")
    done = guide(project, "build", "--audience", "external", "--out", str(tmp_path), "--date", "2026-11-23")
    assert done.returncode == 1
    assert "holds files that no build wrote" in done.stderr
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]


def test_a_site_that_fails_verification_does_not_replace_the_last_good_one(tmp_path):
    project = copy_project(tmp_path / "project", SMALL)
    build = ["build", "--audience", "external", "--out", str(tmp_path / "out"), "--date", "2026-11-23"]
    assert guide(project, *build).returncode == 0
    good = (tmp_path / "out/external/index.html").read_bytes()
    template = project / "overrides/main.html"
    template.write_text(template.read_text().replace("{{ super() }}", '{{ super() }}<a href="nowhere/">x</a>'))
    done = guide(project, *build)
    assert done.returncode == 1
    assert "[broken-link]" in done.stderr
    assert (tmp_path / "out/external/index.html").read_bytes() == good
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["external"], "nothing is left beside it"


@pytest.mark.parametrize("command", ["stage", "build"])
def test_a_folder_that_cannot_be_written_is_told_in_one_line(project, tmp_path, command):
    """A file stands where the folder should be: not even root can make one below it."""
    (tmp_path / "file").write_text("")
    words = ["--audience", "external", "--out", str(tmp_path / "file" / "out"), "--date", "2026-11-23"]
    done = guide(project, command, *words)
    assert done.returncode == 1
    assert done.stderr.startswith("scripts/guide: ")
    assert done.stderr.count("\n") == 1
    assert str(tmp_path / "file") in done.stderr


def test_an_environment_with_properdocs_is_refused(project, tmp_path):
    """mike would build with ProperDocs in MkDocs' place; a few packages bring it in unasked."""
    info = project / "hooks" / "properdocs-1.6.7.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: properdocs\nVersion: 1.6.7\n")
    try:
        done = guide(project, "build", "--out", str(tmp_path / "out"), "--date", "2026-11-23")
    finally:
        (info / "METADATA").unlink()
        info.rmdir()
    assert done.returncode == 1
    assert "expected no ProperDocs in this environment, found 1.6.7" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("guideline", "docs/guidelines/g07-copied-shops.md"),
        ("label", "docs/labels/copied-shops.md"),
        ("faq", "docs/faqs/f02-copied-shops.md"),
        ("workflow", "docs/workflows/w02-copied-shops.md"),
        ("notice", "docs/comms/n002-copied-shops.md"),
        ("status", "docs/comms/s001-copied-shops.md"),
        ("checklist", "docs/workflows/c01-copied-shops.md"),
        ("page", "docs/handbook/copied-shops.md"),
    ],
)
def test_new_starts_a_document_that_passes_the_check(tmp_path, kind, path):
    project = copy_project(tmp_path / "project", SMALL)
    folder = (project / path).parent
    if not folder.exists():
        folder.mkdir()
        index = (project / "docs/comms/index.md").read_text()
        (folder / "index.md").write_text(index.replace("id: notices", f"id: {folder.name}-index"))
    done = guide(project, "new", kind, "Copied shops", "--date", "2026-11-23")
    assert done.returncode == 0, done.stderr
    assert path in done.stdout
    checked = guide(project, "check", "--date", "2026-11-23")
    assert checked.returncode == 0, checked.stdout
    # What stays with staff counts apart.
    if path.rpartition("/")[2][0] in "gfwnsc" and path.rpartition("/")[2][1].isdigit():
        apart = guide(project, "new", kind, "Copied shops", "--internal", "--date", "2026-11-23")
        number = "501" if kind in {"notice", "status"} else "51"
        assert f"/{path.rpartition('/')[2][0]}{number}-copied-shops.md" in apart.stdout
    # A page, a label: their address is their title. All others take the next free number.
    again = guide(project, "new", kind, "Copied shops")
    assert again.returncode == (2 if kind in {"label", "page"} else 0)


def test_the_schema_and_its_page_are_up_to_date(project):
    """`scripts/guide schema` was run after the last change to the metadata."""
    from guide_cli.schema import write

    assert write(ROOT, check_only=True) == []
