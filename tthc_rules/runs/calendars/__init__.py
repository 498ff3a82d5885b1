"""The calendar for programs that are not this library: its days with their acts, as a table, JSON and iCalendar.

Invariants: a day is what the calendar says of it as known; a year that is not wholly published says so wherever it is
told; the same calendar, days and edition give the same bytes.
"""
