"""Places of Kyrgyzstan that a student may choose: towns, and villages of all seven regions.

Coordinates are those of GeoNames (https://www.geonames.org, CC BY 4.0), rounded to a hundredth of a
degree; names as the country's maps write them in English, Russian and Kyrgyz.
"""

from __future__ import annotations

from typing import NamedTuple

from groundstation.model import Site


class Village(NamedTuple):
    """``names``: English, Russian, Kyrgyz."""

    id: str
    latitude_deg: float
    longitude_deg: float
    names: tuple[str, str, str]

    def name(self, code: str) -> str:
        """Its name in the language ``code``."""
        return self.names[{"en": 0, "ru": 1, "ky": 2}.get(code, 0)]

    def site(self, code: str) -> Site:
        """As passes are computed for it."""
        return Site(self.name(code), self.latitude_deg, self.longitude_deg)


VILLAGES: tuple[Village, ...] = (
    Village("ak-suu", 42.50, 78.53, ("Ak-Suu", "Ак-Суу", "Ак-Суу")),
    Village("ala-buka", 41.41, 71.49, ("Ala-Buka", "Ала-Бука", "Ала-Бука")),
    Village("aravan", 40.52, 72.50, ("Aravan", "Араван", "Араван")),
    Village("at-bashy", 41.17, 75.80, ("At-Bashy", "Ат-Баши", "Ат-Башы")),
    Village("aydarken", 39.94, 71.34, ("Aidarken", "Айдаркен", "Айдаркен")),
    Village("baetov", 41.27, 74.96, ("Baetov", "Баетово", "Баетов")),
    Village("bakay-ata", 42.49, 71.92, ("Bakai-Ata", "Бакай-Ата", "Бакай-Ата")),
    Village("balykchy", 42.46, 76.19, ("Balykchy", "Балыкчы", "Балыкчы")),
    Village("batken", 40.06, 70.82, ("Batken", "Баткен", "Баткен")),
    Village("bazar-korgon", 41.04, 72.75, ("Bazar-Korgon", "Базар-Коргон", "Базар-Коргон")),
    Village("belovodskoye", 42.83, 74.11, ("Belovodskoye", "Беловодское", "Беловодское")),
    Village("bishkek", 42.87, 74.59, ("Bishkek", "Бишкек", "Бишкек")),
    Village("bokonbaev", 42.12, 76.99, ("Bokonbaev", "Боконбаево", "Бөкөнбаев")),
    Village("chaek", 41.93, 74.52, ("Chaek", "Чаек", "Чаек")),
    Village("cholpon-ata", 42.65, 77.08, ("Cholpon-Ata", "Чолпон-Ата", "Чолпон-Ата")),
    Village("chuy", 42.82, 75.28, ("Chui", "Чуй", "Чүй")),
    Village("daroot-korgon", 39.55, 72.21, ("Daroot-Korgon", "Дароот-Коргон", "Дароот-Коргон")),
    Village("gulcho", 40.31, 73.44, ("Gulcho", "Гульча", "Гүлчө")),
    Village("isfana", 39.84, 69.53, ("Isfana", "Исфана", "Исфана")),
    Village("ivanovka", 42.89, 75.08, ("Ivanovka", "Ивановка", "Ивановка")),
    Village("jalal-abad", 40.94, 72.99, ("Jalal-Abad", "Джалал-Абад", "Жалал-Абад")),
    Village("kaindy", 42.82, 73.68, ("Kaiyngdy", "Каинды", "Кайыңды")),
    Village("kaji-say", 42.14, 77.18, ("Kaji-Sai", "Каджи-Сай", "Кажы-Сай")),
    Village("kant", 42.89, 74.85, ("Kant", "Кант", "Кант")),
    Village("kanysh-kyya", 41.77, 71.09, ("Kanysh-Kyya", "Каныш-Кия", "Каныш-Кыя")),
    Village("kara-balta", 42.81, 73.85, ("Kara-Balta", "Кара-Балта", "Кара-Балта")),
    Village("kara-kol", 41.63, 72.67, ("Kara-Kol", "Кара-Куль", "Кара-Көл")),
    Village("kara-kulja", 40.63, 73.59, ("Kara-Kulja", "Кара-Кульджа", "Кара-Кулжа")),
    Village("kara-suu", 40.70, 72.87, ("Kara-Suu", "Кара-Суу", "Кара-Суу")),
    Village("karakol", 42.49, 78.39, ("Karakol", "Каракол", "Каракол")),
    Village("kazarman", 41.40, 74.03, ("Kazarman", "Казарман", "Казарман")),
    Village("kemin", 42.79, 75.69, ("Kemin", "Кемин", "Кемин")),
    Village("kerben", 41.49, 71.76, ("Kerben", "Кербен", "Кербен")),
    Village("kochkor", 42.22, 75.76, ("Kochkor", "Кочкор", "Кочкор")),
    Village("kochkor-ata", 41.04, 72.48, ("Kochkor-Ata", "Кочкор-Ата", "Кочкор-Ата")),
    Village("kyzyl-adyr", 42.62, 71.59, ("Kyzyl-Adyr", "Кызыл-Адыр", "Кызыл-Адыр")),
    Village("kyzyl-kyya", 40.26, 72.13, ("Kyzyl-Kyya", "Кызыл-Кия", "Кызыл-Кыя")),
    Village("kyzyl-suu", 42.34, 78.01, ("Kyzyl-Suu", "Кызыл-Суу", "Кызыл-Суу")),
    Village("naryn", 41.43, 76.00, ("Naryn", "Нарын", "Нарын")),
    Village("nookat", 40.27, 72.62, ("Nookat", "Ноокат", "Ноокат")),
    Village("osh", 40.53, 72.80, ("Osh", "Ош", "Ош")),
    Village("pulgon", 40.15, 71.73, ("Pulgon", "Пульгон", "Пүлгөн")),
    Village("sokuluk", 42.85, 74.30, ("Sokuluk", "Сокулук", "Сокулук")),
    Village("sosnovka", 42.64, 73.90, ("Sosnovka", "Сосновка", "Сосновка")),
    Village("sulukta", 39.94, 69.57, ("Sulukta", "Сулюкта", "Сүлүктү")),
    Village("suzak", 40.90, 72.90, ("Suzak", "Сузак", "Сузак")),
    Village("talas", 42.52, 72.24, ("Talas", "Талас", "Талас")),
    Village("tash-komur", 41.35, 72.22, ("Tash-Komur", "Таш-Кумыр", "Таш-Көмүр")),
    Village("tokmok", 42.84, 75.30, ("Tokmok", "Токмак", "Токмок")),
    Village("toktogul", 41.87, 72.94, ("Toktogul", "Токтогул", "Токтогул")),
    Village("tossor", 42.17, 77.44, ("Tosor", "Тосор", "Тосор")),
    Village("tyup", 42.73, 78.36, ("Tup", "Тюп", "Түп")),
    Village("uch-korgon", 40.23, 72.06, ("Uch-Korgon", "Уч-Коргон", "Үч-Коргон")),
    Village("uch-terek", 41.76, 73.20, ("Uch-Terek", "Уч-Терек", "Үч-Терек")),
    Village("uzgen", 40.77, 73.30, ("Uzgen", "Узген", "Өзгөн")),
)
