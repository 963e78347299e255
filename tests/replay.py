"""A year of a small library, told change by change: what the replay commits, publishes, and expects of it.

Each step happens on a day. It edits the documents, which are then committed on that day and published; one that edits
nothing is a nightly run. Names of rare animals stand in text that only staff may read.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from projects import SMALL, copy_project, git

BOTH, STAFF, NOTHING = ("external", "internal"), ("internal",), ()
FIRST, LAST = dt.date(2026, 1, 5), dt.date(2027, 1, 20)

# A word each that only staff ever read, and the release from which on the outside reads one that was opened to it.
PLANTED = ("quagga", "okapi", "tapir", "wombat", "axolotl", "staff-news")
OPENED = {"numbat": "2026.07.06"}

G04, G06, G08 = "guidelines/g04-links.md", "guidelines/g06-redirects.md", "guidelines/g08-previews.md"
G04_LATER, F02_LATER = "guidelines/g04-link-rules.md", "faqs/f02-previews-of-links.md"
F01, F02, F03 = "faqs/f01-links.md", "faqs/f02-previews.md", "faqs/f03-shops.md"
SPAM, NO_ACTION, STAFF_PAGE = "labels/spam-redirect.md", "labels/no-action.md", "comms/staff.md"


@dataclass(frozen=True)
class Step:
    """What happens on a day. `kinds` say what is changed, `shows` which editions get a release.

    `refused` are the rules by which nothing is published.
    """

    day: dt.date
    kinds: tuple[str, ...]
    shows: tuple[str, ...]
    refused: tuple[str, ...]
    edit: Callable[[Docs], None] | None

    @property
    def name(self) -> str:
        """Say in short which step it is."""
        return f"{self.day} {self.edit.__name__ if self.edit else 'nightly'}"


class Docs:
    """The documents of a project at `root`, by path below `docs/`, as a step on `day` changes them."""

    def __init__(self, root: Path, day: dt.date) -> None:
        self.root = root
        self.day = day

    def edit(self, path: str, old: str, new: str) -> None:
        """Put one text in the place of another, which stands there exactly once."""
        file = self.root / "docs" / path
        text = file.read_text()
        assert text.count(old) == 1, f"{path} has {text.count(old)} times: {old}"
        file.write_text(text.replace(old, new))

    def below(self, path: str, heading: str, new: str) -> None:
        """Put text at the end of what stands under a heading."""
        file = self.root / "docs" / path
        text = file.read_text()
        start = text.index(f"{heading}\n") + len(heading)
        end = re.compile(r"^#{2,3} |\Z", re.MULTILINE).search(text, start).start()
        file.write_text(f"{text[:end].rstrip()}\n\n{new.strip()}\n\n{text[end:]}".rstrip() + "\n")

    def add(self, path: str, fields: str, body: str) -> None:
        """Add a document: its own fields, and those that all have."""
        common = {"title": "Title", "summary": "A summary.", "audience": "external", "owner": "Spam Policy"}
        common |= {"status": "in-force", "valid_from": str(self.day), "review_by": "2027-06-01"}
        rest = "".join(f"{key}: {value}\n" for key, value in common.items() if f"{key}: " not in fields)
        file = self.root / "docs" / path
        assert not file.exists()
        file.write_text(f"---\n{fields.strip()}\n{rest}---\n\n{body.strip()}\n")

    def notice(self, ident: str, kind: str, changes: str, says: str, more: str = "") -> None:
        """Add the notice `N` + `ident` of this day; a substantive one is signed, unless it restores a text."""
        fields = f"id: N{ident}\ntype: notice\ntitle: Notice {ident}\nkind: {kind}\nchanges: [{changes}]\n"
        if kind == "substantive" and "restores" not in more:
            fields += self.signed
        self.add(f"comms/n{ident}-notice.md", fields + more, says)

    @property
    def signed(self) -> str:
        """The sign-offs of this day."""
        return f"signed: {{Training: {self.day}, Quality: {self.day}, Vendor Management: {self.day}}}\n"

    def renew(self, *paths: str) -> None:
        """Say of FAQs that they were read again on this day."""
        for path in paths:
            file = self.root / "docs" / path
            text, count = re.subn(r"(?m)^renewed: .*$", f"renewed: {self.day}", file.read_text())
            file.write_text(text if count else text.replace("type: faq\n", f"type: faq\nrenewed: {self.day}\n", 1))

    def move(self, old: str, new: str) -> None:
        """Give a document another file name."""
        (self.root / "docs" / old).rename(self.root / "docs" / new)


STEPS: list[Step] = []


def step(
    day: str, *kinds: str, shows: tuple[str, ...] = BOTH, refused: tuple[str, ...] = ()
) -> Callable[[Callable[[Docs], None]], Callable[[Docs], None]]:
    """Make a function the next step."""

    def added(edit: Callable[[Docs], None]) -> Callable[[Docs], None]:
        STEPS.append(Step(dt.date.fromisoformat(day), kinds, () if refused else shows, refused, edit))
        return edit

    return added


def nightly(day: str, *kinds: str, shows: tuple[str, ...] = BOTH) -> None:
    """Add a run on a day on which nobody committed anything."""
    STEPS.append(Step(dt.date.fromisoformat(day), kinds, shows, (), None))


def begin(root: Path) -> Path:
    """Make the project at the new folder `root`, as the year finds it; nothing is committed yet."""
    return copy_project(root, SMALL)


def commit(root: Path, one: Step) -> str:
    """Make the edits of a step and commit them on its day; returns the commit that is there then."""
    if one.edit:
        one.edit(Docs(root, one.day))
        if not (root / ".git").exists():
            git(root, "init", "-q", "-b", "main")
        git(root, "add", "-A")
        moment = f"{one.day}T10:00:00 +0000"
        command = [
            "git",
            "-c",
            "user.name=Tester",
            "-c",
            "user.email=tester@example.com",
            "commit",
            "-q",
            "-m",
            one.name,
        ]
        environ = {
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": str(root),
        }
        subprocess.run(command, cwd=root, env={"PATH": "/usr/local/bin:/usr/bin:/bin", **environ}, check=True)
    return git(root, "rev-parse", "HEAD").strip()


# 2026


@step("2026-01-05", "first release")
def first(docs: Docs) -> None:
    docs.renew(F01)
    docs.edit(G04, "Label [spam-redirect].", "A link that makes four or more redirects ends at [spam-redirect].")
    docs.edit(G04, "The destination decides.", "The destination decides, wich is the last page.")
    docs.edit(G04, "The classifier reads more than this.", "The quagga desk reads more than this.")
    docs.below(
        G04,
        "### G04.2 A shortener is allowed",
        "### G04.3 A link to one shop is allowed\n\nIt ends at the shop that the post names.",
    )
    docs.edit(
        G06,
        "\nLabel [spam-redirect].\n",
        "\nSuch a link ends at [spam-redirect]. A redirect within 5 seconds counts.\n",
    )
    docs.edit(
        G06,
        "\nLabel [no-action].\n",
        "\nSuch a link ends at [no-action].\n\n"
        "/// internal\n    reason: tooling\n\nThe numbat desk reads links that do not load.\n///\n",
    )
    docs.edit(
        G06,
        "    Three or fewer: {label: no-action, clause: G06.2}",
        "    Two or fewer: {label: no-action, clause: G06.2}\n    Three: {label: no-action, clause: G06.2}",
    )
    docs.edit(G06, LAMP.format("not-violating", "no-action", "G06.2", "Three or fewer"), LAMP_ALLOWED)
    docs.edit(G06, "answers: {redirects: Three or fewer}", "answers: {redirects: Two or fewer}")
    docs.edit(STAFF_PAGE, "For staff.", "For staff of the okapi team.")


LAMP = "title: Three redirects to a lamp\nverdict: {}\nlabel: {}\nclause: {}\nanswers: {{redirects: {}}}"
LAMP_ALLOWED = LAMP.format("not-violating", "no-action", "G06.2", "Three")
LAMP_SPAM = LAMP.format("violating", "spam-redirect", "G06.1", "Three")

nightly("2026-01-06", shows=NOTHING)


@step("2026-01-12", "clause text, editorial", "typo outside clauses")
def spelling(docs: Docs) -> None:
    docs.edit(G04, "wich", "which")
    docs.notice("002", "editorial", "G04.2", "A word is spelt right.")
    docs.edit(G04, "## Why\n\nText.", "## Why\n\nA text.")


@step("2026-01-19", "clause text, substantive", "label text", "case text", refused=("unannounced",))
def seconds_unannounced(docs: Docs) -> None:
    docs.edit(G06, "A redirect within 5 seconds counts.", "A redirect within 10 seconds counts.")
    docs.edit(SPAM, "- Four redirects.", "- Four redirects or more.")
    docs.edit(G06, "The link makes five redirects.", "The link makes five redirects within 10 seconds.")


@step("2026-01-19", "notice", refused=("substance",))
def seconds_editorial(docs: Docs) -> None:
    docs.notice("003", "editorial", "G06.1, spam-redirect, G06-01", "Slow redirects count.")


@step("2026-01-19", "notice", refused=("sign-offs",))
def seconds_unsigned(docs: Docs) -> None:
    docs.edit("comms/n003-notice.md", "kind: editorial", "kind: substantive")


@step("2026-01-20", "sign-offs")
def seconds_signed(docs: Docs) -> None:
    docs.edit("comms/n003-notice.md", "kind: substantive\n", f"kind: substantive\neffective: {docs.day}\n{docs.signed}")


TAPIR = """/// internal
    reason: signal
    recheck: 2027-03-01

