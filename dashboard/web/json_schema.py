"""JSON Schema and OpenAPI in few words: what :mod:`dashboard.web.openapi` is written with."""

from __future__ import annotations

from typing import Any

from dashboard.web.permit import HEADER as TOKEN
from decoders.definition.limits import STATES
from groundstation.words.language import LANGUAGES

#: A schema is JSON of any depth.
Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
WHOLE: Schema = {"type": "integer"}
AGO = "^[0-9]{1,5}[mhdw]$"
#: A time as people ask for it: ISO 8601 (UTC where no zone is given), or so long ago.
MOMENT: Schema = {
    "type": "string",
    "anyOf": [
        {"pattern": AGO},
        {"format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        {"format": "date-time"},
    ],
}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
SCALAR: Schema = {"type": ["number", "string", "null"]}
STATE: Schema = {"enum": list(STATES)}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def list_of(schema: Schema) -> Schema:
    """An array of them."""
    return {"type": "array", "items": schema}


def map_of(schema: Schema) -> Schema:
    """Any names, each with one of them."""
    return {"type": "object", "additionalProperties": schema}


def record(**properties: Schema) -> Schema:
    """These names, all of which are there."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def ref(name: str) -> Schema:
    """One of the schemas by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def query(name: str, schema: Schema, words: str) -> Schema:
    """A parameter of the query."""
    return {"name": name, "in": "query", "schema": schema, "description": words}


def in_path(name: str, schema: Schema) -> Schema:
    """A part of the path."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def whole(low: int, high: int) -> Schema:
    """A whole number from ``low`` to ``high``."""
    return {**WHOLE, "minimum": low, "maximum": high}


def post(summary: str, changed: Schema, required: tuple[str, ...] = (), **fields: Schema) -> Schema:
    """A change, with the token that ``GET /api/v1/visitor`` tells."""
    described = get(summary, changed, {**query(TOKEN, TEXT, "of the visitor"), **IN_HEADER})["get"]
    if not fields:
        return {"post": described}
    body = {
        "type": "object",
        "properties": fields,
        "required": list(required),
        "additionalProperties": False,
    }
    about = {"required": True, "content": {"application/json": {"schema": body}}}
    return {"post": {**described, "requestBody": about}}


def in_place(change: Schema, *parameters: Schema) -> Schema:
    """A change of what its path names."""
    about = change["post"]
    return {"post": {**about, "parameters": [*parameters, *about["parameters"]]}}


LANGUAGE = query("lang", {"enum": list(LANGUAGES)}, "of words: of labels and sentences")
IN_HEADER: Schema = {"in": "header", "required": True}


def get(
    summary: str, schema: Schema, *parameters: Schema, media: str = "application/json"
) -> Schema:
    """A question. Whatever is asked may name the language of the words in the answer."""
    answer = {"description": summary, "content": {media: {"schema": schema}}}
    problem = {
        "description": "One sentence",
        "content": {"application/json": {"schema": ref("Error")}},
    }
    return {
        "get": {
            "summary": summary,
            "parameters": [*parameters, LANGUAGE],
            "responses": {"200": answer, "default": problem},
        }
    }
