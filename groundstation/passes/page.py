"""A report as HTML: a whole page that needs nothing else, or the part inside another page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from html import escape
from importlib.resources import files

from decoders.words import state_word
from groundstation.model.pass_report import FrameEnd, HeardRecord, PassReport, Rate, Spread
from groundstation.naming import is_number
from groundstation.passes.frames import Heard, Reading
from groundstation.passes.pictures import Timeline, sky_plot
from groundstation.words.language import Language
from groundstation.words.statuses import status_word

#: Frames in the list at most; the journal has them all.
MOST_FRAMES = 300


def stylesheet() -> str:
    """The rules for everything inside ``class="report"``."""
    return files("groundstation.passes").joinpath("report.css").read_text("utf-8")


def document(report: PassReport, frames: Sequence[Heard], words: Language, zone: tzinfo) -> str:
    """A page of its own: no other file, no network, no script."""
    own = files("groundstation.passes").joinpath("document.css").read_text("utf-8")
    title = escape(heading(report, words))
    mark = ""
    if report["simulated"]:
        mark = (
            f'<p class="simulated"><strong>{words("simulated")}</strong> '
            f"{words('These data do not come from space.')}</p>"
        )
    return (
        f'<!doctype html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{own}{stylesheet()}</style>\n</head>\n<body>\n"
        f"{mark}<h1>{title}</h1>\n{body(report, frames, words, zone)}\n</body>\n</html>\n"
    )


def heading(report: PassReport, words: Language) -> str:
    """What the report is of."""
    return words("Pass of %(name)s", name=report["name"])


def body(
    report: PassReport,
    frames: Sequence[Heard],
    words: Language,
    zone: tzinfo,
    frame_link: str = "",
) -> str:
    """The report without a frame around it. ``frame_link`` before a seq is a frame's own page."""
    return _Body(report, frames, words, zone, frame_link).html()


