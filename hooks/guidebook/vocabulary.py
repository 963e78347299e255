"""Vocabulary: which words of a clause decide, which decide alike, and which decide nothing (see `senses`)."""

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
VALUES = {word: at for at, word in enumerate(_UNITS.split())} | {"single": 1, "hundred": 100, "thousand": 1000}
VALUES |= {word: at * 10 for at, word in enumerate(_TENS.split(), 2)}
_DIGITS = r"\d+(?:[.,]\d+)*"
_NUMERALS = "|".join(sorted(VALUES, key=len, reverse=True))
# What the ways below are put together from.
PARTS = {
    "NOT": "(?: not|n't)",
    "END": r"(?=\s*(?:[.;:!?|)]|$))",
    "BE": "(?:is|are|was|were|be|been|being)",
    "N": rf"(?:{_DIGITS}|(?:{_NUMERALS})(?![^\W_]))(?! ?%| percent| per cent)",
    "P": _DIGITS,
}
# Each line: what the words stand for (kind and name; a sign, when a number follows), then the ways to write it.
# Where two ways begin alike, the longer one stands before the shorter one.
FORMS = r"""
number ..     = between N and N | N(?: to |\s?[-\u2013]\s?)N
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
number itself = both | most | majority | few | many | multiple | several | double | dozens? | couple | last | next
number itself = first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | quarter
number itself = hundreds | thousands
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
NEUTRAL = """a an the of to in on at by for with as that which who whose whom there here then so please note simply
    well is are was were be been being am do does did has have had having will would while since due however see namely
    such mean means kind label labels labelled labeled under you your yours reviewer reviewers moderator moderators
    anything anybody anyone somebody someone something i s t way than what how whether"""
ACTIONS = """remove demote suspend escalate choose pick count leave stop hide warn lock unlock restore block report
    close keep hold walk go send record write judge compare ignore limit add open read propose restrict reinstate merge
    split ask decide take wait reject approve"""
# Between two semicolons stand words that decide alike, and forms of one word that no rule leads to.
ALIKE = """image picture; remove delete removal; suspend suspension; escalate escalation; repeat repetition;
    account user; show display; say tell state told; hold contain carry held bear; meet fit met; ask request demand;
    answer reply; get receive got; buy purchase bought; begin start began; person people; write wrote written;
    come came; send sent; sell sold; take took taken; give gave given; find found; make made; keep kept; pay paid;
    see saw seen; go went gone; choose chose chosen; know knew known; lead led; win won; steal stole stolen;
    hide hid hidden; break broke broken; leave left; stand stood; lose lost; licence license"""
# Words that look like another one with a slip of the hand, and are none.
NO_SLIPS = """angel angle bank blank beach breach bead boost boots brand grand board broad changed charged consent
    content contest context contact contract contacts contracts contrast deceive receive earning warning eight weight
    enter renter form from how who own won now lock block locks blocks lose lost lower maker marker no on pace pause
    place palace plain plan post pots price prize product protect quiet quite quit quilt reach reported reposted rest
    reset sale scale saw was seed speed selling spelling send spend shipping shopping sort short stay stray stated
    started stuffing staffing there three thin thing tile title tired tried trail trial treat threat two tow wording
    working"""
