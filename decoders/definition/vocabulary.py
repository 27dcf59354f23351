"""Labels of common quantities in Russian and Kyrgyz, so that no definition translates them itself.

A row that has an English label and no ``label_ru`` or ``label_ky`` gets them from here: the whole
label is looked up, with its numbers and axes set aside; else what it measures (QUANTITIES, at its
end) and on what (THINGS, before it) are put together: "Solar panel 3 voltage" becomes
"Напряжение: солнечная панель 3". A label that is not made of known words stays English.

To correct a word, change it here, once, for all satellites. Words follow ``one thing, one word``;
they have not been reviewed by native speakers yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

#: English in lower case -> (Russian, Kyrgyz). What is measured.
QUANTITIES: dict[str, tuple[str, str]] = {
    "voltage": ("напряжение", "чыңалуу"),
    "current": ("ток", "ток"),
    "power": ("мощность", "кубаттуулук"),
    "temperature": ("температура", "температура"),
    "charge current": ("ток заряда", "заряд тогу"),
    "discharge current": ("ток разряда", "разряд тогу"),
    "current in": ("входящий ток", "кирүүчү ток"),
    "current out": ("выходящий ток", "чыгуучу ток"),
    "input current": ("входной ток", "кирүү тогу"),
    "output current": ("выходной ток", "чыгуу тогу"),
    "input voltage": ("входное напряжение", "кирүү чыңалуусу"),
    "output voltage": ("выходное напряжение", "чыгуу чыңалуусу"),
    "supply voltage": ("напряжение питания", "азыктандыруу чыңалуусу"),
    "overcurrent": ("превышение тока", "токтун ашуусу"),
    "overvoltage": ("превышение напряжения", "чыңалуунун ашуусу"),
    "latch-ups": ("срабатывания защиты", "коргоонун иштеши"),
    "resets": ("перезагрузки", "кайра жүктөөлөр"),
    "reset": ("перезагрузка", "кайра жүктөө"),
    "reset count": ("перезагрузки", "кайра жүктөөлөр"),
    "reset cause": ("причина перезагрузки", "кайра жүктөөнүн себеби"),
    "uptime": ("время работы", "иштөө убактысы"),
    "time": ("время", "убакыт"),
    "time left": ("оставшееся время", "калган убакыт"),
    "clock": ("часы", "саат"),
    "mode": ("режим", "режим"),
    "state": ("состояние", "абал"),
    "status": ("состояние", "абал"),
    "flag": ("флаг", "желекче"),
    "flags": ("флаги", "желекчелер"),
    "error": ("ошибка", "ката"),
    "errors": ("ошибки", "каталар"),
    "count": ("счётчик", "эсептегич"),
    "counter": ("счётчик", "эсептегич"),
    "version": ("версия", "версия"),
    "rate": ("скорость", "ылдамдык"),
    "speed": ("скорость", "ылдамдык"),
    "angle": ("угол", "бурч"),
    "position": ("положение", "орун"),
    "velocity": ("скорость", "ылдамдык"),
    "frequency": ("частота", "жыштык"),
    "signal strength": ("уровень сигнала", "сигналдын деңгээли"),
    "duty": ("загрузка", "жүктөм"),
    "deployed": ("раскрыто", "ачылган"),
    "enabled": ("включено", "күйгүзүлгөн"),
    "on": ("включено", "күйгүзүлгөн"),
    "valid": ("достоверно", "жарактуу"),
    "settings": ("настройки", "жөндөөлөр"),
    "quaternion": ("кватернион", "кватернион"),
    "message": ("сообщение", "билдирүү"),
    "length": ("длина", "узундук"),
    "check value": ("контрольная сумма", "текшерүү суммасы"),
}

#: What it is measured on.
THINGS: dict[str, tuple[str, str]] = {
    "battery": ("батарея", "батарея"),
    "battery cell": ("элемент батареи", "батареянын элементи"),
    "battery board": ("плата батареи", "батарея платасы"),
    "flash battery": ("батарея вспышки", "жарк этүү батареясы"),
    "cell": ("элемент", "элемент"),
    "solar panel": ("солнечная панель", "күн панели"),
    "solar": ("солнечные панели", "күн панелдери"),
    "panel": ("панель", "панель"),
    "bus": ("шина питания", "азыктандыруу шинасы"),
    "regulated bus": ("стабилизированная шина", "турукташтырылган шина"),
    "unregulated bus": ("нестабилизированная шина", "турукташтырылбаган шина"),
    "boost converter": ("повышающий преобразователь", "жогорулатуучу өзгөрткүч"),
    "power point tracker": ("регулятор солнечных панелей", "күн панелдеринин жөндөгүчү"),
    "power point tracking": (
        "слежение за мощностью панелей",
        "панелдердин кубаттуулугун көзөмөлдөө",
    ),
    "power system": ("система питания", "азыктандыруу системасы"),
    "power board": ("плата питания", "азыктандыруу платасы"),
    "power unit": ("блок питания", "азыктандыруу блогу"),
    "power control unit": ("блок управления питанием", "азыктандырууну башкаруу блогу"),
    "charger": ("зарядное устройство", "заряддагыч"),
    "channel": ("канал", "канал"),
    "output": ("выход", "чыгуу"),
    "input": ("вход", "кирүү"),
    "switch": ("ключ", "өчүргүч"),
    "heater": ("нагреватель", "жылыткыч"),
    "system": ("система", "система"),
    "computer": ("бортовой компьютер", "борттук компьютер"),
    "processor": ("процессор", "процессор"),
    "radio": ("радио", "радио"),
    "receiver": ("приёмник", "кабылдагыч"),
    "transmitter": ("передатчик", "өткөргүч"),
    "amplifier": ("усилитель", "күчөткүч"),
    "antenna": ("антенна", "антенна"),
    "payload": ("полезная нагрузка", "пайдалуу жүк"),
    "camera": ("камера", "камера"),
    "attitude control": ("система ориентации", "багыттоо системасы"),
    "attitude determination": ("определение ориентации", "багытты аныктоо"),
    "gyroscope": ("гироскоп", "гироскоп"),
    "magnetometer": ("магнитометр", "магнитометр"),
    "magnetorquer": ("магнитная катушка", "магниттик катушка"),
    "magnetorquers": ("магнитные катушки", "магниттик катушкалар"),
    "reaction wheel": ("маховик", "маховик"),
    "sun sensor": ("датчик Солнца", "Күн датчиги"),
    "accelerometer": ("акселерометр", "акселерометр"),
    "inertial unit": ("инерциальный блок", "инерциялык блок"),
    "watchdog": ("сторожевой таймер", "көзөмөл таймери"),
    "i2c watchdog": ("сторожевой таймер I2C", "I2C көзөмөл таймери"),
    "ground watchdog": ("сторожевой таймер связи с Землёй", "Жер менен байланыш таймери"),
    "csp watchdog": ("сторожевой таймер CSP", "CSP көзөмөл таймери"),
    "board": ("плата", "плата"),
    "main board": ("главная плата", "башкы плата"),
    "memory": ("память", "эс"),
    "memory card": ("карта памяти", "эс картасы"),
    "flash memory": ("флеш-память", "флеш-эс"),
    "software": ("программа", "программа"),
    "beacon": ("маяк", "маяк"),
    "frame": ("кадр", "кадр"),
    "packet": ("пакет", "пакет"),
    "lamp": ("лампа", "лампа"),
    "detector": ("детектор", "детектор"),
    "spacecraft": ("спутник", "спутник"),
    "transmit": ("передача", "өткөрүү"),
    "receive": ("приём", "кабылдоо"),
    "battery line": ("линия батареи", "батарея линиясы"),
    "clock battery": ("батарея часов", "сааттын батареясы"),
    "1.8 v": ("1,8 В", "1,8 В"),
    "3.3 v": ("3,3 В", "3,3 В"),
    "5 v": ("5 В", "5 В"),
    "12 v": ("12 В", "12 В"),
}

#: Labels that are whole as they stand.
PHRASES: dict[str, tuple[str, str]] = {
    "battery voltage": ("Напряжение батареи", "Батареянын чыңалуусу"),
    "battery current": ("Ток батареи", "Батареянын тогу"),
    "battery temperature": ("Температура батареи", "Батареянын температурасы"),
    "battery charge current": ("Ток заряда батареи", "Батареянын заряд тогу"),
    "battery discharge current": ("Ток разряда батареи", "Батареянын разряд тогу"),
    "battery charge": ("Заряд батареи", "Батареянын заряды"),
    "battery power": ("Мощность батареи", "Батареянын кубаттуулугу"),
    "load current": ("Ток нагрузки", "Жүктөмдүн тогу"),
    "bus voltage": ("Напряжение шины питания", "Азыктандыруу шинасынын чыңалуусу"),
    "solar voltage": ("Напряжение солнечных панелей", "Күн панелдеринин чыңалуусу"),
    "solar current": ("Ток солнечных панелей", "Күн панелдеринин тогу"),
    "solar panel voltage": ("Напряжение солнечной панели", "Күн панелинин чыңалуусу"),
    "solar panel current": ("Ток солнечной панели", "Күн панелинин тогу"),
    "solar panel temperature": ("Температура солнечной панели", "Күн панелинин температурасы"),
    "solar current, all panels": (
        "Ток всех солнечных панелей",
        "Бардык күн панелдеринин тогу",
    ),
    "board temperature": ("Температура платы", "Платанын температурасы"),
    "panel temperature": ("Температура панели", "Панелдин температурасы"),
    "computer temperature": (
        "Температура бортового компьютера",
        "Борттук компьютердин температурасы",
    ),
    "radio temperature": ("Температура радио", "Радионун температурасы"),
    "amplifier temperature": ("Температура усилителя", "Күчөткүчтүн температурасы"),
    "uptime": ("Время работы", "Иштөө убактысы"),
    "run time": ("Время работы", "Иштөө убактысы"),
    "system time": ("Время системы", "Системанын убактысы"),
    "spacecraft time": ("Бортовое время", "Борттук убакыт"),
    "time of the values": ("Время значений", "Маанилердин убактысы"),
    "packet kind": ("Вид пакета", "Пакеттин түрү"),
    "beacon kind": ("Вид маяка", "Маяктын түрү"),
    "frame kind": ("Вид кадра", "Кадрдын түрү"),
    "message kind": ("Вид сообщения", "Билдирүүнүн түрү"),
    "telemetry kind": ("Вид телеметрии", "Телеметриянын түрү"),
    "callsign": ("Позывной", "Чакыруу белгиси"),
    "identifier": ("Идентификатор", "Идентификатор"),
    "satellite": ("Спутник", "Спутник"),
    "spacecraft": ("Спутник", "Спутник"),
    "resets": ("Перезагрузки", "Кайра жүктөөлөр"),
    "packets sent": ("Пакеты отправлены", "Жөнөтүлгөн пакеттер"),
    "packets received": ("Пакеты приняты", "Кабыл алынган пакеттер"),
    "frames sent": ("Кадры отправлены", "Жөнөтүлгөн кадрлар"),
    "frames received": ("Кадры приняты", "Кабыл алынган кадрлар"),
    "frames sent, ever": ("Кадры отправлены, всего", "Жөнөтүлгөн кадрлар, бардыгы"),
    "frames received, ever": ("Кадры приняты, всего", "Кабыл алынган кадрлар, бардыгы"),
    "bytes sent": ("Байты отправлены", "Жөнөтүлгөн байттар"),
    "bytes received": ("Байты приняты", "Кабыл алынган байттар"),
    "bytes sent, ever": ("Байты отправлены, всего", "Жөнөтүлгөн байттар, бардыгы"),
    "bytes received, ever": ("Байты приняты, всего", "Кабыл алынган байттар, бардыгы"),
    "commands received": ("Команды приняты", "Кабыл алынган буйруктар"),
    "commands carried out": ("Команды выполнены", "Аткарылган буйруктар"),
    "commands failed": ("Команды не выполнены", "Аткарылбаган буйруктар"),
    "telecommands": ("Телекоманды", "Телебуйруктар"),
    "frame counter": ("Счётчик кадров", "Кадрлардын эсептегичи"),
    "beacon counter": ("Счётчик маяков", "Маяктардын эсептегичи"),
    "sequence number": ("Порядковый номер", "Катар номери"),
    "sync word": ("Слово синхронизации", "Синхрондоо сөзү"),
    "data length": ("Длина данных", "Маалыматтын узундугу"),
    "content, not described": ("Содержание, не описано", "Мазмуну, сүрөттөлгөн эмес"),
    "not described": ("Не описано", "Сүрөттөлгөн эмес"),
    "reserved": ("Резерв", "Резерв"),
    "spare": ("Резерв", "Резерв"),
    "unused": ("Не используется", "Колдонулбайт"),
    "signal strength": ("Уровень сигнала", "Сигналдын деңгээли"),
    "signal strength of the last frame": (
        "Уровень сигнала последнего кадра",
        "Акыркы кадрдын сигнал деңгээли",
    ),
    "signal strength of the last command": (
        "Уровень сигнала последней команды",
        "Акыркы буйруктун сигнал деңгээли",
    ),
    "signal strength of the command": ("Уровень сигнала команды", "Буйруктун сигнал деңгээли"),
    "background signal strength": ("Уровень фона", "Фондун деңгээли"),
    "frequency error of the last frame": (
        "Сдвиг частоты последнего кадра",
        "Акыркы кадрдын жыштык жылышуусу",
    ),
    "frequency error of the last command": (
        "Сдвиг частоты последней команды",
        "Акыркы буйруктун жыштык жылышуусу",
    ),
    "frequency correction": ("Поправка частоты", "Жыштыктын оңдоосу"),
    "frequency shift": ("Сдвиг частоты", "Жыштыктын жылышуусу"),
    "acknowledged command": ("Подтверждённая команда", "Ырасталган буйрук"),
    "forward power": ("Прямая мощность", "Түз кубаттуулук"),
    "reflected power": ("Отражённая мощность", "Чагылган кубаттуулук"),
    "transmit power": ("Мощность передачи", "Өткөрүү кубаттуулугу"),
    "solar power": ("Мощность солнечных панелей", "Күн панелдеринин кубаттуулугу"),
    "state of charge": ("Степень заряда", "Заряд деңгээли"),
    "charge left": ("Остаток заряда", "Калган заряд"),
    "rotation rate": ("Скорость вращения", "Айлануу ылдамдыгы"),
    "magnetic field": ("Магнитное поле", "Магнит талаасы"),
    "magnetic field change": ("Изменение магнитного поля", "Магнит талаасынын өзгөрүшү"),
    "gyroscope": ("Гироскоп", "Гироскоп"),
    "magnetometer": ("Магнитометр", "Магнитометр"),
    "accelerometer": ("Акселерометр", "Акселерометр"),
    "quaternion": ("Кватернион", "Кватернион"),
    "attitude control quaternion": ("Кватернион ориентации", "Багыттын кватерниону"),
    "sun angle": ("Угол на Солнце", "Күнгө карай бурч"),
    "sun sensor": ("Датчик Солнца", "Күн датчиги"),
    "sun sensor photodiode": ("Фотодиод датчика Солнца", "Күн датчигинин фотодиоду"),
    "photodiode": ("Фотодиод", "Фотодиод"),
    "light sensor": ("Датчик света", "Жарык датчиги"),
    "dose sensor": ("Датчик дозы", "Доза датчиги"),
    "dose rate": ("Мощность дозы", "Дозанын кубаттуулугу"),
    "latitude": ("Широта", "Кеңдик"),
    "longitude": ("Долгота", "Узундук"),
    "altitude": ("Высота", "Бийиктик"),
    "speed over ground": ("Скорость над Землёй", "Жер үстүндөгү ылдамдык"),
    "year": ("Год", "Жыл"),
    "month": ("Месяц", "Ай"),
    "day": ("День", "Күн"),
    "hour": ("Час", "Саат"),
    "minute": ("Минута", "Мүнөт"),
    "second": ("Секунда", "Секунд"),
    "in eclipse": ("В тени Земли", "Жердин көлөкөсүндө"),
    "safe mode": ("Безопасный режим", "Коопсуз режим"),
    "energy mode": ("Режим энергии", "Энергия режими"),
    "battery mode": ("Режим батареи", "Батареянын режими"),
    "system current": ("Ток системы", "Системанын тогу"),
    "message": ("Сообщение", "Билдирүү"),
    "settings": ("Настройки", "Жөндөөлөр"),
    "values": ("Значения", "Маанилер"),
    "measurement": ("Измерение", "Өлчөө"),
    "spectrum": ("Спектр", "Спектр"),
    "data": ("Данные", "Маалымат"),
    "service": ("Служба", "Кызмат"),
    "time to the next flash": ("Время до вспышки", "Жарк этүүгө чейинки убакыт"),
    "antenna deployed": ("Антенна раскрыта", "Антенна ачылган"),
    "software errors": ("Ошибки программы", "Программанын каталары"),
    "housekeeping": ("Служебная телеметрия", "Кызматтык телеметрия"),
    "telemetry": ("Телеметрия", "Телеметрия"),
    "beacon": ("Маяк", "Маяк"),
    "power": ("Питание", "Азыктандыруу"),
    "attitude control": ("Ориентация", "Багыттоо"),
    "attitude": ("Ориентация", "Багыт"),
    "computer": ("Бортовой компьютер", "Борттук компьютер"),
    "radio": ("Радио", "Радио"),
    "temperatures": ("Температуры", "Температуралар"),
    "whole orbit data": ("Данные за виток", "Айлампа маалыматы"),
    "piece of a file": ("Часть файла", "Файлдын бөлүгү"),
    "piece of a picture": ("Часть снимка", "Сүрөттүн бөлүгү"),
    "another packet": ("Другой пакет", "Башка пакет"),
    "solar panels": ("Солнечные панели", "Күн панелдери"),
}

#: Names of groups -> their labels, in the order in which a page shows them.
GROUPS: dict[str, dict[str, str]] = {
    "power": {"en": "Power", "ru": "Питание", "ky": "Азыктандыруу"},
    "thermal": {"en": "Temperature", "ru": "Температура", "ky": "Температура"},
    "attitude": {"en": "Attitude", "ru": "Ориентация", "ky": "Багыт"},
    "computer": {"en": "Computer", "ru": "Бортовой компьютер", "ky": "Борттук компьютер"},
    "radio": {"en": "Radio", "ru": "Радио", "ky": "Радио"},
    "antennas": {"en": "Antennas", "ru": "Антенны", "ky": "Антенналар"},
    "payload": {"en": "Payload", "ru": "Полезная нагрузка", "ky": "Пайдалуу жүк"},
    "header": {"en": "Header", "ru": "Заголовок", "ky": "Баш сап"},
}

#: Additions behind a comma.
_ENDINGS: dict[str, tuple[str, str]] = {
    "raw": ("сырое", "чийки"),
    "unsigned": ("без знака", "белгисиз"),
    "not described": ("не описано", "сүрөттөлгөн эмес"),
    "first half": ("первая половина", "биринчи жарымы"),
    "second half": ("вторая половина", "экинчи жарымы"),
}
_INDEX = re.compile(r"(?<![\w.])([+-]?[XYZxyz]|\d{1,3}|[A-D])(?![\w.])(?! V\b)")


def with_translations(labels: Mapping[str, str]) -> dict[str, str]:
    """``labels`` with Russian and Kyrgyz added where the English one is made of known words."""
    found = dict(labels)
    english = labels.get("en", "")
    if english and not ("ru" in labels and "ky" in labels):
        translated = translation(english)
        if translated is not None:
            found = {"ru": translated[0], "ky": translated[1], **found}
    return found


@lru_cache(maxsize=8192)
def translation(label: str) -> tuple[str, str] | None:
    """Russian and Kyrgyz for an English ``label``, or None where a word of it is not known."""
    text, _, ending = label.partition(", ")
    added = _ENDINGS.get(ending.lower()) if ending else ("", "")
    whole = PHRASES.get(label.lower())
    if whole is not None:
        return whole
    if added is None:
        return None
    indexes = [match[1] for match in _INDEX.finditer(text)]
    if sum(index.isdigit() for index in indexes) > 1:
        return None  # which number belongs to which word is not known
    index = " ".join(indexes)
    words = " ".join(_INDEX.sub(" ", text).split()).lower()
    russian_kyrgyz = _composed(words, f" {index}" if index else "")
    if russian_kyrgyz is None:
        return None
    russian, kyrgyz = russian_kyrgyz
    if ending:
        russian, kyrgyz = f"{russian}, {added[0]}", f"{kyrgyz}, {added[1]}"
    return _sentence(russian), _sentence(kyrgyz)


def _composed(words: str, index: str) -> tuple[str, str] | None:
    """A phrase, a quantity or a thing with its index, or a quantity of a thing."""
    for known in (PHRASES, QUANTITIES, THINGS):
        if words in known:
            russian, kyrgyz = known[words]
            return russian + index, kyrgyz + index
    for place in (match.start() for match in re.finditer(" ", words)):
        thing, quantity = THINGS.get(words[:place]), QUANTITIES.get(words[place + 1 :])
        if thing and quantity:
            return f"{quantity[0]}: {thing[0]}{index}", f"{thing[1]}{index}: {quantity[1]}"
    return None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
