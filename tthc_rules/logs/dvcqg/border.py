"""The border of the national portal's messages: which record is what, and what of it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tthc_rules.law.text import nfc
from tthc_rules.logs.diagnostics import Diagnostic
from tthc_rules.logs.personal import KnownFields, dropped_texts, identifier, kept_fields, names_nobody, without
from tthc_rules.logs.sentvalues import flag_of, sent_date, text_of
from tthc_rules.logs.sightings import Sighting

__all__ = ["DATES", "sightings"]

DATES: Final = ("NgayNopHoSo", "NgayNop", "NgayTiepNhan", "NgayHenTra", "NgayTuChoi", "NgayKetThucXuLy", "NgayTra")
_SCALARS: Final = ("MaTTHC", "MaLinhVuc", "KenhThucHien", "TrangThaiHoSo")
EPISODES: Final = "DanhSachHoSoBoSung"
_EPISODE_DATES: Final = ("NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraTruoc", "NgayHenTraMoi")
_DOSSIER: Final = KnownFields(
    ("MaHoSo", "DonViXuLy", EPISODES, *DATES, *_SCALARS),
    (
        "TenTTHC", "TenLinhVuc", "LoaiDoiTuong", "HinhThuc", "HinhThucTra", "NoiNopHoSo", "HoSoCoThanhPhanSoHoa",
        "TaiKhoanDuocXacThucVoiVNeID", "DuocThanhToanTrucTuyen", "DSKetNoiCSDL", "SoBienNhan", "MaDichVuCong",
        "MaDonViTiepNhan", "IDHoSo", "IdHoSo", "DanhSachLePhi",
    ),
    (
        "ChuHoSo", "SoGiayToChuHoSo", "DinhDanhCHS", "MaDoiTuong", "ThongTinKhac", "Email", "Fax", "SoDienThoai",
        "TrichYeuHoSo", "GhiChu", "ThongTinTra", "TaiLieuNop", "DanhSachTepDinhKemKhac", "DanhSachGiayToKetQua",
        "ThongTinNguoiNop", "ThanhPhanHoSo", "DiaChi", "session",
    ),
)  # fmt: skip
_EPISODE: Final = KnownFields(
    ("HoSoBoSungId", "TrangThaiBoSung", *_EPISODE_DATES),
    ("DanhSachLePhiBoSung",),
    ("NguoiYeuCauBoSung", "NoiDungBoSung", "NguoiTiepNhanBoSung", "ThongTinTiepNhan", "DanhSachGiayToBoSung"),
)
_ROW: Final = KnownFields(
    ("MaHoSo", "ThoiDiemXuLy", "TrangThai", "PhongBanXuLy", "NgayBatDau", "NgayKetThucTheoQuyDinh"),
    ("IDHoSo", "IdHoSo", "DonViXuLy", "DanhSachLePhi"),
    ("NguoiXuLy", "ChucDanh", "NoiDungXuLy", "NoiDungYKien", "DanhSachGiayToKetQua", "session"),
)
_IDS: Final = ("IDHoSo", "IdHoSo", "SoBienNhan", "MaDichVuCong", "MaDonViTiepNhan")
_SERVICES: Final = frozenset({"DongBoHoSoMC", "CapNhatTienDoHoSoMC", ""})
_STRANGE: Final = ("soHoSoLT", "maHoSo", "StatusId", "dossierStatus", "referenceUid", "dossierNo")
"""Keys of other senders' records, whose states are numbered by other tables."""
PLACEHOLDER: Final = "cán bộ một cửa"
_PAUSE_WORDS: Final = re.compile(
    r"bổ sung|nvtc|nghĩa vụ tài chính|nộp (?:phí|lệ phí|thuế)|thanh toán|tạm dừng|dừng xử lý|trả lại", re.IGNORECASE
)
_NO_DUE_WORDS: Final = re.compile(r"không có ngày hẹn", re.IGNORECASE)


def sightings(body: object, arrival: str, url: str) -> Iterator[Sighting | Diagnostic]:
    """What is kept of a body: an envelope, a list of records, or one record."""
    rank = 1 if "isupdating=true" in url.casefold() else 0
    for record, is_update in _records(body, rank):
        if isinstance(record, Diagnostic):
            yield record
        else:
            yield from _record(record, arrival, is_update)


