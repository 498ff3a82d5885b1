"""The clock: from a dossier's ordered events to its due dates and its lateness, in integers only.

This one function is the definition of time in the library. CPython runs it for one dossier and reads its marks for the
explanation; `bulk` compiles the same file. It therefore imports nothing, builds nothing and knows only numbers: days
since 1970-01-01, minutes of a day (-1 where the hour was not given), codes, and tables.

What it decides, in the order of the code: what counts as acceptance; which regime; which event ended the work; which
days are stopped (pauses, waiting, exclusions, as one union); the four due dates; what a malformed log is worth;
lateness under a named policy. The words behind the codes are in `law/codes.py`.
"""


# mypy: disable-error-code="no-untyped-def"

# -- kinds of event (0 is an unknown kind) -----------------------------------------------------------------------------
SUBMITTED = 1
ACCEPTED = 2
REFUSED = 3
FORWARDED = 4
SUPPLEMENT_REQUESTED = 5
SUPPLEMENT_RECEIVED = 6
PAUSED = 7
RESUMED = 8
PAYMENT_AWAITED = 9
PAYMENT_RECEIVED = 10
OPINION_REQUESTED = 11
OPINION_RECEIVED = 12
STEP_ASSIGNED = 13
STEP_DONE = 14
DELAY_NOTICE = 15
APOLOGY = 16
REAPPOINTED = 17
EXCLUDED = 18
RECEIVED_BY_COMPETENT = 19
RESULT_ISSUED = 20
RESULT_RETURNED = 21
STOPPED = 22
WITHDRAWN = 23
LOST = 24
SYNCED = 25
OFFICERS_PUBLISHED = 26
PAPER_FORWARDED = 27
ERROR_REPORTED = 28
RESULT_CORRECTED = 29
SLIP_SENT = 30
DOSSIER_CLOSED = 31
N_KINDS = 32

ENDS = (  # as bits of kinds
    1 << RESULT_ISSUED | 1 << RESULT_RETURNED | 1 << REFUSED | 1 << STOPPED | 1 << DOSSIER_CLOSED | 1 << WITHDRAWN
)

RESULTS = 1 << RESULT_ISSUED | 1 << RESULT_RETURNED
HANDLING = (  # acts of handling: nothing where there is no acceptance yet
    1 << PAUSED | 1 << RESUMED | 1 << REAPPOINTED | 1 << EXCLUDED | RESULTS | 1 << STOPPED | 1 << APOLOGY
    | 1 << DELAY_NOTICE | 1 << FORWARDED | 1 << STEP_ASSIGNED | 1 << STEP_DONE | 1 << LOST | 1 << PAPER_FORWARDED
    | 1 << ERROR_REPORTED | 1 << RESULT_CORRECTED | 1 << SLIP_SENT
)  # fmt: skip
AFTERWARDS = (  # what may well come after the end; of an unknown kind (0) nothing is said
    1 | 1 << RESULT_RETURNED | 1 << SYNCED | 1 << OFFICERS_PUBLISHED | 1 << APOLOGY | 1 << DELAY_NOTICE
    | 1 << SLIP_SENT | 1 << FORWARDED | 1 << PAPER_FORWARDED | 1 << OPINION_RECEIVED | 1 << STEP_DONE
    | 1 << RESULT_CORRECTED | 1 << EXCLUDED
)  # fmt: skip
MOVING = (  # what the clock itself takes notice of between start and end
    1 << ACCEPTED | 1 << PAUSED | 1 << RESUMED | 1 << PAYMENT_AWAITED | 1 << PAYMENT_RECEIVED | 1 << OPINION_REQUESTED
    | 1 << OPINION_RECEIVED | 1 << SUPPLEMENT_REQUESTED | 1 << SUPPLEMENT_RECEIVED | 1 << ERROR_REPORTED
    | 1 << DOSSIER_CLOSED | 1 << REAPPOINTED
)  # fmt: skip
RAISING = 1 << LOST | 1 << ERROR_REPORTED | 1 << OPINION_REQUESTED | 1 << DOSSIER_CLOSED  # what may raise a duty

# -- what the source cannot show: bits of `hidden`, above those of the kinds that it does not observe -----------------
GAP_ACCEPTANCE = 1 << 40  # the record itself is known to be incomplete in that
GAP_PAUSES = 1 << 41
GAP_FINISH = 1 << 42

# -- flags of an event -------------------------------------------------------------------------------------------------
BEFORE_APPRAISAL = 1  # supplement_requested with an explicit `after_appraisal: false`
APPLICANT_FAULT = 2
HAS_GROUND = 4
HAS_REASON = 8
EMPTY_REASON = 16
HAS_NEW_DUE = 32
HAS_FORM = 64
HAS_ATTACHED = 128
IS_ATTACHED = 256
IS_APOLOGY_SLIP = 512  # the form, by name

# -- units of a limit --------------------------------------------------------------------------------------------------
WORKDAY = 0
CALENDAR_DAY = 1
WEEK = 2
MONTH = 3
YEAR = 4
WORK_HOUR = 5
LIMIT_NONE = 6  # the catalogue or the dossier says that there is none
LIMIT_UNKNOWN = 7

WAITS_PAYMENT = 1  # bits of `awaits`: what pauses this limit besides clock_paused
WAITS_OPINION = 2

# -- what a supplement does to the clock: data of the regime -----------------------------------------------------------
BY_PAUSE = 0
BY_RESTART = 1

# -- readings of a regime ----------------------------------------------------------------------------------------------
FIRST_DAY_COUNTS = 0  # a pause (p, r]: the day it begins still counts, the day it ends does not
LAST_DAY_COUNTS = 1  # the other reading: [p, r)
EVENT_DAY = 0  # a receipt on a day off is an event of that day
NEXT_WORKDAY = 1  # the other reading: it counts as received on the next workday
NO_CUTOFF = -1  # a receipt on a workday counts there, whatever its hour

# -- lateness policies -------------------------------------------------------------------------------------------------
BY_DATE = 0
BY_INSTANT = 1
PROMISED_BY_DATE = 2
PROMISED_BY_INSTANT = 3
QD766 = 4

# -- punctuality -------------------------------------------------------------------------------------------------------
NOT_STARTED = 0
PENDING = 1
DUE_SOON = 2
IS_PAUSED = 3
EARLY = 4
ON_TIME = 5
RETURNED_LATE = 6
OVERDUE = 7
CLOSED = 8
NO_LIMIT = 9
UNDETERMINED = 10

# -- why a due date is not known ---------------------------------------------------------------------------------------
KNOWN = 0
NO_REGIME = 1
NO_LIMIT_KNOWN = 2
LIMIT_IS_NONE = 3
HOUR_UNKNOWN = 4
BEFORE_CALENDAR = 5
BEYOND_CALENDAR = 6

# -- notes: bits -------------------------------------------------------------------------------------------------------
BEFORE_ACCEPTANCE = 1
SECOND_ACCEPTANCE = 2
ORPHAN_RESUME = 4
ALREADY_PAUSED = 8
ORPHAN_SUPPLEMENT = 16
AFTER_END = 32
REAPPOINTMENT_IGNORED = 64
PAUSE_WITHOUT_GROUND = 128
PROMISE_DIFFERS = 256
EXCLUSION_IGNORED = 512
ALREADY_WAITING = 1024
BEFORE_RESULT = 2048
CLOSING_WITHOUT_REQUEST = 4096
ACCEPTANCE_UNKNOWN = 8192
PAUSES_UNKNOWN = 16384
FINISH_UNKNOWN = 32768
NOT_OBSERVED = 65536
BEFORE_START = 131072

