"""What is typed about messages of senders, and the command that lists the senders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tthc_rules.cli.options import fail_option, read_date
from tthc_rules.cli.terminal import say
from tthc_rules.errors import DossierError, InputFileError, TthcError

if TYPE_CHECKING:
    from tthc_rules.logs.diagnostics import DiagnosticTally
    from tthc_rules.logs.messages import MessageReader
    from tthc_rules.runs.sent import SentFile


def senders() -> None:
    """Các nguồn đọc được thông điệp, và loại sự kiện mỗi nguồn cho thấy. / The senders whose messages are read."""
    from tthc_rules.logs.senders import senders as known

    for name, make in known().items():
        try:
            sender = make()
        except TthcError as error:
            say(f"{name}  {error.code}", err=True)
            continue
        always = [kind for kind, how in sender.shows.items() if how == "always"]
        others = [kind for kind, how in sender.shows.items() if how != "always"]
        say(f"{name}  {sender.label[0]} / {sender.label[1]}")
        say(f"  luôn cho thấy / always shows: {', '.join(always)}")
        say(f"  tùy hồ sơ / in some dossiers: {', '.join(others) or '–'}")


def sent_file(path: Path, sender: str, fetched_on: str | None, jurisdiction: str | None) -> SentFile:
    """The messages that were named."""
    from tthc_rules.logs.senders import senders as known
    from tthc_rules.runs.sent import SentFile

    if sender not in known():
        fail_option("--format", sender, known())
    day = read_date(fetched_on, "--fetched-on") if fetched_on else None
    return SentFile(path, sender, day, jurisdiction)


def asked_for(dossier_id: str) -> str:
    """The id that was typed, as ids are read from logs: some shells hand over letters and marks apart."""
    from tthc_rules.logs.layout import dossier_id_of

    return dossier_id_of(dossier_id) or dossier_id


def one_sent(reader: MessageReader, dossier_id: str | None, lang: str) -> dict[str, Any]:
    """The one dossier of messages that is asked about; what is wrong with it is said beside."""
    from tthc_rules.logs.diagnostics import DiagnosticTally

    reading = reader.reading()
    if reading.broken and not reading.dossiers:
        raise InputFileError(reading.broken)
    asked = None if dossier_id is None else asked_for(dossier_id)
    found = [read for read in reading.dossiers if asked in (None, read.dossier_id)]
    if len(found) != 1:
        fail_option("--dossier", dossier_id or "", [read.dossier_id for read in reading.dossiers[:24]])
    if found[0].problems:
        raise DossierError(found[0].problems)
    tally = DiagnosticTally(reading.sender)
    tally.add(one for one in reading.diagnostics if one.dossier_id in ("", found[0].dossier_id))
    tell_faults(tally, lang)
    return found[0].data


def tell_faults(tally: DiagnosticTally, lang: str) -> None:
    """What is wrong with the messages of a sender, in words."""
    lines = list(tally.lines(lang))
    if lines:
        say(f"Thông điệp của nguồn {tally.sender}" if lang == "vi" else f"Messages of {tally.sender}", err=True)
        for line in lines:
            say(line, err=True)
