"""Ways in which pages say where their text and news are from and who made it, in ten languages.

`PROSE` are sentences that say nothing of it. Of each language `SEEN` has lines with the agency and
the people that they credit, as they stand above the text (`top`), at the start of it (`start`), after
its last words (`end`) or in a line below it (`below`); and lines that credit nobody (`none`), the
same with `above:` and so on before them. The rules were mended with those; `UNSEEN` was written
afterwards, `THIRD` to `NINTH` after those, each before the rules were mended by it. From the sixth
on they name outlets that a text credits with its news, as "source NAME".
"""

# ruff: noqa: E501 (a line of a page is one line)

from __future__ import annotations

from pathlib import Path

PROSE = {
    "en": [
        "The harbour of the small town was opened again after two years of work.",
        "About forty people came to see the first ferry leave on its way to the islands.",
        "The mayor said that the new quay would be open to everyone, also at night.",
        "A company from the region had built it for less money than was planned.",
        "In the coming spring a second ship is to follow, which will also carry cars.",
        "Neighbours had feared noise, but so far hardly anybody has complained about it.",
    ],
    "id": [
        "Pelabuhan di kota kecil itu dibuka kembali setelah dua tahun pengerjaan.",
        "Sekitar empat puluh orang datang untuk melihat kapal feri pertama berangkat ke pulau.",
        "Wali kota mengatakan bahwa dermaga baru itu terbuka untuk semua orang, juga pada malam hari.",
        "Sebuah perusahaan dari daerah itu membangunnya dengan biaya yang lebih murah dari rencana.",
        "Pada musim kemarau nanti kapal kedua akan menyusul dan juga mengangkut mobil.",
        "Para tetangga khawatir akan kebisingan, tetapi sejauh ini hampir tidak ada yang mengeluh.",
    ],
    "de": [
        "Der Hafen der kleinen Stadt ist nach zwei Jahren Bauzeit wieder geöffnet worden.",
        "Rund vierzig Menschen kamen, um die erste Fähre auf dem Weg zu den Inseln zu sehen.",
        "Die Bürgermeisterin sagte, die neue Mole stehe allen offen, auch in der Nacht.",
        "Eine Firma aus der Region hatte sie für weniger Geld gebaut, als geplant war.",
        "Im kommenden Frühjahr soll ein zweites Schiff folgen, das auch Autos mitnimmt.",
        "Nachbarn hatten Lärm befürchtet, doch bisher hat sich kaum jemand darüber beschwert.",
    ],
    "es": [
        "El puerto de la pequeña ciudad volvió a abrir después de dos años de obras.",
        "Unas cuarenta personas acudieron para ver salir el primer barco hacia las islas.",
        "La alcaldesa dijo que el nuevo muelle estará abierto para todos, también de noche.",
        "Una empresa de la región lo construyó por menos dinero de lo que estaba previsto.",
        "En la próxima primavera llegará un segundo barco, que llevará también automóviles.",
        "Los vecinos temían el ruido, pero hasta ahora casi nadie se ha quejado de ello.",
    ],
    "fr": [
        "Le port de la petite ville a rouvert ses portes après deux ans de travaux.",
        "Une quarantaine de personnes sont venues voir partir le premier bateau vers les îles.",
        "La maire a dit que le nouveau quai serait ouvert à tous, même pendant la nuit.",
        "Une entreprise de la région l'a construit pour moins d'argent que prévu au départ.",
        "Au printemps prochain un deuxième bateau suivra, qui transportera aussi des voitures.",
        "Les voisins craignaient le bruit, mais jusqu'ici presque personne ne s'en est plaint.",
    ],
    "pt": [
        "O porto da pequena cidade voltou a abrir depois de dois anos de obras.",
        "Cerca de quarenta pessoas vieram ver partir o primeiro barco a caminho das ilhas.",
        "A prefeita disse que o novo cais estará aberto a todos, também durante a noite.",
        "Uma empresa da região construiu o cais por menos dinheiro do que estava previsto.",
        "Na próxima primavera um segundo barco deve chegar, que levará também automóveis.",
        "Os vizinhos temiam o barulho, mas até agora quase ninguém se queixou disso.",
    ],
    "ru": [
        "Порт небольшого города снова открылся после двух лет строительных работ.",
        "Около сорока человек пришли посмотреть, как первый паром уходит к островам.",
        "Мэр сказала, что новый причал будет открыт для всех, в том числе и ночью.",
        "Компания из этого региона построила его дешевле, чем предполагалось сначала.",
        "Весной за ним последует второй корабль, который будет возить и автомобили.",
        "Соседи опасались шума, но до сих пор на него почти никто не пожаловался.",
    ],
    "it": [
        "Il porto della piccola città ha riaperto dopo due anni di lavori.",
        "Una quarantina di persone è venuta a vedere partire il primo traghetto per le isole.",
        "La sindaca ha detto che il nuovo molo sarà aperto a tutti, anche di notte.",
        "Un'azienda della regione lo ha costruito con meno denaro del previsto.",
        "Nella prossima primavera arriverà una seconda nave, che porterà anche automobili.",
        "I vicini temevano il rumore, ma finora quasi nessuno se ne è lamentato.",
    ],
    "nl": [
        "De haven van de kleine stad is na twee jaar werk weer opengegaan.",
        "Een veertigtal mensen kwam kijken hoe de eerste veerboot naar de eilanden vertrok.",
        "De burgemeester zei dat de nieuwe kade voor iedereen open is, ook in de nacht.",
        "Een bedrijf uit de streek had haar voor minder geld gebouwd dan was begroot.",
        "In het komende voorjaar volgt een tweede schip, dat ook auto's zal meenemen.",
        "Buren hadden lawaai gevreesd, maar tot nu toe heeft bijna niemand geklaagd.",
    ],
    "tr": [
        "Küçük kentin limanı iki yıllık çalışmanın ardından yeniden açıldı.",
        "Kırk kadar kişi ilk vapurun adalara doğru yola çıkışını görmeye geldi.",
        "Belediye başkanı yeni iskelenin gece de herkese açık olacağını söyledi.",
        "Bölgeden bir şirket onu planlanandan daha az parayla yaptı.",
        "Önümüzdeki baharda otomobil de taşıyacak ikinci bir gemi gelecek.",
        "Komşular gürültüden korkuyordu, ama şimdiye kadar neredeyse kimse yakınmadı.",
    ],
}