The tapir queue holds accounts with 40 links.
///"""


@step("2026-02-02", "internal passage added", "internal notice", shows=STAFF)
def tapir_added(docs: Docs) -> None:
    docs.below(
        G04,
        "### G04.1 Four redirects are spam",
        TAPIR,
    )
    why = "justified: {G04.1: The queue decides no case.}\naudience: internal\n"
    docs.notice("504", "editorial", "G04.1", "The wombat team reads the queue.", why)


HOSTS = """
### G04.4 Each host has its limit

A link to a shop or a blog ends at [no-action] within the limit of its host.

| Host | Redirects | Ends at |
| --- | --- | --- |
| Shop | 3 | [no-action] |
| Blog | 2 | [no-action] |

These count as one host:

- A shop:
    - its own domain
    - the domain of its checkout
- A blog and its archive
"""


@step("2026-02-09", "clause added")
def hosts_added(docs: Docs) -> None:
    docs.below(G04, "### G04.3 A link to one shop is allowed", HOSTS)
    docs.edit(G04, "labels: [spam-redirect]", "labels: [spam-redirect, no-action]")
    docs.notice("005", "substantive", "G04.4", "Shops and blogs have a limit.")


@step("2026-02-09", "table row", "two releases on one day")
def host_limit(docs: Docs) -> None:
    docs.edit(G04, "| Blog | 2 | [no-action] |", "| Blog | 3 | [no-action] |\n| Forum | 1 | [no-action] |")
    docs.notice("006", "substantive", "G04.4", "Blogs may use three, and forums one.")


