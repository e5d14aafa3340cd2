"""Notices that fill in one form: the weather, results of a quarter, obituaries, incidents.

A form has slots in braces: `p0` to `p5` people, `t0` to `t3` towns, `1-9` a number, `.1-9` one with
a decimal, and the names of the lists in `WORDS`. `FORMS` are those that the thresholds of
`parsers.copies.fingerprints` were set with; `UNSEEN_FORMS` were written afterwards.
"""

from __future__ import annotations

import re
from random import Random

FIRST = [
    "Margaret",
    "John",
    "Ellen",
    "Budi",
    "Siti",
    "Dieter",
    "Ahmad",
    "Rosa",
    "Igor",
    "Peter",
    "Lena",
    "Putri",
    "Hans",
    "Carlos",
]
LAST = [
    "Foster",
    "Hartono",
    "Wijaya",
    "Keller",
    "Moreau",
    "Santos",
    "Petrov",
    "Okafor",
    "Brandt",
    "Silva",
    "Novak",
    "Marsh",
]
TOWNS = [
    "Springfield",
    "Verran",
    "Kiel",
    "Bandung",
    "Porto",
    "Lyon",
    "Sevilla",
    "Kazan",
    "Medan",
    "Ashford",
    "Solo",
    "Perm",
]
WORDS = {
    "month": [
        "January",
        "February",
        "March",
        "April",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
    ],
    "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "sky": ["sunny", "cloudy", "overcast", "rainy", "foggy", "windy", "clear", "hazy"],
    "wind": ["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"],
    "tag": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    "himmel": ["heiter", "wolkig", "bedeckt", "regnerisch", "neblig", "sonnig"],
    "mes": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
    ],
    "mois": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "septembre",
        "octobre",
    ],
    "hari": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
}