# -- what cannot be said of a dossier, for its duties: bits of O_UNSURE ------------------------------------------------
LATENESS_UNSURE = 1  # the lawful due date as seen has passed, and whether that made the dossier late is not known
FINISH_UNSURE = 2  # no end is seen, and the source need not have shown one
PAUSES_UNSURE = 4  # there may be stops that are not seen
PAUSES_SAID = 8  # and the record itself says so
OPINION_UNSURE = 16  # an opinion that seems overdue may have been answered
REQUEST_UNSURE = 32  # a request that seems open at the closing may have been answered

# -- steps, above the notes in an event's mark: what it did to the clock ----------------------------------------------
STEP_START = 1 << 20
STEP_PAUSE = 2 << 20
STEP_WITHOUT_EFFECT = 3 << 20
STEP_RESTART = 4 << 20
STEP_OPEN = 5 << 20
STEP_EXCLUDE = 6 << 20
STEP_REAPPOINT = 7 << 20
STEP_END = 8 << 20
FROM_NEXT_WORKDAY = 1 << 24  # beside a start: it counts as one of the next workday

NONE = -(1 << 31)  # no such date

# -- the answer: columns of `out` --------------------------------------------------------------------------------------
O_REASON = 0
O_REGIME = 1
O_ACCEPTED = 2  # event index, or -1
O_START = 3  # event index of the event that started the clock, or -1
O_LAST_START = 4
O_END = 5
O_ORIGINAL_DAY = 6
O_ORIGINAL_MINUTE = 7
O_LAWFUL_DAY = 8
O_LAWFUL_MINUTE = 9
O_CURRENT_DAY = 10
O_PROMISED_DAY = 11
O_PROMISED_MINUTE = 12
O_REAPPOINTED_DAY = 13
O_REAPPOINTMENTS = 14
O_PAUSED = 15
O_RESTARTED = 16  # how often a supplement's effect (restart or pause) was applied: the regime's choice was used
O_REQUESTS = 17
O_REQUEST_2 = 18  # day of the second request that counts, of the third, of the last
O_REQUEST_3 = 19
O_REQUEST_LAST = 20
O_RETURN_RANK = 21  # workdays that the slowest return of an ineligible file took, or -1 where none was returned
O_PROVISIONAL = 22
O_NOTES = 23
O_PUNCTUALITY = 24
O_WORKDAYS_LATE = 25
O_DAYS_LATE = 26
O_PUNCTUALITY_CURRENT = 27
O_WORKDAYS_LATE_CURRENT = 28
O_DAYS_LATE_CURRENT = 29
O_UNROLLED = 30  # where the last day stood before it was rolled off days off
O_STOPS = 31  # how many intervals of stop_from, stop_to do not count
O_UNSURE = 32
# What raises a duty of its own (event indices, or -1): the first submission, what answered it, what released from it;
# the last loss and its apology; the first error that counts and its correction; the closing and the request it closed.
O_SUBMITTED = 33
O_ANSWERED = 34
O_RELEASED = 35
O_LOST = 36
O_LOST_APOLOGY = 37
O_REPORTED = 38
O_CORRECTED = 39
O_CLOSED = 40
O_OPEN_REQUEST = 41
O_OPINION_NOTICE = 42  # of the last opinion that was overdue: the notice after it, one that may be after it, its due
O_OPINION_BARE = 43
O_OPINION_DAY = 44
O_OPINION_MINUTE = 45
O_TURNS = 46  # the first day after as_of on which a punctuality (or a step) turns if nothing more happens
O_UNSURE_FROM = (
    47  # the day from which it is not known whether the dossier is late: as seen, it is past its due date then
)
O_FIRST = 48  # then one column for each kind that is asked for: its first event that counts (`first_in`, `since_in`)


