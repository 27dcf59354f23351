"""What programs ask is held to the description: a name that it has not, and a value outside of the
bounds that it tells, are refused with the right ones. What it holds is therefore enforced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request

from dashboard.web.answers import RequestError, instant, told
from dashboard.web.json_schema import Schema
from decoders.suggest import nearest

#: Twins of pages that have a function of their own, and what they are asked as.
_TWINS = {
    "/now.json": "/api/v1/status",
    "/now.csv": "/api/v1/status",
    "/status.csv": "/api/v1/status",
    "/satellites.csv": "/api/v1/satellites",
    "/satellites/{id}.json": "/api/v1/satellites/{id}",
    "/satellites/{id}.csv": "/api/v1/satellites/{id}",
    "/satellites/{id}/parameters/{name}.csv": "/api/v1/satellites/{id}/parameters/{name}",
    "/frames.csv": "/api/v1/frames",
    "/frames/{seq}.csv": "/api/v1/frames/{seq}",
    "/passes.csv": "/api/v1/passes",
    "/passes/flown.csv": "/api/v1/passes/flown",
    "/passes/{key}.csv": "/api/v1/passes/flown/{key}",
    "/alarms.csv": "/api/v1/alarms",
    "/notes.csv": "/api/v1/notes",
}
_KEY = "asked"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_WHOLE = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_PYTHON: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The described ``paths``, and what each endpoint may be asked: parameters by name."""

    paths: Mapping[str, Schema]
    questions: Mapping[str, Mapping[str, Schema]]


def init_asked(app: Flask, description: Schema) -> None:
    """Hold all questions to the ``description`` (OpenAPI) from now on; the routes are registered
    already."""
    paths = description["paths"]
    described = {}
    for rule in app.url_map.iter_rules():
        path = _path(rule.rule)
        about = paths.get(_TWINS.get(path, path), {})
        for method in {"GET", "POST"} & (rule.methods or set()):
            if method.lower() in about:
                described[rule.endpoint] = about[method.lower()]
    questions = {
        endpoint: {item["name"]: item for item in about["parameters"] if item["in"] == "query"}
        for endpoint, about in described.items()
    }
    app.extensions[_KEY] = _Asked(paths, questions)
    app.before_request(_check_query)


def body() -> Mapping[str, Any]:
    """The JSON that came, as the description has it. Raises RequestError 400."""
    rule = request.url_rule
    about = _asked().paths[_path(rule.rule if rule else "")]["post"]
    schema: Schema = about["requestBody"]["content"]["application/json"]["schema"]
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        names = ", ".join(schema["properties"])
        raise RequestError(400, f"the body must be a JSON object with {names}")
    if problem := _problem("the body", given, schema):
        raise RequestError(400, problem)
    return {name: _plain(value) for name, value in given.items()}


def _plain(value: object) -> object:
    """In JSON 5.0 is a whole number, too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def missing_path(path: str) -> str:
    """What to say of a path of the interface that there is not."""
    sentence = f"there is nothing at {path[:120]}"
    return f"{sentence}; {nearest(path, _asked().paths)}" if len(path) < 80 else sentence


def _asked() -> _Asked:
    found: _Asked = current_app.extensions[_KEY]
    return found


def _path(rule: str) -> str:
    return _PART.sub(r"{\1}", rule)


def _check_query() -> None:
    declared = _asked().questions.get(request.endpoint or "")
    if declared is None:
        return
    for name, values in request.args.lists():
        if name not in declared:
            raise RequestError(400, f"{told(name)} is no parameter here; {nearest(name, declared)}")
        if len(values) > 1:
            raise RequestError(400, f"{name} is given {len(values)} times: once is right")
        _check_value(name, values[0], declared[name])
    for name, item in declared.items():
        if item.get("required") and name not in request.args:
            raise RequestError(400, f"{name} is missing: {item['description']}")


def _check_value(name: str, text: str, item: Schema) -> None:
    schema = item["schema"]
    value: object = text
    if schema.get("type") == "integer" and _WHOLE.fullmatch(text):
        value = int(text)
    if problem := _problem(name, value, {"description": item["description"], **schema}):
        raise RequestError(400, problem)


def _problem(name: str, value: object, schema: Schema) -> str:
    """What is wrong with a value, by as much of JSON Schema as the description uses; or ``""``."""
    kind = schema.get("type")
    if kind == "integer":
        return _problem_of_number(name, value, schema)
    if kind and not isinstance(value, _PYTHON[kind]):
        return f"{name} must be JSON of the type {kind}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{name} is {told(value)}, it must be one of {', '.join(map(str, schema['enum']))}"
    if isinstance(value, str):
        return _problem_of_text(name, value, schema)
    if isinstance(value, list):
        return _problem_of_list(name, value, schema)
    return _problem_of_object(name, value, schema) if isinstance(value, dict) else ""


def _problem_of_number(name: str, value: object, schema: Schema) -> str:
    low, high = schema["minimum"], schema["maximum"]
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if is_whole and not isinstance(value, bool) and low <= value <= high:
        return ""
    return f"{name} is {told(value)}, it must be a whole number from {low} to {high}"


def _problem_of_text(name: str, text: str, schema: Schema) -> str:
    if len(text) > schema.get("maxLength", len(text)):
        return f"{name} is longer than {schema['maxLength']} characters"
    if "pattern" in schema and not re.fullmatch(schema["pattern"], text):
        return f"{name} is {told(text)}; what is meant: {schema.get('description', 'another text')}"
    if schema.get("format") == "date-time":
        instant(name, text)  # a day is one too
    if "anyOf" in schema:
        return _problem_of_choice(name, text, schema["anyOf"])
    return ""


def _problem_of_choice(name: str, text: str, choices: list[Schema]) -> str:
    """One that holds is enough; where none does, the last one says why."""
    *others, last = choices
    if any(_problem_of_text(name, text, schema) == "" for schema in others):
        return ""
    return _problem_of_text(name, text, last)


def _problem_of_list(name: str, values: list[object], schema: Schema) -> str:
    if len(values) > schema.get("maxItems", len(values)):
        return f"{name} has more than {schema['maxItems']} entries"
    inner = schema.get("items", {})
    problems = (_problem(f"{name}[{place}]", item, inner) for place, item in enumerate(values))
    return next(filter(None, problems), "")


def _problem_of_object(name: str, fields: dict[str, object], schema: Schema) -> str:
    known = schema.get("properties", {})
    for field in fields:
        if field not in known and schema.get("additionalProperties") is False:
            return f"{told(field)} is no field of {name}; {nearest(field, known)}"
    for field in schema.get("required", ()):
        if field not in fields:
            return f"{field} is missing in {name}"
    problems = (_problem(field, fields[field], known[field]) for field in fields if field in known)
    return next(filter(None, problems), "")