FORMS = {
    "weather": [
        "The forecast for {t0} on {day}, {month} {1-28}: the morning will be {sky} with "
        "{8-24} degrees at sunrise. In the afternoon temperatures rise to {18-36} degrees, "
        "with winds from the {wind} at {5-40} kilometres an hour. The chance of rain is "
        "{5-95} percent, and up to {1-40} millimetres may fall before midnight. Humidity will "
        "be between {30-60} and {61-98} percent. In the night the sky will be {sky}, and "
        "temperatures fall to {2-18} degrees.",
        "The sun rises at {5-7}:{10-59} and sets at {16-21}:{10-59}. For {day} the weather "
        "service expects {sky} skies and {15-36} degrees. Warnings for the region are "
        "published every six hours, and people should follow the advice of the authorities.",
    ],
    "earnings": [
        "{p0} Inc. on {day} reported profit of ${10-900} million in its quarter, after a loss "
        "in the same period a year earlier. The {t0}-based company said it had profit of "
        "{10-99} cents a share. Earnings, adjusted for one-time gains and costs, came to "
        "{10-99} cents a share.",
        "The results topped expectations. The average estimate of {3-19} analysts was for "
        "earnings of {10-99} cents a share. The company posted revenue of ${.1-9} billion in "
        "the period, which also topped forecasts. {3-9} analysts expected ${.1-9} billion. "
        "For the quarter ending in {month}, it expects revenue in the range of ${.1-9} "
        "billion to ${.1-9} billion.",
        "The company's shares have risen {2-80} percent since the beginning of the year. In "
        "the final minutes of trading on {day}, shares hit ${10-400}, a rise of {2-80} "
        "percent in a year.",
    ],
    "obituaries": [
        "{p0}, {60-99}, of {t0}, passed away peacefully on {day}, {month} {1-28}, surrounded "
        "by family. Born on {month} {1-28}, {1920-1960}, in {t1} to {p1} and {p2}, the family "
        "moved to {t2} when the children were young. After school followed {10-40} years of "
        "work for {p5} in {t0}. Neighbours will remember a warm smile, a garden that was open "
        "to everyone, and a kind word for all who came by.",
        "Survivors include a spouse of {20-60} years, {p3}; children {p4} of {t3} and {p5} of "
        "{t1}; and {2-9} grandchildren. A service will be held at {9-12} a.m. on {day} at St. "
        "{p1} Church in {t0}. In lieu of flowers the family asks for donations to a charity "
        "of your choice.",
    ],
    "incidents": [
        "Police in {t0} are asking for help after a collision at the corner of {p0} Street "
        "and {p1} Avenue on {day} evening. Officers were called to the scene at about "
        "{1-11}:{10-59} p.m. A {18-90}-year-old from {t1} was taken to hospital with injuries "
        "that are not thought to be life-threatening. The driver of the other vehicle, a "
        "{18-90}-year-old from {t2}, remained at the scene. The road was closed for {2-9} "
        "hours, and traffic was sent through {t3}.",
        "Anyone who saw what happened or has dashcam footage is asked to call {100-999} "
        "{1000-9999} and give the reference {1000-99999}. Information can also be given "
        "without a name.",
    ],
}
UNSEEN_FORMS = {
    "weather, German": [
        "Am {tag} wird es in {t0} und Umgebung {himmel}. Die Temperaturen steigen am "
        "Nachmittag auf {15-36} Grad, in der Nacht kühlt es auf {1-14} Grad ab. Der Wind weht "
        "mit {5-60} Kilometern pro Stunde aus wechselnden Richtungen. Die Wahrscheinlichkeit "
        "für Niederschlag liegt bei {5-95} Prozent, es fallen bis zu {1-40} Liter pro "
        "Quadratmeter.",
        "Für {tag} erwartet der Wetterdienst bei {.1-9} Stunden Sonnenschein Höchstwerte von "
        "{15-36} Grad, in {t1} bleibt es mit {10-30} Grad etwas kühler. Wer im Freien "
        "arbeitet, sollte auf ausreichenden Schutz vor der Sonne achten und genug trinken.",
    ],
    "earnings, Spanish": [
        "El grupo {p0} obtuvo un beneficio neto de {10-900} millones de euros en el primer "
        "semestre, un {.1-30}% más que en el mismo periodo del año anterior, según informó el "
        "{day} a la Comisión del mercado. Los ingresos alcanzaron los {1000-9000} millones, "
        "un {.1-30}% más, y el resultado bruto de explotación se situó en {100-999} millones.",
        "El presidente, {p1}, destacó la evolución del negocio en {t0} y {t1}, y mantuvo las "
        "previsiones para {2025-2032}. La deuda neta bajó hasta {100-999} millones en {mes}. "
        "Las acciones cerraron la sesión en {.5-90} euros. El consejo propondrá a la junta un "
        "dividendo de {.1-3} euros por acción, que se abonará el {1-28} de {mes}.",
    ],
    "obituaries, French": [
        "{t0}. C'est avec une grande tristesse que nous annonçons le décès de {p0}, survenu "
        "le {1-28} {mois} à l'âge de {60-99} ans. Né à {t1} le {1-28} {mois} {1920-1960}, il "
        "était l'aîné des {2-9} enfants de {p1} et {p2}, agriculteurs. Il a travaillé pendant "
        "{10-40} ans chez {p5} avant de prendre sa retraite à {t2}, où chacun connaissait son "
        "sourire.",
        "Les obsèques seront célébrées le {1-28} {mois} à {9-16} heures en l'église "
        "Saint-{p3} de {t2}, suivies de l'inhumation dans l'intimité familiale. La famille "
        "remercie le docteur {p4} et le personnel de l'hôpital pour leur dévouement.",
    ],
    "recalls": [
        "{p0} Foods of {t0} is recalling {100-9000} cases of {month} Harvest soup because the "
        "packs may contain an ingredient that is not on the label. The recalled product has "
        "the lot number {1000-99999} and a best-before date of {month} {1-28}, {2025-2032}. "
        "It was sold in {3-90} stores in {t1}, {t2} and {t3} between {month} {1-28} and "
        "{month} {1-28}.",
        "No illnesses have been reported so far. Customers who bought the product should not "
        "eat it, and may return it for a full refund. Consumers with questions may call "
        "{100-999} {1000-9999} from {day} to {day} between {7-10} a.m. and {3-8} p.m.",
    ],
    "accidents, Indonesian": [
        "Kecelakaan lalu lintas terjadi di Jalan {p0} kilometer {1-90}, {t0}, pada {hari} "
        "sekitar pukul {10-23}.{10-59} WIB. Sebuah truk bernomor polisi B {1000-9999} yang "
        "dikemudikan {p1} ({18-60}) menabrak sepeda motor yang dikendarai {p2} ({18-60}), "
        "warga {t1}.",
        "Kapolsek {t0} Kompol {p3} mengatakan korban dibawa ke rumah sakit di {t2} untuk "
        "mendapatkan perawatan. Petugas masih mengumpulkan keterangan dari {2-9} orang saksi. "
        "Arus kendaraan sempat tersendat sepanjang {1-9} kilometer selama {1-5} jam sebelum "
        "kembali normal.",
    ],
}


def filled(rng: Random, form: list[str]) -> list[str]:
    """The paragraphs of one notice."""
    people = [f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(6)]
    towns = rng.sample(TOWNS, 4)

    def fill(slot: re.Match[str]) -> str:
        name = slot[1]
        if name in WORDS:
            return rng.choice(WORDS[name])
        if name[0] in "pt":
            return (people if name[0] == "p" else towns)[int(name[1:])]
        low, high = map(int, name.lstrip(".").split("-"))
        return f"{rng.uniform(low, high):.1f}" if name[0] == "." else str(rng.randint(low, high))

    return [re.sub(r"\{([^}]+)\}", fill, line) for line in form]
