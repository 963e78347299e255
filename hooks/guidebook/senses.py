"""Senses: a clause as a run of what its words stand for, so that two wordings that decide alike read alike.

"up to three" and "at most 3" are one sense, so are "must" and "has to". Words that decide nothing have none; a word
that nobody listed stands for itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, cast

Kind = Literal["label", "number", "modal", "negation", "exception", "action", "scope"]

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_VALUES = {word: at for at, word in enumerate(f"{_UNITS} eighteen nineteen twenty".split())}
_VALUES |= {word: at * 10 for at, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)}
_VALUES |= {"single": 1, "hundred": 100, "thousand": 1000}
_PARTS = {
    "NOT": "(?: not|n't)",
    "END": r"(?=\s*(?:[.;:!?|)]|$))",
    "BE": "(?:is|are|was|were|be|been|being)",
    "N": rf"(?:\d+(?:[.,]\d+)*|(?:{'|'.join(sorted(_VALUES, key=len, reverse=True))})(?![^\W_]))(?! ?%| percent| per cent)",
    "P": r"\d+(?:[.,]\d+)*",
}
# Each line: what the words stand for (kind and name; a sign, when a number follows), then the ways to write it.
# Where two ways begin alike, the longer one stands before the shorter one.
_FORMS = r"""
number ..     = between N and N | N(?: to |\s?[-–]\s?)N
number half   = 50(?: ?%| percent) | half | halves
number %      = P(?: ?%| percent| per cent)
number x      = twice | once | N times
number >=     = (?:at least|a minimum of|not? (?:fewer|less) than) N | N (?:or|and) (?:more|above) | N at (?:the )?least
number <=     = (?:at most|up to|a maximum of|not? (?:more|longer|later|older) than) N | N or (?:fewer|less)
number <=     = N at (?:the )?most
number >      = more than N
number <      = (?:fewer|less) than N
number >=     = at least | or more | and more | not? (?:fewer|less) than
number <=     = at most | up to | or fewer | or less | not? more than
number >      = more than
number <      = (?:fewer|less) than
word account  = end users?
word holder   = account (?:owner|holder)s?
word destination = landing pages? | final urls?
word remov    = tak(?:es?|ing|en) down | took down
word visibl   = be seen | visible | (?:possible )?to see
word telephon = phones?
nothing -     = in order (?=to ) | due to the fact that | a total of | for (?:the )?purposes? of | in case(?! of)
nothing -     = (?:for|such) (?:example|instance) | that is(?=,) | considered to be | case under review
scope also    = do(?:es)? the same | so (?:is|are|does|do)
cut when      = when | if | where | because | but
pronoun one   = oneEND | one's | one (?=that |which |who )
scope at-once = at once | immediately
exception all-but = (?:all|nothing|anything) but
exception regardless = regardless of(?: whether)? | whether or not | no matter(?: how| what| which| whether| who)?
exception regardless = irrespective of | however (?=\w) | whatever | whoever
exception even-if = (?:even|also) (?:if|when|though)
exception only-when = only (?:when|if|after|where|while)
exception except = (?:except|unless|save) (?:when|if|for|that|where) | except | unless | apart from | aside from
exception except = other than | excluding | with the exception of | but for
exception provided = (?:provided|so|as) long as(?! no ) | provided(?: that)? | on condition that
exception otherwise = otherwise
exception instead = instead(?: of)? | rather than
exception exempt = exempt(?:ed|s)? | exceptions?
exception including = includ(?:ing|es?|ed)
scope until   = as long as no | until | till
scope before  = before | prior to | ahead of
scope after   = after
scope besides = in addition(?: to)?
modal need-not = need(?:NOT| not) | do(?:es)?NOT (?:have|need) to | BENOT required to
negation not, modal may = (?:must|shall|may)NOT | BENOT (?:allowed|permitted)(?: to)?
negation not, modal may = (?:forbid(?:den|s)?|prohibit(?:ed|s)?|disallow(?:ed|s)?)
negation not, modal can = can(?:not|NOT|'t) | BENOT able to | unable to
modal must    = must | shall | ha(?:s|ve|d) to | BE (?:required|obliged|bound) to | BE to | need(?:s|ed)? to
modal may     = may | BE (?:allowed|permitted|free) to | (?:allow|permit)(?:s|ted|ed)?
modal can     = can | could | BE able to | possible
modal should  = should | ought to | BE (?:expected|advised) to
modal need    = need(?:s|ed)? | required? | necessary | mandatory | compulsory
modal enough  = enough | suffic(?:es?|ient)
modal only    = only | solely | exclusively
negation not  = not | n't | no one | nobody | nothing | none | nowhere | never | without | neither | no | against
negation not  = missing | absent | lack(?:s|ing|ed)? | fail(?:s|ed)? to
negation nor  = nor
negation hardly = hardly | barely | scarcely
number itself = both | most | majority | few | many | multiple | several | double | dozens? | couple | hundreds | thousands
number itself = first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | quarter | last | next
number n      = N
scope all     = all | every | each | everybody | everyone | everything
scope any     = any
scope also    = also | too | as well(?! as)
scope other   = other | another | different | else
join and      = and | as well as
join or       = or
pronoun it    = it | its | they | them | their | this | these | those | such
"""
# Words that change no decision, wherever they stand.
_NEUTRAL = frozenset(
    """a an the of to in on at by for with as that which who whose whom there here then so please note simply well is are
    was were be been being am do does did has have had having will would while since due however see namely such mean
    means kind label labels labelled labeled under you your yours reviewer reviewers moderator moderators anything
    anybody anyone somebody someone something i s t way than what how whether""".split()
)
_ACTIONS = """remove demote suspend escalate choose pick count leave stop hide warn lock unlock restore block report close
    keep hold walk go send record write judge compare ignore limit add open read propose restrict reinstate merge split
    ask decide take wait reject approve"""
# Words of one line decide alike; so do irregular forms of one word.
_ALIKE = """image picture; remove delete removal; suspend suspension; escalate escalation; repeat repetition; account user; show display; say tell state told; hold contain carry held bear;
    meet fit met; ask request demand; answer reply; get receive got; buy purchase bought; begin start began; person people;
    write wrote written; come came; send sent; sell sold; take took taken; give gave given; find found; make made; keep
    kept; pay paid; see saw seen; go went gone; choose chose chosen; know knew known; lead led; win won; steal stole stolen;
    hide hid hidden; break broke broken; leave left; stand stood; lose lost; licence license; message messages"""
# Pairs of words that differ as slips of the hand do, and are none.
_NO_SLIPS = frozenset(
    """angel angle bank blank beach breach bead boost boots brand grand board broad changed charged consent content contest
    context contact contract contacts contracts contrast deceive receive earning warning eight weight enter renter form
    from how who own won now lock block locks blocks lose lost lower maker marker no on pace pause place palace plain plan
    post pots price prize product protect quiet quite quit quilt reach reported reposted rest reset sale scale saw was seed
    speed selling spelling send spend shipping shopping sort short stay stray stated started stuffing staffing there
    three thin thing tile title tired tried trail trial treat threat two tow wording working""".split()
)



@dataclass(frozen=True)
class Sense:
    """What the words from `start` to before `end` stand for. `kind` is a `Kind`, or join, pronoun or cut."""

    kind: str
    name: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Say whether it stands for itself: it names a thing, an act or a label."""
        return self.kind in {"action", "label"} or (self.kind == "scope" and self.name not in _SCOPES)


# From text to senses

_SIGNS = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'} | dict.fromkeys("*_`~#\\\u00a0", " "))
_UNSEEN = re.compile(r"(?<=\])\([^()\n]*\)|\{[ ]?[.:#][^{}\n]*\}|\[\^[^\]\n]*\]|\[(?:g\d\d-[a-z]?\d+|f\d\d)\]")
_REF = re.compile(r"\[[^\]\n]*\]")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_LETTERS = re.compile(r"[^\W\d_]+")
_PREFIX = re.compile(r"(?:un|in|im|dis|non|mis)([^\W_]{4,})")
_ENDING = re.compile(r"(?<=[^\W_]{3})(?:ing|(?<!e)ed|(?<=i)es|(?<!s)s)$|(?<=[^\W_]{2})(?<!s)s$")
_DOUBLE = re.compile(r"([bdglmnprt])\1$")


def _clean(text: str) -> str:
    """Return the text in small letters, blanks for what no reader sees; each character keeps its place."""
    text = text.translate(_SIGNS)
    small = text.lower()
    if len(small) != len(text):
        small = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    return _UNSEEN.sub(lambda match: " " * len(match[0]), small)


@cache
def _scanner() -> tuple[re.Pattern[str], list[list[tuple[str, str]]]]:
    """Return the pattern of all senses, and for each numbered group what its words stand for."""
    ways, names = [], []
    for line in _FORMS.strip().splitlines():
        left, right = line.split(" = ", 1)
        for name, part in _PARTS.items():
            right = right.replace(name, part)
        ways.append("(" + re.sub(r" *\| (?=\S)", "|", right.strip()).replace(" ?", r"\s*").replace(" ", r"\s+") + ")")
        names.append([(kind, name) for kind, name in (part.split() for part in left.split(","))])
    forms = "|".join(ways)
    pattern = (
        rf"(?<![^\W_])(?:{forms})(?![^\W_])"
        r"|\[(?P<label>[a-z]+(?:-[a-z]+)+|g\d\d(?:\.\d+)?|[wc]\d\d)\]"
        r"|(?P<row>\|\s*\n\s*\|)|(?P<cut>[.,;:!?|()\u2013\u2014]|(?<!\S)[-+](?!\S))"
        r"|(?P<word>[^\W_]+?(?=n't(?![^\W_]))|n't|[^\W_]+)"
    )
    return re.compile(pattern), names


def _stem(word: str) -> str:
    """Return what the forms and spellings of a word share."""
    word = re.sub(r"(?<=..)our(?=s|ed|ing|$|it|abl)", "or", word)
    word = re.sub(r"(?<=..[^\W_])[iy]s(?=e|ing|ation)", "iz", word).replace("centre", "center")
    word = re.sub(r"(?<=..)ie[sd]$", "y", word)
    return _DOUBLE.sub(r"\1", _ENDING.sub("", word).removesuffix("e"))


_ALIKE_STEMS = {
    _stem(word): _stem(words.split()[0]) for words in _ALIKE.split(";") for word in words.split()
}
_ACTION_STEMS = {_ALIKE_STEMS.get(_stem(word), _stem(word)) for word in _ACTIONS.split()}
_REAL = _NO_SLIPS | _NEUTRAL | set(_VALUES) | set(re.findall(r"[a-z]{3,}", _FORMS))
STOPS = frozenset((".", ";", "!", "?", "row"))
_SCOPES = frozenset(re.findall(r"(?m)^scope (\S+) ", _FORMS))


@lru_cache(4096)
def _named(word: str) -> tuple[str, str]:
    stem = _stem(word)
    stem = _ALIKE_STEMS.get(stem, stem)
    return ("action" if stem in _ACTION_STEMS else "scope"), stem


def _number(sign: str, words: str) -> str:
    """Return the name of a number, the same for each way to write it."""
    values = [str(_VALUES.get(word, word)) for word in re.findall(r"\d[\d.,]*|[a-z]+", words)]
    values = [value for value in values if value[0].isdigit()]
    if sign in {"itself", "half"}:
        return words if sign == "itself" else sign
    if sign == "x":
        return f"{(values or [{'once': '1', 'twice': '2'}.get(words, words)])[0]}x"
    if values and values[0].isdecimal() and sign in {">", "<"}:  # more than three is at least four
        return f">={int(values[0]) + 1}" if sign == ">" else f"<={int(values[0]) - 1}"
    return ("" if sign == "n" else sign) + "..".join(values)


def read(text: str, other: str, slips: dict[str, str]) -> list[Sense]:
    """Return the senses of a text; `other` tells which words and links both texts have."""
    clean, places = _mended(_clean(text), slips)
    known = {_named(word)[1] for word in _LETTERS.findall(_clean(other))}
    pattern, names = _scanner()
    senses: list[Sense] = []
    for match in pattern.finditer(clean):
        start, end = places[match.start()][0], places[match.end() - 1][1]
        if text[start].isupper():  # a title has no full stop
            senses.append(Sense("cut", "row", start, start))
        senses += [Sense(kind, name, start, end) for kind, name in _meaning(match, names, known)]
    targets = {target for _, target in _LINK.findall(other)}
    same = [match.span(1) for match in _LINK.finditer(text) if match[2] in targets]
    senses = [m for m in senses if not (m.is_word and m.kind != "label" and any(a <= m.start < b for a, b in same))]
    return list(_settled(sense for sense in senses if sense.kind != "nothing"))


def _meaning(match: re.Match[str], names: list[list[tuple[str, str]]], known: set[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and name of the senses that a match stands for."""
    words, group = " ".join(match[0].split()), match.lastgroup
    if group == "label":
        yield "label", match["label"]
    elif group in {"row", "cut"}:
        yield "cut", "row" if group == "row" else words
    elif group is None:
        for kind, name in names[cast("int", match.lastindex) - 1]:
            if kind == "word":
                yield _named(name)
            else:
                yield kind, _number(name, words) if kind == "number" else name
    elif words == "n't":
        yield "negation", "not"
    elif words not in _NEUTRAL:
        root = _PREFIX.fullmatch(words)
        negated = root is not None and _named(root[1])[1] in known and _named(words)[1] not in known
        if root and negated:
            yield "negation", "not"
        yield _named(root[1] if root and negated else words)


def _settled(senses: Iterable[Sense]) -> Iterator[Sense]:
    """Yield the senses, with those settled whose meaning hangs on what stands before them."""
    denied = False  # the sentence, so far
    for sense in senses:
        if sense.kind == "cut" and sense.name in STOPS:
            denied = False
        if sense.name == "nor" and denied:
            yield Sense("join", "nor", sense.start, sense.end)
        elif sense.name == "nor":
            yield Sense("negation", "not", sense.start, sense.end)
        elif not (sense.name == "any" and denied):  # "not any" is "no"
            yield sense
        denied = denied or sense.kind == "negation"


# Slips of the hand


def slips_of(before: str, after: str) -> dict[str, str]:
    """Return for each word that only one text has, and that the other text has nearly, how both read it."""
    old, new = (Counter(_LETTERS.findall(_REF.sub("", _clean(text)))) for text in (before, after))
    gone, come = old - new, new - old
    found = {}
    for left in gone:
        for right in come:
            slip, meant, other = (right, left, old) if left in _REAL else (left, right, new)
            if slip not in _REAL and slip not in other and _is_slip(slip, meant):
                found[slip] = meant
    return found


def _is_slip(one: str, two: str) -> bool:
    """Say whether one letter is left out, put in or another, or two changed places, but not at an end of a long word."""
    if abs(len(one) - len(two)) > 1:
        return False
    one, two = sorted((one, two), key=len)
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    if len(two) == len(one) + 1:
        return len(two) >= 5 and one[at:] == two[at + 1 :] and (0 < at < len(one) or two[-1] == two[-2])
    if len(two) != len(one) or len(one) < 3:
        return False
    swapped = one[:at] + one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
    return swapped == two or (len(one) >= 7 and at < len(one) - 1 and one[at + 1 :] == two[at + 1 :])


def _mended(clean: str, slips: dict[str, str]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with its slips mended, and for each of its characters which part of the text it stands for."""
    if not slips:
        return clean, [(at, at + 1) for at in range(len(clean))]
    parts, places, done = [], [], 0
    for match in _LETTERS.finditer(clean):
        if match[0] in slips:
            parts += [clean[done : match.start()], slips[match[0]]]
            places += [(at, at + 1) for at in range(done, match.start())] + [match.span()] * len(slips[match[0]])
            done = match.end()
    return "".join([*parts, clean[done:]]), places + [(at, at + 1) for at in range(done, len(clean))]