@step("2026-02-16", "nested list", "clause title", "glossary")
def host_list(docs: Docs) -> None:
    docs.edit(G04, "    - the domain of its checkout", "    - the domain of its payment\n    - its app")
    docs.edit(G04, "### G04.2 A shortener is allowed", "### G04.2 A shortener by itself is allowed")
    docs.edit("glossary.md", "Who decides a case.", "Who decides a case, and records it.")
    docs.notice("007", "substantive", "G04.2, G04.4", "More domains count as one host.")


CASE = """```case
id: {0}
title: {1} redirects to a {2}
verdict: {3}
label: {4}
clause: {5}
answers: {{redirects: {6}}}
surface: post
language: en
set: teaching
text: A post shows a {2} and names its maker. The link preview lists many domains, and the last page is the maker.
reason: The link makes {7} redirects.{8}
```
"""


@step("2026-03-02", "case added", "label value")
def severity(docs: Docs) -> None:
    two = CASE.format(
        "G06-06", "Two", "bowl", "not-violating", "no-action", "G06.2", "Two or fewer", "two", "\nnear: [spam-redirect]"
    )
    four = CASE.format("G06-07", "Four", "vase", "borderline", "spam-redirect", "G06.1", "Four or more", "four", "")
    docs.below(G06, "## Cases", f"{two}\n{four}")
    docs.edit(SPAM, "severity: low", "severity: medium")
    docs.notice("008", "substantive", "spam-redirect, G06-06, G06-07", "Redirect spam weighs more.")


