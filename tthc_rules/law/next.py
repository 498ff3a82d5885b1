"""When a verdict changes if nothing more happens, and what is owed next, as flat loops behind the rules.

Like `law/clock.py` they know only integers and arrays and import nothing but names of numbers: CPython runs them for
one dossier, `bulk` compiles the same file. The clock and the steps say just when they come out otherwise (`O_TURNS`);
the rules say when some deadline is to be asked again (`turns`). On such a day they are asked again, until a finding
differs: so a day on which a duty passes and nothing comes of it is no change.
"""

# mypy: disable-error-code="no-untyped-def"

from tthc_rules.law.clock import (
    FINISH_UNSURE,
    LATENESS_UNSURE,
    NONE,
    O_END,
    O_LAWFUL_DAY,
    O_OPINION_BARE,
    O_OPINION_DAY,
    O_OPINION_MINUTE,
    O_OPINION_NOTICE,
    O_START,
    O_TURNS,
    O_UNSURE,
    O_UNSURE_FROM,
    OPINION_RECEIVED,
    OPINION_REQUESTED,
    OPINION_UNSURE,
)

FAR = (1 << 31) - 1  # later than every day
HORIZON = 47482  # 2100-01-01: of changes from that day on nothing is said
NOTHING = -1  # no act


def begun(n, as_of, result_rank, out, next_by, next_what, asked_on, change, left, counts):
    """Before the rules are asked again: the result is an act too, by the lawful due date; every dossier is looked at.

    `next_by`, `next_what` come from the rules: of the acts of duties that hang on nothing more the first, by day and by
    rank of its name; `NOTHING` where there is none. `result_rank` is that of the result.
    """
    for k in range(n):
        due = out[O_LAWFUL_DAY * n + k]
        if due != NONE and out[O_END * n + k] < 0 and out[O_UNSURE * n + k] & (LATENESS_UNSURE | FINISH_UNSURE) == 0:
            what = next_what[k]
            if what < 0 or due < next_by[k] or (due == next_by[k] and result_rank < what):
                next_by[k] = due
                next_what[k] = result_rank
        asked_on[k] = as_of
        change[k] = NONE
        left[k] = k
    counts[1] = n


def soonest(n, ends, kind, x, y, tag, hidden, as_of, out, turns, asked_on, change, left, counts):
    """Of the dossiers that are `left` (`counts[1]` of them): the day of the change, or the next day to ask about.

    Those that must be asked stay left, with `asked_on` that day and the clock's answers as they are then: what cannot
    be said, and which opinions are overdue.
    """
    count = 0
    for j in range(counts[1]):
        k = left[j]
        now = asked_on[k]
        exact = out[O_TURNS * n + k]
        if exact == NONE:
            exact = FAR
        then = turns[k]
        unsure_from = out[O_UNSURE_FROM * n + k]
        if now < unsure_from < then:
            then = unsure_from
        start = out[O_START * n + k]
        opinions = start >= 0 and out[O_END * n + k] < 0
        if opinions:
            for i in range(start + 1, ends[k]):
                if kind[i] == OPINION_REQUESTED and x[i] != NONE:
                    raised = x[i] if 0 <= y[i] < 1440 else x[i] + 1
                    if now < raised < then:
                        open_ = 1
                        for m in range(i + 1, ends[k]):
                            if tag[m] == tag[i]:
                                if kind[m] == OPINION_RECEIVED or (kind[m] == OPINION_REQUESTED and x[m] != NONE):
                                    open_ = 0
                        if open_ != 0:
                            then = raised
        if then >= exact or then >= HORIZON:
            change[k] = exact if exact < HORIZON else NONE
        else:
            asked_on[k] = then
            left[count] = k
            count += 1
            if NONE < unsure_from <= then:
                out[O_UNSURE * n + k] = out[O_UNSURE * n + k] | LATENESS_UNSURE
            if opinions:
                answered_late = out[O_OPINION_DAY * n + k] != NONE and out[O_UNSURE * n + k] & OPINION_UNSURE == 0
                for i in range(start + 1, ends[k]):
                    if kind[i] == OPINION_REQUESTED and x[i] != NONE:
                        minute = y[i] if 0 <= y[i] < 1440 else 1440
                        raised = x[i] if minute < 1440 else x[i] + 1
                        if as_of < raised <= then:
                            open_ = 1
                            for m in range(i + 1, ends[k]):
                                if tag[m] == tag[i]:
                                    if kind[m] == OPINION_RECEIVED or (kind[m] == OPINION_REQUESTED and x[m] != NONE):
                                        open_ = 0
                            last = out[O_OPINION_DAY * n + k]
                            if open_ != 0 and (
                                x[i] > last or (x[i] == last and minute > out[O_OPINION_MINUTE * n + k])
                            ):
                                # no notice can have come after it: all that happened lies before
                                out[O_OPINION_DAY * n + k] = x[i]
                                out[O_OPINION_MINUTE * n + k] = minute
                                out[O_OPINION_NOTICE * n + k] = -1
                                out[O_OPINION_BARE * n + k] = -1
                                if hidden[k] & 1 << OPINION_RECEIVED != 0 and not answered_late:
                                    out[O_UNSURE * n + k] = out[O_UNSURE * n + k] | OPINION_UNSURE
    counts[1] = count


def of_law(law_of, one, left, into, counts):
    """Those that are left and that one law governs; `counts[0]` is how many."""
    count = 0
    for j in range(counts[1]):
        into[count] = left[j]
        if law_of[left[j]] == one:
            count += 1
    counts[0] = count


def emptied(n, duties, outcome, act_by, left, counts):
    """Nothing found yet of those that are left, before the rules are asked again."""
    for d in range(duties):
        for j in range(counts[1]):
            outcome[d * n + left[j]] = 0
            act_by[d * n + left[j]] = 0


def compared(n, duties, outcome, act_by, new_outcome, new_act_by, new_turns, turns, asked_on, change, left, counts):
    """Those of which a finding differs have their change; the others stay left, to be asked about a later day."""
    count = 0
    for j in range(counts[1]):
        k = left[j]
        same = 1
        for d in range(duties):
            c = d * n + k
            if outcome[c] != new_outcome[c] or act_by[c] != new_act_by[c]:
                same = 0
        if same == 0:
            change[k] = asked_on[k]
        else:
            turns[k] = new_turns[k]
            left[count] = k
            count += 1
    counts[1] = count
