"""Errors as `application/problem+json` (RFC 9457): the library's codes and places, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, get_type_hints

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from tthc_rules.errors import EngineError, OptionError, Problem, TthcError
from tthc_rules.law.complaints import problems_of
from tthc_rules.law.names import Names

MEDIA: Final = "application/problem+json"
TYPE: Final = "urn:problem-type:tthc-rules:"
RETRY_SECONDS: Final = 5


class ProblemItem(BaseModel):
    """One thing that is wrong: a code that stays the same, the place, and what to do, in both languages."""

    model_config = ConfigDict(frozen=True)

    code: str
    place: str
    """`events[2].at`, behind the id of the dossier where it is known; line and column of broken JSON; an option."""
    vi: str
    en: str
    known: tuple[str, ...] = ()
    """What would have been accepted there."""
    nearest: str | None = None
    """What was probably meant."""


class ProblemDocument(BaseModel):
    """Why there is no answer (RFC 9457); `type`, `code` and `detail` are of the first of the problems."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    code: str
    problems: tuple[ProblemItem, ...]


class WebError(TthcError):
    """A request that cannot be served, whatever its dossier says; `status` is the answer's."""

    def __init__(self, status: HTTPStatus, problem: Problem) -> None:
        super().__init__(problem)
        self.status = status


@dataclass(frozen=True, slots=True)
class _Titled:
    status: HTTPStatus
    title: str


def document_of(error: TthcError) -> ProblemDocument:
    """The document that tells of an error."""
    titled = _titled(error)
    first = error.problems[0]
    return ProblemDocument(
        type=TYPE + first.code,
        title=titled.title,
        status=titled.status,
        detail=f"{first.vi} / {first.en}",
        code=first.code,
        problems=tuple(
            ProblemItem(
                code=one.code, place=one.place, vi=one.vi, en=one.en, known=one.known, nearest=one.nearest or None
            )
            for one in error.problems
        ),
    )


def answer_to(error: TthcError, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer that tells of an error."""
    said = document_of(error)
    also = dict(headers or {})
    if said.status == HTTPStatus.SERVICE_UNAVAILABLE:
        also.setdefault("Retry-After", str(RETRY_SECONDS))
    return JSONResponse(said.model_dump(mode="json"), said.status, also, MEDIA)


def _titled(error: TthcError) -> _Titled:
    match error:
        case WebError(status=status):
            return _Titled(status, _TITLES.get(status, "Yêu cầu không dùng được / The request cannot be used"))
        case EngineError():
            return _Titled(HTTPStatus.INTERNAL_SERVER_ERROR, _TITLES[HTTPStatus.INTERNAL_SERVER_ERROR])
        case OptionError():
            return _Titled(HTTPStatus.UNPROCESSABLE_ENTITY, "Câu hỏi không dùng được / The question cannot be used")
        case _ if error.code == "TR-input-json":
            return _Titled(HTTPStatus.BAD_REQUEST, "Không phải JSON / This is not JSON")
        case _:
            return _Titled(HTTPStatus.UNPROCESSABLE_ENTITY, "Hồ sơ không dùng được / The dossier cannot be used")


_TITLES: Final = {
    HTTPStatus.NOT_FOUND: "Không có địa chỉ này / There is no such address",
    HTTPStatus.METHOD_NOT_ALLOWED: "Địa chỉ này không nhận phương thức đó / The method is not known here",
    HTTPStatus.REQUEST_TIMEOUT: "Quá thời gian / It took too long",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Gửi quá nhiều / Too much was sent",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Kiểu nội dung không nhận / The type of content is not taken",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Lỗi của chương trình / A fault of the program",
    HTTPStatus.SERVICE_UNAVAILABLE: "Đang bận / Busy",
}


# -- what the framework raises -----------------------------------------------------------------------------------------


async def on_coded(request: Request, error: Exception) -> JSONResponse:
    """Ours."""
    assert isinstance(error, TthcError)
    return answer_to(error)


async def on_unusable_query(request: Request, error: Exception) -> JSONResponse:
    """The framework's complaints about the query, in our words."""
    assert isinstance(error, RequestValidationError)
    told = ValidationError.from_exception_data("query", [_retold(one) for one in error.errors()])
    asked: type[BaseModel] = get_type_hints(request.scope["endpoint"])["asked"]
    return answer_to(OptionError(problems_of(told, "", names=Names(asked.model_fields))))


def _retold(one: Mapping[str, Any]) -> InitErrorDetails:
    kind = PydanticCustomError(one["type"], "{said}", {**one.get("ctx", {}), "said": one["msg"]})
    return InitErrorDetails(type=kind, loc=_inside(one["loc"]), input=one.get("input"))


def _inside(location: Sequence[int | str]) -> tuple[int | str, ...]:
    """The place without the word «query» before it."""
    return tuple(location[1:]) or tuple(location)


async def on_http(request: Request, error: Exception) -> JSONResponse:
    """No such path, no such method."""
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    match status:
        case HTTPStatus.NOT_FOUND:
            told = Problem(
                "TR-web-path",
                "",
                "không có địa chỉ này; xem /v1/openapi.json",
                "there is no such address; see /v1/openapi.json",
            )
        case HTTPStatus.METHOD_NOT_ALLOWED:
            told = Problem(
                "TR-web-method",
                request.method if request.method.isalpha() else "",
                "địa chỉ này không nhận phương thức đó; xem trường Allow",
                "this address does not take that method; see the header Allow",
            )
        case _:
            told = Problem(
                "TR-web-request",
                "",
                f"yêu cầu không dùng được ({status})",
                f"the request cannot be used ({status.phrase})",
            )
    return answer_to(WebError(status, told), error.headers)


# -- what can be wrong with a request ----------------------------------------------------------------------------------


def too_large(limit: int) -> WebError:
    """The body is larger than is taken."""
    vi, en = (
        f"nội dung gửi vượt {limit} byte; chia nhỏ rồi gửi lại",
        f"the body is over {limit} bytes; send it in parts",
    )
    return WebError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Problem("TR-web-size", "body", vi, en))