SALE = "In the spring sale, a shop may add 1 redirect."


@step("2026-03-05", "effective passage, announced", "FAQ renewed")
def sale(docs: Docs) -> None:
    passage = f"/// effective\n    from: 2026-03-16\n    until: 2026-04-20\n\n{SALE}\n///"
    docs.below(G06, "### G06.2 Three redirects are allowed", passage)
    docs.notice("009", "substantive", "G06.2", "Shops may add a redirect.", "effective: 2026-03-16\n")
    docs.renew(F01)


@step("2026-03-09", "typo outside clauses")
def before_the_sale(docs: Docs) -> None:
    docs.edit(G06, "## Why\n\nText.", "## Why\n\nA text.")


nightly("2026-03-15", shows=NOTHING)
nightly("2026-03-16", "effective passage comes into force")


@step("2026-04-01", "notice only", "end announced")
def sale_ends(docs: Docs) -> None:
    docs.notice("010", "substantive", "G06.2", "The sale is over.", "effective: 2026-04-20\n")


nightly("2026-04-19", shows=NOTHING)
nightly("2026-04-20", "effective passage ends")


@step("2026-04-27", "tree leaf moved", "verdict flipped", "clause title")
def three_are_too_many(docs: Docs) -> None:
    docs.edit(G06, "    Three: {label: no-action, clause: G06.2}", "    Three: {label: spam-redirect, clause: G06.1}")
    docs.edit(G06, LAMP_ALLOWED, LAMP_SPAM)
    docs.edit(
        G06,
        "The link makes three redirects.\nnear: [spam-redirect]\n",
        "The link makes three redirects, which is too many now.\n",
    )
    docs.edit(G06, "### G06.1 Four redirects are too many", "### G06.1 Three redirects are too many")
    docs.edit(G06, "### G06.2 Three redirects are allowed", "### G06.2 Two redirects are allowed")
    docs.notice("011", "substantive", "tree/G06, G06-04, G06.1, G06.2", "Three redirects are too many.")


@step("2026-05-04", "page added", "page with an end", "page of the future", "FAQ added", "FAQ renewed")
def pages_added(docs: Docs) -> None:
    docs.add(F02, "id: F02\ntype: faq\nanswers: [G06.2]\n", "## Does a preview count?\n\nNo, see [G06.2].")
    docs.add(
        F03,
        "id: F03\ntype: faq\nanswers: [G04.4]\nvalid_from: 2026-05-11\n",
        "## Is a shop a host?\n\nYes, see [G04.4].",
    )
    docs.add("spring.md", "id: spring\ntype: page\nexpires: 2026-06-01\n", "Spring is the season of sales.")
    docs.renew(F01)


nightly("2026-05-10", shows=NOTHING)
nightly("2026-05-11", "page comes into force")
nightly("2026-05-31", shows=NOTHING)
nightly("2026-06-01", "page ends")


@step("2026-06-08", "page renamed", "guideline renamed")
def renamed(docs: Docs) -> None:
    docs.move(F02, F02_LATER)
    docs.move(G04, G04_LATER)


