"""The application: which address answers what.

uvicorn --factory tthc_web.app:from_environment --app-dir examples/web --no-access-log
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from tthc_rules import Rulebook, Verdict, __version__
from tthc_rules.errors import TthcError
from tthc_rules.law.dossier import Dossier
from tthc_web.asked import BatchQuestion, Explained, Supposing, Told, asked_once
from tthc_web.batch import BatchAnswer, Judge
from tthc_web.bodies import NDJSON, check_head, read_body
from tthc_web.guard import Guard, log
from tthc_web.limits import PREFIX, Limits, limits_in
from tthc_web.openapi import BATCH, NEXT, NEXT_ACTS, NO_ANSWER, ONE_VERDICT, TEXT, TIMELINE, described
from tthc_web.page import policy_of, start_page
from tthc_web.problems import busy, on_coded, on_http, on_unusable_query

T = TypeVar("T")


class Health(BaseModel):
    """That the service runs, and by which law: what a report of a fault should say."""

    status: str
    library: str
    law: str
    """SHA-256 of the rule files, as in the digests of a verdict."""
    law_files: int
    calendar_published_to: date
    """The last day whose holidays are published; later ones are provisional."""


def create_app(book: Rulebook, limits: Limits | None = None) -> FastAPI:
    """The application around a rulebook, which all its threads share."""
    service = _Service(book, limits or Limits())
    app = FastAPI(
        title="tthc-rules",
        version=__version__,
        summary="Thời hạn, trễ hạn, nghĩa vụ của hồ sơ thủ tục hành chính / due dates and duties of dossiers",
        openapi_url="/v1/openapi.json",
        docs_url=None,  # it would fetch its parts from elsewhere
        redoc_url=None,
        lifespan=service.lifespan,
        generate_unique_id_function=lambda route: route.name,
        dependencies=[Depends(asked_once)],
    )
    app.state.book = book
    app.add_middleware(Guard)
    app.add_exception_handler(TthcError, on_coded)
    app.add_exception_handler(RequestValidationError, on_unusable_query)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(ClientDisconnect, _nobody_there)
    for path, endpoint, said in (
        ("/v1/verdict", service.verdict, ONE_VERDICT),
        ("/v1/explanation", service.explanation, TEXT),
        ("/v1/next-acts", service.next_acts, NEXT_ACTS),
        ("/v1/timeline", service.timeline, TIMELINE),
        ("/v1/batch", service.batch, BATCH),
    ):
        app.add_api_route(path, endpoint, methods=["POST"], **said)
    app.add_api_route("/v1/health", service.health, methods=["GET"], response_model=Health, responses=NO_ANSWER)
    app.add_api_route("/", service.start, methods=["GET"], include_in_schema=False)
    described(app, book, service.limits)
    return app


def from_environment() -> FastAPI:
    """The application as the environment sets it: limits, and in `TTHC_WEB_RULES` folders of rules of one's own.

    What is wrong with either is told, and the program ends.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    log.setLevel(logging.INFO)
    folders = [folder for folder in os.environ.get(f"{PREFIX}RULES", "").split(os.pathsep) if folder]
    try:
        return create_app(Rulebook.load(*folders), limits_in(os.environ))
    except TthcError as error:
        raise SystemExit(error.render()) from None


class _Service:
    """What stands behind the addresses: the rulebook, the threads that judge, the places for batches."""

    def __init__(self, book: Rulebook, limits: Limits) -> None:
        self.book, self.limits = book, limits
        self.batches = asyncio.Semaphore(limits.batches)
        self.threads = ThreadPoolExecutor(limits.threads, "tthc-judge")

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """The threads end with the application."""
        try:
            yield
        finally:
            self.threads.shutdown(cancel_futures=True)

    async def off_loop(self, job: Callable[..., T], *given: Any) -> T:
        """What a job gives, done on a thread that judges."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, job, *given)

    async def start(self) -> Response:
        page = start_page()
        return HTMLResponse(page, headers={"Content-Security-Policy": policy_of(page), "Cache-Control": "no-cache"})

    async def health(self) -> Health:
        """Chạy hay không, theo luật nào, lịch đã công bố đến đâu. / Whether it runs, and by which law."""
        law = self.book.corpus
        last = date(self.book.calendar().law.last_published_year, 12, 31)
        return Health(
            status="ok", library=__version__, law=law.digest, law_files=len(law.files), calendar_published_to=last
        )

    async def verdict(self, request: Request, asked: Annotated[Supposing, Query()]) -> Response:
        """Kết luận về một hồ sơ: hạn, trễ hạn, nghĩa vụ, căn cứ. / The verdict on one dossier."""
        said = await self._judged(request, asked, lambda verdict: verdict.model_dump_json())
        return Response(said, media_type="application/json")

    async def explanation(self, request: Request, asked: Annotated[Explained, Query()]) -> Response:
        """Lời giải thích: vài dòng, hoặc đủ mọi bước. / The verdict in words, in short or in full."""

        def tell(verdict: Verdict) -> str:
            is_short = not (asked.full or asked.days)
            return verdict.explain(asked.lang, short=is_short, day_by_day=asked.days)

        said = await self._judged(request, asked, tell)
        return PlainTextResponse(f"{said}\n", headers={"Content-Language": asked.lang})

    async def next_acts(self, request: Request, asked: Annotated[Supposing, Query()]) -> Response:
        """Việc phải làm tiếp theo: đến khi nào, ai. / What the law still expects, by when and of whom."""
        said = await self._judged(request, asked, lambda verdict: verdict.model_dump_json(include=set(NEXT)))
        return Response(said, media_type="application/json")

    async def timeline(self, request: Request, asked: Annotated[Told, Query()]) -> Response:
        """Trang của hồ sơ: từng ngày, lịch, việc phải làm. / The page of the dossier, day by day."""
        page = await self._judged(request, asked, lambda verdict: verdict.to_html(asked.lang))
        headers = {"Content-Language": asked.lang, "Content-Security-Policy": policy_of(page)}
        return HTMLResponse(page, headers=headers)

    async def batch(self, request: Request, asked: Annotated[BatchQuestion, Query()]) -> Response:
        """Nhiều hồ sơ, mỗi dòng một hồ sơ; dòng lỗi không dừng dòng khác. / Many dossiers, one a line, one row each."""
        check_head(request.headers, NDJSON, self.limits.batch_bytes)
        return BatchAnswer(Judge(self.book, asked), self.limits, self.batches, self.off_loop)

    async def _judged(self, request: Request, asked: Supposing, say: Callable[[Verdict], str]) -> str:
        """What is said of the verdict on the dossier in the body."""
        supposed = asked.supposed(self.limits.what_if)
        self.book.question(**asked.options())  # what cannot be asked is said before the body is read
        body = await read_body(request, self.limits)

        def judge() -> str:
            dossier = Dossier.model_validate_json(body)
            return say(self.book.evaluate(dossier, **asked.options(), what_if=supposed))

        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self.off_loop(judge)
        except TimeoutError:
            raise busy() from None


async def _nobody_there(request: Request, error: Exception) -> Response:
    """What is answered to a client that has left; the number stands in the log only."""
    return Response(status_code=499)
