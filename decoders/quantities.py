"""The closed list of quantities: what a row measures, the same question for every satellite.

Rows keep the names that their operators gave them; ``quantity = "battery_voltage"`` says that 42 of
these names mean the same. A quantity is a reading of now: a row with the lowest, highest or mean of
some time, a limit, a setting or a raw number whose unit nobody knows has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from decoders.suggest import nearest

#: Dimension -> units that its rows may have. "clock": also rows of type ``time``, without a unit.
#: "any": words, or numbers in units of the part's own.
DIMENSIONS: Mapping[str, frozenset[str]] = {
    "voltage": frozenset({"V", "mV", "µV", "kV"}),
    "current": frozenset({"A", "mA", "µA"}),
    "power": frozenset({"W", "mW", "µW"}),
    "temperature": frozenset({"°C", "K", "°F"}),
    "signal power": frozenset({"dBm", "dBW", "W", "mW", "µW"}),
    "ratio": frozenset({"%", ""}),
    "level": frozenset({"dB"}),
    "frequency": frozenset({"Hz", "kHz", "MHz"}),
    "time": frozenset({"s", "ms", "µs", "min", "h", "d"}),
    "clock": frozenset({"s", "ms", "µs"}),
    "data": frozenset({"B", "kB", "MB", "GB", "KiB", "MiB", "GiB", "bytes", "bit", "%"}),
    "count": frozenset({""}),
    "number": frozenset({""}),
    "angular rate": frozenset({"°/s", "rad/s"}),
    "rotation": frozenset({"1/min", "1/s", "rad/s", "°/s", "Hz"}),
    "magnetic field": frozenset({"T", "mT", "µT", "nT", "G", "mG"}),
    "angle": frozenset({"°", "rad"}),
    "length": frozenset({"km", "m", "ft"}),
    "speed": frozenset({"km/s", "m/s", "km/h", "kn"}),
}
ANY = "any"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One entry of the list. ``dimension``: a key of DIMENSIONS, or ANY."""

    id: str
    dimension: str
    labels: Mapping[str, str]


