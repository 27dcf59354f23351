"""The words of the interface document in the three languages.

Terms as elsewhere in the program (frame, packet, raw value, calibration, limit).
"""

from __future__ import annotations

from decoders.definition.model import LANGUAGES

_WORDS: dict[str, tuple[str, str, str]] = {
    "title": ("Interface document", "Документ интерфейса", "Интерфейс документи"),
    "simulated": ("SIMULATED", "ИМИТАЦИЯ", "ИМИТАЦИЯ"),
    "norad": ("Catalogue number", "Номер в каталоге", "Каталогдогу номери"),
    "callsigns": ("Callsigns", "Позывные", "Чакыруу белгилери"),
    "csp_addresses": ("CSP addresses", "Адреса CSP", "CSP даректери"),
    "version": ("Version", "Версия", "Версиясы"),
    "source": ("Source", "Источник", "Булагы"),
    "contents": ("Contents", "Содержание", "Мазмуну"),
    "packets": ("Packets", "Пакеты", "Пакеттер"),
    "packet": ("Packet", "Пакет", "Пакет"),
    "parameters": ("Parameters", "Параметры", "Параметрлер"),
    "examples": ("Example frames", "Примеры кадров", "Кадрлардын мисалдары"),
    "example": ("Example", "Пример", "Мисал"),
    "downlinks": ("Downlinks", "Линии связи вниз", "Жерге байланыш линиялары"),
    "downlink": ("Downlink", "Линия связи", "Байланыш линиясы"),
    "frequency": ("Frequency", "Частота", "Жыштык"),
    "modulation": ("Modulation", "Модуляция", "Модуляция"),
    "baud": ("Symbol rate", "Скорость", "Ылдамдык"),
    "framing": ("Framing", "Кадрирование", "Кадрлоо"),
    "layers": ("Layers", "Слои", "Катмарлар"),
    "content": ("content", "содержимое", "мазмуну"),
    "reading": ("How to read it", "Как читать", "Кантип окуу керек"),
    "reading_bits": (
        "Bytes are counted from 0, from the start of the packet. [7:0] are the bits of a byte: "
        "7 is the most significant one and stands on the left.",
        "Байты считаются с 0, от начала пакета. [7:0] — биты байта: 7 — старший, он стоит слева.",
        "Байттар пакеттин башынан 0дон баштап саналат. [7:0] — байттын биттери: 7 — эң улуусу, "
        "ал сол жакта турат.",
    ),
    "reading_types": (
        "u16 is a whole number of 16 bits without a sign, i16 one with a sign, f32 a "
        "floating-point number of 32 bits; bool is one bit. 'little' means that the least "
        "significant byte comes first.",
        "u16 — целое число из 16 бит без знака, i16 — со знаком, f32 — число с плавающей точкой "
        "из 32 бит; bool — один бит. «little» — младший байт идёт первым.",
        "u16 — белгиси жок 16 биттик бүтүн сан, i16 — белгиси бар, f32 — 32 биттик калкыма "
        "чекиттүү сан; bool — бир бит. «little» — кичүү байт биринчи келет.",
    ),
    "reading_raw": (
        "'raw' is the number that the bits make; the calibration turns it into the value.",
        "raw (сырое значение) — число, которое образуют биты; калибровка превращает его в "
        "физическое значение.",
        "raw (чийки маани) — биттер түзгөн сан; калибрлөө аны физикалык мааниге айландырат.",
    ),
    "recognised": ("How it is recognised", "Как его узнать", "Кантип таануу керек"),
    "begins": ("begins with {0}", "начинается с {0}", "{0} менен башталат"),
    "byte_is": ("byte {0} is {1}", "байт {0} равен {1}", "{0}-байт {1}ге барабар"),
    "byte_from_end_is": (
        "byte {0} from the end is {1}",
        "байт {0} с конца равен {1}",
        "аягынан {0}-байт {1}ге барабар",
    ),
    "byte_masked": (
        "byte {0} AND {1} is {2}",
        "байт {0} И {1} равен {2}",
        "{0}-байт ЖАНА {1} {2}ге барабар",
    ),
    "length_is": ("is {0} bytes long", "длина {0} байт", "узундугу {0} байт"),
    "length_least": ("is at least {0} bytes long", "не короче {0} байт", "{0} байттан кыска эмес"),
    "valid_from": ("received from {0} on", "принят с {0}", "{0} тартып кабыл алынган"),
    "valid_until": ("received before {0}", "принят до {0}", "{0} чейин кабыл алынган"),
    "part_of": (
        "It is a part of the packet {0}: {1} says which, {2} how many there are.",
        "Это часть пакета {0}: {1} говорит, какая, {2} — сколько их всего.",
        "Бул {0} пакетинин бөлүгү: {1} кайсынысы экенин, {2} канча экенин айтат.",
    ),
    "joined_of": (
        "joined from parts: {0}",
        "собирается из частей: {0}",
        "бөлүктөрдөн түзүлөт: {0}",
    ),
    "always": ("every packet", "любой пакет", "ар бир пакет"),
    "size": ("Size", "Размер", "Өлчөмү"),
    "size_fixed": ("{0} bytes", "{0} байт", "{0} байт"),
    "size_varies": ("{0} bytes and more", "от {0} байт", "{0} байттан баштап"),
    "map": ("Bit map", "Карта битов", "Биттердин картасы"),
    "map_more": (
        "What follows depends on the values before it: {0}",
        "Дальнейшее зависит от предыдущих значений: {0}",
        "Андан кийинкиси мурунку маанилерге жараша болот: {0}",
    ),
    "rest": ("the rest of the packet", "остаток пакета", "пакеттин калганы"),
    "mark": ("mark", "метка", "белги"),
    "gap": ("not used", "не используется", "колдонулбайт"),
    "unproved": ("not proved", "не проверено", "текшерилген эмес"),
    "unproved_packet": (
        "The rows of this packet are not proved by an independent decoder or frame.",
        "Строки этого пакета не подтверждены независимым декодером или кадром.",
        "Бул пакеттин саптары көз карандысыз декодер же кадр менен тастыкталган эмес.",
    ),
    "undescribed": ("Not described", "Не описано", "Сүрөттөлгөн эмес"),
    "number": ("No.", "№", "№"),
    "place": ("Byte", "Байт", "Байт"),
    "type": ("Type", "Тип", "Түрү"),
    "name": ("Name", "Имя", "Аты"),
    "conversion": ("Calibration", "Калибровка", "Калибрлөө"),
    "unit": ("Unit", "Единица", "Бирдиги"),
    "limits": ("Limits", "Пределы", "Чектери"),
    "warning": ("warning", "внимание", "эскертүү"),
    "critical": ("critical", "критично", "өтө кооптуу"),
    "nominal": ("nominal", "в норме", "нормада"),
    "invalid": ("invalid", "недостоверно", "жараксыз"),
    "state": ("State", "Состояние", "Абалы"),
    "when_words": ("when {0}", "если {0}", "{0} болсо"),
    "derived": ("Computed values", "Вычисляемые значения", "Эсептелген маанилер"),
    "expression": ("Computed from", "Вычисляется как", "Кантип эсептелет"),
    "words": ("States and flags", "Состояния и флаги", "Абалдар жана желекчелер"),
    "raw": ("Raw", "Сырое", "Чийки"),
    "bit": ("bit {0}", "бит {0}", "{0}-бит"),
    "meaning": ("Meaning", "Значение", "Мааниси"),
    "curves": ("Calibration curves", "Калибровочные кривые", "Калибрлөө ийри сызыктары"),
    "raw_value": ("raw value", "сырое значение", "чийки маани"),
    "value": ("Value", "Значение", "Маани"),
    "steps": ("Step by step", "Шаг за шагом", "Кадам сайын"),
    "bits": ("Bits", "Биты", "Биттер"),
    "frame": ("Frame", "Кадр", "Кадр"),
    "frame_bytes": ("{0} bytes", "{0} байт", "{0} байт"),
    "no_value": ("{0} = no value", "{0} = нет значения", "{0} = маани жок"),
    "constant": ("always {0}", "всегда {0}", "ар дайым {0}"),
    "check": (
        "check value {0} of all bytes before",
        "контрольная сумма {0} всех байтов до неё",
        "мурунку бардык байттардын {0} текшерүү суммасы",
    ),
    "since": ("seconds since {0}", "секунды с {0}", "{0} тартып секунда"),
    "digits": ("decimal digits", "десятичные цифры", "ондук цифралар"),
    "text_number": (
        "number as text, base {0}",
        "число текстом, основание {0}",
        "текст түрүндөгү сан, негизи {0}",
    ),
    "until": ("ends with {0}", "кончается на {0}", "{0} менен бүтөт"),
    "times": ("× {0}", "× {0}", "× {0}"),
    "to_end": ("to the end", "до конца", "аягына чейин"),
    "only_when": ("only when {0}", "только если {0}", "{0} болгондо гана"),
    "flag_set": ("set", "установлен", "коюлган"),
    "no_packets": (
        "Only the links are known: the content of the packets is not described.",
        "Известны только линии связи: содержимое пакетов не описано.",
        "Байланыш линиялары гана белгилүү: пакеттердин мазмуну сүрөттөлгөн эмес.",
    ),
    "made": (
        "Made from the definition {0} by groundstation. Change the definition, not this document.",
        "Составлено программой groundstation из определения {0}. Правьте определение, а не этот "
        "документ.",
        "groundstation программасы {0} аныктамасынан түздү. Документти эмес, аныктаманы оңдоңуз.",
    ),
    "other": ("other", "прочее", "башка"),
    "top": ("Back to the contents", "К содержанию", "Мазмунуна кайтуу"),
}


class Words:
    """Words in one of the languages of definitions: en, ru, ky."""

    def __init__(self, language: str):
        self.language = language
        self._index = LANGUAGES.index(language)

    def __call__(self, key: str, *arguments: object) -> str:
        """The word ``key`` with ``{0}``, ``{1}`` … replaced."""
        text = _WORDS[key][self._index]
        return text.format(*arguments) if arguments else text


def keys() -> tuple[str, ...]:
    """All keys, for tests."""
    return tuple(_WORDS)
