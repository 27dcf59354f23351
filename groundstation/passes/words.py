"""The words of a report in English, Russian and Kyrgyz."""

from __future__ import annotations

LANGUAGES = ("en", "ru", "ky")
_INDEX = {code: place for place, code in enumerate(LANGUAGES)}

#: Name of a phrase: English, Russian, Kyrgyz.
_WORDS: dict[str, tuple[str, str, str]] = {
    "title": ("Pass of {name}", "Пролёт {name}", "{name}: учуп өтүү"),
    "simulated": ("simulated", "имитация", "имитация"),
    "not_from_space": (
        "These data do not come from space.",
        "Эти данные не из космоса.",
        "Бул маалымат космостон эмес.",
    ),
    "summary": ("Summary", "Итог", "Жыйынтык"),
    "frames": ("frames", "кадры", "кадрлар"),
    "bad_frames": ("damaged frames", "повреждённые кадры", "бузулган кадрлар"),
    "unknown_frames": ("unknown frames", "неизвестные кадры", "белгисиз кадрлар"),
    "per_second": ("frames a second", "кадров в секунду", "секундасына кадр"),
    "highest": ("highest point", "наивысшая точка", "эң бийик чекит"),
    "rises": ("rises", "восходит", "чыгат"),
    "sets": ("sets", "заходит", "батат"),
    "first_frame": ("first frame", "первый кадр", "биринчи кадр"),
    "last_frame": ("last frame", "последний кадр", "акыркы кадр"),
    "after_aos": (
        "{seconds} s after it was to rise",
        "через {seconds} с после расчётного восхода",
        "эсептелген чыгуудан {seconds} с кийин",
    ),
    "before_aos": (
        "{seconds} s before it was to rise",
        "за {seconds} с до расчётного восхода",
        "эсептелген чыгуудан {seconds} с мурун",
    ),
    "before_los": (
        "{seconds} s before it was to set",
        "за {seconds} с до расчётного захода",
        "эсептелген батуудан {seconds} с мурун",
    ),
    "after_los": (
        "{seconds} s after it was to set",
        "через {seconds} с после расчётного захода",
        "эсептелген батуудан {seconds} с кийин",
    ),
    "rose_early": (
        "The first frame came from below the horizon: it rose at least {seconds} s early.",
        "Первый кадр пришёл из-под горизонта: восход был раньше не менее чем на {seconds} с.",
        "Биринчи кадр горизонттун астынан келди: ал кеминде {seconds} с эрте чыккан.",
    ),
    "set_late": (
        "The last frame came from below the horizon: it set at least {seconds} s late.",
        "Последний кадр пришёл из-под горизонта: заход был позже не менее чем на {seconds} с.",
        "Акыркы кадр горизонттун астынан келди: ал кеминде {seconds} с кеч баткан.",
    ),
    "elements": ("orbital elements", "элементы орбиты", "орбитанын элементтери"),
    "age": ("{days} d old", "возраст {days} сут", "{days} күндүк"),
    "good_to": (
        "times good to about {seconds} s",
        "время верно примерно до {seconds} с",
        "убакыт болжол менен {seconds} с тактыкта",
    ),
    "orbit": ("orbit", "орбита", "орбита"),
    "frequency": ("frequency", "частота", "жыштык"),
    "hz": ("Hz", "Гц", "Гц"),
    "khz": ("kHz", "кГц", "кГц"),
    "mhz": ("MHz", "МГц", "МГц"),
    "mask": ("counted above", "считается выше", "мындан жогору эсептелет"),
    "place": ("place", "место", "орду"),
    "watched": ("the station ran", "станция работала", "станция иштеген"),
    "watched_unknown": ("not known", "неизвестно", "белгисиз"),
    "clock_doubt": (
        "The clock was wrong: the times are not to be trusted.",
        "Часы шли неверно: времени верить нельзя.",
        "Саат туура эмес жүргөн: убакытка ишенүүгө болбойт.",
    ),
    "sky": ("Sky", "Небо", "Асман"),
    "timeline": ("Frames over time", "Кадры во времени", "Убакыт боюнча кадрлар"),
    "elevation": ("elevation", "угол места", "көтөрүлүү бурчу"),
    "azimuth": ("azimuth", "азимут", "азимут"),
    "doppler": ("Doppler shift", "доплеровский сдвиг", "Доплер жылышуусу"),
    "over_elevation": (
        "Frames a second over elevation",
        "Кадров в секунду по углу места",
        "Көтөрүлүү бурчу боюнча секундасына кадр",
    ),
    "over_doppler": (
        "Frames a second over Doppler shift",
        "Кадров в секунду по доплеровскому сдвигу",
        "Доплер жылышуусу боюнча секундасына кадр",
    ),
    "time": ("time", "время", "убакыт"),
    "seconds": ("seconds", "секунды", "секунда"),
    "gaps": ("Gaps", "Перерывы", "Үзгүлтүктөр"),
    "no_gaps": (
        "No gap longer than {seconds} s.",
        "Нет перерыва дольше {seconds} с.",
        "{seconds} с узун үзгүлтүк жок.",
    ),
    "no_frames": (
        "Nothing was heard.",
        "Ничего не принято.",
        "Эч нерсе кабыл алынган жок.",
    ),
    "from": ("from", "с", "башы"),
    "to": ("to", "до", "аягы"),
    "tracking": ("Antenna and radio", "Антенна и радио", "Антенна жана радио"),
    "rotator": ("antenna", "антенна", "антенна"),
    "radio": ("radio", "радио", "радио"),
    "error": (
        "off by {median} in the middle, {p95} at most for 95 %, {worst} at worst",
        "отклонение: в среднем {median}, для 95 % не более {p95}, худшее {worst}",
        "четтөө: орточо {median}, 95 % үчүн {p95} ашпайт, эң чоңу {worst}",
    ),
    "not_measured": ("not measured", "не измерено", "өлчөнгөн эмес"),
    "given_up": (
        "left alone after an alarm",
        "оставлено после тревоги",
        "кооптуу белгиден кийин калтырылды",
    ),
    "alarm": ("alarm", "тревога", "кооптуу белги"),
    "frame_list": ("Frames", "Кадры", "Кадрлар"),
    "more_frames": (
        "{count} more frames are in the journal.",
        "Ещё {count} кадров в журнале.",
        "Журналда дагы {count} кадр бар.",
    ),
    "packet": ("packet", "пакет", "пакет"),
    "damaged": ("damaged", "повреждён", "бузулган"),
    "unknown": ("unknown", "неизвестно", "белгисиз"),
    "undecoded": ("not decoded", "не декодирован", "декоддолгон жок"),
    "warning": ("warning", "внимание", "эскертүү"),
    "critical": ("critical", "критично", "өтө кооптуу"),
    "invalid": ("invalid", "недостоверно", "жараксыз"),
    "north": ("N", "С", "Тд"),
    "east": ("E", "В", "Ч"),
    "south": ("S", "Ю", "Тш"),
    "west": ("W", "З", "Б"),
    "local_time": ("local time", "местное время", "жергиликтүү убакыт"),
    "made_by": (
        "Predicted from the elements above; frames as the station's journal has them.",
        "Расчёт по указанным элементам; кадры — из журнала станции.",
        "Эсептөө жогорудагы элементтер боюнча; кадрлар станциянын журналынан.",
    ),
}  # fmt: skip


class Words:
    """Phrases and numbers of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._place = _INDEX[language]

    def __call__(self, name: str, /, **values: object) -> str:
        """A phrase, with ``{name}`` replaced from ``values``."""
        text = _WORDS[name][self._place]
        return text.format(**values) if values else text

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with ``digits`` decimals and the language's own marks; a dash for None."""
        if value is None:
            return "\N{EM DASH}"
        return self.marked(f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}"))

    def brief(self, value: float) -> str:
        """A number with as many decimals as it has."""
        return self.marked(f"{value:g}")

    def marked(self, number: str) -> str:
        """A number with the language's own decimal mark."""
        return number if self.language == "en" else number.replace(".", ",")
