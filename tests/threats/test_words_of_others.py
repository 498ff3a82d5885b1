"""Words of strangers stay words: in a page for lawyers, in a calendar, in a problem that a service answers with."""

from __future__ import annotations

from pathlib import Path

from tthc_rules import Rulebook
from tthc_rules.check.pages import pages
from tthc_rules.runs.icaltext import calendar_text, escaped

RULE = """\
format: 1
rule: thu_nghiem
label: {vi: "Thử nghiệm <img src=x onerror=alert(1)>", en: "A trial </td><script>alert(1)</script>"}
effective: {from: "2024-01-01", picked_by: lawful_due}
instrument: {document: 1/2024, issued_on: "2023-12-01"}
citations:
  - {document: 1/2024, article: 1, status: text, quote: "lời <b onclick=x>văn</b>"}
deadlines:
  thu_nghiem: {event: apology_sent, due: lawful_due}
obligations:
  - {id: thu_nghiem, owed_by: handling_agency, to: applicant, discharged_by: thu_nghiem}
responsibilities:
  - {for: thu_nghiem, if: [missed], role: head_of_unit, unit: handling_agency, class: breach}
examples: []
"""


def test_a_page_for_lawyers_holds_no_html_of_a_rule_file(tmp_path: Path) -> None:
    path = tmp_path / "one_stop" / "2024-01-01" / "thu_nghiem.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(RULE, encoding="utf-8")
    made = pages(Rulebook.load(tmp_path).corpus)
    said = made["thu_nghiem.md"]
    assert "&lt;img src=x onerror=alert(1)>" in said
    assert "&lt;b onclick=x>" in said
    assert [name for name, text in made.items() if "<" in text] == []


def test_a_line_of_a_calendar_cannot_be_ended_by_what_is_in_it() -> None:
    """A carriage return, or any other end of a line that a reader might see, would begin a property of a stranger's."""
    odd = "H1\r\nATTACH:http://x\rBEGIN:VALARM\x0b\x0c\x85\u2028\u2029\u202e; a, b\\n"
    said = escaped(odd)
    assert len(said.splitlines()) == 1
    assert said.isprintable()
    assert said.endswith("\\; a\\, b\\\\n")
    text = calendar_text("due", odd, "vi", [f"SUMMARY:{said}"])
    assert all(line.isprintable() for line in text.split("\r\n"))
    begun = [line for line in text.split("\r\n") if not line.startswith(" ")]
    assert [line.partition(":")[0] for line in begun[:-1]] == [
        "BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME", "SUMMARY", "END",
    ]  # fmt: skip
