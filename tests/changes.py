"""Changes to internal content: whatever they do, the external edition must not show it.

Each takes a random source and a project, edits the project in place, and says whether it found something to edit. A
change may leave a project that does not pass the check; it then has no editions to compare.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable
from random import Random

from libraries import DAY, EXTERNAL, FAR, FUTURE, INTERNAL, PAST, TERMS, WORDS, Doc, Level, Project, png, svg

Change = Callable[[Random, Project], bool]
CHANGES: dict[str, Change] = {}
# Changes that no edition at all may show.
UNSEEN: set[str] = set()


def change(function: Change) -> Change:
    CHANGES[function.__name__] = function
    return function


def unseen(function: Change) -> Change:
    UNSEEN.add(function.__name__)
    return change(function)


# Words and text that only staff may read


def secret(rng: Random) -> str:
    return f"secret-{rng.randrange(10**9)}"


def ids(project: Project) -> list[str]:
    return [
        doc.meta["id"]
        for doc in project.docs.values()
        if doc.level < Level.NOBODY and doc.meta["type"] not in {"page", "snippet"}
    ]


def clauses(project: Project, level: Level) -> list[str]:
    found = []
    for path in project.paths(level, "guideline"):
        found += re.findall(r"(?m)^### (G\d\d\.\d+)", project.docs[path].body)
    return found


def text(rng: Random, project: Project, path: str) -> str:
    """Return a few blocks that only staff may read, for the document at `path`."""
    here = posixpath.dirname(path) or "."
    word, ref = secret(rng), rng.choice(ids(project))
    page = posixpath.relpath(
        rng.choice(
            [
                one
                for one in project.docs
                if project.docs[one].meta["type"] != "snippet" and project.docs[one].level < Level.NOBODY
            ]
        ),
        here,
    )
    note = f"n{rng.randrange(10**9)}"
    asset = f"[file]({posixpath.relpath(rng.choice(list(project.assets)), here)})"
    blocks = [
        f"Only staff read {word}, [{ref}] and {rng.choice(TERMS)}.",
        f"- {word}\n- [{ref}]\n    - inner {rng.choice(WORDS)}",
        f"| Signal | Value |\n|---|---|\n| {word} | [{ref}] |",
        f"A [page]({page}) about {word} and {asset}.",
        f"```text\n{word}\n\n\n# no heading\n```\n",
        f"{word}\n:   means {rng.choice(WORDS)}.",
        f"A note on it {word}[^{note}]\n\n[^{note}]: Text {word}.",
        f"> {word}",
        f"**{word}** `{word}`",
    ]
    if project.docs[path].meta["type"] != "snippet" if path in project.docs else True:
        blocks.append(f"## Staff {word}\n\nText.")
    return "\n\n".join(rng.sample(blocks, rng.randint(1, 3)))


def blank_places(body: str) -> list[tuple[int, int, bool]]:
    """Return the lines before which a passage may stand, the slashes it may have, and whether it is internal there."""
    lines = body.split("\n")
    places: list[tuple[int, int, bool]] = []
    stack: list[tuple[int, str]] = []
    fence = ""
    options = False
    for at, line in enumerate(lines):
        opened = re.fullmatch(r"(/{3,}) ([a-z][a-z-]*)", line)
        if fence:
            fence = "" if line.rstrip() == fence else fence
            continue
        options = options and line.startswith("    ")
        before = lines[at - 1] if at else ""
        most = stack[-1][0] - 1 if stack else 5
        if not before.strip() and not options and most >= 3:
            places.append((at, most, any(name == INTERNAL for _, name in stack)))
        if line.startswith("```"):
            fence = "```"
        elif opened:
            stack.append((len(opened[1]), opened[2]))
            options = True
        elif re.fullmatch(r"/{3,}", line) and stack:
            stack.pop()
    if not stack and not fence:
        places.append((len(lines), 5, False))
    return places


def passage(rng: Random, inner: str, slashes: int) -> str:
    mark = "/" * slashes
    gap = "\n" * rng.randint(0, 1)
    recheck = f"    recheck: {FUTURE}\n" if rng.random() < 0.3 else ""
    reason = rng.choice(["signal", "legal", "tooling"])
    return f"{mark} internal\n    reason: {reason}\n{recheck}\n{gap}{inner}\n{gap}{mark}"


def insert(rng: Random, doc: Doc, made: str, at: int) -> None:
    lines = doc.body.split("\n")
    before = [""] * rng.randint(0, 2)
    if at == len(lines):
        after: list[str] = [""] * rng.randint(0, 2)
        if lines[-1].strip():
            before = ["", *before]
    else:
        after = [""] * rng.randint(0 if not lines[at].strip() else 1, 2)
    lines[at:at] = [*before, *made.split("\n"), *after]
    doc.body = "\n".join(lines)


def outside(project: Project, rng: Random, *, snippets: bool = True) -> str:
    kinds = () if snippets else ("guideline", "label", "faq", "page", "notice", "workflow")
    return rng.choice(project.paths(Level.ALL, *kinds))


def staff(rng: Random, project: Project, *kinds: str) -> str | None:
    found = [path for level in (Level.STAFF, Level.NOBODY) for path in project.paths(level, *kinds)]
    found = [path for path in found if project.docs[path].meta["type"] != "snippet"] if not kinds else found
    return rng.choice(found) if found else None


# Passages


@change
def add_a_passage(rng: Random, project: Project) -> bool:
    path = outside(project, rng)
    places = [row for row in blank_places(project.docs[path].body) if not row[2]]
    if not places:
        return False
    at, most, _ = rng.choice([places[0], places[-1], rng.choice(places)])
    insert(rng, project.docs[path], passage(rng, text(rng, project, path), rng.randint(3, most)), at)
    return True


@change
def add_a_passage_in_a_passage(rng: Random, project: Project) -> bool:
    before = project.before = project.copy()
    path = outside(project, rng)
    doc = project.docs[path]
    outer = rng.choice(
        [f"effective\n    from: {PAST}", f"effective\n    until: {FUTURE}", "external\n    reason: legal"]
    )
    body = doc.body.rstrip("\n")
    inner = passage(rng, text(rng, project, path), rng.randint(3, 4))
    gap, end = "\n" * rng.randint(0, 2), rng.choice(["", "\n", "\n\nAfter it.\n"])
    with_it = rng.choice(
        [f"{inner}\n\n{gap}One.\n{gap}", f"{gap}One.\n\n{inner}\n{gap}", f"One.\n\n{gap}{inner}\n\n{gap}Two.\n"]
    )
    without = with_it.replace(inner, "").strip("\n") + "\n"
    doc.body = f"{body}\n\n///// {outer}\n\n{with_it}/////{end}"
    before.docs[path].body = f"{body}\n\n///// {outer}\n\n{without}/////{end}"
    return True


# Not those that code shows as an example.
_PASSAGE = re.compile(r"(?ms)(?<!example }\n)^(/{3,}) internal\n.*?^\1$\n*")


@change
def delete_a_passage(rng: Random, project: Project) -> bool:
    found = [(path, one) for path in project.paths(Level.ALL) for one in _PASSAGE.finditer(project.docs[path].body)]
    if not found:
        return False
    path, one = rng.choice(found)
    body = project.docs[path].body
    project.docs[path].body = body[: one.start()] + body[one.end() :]
    return True


@change
def edit_a_passage(rng: Random, project: Project) -> bool:
    found = [(path, one) for path in project.paths(Level.ALL) for one in _PASSAGE.finditer(project.docs[path].body)]
    if not found:
        return False
    path, one = rng.choice(found)
    lines = one[0].rstrip("\n").split("\n")
    if rng.random() < 0.5:
        lines[1] = "    reason: vendor-data"
        lines[-1:-1] = ["", secret(rng), ""]
    else:
        lines[1:-1] = ["    reason: calibration", "", text(rng, project, path)]
    end = one[0][len(one[0].rstrip("\n")) :]
    body = project.docs[path].body
    project.docs[path].body = body[: one.start()] + "\n".join(lines) + end + body[one.end() :]
    return True


# Pages


def _folder(rng: Random, project: Project) -> str:
    indexes = [
        path
        for path in project.docs
        if posixpath.basename(path) == "index.md" and project.docs[path].level < Level.NOBODY
    ]
    folder = posixpath.dirname(rng.choice(indexes))
    if rng.random() < 0.3:
        name = secret(rng)
        folder = posixpath.join(folder, name)
        project.docs[f"{folder}/index.md"] = Doc(_meta(rng, "page", name), text(rng, project, f"{folder}/index.md"))
    return folder


def _meta(rng: Random, kind: str, ident: str) -> dict[str, object]:
    meta: dict[str, object] = {
        "id": ident,
        "type": kind,
        "title": secret(rng),
        "summary": secret(rng),
        "audience": INTERNAL,
        "owner": "Automation",
        "status": "in-force",
        "valid_from": PAST,
        "review_by": FAR,
        "order": rng.randint(0, 9),
    }
    return meta


def _hide(rng: Random, meta: dict[str, object]) -> None:
    """Withhold a document in one of the ways there are."""
    way = rng.choice(["internal", "internal", "draft", "future", "expired"])
    meta["audience"] = INTERNAL if way == "internal" else EXTERNAL
    if way == "draft":
        meta["status"] = "draft"
    elif way == "future":
        meta["valid_from"] = FUTURE
    elif way == "expired":
        meta["expires"] = DAY


def _body(rng: Random, project: Project, path: str) -> str:
    return "\n" + text(rng, project, path) + "\n"


@change
def add_a_page(rng: Random, project: Project) -> bool:
    meta = _meta(rng, "page", secret(rng))
    _hide(rng, meta)
    folder = (
        _folder(rng, project)
        if meta["audience"] == INTERNAL
        else posixpath.dirname(rng.choice([one for one in project.paths(Level.ALL) if one.endswith("index.md")]))
    )
    path = posixpath.join(folder, f"{secret(rng)}.md")
    project.docs[path] = Doc(meta, _body(rng, project, path))
    return (meta["valid_from"] != FUTURE and meta.get("expires") != DAY) or rng.random() < 0.2


@change
def add_a_question(rng: Random, project: Project) -> bool:
    fit = clauses(project, Level.ALL)
    meta = _meta(rng, "faq", f"F{rng.randint(50, 99)}") | {"answers": rng.sample(fit, min(len(fit), 2))}
    path = posixpath.join(_folder(rng, project), f"{str(meta['id']).lower()}-{secret(rng)}.md")
    project.docs[path] = Doc(meta, _body(rng, project, path))
    return True


@change
def add_a_guideline(rng: Random, project: Project) -> bool:
    from guidebook.rules import GUIDELINE_SECTIONS

    ident = f"G{rng.randint(50, 99)}"
    labels = [
        project.docs[path].meta["id"] for level in (Level.ALL, Level.STAFF) for path in project.paths(level, "label")
    ]
    meta = _meta(rng, "guideline", ident) | {"labels": rng.sample(labels, rng.randint(1, len(labels)))}
    path = posixpath.join(_folder(rng, project), f"{ident.lower()}-{secret(rng)}.md")
    parts = [
        f"## {one}\n\n"
        + (f"### {ident}.1 {secret(rng)}" if one == "Clauses" else text(rng, project, path).replace("## ", ""))
        for one in GUIDELINE_SECTIONS
    ]
    project.docs[path] = Doc(meta, "\n\n".join(parts) + "\n")
    return True


@change
def add_a_label(rng: Random, project: Project) -> bool:
    ident = f"{secret(rng).split('-')[0]}-{''.join(rng.choices('abcdefgh', k=8))}"
    meta = _meta(rng, "label", ident) | {
        "severity": "severe", "actions": ["DECISION_ACCOUNT_TERMINATED"],
        "dsa_category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", "dsa_keyword": "KEYWORD_OTHER",
    }  # fmt: skip
    path = posixpath.join(_folder(rng, project), f"{ident}.md")
    project.docs[path] = Doc(meta, _body(rng, project, path))
    for one in project.paths(Level.STAFF, "guideline"):
        project.docs[one].meta["labels"] = [*project.docs[one].meta["labels"], ident]
    return True


@change
def add_a_notice(rng: Random, project: Project) -> bool:
    fit = clauses(project, Level.ALL)
    meta = _meta(rng, "notice", f"N{rng.randint(500, 999)}") | {"changes": [rng.choice(fit)], "kind": "substantive"}
    path = posixpath.join(_folder(rng, project), f"{str(meta['id']).lower()}-{secret(rng)}.md")
    project.docs[path] = Doc(meta, _body(rng, project, path))
    return True


@change
def delete_a_page(rng: Random, project: Project) -> bool:
    bodies = "\n".join(doc.body for doc in project.docs.values())
    found = [
        path
        for path in project.paths(Level.STAFF)
        if posixpath.basename(path) not in bodies and f"[{project.docs[path].meta['id']}" not in bodies
        and (posixpath.basename(path) != "index.md")
        and not any(project.docs[path].meta["id"] in doc.meta.get("labels", []) for doc in project.docs.values())
    ]  # fmt: skip
    if not found:
        return False
    del project.docs[rng.choice(found)]
    return True


@change
def edit_a_page(rng: Random, project: Project) -> bool:
    path = staff(rng, project)
    if path is None:
        return False
    doc = project.docs[path]
    doc.body = doc.body.rstrip("\n") + "\n\n" + text(rng, project, path) + "\n"
    return doc.level is Level.STAFF


@change
def edit_the_fields_of_a_page(rng: Random, project: Project) -> bool:
    path = staff(rng, project)
    if path is None:
        return False
    meta = project.docs[path].meta
    match rng.choice(["title", "summary", "review_by", "order", "owner", "valid_from", "kind"]):
        case "title":
            meta["title"] = secret(rng)
        case "summary":
            meta["summary"] = secret(rng)
        case "review_by":
            meta["review_by"] = FAR + dt.timedelta(rng.randint(1, 99))
        case "order":
            meta["order"] = (meta.get("order", 500) + rng.randint(1, 400)) % 1000
        case "owner":
            meta["owner"] = "Vendor Management"
        case "valid_from" if meta["valid_from"] <= DAY:
            meta["valid_from"] = PAST - dt.timedelta(rng.randint(1, 99))
        case _ if meta["type"] == "label":
            meta["severity"] = "medium"
            meta["escalate"] = not meta.get("escalate", False)
        case _:
            meta["status"] = {"retired": "in-force", "in-force": "retired"}.get(meta["status"], "draft")
    return project.docs[path].level is Level.STAFF


@change
def put_a_page_first(rng: Random, project: Project) -> bool:
    path = rng.choice(project.paths(Level.STAFF))
    project.docs[path].meta["order"] = 0 if project.docs[path].meta.get("order", 500) else 999
    return True


@change
def rename_a_page(rng: Random, project: Project) -> bool:
    bodies = "\n".join(doc.body for doc in project.docs.values())
    found = [
        path
        for path in project.paths(Level.STAFF)
        if posixpath.basename(path) not in bodies
        and not path.endswith("index.md")
        and project.docs[path].meta["type"] not in {"label", "snippet"}
    ]
    if not found:
        return False
    path = rng.choice(found)
    folder, name = posixpath.split(path)
    stem = name.removesuffix(".md")
    project.docs[posixpath.join(folder, f"{stem}-{secret(rng)}.md")] = project.docs.pop(path)
    return True


@change
def draft_becomes_internal(rng: Random, project: Project) -> bool:
    drafts = [path for path in project.paths(Level.STAFF) if project.docs[path].meta["status"] == "draft"]
    if not drafts:
        return False
    project.docs[rng.choice(drafts)].meta |= {"audience": INTERNAL, "status": "in-force"}
    return True


# Files


def _internal_assets(project: Project) -> list[str]:
    """Return the files that no text outsiders read may refer to: a name that stands there does not count."""
    shown = "\n".join(_PASSAGE.sub("", project.docs[path].body) for path in project.paths(Level.ALL))
    return [path for path in project.assets if posixpath.basename(path) not in shown]


@change
def add_a_file(rng: Random, project: Project) -> bool:
    kind = rng.choice(["png", "svg", "csv", "txt"])
    path = posixpath.join(rng.choice(["", "files", secret(rng)]), f"{secret(rng)}.{kind}")
    project.assets[path] = {"png": png(rng.randrange(256)), "svg": svg(secret(rng))}.get(kind, secret(rng).encode())
    if rng.random() < 0.5:
        page = rng.choice([one for one in project.paths(Level.STAFF) if project.docs[one].meta["type"] != "snippet"])
        project.docs[
            page
        ].body += f"\n\n![alt {secret(rng)}]({posixpath.relpath(path, posixpath.dirname(page) or '.')})\n"
    else:
        page = rng.choice(project.paths(Level.ALL))
        link = f"[{secret(rng)}]({posixpath.relpath(path, posixpath.dirname(page) or '.')})"
        doc = project.docs[page]
        if project.docs[page].meta["type"] == "snippet":
            return False
        insert(rng, doc, passage(rng, link, 3), len(doc.body.split("\n")))
    return True


@change
def edit_a_file(rng: Random, project: Project) -> bool:
    found = _internal_assets(project)
    if not found:
        return False
    path = rng.choice(found)
    project.assets[path] = {"png": png(rng.randrange(256)), "svg": svg(secret(rng))}.get(
        path[-3:], secret(rng).encode()
    )
    return True


@change
def rename_a_file(rng: Random, project: Project) -> bool:
    found = _internal_assets(project)
    if not found:
        return False
    path = rng.choice(found)
    name = f"{secret(rng)}.{path[-3:]}"
    project.assets[posixpath.join(posixpath.dirname(path), name)] = project.assets.pop(path)
    for doc in project.docs.values():
        doc.body = doc.body.replace(posixpath.basename(path), name)
    return True


# Snippets


@change
def add_an_internal_snippet(rng: Random, project: Project) -> bool:
    meta = _meta(rng, "snippet", "snippet-" + "".join(rng.choices("abcdefgh", k=8)))
    path = f"parts/{secret(rng)}.md"
    project.docs[path] = Doc(meta, text(rng, project, path).replace("## ", ""))
    page = outside(project, rng, snippets=False)
    doc = project.docs[page]
    insert(rng, doc, passage(rng, f'--8<-- "{path}"', 3), len(doc.body.split("\n")))
    return True


@change
def edit_a_snippet_that_only_staff_see(rng: Random, project: Project) -> bool:
    path = f"parts/{secret(rng)}.md"
    meta = _meta(rng, "snippet", "snippet-" + "".join(rng.choices("abcdefgh", k=8))) | {"audience": EXTERNAL}
    project.docs[path] = Doc(meta, text(rng, project, path).replace("## ", ""))
    page = rng.choice([one for one in project.paths(Level.STAFF) if project.docs[one].meta["type"] != "snippet"])
    project.docs[page].body += f'\n\n--8<-- "{path}"\n'
    return True


# Terms


@change
def add_a_term(rng: Random, project: Project) -> bool:
    if "glossary.md" not in project.docs:
        return False
    doc = project.docs["glossary.md"]
    shown = {line.strip().lower() for line in doc.body.split("\n")}
    free = [word for word in WORDS if word not in shown]
    word = rng.choice(free)
    places = [row for row in blank_places(doc.body) if not row[2]]
    at, most, _ = rng.choice(places)
    insert(rng, doc, passage(rng, f"{word}\n:   {secret(rng)}", rng.randint(3, most)), at)
    return True


# Settings


@change
def edit_the_internal_edition(rng: Random, project: Project) -> bool:
    internal = project.settings["extra"]["editions"][INTERNAL]
    match rng.randrange(5):
        case 0:
            internal["title"] = secret(rng)
        case 1:
            internal["readers"] = secret(rng)
        case 2:
            internal["site"] = {
                "site_name": secret(rng),
                "site_url": f"https://{secret(rng)}.example/",
                "copyright": secret(rng),
            }
        case 3:
            internal["site"] = {
                "site_description": secret(rng),
                "edit_uri_template": f"https://{secret(rng)}.example/{{path}}",
            }
        case 4:
            internal["fields"] = ["owner"]
    internal |= {"branch": secret(rng), "remote": secret(rng), "keep_history": True}
    return True


@unseen
def edit_where_the_internal_edition_is_published(rng: Random, project: Project) -> bool:
    project.settings["extra"]["editions"][INTERNAL] |= {
        "branch": secret(rng),
        "remote": secret(rng),
        "keep_history": True,
    }
    return True


@change
def add_an_edition(rng: Random, project: Project) -> bool:
    name = rng.choice(["vendor-a", "public", "partner"])
    editions = project.settings["extra"]["editions"]
    row = {
        "title": secret(rng),
        "readers": secret(rng),
        "reads": [EXTERNAL, name],
        "branch": secret(rng),
        "site": {"site_name": secret(rng)},
    }
    project.settings["extra"]["editions"] = {name: row, **editions} if rng.random() < 0.5 else {**editions, name: row}
    path = posixpath.join(
        posixpath.dirname(rng.choice([one for one in project.paths(Level.ALL) if one.endswith("index.md")])),
        f"{secret(rng)}.md",
    )
    project.docs[path] = Doc(
        _meta(rng, "page", secret(rng)) | {"audience": name}, _body(rng, project, path).split("\n\n")[0]
    )
    project.docs[path].body = f"Only they read {secret(rng)}.\n"
    page = outside(project, rng, snippets=False)
    doc = project.docs[page]
    insert(
        rng,
        doc,
        passage(rng, f"Only they read {secret(rng)}.", 3).replace("/// internal", f"/// {name}"),
        len(doc.body.split("\n")),
    )
    return True


# What nobody may see


@unseen
def comment_on_the_settings(rng: Random, project: Project) -> bool:
    project.comment = f"# {secret(rng)}\n"
    return True


@unseen
def comment_on_fields(rng: Random, project: Project) -> bool:
    project.docs[outside(project, rng)].comment = f"# {secret(rng)}\n"
    return True


# Fields that an external document has and the external edition does not show


@change
def move_the_review_of_an_external_page(rng: Random, project: Project) -> bool:
    doc = project.docs[
        rng.choice([one for one in project.paths(Level.ALL) if project.docs[one].meta["type"] != "snippet"])
    ]
    doc.meta["review_by"] = FAR + dt.timedelta(rng.randint(1, 99))
    return True


@change
def edit_fields_that_are_not_shown(rng: Random, project: Project) -> bool:
    fields = project.edition["fields"]
    values = {
        "severity": ["none", "low", "medium", "severe"],
        "actions": [[], ["DECISION_MONETARY_TERMINATION"]],
        "escalate": [True, False],
        "dsa_category": ["STATEMENT_CATEGORY_OTHER_VIOLATION_TC"],
        "dsa_keyword": ["KEYWORD_PYRAMID_SCHEMES"],
        "owner": ["Automation", "Escalations"],
        "kind": ["editorial", "substantive"],
        "state": ["monitoring", "scheduled"],
        "impact": ["minor", "critical"],
        "next_update": [FAR],
        "valid_from": [PAST - dt.timedelta(3)],
        "expires": [FAR],
        "labels": [[one] for one in ids(project) if re.fullmatch("[a-z]+-[a-z]", one)],
        "answers": [[one] for one in clauses(project, Level.ALL)],
        "changes": [[one] for one in clauses(project, Level.ALL)],
    }
    by_type = {
        "label": {"severity", "actions", "escalate", "dsa_category", "dsa_keyword"},
        "faq": {"answers"}, "guideline": {"labels"},
        "notice": {"changes", "kind"}, "status": {"state", "impact", "next_update"},
    }  # fmt: skip
    hidden = set(values) - set(fields)
    if not hidden:
        hidden = {"severity", "escalate", "owner", "answers"}
        return False
    done = False
    for path in project.paths(Level.ALL):
        meta = project.docs[path].meta
        for name in sorted(hidden & (by_type.get(meta["type"], set()) | {"owner", "valid_from", "expires"})):
            value = rng.choice(values[name])
            done = done or (meta.get(name) != value and meta["type"] != "snippet")
            meta[name] = value
    return done