SHOP = "### G04.3 A link to one shop is allowed\n\nIt ends at the shop that the post names.\n\n"


@step("2026-06-14", "clause removed", refused=("vanished-clause", "unannounced"))
def shop_vanished(docs: Docs) -> None:
    docs.edit(G04_LATER, SHOP, "")


@step("2026-06-15", "clause retired")
def shop_retired(docs: Docs) -> None:
    docs.edit(G04_LATER, "id: G04\n", "id: G04\nretired: {G04.3: {to: G04.4, why: The limit of the host decides.}}\n")
    docs.notice("012", "substantive", "G04.3", "Shops are read by the limit of their host.")


@step("2026-06-22", "internal passage removed", "internal notice", shows=STAFF)
def tapir_removed(docs: Docs) -> None:
    docs.edit(
        G04_LATER,
        f"{TAPIR}\n",
        "",
    )
    docs.notice("513", "substantive", "G04.1", "The wombat team reads no queue.", "audience: internal\n")


@step("2026-06-29", "field of staff", shows=STAFF)
def reviewed(docs: Docs) -> None:
    docs.edit(G06, "review_by: 2027-06-01", "review_by: 2027-05-01")


@step("2026-07-01", "blank lines", "text that no page shows", shows=NOTHING)
def unseen(docs: Docs) -> None:
    docs.edit(G06, "## Definitions\n", "## Definitions\n\n\n")
    docs.edit("snippet-ask.md", "Ask your team lead.", "Ask your lead.")


@step("2026-07-06", "passage opened")
def numbat_opened(docs: Docs) -> None:
    docs.edit(
        G06,
        "/// internal\n    reason: tooling\n\nThe numbat desk reads links that do not load.\n///\n",
        "The numbat desk reads links that do not load.\n",
    )
    docs.notice("014", "substantive", "G06.2", "A desk reads links that do not load.")


@step("2026-07-13", "page made internal", "page retired", "FAQ renewed")
def page_withdrawn(docs: Docs) -> None:
    docs.edit(F02_LATER, "audience: external", "audience: internal")
    docs.edit(F02_LATER, "No, see [G06.2].", "No, see [G06.2]. Ask the axolotl team.")
    docs.edit(F03, "status: in-force", "status: retired")
    docs.renew(F01, F02_LATER)


@step("2026-08-03", "notice only")
def reminder(docs: Docs) -> None:
    docs.notice("015", "editorial", "G06.1", "A reminder: slow redirects count.")


@step("2026-08-10", "case removed", "case value")
def cake_removed(docs: Docs) -> None:
    text = (docs.root / "docs" / G06).read_text()
    block = re.search(r"```case\nid: G06-05\n.*?```\n\n?", text, re.DOTALL)
    docs.edit(G06, block[0], "")
    docs.edit(
        G06,
        "title: Four redirects to a lamp\nverdict: borderline",
        "title: Four redirects to a lamp\nverdict: violating",
    )
    docs.notice("016", "substantive", "G06-05, G06-03", "A case is gone, and another is clear now.")


PREVIEWS = """
## At a glance

Text.

## Why

Text.

## Scope

Text.

## Definitions

Text.

## What you can see

Text.

## Clauses

### G08.1 A preview without a picture is allowed

It ends at [no-action].

### G08.2 A preview without a title is allowed

It ends at [no-action].

## Decision tree

```tree
picture:
  ask: Does the preview show a picture?
  answers:
    Yes: {label: no-action, clause: G08.2}
    No: {label: no-action, clause: G08.1}
```

## Labels and actions

Text.

## Cases

Text.

## Exceptions and precedence

Text.

## Escalate when

Text.
"""


@step("2026-09-01", "guideline of the future")
def previews(docs: Docs) -> None:
    docs.add(G08, "id: G08\ntype: guideline\nlabels: [no-action]\nvalid_from: 2026-09-15\ntitle: Previews\n", PREVIEWS)
    docs.notice("017", "substantive", "G08", "Previews have rules.", "effective: 2026-09-15\n")