def _records(body: object, rank: int) -> Iterator[tuple[Mapping[str, Any] | Diagnostic, int]]:
    if isinstance(body, list):
        for each in body:
            yield from _records(each, rank)
        return
    if not isinstance(body, dict):
        yield Diagnostic("", "message_not_understood", "", "error"), 0
        return
    data = body.get("data")
    if "MaHoSo" in body or not ("data" in body or "service" in body or "error_code" in body):
        yield body, rank
    elif "error_code" in body or text_of(body.get("service")) not in _SERVICES:
        yield Diagnostic("", "message_ignored", "service" if "service" in body else "error_code", "info"), 0
    elif isinstance(data, list | dict):
        updating = body.get("isUpdating")
        yield from _records(data, rank if updating is None else int(bool(flag_of(updating))))
    elif data is not None:
        yield Diagnostic("", "message_not_understood", "data", "error"), 0


def _record(record: Mapping[str, Any], arrival: str, rank: int) -> Iterator[Sighting | Diagnostic]:
    strange = next((key for key in _STRANGE if key in record), None)
    if strange is not None:
        yield Diagnostic("", "message_not_understood", strange, "error")
        return
    if "MaHoSo" not in record and not ({"TrangThai", "TrangThaiHoSo", "NgayTiepNhan"} & record.keys()):
        yield Diagnostic("", "message_not_understood", "", "error")
        return
    key = text_of(record.get("MaHoSo"))
    if not key or not names_nobody(key, dropped_texts(record, _DOSSIER) | dropped_texts(record, _ROW)):
        yield Diagnostic("", "dossier_unnamed", "MaHoSo", "error")
    elif "ThoiDiemXuLy" in record or "TrangThai" in record:
        yield Sighting(key, arrival, rank, _row(record))
    else:
        yield Sighting(key, arrival, rank, _dossier(record))


def _dossier(record: Mapping[str, Any]) -> dict[str, Any]:
    """A snapshot: its dates and codes as they were sent, its episodes, what nobody knows, its ids."""
    people = dropped_texts(record, _DOSSIER)
    fields = {name: sent_date(record[name]) for name in DATES if name in record}
    fields |= {name: _scalar(record[name], people) for name in _SCALARS if name in record}
    unit = text_of(record.get("DonViXuLy"))
    if unit and without(unit, people):
        fields["DonViXuLy"] = unit
    kept, dropped = kept_fields(record, _DOSSIER, people)
    ids = {name: text_of(record[name]) for name in _IDS if name in record}
    episodes = record.get(EPISODES)
    made: dict[str, Any] = {"t": "dossier", "f": fields, "k": kept, "x": sorted(set(dropped))}
    made["i"] = {name: value for name, value in ids.items() if value and without(value, people)}
    if isinstance(episodes, list):
        made["e"] = [_episode(each) for each in episodes if isinstance(each, dict)]
    elif isinstance(episodes, dict):
        made["e"] = [_episode(episodes)]
    return made


def _episode(record: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {name: sent_date(record.get(name)) for name in _EPISODE_DATES}
    people = dropped_texts(record, _EPISODE)
    number = record.get("HoSoBoSungId")
    written = text_of(number)
    if written and without(written, people):
        made["HoSoBoSungId"] = written
    made["coerced"] = number is not None and not isinstance(number, str)
    made["TrangThaiBoSung"] = flag_of(record.get("TrangThaiBoSung"))
    made["x"] = sorted(identifier(key) for key in record if key not in _EPISODE.all)
    return made


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    """A progress row, or (without its time) an update of the state: what its text speaks of, and no word of it."""
    people = dropped_texts(record, _ROW)
    said = nfc(text_of(record.get("NoiDungXuLy")))
    made: dict[str, Any] = {name: sent_date(record.get(name)) for name in ("NgayBatDau", "NgayKetThucTheoQuyDinh")}
    made |= {
        "t": "row",
        "at": sent_date(record.get("ThoiDiemXuLy")),
        "status": _scalar(record.get("TrangThai"), people),
    }
    if "ThoiDiemXuLy" not in record:
        made["t"] = "state"
    made["synthetic"] = text_of(record.get("NguoiXuLy")).casefold() == PLACEHOLDER
    made["pause"] = bool(_PAUSE_WORDS.search(said))
    made["no_due"] = bool(_NO_DUE_WORDS.search(said))
    unit = text_of(record.get("PhongBanXuLy"))
    made["unit"] = unit if without(unit, people) else ""
    made["x"] = sorted(identifier(key) for key in record if key not in _ROW.all)
    return made


def _scalar(value: object, people: frozenset[str]) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = text_of(value)
    return text if without(text, people) else ""