def run(
    n, begins, ends, kind, day, minute, x, y, tag, flags,  # ordered events; dossier k is [begins[k], ends[k])
    amount, unit, cutoff, awaits, elsewhere, hidden,  # one value a dossier
    as_of, policy,  # the question: last day that exists, lateness policy
    regime_from, regime_until, regime_supplement, regime_elsewhere, regime_event, regime_cutoff, regime_pause,
    regime_receipt, regime_soon,
    base, last,  # the calendar's first and last day
    edition, now,  # which edition of the calendar was known on each of its days; the one known when asked
    idx, nth, provisional,  # by edition: workdays up to a day, day of the k-th; provisional days up to a day (now)
    hours, shift_of, shifts,  # by edition: work minutes before a day; its timetable; its slots (4 numbers)
    stop_from, stop_to, stop_over, asked_tag, asked_at, asked_works,  # scratch, as long as the longest dossier plus one
    begun,  # for each event: of a request that sends the file back, the event of the start that it follows, or -1
    first_in, since_in,  # kind -> column of its first event since acceptance, since the last start, or -1
    since_at, n_out,  # the columns from the one up to the other are those since the last start
    out,  # n_out columns of n answers, blank (`codes.blank`)
    mark, due_then,  # for each event: its notes and step, and the due date after it; None where nobody asks
):  # fmt: skip
    """Answer for n dossiers: `out[column * n + k]`; and, where `mark` is given, say of each event what it did."""
    n_idx = last - base + 1
    for k in range(n):
        lo = begins[k]
        hi = ends[k]
        notes = 0

        # Acceptance: the first dossier_accepted. A file of another authority's area starts where that authority has it;
        # where the regime says so, the clock starts with another event, such as the slip that is sent.
        accepted = -1
        seen = 0  # which kinds there are, as bits
        for i in range(lo, hi):
            seen |= 1 << kind[i]
            if kind[i] == ACCEPTED and accepted < 0:
                accepted = i
        picked = accepted
        if picked < 0 and elsewhere[k] != 0:
            for i in range(lo, hi):
                if kind[i] == RECEIVED_BY_COMPETENT:
                    picked = i
                    break
        regime = -1
        if picked >= 0:
            regime = len(regime_from) - 1
            while regime >= 0 and not regime_from[regime] <= day[picked] <= regime_until[regime]:
                regime -= 1
        start = accepted
        opener = ACCEPTED  # the kind of event that starts the clock, at or after the acceptance
        if regime >= 0 and (elsewhere[k] != 0 or regime_event[regime] != ACCEPTED):
            opener = regime_event[regime]
            if elsewhere[k] != 0 and regime_elsewhere[regime] != 0:
                opener = RECEIVED_BY_COMPETENT
            if opener != ACCEPTED:
                start = -1
                for i in range(picked, hi if accepted >= 0 or opener == RECEIVED_BY_COMPETENT else picked):
                    if kind[i] == opener:
                        start = i
                        break
                if accepted < 0:
                    accepted = start

        # A record that lacks its acceptance has no clock; that the applicant gave up stands all the same.
        hides = hidden[k]
        if hides != 0 and (hides & GAP_ACCEPTANCE != 0 or (start < 0 and accepted < 0 and hides & 1 << ACCEPTED != 0)):
            p = UNDETERMINED
            for i in range(lo, hi):
                if kind[i] == WITHDRAWN or kind[i] == DOSSIER_CLOSED:
                    p = CLOSED
            out[O_NOTES * n + k] = ACCEPTANCE_UNKNOWN | (0 if hides & GAP_ACCEPTANCE != 0 else NOT_OBSERVED)
            out[O_PUNCTUALITY * n + k] = p
            out[O_PUNCTUALITY_CURRENT * n + k] = p
            continue

        # The first submission, and what answered it: at or after it, or an acceptance stamped earlier on that day.
        if seen & 1 << SUBMITTED != 0:
            m = lo
            while kind[m] != SUBMITTED:
                m += 1
            out[O_SUBMITTED * n + k] = m
            i = m
            while i > lo and day[i - 1] == day[m]:
                i -= 1
            while i < hi:
                c = kind[i]
                if (
                    (c == ACCEPTED or c == SUPPLEMENT_REQUESTED or c == REFUSED)
                    and (i > m or c == ACCEPTED or minute[i] < 0 or minute[i] == minute[m])
                    and out[O_ANSWERED * n + k] < 0
                ):  # fmt: skip
                    out[O_ANSWERED * n + k] = i
                if (
                    i > m and (c == WITHDRAWN or c == DOSSIER_CLOSED or (c == STOPPED and 0 <= start < i))
                    and out[O_RELEASED * n + k] < 0
                ):  # fmt: skip
                    out[O_RELEASED * n + k] = i
                i += 1

        # Before it: refusal and withdrawal close the matter, other acts of handling have no effect.
        shut = -1
        before = start if start >= 0 else hi
        gap = accepted if opener == SLIP_SENT and accepted >= 0 else before  # what lies after it was accepted already
        for i in range(lo, before):
            c = kind[i]
            if c == REFUSED or c == WITHDRAWN or c == DOSSIER_CLOSED:
                if shut < 0:
                    shut = i
            elif (c == FORWARDED or c == PAPER_FORWARDED) and 0 <= accepted < i:
                m = first_in[c]
                if m >= 0 and out[m * n + k] < 0:
                    out[m * n + k] = i
            elif 1 << c & HANDLING != 0:
                m = BEFORE_START if i > gap else BEFORE_ACCEPTANCE
                notes |= m
                if mark is not None:
                    mark[i] |= m
        out[O_REGIME * n + k] = regime
        if start < 0:
            p = CLOSED if shut >= 0 else NOT_STARTED
            if opener == SLIP_SENT:
                out[O_ACCEPTED * n + k] = accepted
            if opener != ACCEPTED and shut < 0 <= accepted and hides & 1 << opener != 0:
                p = UNDETERMINED  # what starts the clock need not have been seen
                notes |= NOT_OBSERVED
            if hides & GAP_FINISH != 0 and shut < 0:  # a refusal at reception is one, and answers the submission
                out[O_UNSURE * n + k] = FINISH_UNSURE
            out[O_END * n + k] = shut
            out[O_NOTES * n + k] = notes
            out[O_PUNCTUALITY * n + k] = p
            out[O_PUNCTUALITY_CURRENT * n + k] = out[O_PUNCTUALITY * n + k]
            continue
        out[O_ACCEPTED * n + k] = accepted
        out[O_START * n + k] = start
        if opener != ACCEPTED:  # it starts the clock, and has come all the same
            m = first_in[opener]
            if m >= 0:
                out[m * n + k] = start

        # The end: by precedence and not by time; the first of its kind.
        issued = -1
        returned = -1
        refused = -1
        silent = -1
        withdrawn = -1
        for i in range(start + 1, hi if seen & ENDS != 0 else start):
            c = kind[i]
            if c == RESULT_ISSUED:
                if issued < 0:
                    issued = i
            elif c == RESULT_RETURNED:
                if returned < 0:
                    returned = i
            elif c == REFUSED or c == STOPPED:
                if refused < 0:
                    refused = i
            elif c == DOSSIER_CLOSED:
                if silent < 0:
                    silent = i
            elif c == WITHDRAWN and withdrawn < 0:
                withdrawn = i
        end = issued
        if end < 0:
            end = returned
        if end < 0:
            end = refused
        if end < 0:
            end = silent
        if end < 0:
            end = withdrawn
        out[O_END * n + k] = end
        if 0 <= end < out[O_SUBMITTED * n + k]:  # a filing after the end has no effect: nobody owes it an answer
            out[O_SUBMITTED * n + k] = -1
            out[O_ANSWERED * n + k] = -1
            out[O_RELEASED * n + k] = -1

        # Can a due date be known at all?
        limit = unit[k]
        reason = KNOWN
        if regime < 0:
            reason = NO_REGIME
        elif day[start] < base or day[start] > last:
            reason = BEFORE_CALENDAR if day[start] < base else BEYOND_CALENDAR
        elif limit == LIMIT_UNKNOWN:
            reason = NO_LIMIT_KNOWN
        elif limit == LIMIT_NONE:
            reason = LIMIT_IS_NONE
        in_hours = limit == WORK_HOUR and amount[k] > 0
        restarts = regime >= 0 and regime_supplement[regime] == BY_RESTART
        shift = regime_pause[regime] if regime >= 0 and not in_hours else 0
        may_move = regime >= 0 and (regime_receipt[regime] == NEXT_WORKDAY or regime_cutoff[regime] != NO_CUTOFF)
        # The original due date is counted in the edition of the acceptance day, all else in the last one.
        v = now
        if reason == KNOWN and base <= day[accepted] <= last:
            v = edition[day[accepted] - base]
        at = v * n_idx
        at_nth = at + v  # one more column an edition: nth begins with the 0-th, hours end with those after the last day
        n_nth = idx[at + n_idx - 1] + 1

        s_day = day[start]
        s_minute = minute[start]
        last_start = start
        stops = 0  # intervals (from, to] that do not count: sorted, disjoint; none lets a rolled day come before `over`
        insert_from = 0
        insert_to = 0
        insert_over = 0
        inserting = False
        later_from = NONE  # at the end: a stop whose own end the source does not show, inserted after all others
        later_to = NONE
        bare = NONE  # the due date without that one
        bare_minute = 1440
        waited_open = 0
        longer = 0  # by how many minutes the waiting may be longer, shorter: an hour of it is not known
        shorter = 0
        shorter_open = 0
        gate = NONE  # a stop works only if it begins before this: the due date as it stands, in hours its minute
        unrolled = NONE
        due = NONE
        due_minute = 1440
        original = NONE
        paused_at = NONE  # clock_paused / payment / supplement waiting: since when, and whether it works
        paused_works = False
        paused_bare = False  # a stop in a limit by the hour that began at no known hour: how long it is, nobody knows
        payment_at = NONE
        payment_works = False
        payment_bare = False
        waiting_at = NONE
        waiting_works = False
        asked_for = False  # the last request has no receipt, whatever it did to the clock
        waiting_silently = False  # a request before appraisal: its receipt is no orphan, nothing else
        waiting_day = NONE
        waiting_minute = NONE
        waiting_bare = False
        asked = 0  # opinions that are out
        working = 0  # how many open things stop the clock
        waited = 0  # minutes between requests and receipts, for the index of QĐ 766
        received_day = NONE
        received_later = 0  # by how many minutes the last receipt may have come later: its hour is not known
        promised = NONE
        promised_minute = 1440
        agreed = NONE  # what the slip is held against: the due date as it stood when it was given
        given = False
        reappointed = NONE
        reappointments = 0
        requests = 0
        if x[start] != NONE and kind[start] == ACCEPTED:
            promised = x[start]
            promised_minute = y[start]
        elif x[accepted] != NONE:
            promised = x[accepted]
            promised_minute = y[accepted]

        # Three stages through one loop, so that «insert a stop» and «compute the due date» stand in one place each:
        # the original due date; the exclusions, wherever they were recorded; then event by event.
        stage = 0
        i = start + 1
        compute = True
        if mark is not None:
            mark[start] |= STEP_START
        while True:
            if inserting:
                inserting = False
                insert_over = insert_to + (1 if stage == 1 else 0)
                if stage == 2:
                    insert_from -= shift
                    insert_to -= shift
                if insert_to > insert_from:
                    j = stops
                    while j > 0 and stop_to[j - 1] > insert_from:  # what only touches stays apart
                        j -= 1
                    m = j
                    while m < stops and stop_from[m] < insert_to:
                        insert_from = min(insert_from, stop_from[m])
                        insert_to = max(insert_to, stop_to[m])
                        insert_over = max(insert_over, stop_over[m])
                        m += 1
                    if m == j:
                        q = stops
                        while q > j:
                            stop_from[q] = stop_from[q - 1]
                            stop_to[q] = stop_to[q - 1]
                            stop_over[q] = stop_over[q - 1]
                            q -= 1
                        stops += 1
                    elif m > j + 1:
                        for q in range(m, stops):
                            stop_from[q - (m - j - 1)] = stop_from[q]
                            stop_to[q - (m - j - 1)] = stop_to[q]
                            stop_over[q - (m - j - 1)] = stop_over[q]
                        stops -= m - j - 1
                    stop_from[j] = insert_from
                    stop_to[j] = insert_to
                    stop_over[j] = insert_over
                    compute = stage == 2
            if compute:
                compute = False
                f_day = s_day
                f_minute = s_minute
                if may_move and reason == KNOWN:
                    # A start on a day off, or in the last minutes before the office closes and after it, may count as
                    # one of the next workday.
                    target = (idx[at + s_day - base - 1] if s_day > base else 0) + 1
                    moves = regime_receipt[regime] == NEXT_WORKDAY
                    m = regime_cutoff[regime]
                    if m != NO_CUTOFF and idx[at + s_day - base] == target:
                        if s_minute < 0:
                            reason = HOUR_UNKNOWN
                        elif s_minute >= shifts[shift_of[s_day - base] * 4 + 3] - m:
                            target += 1
                            moves = True
                    if moves and target < n_nth and nth[at_nth + target] > s_day:
                        f_day = nth[at_nth + target]
                        f_minute = 0
                        if mark is not None:
                            mark[last_start] |= FROM_NEXT_WORKDAY
                if reason == KNOWN and (
                    (in_hours and f_minute < 0)
                    or (
                        amount[k] == 0 and cutoff[k] >= 0 and f_minute < 0
                        and idx[at + f_day - base] > (idx[at + f_day - base - 1] if f_day > base else 0)
                    )
                ):  # fmt: skip
                    reason = HOUR_UNKNOWN
                if reason == KNOWN and in_hours:
                    # Work hours: the same walk on the minutes that the office is open; W counts them up to an instant.
                    position = f_day * 1440 + f_minute
                    target = hours[at_nth + f_day - base]
                    h = shift_of[f_day - base] * 4
                    if hours[at_nth + f_day - base + 1] > target:
                        for b in range(h, h + 3, 2):
                            if f_minute > shifts[b]:
                                target += (f_minute if f_minute < shifts[b + 1] else shifts[b + 1]) - shifts[b]
                    target += amount[k] * 60
                    j = 0
                    while reason == KNOWN:
                        # the earliest minute at which W reaches the target
                        if target > hours[at_nth + n_idx]:
                            reason = BEYOND_CALENDAR
                            break
                        a = 0
                        b = n_idx
                        while a < b:
                            m = (a + b + 1) // 2
                            if hours[at_nth + m] < target:
                                a = m
                            else:
                                b = m - 1
                        rest = target - hours[at_nth + a]
                        h = shift_of[a] * 4
                        if rest <= shifts[h + 1] - shifts[h]:
                            gate = (base + a) * 1440 + shifts[h] + rest
                        else:
                            gate = (base + a) * 1440 + shifts[h + 2] + rest - (shifts[h + 1] - shifts[h])
                        while j < stops and stop_to[j] <= position:
                            j += 1
                        if j >= stops or stop_from[j] >= gate:
                            break
                        # what is worked in the stop is added: W(its end) - W(its beginning)
                        for b in range(2):
                            m = stop_to[j]
                            if b == 0:
                                m = stop_from[j] if stop_from[j] > position else position
                            q = m // 1440 - base
                            m %= 1440
                            if q >= n_idx:
                                reason = BEYOND_CALENDAR
                                break
                            w = hours[at_nth + q]
                            h = shift_of[q] * 4
                            if hours[at_nth + q + 1] > w:
                                if m > shifts[h]:
                                    w += (m if m < shifts[h + 1] else shifts[h + 1]) - shifts[h]
                                if m > shifts[h + 2]:
                                    w += (m if m < shifts[h + 3] else shifts[h + 3]) - shifts[h + 2]
                            target += w if b == 1 else -w
                        j += 1
                    unrolled = gate
                    due = gate // 1440
                    due_minute = gate - due * 1440
                elif reason == KNOWN and (limit == WORKDAY or limit == WORK_HOUR):
                    # Workdays: idx(due) = idx(start) + amount + the workdays that are stopped on the way.
                    m = f_day
                    target = amount[k]
                    if target == 0:
                        target = 1
                        if cutoff[k] < 0 or f_minute <= cutoff[k]:
                            m = f_day - 1
                    if m >= base:
                        target += idx[at + m - base]
                    if target >= n_nth:
                        reason = BEYOND_CALENDAR
                    else:
                        due = nth[at_nth + target]
                        for j in range(stops):
                            if stop_from[j] >= due:
                                break
                            a = stop_from[j] if stop_from[j] > m else m
                            b = stop_to[j]
                            if b > last:
                                reason = BEYOND_CALENDAR
                                break
                            if b > a:
                                target += idx[at + b - base] - (idx[at + a - base] if a >= base else 0)
                                if target >= n_nth:
                                    reason = BEYOND_CALENDAR
                                    break
                                due = nth[at_nth + target]
                        gate = due
                        unrolled = due
                elif reason == KNOWN:
                    # Calendar days, weeks, months, years: from the anchor, then over what is stopped, then one roll.
                    if amount[k] == 0:
                        gate = f_day  # on a day off no receipt is too late: the next workday follows anyway
                        if (
                            cutoff[k] >= 0 and f_minute > cutoff[k]
                            and idx[at + f_day - base] > (idx[at + f_day - base - 1] if f_day > base else 0)
                        ):  # fmt: skip
                            gate += 1
                    elif limit == CALENDAR_DAY:
                        gate = f_day + amount[k]
                    elif limit == WEEK:
                        gate = f_day + 7 * amount[k]
                    else:
                        # civil date of f_day, the corresponding day, clipped to the month's last day
                        z = f_day + 719468
                        era = z // 146097
                        doe = z - era * 146097
                        yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
                        doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
                        mp = (5 * doy + 2) // 153
                        d = doy - (153 * mp + 2) // 5 + 1
                        m = mp + 3 if mp < 10 else mp - 9
                        year = yoe + era * 400 + (1 if m <= 2 else 0)
                        m += amount[k] if limit == MONTH else 12 * amount[k]
                        year += (m - 1) // 12
                        m = (m - 1) % 12 + 1
                        longest = 31
                        if m == 4 or m == 6 or m == 9 or m == 11:
                            longest = 30
                        elif m == 2:
                            longest = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
                        d = min(d, longest)
                        yy = year - (1 if m <= 2 else 0)
                        era = yy // 400
                        yoe = yy - era * 400
                        doy = (153 * (m - 3 if m > 2 else m + 9) + 2) // 5 + d - 1
                        gate = era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468
                    for j in range(stops):
                        if stop_from[j] >= gate:
                            break
                        a = stop_from[j] if stop_from[j] > f_day else f_day
                        if stop_to[j] > a:
                            gate += stop_to[j] - a
                    if gate > last:
                        reason = BEYOND_CALENDAR
                    else:
                        unrolled = gate
                        target = (idx[at + gate - base - 1] if gate > base else 0) + 1
                        due = nth[at_nth + target] if target < n_nth else NONE
                        # What is stopped before the rolled day does not end until the stop has.
                        for j in range(stops):
                            if due != NONE and stop_from[j] < due < stop_over[j]:
                                target = idx[at + stop_over[j] - base - 1] + 1 if stop_over[j] <= last + 1 else n_nth
                                due = nth[at_nth + target] if target < n_nth else NONE
                        gate = due
                        if due == NONE:
                            reason = BEYOND_CALENDAR
                if reason != KNOWN:
                    due = NONE
                    gate = NONE
                if stage == 0:
                    original = due
                    agreed = due
                    out[O_ORIGINAL_DAY * n + k] = due
                    out[O_ORIGINAL_MINUTE * n + k] = due_minute
                    stage = 1
                    if seen & 1 << EXCLUDED == 0:
                        stage = 2
                        compute = v != now
                    at = now * n_idx
                    at_nth = at + now
                    n_nth = idx[at + n_idx - 1] + 1
                    continue
            if later_from != NONE:
                bare = due
                bare_minute = due_minute
                inserting = True
                insert_from = later_from
                insert_to = later_to
                later_from = NONE
                continue
            if mark is not None and stage == 2 and i > start:
                due_then[i - 1] = due
            if given:
                given = False
                agreed = due if working == 0 else NONE
            if stage == 1:
                # Exclusions come before all else, also when they were recorded after the end.
                while i < hi and kind[i] != EXCLUDED:
                    i += 1
                if i >= hi:
                    stage = 2
                    i = start + 1
                    compute = True
                    continue
                if x[i] == NONE or y[i] == NONE or x[i] > y[i]:
                    notes |= EXCLUSION_IGNORED
                    if mark is not None:
                        mark[i] |= EXCLUSION_IGNORED
                else:
                    inserting = True
                    insert_from = x[i] * 1440 if in_hours else x[i] - 1
                    insert_to = (y[i] + 1) * 1440 if in_hours else y[i]
                    if mark is not None:
                        mark[i] |= STEP_EXCLUDE
                i += 1
                continue
            if i >= hi:
                break
            c = kind[i]
            if end >= 0 and i > end:
                # After the end: kept, without effect, but for what the law still expects then.
                note = AFTER_END
                if c == REAPPOINTED:
                    note = AFTER_END | REAPPOINTMENT_IGNORED
                elif c == ACCEPTED:
                    note = SECOND_ACCEPTANCE
                elif c == ERROR_REPORTED:
                    note = 0 if 0 <= issued < i or 0 <= returned < i else BEFORE_RESULT
                elif 1 << c & AFTERWARDS != 0:
                    note = 0
                notes |= note
                if mark is not None:
                    mark[i] |= note
                if c != 0 and note == 0 and (c != ERROR_REPORTED or flags[i] & APPLICANT_FAULT == 0):
                    m = first_in[c]
                    if m >= 0 and out[m * n + k] < 0:
                        out[m * n + k] = i
                    m = since_in[c]
                    if m >= 0 and out[m * n + k] < 0:
                        out[m * n + k] = i
                i += 1
                continue

            note = 0
            step = 0
            here = day[i] * 1440 + minute[i] if in_hours else day[i]
            if in_hours and minute[i] < 0:
                here = day[i] * 1440
            if 1 << c & MOVING == 0:
                note = 0  # it moves nothing: no need to ask for each of those that do
            elif c == ACCEPTED:
                note = SECOND_ACCEPTANCE
            elif c == PAUSED:
                if flags[i] & HAS_GROUND == 0:
                    note = PAUSE_WITHOUT_GROUND
                if paused_at != NONE:
                    note |= ALREADY_PAUSED
                else:
                    paused_at = here
                    paused_works = working > 0 or (gate != NONE and here < gate)
                    paused_bare = paused_works and in_hours and minute[i] < 0
                    if paused_bare and working == 0 and here + 1440 > gate:
                        reason = HOUR_UNKNOWN  # the hour says whether it begins before the due date
                    if paused_works:
                        working += 1
                        step = STEP_OPEN
                    else:
                        step = STEP_WITHOUT_EFFECT
            elif c == RESUMED:
                if paused_at == NONE:
                    note = ORPHAN_RESUME
                else:
                    if paused_works:
                        working -= 1
                        inserting = True
                        insert_from = paused_at
                        insert_to = here
                        step = STEP_PAUSE
                        if paused_bare or (in_hours and minute[i] < 0):
                            reason = HOUR_UNKNOWN
                    paused_at = NONE
            elif c == PAYMENT_AWAITED:
                if awaits[k] & WAITS_PAYMENT != 0:
                    if payment_at != NONE:
                        note = ALREADY_PAUSED
                    else:
                        payment_at = here
                        payment_works = working > 0 or (gate != NONE and here < gate)
                        payment_bare = payment_works and in_hours and minute[i] < 0
                        if payment_bare and working == 0 and here + 1440 > gate:
                            reason = HOUR_UNKNOWN
                        if payment_works:
                            working += 1
                            step = STEP_OPEN
                        else:
                            step = STEP_WITHOUT_EFFECT
            elif c == PAYMENT_RECEIVED:
                if awaits[k] & WAITS_PAYMENT != 0:
                    if payment_at == NONE:
                        note = ORPHAN_RESUME
                    else:
                        if payment_works:
                            working -= 1
                            inserting = True
                            insert_from = payment_at
                            insert_to = here
                            step = STEP_PAUSE
                            if payment_bare or (in_hours and minute[i] < 0):
                                reason = HOUR_UNKNOWN
                        payment_at = NONE
            elif c == OPINION_REQUESTED:
                if awaits[k] & WAITS_OPINION != 0:
                    j = 0
                    while j < asked and asked_tag[j] != tag[i]:
                        j += 1
                    if j < asked:
                        note = ALREADY_PAUSED
                    else:
                        asked_tag[asked] = tag[i]
                        asked_at[asked] = here
                        asked_works[asked] = 0
                        step = STEP_WITHOUT_EFFECT
                        if working > 0 or (gate != NONE and here < gate):
                            asked_works[asked] = 1
                            if in_hours and minute[i] < 0:
                                asked_works[asked] = 2  # it works, and began at no known hour
                                if working == 0 and here + 1440 > gate:
                                    reason = HOUR_UNKNOWN
                            working += 1
                            step = STEP_OPEN
                        asked += 1
            elif c == OPINION_RECEIVED:
                if awaits[k] & WAITS_OPINION != 0:
                    j = 0
                    while j < asked and asked_tag[j] != tag[i]:
                        j += 1
                    if j == asked:
                        note = ORPHAN_RESUME
                    else:
                        if asked_works[j] != 0:
                            working -= 1
                            inserting = True
                            insert_from = asked_at[j]
                            insert_to = here
                            step = STEP_PAUSE
                            if asked_works[j] == 2 or (in_hours and minute[i] < 0):
                                reason = HOUR_UNKNOWN
                        asked -= 1
                        asked_tag[j] = asked_tag[asked]
                        asked_at[j] = asked_at[asked]
                        asked_works[j] = asked_works[asked]
            elif c == SUPPLEMENT_REQUESTED:
                asked_for = True
                begun[i] = -1
                if flags[i] & APPLICANT_FAULT == 0:
                    requests += 1
                    out[O_REQUEST_LAST * n + k] = day[i]
                    if requests == 2:
                        out[O_REQUEST_2 * n + k] = day[i]
                    elif requests == 3:
                        out[O_REQUEST_3 * n + k] = day[i]
                if flags[i] & BEFORE_APPRAISAL != 0:
                    if waiting_at != NONE:
                        note = ALREADY_WAITING
                    else:
                        waiting_silently = True
                else:
                    # How many workdays after the last start the file went back: the smallest N with start + N >= day.
                    m = 0
                    if day[i] > s_day >= base and day[i] <= last:
                        m = idx[at + day[i] - base - 1] - idx[at + s_day - base] + 1
                    out[O_RETURN_RANK * n + k] = max(out[O_RETURN_RANK * n + k], m)
                    begun[i] = last_start
                    if waiting_at != NONE:
                        note = ALREADY_WAITING
                    else:
                        waiting_at = here
                        waiting_day = day[i]
                        waiting_minute = day[i] * 1440 + (minute[i] if minute[i] > 0 else 0)
                        waiting_bare = minute[i] < 0
                        if day[i] == received_day:  # the file came back before it went again
                            longer -= max(0, received_later - max(minute[i], 0))
                        waiting_works = working > 0
                        if gate != NONE and here < gate:
                            waiting_works = True
                        if restarts and (reason == NO_LIMIT_KNOWN or reason == LIMIT_IS_NONE):
                            waiting_works = True  # there is no due date to be late for
                        if waiting_works:
                            if in_hours and waiting_bare and working == 0 and here + 1440 > gate:
                                reason = HOUR_UNKNOWN
                            working += 1
                            step = STEP_OPEN
                        else:
                            step = STEP_WITHOUT_EFFECT
            elif c == SUPPLEMENT_RECEIVED:
                asked_for = False
                if waiting_at == NONE:
                    if waiting_silently:
                        waiting_silently = False
                        if x[i] != NONE:
                            promised = x[i]
                            promised_minute = y[i]
                            given = True
                            waited = 0
                            longer = 0
                            shorter = 0
                    else:
                        note = ORPHAN_SUPPLEMENT
                else:
                    m = day[i] * 1440 + (minute[i] if minute[i] > 0 else 0) - waiting_minute
                    waited += m
                    received_later = 0
                    received_day = day[i]
                    if minute[i] < 0:  # nor after the end
                        received_later = 1439
                        if end >= 0:
                            received_later = min(1439, (day[end] - day[i]) * 1440 + max(minute[end], 0))
                        longer += received_later
                    shorter += min(m, 1439) if waiting_bare else 0  # no receipt comes before its request
                    if x[i] != NONE:
                        promised = x[i]
                        promised_minute = y[i]
                        given = True
                        waited = 0  # the new slip already contains all waiting before it
                        longer = 0
                        shorter = 0
                        received_later = 0
                    if waiting_works:
                        if reason == KNOWN:
                            out[O_RESTARTED * n + k] += 1
                        working -= 1
                        if restarts:
                            # A restart closes every open stop and cancels an earlier re-appointment.
                            s_day = day[i]
                            s_minute = minute[i]
                            last_start = i
                            paused_at = NONE
                            payment_at = NONE
                            asked = 0
                            working = 0
                            reappointed = NONE
                            for j in range(since_at, n_out):
                                out[j * n + k] = -1
                            compute = True
                            step = STEP_RESTART
                        else:
                            inserting = True
                            insert_from = waiting_at
                            insert_to = here
                            step = STEP_PAUSE
                            if in_hours and (waiting_bare or minute[i] < 0):
                                reason = HOUR_UNKNOWN
                    waiting_at = NONE
                    waiting_works = False
            elif c == ERROR_REPORTED:
                if not (0 <= issued < i or 0 <= returned < i):
                    note = BEFORE_RESULT
            elif c == DOSSIER_CLOSED:
                if not asked_for:
                    note = CLOSING_WITHOUT_REQUEST
            elif c == REAPPOINTED:
                if x[i] == NONE or due == NONE or x[i] <= due:
                    note = REAPPOINTMENT_IGNORED
                else:
                    reappointments += 1
                    if reappointed == NONE:
                        reappointed = x[i]
                        step = STEP_REAPPOINT
            if inserting and working > 0:  # what stands open goes on with what ended: it is one stop from the first on
                if paused_at != NONE and paused_works:
                    paused_at = min(paused_at, insert_from)
                if payment_at != NONE and payment_works:
                    payment_at = min(payment_at, insert_from)
                if waiting_at != NONE and waiting_works:
                    waiting_at = min(waiting_at, insert_from)
                for j in range(asked):
                    if asked_works[j] != 0:
                        asked_at[j] = min(asked_at[j], insert_from)
            if note != 0:
                notes |= note
                if mark is not None:
                    mark[i] |= note
            if mark is not None and step != 0:
                mark[i] |= step
            if c != ACCEPTED and (c != ERROR_REPORTED or (note == 0 and flags[i] & APPLICANT_FAULT == 0)):
                m = first_in[c]
                if m >= 0 and out[m * n + k] < 0:
                    out[m * n + k] = i
                m = since_in[c]
                if m >= 0 and out[m * n + k] < 0:
                    out[m * n + k] = i
            if i == end:
                if mark is not None:
                    mark[i] |= STEP_END
                if working > 0:
                    # The end closes what is open: a waiting for a file that never came back was a pause until then.
                    since = here
                    sure = here  # since when something stood open whose end would have been seen
                    if paused_at != NONE and paused_works:
                        since = min(since, paused_at)
                        if hides & 1 << RESUMED == 0:
                            sure = min(sure, paused_at)
                    if payment_at != NONE and payment_works:
                        since = min(since, payment_at)
                        if hides & 1 << PAYMENT_RECEIVED == 0:
                            sure = min(sure, payment_at)
                    if waiting_at != NONE and waiting_works:
                        since = min(since, waiting_at)
                        if hides & 1 << SUPPLEMENT_RECEIVED == 0:
                            sure = min(sure, waiting_at)
                    for j in range(asked):
                        if asked_works[j] != 0:
                            since = min(since, asked_at[j])
                            if hides & 1 << OPINION_RECEIVED == 0:
                                sure = min(sure, asked_at[j])
                    inserting = True
                    insert_from = since
                    insert_to = here
                    if since < sure:
                        later_from = since
                        later_to = here
                        insert_from = sure
                    working = 0
                    if in_hours and (
                        minute[i] < 0 or (paused_at != NONE and paused_bare) or (payment_at != NONE and payment_bare)
                        or (waiting_at != NONE and waiting_works and waiting_bare)
                    ):  # fmt: skip
                        reason = HOUR_UNKNOWN
                    for j in range(asked):
                        if asked_works[j] == 2:
                            reason = HOUR_UNKNOWN
                if waiting_at != NONE:
                    waited_open = day[i] * 1440 + (minute[i] if minute[i] > 0 else 0) - waiting_minute
                    waited += waited_open
                    # An end without an hour ends the waiting at that very hour: one is taken from the other.
                    shorter_open = min(waited_open, 1439) if waiting_bare else 0
                    if minute[i] < 0:
                        shorter_open = (1439 if waiting_bare else 0) - 1439
                    shorter += shorter_open
            if reason != KNOWN:
                due = NONE
                gate = NONE
            i += 1

        # What raises a duty of its own: a loss, an error in the result, a closing, an opinion that is overdue.
        raised_unsure = 0
        if seen & RAISING != 0:
            opinion_day = NONE
            opinion_minute = 0
            opinion_seen = False
            for i in range(start + 1, hi):
                c = kind[i]
                if (c == LOST and (end < 0 or i < end)) or (
                    c == ERROR_REPORTED and (0 <= issued < i or 0 <= returned < i)
                    and flags[i] & APPLICANT_FAULT == 0 and out[O_REPORTED * n + k] < 0
                ):  # fmt: skip
                    # at or after it: what stands before it on that day, at no known hour, is not held against anyone
                    m = APOLOGY if c == LOST else RESULT_CORRECTED
                    j = i
                    while j > start + 1 and day[j - 1] == day[i]:
                        j -= 1
                    while j < hi and not (kind[j] == m and (j > i or minute[j] < 0 or minute[j] == minute[i])):
                        j += 1
                    if c == LOST:
                        out[O_LOST * n + k] = i
                        out[O_LOST_APOLOGY * n + k] = j if j < hi else -1
                    else:
                        out[O_REPORTED * n + k] = i
                        out[O_CORRECTED * n + k] = j if j < hi else -1
                elif c == OPINION_REQUESTED and x[i] != NONE and (end < 0 or i < end):
                    m = y[i] if y[i] >= 0 else 1440
                    if as_of > x[i] or (as_of == x[i] and m < 1440):
                        overdue = True
                        answered = False
                        for j in range(i + 1, hi):
                            in_time = day[j] < x[i] or (day[j] == x[i] and minute[j] <= m)
                            if in_time and j == end:
                                overdue = False
                            elif tag[j] == tag[i] and kind[j] == OPINION_RECEIVED:
                                if in_time:
                                    overdue = False
                                answered = True
                            elif in_time and tag[j] == tag[i] and kind[j] == OPINION_REQUESTED and x[j] != NONE:
                                overdue = False  # asked again before it had passed: the later day counts
                        if overdue:
                            if answered:
                                opinion_seen = True
                            if x[i] > opinion_day or (x[i] == opinion_day and m > opinion_minute):
                                opinion_day = x[i]
                                opinion_minute = m
            if opinion_day != NONE:
                out[O_OPINION_DAY * n + k] = opinion_day
                out[O_OPINION_MINUTE * n + k] = opinion_minute
                for i in range(start + 1, hi):
                    if kind[i] == DELAY_NOTICE and out[O_OPINION_NOTICE * n + k] < 0:
                        if day[i] > opinion_day or (day[i] == opinion_day and minute[i] > opinion_minute):
                            out[O_OPINION_NOTICE * n + k] = i
                        elif day[i] == opinion_day and opinion_minute < 1440 and minute[i] < 0:
                            out[O_OPINION_BARE * n + k] = i
                if hides & 1 << OPINION_RECEIVED != 0 and not opinion_seen:
                    raised_unsure = OPINION_UNSURE
            if end >= 0 and kind[end] == DOSSIER_CLOSED:
                out[O_CLOSED * n + k] = end
                if hides & 1 << SUPPLEMENT_RECEIVED != 0:
                    raised_unsure |= REQUEST_UNSURE
                for i in range(start + 1, end):
                    if kind[i] == SUPPLEMENT_REQUESTED:
                        out[O_OPEN_REQUEST * n + k] = i
                    elif kind[i] == SUPPLEMENT_RECEIVED:
                        out[O_OPEN_REQUEST * n + k] = -1

        # The four due dates.
        is_paused = end < 0 and working > 0 and reason == KNOWN
        out[O_REASON * n + k] = reason
        out[O_LAST_START * n + k] = last_start
        out[O_REAPPOINTMENTS * n + k] = reappointments
        out[O_REAPPOINTED_DAY * n + k] = reappointed
        out[O_PAUSED * n + k] = 1 if is_paused else 0

        # What the source cannot show: whether the due date as seen has passed, and what that would rest on.
        no_pauses = False
        no_finish = False
        no_receipt = False  # what stands open, or stood open at the end, need not: its own end would not be seen
        passed = False
        g_day = as_of
        g_minute = 1440
        if hides != 0:
            no_pauses = hides & (GAP_PAUSES | 1 << SUPPLEMENT_REQUESTED | 1 << PAUSED) != 0
            if awaits[k] & WAITS_PAYMENT != 0 and hides & 1 << PAYMENT_AWAITED != 0:
                no_pauses = True
            if awaits[k] & WAITS_OPINION != 0 and hides & 1 << OPINION_REQUESTED != 0:
                no_pauses = True
            no_finish = end < 0 and (hides & GAP_FINISH != 0 or hides & RESULTS == RESULTS)
            no_receipt = bare != NONE
            if is_paused:
                no_receipt = True
                if paused_at != NONE and paused_works and hides & 1 << RESUMED == 0:
                    no_receipt = False
                if payment_at != NONE and payment_works and hides & 1 << PAYMENT_RECEIVED == 0:
                    no_receipt = False
                if waiting_at != NONE and waiting_works and hides & 1 << SUPPLEMENT_RECEIVED == 0:
                    no_receipt = False
                for j in range(asked):
                    if asked_works[j] != 0 and hides & 1 << OPINION_RECEIVED == 0:
                        no_receipt = False
            if bare == NONE:
                bare = due
                bare_minute = due_minute
            if end >= 0:
                g_day = day[end]
                g_minute = minute[end]
            if bare != NONE and reason == KNOWN:
                passed = g_day > bare or (g_day == bare and bare_minute < g_minute)
            m = 0
            if passed and (no_pauses or no_receipt or (no_finish and not is_paused)):
                m = LATENESS_UNSURE
            if no_finish:
                m |= FINISH_UNSURE
            if no_pauses:
                m |= PAUSES_UNSURE
            if hides & GAP_PAUSES != 0:
                m |= PAUSES_SAID
            out[O_UNSURE * n + k] = m | raised_unsure
            if end < 0 and not passed and bare != NONE and reason == KNOWN:
                if no_pauses or no_receipt or (no_finish and not is_paused):
                    out[O_UNSURE_FROM * n + k] = bare if bare_minute < 1440 else bare + 1
        out[O_REQUESTS * n + k] = requests
        current = due
        current_minute = due_minute
        if reason != KNOWN or is_paused:
            due = NONE
            current = NONE
        elif reappointed != NONE and reappointed > due:
            current = reappointed
            current_minute = 1440
        out[O_LAWFUL_DAY * n + k] = due
        out[O_UNROLLED * n + k] = unrolled if gate != NONE else NONE
        out[O_STOPS * n + k] = stops
        out[O_LAWFUL_MINUTE * n + k] = due_minute
        out[O_CURRENT_DAY * n + k] = current
        slip = promised != NONE
        if slip:
            if agreed != NONE and promised != agreed:
                notes |= PROMISE_DIFFERS
        else:
            promised = original
            promised_minute = out[O_ORIGINAL_MINUTE * n + k]
        out[O_PROMISED_DAY * n + k] = promised
        out[O_PROMISED_MINUTE * n + k] = promised_minute
        if current != NONE:
            a = current if current <= last else last
            b = s_day - base - (1 if amount[k] == 0 or in_hours else 0)  # these may end on their own first day
            out[O_PROVISIONAL * n + k] = 1 if provisional[a - base] > (provisional[b] if b >= 0 else 0) else 0

        # Lateness, twice: by the policy (turn 0), and on the current due date (turn 1).
        # The second is the first again where they ask the same.
        for turn in range(2 if policy > BY_INSTANT or current != due or hides != 0 else 1):
            by = policy
            if turn == 1:
                by = BY_INSTANT if policy == BY_INSTANT or policy == PROMISED_BY_INSTANT or policy == QD766 else BY_DATE
            d = due
            m = due_minute
            if turn == 1:
                d = current
                m = current_minute
            elif by >= PROMISED_BY_DATE:
                d = promised
                m = promised_minute if promised_minute >= 0 else 1440
                if by == PROMISED_BY_DATE and slip:
                    m = 1440
            done = end
            f_day = as_of
            f_minute = 1440
            unsure = False
            loose = 0  # by how many minutes the end may lie later
            if done >= 0:
                f_day = day[done]
                f_minute = minute[done]
                if by == QD766 and waited + longer > 0:
                    z = f_day * 1440 + (f_minute if f_minute >= 0 else 0) - waited - longer
                    loose = longer + shorter + (1439 if f_minute < 0 else 0)
                    if hides & 1 << SUPPLEMENT_RECEIVED != 0:
                        z += waited_open  # how long that was is not known
                        loose -= shorter_open
                    f_day = z // 1440
                    f_minute = z - f_day * 1440
            asked_last = (
                by == QD766 and done < 0 and waiting_at != NONE and not is_paused and requests == 1
                and kind[hi - 1] == SUPPLEMENT_REQUESTED
            )  # fmt: skip
            if asked_last:  # one request and nothing later: that moment is the end
                f_day = waiting_day  # 23:59:30 is 24:00 of that day, and not the next one
                f_minute = -1 if waiting_bare else waiting_minute - f_day * 1440
            is_late = False
            if d != NONE:
                is_late = f_day > d
                if f_day == d and m < 1440:
                    unsure = f_minute < 0
                    is_late = f_minute > m
                if by == QD766 and done < 0 and requests > 1:
                    is_late = True
                if loose > 0:
                    z = f_day * 1440 + f_minute + loose
                    a = z // 1440
                    if (a > d or (a == d and z - a * 1440 > m)) != is_late or (a < d) != (f_day < d):
                        unsure = True
            p = PENDING
            if done >= 0 and (kind[done] == WITHDRAWN or kind[done] == DOSSIER_CLOSED):
                p = CLOSED
            elif reason == LIMIT_IS_NONE:
                p = NO_LIMIT
            elif is_paused:
                p = IS_PAUSED
            elif d == NONE or unsure:
                p = UNDETERMINED
            elif done >= 0 or asked_last:
                p = RETURNED_LATE if is_late else (EARLY if f_day < d else ON_TIME)
            elif is_late:
                p = OVERDUE
            else:
                a = (idx[at + d - base] if d <= last else n_nth) if d >= base else 0
                b = (idx[at + as_of - base] if as_of <= last else n_nth) if as_of >= base else 0
                p = DUE_SOON if a - b <= (regime_soon[regime] if regime >= 0 else 0) else PENDING
            turns = NONE  # when this punctuality turns, if nothing more happens
            if p == PENDING or p == DUE_SOON:
                turns = d if m < 1440 else d + 1
                m = a - (regime_soon[regime] if regime >= 0 else 0)  # how many workdays there are when it is due soon
                if p == PENDING and m < n_nth and nth[at_nth + m] < turns:
                    turns = nth[at_nth + m]
            q = NONE
            w = NONE
            if d != NONE and not is_paused and not unsure and reason != LIMIT_IS_NONE:
                q = 0
                w = 0
                if is_late and f_day > d:
                    q = f_day - d
                    w = NONE  # where the calendar does not reach, workdays cannot be counted
                    if d >= base and f_day <= last:
                        w = idx[at + f_day - base] - idx[at + d - base]
            if hides != 0 and p != NO_LIMIT:
                m = 0
                if no_finish:
                    m = FINISH_UNKNOWN
                    if hides & GAP_FINISH == 0:
                        m |= NOT_OBSERVED
                elif no_pauses and (is_late or is_paused):
                    m = PAUSES_UNKNOWN
                    if hides & GAP_PAUSES == 0:
                        m |= NOT_OBSERVED
                elif no_receipt and is_paused:
                    turns = out[O_UNSURE_FROM * n + k]
                    if passed:
                        m = NOT_OBSERVED
                elif no_receipt and (turn == 1 or by < PROMISED_BY_DATE):
                    if passed and not (turn == 1 and g_day <= reappointed):
                        m = NOT_OBSERVED
                elif turn == 0 and by >= PROMISED_BY_DATE:
                    if is_late and not is_paused and hides & 1 << SUPPLEMENT_RECEIVED != 0 and waiting_at != NONE:
                        m = NOT_OBSERVED  # its receipt may have carried a new slip
                elif is_late and turn == 1 and hides & 1 << REAPPOINTED != 0 and reappointed == NONE:
                    m = NOT_OBSERVED
                if m != 0:
                    notes |= m
                    q = NONE
                    w = NONE
                    turns = NONE
                    if p != CLOSED:
                        p = UNDETERMINED
            if turns != NONE and (out[O_TURNS * n + k] == NONE or turns < out[O_TURNS * n + k]):
                out[O_TURNS * n + k] = turns
            if turn == 0:
                out[O_PUNCTUALITY * n + k] = p
                out[O_WORKDAYS_LATE * n + k] = w
                out[O_DAYS_LATE * n + k] = q
            out[O_PUNCTUALITY_CURRENT * n + k] = p
            out[O_WORKDAYS_LATE_CURRENT * n + k] = w
            out[O_DAYS_LATE_CURRENT * n + k] = q
        out[O_NOTES * n + k] = notes
