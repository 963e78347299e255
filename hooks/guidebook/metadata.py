"""Metadata: the one schema of every document's front matter.

Each field drives something a reader sees or a check uses. The models are the source of the JSON Schema for editors
and of the handbook's reference page; `wording` says what is wrong with a value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from guidebook import wording
from guidebook.frontmatter import Fault, FrontMatter

FORBIDDEN_IN_TITLES = '<>"`[]{}\\'

Role = Literal[
    "Spam Policy", "Enforcement Operations", "Escalations", "Quality", "Training", "Vendor Management", "Automation"
]
Decision = Literal[
    "DECISION_VISIBILITY_CONTENT_REMOVED",
    "DECISION_VISIBILITY_CONTENT_DISABLED",
    "DECISION_VISIBILITY_CONTENT_DEMOTED",
    "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
    "DECISION_VISIBILITY_CONTENT_LABELLED",
    "DECISION_ACCOUNT_SUSPENDED",
    "DECISION_ACCOUNT_TERMINATED",
    "DECISION_MONETARY_SUSPENSION",
    "DECISION_MONETARY_TERMINATION",
    "DECISION_PROVISION_PARTIAL_SUSPENSION",
    "DECISION_PROVISION_TOTAL_SUSPENSION",
    "DECISION_PROVISION_PARTIAL_TERMINATION",
    "DECISION_PROVISION_TOTAL_TERMINATION",
]
DsaCategory = Literal[
    "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "STATEMENT_CATEGORY_CONSUMER_INFORMATION",
]
DsaKeyword = Literal[
    "KEYWORD_OTHER",
    "KEYWORD_INAUTHENTIC_ACCOUNTS",
    "KEYWORD_PHISHING",
    "KEYWORD_PYRAMID_SCHEMES",
    "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",
    "KEYWORD_HIDDEN_ADVERTISEMENT",
]

Surface = Literal["post", "board", "profile", "comment", "message"]
OzoneReason = Literal[
    "reasonMisleadingSpam",
    "reasonMisleadingScam",
    "reasonMisleadingBot",
    "reasonMisleadingImpersonation",
    "reasonRuleBanEvasion",
]


def _plain(value: str) -> str:
    """Refuse what HTML, Markdown or a template would read as more than text."""
    for sign in value:
        if sign in FORBIDDEN_IN_TITLES or sign in "\n\t":
            raise PydanticCustomError("plain_text", "plain text without the sign {sign}", {"sign": repr(sign)})
    if value != value.strip() or not value:
        raise PydanticCustomError("plain_text", "text with no space at its ends", {})
    return value


def _prose(value: str) -> str:
    """Refuse what is more than text, but let a sentence quote."""
    _plain(value.replace('"', "'"))
    return value


Plain = Annotated[str, AfterValidator(_plain)]
Prose = Annotated[str, AfterValidator(_prose)]
ClauseId = Annotated[str, Field(pattern=r"^G[0-9]{2}\.[1-9][0-9]?$")]
LabelId = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)+$", max_length=100)]
# What a notice can change. A guideline's id stands for all that comes or goes with it, `tree/G04` for its tree.
_CHANGED = r"^G[0-9]{2}(\.[1-9][0-9]?|-[KX]?[0-9]{2})?$|^tree/G[0-9]{2}$|^[a-z]+(-[a-z]+)+$"
ChangedId = Annotated[str, Field(pattern=_CHANGED, max_length=100)]
ReleaseName = Annotated[str, Field(pattern=r"^20[0-9]{2}\.[0-9]{2}\.[0-9]{2}(\.([2-9]|[1-9][0-9]{1,3}))?$")]


class Metadata(BaseModel):
    """What every document says about itself."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    id_form: ClassVar[str] = ""

    id: str = Field(description="Permanent name of the document, unique in the library and never used again.")
    type: str = Field(description="What kind of document this is.")
    title: Plain = Field(max_length=70, description="The page's heading and its name in navigation and search.")
    summary: Plain = Field(max_length=160, description="One sentence: the rule, or what the page is for.")
    audience: str = Field(description="Who may read the document: the name of an audience in `mkdocs.yml`.")
    owner: Role = Field(description="The role that answers for the text. Never a person.")
    status: Literal["draft", "in-force", "retired"] = Field(
        description="`draft` is shown to staff only; `retired` is shown with a banner."
    )
    valid_from: dt.date = Field(description="First day the text is in force.")
    review_by: dt.date = Field(description="Day by which the owner has read the text again.")
    expires: dt.date | None = Field(default=None, description="First day the text is no longer in force.")
    order: int = Field(default=500, ge=0, le=999, description="Position among its neighbours in the navigation.")

    def in_force(self, day: dt.date) -> bool:
        """Say whether the text is in force on `day`."""
        return self.valid_from <= day and (self.expires is None or day < self.expires)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Retired(_Part):
    """Where a retired clause went, and why."""

    to: ClauseId
    why: Plain = Field(max_length=160)


class Allowed(_Part):
    """A word that stands on the list of words to replace, and may stand once in a clause."""

    clause: ClauseId
    word: Plain
    why: Plain = Field(max_length=160)