_LIST = (
    ("battery_voltage", "voltage", "Battery voltage", "Напряжение батареи", "Батареянын чыңалуусу"),
    (
        *("battery_cell_voltage", "voltage", "Battery cell voltage"),
        *("Напряжение элемента батареи", "Батарея элементинин чыңалуусу"),
    ),
    ("battery_current", "current", "Battery current", "Ток батареи", "Батареянын тогу"),
    (
        *("battery_charge_current", "current", "Battery charge current"),
        *("Ток заряда батареи", "Батареянын заряд тогу"),
    ),
    (
        *("battery_discharge_current", "current", "Battery discharge current"),
        *("Ток разряда батареи", "Батареянын разряд тогу"),
    ),
    ("battery_power", "power", "Battery power", "Мощность батареи", "Батареянын кубаттуулугу"),
    (
        *("battery_temperature", "temperature", "Battery temperature"),
        *("Температура батареи", "Батареянын температурасы"),
    ),
    ("battery_charge", "ratio", "State of charge", "Степень заряда", "Заряд деңгээли"),
    ("battery_mode", ANY, "Battery mode", "Режим батареи", "Батареянын режими"),
    (
        *("solar_voltage", "voltage", "Solar panel voltage"),
        *("Напряжение солнечной панели", "Күн панелинин чыңалуусу"),
    ),
    (
        *("solar_current", "current", "Solar panel current"),
        *("Ток солнечной панели", "Күн панелинин тогу"),
    ),
    (
        *("solar_power", "power", "Solar panel power"),
        *("Мощность солнечной панели", "Күн панелинин кубаттуулугу"),
    ),
    (
        *("panel_temperature", "temperature", "Panel temperature"),
        *("Температура панели", "Панелдин температурасы"),
    ),
    (
        *("bus_voltage", "voltage", "Bus voltage"),
        *("Напряжение шины питания", "Азыктандыруу шинасынын чыңалуусу"),
    ),
    (
        *("bus_current", "current", "Bus current"),
        *("Ток шины питания", "Азыктандыруу шинасынын тогу"),
    ),
    (
        *("regulator_voltage", "voltage", "Regulator voltage"),
        *("Напряжение стабилизатора", "Стабилизатордун чыңалуусу"),
    ),
    (
        *("regulator_current", "current", "Regulator current"),
        *("Ток стабилизатора", "Стабилизатордун тогу"),
    ),
    (
        *("channel_voltage", "voltage", "Output channel voltage"),
        *("Напряжение выходного канала", "Чыгуу каналынын чыңалуусу"),
    ),
    (
        *("channel_current", "current", "Output channel current"),
        *("Ток выходного канала", "Чыгуу каналынын тогу"),
    ),
    (
        *("power_consumption", "power", "Power consumption"),
        *("Потребляемая мощность", "Керектелген кубаттуулук"),
    ),
    (
        *("power_system_temperature", "temperature", "Power system temperature"),
        *("Температура системы питания", "Азыктандыруу системасынын температурасы"),
    ),
    (
        *("converter_temperature", "temperature", "Converter temperature"),
        *("Температура преобразователя", "Өзгөрткүчтүн температурасы"),
    ),
    (
        *("power_system_resets", "count", "Power system resets"),
        *("Перезагрузки системы питания", "Азыктандыруу системасынын кайра жүктөөлөрү"),
    ),
    (
        *("power_system_mode", ANY, "Power system mode"),
        *("Режим системы питания", "Азыктандыруу системасынын режими"),
    ),
    (
        *("computer_voltage", "voltage", "Computer voltage"),
        *("Напряжение бортового компьютера", "Борттук компьютердин чыңалуусу"),
    ),
    (
        *("computer_current", "current", "Computer current"),
        *("Ток бортового компьютера", "Борттук компьютердин тогу"),
    ),
    (
        *("computer_temperature", "temperature", "Computer temperature"),
        *("Температура бортового компьютера", "Борттук компьютердин температурасы"),
    ),
    (
        *("board_temperature", "temperature", "Board temperature"),
        *("Температура платы", "Платанын температурасы"),
    ),
    (
        *("processor_load", "ratio", "Processor load"),
        *("Нагрузка процессора", "Процессордун жүктөмү"),
    ),
    ("memory_free", "data", "Free memory", "Свободная память", "Бош эс тутум"),
    ("memory_used", "data", "Memory used", "Занятая память", "Ээленген эс тутум"),
    ("storage_free", "data", "Free storage", "Свободное место", "Бош сактагыч орду"),
    ("storage_used", "data", "Storage used", "Занятое место", "Ээленген сактагыч орду"),
    ("resets", "count", "Resets", "Перезагрузки", "Кайра жүктөөлөр"),
    ("reset_cause", ANY, "Reset cause", "Причина перезагрузки", "Кайра жүктөөнүн себеби"),
    ("uptime", "time", "Uptime", "Время работы", "Иштөө убактысы"),
    ("satellite_time", "clock", "Satellite time", "Бортовое время", "Борттук убакыт"),
    ("mode", ANY, "Mode", "Режим", "Режим"),
    ("error_count", "count", "Error count", "Число ошибок", "Каталардын саны"),
    (
        "commands_received",
        "count",
        "Commands received",
        "Принято команд",
        "Кабыл алынган буйруктар",
    ),
    (
        "commands_rejected",
        "count",
        "Commands rejected",
        "Отклонено команд",
        "Четке кагылган буйруктар",
    ),
    ("frame_counter", "count", "Frame counter", "Счётчик кадров", "Кадрлардын эсептегичи"),
    ("radio_voltage", "voltage", "Radio voltage", "Напряжение радио", "Радионун чыңалуусу"),
    ("radio_current", "current", "Radio current", "Ток радио", "Радионун тогу"),
    (
        *("radio_temperature", "temperature", "Radio temperature"),
        *("Температура радио", "Радионун температурасы"),
    ),
    ("radio_resets", "count", "Radio resets", "Перезагрузки радио", "Радионун кайра жүктөөлөрү"),
    ("radio_mode", ANY, "Radio mode", "Режим радио", "Радионун режими"),
    (
        *("transmitter_voltage", "voltage", "Transmitter voltage"),
        *("Напряжение передатчика", "Өткөргүчтүн чыңалуусу"),
    ),
    (
        *("transmitter_current", "current", "Transmitter current"),
        *("Ток передатчика", "Өткөргүчтүн тогу"),
    ),
    (
        *("transmitter_temperature", "temperature", "Transmitter temperature"),
        *("Температура передатчика", "Өткөргүчтүн температурасы"),
    ),
    (
        *("transmit_power", "signal power", "Transmit power"),
        *("Мощность передачи", "Өткөрүү кубаттуулугу"),
    ),
    (
        *("reflected_power", "signal power", "Reflected power"),
        *("Отражённая мощность", "Чагылган кубаттуулук"),
    ),
    (
        *("receiver_voltage", "voltage", "Receiver voltage"),
        *("Напряжение приёмника", "Кабылдагычтын чыңалуусу"),
    ),
    (
        *("receiver_current", "current", "Receiver current"),
        *("Ток приёмника", "Кабылдагычтын тогу"),
    ),
    (
        *("receiver_temperature", "temperature", "Receiver temperature"),
        *("Температура приёмника", "Кабылдагычтын температурасы"),
    ),
    ("signal_strength", "signal power", "Signal strength", "Уровень сигнала", "Сигналдын деңгээли"),
    (
        *("background_signal_strength", "signal power", "Background signal strength"),
        *("Уровень фона", "Фондун деңгээли"),
    ),
    (
        *("signal_to_noise", "level", "Signal to noise ratio"),
        *("Отношение сигнал/шум", "Сигнал/ызы-чуу катышы"),
    ),
    (
        *("frequency_error", "frequency", "Frequency error"),
        *("Отклонение частоты", "Жыштыктын четтөөсү"),
    ),
    ("frames_received", "count", "Frames received", "Кадры приняты", "Кабыл алынган кадрлар"),
    ("frames_sent", "count", "Frames sent", "Кадры отправлены", "Жөнөтүлгөн кадрлар"),
    ("receive_errors", "count", "Receive errors", "Ошибки приёма", "Кабылдоо каталары"),
    ("angular_rate", "angular rate", "Rotation rate", "Скорость вращения", "Айлануу ылдамдыгы"),
    (
        *("angular_rate_x", "angular rate", "Rotation rate x"),
        *("Скорость вращения x", "Айлануу ылдамдыгы x"),
    ),
    (
        *("angular_rate_y", "angular rate", "Rotation rate y"),
        *("Скорость вращения y", "Айлануу ылдамдыгы y"),
    ),
    (
        *("angular_rate_z", "angular rate", "Rotation rate z"),
        *("Скорость вращения z", "Айлануу ылдамдыгы z"),
    ),
    ("magnetic_field", "magnetic field", "Magnetic field", "Магнитное поле", "Магнит талаасы"),
    (
        *("magnetic_field_x", "magnetic field", "Magnetic field x"),
        *("Магнитное поле x", "Магнит талаасы x"),
    ),
    (
        *("magnetic_field_y", "magnetic field", "Magnetic field y"),
        *("Магнитное поле y", "Магнит талаасы y"),
    ),
    (
        *("magnetic_field_z", "magnetic field", "Magnetic field z"),
        *("Магнитное поле z", "Магнит талаасы z"),
    ),
    ("sun_sensor", ANY, "Sun sensor", "Датчик Солнца", "Күн датчиги"),
    (
        "wheel_speed",
        "rotation",
        "Reaction wheel speed",
        "Скорость маховика",
        "Маховиктин ылдамдыгы",
    ),
    (
        *("wheel_temperature", "temperature", "Reaction wheel temperature"),
        *("Температура маховика", "Маховиктин температурасы"),
    ),
    (
        *("magnetorquer_current", "current", "Magnetorquer current"),
        *("Ток магнитной катушки", "Магниттик катушканын тогу"),
    ),
    (
        *("attitude_quaternion", "number", "Attitude quaternion"),
        *("Кватернион ориентации", "Багыттын кватерниону"),
    ),
    (
        *("attitude_mode", ANY, "Attitude control mode"),
        *("Режим системы ориентации", "Багыттоо системасынын режими"),
    ),
    ("position_x", "length", "Position x", "Положение x", "Орун x"),
    ("position_y", "length", "Position y", "Положение y", "Орун y"),
    ("position_z", "length", "Position z", "Положение z", "Орун z"),
    ("velocity_x", "speed", "Velocity x", "Скорость x", "Ылдамдык x"),
    ("velocity_y", "speed", "Velocity y", "Скорость y", "Ылдамдык y"),
    ("velocity_z", "speed", "Velocity z", "Скорость z", "Ылдамдык z"),
    ("latitude", "angle", "Latitude", "Широта", "Кеңдик"),
    ("longitude", "angle", "Longitude", "Долгота", "Узундук"),
    ("altitude", "length", "Altitude", "Высота", "Бийиктик"),
    (
        *("antenna_temperature", "temperature", "Antenna temperature"),
        *("Температура антенны", "Антеннанын температурасы"),
    ),
    (
        *("payload_voltage", "voltage", "Payload voltage"),
        *("Напряжение полезной нагрузки", "Пайдалуу жүктүн чыңалуусу"),
    ),
    (
        *("payload_current", "current", "Payload current"),
        *("Ток полезной нагрузки", "Пайдалуу жүктүн тогу"),
    ),
)

#: Every quantity by its id, in the order in which lists show them.
QUANTITIES: Mapping[str, Quantity] = {
    id: Quantity(id, dimension, {"en": english, "ru": russian, "ky": kyrgyz})
    for id, dimension, english, russian, kyrgyz in _LIST
}


def problem(id: str, kind: str, unit: str) -> str:
    """Why a row of type ``kind`` with ``unit`` cannot have the quantity ``id``, or empty."""
    quantity = QUANTITIES.get(id)
    if quantity is None:
        return f"there is no quantity {id!r}; {nearest(id, QUANTITIES)}"
    if quantity.dimension == ANY or (quantity.dimension == "clock" and kind == "time"):
        return ""
    units = DIMENSIONS[quantity.dimension]
    if unit in units:
        return ""
    allowed = ", ".join(sorted(each or "none" for each in units))
    return f"{id} is a {quantity.dimension}: its unit is one of {allowed}, not {unit or 'none'}"