nightly("2026-09-14", shows=NOTHING)
nightly("2026-09-15", "guideline comes into force")


@step("2026-10-05", "label value", "label text", "FAQ renewed")
def demoted(docs: Docs) -> None:
    docs.edit(
        SPAM,
        "actions: [DECISION_VISIBILITY_CONTENT_REMOVED]",
        "actions: [DECISION_VISIBILITY_CONTENT_REMOVED, DECISION_ACCOUNT_SUSPENDED]",
    )
    docs.edit(SPAM, "ground: A link makes four or more redirects.", "ground: A link makes three or more redirects.")
    docs.notice("018", "substantive", "spam-redirect", "The account is suspended as well.")
    docs.renew(F01, F02_LATER)


@step("2026-11-02", "one text until, another from")
def pictures(docs: Docs) -> None:
    docs.edit(
        G08,
        "It ends at [no-action].\n\n### G08.2",
        "/// effective\n    until: 2026-11-16\n\nIt ends at [no-action].\n///\n\n"
        "/// effective\n    from: 2026-11-16\n\nIt ends at [no-action], unless its title names another shop.\n///\n\n"
        "### G08.2",
    )
    docs.notice("019", "substantive", "G08.1", "The title is read as well.", "effective: 2026-11-16\n")


nightly("2026-11-15", shows=NOTHING)
nightly("2026-11-16", "one text until, another from")


@step("2026-11-22", "text restored", refused=("not-restored",))
def restored_in_part(docs: Docs) -> None:
    docs.edit(G04_LATER, "### G04.2 A shortener by itself is allowed", "### G04.2 A shortener is fine")
    docs.notice("020", "substantive", "G04.2", "The title is what it was.", "restores: 2026.02.09.2\n")


@step("2026-11-23", "text restored")
def restored(docs: Docs) -> None:
    docs.edit(G04_LATER, "### G04.2 A shortener is fine", "### G04.2 A shortener is allowed")
    docs.edit("comms/n020-notice.md", "kind: substantive\n", f"kind: substantive\neffective: {docs.day}\n")


@step("2026-12-21", "clause of the future", "workflow")
def clause_of_the_future(docs: Docs) -> None:
    docs.below(
        G08,
        "### G08.2 A preview without a title is allowed",
        "/// effective\n    from: 2027-01-11\n\n### G08.3 A preview of a page that is gone is allowed\n\n"
        "It ends at [no-action].\n///",
    )
    docs.notice("021", "substantive", "G08.3", "Previews may be old.", "effective: 2027-01-11\n")
    docs.edit("w01-hand-over.md", "**Answer** in writing", "**Answer** in writing, on the same day")


@step("2026-12-21", "typo outside clauses", "FAQ renewed", "two releases on one day")
def again(docs: Docs) -> None:
    docs.edit(G04_LATER, "## Why\n\nA text.", "## Why\n\nAnother text.")
    docs.renew(F01, F02_LATER)


# 2027

nightly("2027-01-10", shows=NOTHING)
nightly("2027-01-11", "clause comes into force")


@step("2027-01-14", "guideline made internal")
def previews_withdrawn(docs: Docs) -> None:
    docs.edit(G08, "audience: external", "audience: internal")


@step("2027-01-17", "guideline removed", refused=("unknown-reference",))
def previews_removed(docs: Docs) -> None:
    docs.move(G08, "../previews.md")


@step("2027-01-18", "guideline ends", "page renamed")
def previews_end(docs: Docs) -> None:
    docs.move("../previews.md", G08)
    docs.edit(G08, "review_by: 2027-06-01\n", f"review_by: 2027-06-01\nexpires: {docs.day}\n")
    docs.notice("522", "substantive", "G08", "Previews have no rules of their own.", "audience: internal\n")
    docs.move(F03, "faqs/f03-hosts.md")


nightly("2027-01-20", shows=NOTHING)