class Guideline(Metadata):
    """Rules for one kind of abuse."""

    id: str = Field(pattern=r"^G[0-9]{2}$", description="`G` and two digits: `G04`.")
    type: Literal["guideline"]
    labels: list[LabelId] = Field(min_length=1, description="Labels a reviewer can end at here, worst first.")
    retired: dict[ClauseId, Retired] = Field(
        default_factory=dict,
        description="Clauses taken out, and where each went: `G04.9: {to: G04.1, why: One rule.}`.",
    )
    searched_as: dict[ClauseId, Annotated[list[Plain], Field(min_length=1, max_length=12)]] = Field(
        default_factory=dict,
        description="Words reviewers type when they look for a clause: `G04.2: [tiny link, short url]`.",
    )
    wording: list[Allowed] = Field(
        default_factory=list,
        description="Words allowed once: `- {clause: G04.3, word: usually, why: Quotes a button.}`.",
    )


class Statement(_Part):
    """The texts of a DSA statement of reasons, within the limits of the EU transparency database."""

    ground: Prose = Field(max_length=500)
    explanation: Prose = Field(max_length=2000)
    facts: Prose = Field(max_length=5000)


class Label(Metadata):
    """What a reviewer picks, and what follows from it."""

    id: LabelId = Field(description="Lower-case words joined by hyphens: `spam-redirect`.")
    type: Literal["label"]
    severity: Literal["none", "low", "medium", "high", "severe"] = Field(description="Harm, for queues and strikes.")
    actions: list[Decision] = Field(description="Decisions that follow, in the words of the EU DSA database.")
    dsa_category: DsaCategory | None = Field(default=None, description="Category in a DSA statement of reasons.")
    dsa_keyword: DsaKeyword | None = Field(default=None, description="Keyword in a DSA statement of reasons.")
    escalate: bool = Field(default=False, description="Whether the reviewer also escalates the case.")
    surfaces: list[Surface] = Field(min_length=1, description="Where it can be applied.")
    precedence: int = Field(ge=1, le=99, description="The lower wins; no two labels of one surface share a number.")
    strike: Plain | None = Field(
        default=None,
        max_length=300,
        description="What repeats lead to, where severity is low and the account is acted on.",
    )
    ozone: OzoneReason | None = Field(default=None, description="Reason in the Ozone moderation tool, where one fits.")
    statement: Statement | None = Field(
        default=None, description="Texts of the statement of reasons: ground, explanation, facts."
    )


class Faq(Metadata):
    """Questions that reviewers ask, answered from clauses."""

    id: str = Field(pattern=r"^F[0-9]{2}$", description="`F` and two digits: `F01`.")
    type: Literal["faq"]
    answers: list[ClauseId] = Field(min_length=1, description="Clauses the page answers; it is shown under them.")
    renewed: dt.date | None = Field(default=None, description="Day the answers were last found right; holds 90 days.")


class Workflow(Metadata):
    """Steps with role, timer and record."""

    id: str = Field(pattern=r"^W[0-9]{2}$", description="`W` and two digits: `W01`.")
    type: Literal["workflow"]


class Notice(Metadata):
    """The human words about a change."""

    id: str = Field(pattern=r"^N[0-9]{3}$", description="`N` and three digits: `N001`.")
    type: Literal["notice"]
    changes: list[ChangedId] = Field(
        min_length=1,
        description="What differs: clauses, labels, cases, trees (`tree/G04`), or a guideline that is new or gone.",
    )
    kind: Literal["editorial", "substantive"] = Field(description="Whether any decision comes out differently.")
    effective: dt.date | None = Field(
        default=None, description="First day of what it announces, where the notice is shown before that day."
    )
    signed: dict[Role, dt.date] = Field(
        default_factory=dict, description="Sign-offs of a substantive change: `Training: 2026-11-20`."
    )
    justified: dict[ChangedId, Plain] = Field(
        default_factory=dict,
        description="Changes that touch a number, a label or the like and change no decision: `G04.2: Says the same.`.",
    )
    restores: ReleaseName | None = Field(
        default=None, description="Release whose text is in force again; it was signed then, so it needs no sign-offs."
    )

    @property
    def starts(self) -> dt.date:
        """First day of what the notice announces."""
        return self.effective or self.valid_from


class Status(Metadata):
    """A running update on an outage or maintenance."""

    id: str = Field(pattern=r"^S[0-9]{3}$", description="`S` and three digits: `S001`.")
    type: Literal["status"]
    state: Literal["investigating", "identified", "monitoring", "resolved", "scheduled", "in_progress", "completed"] = (
        Field(description="Where the matter stands.")
    )
    impact: Literal["none", "minor", "major", "critical"] = Field(description="How much it hinders reviewers.")
    next_update: dt.date | None = Field(default=None, description="Day of the next update, until it is over.")


class Checklist(Metadata):
    """A list of things to do, each with its owner and its proof."""

    id: str = Field(pattern=r"^C[0-9]{2}$", description="`C` and two digits: `C01`.")
    type: Literal["checklist"]