Line = tuple[str, str, str, str]
"""Where, what, the agency (or none), and people as "role name; role name"."""


def _lines(told: str) -> list[Line]:
    rows = (row.split(" | ") for row in told.strip().splitlines())
    return [(place.strip(), said, wire, who) for place, said, wire, who in rows]


def _stored(name: str) -> dict[str, list[Line]]:
    """The lines of a file, each language below its code."""
    parts = Path(__file__).with_name(name).read_text("utf-8").split("# ")[1:]
    return {part[:2]: _lines(part[2:]) for part in parts}


THIRD = _stored("credited_third.txt")
FOURTH = _stored("credited_fourth.txt")
FIFTH = _stored("credited_fifth.txt")
SIXTH = _stored("credited_sixth.txt")
SEVENTH = _stored("credited_seventh.txt")
EIGHTH = _stored("credited_eighth.txt")
NINTH = _stored("credited_ninth.txt")
SEEN: dict[str, list[Line]] = {
    "en": _lines("""
start | PORT ALDER (AP) —  | Associated Press | -
start | PORT ALDER, Jan 9 (Reuters) -  | Reuters | -
start | (Bloomberg) --  | Bloomberg | -
top | By Jane Example, Associated Press | Associated Press | author Jane Example
top | By Reuters | Reuters | -
top | By Jane Example and John Sample | - | author Jane Example; author John Sample
top | Jane Example / AFP | AFP | author Jane Example
below | Source: Reuters | Reuters | -
below | With reporting by Reuters | Reuters | -
below | This story was provided by The Associated Press. | Associated Press | -
below | With files from The Canadian Press | The Canadian Press | -
below | Copyright 2030 The Associated Press. All rights reserved. | Associated Press | -
below | (Reporting by Jane Example; Editing by John Sample) | - | author Jane Example; editor John Sample
below | Edited by John Sample | - | editor John Sample
end | (Reuters) | Reuters | -
end | — AFP | AFP | -
below | Photo: Reuters | - | -
below | Reuters could not reach the company. | - | -
below | Image: AP | - | -
below | The story was first reported by Bloomberg. | - | -
end | The mayor told Reuters that she was glad. | - | -
end | That is what AFP reported on Monday, citing the harbour office. | - | -
start | Reuters reported on Monday that a harbour would be opened.  | - | -
start | According to the Associated Press, a harbour will be opened.  | - | -
"""),
    "id": _lines("""
start | Port Alder (ANTARA) -  | Antara | -
start | PORT ALDER, (Antara) –  | Antara | -
start | PORT ALDER (AFP) -  | AFP | -
top | Oleh Budi Contoh | - | author Budi Contoh
top | Oleh: Reuters | Reuters | -
top | Penulis: Budi Contoh Editor: Siti Misal | - | author Budi Contoh; editor Siti Misal
top | Budi Contoh - Antara | Antara | author Budi Contoh
below | Sumber: Antara | Antara | -
below | Sumber : Reuters | Reuters | -
below | Disadur dari Reuters | Reuters | -
below | Artikel ini bersumber dari kantor berita Antara. | Antara | -
below | Pewarta: Budi Contoh | - | author Budi Contoh
below | Editor: Siti Misal | - | editor Siti Misal
below | COPYRIGHT © ANTARA 2030 | Antara | -
end | (Antara) | Antara | -
end | (Ant/Reuters) | Antara | -
below | Foto: Reuters | - | -
below | ANTARA FOTO/Budi Contoh/nym. | - | -
below | Reuters tidak dapat menghubungi perusahaan itu. | - | -
below | Kabar itu pertama kali dilaporkan Bloomberg. | - | -
end | Demikian dilansir Reuters, Senin, dari kantor pelabuhan. | - | -
end | Wali kota mengatakan kepada Antara bahwa ia senang. | - | -
start | Reuters melaporkan bahwa sebuah pelabuhan akan dibuka.  | - | -
start | Menurut AFP, sebuah pelabuhan akan dibuka.  | - | -
"""),
    "de": _lines("""
start | Port Alder (dpa) -  | dpa | -
start | Port Alder (dpa/tmn) –  | dpa | -
start | Wien (APA) –  | APA | -
top | Von Jana Beispiel, dpa | dpa | author Jana Beispiel
top | Von Jana Beispiel und Jan Muster | - | author Jana Beispiel; author Jan Muster
top | Von Reuters | Reuters | -
top | Jana Beispiel/dpa | dpa | author Jana Beispiel
below | Quelle: dpa | dpa | -
below | Mit Material von dpa | dpa | -
below | Mit Agenturmaterial (dpa) | dpa | -
below | (mit Material der AFP) | AFP | -
below | Dieser Text stammt von der Nachrichtenagentur Reuters. | Reuters | -
below | © dpa-infocom, dpa:300109-99-1234/2 | dpa | -
below | Redaktion: Jan Muster | - | editor Jan Muster
end | (dpa) | dpa | -
end | (Reuters/dpa) | Reuters | -
end | (APA) | APA | -
below | Foto: dpa | - | -
below | Bild: picture alliance / dpa | - | -
below | Reuters konnte die Angaben nicht prüfen. | - | -
below | Darüber hatte zuerst Bloomberg berichtet. | - | -
end | Das sagte sie der Nachrichtenagentur dpa am Montag. | - | -
start | Wie Reuters meldet, soll ein Hafen geöffnet werden.  | - | -
start | Die dpa schließt ihr Büro am Hafen.  | - | -
"""),
    "es": _lines("""
start | Puerto Alder, 9 ene (EFE).-  | EFE | -
start | PUERTO ALDER, 9 Ene. (EUROPA PRESS) -  | Europa Press | -
start | PUERTO ALDER (AP) —  | Associated Press | -
top | Por Juana Ejemplo | - | author Juana Ejemplo
top | Por Reuters | Reuters | -
top | Juana Ejemplo / EFE | EFE | author Juana Ejemplo
top | Por Juana Ejemplo y Juan Muestra | - | author Juana Ejemplo; author Juan Muestra
below | Fuente: EFE | EFE | -
below | Con información de AFP | AFP | -
below | (Con información de EFE y Reuters) | EFE | -
below | Con datos de la agencia EFE | EFE | -
below | Nota de la agencia Reuters | Reuters | -
below | © EFE 2030. Está expresamente prohibida la redistribución de este texto. | EFE | -
below | Reporte de Juana Ejemplo; editado por Juan Muestra | - | author Juana Ejemplo; editor Juan Muestra
below | Edición: Juan Muestra | - | editor Juan Muestra
end | (EFE) | EFE | -
end | EFE | EFE | -
below | Foto: EFE | - | -
below | Imagen: Reuters | - | -
below | Reuters no pudo hablar con la empresa. | - | -
below | La noticia fue publicada primero por Bloomberg. | - | -
end | Así lo dijo la alcaldesa a EFE el lunes. | - | -
start | Según Reuters, se abrirá un puerto.  | - | -
start | La agencia EFE cerrará su oficina en el puerto.  | - | -
"""),
    "fr": _lines("""
start | Port Alder (AFP) –  | AFP | -
start | Port Alder, 9 janv. 2030 (AFP) -  | AFP | -
start | PORT ALDER (Reuters) -  | Reuters | -
top | Par Jeanne Exemple | - | author Jeanne Exemple
top | Par Jeanne Exemple avec AFP | AFP | author Jeanne Exemple
top | Par AFP | AFP | -
top | La Gazette avec AFP | AFP | -
below | Source : AFP | AFP | -
below | (avec AFP) | AFP | -
below | Avec Reuters | Reuters | -
below | Avec les agences AFP et Reuters | AFP | -
below | Jeanne Exemple avec AFP | AFP | author Jeanne Exemple
below | Article rédigé par l'Agence France-Presse | AFP | -
below | © 2030 AFP | AFP | -
below | Édité par Jean Modèle | - | editor Jean Modèle
end | (AFP) | AFP | -
end | (Belga) | Belga | -
below | Photo : AFP | - | -
below | Crédit photo : Reuters | - | -
below | Reuters n'a pas pu joindre l'entreprise. | - | -
below | L'information a d'abord été publiée par Bloomberg. | - | -
end | C'est ce qu'elle a dit lundi à l'AFP. | - | -
start | Selon l'AFP, un port va rouvrir.  | - | -
start | Reuters ferme son bureau du port.  | - | -
"""),
    "pt": _lines("""
start | Porto Alder, 09 jan 2030 (Lusa) -  | Lusa | -
start | PORTO ALDER (Reuters) -  | Reuters | -
start | Porto Alder, 9 jan (EFE).-  | EFE | -
top | Por Joana Exemplo | - | author Joana Exemplo
top | Por Reuters | Reuters | -
top | Joana Exemplo, Agência Brasil | Agência Brasil | author Joana Exemplo
top | Da Agência Brasil | Agência Brasil | -
below | Fonte: Lusa | Lusa | -
below | Com Lusa | Lusa | -
below | *Com informações da Reuters | Reuters | -
below | (Com informações da Agência Brasil) | Agência Brasil | -
below | Com agências: Lusa e AFP | Lusa | -
below | Texto da agência Lusa | Lusa | -
below | Edição: João Modelo | - | editor João Modelo
below | Reportagem de Joana Exemplo; edição de João Modelo | - | author Joana Exemplo; editor João Modelo
end | (Lusa) | Lusa | -
end | Lusa | Lusa | -
below | Foto: Agência Brasil | - | -
below | Imagem: Reuters | - | -
below | A Reuters não conseguiu falar com a empresa. | - | -
below | A notícia foi publicada primeiro pela Bloomberg. | - | -
end | Foi o que a prefeita disse à Lusa na segunda-feira. | - | -
start | Segundo a Reuters, um porto será aberto.  | - | -
start | A Lusa fecha o seu escritório no porto.  | - | -
"""),
    "ru": _lines("""
start | ПОРТ-АЛДЕР, 9 января. /ТАСС/.  | TASS | -
start | ПОРТ-АЛДЕР, 9 янв — РИА Новости.  | RIA Novosti | -
start | Порт-Алдер. 9 января. INTERFAX.RU -  | Interfax | -
top | Автор: Иван Примеров | - | author Иван Примеров
top | Иван Примеров, ТАСС | TASS | author Иван Примеров
top | Текст: Иван Примеров | - | author Иван Примеров
top | ТАСС | TASS | -
below | Источник: ТАСС | TASS | -
below | По материалам РИА Новости | RIA Novosti | -
below | По материалам: Интерфакс | Interfax | -
below | С использованием материалов ТАСС | TASS | -
below | По сообщению агентства Reuters | Reuters | -
below | © РИА Новости | RIA Novosti | -
below | Редактор: Анна Образцова | - | editor Анна Образцова
below | Корреспондент: Иван Примеров | - | author Иван Примеров
end | (ТАСС) | TASS | -
end | /Интерфакс/ | Interfax | -
below | Фото: ТАСС | - | -
below | Изображение: Reuters | - | -
below | Reuters не удалось связаться с компанией. | - | -
below | Об этом первым сообщило агентство Bloomberg. | - | -
end | Об этом мэр рассказала ТАСС в понедельник. | - | -
start | Как сообщает Reuters, порт будет открыт.  | - | -
start | ТАСС закрывает своё бюро в порту.  | - | -
"""),
}