class _Body:
    def __init__(
        self,
        report: PassReport,
        frames: Sequence[Heard],
        words: Language,
        zone: tzinfo,
        frame_link: str,
    ) -> None:
        self.report, self.frames, self.words, self.zone = report, frames, words, zone
        self.frame_link = frame_link
        self.heard: HeardRecord = report["heard"]

    def html(self) -> str:
        words = self.words
        sky = sky_plot(self.report, self.frames, words)
        origin = words(
            "Predicted from the elements above; frames as the station's journal has them."
        )
        timeline = Timeline(self.report, self.frames, words, self.zone).svg()
        return "\n".join(
            (
                '<div class="report">',
                *self._notes(),
                _facts(self._summary()),
                f'<div class="pictures"><figure>{sky}</figure>',
                f'<figure class="wide" tabindex="0">{timeline}</figure></div>',
                *self._rates(),
                *self._gaps(),
                *self._tracking(),
                *self._frames(),
                f'<p class="quiet">{origin}</p>',
                "</div>",
            )
        )

    def _notes(self) -> Iterator[str]:
        """What must not be overlooked."""
        words, heard = self.words, self.heard
        if self.report["doubt"]:
            doubt = words("The clock was wrong: the times are not to be trusted.")
            yield f'<p class="warning">{doubt}</p>'
        if is_number(self.report["satellite"]) and heard["unknown_frames"]:
            own = words("This satellite has no definition: unknown frames may be its own.")
            yield f"<p><strong>{own}</strong></p>"
        elif not heard["frames"]:
            yield f"<p><strong>{words('Nothing was heard.')}</strong></p>"
        if heard["rose_early_by_s"] is not None:
            early = words(
                "The first frame came from below the horizon: it rose at least %(seconds)s s "
                "early.",
                seconds=words.number(heard["rose_early_by_s"]),
            )
            yield f'<p class="warning">{early}</p>'
        if heard["set_late_by_s"] is not None:
            late = words(
                "The last frame came from below the horizon: it set at least %(seconds)s s late.",
                seconds=words.number(heard["set_late_by_s"]),
            )
            yield f'<p class="warning">{late}</p>'

    def _summary(self) -> Iterator[tuple[str, str]]:
        words, report, heard = self.words, self.report, self.heard
        predicted = report["predicted"]
        yield words("frames"), str(heard["frames"])
        yield words("damaged frames"), str(heard["bad_frames"])
        if heard["unknown_frames"]:
            yield words("unknown frames"), str(heard["unknown_frames"])
        if waiting := heard.get("waiting_frames"):
            yield words("frames not interpreted yet"), str(waiting)
        yield words("frames a second"), words.number(heard["frames_per_s"], 2)
        yield words("rises"), self._moment(predicted["aos"], predicted["aos_azimuth_deg"])
        highest = f"{words.number(predicted['max_elevation_deg'], 1)}°"
        yield words("highest point"), f"{highest} · {self._moment(predicted['tca'])}"
        yield words("sets"), self._moment(predicted["los"], predicted["los_azimuth_deg"])
        first, last = heard["first"], heard["last"]
        if first and last:
            yield words("first frame"), self._end(first, self._after_aos(first["after_aos_s"]))
            yield words("last frame"), self._end(last, self._before_los(last["before_los_s"]))
        elements = report["elements"]
        days = words.number(abs(elements["age_days"]), 1)
        newer = elements["age_days"] < 0
        age = (
            words("%(days)s d newer than the pass", days=days)
            if newer
            else (words("%(days)s d old", days=days))
        )
        good = words(
            "times good to about %(seconds)s s", seconds=words.brief(predicted["timing_error_s"])
        )
        yield (
            words("orbital elements"),
            f"{elements['epoch'][:16].replace('T', ' ')} UTC, {age}; {good}",
        )
        if report["frequency_hz"] is not None:
            yield (
                words("frequency"),
                f"{words.number(report['frequency_hz'] / 1e6, 4)} {words('MHz')}",
            )
        yield words("orbit"), str(report["orbit"])
        yield words("counted above"), f"{words.number(report['mask_deg'], 1)}°"
        site = report["site"]
        place = (
            f"{words.number(site['latitude_deg'], 4)}°, {words.number(site['longitude_deg'], 4)}°"
        )
        yield words("place"), f"{site['name']} ({place})"
        yield words("the station ran"), self._watched()

    def _moment(self, text: str, azimuth_deg: float | None = None) -> str:
        when = datetime.fromisoformat(text)
        local = when.astimezone(self.zone)
        utc = f"{when:%H:%M:%S} UTC" if local.utcoffset() else "UTC"
        side = "" if azimuth_deg is None else f", {self.words.number(azimuth_deg)}°"
        return f"{local:%Y-%m-%d %H:%M:%S} ({utc}){side}"

    def _after_aos(self, seconds: float) -> str:
        words, size = self.words, self.words.number(abs(seconds), 1)
        if seconds < 0:
            return words("%(seconds)s s before it was to rise", seconds=size)
        return words("%(seconds)s s after it was to rise", seconds=size)

    def _before_los(self, seconds: float) -> str:
        words, size = self.words, self.words.number(abs(seconds), 1)
        if seconds < 0:
            return words("%(seconds)s s after it was to set", seconds=size)
        return words("%(seconds)s s before it was to set", seconds=size)

    def _end(self, end: FrameEnd, when: str) -> str:
        """When the first or last frame came, beside what was predicted."""
        words = self.words
        return f"{when}, {words('elevation')} {words.number(end['elevation_deg'], 1)}°"

    def _watched(self) -> str:
        spans = self.report["watched"]
        if not spans:
            return self.words("not known")
        return ", ".join(f"{self._clock(s['from'])} … {self._clock(s['to'])}" for s in spans)

    def _clock(self, text: str) -> str:
        return f"{datetime.fromisoformat(text).astimezone(self.zone):%H:%M:%S}"

    def _rates(self) -> Iterator[str]:
        words = self.words
        yield '<div class="rates">'
        elevations = [(row["low_deg"], row["high_deg"], row) for row in self.heard["by_elevation"]]
        shifts = [(row["low_hz"], row["high_hz"], row) for row in self.heard["by_doppler"] or ()]
        if elevations:
            title = words("Frames a second over elevation")
            yield self._rate_table(title, words("elevation"), elevations, "°")
        if shifts:
            title = words("Frames a second over Doppler shift")
            yield self._rate_table(title, words("Doppler shift"), shifts, f" {words('Hz')}")
        yield "</div>"

    def _rate_table(
        self, title: str, over: str, rows: Sequence[tuple[float, float, Rate]], sign: str
    ) -> str:
        words = self.words
        most = max((row["frames_per_s"] or 0.0) for _, _, row in rows) or 1.0
        lines = []
        for least, highest, row in rows:
            low, high = words.number(least), words.number(highest)
            width = 100 * (row["frames_per_s"] or 0.0) / most
            bar = (
                '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none"'
                f' aria-hidden="true"><rect width="{width:.1f}" height="10"/></svg>'
            )
            cells = (
                f'<th scope="row">{low} … {high}{sign}</th>',
                f'<td class="n">{words.number(row["seconds"])}</td>',
                f'<td class="n">{row["frames"]}</td>',
                f'<td class="n">{words.number(row["frames_per_s"], 2)}</td>',
                f"<td>{bar}</td>",
            )
            lines.append(f"<tr>{''.join(cells)}</tr>")
        heads = (over, words("seconds"), words("frames"), words("frames a second"), "")
        return f"<section><h2>{title}</h2>{_table(heads, lines)}</section>"

    def _gaps(self) -> Iterator[str]:
        words, heard = self.words, self.heard
        if heard["frames"] < 2:
            return
        yield f"<h2>{words('Gaps')}</h2>"
        if not heard["gaps"]:
            seconds = words.number(heard["gap_s"])
            yield f"<p>{words('No gap longer than %(seconds)s s.', seconds=seconds)}</p>"
            return
        lines = [
            f'<tr><th scope="row">{self._clock(gap["from"])}</th><td>{self._clock(gap["to"])}</td>'
            f'<td class="n">{words.number(gap["seconds"], 1)}</td>'
            f"<td>{' … '.join(words.number(e, 1) + '°' for e in gap['elevation_deg'])}</td></tr>"
            for gap in heard["gaps"]
        ]
        heads = (
            *(words.pgettext("span of time", "from"), words.pgettext("span of time", "to")),
            *(words("seconds"), words("elevation")),
        )
        yield _table(heads, lines)

    def _tracking(self) -> Iterator[str]:
        words, tracking = self.words, self.report["tracking"]
        if not tracking:
            return
        yield f"<h2>{words('Antenna and radio')}</h2>"
        rows = []
        if rotator := tracking["rotator"]:
            off = self._off(rotator["error_deg"], "°", 2)
            rows.append((words("antenna"), self._left_alone(off, rotator["given_up"])))
        if radio := tracking["radio"]:
            off = self._off(radio["error_hz"], f" {words('Hz')}", 1)
            rows.append((words("radio"), self._left_alone(off, radio["given_up"])))
        yield _facts(iter(rows))
        for sentence in tracking["alarms"]:
            yield f'<p class="critical"><strong>{words("alarm")}:</strong> {escape(sentence)}</p>'

    def _off(self, spread: Spread | None, sign: str, digits: int) -> str:
        """Errors in words."""
        words = self.words
        if spread is None:
            return words("not measured")
        return words(
            "off by %(median)s in the middle, %(p95)s at most for 95 %%, %(worst)s at worst",
            median=words.number(spread["median"], digits) + sign,
            p95=words.number(spread["p95"], digits) + sign,
            worst=words.number(spread["worst"], digits) + sign,
        )

    def _left_alone(self, text: str, given_up: bool) -> str:
        return f"{text}; {self.words('left alone after an alarm')}" if given_up else text

    def _frames(self) -> Iterator[str]:
        words, shown = self.words, self.frames[:MOST_FRAMES]
        if not shown:
            return
        columns = {reading.name: reading for item in shown for reading in item.values}
        heads = [words("time"), words("elevation"), words("Doppler shift"), words("packet")]
        heads += [
            f"{reading.label}{f', {reading.unit}' if reading.unit else ''}"
            for reading in columns.values()
        ]
        yield f"<h2>{words('Frames')}</h2>"
        lines = [self._frame_line(item, list(columns)) for item in shown]
        yield _table(heads, lines)
        if more := len(self.frames) - len(shown):
            yield f"<p>{_more(more, words)}</p>"

    def _frame_line(self, item: Heard, columns: Sequence[str]) -> str:
        words = self.words
        time = f"{item.when.astimezone(self.zone):%H:%M:%S}"
        if self.frame_link:
            time = f'<a href="{self.frame_link}{item.seq}">{time}</a>'
        packet = escape(item.packet)
        if item.status != "decoded":
            kind = "quiet" if item.status == "waiting" else "critical"
            packet = f'<span class="{kind}">{status_word(item.status, words)}</span> {packet}'
        doppler = (
            "" if item.doppler_hz is None else f"{words.number(item.doppler_hz)} {words('Hz')}"
        )
        values = {reading.name: reading for reading in item.values}
        cells = [
            f'<th scope="row">{time}</th>',
            f'<td class="n">{words.number(item.elevation_deg, 1)}°</td>',
            f'<td class="n">{doppler}</td>',
            f"<td>{packet}</td>",
            *(self._value(values.get(name)) for name in columns),
        ]
        return f"<tr>{''.join(cells)}</tr>"

    def _value(self, reading: Reading | None) -> str:
        if reading is None:
            return "<td></td>"
        if reading.state in ("nominal", "unlimited"):
            return f'<td class="n">{escape(reading.text)}</td>'
        kind = "warning" if reading.state == "warning" else "critical"
        word = state_word(reading.state, self.words)
        return f'<td class="n {kind}">{escape(reading.text)} <small>({word})</small></td>'


def _facts(rows: Iterator[tuple[str, str]]) -> str:
    cells = (f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in rows)
    return f'<dl class="facts">{"".join(cells)}</dl>'


def _more(count: int, words: Language) -> str:
    return words.ngettext(
        "%(n)s more frame is in the journal.", "%(n)s more frames are in the journal.", count
    )


def _table(heads: Sequence[str], lines: Sequence[str]) -> str:
    cells = "".join(
        f'<th scope="col">{escape(head)}</th>' if head else "<td></td>" for head in heads
    )
    table = f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    # On a phone a table is moved sideways, also with the keyboard.
    return f'<div class="wide" tabindex="0">{table}</div>'