class Page(Metadata):
    """Any other page: home, section pages, glossary, handbook."""

    id: str = Field(pattern=r"^[a-z]+(-[a-z0-9]+)*$", description="Lower-case words joined by hyphens: `glossary`.")
    type: Literal["page"]


class Snippet(Metadata):
    """Text that other pages include; it has no page of its own."""

    id: str = Field(pattern=r"^snippet-[a-z]+(-[a-z]+)*$", description="`snippet-` and words: `snippet-ask`.")
    type: Literal["snippet"]


MODELS: dict[str, type[Metadata]] = {
    "guideline": Guideline, "label": Label, "faq": Faq, "workflow": Workflow, "notice": Notice, "status": Status,
    "checklist": Checklist, "page": Page, "snippet": Snippet,
}  # fmt: skip
OUTCOMES = ("no-action", "needs-classification")
ALWAYS_SHOWN = frozenset({"id", "type", "title", "summary"})


def field_names() -> list[str]:
    """Return every field of every type, common ones first."""
    return list(dict.fromkeys(name for model in MODELS.values() for name in model.model_fields))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of front matter, for editors."""
    union = Annotated[
        Guideline | Label | Faq | Workflow | Notice | Status | Checklist | Page | Snippet, Field(discriminator="type")
    ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a document",
        **TypeAdapter(union).json_schema(),
    }


def validate(matter: FrontMatter, audiences: frozenset[str], first_line: int) -> tuple[Metadata | None, list[Fault]]:
    """Turn the values of a front matter block into metadata, or say everything that is wrong with them.

    `audiences` are the names the configuration knows; `first_line` is where a missing field is reported.
    """
    kind = matter.values.get("type")
    model = MODELS.get(kind) if isinstance(kind, str) else None
    faults = [] if model else [_wrong_type(matter, first_line)]
    faults += _wrong_audience(matter, audiences, first_line)
    if model is None:
        return None, faults
    values = dict(matter.values)
    if not isinstance(values.get("audience"), str):
        values["audience"] = ""  # reported above
    try:
        metadata = model.model_validate(values)
    except ValidationError as error:
        return None, faults + wording.faults(error, model, matter, first_line)
    if metadata.expires is not None and metadata.expires <= metadata.valid_from:
        faults.append(_dates("expires", metadata.expires, metadata, matter))
    if metadata.review_by <= metadata.valid_from:
        faults.append(_dates("review_by", metadata.review_by, metadata, matter))
    if isinstance(metadata, Notice) and metadata.starts < metadata.valid_from:
        faults.append(_dates("effective", metadata.starts, metadata, matter))
    return (None if faults else metadata), faults


def _wrong_type(matter: FrontMatter, first_line: int) -> Fault:
    line, kind = matter.lines.get("type", first_line), matter.values.get("type")
    said = f"{wording.found(kind, matter.written.get('type'))}{wording.guess(kind, MODELS)}"
    found = said if "type" in matter.values else "found none"
    return Fault(line, "metadata", f"expected `type` to be one of {', '.join(MODELS)}; {found}.")


def _wrong_audience(matter: FrontMatter, audiences: frozenset[str], first_line: int) -> Iterator[Fault]:
    known = ", ".join(sorted(audiences))
    if "audience" not in matter.values:
        message = "expected `audience`: a document that does not say who may read it is not built. Add one of"
        yield Fault(first_line, "audience", f"{message} {known}.")
        return
    audience = matter.values["audience"]
    if not isinstance(audience, str) or audience not in audiences:
        found = f"{wording.found(audience, matter.written.get('audience'))}{wording.guess(audience, audiences)}"
        yield Fault(matter.lines["audience"], "audience", f"expected `audience` to be one of {known}; {found}.")


def _dates(name: str, found: dt.date, metadata: Metadata, matter: FrontMatter) -> Fault:
    when = "on or after" if name == "effective" else "after"
    message = f"expected `{name}` {when} `valid_from` ({metadata.valid_from}), found {found}. Move one of them."
    return Fault(matter.lines[name], "dates-in-order", message)


def reference(models: dict[str, type[Metadata]] = MODELS) -> Iterator[tuple[str, str, list[tuple[str, str, str, str]]]]:
    """Yield for each type: its name, what it is, and its own fields as (name, needed, values, description)."""
    common = set(Metadata.model_fields) - {"id", "type"}
    yield "every type", "", [_row(Metadata, name) for name in Metadata.model_fields if name in common]
    for name, model in models.items():
        own = [field for field in model.model_fields if field not in common and field != "type"]
        yield name, (model.__doc__ or "").split("\n")[0], [_row(model, field) for field in own]


def _row(model: type[Metadata], name: str) -> tuple[str, str, str, str]:
    info = model.model_fields[name]
    choices = ", ".join(f"`{choice}`" for choice in wording.choices(info.annotation))
    shape = choices or next((shape for word, shape in _SHAPES if word in str(info.annotation)), "text")
    return name, "yes" if info.is_required() else "no", shape, info.description or ""


_SHAPES = (("date", "date"), ("list", "list"), ("bool", "true or false"), ("int", "number"))
