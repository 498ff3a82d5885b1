"""The description of the addresses (OpenAPI 3.1): the shapes are the library's own schemas, brought in as they are.

python -m tthc_web.openapi > examples/web/openapi.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from tthc_rules import Rulebook
from tthc_rules.integrations.jsonschema import json_schema
from tthc_web.bodies import JSON, NDJSON
from tthc_web.limits import Limits
from tthc_web.problems import MEDIA, ProblemDocument

_HERE: Final = "#/components/schemas/"


def _refused(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA: {"schema": {"$ref": _HERE + "ProblemDocument"}}}
    return {status.value: {"description": status.phrase, "content": content} for status in statuses}


NO_ANSWER: Final = _refused(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.INTERNAL_SERVER_ERROR)
_OF_A_BODY: Final = _refused(
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


def _said(
    types: tuple[str, ...], body: Mapping[str, Any], media: str, answer: Mapping[str, Any], what: str
) -> dict[str, Any]:
    """How an address is described that takes a body itself, and answers with a text of its own making."""
    taken = {kind: {"schema": body} for kind in types}
    given = {HTTPStatus.OK.value: {"description": what, "content": {media: {"schema": answer}}}}
    return {
        "response_class": Response,
        "response_model": None,
        "responses": {**given, **_OF_A_BODY},
        "openapi_extra": {"requestBody": {"required": True, "content": taken}},
    }


_DOSSIER: Final = {"$ref": _HERE + "Dossier"}
_LINES: Final = {"type": "string", "description": "Mỗi dòng một hồ sơ / a dossier a line: `Dossier`."}
_ROWS: Final = {"type": "string", "description": "Mỗi dòng một kết quả / a result a line: `BatchRow`."}
ONE_VERDICT: Final = _said(JSON, _DOSSIER, "application/json", {"$ref": _HERE + "Verdict"}, "Kết luận / the verdict")
NEXT_ACTS: Final = _said(JSON, _DOSSIER, "application/json", {"$ref": _HERE + "NextActs"}, "Việc tiếp theo / what next")
TEXT: Final = _said(JSON, _DOSSIER, "text/plain", {"type": "string"}, "Lời giải thích / in words")
TIMELINE: Final = _said(JSON, _DOSSIER, "text/html", {"type": "string"}, "Trang của hồ sơ / the page")
BATCH: Final = _said(NDJSON, _LINES, "application/x-ndjson", _ROWS, "Các kết quả, theo thứ tự / the results, in order")


NEXT: Final = ("dossier_id", "as_of", "known_on", "supposed", "next_acts", "changes_on")
"""What of a verdict answers «what next»."""


def described(app: FastAPI, book: Rulebook, limits: Limits) -> None:
    """Let the application describe itself so, with the names that its rulebook knows."""
    bounds: dict[str, dict[str, Any]] = {
        "calendar": {"enum": sorted(book.corpus.calendars)},
        "hours": {"enum": sorted(book.corpus.hours)},
        "what_if": {"maxItems": limits.what_if},
    }

    @cache
    def openapi() -> dict[str, Any]:
        made: dict[str, Any] = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            routes=app.routes,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )
        known = made.setdefault("components", {}).setdefault("schemas", {})
        for name, shape in _shapes():
            assert known.setdefault(name, shape) == shape, name
        for operations in made["paths"].values():
            for asked in (one for operation in operations.values() for one in operation.get("parameters", ())):
                shape = asked["schema"]
                (shape["anyOf"][0] if "anyOf" in shape else shape).update(bounds.get(asked["name"], {}))
        return made

    app.openapi = openapi


def _shapes() -> list[tuple[str, dict[str, Any]]]:
    """Every shape that the addresses name, by its name."""
    shapes: list[tuple[str, dict[str, Any]]] = []
    whole = {}
    for name in ("dossier", "verdict"):
        shape = _moved({key: value for key, value in json_schema(name).items() if key not in ("$schema", "$id")})
        shapes += shape.pop("definitions").items()
        whole[name] = shape
        shapes.append((shape["title"], shape))
    said = whole["verdict"]["properties"]
    properties = {name: said[name] for name in NEXT}
    shapes.append(("NextActs", {"title": "NextActs", "type": "object", "properties": properties, "required": [*NEXT]}))
    _, ours = models_json_schema([(ProblemDocument, "serialization")], ref_template=_HERE + "{model}")
    shapes += ours["$defs"].items()
    shapes.append(("BatchRow", _BATCH_ROW))
    return shapes


def _moved(node: Any) -> Any:
    """The same with its references to where an OpenAPI document keeps its shapes."""
    match node:
        case {"$ref": str(place)}:
            return {**node, "$ref": place.replace("#/definitions/", _HERE)}
        case dict():
            return {key: _moved(value) for key, value in node.items()}
        case list():
            return [_moved(one) for one in node]
        case _:
            return node


def _row(description: str, required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "description": description, "properties": properties, "required": required}


_LINE: Final = {"type": "integer", "minimum": 1}
_PROBLEM: Final = {"$ref": _HERE + "ProblemDocument"}
_BATCH_ROW: Final = {
    "title": "BatchRow",
    "anyOf": [
        _row("`answer=verdict`", ["line", "verdict"], line=_LINE, verdict={"$ref": _HERE + "Verdict"}),
        _row("`answer=row`: docs/results.md", ["line", "dossier_id", "punctuality"], line=_LINE),
        _row("a line that cannot be judged", ["line", "dossier_id", "problem"], line=_LINE, problem=_PROBLEM),
        _row(
            "the last row, where a limit stopped the batch",
            ["stopped", "problem"],
            stopped={"const": True},
            problem=_PROBLEM,
        ),
    ],
}


def main() -> None:
    """Print the description."""
    from tthc_web.app import create_app

    said = json.dumps(create_app(Rulebook.load()).openapi(), ensure_ascii=False, indent=2)
    sys.stdout.buffer.write(f"{said}\n".encode())


if __name__ == "__main__":
    main()