UNSEEN: dict[str, list[Line]] = {
    "en": _lines("""
start | PORT ALDER, Jan. 9 (UPI) --  | UPI | -
start | Port Alder, Jan 9 (PTI)  | PTI | -
start | SYDNEY (AAP) -  | AAP | -
start | AFP -  | AFP | -
top | Jane Example for Reuters | Reuters | author Jane Example
top | By AFP and Jane Example | AFP | author Jane Example
top | By Jane Example, AAP | AAP | author Jane Example
top | Written by Jane Example | - | author Jane Example
top | Reuters | Reuters | -
below | Additional reporting by Reuters | Reuters | -
below | Courtesy of the Associated Press | Associated Press | -
below | The Associated Press contributed to this report. | Associated Press | -
below | This article originally appeared on Bloomberg. | Bloomberg | -
below | © Agence France-Presse | AFP | -
below | Reporting by Jane Example in Port Alder; editing by John Sample | - | author Jane Example; editor John Sample
below | Editor: John Sample | - | editor John Sample
below | Photos by Jane Example | - | photographer Jane Example
end | [PTI] | PTI | -
end | (With inputs from ANI) | ANI | -
below | Picture: Jane Example/AFP | - | -
below | Video: Reuters | - | -
below | AP has asked the company for comment. | - | -
below | Follow Reuters for more. | - | -
end | A spokesman declined to comment when asked by Bloomberg. | - | -
end | Shares of Thomson Reuters fell by two percent. | - | -
start | Bloomberg said on Tuesday that it would open a harbour.  | - | -
start | PORT ALDER - Citing the AP, the mayor said a harbour will open.  | - | -
"""),
    "id": _lines("""
start | JAKARTA, 9 Januari (Reuters) -  | Reuters | -
start | Kuala Lumpur (ANTARA/Bernama) -  | Antara | -
start | SINGAPURA (AFP) —  | AFP | -
top | Ditulis oleh Budi Contoh | - | author Budi Contoh
top | Budi Contoh, Antara | Antara | author Budi Contoh
top | Reporter: Budi Contoh | - | author Budi Contoh
top | Antara | Antara | -
top | Oleh Budi Contoh dan Siti Misal | - | author Budi Contoh; author Siti Misal
below | Sumber berita: Antara | Antara | -
below | (Sumber: AFP) | AFP | -
below | Artikel ini telah tayang di Antara | Antara | -
below | Dikutip dari AFP dan Reuters | AFP | -
below | Laporan kantor berita Xinhua | Xinhua | -
below | Redaktur: Siti Misal | - | editor Siti Misal
below | Penyunting: Siti Misal | - | editor Siti Misal
below | Hak Cipta © ANTARA 2030 | Antara | -
end | (ANTARA) | Antara | -
end | (AFP/Reuters) | AFP | -
end | [Antara] | Antara | -
below | Foto: Antara/Budi Contoh | - | photographer Budi Contoh
below | Gambar: AFP | - | -
below | Bloomberg belum mendapat jawaban dari perusahaan. | - | -
below | Baca juga: Reuters tutup kantor di pelabuhan | - | -
end | Hal itu diberitakan AFP pada Selasa lalu. | - | -
end | Ia berbicara dengan wartawan Reuters di dermaga. | - | -
start | Kantor berita Antara membuka sebuah pelabuhan.  | - | -
start | Mengutip Bloomberg, sebuah pelabuhan akan dibuka.  | - | -
"""),
    "de": _lines("""
start | Port Alder (Reuters) -  | Reuters | -
start | PORT ALDER (dpa-AFX) -  | dpa | -
start | Zürich (sda)  | Keystone-SDA | -
start | Port Alder, 9. Januar (AFP) -  | AFP | -
top | Von Jana Beispiel (dpa) | dpa | author Jana Beispiel
top | Jana Beispiel, Reuters | Reuters | author Jana Beispiel
top | Text: Jana Beispiel | - | author Jana Beispiel
top | dpa | dpa | -
top | Eine Reportage von Jana Beispiel | - | author Jana Beispiel
below | Quellen: dpa, AFP | dpa | -
below | Quelle: APA/Reuters | APA | -
below | mit Informationen von AFP | AFP | -
below | Dieser Beitrag wurde mit Material der Agentur dpa erstellt. | dpa | -
below | (Mit Agenturen: dpa) | dpa | -
below | Copyright dpa | dpa | -
below | Redigiert von Jan Muster | - | editor Jan Muster
below | Mitarbeit: Jan Muster | - | contributor Jan Muster
end | (dpa/lno) | dpa | -
end | /dpa | dpa | -
end | (mit Material von AFP) | AFP | -
below | Fotos: Jana Beispiel/dpa | - | photographer Jana Beispiel
below | Grafik: dpa | - | -
below | Die dpa hat die Firma um eine Stellungnahme gebeten. | - | -
end | Zuvor hatte Reuters darüber berichtet. | - | -
end | Das geht aus Unterlagen hervor, die der AFP vorliegen. | - | -
start | Laut dpa soll ein Hafen geöffnet werden.  | - | -
start | Reuters - so heißt das neue Schiff im Hafen.  | - | -
"""),
    "es": _lines("""
start | Buenos Aires, 9 ene (AFP) -  | AFP | -
start | PUERTO ALDER (Reuters) —  | Reuters | -
start | Puerto Alder (EFE).  | EFE | -
top | Juana Ejemplo, EFE | EFE | author Juana Ejemplo
top | Por Juana Ejemplo, AFP | AFP | author Juana Ejemplo
top | Agencia EFE | EFE | -
top | Texto: Juana Ejemplo | - | author Juana Ejemplo
top | Escrito por Juana Ejemplo | - | author Juana Ejemplo
below | Fuentes: Reuters y AFP | Reuters | -
below | *Con información de Europa Press | Europa Press | -
below | Con datos de Reuters | Reuters | -
below | Texto elaborado con cables de AFP | AFP | -
below | Agencias: EFE | EFE | -
below | Información de la agencia Reuters | Reuters | -
below | Editado por Juan Muestra | - | editor Juan Muestra
below | Editor: Juan Muestra | - | editor Juan Muestra
below | Fotografía: Juana Ejemplo | - | photographer Juana Ejemplo
end | (Reuters) | Reuters | -
end | / EFE | EFE | -
end | (Con información de AFP) | AFP | -
below | Foto: Juana Ejemplo (EFE) | - | photographer Juana Ejemplo
below | Vídeo: Europa Press | - | -
below | AFP pidió una respuesta a la empresa. | - | -
end | El portavoz no quiso hablar con Reuters. | - | -
end | Lo informó primero la agencia EFE el martes. | - | -
start | La alcaldesa dijo a Europa Press que se abrirá un puerto.  | - | -
start | De acuerdo con Bloomberg, se abrirá un puerto.  | - | -
"""),
    "fr": _lines("""
start | PARIS, 9 janvier (Reuters) -  | Reuters | -
start | Bruxelles (Belga) —  | Belga | -
start | AFP -  | AFP | -
top | Jeanne Exemple, AFP | AFP | author Jeanne Exemple
top | Par La Gazette avec Reuters | Reuters | -
top | Par Jeanne Exemple et Jean Modèle | - | author Jeanne Exemple; author Jean Modèle
top | Écrit par Jeanne Exemple | - | author Jeanne Exemple
top | AFP | AFP | -
below | Sources : AFP, Reuters | AFP | -
below | Avec l'AFP | AFP | -
below | (Avec AFP et Reuters) | AFP | -
below | Cet article a été rédigé avec l'AFP | AFP | -
below | Dépêche Reuters | Reuters | -
below | Texte : Jeanne Exemple | - | author Jeanne Exemple
below | Photos : Jean Modèle | - | photographer Jean Modèle
below | Copyright AFP | AFP | -
below | La Presse Canadienne | The Canadian Press | -
end | (Reuters) | Reuters | -
end | [AFP] | AFP | -
end | (avec AFP) | AFP | -
below | Photo Jean Modèle / AFP | - | -
below | Vidéo : Reuters | - | -
below | L'AFP a demandé une réaction à l'entreprise. | - | -
end | L'élue n'a pas voulu répondre à Reuters. | - | -
end | D'après Bloomberg, le quai a coûté cher. | - | -
start | L'AFP rapporte qu'un port va rouvrir.  | - | -
start | Interrogée par Reuters, la maire parle d'un port.  | - | -
"""),
    "pt": _lines("""
start | LISBOA (Reuters) -  | Reuters | -
start | Port Alder, 09 jan (Lusa) -  | Lusa | -
start | Washington (AFP) -  | AFP | -
top | Joana Exemplo, Lusa | Lusa | author Joana Exemplo
top | Joana Exemplo / Reuters | Reuters | author Joana Exemplo
top | Agência Brasil | Agência Brasil | -
top | Texto: Joana Exemplo | - | author Joana Exemplo
top | Por Joana Exemplo e João Modelo | - | author Joana Exemplo; author João Modelo
below | Fontes: Lusa e Reuters | Lusa | -
below | Com informações de AFP | AFP | -
below | Com a Lusa | Lusa | -
below | Com informações da agência Reuters. | Reuters | -
below | Conteúdo da Agência Brasil | Agência Brasil | -
below | Este texto foi publicado originalmente pela Agência Brasil | Agência Brasil | -
below | Editado por João Modelo | - | editor João Modelo
below | Fotografia: Joana Exemplo | - | photographer Joana Exemplo
below | © 2030 Lusa | Lusa | -
end | (Reuters) | Reuters | -
end | (com Lusa) | Lusa | -
end | [Agência Brasil] | Agência Brasil | -
below | Foto: Joana Exemplo/Agência Brasil | - | photographer Joana Exemplo
below | Vídeo: Lusa | - | -
below | A Bloomberg pediu um comentário à empresa. | - | -
end | O porta-voz não quis falar com a Reuters. | - | -
end | A informação foi avançada pela Lusa na terça-feira. | - | -
start | De acordo com a Lusa, um porto será aberto.  | - | -
start | A Agência Brasil mostra um porto que será aberto.  | - | -
"""),
    "ru": _lines("""
start | МОСКВА, 9 янв - РИА Новости.  | RIA Novosti | -
start | Москва. 9 января. Интерфакс -  | Interfax | -
start | ЛОНДОН, 9 января (Reuters) -  | Reuters | -
top | Иван Примеров, РИА Новости | RIA Novosti | author Иван Примеров
top | Иван Примеров / Интерфакс | Interfax | author Иван Примеров
top | РИА Новости | RIA Novosti | -
top | Авторы: Иван Примеров, Анна Образцова | - | author Иван Примеров; author Анна Образцова
top | Подготовил: Иван Примеров | - | author Иван Примеров
below | Источник: Интерфакс | Interfax | -
below | Источники: ТАСС, РИА Новости | TASS | -
below | По информации ТАСС | TASS | -
below | Материал подготовлен на основе сообщений ТАСС | TASS | -
below | По материалам агентства Интерфакс | Interfax | -
below | С использованием информации РИА Новости | RIA Novosti | -
below | Под редакцией: Анна Образцова | - | editor Анна Образцова
below | Редакторы: Анна Образцова | - | editor Анна Образцова
below | Фотограф: Иван Примеров | - | photographer Иван Примеров
end | (РИА Новости) | RIA Novosti | -
end | (Интерфакс) | Interfax | -
end | /ТАСС/ | TASS | -
below | Фото: Иван Примеров/ТАСС | - | photographer Иван Примеров
below | Видео: РИА Новости | - | -
below | ТАСС ждёт ответа компании. | - | -
end | Компания не стала отвечать на вопросы Reuters. | - | -
end | Ранее об этом писал Bloomberg. | - | -
start | По данным ТАСС, порт будет открыт.  | - | -
start | Интерфакс передаёт, что порт будет открыт.  | - | -
"""),
}
