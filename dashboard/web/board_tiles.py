"""What stands in the tiles of a board: the template's part, and what the script needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.data.now_records import NowRecord
from dashboard.data.records import FrameRecord
from dashboard.show import display
from dashboard.show.i18n import gettext as _
from dashboard.show.i18n import language
from dashboard.web.context import Context
from dashboard.web.hero import Hero
from dashboard.web.listed import named
from dashboard.web.stories import stories
from decoders.definition.model import Satellite
from groundstation.model.board import Tile, place_of

#: Of the list of frames.
LAST_FRAMES = 6


@dataclass
class TileView:
    """A tile as the page has it. ``problem``: why there is nothing, in the page's language."""

    tile: Tile
    title: str = ""
    satellite: str = ""
    problem: str = ""
    hero: Hero | None = None
    told: NowRecord | None = None
    frames: list[FrameRecord] = field(default_factory=list)
    simulated: bool | None = None
    script: dict[str, object] = field(default_factory=dict)


def tile_views(ctx: Context, tiles: Sequence[Tile], turned_to: Satellite | None) -> list[TileView]:
    """``turned_to``: the satellite of tiles that name none."""
    return [_view(ctx, tile, turned_to) for tile in tiles]


def _view(ctx: Context, tile: Tile, turned_to: Satellite | None) -> TileView:
    found = turned_to if tile.satellite is None else ctx.data.satellite(tile.satellite)
    view = TileView(tile)
    if tile.kind == "frames":
        _fill_frames(ctx, view, tile.satellite)
    elif found is None:
        view.title = tile.satellite or ""
        view.problem = (
            _("There is no satellite %(id)s here.", id=tile.satellite)
            if tile.satellite
            else _("Nothing received yet.")
        )
    else:
        view.satellite, view.title = found.id, found.name
        view.told = stories().now(found.id, language())
        fill = {"value": _fill_value, "chart": _fill_chart}.get(tile.kind, _fill_told)
        fill(ctx, view, found)
    view.script |= {"kind": tile.kind, "satellite": view.satellite or None}
    return view


def _names(view: TileView) -> list[str]:
    """The parameters that are meant; the first values of the first page by their place."""
    values = view.told["values"] if view.told else []
    found = []
    for word in view.tile.parameters:
        place = place_of(word)
        if place is None:
            found.append(word)
        elif place <= len(values):
            found.append(values[place - 1])
    return found


def _fill_value(ctx: Context, view: TileView, found: Satellite) -> None:
    known = ctx.latest(found.id)
    name = next((name for name in _names(view) if _is_known(found, name)), None)
    if name is None:
        word = view.tile.parameters[0]
        view.problem = _("%(satellite)s has no value %(name)s.", satellite=found.name, name=word)
        return
    hero = Hero(ctx, found, name, known.get(name), language())
    view.hero, view.title = hero, hero.card.label
    view.simulated = hero.card.simulated if hero.card.time else None
    view.script["parameter"] = hero.script


def _fill_chart(ctx: Context, view: TileView, found: Satellite) -> None:
    names = [name for name in _names(view) if _is_known(found, name)]
    if not names:
        words = ", ".join(view.tile.parameters)
        view.problem = _("%(satellite)s has no value %(name)s.", satellite=found.name, name=words)
        return
    rows, code = found.rows(), language()
    about = {
        name: display.script_parameter(name, display.find_row(rows, name), rows, code)
        for name in names
    }
    view.title = " · ".join(item["label"] for item in about.values())
    view.script |= {"parameters": about, "range": view.tile.range}


def _fill_told(ctx: Context, view: TileView, found: Satellite) -> None:
    told = view.told
    if told is None:
        return
    if view.tile.kind == "sky":
        coming = told["pass"]
        view.script["pass"] = coming
        view.simulated = coming["simulated"] if coming else None
        view.problem = "" if coming else _("No pass in the next two days.")
    elif view.tile.kind == "map":
        view.problem = (
            ""
            if told["where"]
            else _("Where it is cannot be said: its orbital elements are missing or too old.")
        )


def _fill_frames(ctx: Context, view: TileView, satellite: str | None) -> None:
    names = ctx.data.names()
    every = ctx.tail.recent.frames()
    meant = [item for item in every if satellite in (None, item["satellite"])][:LAST_FRAMES]
    view.frames = [named(item, names) for item in meant]
    view.title = _("Last frames")
    view.simulated = all(item["simulated"] for item in meant) if meant else None
    view.script["only"] = satellite


def _is_known(found: Satellite, name: str) -> bool:
    return display.find_row(found.rows(), name) is not None
