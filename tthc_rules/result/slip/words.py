"""The words of slips: Vietnamese first, as the civil servant says them."""

from __future__ import annotations

from typing import Final

from tthc_rules.result.words import Pair

KINDS: Final[dict[str, Pair]] = {
    "apology": ("xin lỗi và hẹn lại ngày trả kết quả", "apology and new appointment"),
    "supplement": ("yêu cầu bổ sung, hoàn thiện hồ sơ", "supplement request"),
    "refusal": ("từ chối tiếp nhận, giải quyết hồ sơ", "refusal"),
    "stop": ("thông báo dừng giải quyết hồ sơ", "stop notice"),
    "closing": ("thông báo đóng hồ sơ vì không bổ sung", "closing for the applicant's silence"),
    "loss": ("xin lỗi vì hồ sơ bị mất, thất lạc, hư hỏng", "apology for a lost file"),
}

TITLES: Final[dict[str, Pair]] = {
    "apology": ("Văn bản xin lỗi và hẹn lại ngày trả kết quả", "Apology and new appointment"),
    "supplement": ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "Supplement request"),
    "refusal": ("Phiếu từ chối giải quyết hồ sơ", "Refusal"),
    "stop": ("Thông báo dừng giải quyết hồ sơ", "Stop notice"),
    "closing": ("Thông báo đóng hồ sơ", "Closing of the dossier"),
    "loss": ("Văn bản xin lỗi về việc hồ sơ bị mất, thất lạc hoặc hư hỏng", "Apology for a lost file"),
}
"""What the paper is called on a day of which no form is known."""

STANDINGS: Final[dict[str, Pair]] = {
    "owed": ("phải lập", "owed"),
    "conditional": ("chưa phải lập", "not owed yet"),
    "unknown": (
        "chưa rõ: nguồn không ghi được đã gửi hay chưa",
        "not known: the source cannot show whether it was sent",
    ),
    "recorded": ("nhật ký đã ghi việc này; in lại để đối chiếu", "the log holds the act already"),
}

ONLY_IF: Final[dict[str, Pair]] = {
    "result_late": ("chỉ khi kết quả sẽ trả trễ hạn", "only if the result will be late"),
    "not_eligible": ("chỉ khi hồ sơ chưa đầy đủ, chưa đủ điều kiện", "only if the file is incomplete or not eligible"),
    "raised_later": ("chỉ khi phát sinh điều kiện của nghĩa vụ", "only if what raises the duty comes about"),
    "applicant_asks": ("chỉ khi tổ chức, cá nhân yêu cầu dừng", "only if the applicant asks for a stop"),
    "applicant_silent": ("chỉ khi hết thời gian chờ mà không bổ sung", "only if no supplement comes in time"),
}

REMARKS: Final[dict[str, Pair]] = {
    "no_form": (
        "Ngày này chưa thấy văn bản nào có mẫu, số mẫu cho phiếu: tên phiếu là cách gọi của thư viện.",
        "No form, name or number is known for this day: the title is ours.",
    ),
    "layout_unconfirmed": (
        (
            "CHƯA XÁC NHẬN: khổ giấy, lề, cỡ chữ, Quốc hiệu, cách ghi ngày được cho là theo Phụ lục I Nghị định "
            "số 30/2020/NĐ-CP; phụ lục ấy chưa đọc được."
        ),
        (
            "UNCONFIRMED: paper, margins, sizes, heading and the way of writing dates are taken from Annex I "
            "of Decree 30/2020/NĐ-CP, which was not read."
        ),
    ),
    "wording_secondary": (
        (
            "Lời văn, thứ tự mục theo bản in BM.02–BM.04 của Quyết định số 3621/QĐ-BYT và vài bản in của địa phương; "
            "phụ lục của Thông tư chưa đọc được."
        ),
        (
            "Wording and order follow forms BM.02–BM.04 as printed by Decision 3621/QĐ-BYT and prints of provinces; "
            "the annex of the circular was not read."
        ),
    ),
    "wording_own": (
        "Chưa thấy bản in nào của phiếu này: lời văn là của thư viện.",
        "No print of this paper was seen: its wording is ours.",
    ),
    "signer_open": (
        "Ai ký: thực tế mỗi nơi một khác, nên không ghi sẵn.",
        "Who signs differs between places, so nobody is named.",
    ),
}

