"""The description that is kept is that of the application, and its shapes are those of the library."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from serving import LATE, ROOT, Site, served
from tthc_web.limits import Limits
from tthc_web.openapi import NEXT
from tthc_web.problems import ProblemDocument

from tthc_rules import Rulebook, Verdict
from tthc_rules.integrations.jsonschema import json_schema
from tthc_rules.law.codes import Lateness

KEPT: dict[str, Any] = json.loads((ROOT / "examples" / "web" / "openapi.json").read_text(encoding="utf-8"))
SHAPES: dict[str, Any] = KEPT["components"]["schemas"]
POSTED = ("/v1/verdict", "/v1/explanation", "/v1/next-acts", "/v1/timeline", "/v1/batch")


@pytest.fixture(scope="module")
def site(book: Rulebook) -> Iterator[Site]:
    with served(book) as one:
        yield one


def test_the_kept_description_is_current(site: Site) -> None:
    said = site.client.get("/v1/openapi.json").json()
    assert said == KEPT, (
        "write it again: PYTHONPATH=examples/web python -m tthc_web.openapi > examples/web/openapi.json"
    )
    assert [*said["paths"]] == [*POSTED, "/v1/health"]


@pytest.mark.parametrize(("name", "title"), [("dossier", "Dossier"), ("verdict", "Verdict")])
def test_its_shapes_are_the_schemas_of_the_library(name: str, title: str) -> None:
    text = json.dumps(json_schema(name)).replace("#/definitions/", "#/components/schemas/")
    theirs: dict[str, Any] = json.loads(text)
    parts = theirs.pop("definitions")
    del theirs["$schema"], theirs["$id"]
    assert SHAPES[title] == theirs
    assert {part: SHAPES[part] for part in parts} == parts
    assert len(parts) >= 10


def refs(node: Any) -> Iterator[str]:
    """Every reference in a document."""
    if isinstance(node, list):
        for one in node:
            yield from refs(one)
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for one in node.values():
            yield from refs(one)


def test_every_reference_leads_somewhere() -> None:
    found = {one.removeprefix("#/components/schemas/") for one in refs(KEPT)}
    assert {"Dossier", "Verdict", "NextActs", "ProblemDocument"} <= found
    assert found - set(SHAPES) == set()


def test_every_refusal_is_described_as_a_problem() -> None:
    for path in POSTED:
        answers = KEPT["paths"][path]["post"]["responses"]
        assert {"200", "400", "408", "413", "415", "422", "500", "503"} == set(answers)
        for status in set(answers) - {"200"}:
            assert answers[status]["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
            }


def test_it_names_what_the_rulebook_knows(book: Rulebook) -> None:
    shapes = {one["name"]: one["schema"] for one in KEPT["paths"]["/v1/verdict"]["post"]["parameters"]}
    assert shapes["calendar"]["anyOf"][0] == {"type": "string", "enum": sorted(book.corpus.calendars)}
    assert shapes["hours"]["anyOf"][0]["enum"] == sorted(book.corpus.hours)
    assert shapes["lateness"]["enum"] == list(get_args(Lateness))
    assert shapes["what_if"]["maxItems"] == Limits().what_if


def test_what_is_answered_has_its_shape(site: Site) -> None:
    assert Verdict.model_validate_json(site.ask("/v1/verdict", LATE).text).dossier_id == LATE["dossier_id"]
    assert set(site.ask("/v1/next-acts", LATE).json()) == set(SHAPES["NextActs"]["required"]) == set(NEXT)
    ProblemDocument.model_validate_json(site.ask("/v1/verdict", {}).text)
    assert set(site.client.get("/v1/health").json()) == set(SHAPES["Health"]["required"])


def test_every_code_of_the_application_is_in_its_readme() -> None:
    sources = (ROOT / "examples" / "web" / "tthc_web").glob("*.py")
    written = {code for one in sources for code in re.findall(r'"(TR-web-[a-z]+)"', one.read_text(encoding="utf-8"))}
    readme = (ROOT / "examples" / "web" / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `(TR-web-[a-z]+)` \|", readme, re.MULTILINE)
    assert len(written) > 9
    assert table == sorted(written)
