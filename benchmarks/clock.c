/* The same loop as tthc_rules/law/clock.py `run`, by hand in C, without its marks: what the fast core is measured
 * against. Names and order follow that file; the answers must be equal, column by column, before a time counts. */

#include <stdint.h>

enum {
    ACCEPTED = 2, REFUSED = 3, FORWARDED = 4, SUPPLEMENT_REQUESTED = 5, SUPPLEMENT_RECEIVED = 6, PAUSED = 7,
    RESUMED = 8, PAYMENT_AWAITED = 9, PAYMENT_RECEIVED = 10, OPINION_REQUESTED = 11, OPINION_RECEIVED = 12,
    STEP_ASSIGNED = 13, STEP_DONE = 14, DELAY_NOTICE = 15, APOLOGY = 16, REAPPOINTED = 17, EXCLUDED = 18,
    RECEIVED_BY_COMPETENT = 19, RESULT_ISSUED = 20, RESULT_RETURNED = 21, STOPPED = 22, WITHDRAWN = 23, LOST = 24,
    SYNCED = 25, OFFICERS_PUBLISHED = 26
};
#define ENDS (1 << RESULT_ISSUED | 1 << RESULT_RETURNED | 1 << REFUSED | 1 << STOPPED | 1 << WITHDRAWN)
enum { BEFORE_APPRAISAL = 1, APPLICANT_FAULT = 2, HAS_GROUND = 4 };
enum { WORKDAY, CALENDAR_DAY, WEEK, MONTH, YEAR, WORK_HOUR, LIMIT_NONE, LIMIT_UNKNOWN };
enum { WAITS_PAYMENT = 1, WAITS_OPINION = 2 };
enum { BY_PAUSE, BY_RESTART };
enum { EVENT_DAY, NEXT_WORKDAY };
enum { BY_DATE, BY_INSTANT, PROMISED_BY_DATE, PROMISED_BY_INSTANT, QD766 };
enum {
    NOT_STARTED, PENDING, DUE_SOON, IS_PAUSED, EARLY, ON_TIME, RETURNED_LATE, OVERDUE, CLOSED, NO_LIMIT, UNDETERMINED
};
enum { KNOWN, NO_REGIME, NO_LIMIT_KNOWN, LIMIT_IS_NONE, HOUR_UNKNOWN, BEFORE_CALENDAR, BEYOND_CALENDAR };
enum {
    BEFORE_ACCEPTANCE = 1, SECOND_ACCEPTANCE = 2, ORPHAN_RESUME = 4, ALREADY_PAUSED = 8, ORPHAN_SUPPLEMENT = 16,
    AFTER_END = 32, REAPPOINTMENT_IGNORED = 64, PAUSE_WITHOUT_GROUND = 128, PROMISE_DIFFERS = 256,
    EXCLUSION_IGNORED = 512, ALREADY_WAITING = 1024
};
enum {
    O_REASON, O_REGIME, O_ACCEPTED, O_START, O_LAST_START, O_END, O_ORIGINAL_DAY, O_ORIGINAL_MINUTE, O_LAWFUL_DAY,
    O_LAWFUL_MINUTE, O_CURRENT_DAY, O_PROMISED_DAY, O_PROMISED_MINUTE, O_REAPPOINTED_DAY, O_REAPPOINTMENTS, O_PAUSED,
    O_RESTARTED, O_REQUESTS, O_REQUEST_2, O_REQUEST_3, O_REQUEST_LAST, O_RETURN_RANK, O_PROVISIONAL, O_NOTES,
    O_PUNCTUALITY, O_WORKDAYS_LATE, O_DAYS_LATE, O_PUNCTUALITY_CURRENT, O_WORKDAYS_LATE_CURRENT, O_DAYS_LATE_CURRENT,
    O_UNROLLED, O_STOPS
};
#define NONE INT32_MIN
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define OUT(column) out[(int64_t)(column) * n + k]

typedef int32_t i32;
typedef int64_t i64;

static inline i64 floor_div(i64 a, i64 b) /* b > 0 */
{
    i64 q = a / b;
    return q - (a % b < 0);
}

