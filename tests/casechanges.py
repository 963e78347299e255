"""Changes to internal content around guidelines: cases that are kept back, allowed words, fields nobody is shown."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from random import Random
from typing import Any

import casework
from changing import change, clauses, folder, insert, meta_of, passage, secret, text
from guidebook.labels import KEYWORDS
from guidebook.rules import GUIDELINE_SECTIONS
from libraries import DAY, FAR, PAST, SAID, Doc, Level, Project

# Where the cases of a guideline end.
AFTER_CASES = "## Exceptions and precedence"
_CASE = re.compile(r"(?ms)^```case\nid: (G\d\d-([KX]?)(\d\d))\n.*?^```$\n?")


# Guidelines and labels that only staff may read


def _guideline(rng: Random, project: Project, labels: list[str], harmful: list[str]) -> None:
    """Add a guideline with a tree and cases that end at `labels`, enough of them for those in `harmful`."""
    ident = f"G{rng.randint(50, 99)}"
    clause = {"clause": f"{ident}.1"}
    tree: casework.Tree = {
        "first": {"ask": f"Is it {secret(rng)}?", "answers": {secret(rng): {"label": one, **clause} for one in labels}},
    }
    tree["first"]["answers"]["No"] = {"label": "no-action", **clause}
    names = [*labels, "no-action"]
    made: list[dict[str, Any]] = []
    for label in harmful:
        made += [{"verdict": one, "label": label} for one in ("violating", "violating", "borderline")]
        made += [{"verdict": "not-violating", "label": "no-action", "near": [label]} for _ in range(2)]
    shown = [{"id": f"{ident}-{number:02}", "set": "teaching", **one} for number, one in enumerate(made, 1)]
    shown.append({"id": f"{ident}-K01", "set": "calibration", "verdict": "borderline", "label": "no-action"})
    blocks = [_case(rng, tree, one) for one in shown]
    meta = meta_of(rng, "guideline", ident) | {"labels": names}
    path = posixpath.join(folder(rng, project), f"{ident.lower()}-{secret(rng)}.md")
    inner = {
        "Clauses": f"### {ident}.1 {secret(rng)}",
        "Decision tree": casework.tree_block(tree),
        "Cases": "\n\n".join(blocks),
    }
    parts = [
        f"## {one}\n\n{inner[one] if one in inner else text(rng, project, path).replace('## ', '')}"
        for one in GUIDELINE_SECTIONS
    ]
    project.docs[path] = Doc(meta, "\n\n".join(parts) + "\n")


def _case(rng: Random, tree: casework.Tree, fields: dict[str, Any]) -> str:
    answers, leaf = rng.choice([way for way in casework.ways(tree) if casework.outcome(way[1]) == fields["label"]])
    facts = {"title": secret(rng), "text": " ".join(secret(rng) for _ in range(20)), "reason": secret(rng)}
    where = {"clause": leaf["clause"], "answers": answers, "surface": "post", "language": "en"}
    return casework.case_block({"id": fields["id"]} | facts | where | fields, rng)


def _labels(project: Project, *levels: Level) -> list[str]:
    found = [project.docs[path].meta for level in levels for path in project.paths(level, "label")]
    return [one["id"] for one in found if not one.get("escalate") and one["id"] != "no-action"]


@change
def add_a_guideline(rng: Random, project: Project) -> bool:
    labels = _labels(project, Level.ALL, Level.STAFF)
    chosen = rng.sample(labels, rng.randint(0, min(3, len(labels))))
    _guideline(rng, project, chosen or ["no-action"], [])
    return True


@change
def add_a_label(rng: Random, project: Project) -> bool:
    ident = f"{secret(rng).split('-')[0]}-{''.join(rng.choices('abcdefgh', k=8))}"
    meta = meta_of(rng, "label", ident) | {
        "severity": "severe", "actions": ["DECISION_ACCOUNT_TERMINATED"],
        "dsa_category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", "dsa_keyword": "KEYWORD_OTHER",
        "surfaces": ["post", "message"], "precedence": rng.randint(90, 99),
        "statement": {name: secret(rng) for name in ("ground", "explanation", "facts")},
    }  # fmt: skip
    path = posixpath.join(folder(rng, project), f"{ident}.md")
    sections = f"## Includes\n\n- {secret(rng)}\n\n## Excludes\n\n" + "- Not this: [no-action].\n" * 3
    project.docs[path] = Doc(meta, f"\n{text(rng, project, path)}\n\n{sections}")
    _guideline(rng, project, [ident], [ident])
    return True


# Cases


def _pages(project: Project) -> list[str]:
    return [path for path in project.paths(Level.ALL, "guideline") if "```case\n" in project.docs[path].body]


def _new_case(rng: Random, doc: Doc, kind: str, letter: str) -> str:
    """Return a case of the page with other words and the next number of the set `kind`."""
    found = list(_CASE.finditer(doc.body))
    block = re.sub(r"(?m)^(near|contrast): .*\n", "", rng.choice(found)[0])
    number = max([int(one[3]) for one in found if one[2] == letter], default=0) + 1
    block = re.sub(r"(?m)^id: .*$", f"id: {doc.meta['id']}-{letter}{number:02}", block)
    block = re.sub(r"(?m)^set: .*$", f"set: {kind}", block)
    return _with_other_words(rng, block).rstrip("\n")


def _with_other_words(rng: Random, block: str) -> str:
    words, term = " ".join(secret(rng) for _ in range(20)), rng.choice(["link preview", "board", "C++"])
    block = re.sub(r"(?m)^text: .*\n(?:  .*\n)*", f"text: {words}\n", block)
    block = re.sub(r"(?m)^reason: .*\n(?:  .*\n)*", f"reason: The {term} decides.\n", block)
    return re.sub(r"(?m)^title: .*$", f"title: {secret(rng)}", block)


def _insert_after_cases(rng: Random, doc: Doc, made: str) -> None:
    insert(rng, doc, made, doc.body.split("\n").index(AFTER_CASES))


def _kept_back(project: Project) -> list[tuple[Doc, re.Match[str]]]:
    docs = [project.docs[path] for path in _pages(project)]
    return [(doc, one) for doc in docs for one in _CASE.finditer(doc.body) if one[2]]


@change
def add_a_case_that_is_kept_back(rng: Random, project: Project) -> bool:
    doc = project.docs[rng.choice(_pages(project))]
    kind, letter = rng.choice([("calibration", "K"), ("golden", "X")])
    _insert_after_cases(rng, doc, _new_case(rng, doc, kind, letter))
    return True


@change
def edit_a_case_that_is_kept_back(rng: Random, project: Project) -> bool:
    found = _kept_back(project)
    if not found:
        return False
    doc, one = rng.choice(found)
    block = _with_other_words(rng, one[0])
    label = re.search(r"(?m)^label: .*$", block)[0]
    others = [other for other in _CASE.finditer(doc.body) if not other[2] and f"\n{label}\n" not in other[0]]
    match rng.randrange(3):
        case 0:
            block = re.sub(r"(?m)^verdict: .*$", "verdict: borderline", block)
        case 1:
            block = re.sub(r"(?m)^language: .*$", "language: sw", block)
        case 2 if others:
            block = re.sub(r"(?m)^contrast: .*\n", "", block).replace(
                "\ntext:", f"\ncontrast: {rng.choice(others)[1]}\ntext:"
            )
    doc.body = doc.body[: one.start()] + block + doc.body[one.end() :]
    return True


@change
def delete_a_case_that_is_kept_back(rng: Random, project: Project) -> bool:
    # The last of its set: the numbers of the others stay as they are.
    last = {(doc.meta["id"], one[2]): (doc, one) for doc, one in _kept_back(project)}
    bodies = "\n".join(doc.body for doc in project.docs.values())
    found = [(doc, one) for doc, one in last.values() if f"[{one[1]}]" not in bodies]
    if not found:
        return False
    doc, one = rng.choice(found)
    doc.body = doc.body[: one.start()] + doc.body[one.end() :]
    return True


@change
def name_a_case_that_is_kept_back(rng: Random, project: Project) -> bool:
    found = _kept_back(project)
    if not found:
        return False
    name = rng.choice(found)[1][1]
    path = rng.choice(project.paths(Level.ALL))
    doc = project.docs[path]
    insert(rng, doc, passage(rng, f"{secret(rng)} is shown by [{name}].", 3), len(doc.body.split("\n")))
    return True


@change
def add_a_case_in_a_passage(rng: Random, project: Project) -> bool:
    doc = project.docs[rng.choice(_pages(project))]
    inner = f"{_new_case(rng, doc, 'teaching', '')}\n"
    if rng.random() < 0.5:
        inner = f"Only staff read {secret(rng)}.\n\n{inner}"
    _insert_after_cases(rng, doc, passage(rng, inner, rng.randint(3, 6)))
    return True


@change
def edit_a_case_in_a_passage(rng: Random, project: Project) -> bool:
    found = []
    for path in _pages(project):
        body = project.docs[path].body
        for one in re.finditer(r"(?ms)^(/{3,}) internal\n.*?^\1$", body):
            found += [(project.docs[path], one.start(), case) for case in _CASE.finditer(one[0])]
    if not found:
        return False
    doc, start, one = rng.choice(found)
    block = _with_other_words(rng, one[0])
    doc.body = doc.body[: start + one.start()] + block + doc.body[start + one.end() :]
    return True


# Words that a clause may hold


LIST = "handbook/words.md"


def _in_force(project: Project) -> list[Doc]:
    return [project.docs[path] for path in project.paths(Level.ALL, "guideline")]


@change
def list_a_word_and_allow_it(rng: Random, project: Project) -> bool:
    """Put a word that stands in one clause on the list of those to replace, and allow it there."""
    allowed = [one["word"] for doc in project.docs.values() for one in doc.meta.get("wording", [])]
    found = [
        (doc, clause, word)
        for doc in _in_force(project)
        for clause, text in re.findall(r"(?ms)^### (G\d\d\.\d+) (.*?)(?=^##)", doc.body)
        for word in re.findall(SAID.replace("{}", "(.+)"), text)
        if word.lower() not in allowed
    ]
    if not found:
        return False
    doc, clause, word = rng.choice(found)
    doc.meta["wording"] = [*doc.meta.get("wording", []), {"clause": clause, "word": word, "why": secret(rng)}]
    if LIST not in project.docs:
        head = "## Words to replace\n\n| Word | Say instead |\n| --- | --- |\n"
        project.docs[LIST] = Doc(meta_of(rng, "page", "words"), head)
    project.docs[LIST].body = project.docs[LIST].body.rstrip("\n") + f"\n| {word} | {secret(rng)}. |\n"
    return True


@change
def take_a_word_from_the_list(rng: Random, project: Project) -> bool:
    found = [doc for doc in _in_force(project) if doc.meta.get("wording")]
    if not found:
        return False
    word = re.escape(rng.choice(found).meta["wording"].pop()["word"])
    project.docs[LIST].body = re.sub(rf"(?m)^\| {word}[ ,].*\n", "", project.docs[LIST].body)
    return True


@change
def say_otherwise_why_a_word_is_allowed(rng: Random, project: Project) -> bool:
    found = [doc for doc in _in_force(project) if doc.meta.get("wording")]
    if not found:
        return False
    rng.choice(found).meta["wording"][0]["why"] = secret(rng)
    return True


# Fields that an external document has and the external edition does not show


NOT_ALWAYS_SHOWN = (
    "severity", "actions", "owner", "kind", "state", "impact", "next_update", "valid_from", "expires", "labels",
    "answers", "changes", "escalate", "dsa_category", "dsa_keyword", "surfaces", "precedence", "strike", "ozone",
    "statement", "retired", "renewed",
)  # fmt: skip


@change
def move_the_review_of_an_external_page(rng: Random, project: Project) -> bool:
    doc = project.docs[
        rng.choice([one for one in project.paths(Level.ALL) if project.docs[one].meta["type"] != "snippet"])
    ]
    doc.meta["review_by"] = FAR + dt.timedelta(rng.randint(1, 99))
    return True


@change
def edit_fields_that_are_not_shown(rng: Random, project: Project) -> bool:
    hidden = set(NOT_ALWAYS_SHOWN) - set(project.edition["fields"])
    done = False
    for path in project.paths(Level.ALL):
        meta = project.docs[path].meta
        before = dict(meta)
        values: dict[str, Any] = {
            "owner": rng.choice(["Automation", "Escalations"]),
            "valid_from": PAST - dt.timedelta(3),
            "expires": FAR,
        }
        match meta["type"]:
            case "label":
                _edit_a_label(rng, meta, hidden)
            case "guideline":
                values["labels"] = rng.sample(meta["labels"], len(meta["labels"]))
                values["retired"] = {
                    f"{meta['id']}.{rng.randint(50, 99)}": {"to": f"{meta['id']}.1", "why": secret(rng)}
                }
                if meta.get("retired"):
                    values["retired"] |= meta["retired"]
            case "faq":
                values["answers"] = [rng.choice(clauses(project, Level.ALL))]
                values["renewed"] = DAY - dt.timedelta(rng.randint(0, 30))
            case "notice":
                values["changes"] = [rng.choice([*clauses(project, Level.ALL), "no-action"])]
                values["kind"] = "editorial"
            case "status":
                values |= {"state": "monitoring", "impact": rng.choice(["minor", "critical"]), "next_update": FAR}
        for name in sorted(hidden & set(values)):
            if name != "valid_from" or meta["type"] != "faq" or "renewed" in meta:
                meta[name] = values[name]
        done = done or (meta != before and meta["type"] != "snippet")
    return done


def _edit_a_label(rng: Random, meta: dict[str, Any], hidden: set[str]) -> None:
    """Edit the fields of a label that are not shown, as far as they agree with those that are."""
    if "escalate" in hidden:
        meta["escalate"] = False  # the leaves of its trees may say so all the same
    if "ozone" in hidden:
        meta["ozone"] = rng.choice(["reasonMisleadingBot", "reasonMisleadingScam"])
    if "precedence" in hidden:
        meta["precedence"] = meta["precedence"] // 10 * 10 + rng.randint(0, 9)
    if "surfaces" in hidden:
        others = [one for one in casework.SURFACES if one not in meta["surfaces"]]
        meta["surfaces"] = meta["surfaces"] + others[: rng.randint(0, 2)]
    if "dsa_keyword" in hidden and "dsa_category" in meta:
        meta["dsa_keyword"] = rng.choice(sorted(KEYWORDS[meta["dsa_category"]]))
    if "dsa_category" in hidden and meta.get("dsa_keyword") == "KEYWORD_OTHER":
        meta["dsa_category"] = rng.choice(sorted(KEYWORDS))
    for name in {"strike", "statement"} & hidden & set(meta):
        meta[name] = secret(rng) if name == "strike" else dict.fromkeys(meta[name], secret(rng))
    if "severity" in hidden and meta["severity"] != "none" and ("strike" in hidden or "strike" not in meta):
        meta["severity"] = rng.choice(["medium", "high", "severe"])
        meta.pop("strike", None)
    if "actions" in hidden and meta["actions"]:
        accounts = [one for one in meta["actions"] if one.startswith("DECISION_ACCOUNT")]
        meta["actions"] = ["DECISION_ACCOUNT_TERMINATED"] if accounts else ["DECISION_MONETARY_TERMINATION"]
