"""Seeded bugs: one small wrong each, in the source of an engine, that the generator must find.

To add one, name its module, give the text and what it becomes; `hunt.py` knows how each engine is made with it. A bug
that nothing can tell from the sound engine has no place here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

CLOCK: Final = "tthc_rules.law.clock"
TIMELINE: Final = "tthc_rules.law.timeline"
WORKDAYS: Final = "tthc_rules.law.workdays"
OUTCOME: Final = "tthc_rules.law.outcome"
STEPS: Final = "tthc_rules.law.steps"
ACTS: Final = "tthc_rules.law.acts"
EXPECTED: Final = "tthc_rules.reference.expected"
NEXT: Final = "tthc_rules.law.next"
FLATACTS: Final = "tthc_rules.law.flatacts"
COMPOSE: Final = "tthc_rules.law.compose"
FULFILLED: Final = "tthc_rules.law.fulfilled"
FLAT: Final = "tthc_rules.law.flat"
TIMES: Final = "tthc_rules.law.flattimes"
FIELDS: Final = "tthc_rules.bulk.fields"
PREPARE: Final = "tthc_rules.bulk.prepare"
SCORE: Final = "tthc_rules.bulk.score"
RESULT: Final = "tthc_rules.bulk.result"
WORDS: Final = "tthc_rules.bulk.words"
TABLES: Final = "tthc_rules.bulk.tables"
REGIMES: Final = "tthc_rules.law.regimes"
IN_FORCE: Final = "tthc_rules.law.inforce"
RULES: Final = "tthc_rules.reference.interpret"
STATUTE: Final = "tthc_rules.law.statute"
REFERENCE: Final = "tthc_rules.reference.engine"
ASKED: Final = "tthc_rules.law.asked"
KNOWN: Final = "tthc_rules.law.known"
DRESS: Final = "tthc_rules.result.dress"


class Bug(NamedTuple):
    """A text of a module and what it becomes; `nth` of `of` occurrences; the engine that has it."""

    name: str
    module: str
    old: str
    new: str
    nth: int = 1
    of: int = 1
    engine: str = "reference"


FAMILY_BUGS: Final = (
    # a clock that starts otherwise: only dossiers that the catalogue puts under such a decree can tell
    Bug(
        "a slip before the acceptance starts",
        CLOCK,
        "for i in range(picked, hi if accepted",
        "for i in range(lo, hi if accepted",
    ),
    Bug(
        "the last slip starts",
        CLOCK,
        "                        start = i\n                        break",
        "                        start = i",
    ),
    Bug("what starts the clock and cannot be seen was not there", CLOCK, "hides & 1 << opener != 0", "False"),
    Bug(
        "what comes before the slip comes before the acceptance",
        CLOCK,
        "m = BEFORE_START if i > gap else",
        "m = BEFORE_ACCEPTANCE if i > gap else",
    ),
    Bug(
        "the first minute of the last hour is early enough",
        CLOCK,
        "s_minute >= shifts[shift_of",
        "s_minute > shifts[shift_of",
    ),
    Bug("the morning's closing is the office's", CLOCK, "* 4 + 3] - m:", "* 4 + 1] - m:"),
    Bug(
        "the last hour is the whole day",
        CLOCK,
        "                            target += 1\n                            moves = True",
        "                            moves = True",
    ),
    Bug(
        "a day off knows hours",
        CLOCK,
        "if m != NO_CUTOFF and idx[at + s_day - base] == target:",
        "if m != NO_CUTOFF:",
    ),
    Bug(
        "an hour that was not recorded is early enough",
        CLOCK,
        "                        if s_minute < 0:\n                            reason = HOUR_UNKNOWN\n",
        "                        if s_minute < 0:\n                            moves = moves\n",
    ),
)
"""Hunted under the shipped law with a catalogue beside it."""

_BUGS: Final = (
    # what starts and ends the clock
    Bug("the last acceptance counts", CLOCK, "if kind[i] == ACCEPTED and accepted < 0:", "if kind[i] == ACCEPTED:"),
    Bug("withdrawn before acceptance stays open", CLOCK, "if c == REFUSED or c == WITHDRAWN or", "if c == REFUSED or"),
    Bug("a stop is no end", CLOCK, "elif c == REFUSED or c == STOPPED:", "elif c == REFUSED:"),
    Bug("the last result counts", CLOCK, "if issued < 0:", "if True:"),
    Bug("the last return counts", CLOCK, "if returned < 0:", "if True:"),
    Bug("a refusal is no end", CLOCK, "end = refused", "end = withdrawn"),
    Bug(
        "a receipt before the acceptance starts",
        CLOCK,
        "for i in range(picked, hi if accepted",
        "for i in range(lo, hi if accepted",
    ),
    Bug("a withdrawal is judged like a result", CLOCK, "p = CLOSED", "p = RETURNED_LATE if is_late else CLOSED", 3, 3),
    # the length of a limit
    Bug("a workday too long", CLOCK, "target = amount[k]\n", "target = amount[k] + (1 if amount[k] > 1 else 0)\n"),
    Bug("the cut-off itself is too late", CLOCK, "f_minute <= cutoff[k]", "f_minute < cutoff[k]"),
    Bug("the cut-off is ignored", CLOCK, "if cutoff[k] < 0 or f_minute", "if True or f_minute"),
    Bug("the cut-off itself is too late for a calendar day", CLOCK, "f_minute > cutoff[k]", "f_minute >= cutoff[k]"),
    Bug("the cut-off is ignored for a calendar day", CLOCK, "cutoff[k] >= 0 and f_minute > cutoff[k]", "False"),
    Bug(
        "a receipt on a day off is past the hour",
        CLOCK,
        "f_minute > cutoff[k]\n                            and idx[at + f_day - base] >",
        "f_minute > cutoff[k]\n                            and idx[at + f_day - base] >= 0 *",
    ),
    Bug("a week of six days", CLOCK, "7 * amount[k]", "6 * amount[k]"),
    Bug("a month of thirty days", CLOCK, "d = min(d, longest)", "d = min(d, 30)"),
    Bug("no 29 February", CLOCK, "longest = 29 if", "longest = 28 if"),
    Bug("minutes before the office opens", CLOCK, "if f_minute > shifts[b]:", "if True:"),
    Bug(
        "the last minute of the morning is the afternoon",
        CLOCK,
        "if rest <= shifts[h + 1] - shifts[h]:",
        "if rest < shifts[h + 1] - shifts[h]:",
    ),
    # pauses, exclusions, restarts
    Bug(
        "a pause on the due date works",
        CLOCK,
        "paused_works = working > 0 or (gate != NONE and here < gate)",
        "paused_works = working > 0 or (gate != NONE and here <= gate)",
    ),
    Bug(
        "a pause after the due date works",
        CLOCK,
        "paused_works = working > 0 or (gate != NONE and here < gate)",
        "paused_works = True",
    ),
    Bug(
        "a pause is counted twice where two overlap",
        CLOCK,
        "while m < stops and stop_from[m] < insert_to:",
        "while False:",
    ),
    Bug("a stop that begins within another is its own", CLOCK, "if inserting and working > 0:", "if False:"),
    Bug("the longer of two pauses is cut", CLOCK, "insert_to = max(insert_to, stop_to[m])", "insert_to = stop_to[m]"),
    Bug("the earlier of two pauses is cut", CLOCK, "insert_from = min(insert_from, stop_from[m])", "pass"),
    Bug("a pause before the start counts", CLOCK, "a = stop_from[j] if stop_from[j] > m else m", "a = stop_from[j]"),
    Bug(
        "a rolled day inside a stop is the end",
        CLOCK,
        "if due != NONE and stop_from[j] < due < stop_over[j]:",
        "if False:",
    ),
    Bug(
        "a stop before the rolled day does not work",
        CLOCK,
        "                        gate = due\n                        if due == NONE:",
        "                        if due == NONE:",
    ),
    Bug("an excluded day is a due day", CLOCK, "insert_to + (1 if stage == 1 else 0)", "insert_to"),
    Bug("the day a stop ends is no due day", CLOCK, "insert_to + (1 if stage == 1 else 0)", "insert_to + 1"),
    Bug("a closing is no end", CLOCK, "end = silent", "end = withdrawn"),
    Bug("a closing needs no request", CLOCK, "note = CLOSING_WITHOUT_REQUEST", "note = 0"),
    Bug(
        "an error needs no result",
        CLOCK,
        "note = 0 if 0 <= issued < i or 0 <= returned < i else BEFORE_RESULT",
        "note = 0",
    ),
    # what the source cannot show
    Bug("an acceptance that is seen is known", CLOCK, "hides & GAP_ACCEPTANCE != 0 or (start", "False or (start"),
    Bug("an acceptance that is not shown is not there", CLOCK, "hides & 1 << ACCEPTED != 0)", "False)"),
    Bug(
        "requests are always seen",
        CLOCK,
        "GAP_PAUSES | 1 << SUPPLEMENT_REQUESTED | 1 << PAUSED",
        "GAP_PAUSES | 1 << PAUSED",
    ),
    Bug("payments are always seen", CLOCK, "hides & 1 << PAYMENT_AWAITED != 0", "False"),
    Bug("opinions are always seen", CLOCK, "hides & 1 << OPINION_REQUESTED != 0", "False"),
    Bug("one hidden result hides the finish", CLOCK, "hides & RESULTS == RESULTS", "hides & RESULTS != 0"),
    Bug("an end that is seen is not known", CLOCK, "no_finish = end < 0 and (", "no_finish = ("),
    Bug("a finish in time is doubted", CLOCK, "elif no_pauses and (is_late or is_paused):", "elif no_pauses:"),
    Bug(
        "an open pause is believed", CLOCK, "elif no_pauses and (is_late or is_paused):", "elif no_pauses and is_late:"
    ),
    Bug("the end of a stop is always seen", CLOCK, "no_receipt = bare != NONE", "no_receipt = False"),
    Bug("a hidden receipt hides a seen stop", CLOCK, "if since < sure:", "if False:"),
    Bug("a new date is always seen", CLOCK, "hides & 1 << REAPPOINTED != 0 and reappointed == NONE", "False"),
    Bug("a closing is doubted away", CLOCK, "if p != CLOSED:", "if True:"),
    Bug(
        "a hidden apology is missed",
        RULES,
        "and facts.hidden & doubt.absences(facts.other_level) and not doubt.judged:",
        "and False:",
    ),
    Bug(
        "a late transfer stands though an end may be hidden",
        RULES,
        'if outcome in ("missed", "met_late") and doubt.or_result',
        'if outcome == "missed" and doubt.or_result',
    ),
    Bug("a refusal at reception would be seen", CLOCK, "if hides & GAP_FINISH != 0 and shut < 0:", "if False:"),
    Bug(
        "what is late by a date in doubt is late",
        RULES,
        "and (doubt := doubt_of(self.rule, node)).by_lateness:",
        "and False and (doubt := doubt_of(self.rule, node)):",
    ),
    Bug("a hidden request keeps the limit", RULES, 'if outcome == "kept" and facts.hidden & doubt.kinds:', "if False:"),
    Bug(
        "a record without stops keeps the limit",
        RULES,
        '(outcome == "kept" or doubt.by_date_said)',
        "doubt.by_date_said",
    ),
    Bug("an undated duty is missed at once", RULES, 'if outcome == "missed" and not facts.ended and', "if False and"),
    Bug(
        "bulk: a hidden apology is missed",
        FULFILLED,
        "if doubt.kinds and not doubt.judged:",
        "if False:",
        engine="bulk",
    ),
    Bug("bulk: an undated duty is missed at once", FULFILLED, "if rule.is_undated(duty):", "if False:", engine="bulk"),
    Bug(
        "bulk: lateness in doubt is lateness",
        FULFILLED,
        "        if doubt.by_lateness:",
        "        if False:",
        engine="bulk",
    ),
    Bug(
        "bulk: a finish that is not shown is missed",
        FULFILLED,
        "        if doubt.by_finish:",
        "        if False:",
        engine="bulk",
    ),
    Bug(
        "bulk: a record without stops keeps the limit",
        FULFILLED,
        '[(f"{outcome} == {KEPT} and {hides} & {doubt.kinds} != 0", NOT_OBSERVED), (said, PAUSES)]',
        '[(f"{outcome} == {KEPT} and {hides} & {doubt.kinds} != 0", NOT_OBSERVED)]',
        engine="bulk",
    ),
    Bug(
        "the first excluded day counts",
        CLOCK,
        "insert_from = x[i] * 1440 if in_hours else x[i] - 1",
        "insert_from = x[i] * 1440 if in_hours else x[i]",
    ),
    Bug(
        "the last excluded day counts",
        CLOCK,
        "(y[i] + 1) * 1440 if in_hours else y[i]",
        "(y[i] + 1) * 1440 if in_hours else y[i] - 1",
    ),
    Bug("an excluded hour ends a day early", CLOCK, "(y[i] + 1) * 1440", "y[i] * 1440"),
    Bug("one excluded day is reversed", CLOCK, "x[i] > y[i]", "x[i] >= y[i]"),
    Bug(
        "the second pause replaces the first",
        CLOCK,
        "note |= ALREADY_PAUSED",
        "note |= ALREADY_PAUSED; paused_at = here",
    ),
    Bug("an opinion ends any other", CLOCK, "while j < asked and asked_tag[j] != tag[i]:", "while False:", 2, 2),
    Bug("a payment always pauses", CLOCK, "if awaits[k] & WAITS_PAYMENT != 0:", "if True:", 1, 2),
    Bug("a payment never ends", CLOCK, "if awaits[k] & WAITS_PAYMENT != 0:", "if False:", 2, 2),
    Bug(
        "a restart keeps the old pause",
        CLOCK,
        "paused_at = NONE\n                            payment_at = NONE",
        "payment_at = NONE",
    ),
    Bug("a restart keeps the old opinions", CLOCK, "asked = 0\n                            working = 0", "working = 0"),
    Bug(
        "a restart keeps the old appointment",
        CLOCK,
        "working = 0\n                            reappointed = NONE",
        "working = 0",
    ),
    Bug("a restart runs from the request", CLOCK, "s_day = day[i]\n", "s_day = waiting_minute // 1440\n"),
    Bug(
        "a request on the due date works",
        CLOCK,
        "if gate != NONE and here < gate:",
        "if gate != NONE and here <= gate:",
    ),
    Bug("the applicant's fault counts", CLOCK, "if flags[i] & APPLICANT_FAULT == 0:", "if True:"),
    Bug("a request before appraisal stops the clock", CLOCK, "if flags[i] & BEFORE_APPRAISAL != 0:", "if False:"),
    Bug("a receipt before appraisal is an orphan", CLOCK, "waiting_silently = True", "pass"),
    Bug("an end leaves the open pause out", CLOCK, "insert_from = since", "insert_from = here"),
    Bug("an end leaves the open waiting out", CLOCK, "since = min(since, waiting_at)", "pass"),
    # slips and re-appointments
    Bug("the due date itself is a new one", CLOCK, "x[i] <= due:", "x[i] < due:"),
    Bug("the last re-appointment moves", CLOCK, "if reappointed == NONE:", "if True:"),
    Bug(
        "a re-appointment may shorten",
        CLOCK,
        "elif reappointed != NONE and reappointed > due:",
        "elif reappointed != NONE:",
    ),
    Bug("an earlier slip is no difference", CLOCK, "promised != agreed:", "promised > agreed:"),
    Bug("a new slip is held against the first due date", CLOCK, "agreed = due if working == 0 else NONE", "pass"),
    Bug("a supplement's slip is not read", CLOCK, "promised = x[i]\n", "pass\n", 2, 2),
    # lateness
    Bug("late on the due date", CLOCK, "is_late = f_day > d\n", "is_late = f_day >= d\n"),
    Bug("late at the very minute", CLOCK, "is_late = f_minute > m", "is_late = f_minute >= m"),
    Bug("the wait is not taken off", CLOCK, "if by == QD766 and waited + longer > 0:", "if False:"),
    Bug("a wait without an hour is sure", CLOCK, "loose = longer + shorter + ", "loose = 0 * "),
    Bug("it may come back after it went again", CLOCK, "if day[i] == received_day:", "if False:"),
    Bug("late at the third request", CLOCK, "done < 0 and requests > 1:", "done < 0 and requests > 2:"),
    Bug("on time is early", CLOCK, "EARLY if f_day < d else ON_TIME", "EARLY if f_day <= d else ON_TIME"),
    Bug("due soon a day too late", CLOCK, "DUE_SOON if a - b <= ", "DUE_SOON if a - b < "),
    Bug("a day of lateness lost", CLOCK, "q = f_day - d\n", "q = f_day - d - 1\n"),
    Bug("a result returned is after the end", CLOCK, "1 | 1 << RESULT_RETURNED | 1 << SYNCED", "1 | 1 << SYNCED"),
    Bug("provisional from the first day on", CLOCK, "(provisional[b] if b >= 0 else 0)", "0"),
    # the order of events
    Bug(
        "events as they stand",
        TIMELINE,
        "ordered = sorted(range(len(events)), key=orders.__getitem__)",
        "ordered = list(range(len(events)))",
    ),
    Bug("ties from the back", TIMELINE, "key=orders.__getitem__)", "key=lambda at: (orders[at], -at))"),
    Bug("the day asked about has no events", TIMELINE, "if day > as_of:", "if day >= as_of:"),
    Bug(
        "fields that are not known are not compared",
        TIMELINE,
        "if not (fields := unknown_fields(event)):",
        "if True or not (fields := unknown_fields(event)):",
    ),
    Bug("duplicates count", TIMELINE, "if rest in alike:", "if False:"),
    Bug("a blank is a ground", TIMELINE, 'fields["ground"] and fields["ground"].strip()', 'fields["ground"]'),
    Bug("a blank is a reason", TIMELINE, 'if not fields["reason"].strip():', 'if not fields["reason"]:'),
    Bug(
        "not said means before appraisal",
        TIMELINE,
        'fields["after_appraisal"] is False',
        'not fields["after_appraisal"]',
    ),
    # the calendar
    Bug(
        "made-up days are ignored",
        WORKDAYS,
        "works[day - self.base] = row.kind in WORKING",
        "works[day - self.base] = 0",
    ),
    Bug("an awaited Tết is worked", WORKDAYS, "elif row.block:", "elif False:"),
    Bug(
        "a letter is known a day late",
        WORKDAYS,
        "bisect_right(self.publications, day)",
        "bisect_right(self.publications, day - 1)",
    ),
    Bug(
        "the last published year is provisional",
        WORKDAYS,
        "date(self.law.last_published_year + 1, 1, 1)",
        "date(self.law.last_published_year, 1, 1)",
    ),
    # deadlines and duties
    Bug("done on the due date is late", OUTCOME, "done <= due", "done < due"),
    Bug("missed on the due date", OUTCOME, "as_of > due", "as_of >= due"),
    Bug(
        "15:00 is after 15:00",
        RULES,
        "facts.accepted_minute <= condition.cutoff",
        "facts.accepted_minute < condition.cutoff",
    ),
    Bug("a day off is a workday at reception", RULES, "in_time = _works(facts) and", "in_time ="),
    Bug(
        "the third workday is late",
        OUTCOME,
        "facts.slowest_return <= way.amount",
        "facts.slowest_return < way.amount",
    ),
    Bug("an unknown hour is before the hour", RULES, "elif self.hour_is_missing and not", "elif False and not"),
    Bug(
        "an unknown hour is never known",
        RULES,
        "later is not None and self._done_or_not(*later).outcome == found.outcome",
        "False",
    ),
    Bug("an act on land binds every field", RULES, "return facts.field in condition.fields", "return True"),
    Bug(
        "case tells fields apart",
        REFERENCE,
        'field=alike(asked.dossier.field or "")',
        'field=asked.dossier.field or ""',
    ),
    Bug(
        "composed: an act on land binds another field",
        FLAT,
        "channel[k] >> {FIELD_AT}",
        "channel[k] >> {FIELD_AT + 1}",
        engine="composed",
    ),
    Bug("bulk: case tells fields apart", SCORE, "slots.field(alike(text))", "slots.field(text)", engine="bulk"),
    Bug("paper is no transfer to another level", RULES, "node.counting(facts.other_level)", "node.events"),
    Bug("paper is a transfer to any level", RULES, "node.counting(facts.other_level)", "node.counting(True)"),
    Bug("sector law is not asked", OUTCOME, "if node.unless_limit is not None and own is not None:", "if False:"),
    Bug("sector law gives no more time to return", OUTCOME, "if way.unless_limit is None or own is None:", "if True:"),
    Bug("a closing is moved off a day off", OUTCOME, "    if not rolls:\n        return last\n", "", 1, 1),
    Bug(
        "the first return counts, not the worst",
        OUTCOME,
        "for start, asked in facts.returns:",
        "for start, asked in facts.returns[:1]:",
    ),
    Bug("a month of sector law has thirty days", OUTCOME, "min(then.day, longest)", "min(then.day, 30)"),
    Bug("as many as allowed is too many", RULES, "> node.at_most else", ">= node.at_most else"),
    Bug(
        "the first day in force binds nobody",
        RULES,
        "found.act_by < self.rule.asked_since",
        "found.act_by <= self.rule.asked_since",
    ),
    Bug("a result on the day to act does not count", RULES, "seen.day <= by", "seen.day < by"),
    Bug("a late act hides what discharges", RULES, 'elif outcome != "met":', 'elif outcome == "missed":'),
    Bug("a pause hides the duties", STATUTE, 'return facts.dates["original_due"] if', "return None if"),
    Bug(
        "the minute of the due date is late",
        RULES,
        "seen.minute <= self.facts.lawful_minute",
        "seen.minute < self.facts.lawful_minute",
    ),
    Bug("a limit in hours ends at midnight", RULES, "self.facts.as_of >= due", "self.facts.as_of > due"),
    Bug(
        "a version begins a day late",
        STATUTE,
        "rules[bisect_right(starts, day)]",
        "rules[bisect_right(starts, day - 1)]",
    ),
    Bug("the last request picks the version", STATUTE, "{1: second, 2: third}[limit.at_most]", "last"),
    Bug(
        "the form does not matter",
        RULES,
        'return "met" if all(flags & MUST_BE',
        'return "met" if True or all(flags & MUST_BE',
    ),
    Bug("the worst slip counts", RULES, '("met", "undetermined", "missed")', '("missed", "undetermined", "met")'),
    Bug(
        "an overlay is known before its day",
        RULES,
        "o.in_force.covers(day, facts.known_on)",
        "o.in_force.covers(day, 1 << 30)",
    ),
    Bug(
        "a version is known a day late",
        IN_FORCE,
        "if known_on >= version.in_force.issued_on",
        "if known_on > version.in_force.issued_on",
    ),
    # from the clock to the rules
    Bug("no channel is online", REFERENCE, 'asked.dossier.channel or "in_person"', 'asked.dossier.channel or "online"'),
    Bug(
        "a withdrawal is a result",
        REFERENCE,
        "at >= 0 and line.kind[at] in (clock.WITHDRAWN, clock.DOSSIER_CLOSED)",
        "False",
    ),
    Bug("the promise by today's calendar", KNOWN, "law.known_on(min(accepted, known_on))", "law.known_on(known_on)"),
    Bug(
        "the promise by a calendar of the future",
        KNOWN,
        "law.known_on(min(accepted, known_on))",
        "law.known_on(accepted)",
    ),
    Bug(
        "every reading is an assumption",
        DRESS,
        "if out[clock.O_RESTARTED] and used.supplement_reading:",
        "if used.supplement_reading:",
    ),
    Bug(
        "the end of a clock is known before its day",
        REGIMES,
        "c.in_force.known_end(day)",
        "(1 << 30) if c.in_force.until is None else c.in_force.until",
    ),
    Bug(
        "a clock is known before its day",
        REGIMES,
        "version.in_force.issued_on <= day",
        "version.in_force.issued_on <= 1 << 30",
    ),
    Bug("a place ends a day early", DRESS, "day > place.until", "day >= place.until"),
    # the same and others in the bulk core
    Bug("bulk: missed on the due date", FLAT, "if today > {due} else", "if today >= {due} else", engine="bulk"),
    Bug("bulk: done on the due date is late", FLAT, "if {done} <= {due} else", "if {done} < {due} else", engine="bulk"),
    Bug("bulk: a limit in hours ends at midnight", FLAT, "today >= {due}:", "today > {due}:", engine="bulk"),
    Bug(
        "bulk: the minute of the due date is late", FLAT, "if {at} <= {end} else", "if {at} < {end} else", engine="bulk"
    ),
    Bug("bulk: an hour that is missing is midnight", FLAT, "if {at} < 0:", "if {at} < -1:", engine="bulk"),
    Bug("bulk: a pause hides no due date", FLAT, "if {waiting} != 0 else", "if {waiting} < 0 else", 2, 2, "bulk"),
    Bug(
        "bulk: 15:00 is after 15:00",
        FLAT,
        "{minute} <= {condition.cutoff}",
        "{minute} < {condition.cutoff}",
        engine="bulk",
    ),
    Bug("bulk: a day off is a workday at reception", FLAT, "({works} != 0 and", "({works} != 2 and", engine="bulk"),
    Bug("bulk: the later of two results counts", FLAT, "or {place} < {name})", "or {place} > {name})", engine="bulk"),
    Bug("bulk: a withdrawal is handled", FLAT, "== {clock.WITHDRAWN} or", "== {clock.LOST} or", engine="bulk"),
    Bug("bulk: the third workday is late", FULFILLED, "{rank} <= {way.amount}", "{rank} < {way.amount}", engine="bulk"),
    Bug(
        "bulk: the first day in force binds nobody",
        FULFILLED,
        "< {due} < {rule.asked_since}:",
        "< {due} <= {rule.asked_since}:",
        engine="bulk",
    ),
    Bug(
        "bulk: a result on the day to act does not count",
        FULFILLED,
        "and {done} <= {by}",
        "and {done} < {by}",
        engine="bulk",
    ),
    Bug(
        "bulk: the conditions of a version are ignored",
        COMPOSE,
        "if rule.applies_if:",
        "if False and rule.applies_if:",
        engine="bulk",
    ),
    Bug("bulk: those who were not asked are judged", COMPOSE, "if {rank} >= 0:", "if {rank} >= -1:", engine="bulk"),
    Bug(
        "bulk: what waives comes before what discharges",
        FULFILLED,
        "ways = ((duty.or_by, MET, BY_OTHER), (duty.waived, NOT_OWED, WAIVED))",
        "ways = ((duty.waived, NOT_OWED, WAIVED), (duty.or_by, MET, BY_OTHER))",
        engine="bulk",
    ),
    Bug(
        "bulk: an act of a place begins a day late", COMPOSE, "{start - 1 for start", "{start for start", engine="bulk"
    ),
    Bug("bulk: a version begins a day late", COMPOSE, "{start} <= {day} <=", "{start} < {day} <=", engine="bulk"),
    Bug("bulk: a version ends a day early", COMPOSE, "<= {day} <= {until}", "<= {day} < {until}", engine="bulk"),
    Bug(
        "bulk: as many as allowed is too many",
        FULFILLED,
        "> {limit.at_most} else",
        ">= {limit.at_most} else",
        engine="bulk",
    ),
    Bug(
        "bulk: the last request picks the version",
        COMPOSE,
        "for limit in rule.limits[::-1]:",
        "for limit in rule.limits[:0]:",
        engine="bulk",
    ),
    Bug(
        "bulk: an unknown hour is never known",
        FULFILLED,
        'head = f"if {other.outcome} != {found.outcome}:"',
        'head = f"if {other.outcome} >= 0:"',
        engine="bulk",
    ),
    Bug(
        "bulk: paper is a transfer to any level",
        FLAT,
        'f"{every} if {self._holds(OtherLevel())} else {usual}"',
        "every",
        engine="bulk",
    ),
    Bug("bulk: sector law is not asked", FLAT, 'f"if {own} < 0:"', 'f"if {own} < 100:"', engine="bulk"),
    Bug(
        "bulk: sector law gives no more time to return",
        FULFILLED,
        'self._inner(f"if {own} >= 0:")',
        'self._inner(f"if {own} >= 1 << 28:")',
        engine="bulk",
    ),
    Bug(
        "bulk: a month of sector law has thirty days",
        TIMES,
        '{of_month} = min({of_month}, {longest})"',
        '{of_month} = min({of_month}, 30)"',
        engine="bulk",
    ),
    Bug(
        "bulk: the end of sector law is not moved",
        TIMES,
        'f"{place} = idx[{end} - base - 1] + 1"',
        'f"{place} = idx[{end} - base]"',
        engine="bulk",
    ),
    Bug("bulk: an empty reason is a reason", FULFILLED, "& {empty} != 0:", "& {empty} < 0:", engine="bulk"),
    Bug("bulk: a silent slip states nothing", FULFILLED, "!= {stated}:", "== {stated}:", engine="bulk"),
    Bug("bulk: the form does not matter", FULFILLED, "& {must} == {must} else", "& {must} >= 0 else", engine="bulk"),
    Bug(
        "bulk: the first slip counts, not the best",
        FULFILLED,
        "            if way.any:",
        "            if False:",
        engine="bulk",
    ),
    Bug(
        "bulk: an open trigger raises nothing",
        FULFILLED,
        "{trigger} if {open_} else {NOT_OWED}",
        "{NOT_OWED}",
        engine="bulk",
    ),
    Bug(
        "bulk: an hour of reception is not needed",
        FULFILLED,
        "if {minute} < 0 and {works}",
        "if {minute} < -1 and {works}",
        engine="bulk",
    ),
    # how a block's events are laid out
    Bug(
        "bulk: the day asked about has no events",
        PREPARE,
        "limit = (as_of + 1) * DAY",
        "limit = as_of * DAY",
        1,
        3,
        engine="bulk",
    ),
    Bug("bulk: a day later", PREPARE, "d = t // DAY\n", "d = t // DAY + 1\n", 1, 2, engine="bulk"),
    Bug("bulk: a slip a day later", PREPARE, "d = t // DAY\n", "d = t // DAY + 1\n", 2, 2, engine="bulk"),
    Bug(
        "bulk: minutes are rounded down",
        PREPARE,
        "(t + MINUTE - 1) // MINUTE",
        "t // MINUTE",
        1,
        2,
        engine="bulk",
    ),
    Bug(
        "bulk: no hour is midnight", PREPARE, "minute[count + i - lo] = -1", "minute[count + i - lo] = 0", engine="bulk"
    ),
    Bug("bulk: no hour of a slip is midnight", PREPARE, "y[e] = -1", "y[e] = 0", engine="bulk"),
    Bug("bulk: events as they stand", PREPARE, "odd = OUT_OF_ORDER", "odd = 0", engine="bulk"),
    Bug("bulk: the sort turned", PREPARE, "[m - 1]] > t:", "[m - 1]] < t:", engine="bulk"),
    Bug("bulk: ties in the other order", PREPARE, "[m - 1]] > t:", "[m - 1]] >= t:", engine="bulk"),
    Bug("bulk: what does not exist yet is sorted in", PREPARE, "if t < limit:\n", "if True:\n", 2, 2, engine="bulk"),
    Bug("bulk: duplicates count", PREPARE, "if told != 0 and again[b + i] != 0:", "if False:", engine="bulk"),
    Bug(
        "bulk: an agency stays where it stood",
        PREPARE,
        "tag[lo + j] = moved[j]",
        "tag[lo + j] = tag[lo + j]",
        engine="bulk",
    ),
    Bug("bulk: the mask of a field inverted", PREPARE, "word = bits[w] & WORD", "word = bits[w] ^ WORD", engine="bulk"),
    Bug("bulk: the first field of a word alone", PREPARE, "word ^= low", "word = 0", engine="bulk"),
    Bug("bulk: fields before the first event", PREPARE, "word &= -1 << (start & 31)", "word &= -1", engine="bulk"),
    Bug("bulk: a slip at the event before", PREPARE, "x[e] = d", "x[max(e - 1, 0)] = d", engine="bulk"),
    Bug(
        "bulk: an excluded day later",
        PREPARE,
        "into[where[j]] = t // DAY",
        "into[where[j]] = t // DAY + 1",
        engine="bulk",
    ),
    Bug("bulk: one agency", PREPARE, "= codes[found[j]] + 1", "= 1", engine="bulk"),
    Bug("bulk: a word of the event before", PREPARE, "meaning[codes[found[j]]]", "meaning[0]", engine="bulk"),
    Bug(
        "bulk: an unknown field is not noted",
        PREPARE,
        "flags[p + into] |= FIELD_UNKNOWN",
        "flags[p + into] |= 0",
        engine="bulk",
    ),
    Bug(
        "bulk: the dates of an exclusion swapped",
        FIELDS,
        '"to": (FieldReading.DAY, {"into": "y"})',
        '"to": (FieldReading.DAY, {"into": "x"})',
        engine="bulk",
    ),
    Bug("bulk: an apology without a new date", FIELDS, "flag=clock.HAS_NEW_DUE", "flag=0", engine="bulk"),
    Bug(
        "bulk: false is true",
        FIELDS,
        '"applicant_fault": (0, clock.APPLICANT_FAULT)',
        '"applicant_fault": (clock.APPLICANT_FAULT, 0)',
        engine="bulk",
    ),
    Bug(
        "bulk: a place ends a day early",
        SCORE,
        "day_of(where.until) for where",
        "day_of(where.until) - 1 for where",
        engine="bulk",
    ),
    Bug("bulk: every place under the first law", SCORE, "= np.arange(len(numbers))", "= 0", engine="bulk"),
    # the steps of agencies
    Bug("a step that was set before acceptance counts", STEPS, "for i in range(start + 1, hi):", "for i in range(hi):"),
    Bug("a step that is set after the end counts", STEPS, "and (end < 0 or i < end):", "and True:"),
    Bug("any agency does a step", STEPS, "kind[j] == answer and tag[j] == tag[i]", "kind[j] == answer"),
    Bug("one deed does two steps", STEPS, "if step_done[j] < 0 or c == OPINION_REQUESTED:", "if True:"),
    Bug("an opinion answers once", STEPS, "if step_done[j] < 0 or c == OPINION_REQUESTED:", "if step_done[j] < 0:"),
    Bug("what was done before is done", STEPS, "(minute[j] < 0 or minute[j] == minute[i])", "True"),
    Bug("a bare day does nothing", STEPS, "(minute[j] < 0 or minute[j] == minute[i])", "minute[j] == minute[i]"),
    Bug("done on its day is early", STEPS, "if day[found] < due:", "if day[found] <= due:"),
    Bug("the minute of a step says nothing", STEPS, " or 0 <= timed < minute[found]", ""),
    Bug("done in its minute is late", STEPS, "0 <= timed < minute[found]", "0 <= timed <= minute[found]"),
    Bug("a step waits beyond the end", STEPS, "if end >= 0:", "if False:"),
    Bug("a day ends as it begins", STEPS, "0 <= timed < last_minute", "timed < last_minute"),
    Bug("what is hidden is overdue", STEPS, "if hides & 1 << answer != 0:", "if False:"),
    Bug("what is hidden of a step is not noted", STEPS, "out[O_NOTES * n + k] |= NOT_OBSERVED", "pass"),
    Bug(
        "an opinion that waits for no day is a step", STEPS, "OPINION_REQUESTED and x[i] != NONE)", "OPINION_REQUESTED)"
    ),
    Bug("a step without a due date is judged", STEPS, "if due == NONE:", "if False:"),
    Bug(
        "composed: an opinion is no step",
        ASKED,
        "STEP_ASSIGNED not in line.kind and clock.OPINION_REQUESTED not in line.kind",
        "STEP_ASSIGNED not in line.kind",
        engine="composed",
    ),
    Bug(
        "composed: a step has no minute",
        DRESS,
        "_moment(line.x[at], line.y[at])",
        "_moment(line.x[at], -1)",
        engine="composed",
    ),
    Bug(
        "bulk: a step has no due date",
        FIELDS,
        "_slip(clock.OPINION_REQUESTED, clock.STEP_ASSIGNED)",
        "_slip(clock.OPINION_REQUESTED)",
        engine="bulk",
    ),
    Bug(
        "bulk: the steps of the dossier before",
        RESULT,
        "minlength=n), out=offsets[1:]",
        "minlength=n), out=offsets[:-1]",
        engine="bulk",
    ),
    Bug(
        "bulk: what was not done has a day",
        RESULT,
        "pa.array(done, mask=done == clock.NONE)",
        "pa.array(np.maximum(done, 0))",
        engine="bulk",
    ),
    Bug(
        "bulk: the agency beside",
        RESULT,
        "pa.array(tags - 1, mask",
        "pa.array(np.maximum(tags - 2, 0), mask",
        engine="bulk",
    ),
    Bug(
        "bulk: no step has a minute",
        RESULT,
        "np.where((y >= 0) & (y < WHOLE_DAY), y, WHOLE_DAY)",
        "WHOLE_DAY",
        engine="bulk",
    ),
    # an action of each kind removed
    Bug(
        "bulk: an outcome is not written",
        COMPOSE,
        'f"outcome[{cell}] = {found.outcome}"',
        'f"outcome[{cell}] = outcome[{cell}]"',
        engine="bulk",
    ),
    Bug(
        "bulk: a day to act by is not written",
        COMPOSE,
        'f"act_by[{cell}] = {found.act_by}"',
        'f"act_by[{cell}] = act_by[{cell}]"',
        engine="bulk",
    ),
    Bug(
        "bulk: the rule behind it is not written",
        COMPOSE,
        'f"act[{cell}] = {code}"',
        'f"act[{cell}] = act[{cell}]"',
        engine="bulk",
    ),
    Bug(
        "bulk: a note is not written",
        COMPOSE,
        'f"noted[k] = noted[k] | {found.note}"',
        '"noted[k] = noted[k]"',
        engine="bulk",
    ),
    Bug(
        "bulk: an amendment that nobody saw is not told",
        COMPOSE,
        'f"readings[k] = readings[k] | {bit}"',
        '"readings[k] = readings[k]"',
        engine="bulk",
    ),
    Bug(
        "bulk: the acts of a place are left out",
        COMPOSE,
        "self._act(duty, rule, overlays)}",
        "self._act(duty, rule, ())}",
        engine="bulk",
    ),
    # what lies ahead
    Bug(
        "due soon opens a day late",
        CLOCK,
        "                    turns = nth[at_nth + m]\n",
        "                    turns = nth[at_nth + m] + 1\n",
    ),
    Bug("the opening of due soon is left out", CLOCK, "if p == PENDING and m < n_nth", "if False and m < n_nth"),
    Bug("a due date passes on its day", CLOCK, "turns = d if m < 1440 else d + 1", "turns = d"),
    Bug("a due date by the minute passes the day after", CLOCK, "turns = d if m < 1440 else d + 1", "turns = d + 1"),
    Bug(
        "the second punctuality never turns",
        CLOCK,
        "if turns != NONE and (out",
        "if turn == 0 and turns != NONE and (out",
    ),
    Bug("a step is overdue on its day", STEPS, "turns = due if 0 <= timed < 1440 else due + 1", "turns = due"),
    Bug(
        "a step by the minute is overdue the day after",
        STEPS,
        "turns = due if 0 <= timed < 1440 else due + 1",
        "turns = due + 1",
    ),
    Bug("steps never turn", STEPS, "elif end < 0:", "elif False:"),
    Bug("days on which duties pass are left out", EXPECTED, "yield day if minute < 1440 else day + 1", "yield from ()"),
    Bug("a duty passes a day late", EXPECTED, "yield day if minute < 1440 else day + 1", "yield day + 2"),
    Bug("what depends on lateness is owed", EXPECTED, '[0] == "pending":', '[0] == "nothing":'),
    Bug("what is done is still expected", EXPECTED, "        or reading.first(by", "        or None is (by"),
    Bug("what is hidden is expected", EXPECTED, "        or facts.hidden & doubt", "        or 0 & doubt"),
    Bug("what may have ended is expected", EXPECTED, "if facts.unsure & clock.FINISH_UNSURE:", "if False:"),
    Bug("nothing is expected after an end", EXPECTED, "and by.since != AFTER_THE_END", ""),
    Bug("the last act comes first", ACTS, "key=lambda act: (act.day, act.id)", "key=lambda act: (-act.day, act.id)"),
    Bug("acts of one day are in no order", ACTS, "key=lambda act: (act.day, act.id)", "key=lambda act: act.day"),
    Bug("the result in doubt is expected", ACTS, "and not in_doubt", ""),
    Bug("a step whose answer is hidden is expected", ACTS, "and not asked.hidden >> answer & 1", ""),
    Bug("bulk: a duty passes a day late", FLAT, 'passes = f"{due} + 1"', 'passes = f"{due} + 2"', engine="bulk"),
    Bug("bulk: days on which duties pass are left out", FLAT, 'f"turn = {turns}"', 'f"turn = turn"', engine="bulk"),
    Bug(
        "bulk: what depends on lateness is owed",
        FLATACTS,
        'f"if {trigger} != {PENDING}:"',
        'f"if {trigger} != -1:"',
        engine="bulk",
    ),
    Bug("bulk: what is done is still expected", FLATACTS, 'f"{place} < 0"', 'f"{place} < 1 << 30"', engine="bulk"),
    Bug(
        "bulk: what is hidden is expected",
        FLATACTS,
        'f"{self._hides()} & {doubt.kinds} == 0"',
        'f"{self._hides()} & 0 == 0"',
        engine="bulk",
    ),
    Bug(
        "bulk: the greater name comes first",
        FLATACTS,
        "and {rank} < what):",
        "and {rank} > what):",
        engine="bulk",
    ),
    Bug(
        "bulk: a step is never the first act",
        RESULT,
        'if known is None or (day, STEP + (name or "")) < known:',
        "if False:",
        engine="bulk",
    ),
    Bug(
        "composed: doubt that begins is left out", NEXT, "if now < unsure_from < then:", "if False:", engine="composed"
    ),
    Bug(
        "composed: a duty that passes for nothing is a change",
        NEXT,
        "        if same == 0:\n",
        "        if same <= 1:\n",
        engine="composed",
    ),
    Bug(
        "composed: an outcome that differs is no change",
        NEXT,
        "outcome[c] != new_outcome[c] or",
        "",
        engine="composed",
    ),
    Bug(
        "composed: that it depends on lateness is lost",
        FLATACTS,
        "{RESULT_LATE if doubt.by_lateness else RAISED_LATER}",
        "{OWED}",
        engine="composed",
    ),
    # how the answers become columns
    Bug("bulk: a mask inverted", RESULT, "codes[:, :n] != 0", "codes[:, :n] == 0", engine="bulk"),
    Bug(
        "bulk: a bitmap off by one row",
        RESULT,
        "np.packbits(there, axis=1,",
        "np.packbits(np.roll(there, 1, axis=1), axis=1,",
        2,
        2,
        engine="bulk",
    ),
    Bug(
        "bulk: a bitmap of outcomes off by one row",
        RESULT,
        "np.packbits(there, axis=1,",
        "np.packbits(np.roll(there, 1, axis=1), axis=1,",
        1,
        2,
        engine="bulk",
    ),
    Bug(
        "bulk: a bitmap of the column beside",
        RESULT,
        "py_buffer(bits[row])",
        "py_buffer(bits[row - 1])",
        2,
        2,
        engine="bulk",
    ),
    Bug("bulk: a column off by one row", RESULT, "(row * stride, size)", "(row * stride + 4, size)", engine="bulk"),
    Bug(
        "bulk: two columns swapped",
        SCORE,
        '"original_due", "lawful_due",',
        '"lawful_due", "original_due",',
        engine="bulk",
    ),
    Bug(
        "bulk: two notes on one bit",
        SCORE,
        "NOTED_AT: Final = LOG_AT + 3",
        "NOTED_AT: Final = LOG_AT + 2",
        engine="bulk",
    ),
    Bug(
        "bulk: a promise at midnight has no hour",
        RESULT,
        "minute == WHOLE_DAY\n",
        "minute % WHOLE_DAY == 0\n",
        engine="bulk",
    ),
    Bug("bulk: faults in the wrong order", RESULT, "reversed(range(some))", "range(some)", engine="bulk"),
    Bug("bulk: the word of the key beside", WORDS, "mine = table[codes]", "mine = table[codes - 1]", engine="bulk"),
    Bug("bulk: a letter is known a day late", TABLES, 'side="right"', 'side="left"', engine="bulk"),
)

BUGS: Final = (
    *_BUGS,
    *(
        bug._replace(name=f"composed{bug.name[4:]}", engine="composed")
        for bug in _BUGS
        if bug.engine == "bulk" and bug.module in (COMPOSE, FULFILLED, FLAT, TIMES)
    ),
)
"""What is composed runs in CPython and compiled: a wrong line must be seen in both."""