LABELS: Final[dict[str, Pair]] = {
    "parent": ("Cơ quan chủ quản", "Parent agency"),
    "issuer": ("Cơ quan, đơn vị ban hành", "Issuing unit"),
    "number": ("Số, ký hiệu", "Number of the paper"),
    "issued": ("Địa danh, ngày ban hành", "Place and day of issue"),
    "applicant": ("Tổ chức, cá nhân nộp hồ sơ", "Applicant"),
    "applicant_id": ("Số định danh", "Applicant's id number"),
    "address": ("Địa chỉ", "Address"),
    "phone": ("Số điện thoại", "Telephone"),
    "email": ("Email", "E-mail"),
    "dossier_id": ("Mã số hồ sơ", "Dossier code"),
    "procedure": ("Nội dung yêu cầu giải quyết", "Procedure"),
    "accepted": ("Thời gian tiếp nhận", "Accepted"),
    "submitted": ("Thời gian nộp hồ sơ", "Submitted"),
    "promised_due": ("Thời gian hẹn trả kết quả", "Appointed date"),
    "lawful_due": ("Hạn giải quyết theo quy định", "Lawful due date"),
    "reason": ("Lý do", "Reason"),
    "new_due": ("Thời gian hẹn lại", "New date"),
    "to_supply": ("Nội dung cần bổ sung, hoàn thiện", "What must be supplied"),
    "contact": ("Người liên hệ", "Contact"),
    "contact_phone": ("Số điện thoại liên hệ", "Telephone of the contact"),
    "stop_asked": ("Thời điểm yêu cầu dừng", "Stop asked for"),
    "stopped": ("Thời điểm dừng giải quyết", "Processing stopped"),
    "returned": ("Giấy tờ, phí, lệ phí trả lại", "Papers and fees given back"),
    "requested": ("Thời điểm yêu cầu bổ sung", "Supplement asked for"),
    "closed": ("Ngày đóng hồ sơ", "Day of closing"),
    "ground": ("Căn cứ", "Ground"),
    "lost": ("Thời điểm ghi nhận hồ sơ bị mất", "Loss recorded"),
    "lost_papers": ("Giấy tờ bị mất, thất lạc, hư hỏng", "Papers lost or damaged"),
    "remedy": ("Cách khắc phục, chi phí cấp lại", "Remedy and costs"),
    "one_stop_unit": ("Bộ phận Một cửa", "One-stop unit"),
    "signer": ("Chức vụ, chữ ký, họ và tên người ký", "Signer's title, signature, name"),
}

NOT_GIVEN: Final[Pair] = ("hồ sơ đưa vào không nêu", "the dossier does not say")
PERSONAL: Final[Pair] = (
    "dữ liệu cá nhân: thư viện không giữ, người lập phiếu ghi",
    "personal data: not kept here, written by whoever makes the slip",
)
TO_SAY: Final[dict[str, Pair]] = {
    "parent": ("người lập phiếu ghi", "written by whoever makes the slip"),
    "issuer": ("người lập phiếu ghi", "written by whoever makes the slip"),
    "number": ("văn thư ghi khi phát hành", "written when it is issued"),
    "issued": ("văn thư ghi khi phát hành", "written when it is issued"),
    "reason": ("người ký phiếu phải nói", "for the signer to say"),
    "new_due": ("người có thẩm quyền quyết định, chỉ một lần", "for a competent person to decide, once"),
    "to_supply": ("người hướng dẫn ghi đủ trong một lần", "written by the officer, all at once"),
    "contact": ("người hướng dẫn ghi", "written by the officer"),
    "contact_phone": ("người hướng dẫn ghi", "written by the officer"),
    "stop_asked": ("ghi theo yêu cầu của tổ chức, cá nhân", "as the applicant's request has it"),
    "returned": (
        "người lập phiếu ghi, theo pháp luật chuyên ngành",
        "by sector law; written by whoever makes it",
    ),
    "closed": ("người đóng hồ sơ ghi", "written by whoever closes the dossier"),
    "lost_papers": ("cơ quan xin lỗi ghi", "written by the agency that apologises"),
    "remedy": ("cơ quan xin lỗi ghi", "written by the agency that apologises"),
    "signer": ("người ký", "the signer"),
}
"""Who says what is left blank."""

FROM_DOSSIER: Final[Pair] = ("hồ sơ", "the dossier")
FROM_NAMES: Final[Pair] = ("tên gọi được đưa vào cho mã {}", "the name that was given for id {}")
FROM_EVENT: Final[Pair] = ("sự kiện «{}» trong nhật ký", "the event “{}” of the log")
FROM_CLOCK: Final[Pair] = ("tính từ hồ sơ, theo {}", "computed from the dossier, by {}")
FROM_CLAUSE: Final[Pair] = ("căn cứ của nghĩa vụ", "the clause behind the duty")
