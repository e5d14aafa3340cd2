"""Notices that fill in one form: the weather, results of a quarter, obituaries, incidents.

A form has slots in braces: `p0` to `p5` people, `t0` to `t3` towns, `1-9` a number, `.1-9` one with
a decimal, and the names of the lists in `WORDS`. `FORMS` are those that the thresholds of
`parsers.copies.fingerprints` were set with; `UNSEEN_FORMS` were written afterwards.
"""

# ruff: noqa: E501 (a paragraph is one line)

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
    "zh_town": ["上海", "广州", "成都", "武汉", "西安", "南京", "杭州", "重庆", "天津", "苏州"],
    "zh_sky": ["晴", "多云", "阴", "小雨", "雾", "大风"],
    "zh_name": ["王建国", "李秀英", "张伟明", "刘洋", "陈静宜", "赵国强", "孙丽娟", "周海波"],
    "ja_town": ["横浜", "札幌", "仙台", "広島", "福岡", "京都", "神戸", "長崎"],
    "ja_name": ["田中健", "佐藤美咲", "鈴木大輔", "高橋由美", "伊藤誠", "渡辺直子"],
    "th_town": ["เชียงใหม่", "ขอนแก่น", "ภูเก็ต", "สงขลา", "อยุธยา", "ระยอง"],
    "th_name": ["สมชาย ใจดี", "มานี รักไทย", "ปรีชา ทองคำ", "สุดา แสงจันทร์"],
    "ar_town": ["حلب", "الإسكندرية", "جدة", "الدوحة", "عمان", "بيروت", "تونس"],
    "ar_name": ["أحمد منصور", "ليلى حداد", "يوسف سالم", "مريم قاسم", "خالد ناصر"],
    "hi_town": ["लखनऊ", "पटना", "जयपुर", "इंदौर", "भोपाल", "नागपुर"],
    "hi_name": ["राजेश शर्मा", "सुनीता वर्मा", "अनिल यादव", "मीना पटेल", "विजय सिंह"],
    "ko_town": ["부산", "대구", "인천", "광주", "대전", "울산"],
    "ko_name": ["김민수", "이영희", "박지훈", "최수진", "정하늘"],
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
    "weather, Chinese": [
        "据{zh_town}气象台消息,{1-12}月{1-28}日{zh_town}天气{zh_sky},最高气温{18-38}摄氏度,最低气温{1-17}摄氏度,风力{1-9}级,降水概率为百分之{5-95}。气象台提醒市民外出时注意防晒和补充水分,老人和儿童应尽量避免在中午时段长时间停留在户外。",
        "预计明天白天气温将达到{18-38}摄氏度,夜间为{1-17}摄氏度,空气质量指数为{20-300}。相关部门将每六小时发布一次最新预报,请市民关注官方渠道发布的消息。",
    ],
    "accidents, Japanese": [
        "{1-12}月{1-28}日午後{1-11}時{10-59}分ごろ、{ja_town}市の国道で、乗用車と{ja_name}さん({18-90})の自転車が衝突する事故がありました。警察によりますと、{ja_name}さんは病院に運ばれましたが、命に別条はないということです。乗用車を運転していた{18-90}歳の会社員にけがはありませんでした。",
        "この事故で現場付近の道路は約{1-9}時間にわたって通行止めになりました。警察は当時の状況を詳しく調べるとともに、事故を目撃した人に情報の提供を呼びかけています。",
    ],
    "weather, Thai": [
        "กรมอุตุนิยมวิทยารายงานสภาพอากาศของจังหวัด{th_town}วันที่ {1-28} อุณหภูมิสูงสุด {28-40} องศา อุณหภูมิต่ำสุด {15-27} องศา มีฝนร้อยละ {10-90} ของพื้นที่ ความเร็วลม {5-40} กิโลเมตรต่อชั่วโมง ขอให้ประชาชนระมัดระวังและติดตามประกาศจากทางราชการอย่างใกล้ชิด",
        "นาย{th_name} ผู้อำนวยการศูนย์ กล่าวว่าในช่วง {2-9} วันข้างหน้าจะมีฝนเพิ่มขึ้น และจะออกประกาศทุกหกชั่วโมงเพื่อให้ประชาชนเตรียมพร้อมรับมือกับสถานการณ์",
    ],
    "earnings, Arabic": [
        "أعلنت شركة {ar_name} في {ar_town} أنها حققت أرباحا صافية بلغت {10-900} مليون ريال في الربع الأخير من العام بزيادة قدرها {2-80} في المئة عن الفترة نفسها من العام السابق وأوضحت الشركة في بيان إلى السوق المالية أن الإيرادات وصلت إلى {1000-9000} مليون ريال وأن تكاليف التشغيل تراجعت بنسبة {2-30} في المئة",
        "وقال الرئيس التنفيذي {ar_name} إن النتائج تعكس قوة الأعمال في {ar_town} وإن مجلس الإدارة سيقترح توزيع أرباح بواقع {1-9} ريال للسهم الواحد على أن يصرف المبلغ للمساهمين بعد موافقة الجمعية العامة",
    ],
    "accidents, Hindi": [
        "पुलिस ने बताया कि {hi_town} में {1-28} तारीख की शाम करीब {1-11} बजे एक सड़क हादसे में {hi_name} उम्र {18-80} वर्ष घायल हो गए उन्हें तुरंत जिला अस्पताल में भर्ती कराया गया जहां डॉक्टरों ने उनकी हालत स्थिर बताई है हादसे के बाद सड़क पर करीब {1-9} घंटे तक जाम लगा रहा",
        "थाना प्रभारी {hi_name} ने कहा कि ट्रक चालक मौके से फरार हो गया और उसकी तलाश की जा रही है मामला दर्ज कर लिया गया है और आसपास लगे कैमरों की जांच की जा रही है जिस किसी ने हादसा देखा हो वह पुलिस को सूचना दे",
    ],
    "accidents, Korean": [
        "{1-12}월 {1-28}일 오후 {1-11}시 {10-59}분께 {ko_town} 시내 한 교차로에서 승용차와 오토바이가 충돌하는 사고가 났다. 이 사고로 오토바이 운전자 {ko_name}({18-80})씨가 다쳐 병원으로 옮겨졌으나 생명에는 지장이 없는 것으로 알려졌다.",
        "경찰은 승용차 운전자 {18-80}살 남성이 신호를 위반한 것으로 보고 정확한 사고 경위를 조사하고 있다. 사고 여파로 이 일대 도로가 약 {1-9}시간 동안 정체를 빚었으며 경찰은 목격자의 제보를 기다리고 있다.",
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
    "weather, Japanese": [
        "{1-12}月{1-28}日の{ja_town}地方は、高気圧に覆われておおむね晴れる見込みです。最高気温は{18-38}度、最低気温は{1-17}度で、降水確率は{5-95}パーセントと予想されています。風は{1-9}メートル前後と弱く、海上も穏やかでしょう。",
        "気象台は熱中症に注意し、こまめに水分を取るよう呼びかけています。次の予報は午後{1-11}時に発表される予定で、{ja_town}の週末は雲が広がり、気温は{10-30}度ほどになりそうです。",
    ],
    "earnings, Chinese": [
        "{zh_town}一家上市公司{1-12}月{1-28}日发布公告称,本季度实现营业收入{10-900}亿元,同比增长{2-80}%,归属于股东的净利润为{.1-9}亿元。公司表示,业绩增长主要得益于市场需求回升以及成本控制措施取得成效。",
        "公司董事长{zh_name}在说明会上指出,下一阶段将继续加大研发投入,预计全年收入将达到{100-900}亿元。董事会拟向全体股东每十股派发现金红利{.1-9}元,方案仍需提交股东大会审议。",
    ],
    "weather, Hindi": [
        "मौसम विभाग के अनुसार {hi_town} में {1-28} तारीख को अधिकतम तापमान {25-45} डिग्री और न्यूनतम तापमान {5-24} डिग्री रहने का अनुमान है दिन में हवा की रफ्तार {5-40} किलोमीटर प्रति घंटा रह सकती है और बारिश की संभावना {5-95} प्रतिशत बताई गई है",
        "विभाग ने लोगों से दोपहर में घर से बाहर न निकलने और पर्याप्त पानी पीने की अपील की है अगले {2-9} दिनों में {hi_town} और आसपास के इलाकों में मौसम साफ रहने की उम्मीद है",
    ],
    "results, Thai": [
        "บริษัทในจังหวัด{th_town}รายงานผลประกอบการไตรมาสล่าสุด มีกำไรสุทธิ {10-900} ล้านบาท เพิ่มขึ้นร้อยละ {2-80} จากช่วงเดียวกันของปีก่อน รายได้รวมอยู่ที่ {1000-9000} ล้านบาท",
        "{th_name} ประธานเจ้าหน้าที่บริหาร กล่าวว่าบริษัทจะเสนอจ่ายเงินปันผลหุ้นละ {.1-9} บาท และคาดว่ารายได้ทั้งปีจะเติบโตร้อยละ {2-40} จากการขยายตลาดใหม่ในภูมิภาค",
    ],
    "weather, Korean": [
        "{1-12}월 {1-28}일 {ko_town} 지역은 대체로 맑겠으며 낮 최고 기온은 {18-38}도까지 오르겠다. 아침 최저 기온은 {1-17}도로 예보됐고 강수 확률은 {5-95}퍼센트다. 바람은 초속 {1-9}미터 안팎으로 약하게 불겠고 바다의 물결도 낮게 일겠다.",
        "기상청은 낮 동안 야외 활동을 할 때 물을 충분히 마시고 그늘에서 쉬어 달라고 당부했다. 다음 예보는 오후 {1-11}시에 나오며 주말에는 {ko_town} 일대에 구름이 많아지고 기온이 {10-30}도 안팎에 머물겠다.",
    ],
    "accidents, Arabic": [
        "قالت الشرطة إن حادث سير وقع مساء يوم {1-28} في مدينة {ar_town} وأسفر عن إصابة {2-9} أشخاص نقلوا إلى المستشفى لتلقي العلاج وذكر المتحدث {ar_name} أن الحادث نتج عن اصطدام حافلة بسيارة خاصة عند الكيلومتر {1-90} من الطريق السريع",
        "وأضاف أن حركة السير توقفت نحو {1-9} ساعات قبل أن تعود إلى طبيعتها وأن التحقيق لا يزال جاريا لمعرفة الأسباب ودعا السائقين إلى الالتزام بالسرعة المحددة وعدم استعمال الهاتف أثناء القيادة",
    ],
}
SPARSE_FORMS = {
    "road works": [
        "The council of {t0} will close the main road through the old town for repairs on {day}. Buses will stop at the church and turn there, and drivers are asked to follow the signs to the ring road. Work is expected to take {2-9} days, and residents can reach their houses on foot at all times. Shops along the road stay open, and deliveries are possible in the early morning. Anyone who needs help may call the office of the council, which is open every weekday from eight until four. A map with all of the changes hangs in the town hall and in the library. The council thanks everyone for their patience, and {p0}, who leads the works, will answer questions in the town hall at {3-8} in the afternoon."
    ],
    "lost pet": [
        "A family in {t0} is looking for a small brown dog that ran away on {day} evening when a firework went off near the park. The dog is shy but friendly, wears a red collar with a bell, and answers to the name of {p0}. Neighbours have searched the woods and the fields along the river without success so far. Whoever sees the dog should not run after it, but sit down, speak softly and call {1000-9999}. The family offers a reward to anyone who brings it home, and has put up notices in shops, at bus stops and in the surgery of the vet, who reads the chips of animals that are found at no charge to anyone."
    ],
    "bake sale": [
        "The school in {t0} holds a bake sale on {day} to pay for new instruments. Parents and pupils have baked since the weekend, and there will be bread, cakes and biscuits, also without nuts or milk. Coffee and tea are free for everyone who brings a cup. The doors of the hall open at {8-11} in the morning, and the band will play in the yard if the weather is dry. All of the money goes to the music room, where some of the drums and trumpets are older than the pupils who play them. Cakes that are left over will be taken to the home for the elderly next door. Whoever wants to help or lend a table can call {p0}, and nobody needs to sign up."
    ],
}
"""Four facts in about 125 words: the fewest that tell most of two notices apart. The last was written
afterwards."""


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