static inline void first_of(i64 c, i64 i, i64 n, i64 k, const i32 *first_in, const i32 *since_in, i32 *out)
{
    i64 m = first_in[c];
    if (m >= 0 && OUT(m) < 0)
        OUT(m) = (i32)i;
    m = since_in[c];
    if (m >= 0 && OUT(m) < 0)
        OUT(m) = (i32)i;
}

void run(
    i64 n, const i64 *begins, const i64 *ends, const i32 *kind, const i32 *day, const i32 *minute, const i32 *x,
    const i32 *y, const i32 *tag, const i32 *flags, const i32 *amount, const i32 *unit, const i32 *cutoff,
    const i32 *awaits, const i32 *elsewhere, i64 as_of, i64 policy, i64 n_regimes, const i32 *regime_from,
    const i32 *regime_until, const i32 *regime_supplement, const i32 *regime_elsewhere, const i32 *regime_pause,
    const i32 *regime_receipt, const i32 *regime_soon, i64 base, i64 last, const i32 *edition, i64 now, const i32 *idx,
    const i32 *nth, const i32 *provisional, const i32 *hours, const i32 *shift_of, const i32 *shifts, i32 *stop_from,
    i32 *stop_to, i32 *asked_tag, i32 *asked_at, i32 *asked_works, const i32 *first_in, const i32 *since_in,
    i64 since_at, i64 n_out, i32 *restrict out)
{
    const i64 n_idx = last - base + 1;
    for (i64 k = 0; k < n; k++) {
        const i64 lo = begins[k], hi = ends[k];
        i64 notes = 0, i, j, m, q, w, a, b, c, h;

        /* acceptance */
        i64 accepted = -1, seen = 0;
        for (i = lo; i < hi; i++) {
            seen |= (i64)1 << kind[i];
            if (kind[i] == ACCEPTED && accepted < 0)
                accepted = i;
        }
        i64 picked = accepted;
        if (picked < 0 && elsewhere[k] != 0)
            for (i = lo; i < hi; i++)
                if (kind[i] == RECEIVED_BY_COMPETENT) {
                    picked = i;
                    break;
                }
        i64 regime = -1;
        if (picked >= 0) {
            regime = n_regimes - 1;
            while (regime >= 0 && !(regime_from[regime] <= day[picked] && day[picked] <= regime_until[regime]))
                regime--;
        }
        i64 start = accepted;
        if (elsewhere[k] != 0 && regime >= 0 && regime_elsewhere[regime] != 0) {
            start = -1;
            for (i = lo; i < hi; i++)
                if (kind[i] == RECEIVED_BY_COMPETENT && i >= picked) {
                    start = i;
                    break;
                }
            if (accepted < 0)
                accepted = start;
        }

        /* before it */
        i64 shut = -1;
        const i64 before = start >= 0 ? start : hi;
        for (i = lo; i < before; i++) {
            c = kind[i];
            if (c == REFUSED || c == WITHDRAWN) {
                if (shut < 0)
                    shut = i;
            } else if (c == FORWARDED && 0 <= accepted && accepted < i) {
                m = first_in[FORWARDED];
                if (m >= 0 && OUT(m) < 0)
                    OUT(m) = (i32)i;
            } else if (
                c == PAUSED || c == RESUMED || c == REAPPOINTED || c == EXCLUDED || c == RESULT_ISSUED ||
                c == RESULT_RETURNED || c == STOPPED || c == APOLOGY || c == DELAY_NOTICE || c == FORWARDED ||
                c == STEP_ASSIGNED || c == STEP_DONE || c == LOST)
                notes |= BEFORE_ACCEPTANCE;
        }
        OUT(O_REGIME) = (i32)regime;
        if (start < 0) {
            OUT(O_END) = (i32)shut;
            OUT(O_NOTES) = (i32)notes;
            OUT(O_PUNCTUALITY) = shut >= 0 ? CLOSED : NOT_STARTED;
            OUT(O_PUNCTUALITY_CURRENT) = OUT(O_PUNCTUALITY);
            continue;
        }
        OUT(O_ACCEPTED) = (i32)accepted;
        OUT(O_START) = (i32)start;

        /* the end */
        i64 issued = -1, returned = -1, refused = -1, withdrawn = -1;
        if (seen & ENDS)
            for (i = start + 1; i < hi; i++) {
                c = kind[i];
                if (c == RESULT_ISSUED) {
                    if (issued < 0)
                        issued = i;
                } else if (c == RESULT_RETURNED) {
                    if (returned < 0)
                        returned = i;
                } else if (c == REFUSED || c == STOPPED) {
                    if (refused < 0)
                        refused = i;
                } else if (c == WITHDRAWN && withdrawn < 0)
                    withdrawn = i;
            }
        i64 end = issued;
        if (end < 0)
            end = returned;
        if (end < 0)
            end = refused;
        if (end < 0)
            end = withdrawn;
        OUT(O_END) = (i32)end;

        /* can a due date be known at all? */
        const i64 limit = unit[k];
        i64 reason = KNOWN;
        if (regime < 0)
            reason = NO_REGIME;
        else if (day[start] < base || day[start] > last)
            reason = day[start] < base ? BEFORE_CALENDAR : BEYOND_CALENDAR;
        else if (limit == LIMIT_UNKNOWN)
            reason = NO_LIMIT_KNOWN;
        else if (limit == LIMIT_NONE)
            reason = LIMIT_IS_NONE;
        const int in_hours = limit == WORK_HOUR && amount[k] > 0;
        const int restarts = regime >= 0 && regime_supplement[regime] == BY_RESTART;
        const i64 shift = regime >= 0 && !in_hours ? regime_pause[regime] : 0;
        const int rolls = regime >= 0 && regime_receipt[regime] == NEXT_WORKDAY;
        i64 v = now;
        if (reason == KNOWN && base <= day[accepted] && day[accepted] <= last)
            v = edition[day[accepted] - base];
        i64 at = v * n_idx;
        i64 at_nth = at + v;
        i64 n_nth = idx[at + n_idx - 1] + 1;

        i64 s_day = day[start], s_minute = minute[start], last_start = start;
        i64 stops = 0, insert_from = 0, insert_to = 0;
        int inserting = 0;
        i64 gate = NONE, due = NONE, due_minute = 1440, original = NONE;
        i64 paused_at = NONE, payment_at = NONE, waiting_at = NONE, waiting_minute = NONE;
        int paused_works = 0, payment_works = 0, waiting_works = 0, waiting_silently = 0;
        i64 asked = 0, working = 0, waited = 0;
        i64 promised = NONE, promised_minute = 1440, reappointed = NONE, reappointments = 0, requests = 0;
        if (x[start] != NONE && kind[start] == ACCEPTED) {
            promised = x[start];
            promised_minute = y[start];
        } else if (x[accepted] != NONE) {
            promised = x[accepted];
            promised_minute = y[accepted];
        }

        /* three stages through one loop */
        int stage = 0, compute = 1;
        i = start + 1;
        for (;;) {
            if (inserting) {
                inserting = 0;
                if (stage == 2) {
                    insert_from -= shift;
                    insert_to -= shift;
                }
                if (insert_to > insert_from && (stage < 2 || insert_from < gate)) {
                    j = stops;
                    while (j > 0 && stop_to[j - 1] >= insert_from)
                        j--;
                    m = j;
                    while (m < stops && stop_from[m] <= insert_to) {
                        insert_from = MIN(insert_from, stop_from[m]);
                        insert_to = MAX(insert_to, stop_to[m]);
                        m++;
                    }
                    if (m == j) {
                        for (q = stops; q > j; q--) {
                            stop_from[q] = stop_from[q - 1];
                            stop_to[q] = stop_to[q - 1];
                        }
                        stops++;
                    } else if (m > j + 1) {
                        for (q = m; q < stops; q++) {
                            stop_from[q - (m - j - 1)] = stop_from[q];
                            stop_to[q - (m - j - 1)] = stop_to[q];
                        }
                        stops -= m - j - 1;
                    }
                    stop_from[j] = (i32)insert_from;
                    stop_to[j] = (i32)insert_to;
                    compute = stage == 2;
                }
            }
            if (compute) {
                compute = 0;
                i64 f_day = s_day, f_minute = s_minute, target;
                if (rolls && reason == KNOWN) {
                    target = (s_day > base ? idx[at + s_day - base - 1] : 0) + 1;
                    if (target < n_nth && nth[at_nth + target] > s_day) {
                        f_day = nth[at_nth + target];
                        f_minute = 0;
                    }
                }
                if (reason == KNOWN &&
                    ((in_hours && f_minute < 0) ||
                     (amount[k] == 0 && cutoff[k] >= 0 && f_minute < 0 &&
                      idx[at + f_day - base] > (f_day > base ? idx[at + f_day - base - 1] : 0))))
                    reason = HOUR_UNKNOWN;
                if (reason == KNOWN && in_hours) {
                    const i64 position = f_day * 1440 + f_minute;
                    target = hours[at_nth + f_day - base];
                    h = shift_of[f_day - base] * 4;
                    if (hours[at_nth + f_day - base + 1] > target)
                        for (b = h; b <= h + 2; b += 2)
                            if (f_minute > shifts[b])
                                target += (f_minute < shifts[b + 1] ? f_minute : shifts[b + 1]) - shifts[b];
                    target += (i64)amount[k] * 60;
                    j = 0;
                    while (reason == KNOWN) {
                        if (target > hours[at_nth + n_idx]) {
                            reason = BEYOND_CALENDAR;
                            break;
                        }
                        a = 0;
                        b = n_idx;
                        while (a < b) {
                            m = (a + b + 1) / 2;
                            if (hours[at_nth + m] < target)
                                a = m;
                            else
                                b = m - 1;
                        }
                        const i64 rest = target - hours[at_nth + a];
                        h = shift_of[a] * 4;
                        if (rest <= shifts[h + 1] - shifts[h])
                            gate = (base + a) * 1440 + shifts[h] + rest;
                        else
                            gate = (base + a) * 1440 + shifts[h + 2] + rest - (shifts[h + 1] - shifts[h]);
                        while (j < stops && stop_to[j] <= position)
                            j++;
                        if (j >= stops || stop_from[j] >= gate)
                            break;
                        for (b = 0; b < 2; b++) {
                            m = stop_to[j];
                            if (b == 0)
                                m = stop_from[j] > position ? stop_from[j] : position;
                            q = floor_div(m, 1440) - base;
                            m -= floor_div(m, 1440) * 1440;
                            if (q >= n_idx) {
                                reason = BEYOND_CALENDAR;
                                break;
                            }
                            w = hours[at_nth + q];
                            h = shift_of[q] * 4;
                            if (hours[at_nth + q + 1] > w) {
                                if (m > shifts[h])
                                    w += (m < shifts[h + 1] ? m : shifts[h + 1]) - shifts[h];
                                if (m > shifts[h + 2])
                                    w += (m < shifts[h + 3] ? m : shifts[h + 3]) - shifts[h + 2];
                            }
                            target += b == 1 ? w : -w;
                        }
                        j++;
                    }
                    due = floor_div(gate, 1440);
                    due_minute = gate - due * 1440;
                } else if (reason == KNOWN && (limit == WORKDAY || amount[k] == 0)) {
                    m = f_day;
                    target = amount[k];
                    if (target == 0) {
                        target = 1;
                        if (cutoff[k] < 0 || f_minute <= cutoff[k])
                            m = f_day - 1;
                    }
                    if (m >= base)
                        target += idx[at + m - base];
                    if (target >= n_nth)
                        reason = BEYOND_CALENDAR;
                    else {
                        due = nth[at_nth + target];
                        for (j = 0; j < stops; j++) {
                            if (stop_from[j] >= due)
                                break;
                            a = stop_from[j] > m ? stop_from[j] : m;
                            b = stop_to[j];
                            if (b > last) {
                                reason = BEYOND_CALENDAR;
                                break;
                            }
                            if (b > a) {
                                target += idx[at + b - base] - (a >= base ? idx[at + a - base] : 0);
                                if (target >= n_nth) {
                                    reason = BEYOND_CALENDAR;
                                    break;
                                }
                                due = nth[at_nth + target];
                            }
                        }
                        gate = due;
                    }
                } else if (reason == KNOWN) {
                    if (limit == CALENDAR_DAY)
                        gate = f_day + amount[k];
                    else if (limit == WEEK)
                        gate = f_day + 7 * (i64)amount[k];
                    else {
                        const i64 z = f_day + 719468;
                        i64 era = floor_div(z, 146097);
                        const i64 doe = z - era * 146097;
                        i64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
                        i64 doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
                        const i64 mp = (5 * doy + 2) / 153;
                        i64 d = doy - (153 * mp + 2) / 5 + 1;
                        m = mp < 10 ? mp + 3 : mp - 9;
                        i64 year = yoe + era * 400 + (m <= 2 ? 1 : 0);
                        m += limit == MONTH ? (i64)amount[k] : 12 * (i64)amount[k];
                        year += floor_div(m - 1, 12);
                        m = (m - 1) % 12 + 1;
                        i64 longest = 31;
                        if (m == 4 || m == 6 || m == 9 || m == 11)
                            longest = 30;
                        else if (m == 2)
                            longest = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
                        d = MIN(d, longest);
                        const i64 yy = year - (m <= 2 ? 1 : 0);
                        era = floor_div(yy, 400);
                        yoe = yy - era * 400;
                        doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
                        gate = era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
                    }
                    for (j = 0; j < stops; j++) {
                        if (stop_from[j] >= gate)
                            break;
                        a = stop_from[j] > f_day ? stop_from[j] : f_day;
                        if (stop_to[j] > a)
                            gate += stop_to[j] - a;
                    }
                    if (gate > last)
                        reason = BEYOND_CALENDAR;
                    else {
                        target = idx[at + gate - base - 1] + 1;
                        due = target < n_nth ? nth[at_nth + target] : NONE;
                        for (j = 0; j < stops; j++)
                            if (due != NONE && stop_from[j] < due && due <= stop_to[j]) {
                                target = stop_to[j] <= last ? idx[at + stop_to[j] - base] + 1 : n_nth;
                                due = target < n_nth ? nth[at_nth + target] : NONE;
                            }
                        if (due == NONE)
                            reason = BEYOND_CALENDAR;
                    }
                }
                if (reason != KNOWN) {
                    due = NONE;
                    gate = NONE;
                }
                if (stage == 0) {
                    original = due;
                    OUT(O_ORIGINAL_DAY) = (i32)due;
                    OUT(O_ORIGINAL_MINUTE) = (i32)due_minute;
                    stage = 1;
                    if ((seen & 1 << EXCLUDED) == 0) {
                        stage = 2;
                        compute = v != now;
                    }
                    at = now * n_idx;
                    at_nth = at + now;
                    n_nth = idx[at + n_idx - 1] + 1;
                    continue;
                }
            }
            if (stage == 1) {
                while (i < hi && kind[i] != EXCLUDED)
                    i++;
                if (i >= hi) {
                    stage = 2;
                    i = start + 1;
                    compute = 1;
                    continue;
                }
                if (x[i] == NONE || y[i] == NONE || x[i] > y[i])
                    notes |= EXCLUSION_IGNORED;
                else {
                    inserting = 1;
                    insert_from = in_hours ? (i64)x[i] * 1440 : (i64)x[i] - 1;
                    insert_to = in_hours ? ((i64)y[i] + 1) * 1440 : y[i];
                }
                i++;
                continue;
            }
            if (i >= hi)
                break;
            c = kind[i];
            i64 note = 0;
            if (end >= 0 && i > end) {
                note = AFTER_END;
                if (c == REAPPOINTED)
                    note = AFTER_END | REAPPOINTMENT_IGNORED;
                else if (c == ACCEPTED)
                    note = SECOND_ACCEPTANCE;
                else if (
                    c == RESULT_RETURNED || c == SYNCED || c == OFFICERS_PUBLISHED || c == APOLOGY ||
                    c == DELAY_NOTICE || c == EXCLUDED || c == 0)
                    note = 0;
                notes |= note;
                if (c != 0 && (note == 0 || c == FORWARDED))
                    first_of(c, i, n, k, first_in, since_in, out);
                i++;
                continue;
            }

            i64 here = in_hours ? (i64)day[i] * 1440 + minute[i] : day[i];
            if (in_hours && minute[i] < 0)
                here = (i64)day[i] * 1440;
            const int hourless = in_hours && minute[i] < 0;
            switch (c) {
            case ACCEPTED:
                note = SECOND_ACCEPTANCE;
                break;
            case PAUSED:
                if ((flags[i] & HAS_GROUND) == 0)
                    note = PAUSE_WITHOUT_GROUND;
                if (paused_at != NONE)
                    note |= ALREADY_PAUSED;
                else {
                    paused_at = here;
                    paused_works = working > 0 || (gate != NONE && here < gate);
                    working += paused_works;
                    if (paused_works && hourless)
                        reason = HOUR_UNKNOWN;
                }
                break;
            case RESUMED:
                if (paused_at == NONE)
                    note = ORPHAN_RESUME;
                else {
                    if (paused_works) {
                        working--;
                        inserting = 1;
                        insert_from = paused_at;
                        insert_to = here;
                        if (hourless)
                            reason = HOUR_UNKNOWN;
                    }
                    paused_at = NONE;
                }
                break;
            case PAYMENT_AWAITED:
                if (awaits[k] & WAITS_PAYMENT) {
                    if (payment_at != NONE)
                        note = ALREADY_PAUSED;
                    else {
                        payment_at = here;
                        payment_works = working > 0 || (gate != NONE && here < gate);
                        working += payment_works;
                        if (payment_works && hourless)
                            reason = HOUR_UNKNOWN;
                    }
                }
                break;
            case PAYMENT_RECEIVED:
                if (awaits[k] & WAITS_PAYMENT) {
                    if (payment_at == NONE)
                        note = ORPHAN_RESUME;
                    else {
                        if (payment_works) {
                            working--;
                            inserting = 1;
                            insert_from = payment_at;
                            insert_to = here;
                            if (hourless)
                                reason = HOUR_UNKNOWN;
                        }
                        payment_at = NONE;
                    }
                }
                break;
            case OPINION_REQUESTED:
                if (awaits[k] & WAITS_OPINION) {
                    j = 0;
                    while (j < asked && asked_tag[j] != tag[i])
                        j++;
                    if (j < asked)
                        note = ALREADY_PAUSED;
                    else {
                        asked_tag[asked] = tag[i];
                        asked_at[asked] = (i32)here;
                        asked_works[asked] = 0;
                        if (working > 0 || (gate != NONE && here < gate)) {
                            asked_works[asked] = 1;
                            working++;
                            if (hourless)
                                reason = HOUR_UNKNOWN;
                        }
                        asked++;
                    }
                }
                break;
            case OPINION_RECEIVED:
                if (awaits[k] & WAITS_OPINION) {
                    j = 0;
                    while (j < asked && asked_tag[j] != tag[i])
                        j++;
                    if (j == asked)
                        note = ORPHAN_RESUME;
                    else {
                        if (asked_works[j] != 0) {
                            working--;
                            inserting = 1;
                            insert_from = asked_at[j];
                            insert_to = here;
                            if (hourless)
                                reason = HOUR_UNKNOWN;
                        }
                        asked--;
                        asked_tag[j] = asked_tag[asked];
                        asked_at[j] = asked_at[asked];
                        asked_works[j] = asked_works[asked];
                    }
                }
                break;
            case SUPPLEMENT_REQUESTED:
                if ((flags[i] & APPLICANT_FAULT) == 0) {
                    requests++;
                    OUT(O_REQUEST_LAST) = day[i];
                    if (requests == 2)
                        OUT(O_REQUEST_2) = day[i];
                    else if (requests == 3)
                        OUT(O_REQUEST_3) = day[i];
                }
                if (flags[i] & BEFORE_APPRAISAL)
                    waiting_silently = 1;
                else {
                    m = 0;
                    if (day[i] > s_day && s_day >= base && day[i] <= last)
                        m = idx[at + day[i] - base - 1] - idx[at + s_day - base] + 1;
                    OUT(O_RETURN_RANK) = (i32)MAX(OUT(O_RETURN_RANK), m);
                    if (waiting_at != NONE)
                        note = ALREADY_WAITING;
                    else {
                        waiting_at = here;
                        waiting_minute = (i64)day[i] * 1440 + (minute[i] > 0 ? minute[i] : 0);
                        waiting_works = working > 0;
                        if (gate != NONE && here < gate)
                            waiting_works = 1;
                        if (restarts && due != NONE && !in_hours && here < due)
                            waiting_works = 1;
                        if (restarts && (reason == NO_LIMIT_KNOWN || reason == LIMIT_IS_NONE))
                            waiting_works = 1;
                        if (waiting_works) {
                            working++;
                            if (hourless)
                                reason = HOUR_UNKNOWN;
                        }
                    }
                }
                break;
            case SUPPLEMENT_RECEIVED:
                if (waiting_at == NONE) {
                    if (waiting_silently) {
                        waiting_silently = 0;
                        if (x[i] != NONE) {
                            promised = x[i];
                            promised_minute = y[i];
                        }
                    } else
                        note = ORPHAN_SUPPLEMENT;
                } else {
                    waited += (i64)day[i] * 1440 + (minute[i] > 0 ? minute[i] : 0) - waiting_minute;
                    if (x[i] != NONE) {
                        promised = x[i];
                        promised_minute = y[i];
                    }
                    if (waiting_works) {
                        if (reason == KNOWN)
                            OUT(O_RESTARTED) += 1;
                        working--;
                        if (restarts) {
                            s_day = day[i];
                            s_minute = minute[i];
                            last_start = i;
                            paused_at = NONE;
                            payment_at = NONE;
                            asked = 0;
                            working = 0;
                            reappointed = NONE;
                            for (j = since_at; j < n_out; j++)
                                OUT(j) = -1;
                            compute = 1;
                        } else {
                            inserting = 1;
                            insert_from = waiting_at;
                            insert_to = here;
                            if (hourless)
                                reason = HOUR_UNKNOWN;
                        }
                    }
                    waiting_at = NONE;
                    waiting_works = 0;
                }
                break;
            case REAPPOINTED:
                if (x[i] == NONE || due == NONE || x[i] <= due)
                    note = REAPPOINTMENT_IGNORED;
                else {
                    reappointments++;
                    if (reappointed == NONE)
                        reappointed = x[i];
                }
                break;
            default:
                break;
            }
            notes |= note;
            if (c != ACCEPTED)
                first_of(c, i, n, k, first_in, since_in, out);
            if (i == end) {
                if (working > 0) {
                    i64 since = here;
                    if (paused_at != NONE && paused_works && paused_at < since)
                        since = paused_at;
                    if (payment_at != NONE && payment_works && payment_at < since)
                        since = payment_at;
                    if (waiting_at != NONE && waiting_works && waiting_at < since)
                        since = waiting_at;
                    for (j = 0; j < asked; j++)
                        if (asked_works[j] != 0 && asked_at[j] < since)
                            since = asked_at[j];
                    inserting = 1;
                    insert_from = since;
                    insert_to = here;
                    working = 0;
                    if (hourless)
                        reason = HOUR_UNKNOWN;
                }
                if (waiting_at != NONE)
                    waited += (i64)day[i] * 1440 + (minute[i] > 0 ? minute[i] : 0) - waiting_minute;
            }
            if (reason != KNOWN) {
                due = NONE;
                gate = NONE;
            }
            i++;
        }

        /* the four due dates */
        const int is_paused = end < 0 && working > 0 && reason == KNOWN;
        OUT(O_REASON) = (i32)reason;
        OUT(O_LAST_START) = (i32)last_start;
        OUT(O_REAPPOINTMENTS) = (i32)reappointments;
        OUT(O_REAPPOINTED_DAY) = (i32)reappointed;
        OUT(O_PAUSED) = is_paused;
        OUT(O_REQUESTS) = (i32)requests;
        i64 current = due, current_minute = due_minute;
        if (reason != KNOWN || is_paused) {
            due = NONE;
            current = NONE;
        } else if (reappointed != NONE && reappointed > due) {
            current = reappointed;
            current_minute = 1440;
        }
        OUT(O_LAWFUL_DAY) = (i32)due;
        OUT(O_UNROLLED) = (i32)gate;
        OUT(O_STOPS) = (i32)stops;
        OUT(O_LAWFUL_MINUTE) = (i32)due_minute;
        OUT(O_CURRENT_DAY) = (i32)current;
        const int slip = promised != NONE;
        if (slip) {
            if (original != NONE && promised != original)
                notes |= PROMISE_DIFFERS;
        } else {
            promised = original;
            promised_minute = OUT(O_ORIGINAL_MINUTE);
        }
        OUT(O_PROMISED_DAY) = (i32)promised;
        OUT(O_PROMISED_MINUTE) = (i32)promised_minute;
        if (current != NONE) {
            a = current <= last ? current : last;
            b = s_day - base - (amount[k] == 0 || in_hours ? 1 : 0);
            OUT(O_PROVISIONAL) = provisional[a - base] > (b >= 0 ? provisional[b] : 0);
        }
        OUT(O_NOTES) = (i32)notes;

        /* lateness, twice */
        const int turns = policy > BY_INSTANT || current != due ? 2 : 1;
        i64 p = PENDING, late_work = NONE, late_days = NONE;
        for (int turn = 0; turn < turns; turn++) {
            i64 by = policy;
            if (turn == 1)
                by = policy == BY_INSTANT || policy == PROMISED_BY_INSTANT || policy == QD766 ? BY_INSTANT : BY_DATE;
            i64 d = due, minutes = due_minute;
            if (turn == 1) {
                d = current;
                minutes = current_minute;
            } else if (by >= PROMISED_BY_DATE) {
                d = promised;
                minutes = promised_minute >= 0 ? promised_minute : 1440;
                if (by == PROMISED_BY_DATE && slip)
                    minutes = 1440;
            }
            const i64 done = end;
            i64 f_day = as_of, f_minute = 1440;
            int unsure = 0;
            if (done >= 0) {
                f_day = day[done];
                f_minute = minute[done];
                if (by == QD766 && waited > 0) {
                    const i64 z = f_day * 1440 + (f_minute >= 0 ? f_minute : 0) - waited;
                    f_day = floor_div(z, 1440);
                    f_minute = z - f_day * 1440;
                }
            } else if (by == QD766 && waiting_at != NONE && !waiting_works && requests == 1) {
                f_day = floor_div(waiting_minute, 1440);
                f_minute = waiting_minute - f_day * 1440;
            }
            int is_late = 0;
            if (d != NONE) {
                is_late = f_day > d;
                if (f_day == d && minutes < 1440) {
                    unsure = f_minute < 0;
                    is_late = f_minute > minutes;
                }
                if (by == QD766 && done < 0 && requests > 1)
                    is_late = 1;
            }
            p = PENDING;
            if (done >= 0 && done == withdrawn && issued < 0 && returned < 0 && refused < 0)
                p = CLOSED;
            else if (reason == LIMIT_IS_NONE)
                p = NO_LIMIT;
            else if (is_paused)
                p = IS_PAUSED;
            else if (d == NONE || unsure)
                p = UNDETERMINED;
            else if (done >= 0)
                p = is_late ? RETURNED_LATE : f_day < d ? EARLY : ON_TIME;
            else if (is_late)
                p = OVERDUE;
            else {
                a = d >= base ? (d <= last ? idx[at + d - base] : n_nth) : 0;
                b = as_of >= base ? (as_of <= last ? idx[at + as_of - base] : n_nth) : 0;
                p = a - b <= (regime >= 0 ? regime_soon[regime] : 0) ? DUE_SOON : PENDING;
            }
            late_days = NONE;
            late_work = NONE;
            if (d != NONE && !is_paused && !unsure && reason != LIMIT_IS_NONE) {
                late_days = 0;
                late_work = 0;
                if (is_late && f_day > d) {
                    late_days = f_day - d;
                    late_work = NONE;
                    if (d >= base && f_day <= last)
                        late_work = idx[at + f_day - base] - idx[at + d - base];
                }
            }
            if (turn == 0) {
                OUT(O_PUNCTUALITY) = (i32)p;
                OUT(O_WORKDAYS_LATE) = (i32)late_work;
                OUT(O_DAYS_LATE) = (i32)late_days;
            }
        }
        OUT(O_PUNCTUALITY_CURRENT) = (i32)p;
        OUT(O_WORKDAYS_LATE_CURRENT) = (i32)late_work;
        OUT(O_DAYS_LATE_CURRENT) = (i32)late_days;
    }
}
