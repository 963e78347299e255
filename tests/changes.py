"""Changes to internal content: whatever they do, the external edition must not show it.

Each takes a random source and a project, edits the project in place, and says whether it found something to edit. A
change may leave a project that does not pass the check; it then has no editions to compare.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from random import Random

import casechanges  # noqa: F401 - its changes are added to the list
from changing import (
    CHANGES,
    UNSEEN,
    blank_places,
    body_of,
    change,
    clauses,
    folder,
    insert,
    meta_of,
    outside,
    passage,
    secret,
    staff,
    text,
    unseen,
)
from libraries import DAY, EXTERNAL, FAR, FUTURE, INTERNAL, PAST, SOON, Doc, Level, Project, png, svg

__all__ = ["CHANGES", "UNSEEN"]


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
        [
            f"effective\n    from: {PAST}",
            f"effective\n    until: {FUTURE}",
            f"effective\n    from: {SOON}",
            "external\n    reason: legal",
        ]
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


@change
def add_a_page(rng: Random, project: Project) -> bool:
    meta = meta_of(rng, "page", secret(rng))
    _hide(rng, meta)
    where = (
        folder(rng, project)
        if meta["audience"] == INTERNAL
        else posixpath.dirname(rng.choice([one for one in project.paths(Level.ALL) if one.endswith("index.md")]))
    )
    path = posixpath.join(where, f"{secret(rng)}.md")
    project.docs[path] = Doc(meta, body_of(rng, project, path))
    return (meta["valid_from"] != FUTURE and meta.get("expires") != DAY) or rng.random() < 0.2


@change
def add_a_question(rng: Random, project: Project) -> bool:
    fit = clauses(project, Level.ALL)
    meta = meta_of(rng, "faq", f"F{rng.randint(50, 99)}")
    meta |= {"answers": rng.sample(fit, min(len(fit), 2)), "renewed": DAY - dt.timedelta(rng.randint(0, 60))}
    path = posixpath.join(folder(rng, project), f"{str(meta['id']).lower()}-{secret(rng)}.md")
    project.docs[path] = Doc(meta, body_of(rng, project, path))
    return True


@change
def add_a_notice(rng: Random, project: Project) -> bool:
    fit = clauses(project, Level.ALL)
    meta = meta_of(rng, "notice", f"N{rng.randint(500, 999)}") | {"changes": [rng.choice(fit)], "kind": "editorial"}
    path = posixpath.join(folder(rng, project), f"{str(meta['id']).lower()}-{secret(rng)}.md")
    project.docs[path] = Doc(meta, body_of(rng, project, path))
    return True


@change
def delete_a_page(rng: Random, project: Project) -> bool:
    bodies = "\n".join(doc.body for doc in project.docs.values())
    found = [
        path
        for path in project.paths(Level.STAFF)
        if posixpath.basename(path) not in bodies and f"[{project.docs[path].meta['id']}" not in bodies
        and (posixpath.basename(path) != "index.md")
        and project.docs[path].meta["type"] not in {"guideline", "label", "workflow"}  # others of them count on it
        and project.docs[path].meta["id"] != "words"
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
            meta["precedence"] = meta["precedence"] // 10 * 10 + rng.randint(0, 9)
            meta["ozone"] = rng.choice(["reasonMisleadingSpam", "reasonMisleadingBot"])
        case _ if meta["type"] == "guideline":
            meta["retired"] = {f"{meta['id']}.{rng.randint(50, 99)}": {"to": f"{meta['id']}.1", "why": secret(rng)}}
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
    meta = meta_of(rng, "snippet", "snippet-" + "".join(rng.choices("abcdefgh", k=8)))
    path = f"parts/{secret(rng)}.md"
    project.docs[path] = Doc(meta, text(rng, project, path).replace("## ", ""))
    page = outside(project, rng, snippets=False)
    doc = project.docs[page]
    insert(rng, doc, passage(rng, f'--8<-- "{path}"', 3), len(doc.body.split("\n")))
    return True


@change
def edit_a_snippet_that_only_staff_see(rng: Random, project: Project) -> bool:
    path = f"parts/{secret(rng)}.md"
    meta = meta_of(rng, "snippet", "snippet-" + "".join(rng.choices("abcdefgh", k=8))) | {"audience": EXTERNAL}
    project.docs[path] = Doc(meta, text(rng, project, path).replace("## ", ""))
    page = rng.choice([one for one in project.paths(Level.STAFF) if project.docs[one].meta["type"] != "snippet"])
    project.docs[page].body += f'\n\n--8<-- "{path}"\n'
    return True


# Terms


@change
def add_a_term(rng: Random, project: Project) -> bool:
    if "glossary.md" not in project.docs:
        return False
    word = secret(rng)
    doc = project.docs["glossary.md"]
    at, most, _ = rng.choice([row for row in blank_places(doc.body) if not row[2]])
    insert(rng, doc, passage(rng, f"{word}\n:   {secret(rng)}", rng.randint(3, most)), at)
    if rng.random() < 0.5:
        page = project.docs[outside(project, rng, snippets=False)]
        insert(rng, page, passage(rng, f"Staff say {word}.", 3), len(page.body.split("\n")))
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
        meta_of(rng, "page", secret(rng)) | {"audience": name}, body_of(rng, project, path).split("\n\n")[0]
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