def too_many_lines(limit: int) -> WebError:
    """The batch has more lines than are taken."""
    vi, en = (
        f"quá {limit} dòng; các dòng sau chưa được tính, gửi tiếp trong mẻ khác",
        f"over {limit} lines; those behind were not judged: send them in another batch",
    )
    return WebError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Problem("TR-web-lines", "body", vi, en))


def too_slow(seconds: int) -> WebError:
    """The body did not come in time, or a batch was not through."""
    vi, en = (
        f"sau {seconds} giây vẫn chưa xong; gửi lại, hoặc gửi ít hơn một lần",
        f"not done after {seconds} seconds; send it again, or less at a time",
    )
    return WebError(HTTPStatus.REQUEST_TIMEOUT, Problem("TR-web-time", "body", vi, en))


def busy() -> WebError:
    """All that judge are at work."""
    vi, en = (
        f"máy chủ đang bận; thử lại sau {RETRY_SECONDS} giây",
        f"the server is busy; try again in {RETRY_SECONDS} seconds",
    )
    return WebError(HTTPStatus.SERVICE_UNAVAILABLE, Problem("TR-web-busy", "", vi, en))


def wrong_type(header: str, wanted: Sequence[str]) -> WebError:
    """The body is said to be something else, or to be packed."""
    vi, en = (
        f"tiêu đề {header}: nội dung phải là một trong các kiểu này, UTF-8, không nén",
        f"header {header}: the body must be of one of these types, in UTF-8, not packed",
    )
    return WebError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, Problem("TR-web-type", header, vi, en, known=tuple(wanted)))


def given_twice(name: str) -> OptionError:
    """An option of the query that is there twice: which of them holds, nobody can say."""
    return OptionError(
        Problem(
            "TR-web-twice",
            name,
            "tùy chọn này có hai lần trong địa chỉ; bỏ bớt một",
            "this option is there twice; leave one out",
        )
    )


def fault() -> WebError:
    """Something in this program broke; what, is in its log."""
    vi, en = (
        "chương trình gặp lỗi, đã ghi vào nhật ký; báo cho người vận hành",
        "the program failed, which is in its log; tell who runs it",
    )
    return WebError(HTTPStatus.INTERNAL_SERVER_ERROR, Problem("TR-web-fault", "", vi, en))
