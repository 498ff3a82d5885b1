"""Supplements of a dossier of the national portal: from its list of episodes, and from progress rows 5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from tthc_rules.logs.drafting import DossierDraft, gap, is_before
from tthc_rules.logs.dvcqg import rows as progress
from tthc_rules.logs.dvcqg.rows import FORMS, ProgressRow
from tthc_rules.logs.sentvalues import Stamp, read_stamp
from tthc_rules.logs.sightings import Sighting

__all__ = ["supplements"]

_A_DAY: Final = timedelta(days=1)


def supplements(
    draft: DossierDraft,
    copies: Sequence[Sighting],
    rows: Sequence[ProgressRow],
    stamps: Mapping[str, Stamp],
    accepted: Stamp,
) -> None:
    """The requests and receipts: the list is the evidence, rows tell what it leaves out."""
    lists = [one.data["e"] for one in copies if "e" in one.data]
    episodes = list(lists[-1]) if lists else []
    lost = [episode for earlier in lists[:-1] for episode in earlier if not _is_in(episode, episodes)]
    if lost:
        draft.tell("pauses_incomplete", "DanhSachHoSoBoSung", "warning")
        draft.unknown.add("pauses")
        for episode in lost:
            if not _is_in(episode, episodes):
                episodes.append(episode)
    requested = [asked for episode in episodes if (asked := _episode(draft, episode, accepted)) is not None]
    from_rows, hole = progress.waits(rows)
    beside = [(asked, got) for asked, got in from_rows if not any(gap(asked.at, one) <= _A_DAY for one in requested)]
    if episodes and beside:
        draft.tell("pauses_incomplete", "TrangThai", "warning", len(episodes), len(from_rows))
        draft.unknown.add("pauses")
    elif beside:
        draft.tell("supplement_from_rows", "TrangThai", "info")
    if hole and not episodes:
        draft.tell("pauses_incomplete", "TrangThai", "warning")
        draft.unknown.add("pauses")
    for request, receipt in beside:
        draft.event("supplement_requested", request.at)
        if receipt is not None:
            draft.event("supplement_received", receipt.at)


def _episode(draft: DossierDraft, episode: Mapping[str, Any], accepted: Stamp) -> Stamp | None:
    """One episode; gives the moment of its request."""
    names = ("NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraTruoc", "NgayHenTraMoi")
    read = {name: read_stamp(episode.get(name), FORMS) for name in names}
    draft.dates(read, episode, "", ())
    asked, received, before, slip = (read[name] for name in names)
    if episode.get("coerced"):
        draft.tell("value_coerced", "HoSoBoSungId", "info")
    for name in episode.get("x", ()):
        draft.tell("unknown_field", name, "info")
    if slip.moment is not None and slip.moment != before.moment:
        draft.tell("due_differs", "NgayHenTraMoi", "info", before.iso() or "", slip.iso())
    if asked.moment is None:
        if asked.fault == "unreadable" or received.moment is not None or episode.get("TrangThaiBoSung") is not None:
            draft.tell("state_without_time", "NgayBoSung", "warning")
            draft.unknown.add("pauses")
        return None
    draft.event("supplement_requested", asked)
    is_done = episode.get("TrangThaiBoSung") is True
    if received.moment is None and (received.fault == "unreadable" or is_done):
        draft.tell("state_without_time", "NgayTiepNhanBoSung", "warning")
        draft.unknown.add("pauses")
    if received.moment is not None and is_before(received, asked):
        draft.tell("date_order", "NgayTiepNhanBoSung", "warning", asked.iso(), received.iso())
        draft.unknown.add("pauses")
    draft.event("supplement_received", received, appointed_due=slip.iso())
    return asked


def _is_in(episode: Mapping[str, Any], episodes: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an episode is in a list: by its id where both have one, else by the moment of its request."""
    number, asked = episode.get("HoSoBoSungId"), read_stamp(episode.get("NgayBoSung"), FORMS).moment
    for other in episodes:
        if number and other.get("HoSoBoSungId"):
            if number == other["HoSoBoSungId"]:
                return True
        elif read_stamp(other.get("NgayBoSung"), FORMS).moment == asked:
            return True
    return False
