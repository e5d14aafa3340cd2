"""The shipped topics against sentences in many languages: which topics each one is on."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.topics.topics import Topics, read_topics

SHIPPED = Path(__file__).parents[3] / "seeds" / "topics.toml"

MUSK = """
en: Elon Musk has bought another newspaper.
en: The billionaire elon musk could not be reached.
en: ELON MUSK SUED AGAIN
en: Musk says the rocket will fly by Friday
en: Tesla's board defended Musk's pay package on Monday.
en: It was the Musk-owned platform X that broke the news, the Tesla chief said.
en: Musk, 54, is the world's richest man.
en: Fans greeted #ElonMusk at the airport.
en: The post by @elonmusk was deleted.
en: Mr. Musk left the meeting early.
en: A letter to Mr Musk went unanswered.
en: Trump and Musk fell out over the bill.
en: Regulators are asking questions about Elon Reeve Musk.
en: Musk slams regulators over new rules
en: The Elon-Musk effect on small investors
en: Elon Musks are rare.
en: Musk fined by the SEC over late disclosure
en: Musk: I will not sell
en: France questions Musk
en: Musk opens a plant near Berlin
en: Musk and Amber Heard were seen together.
id: Musk membela orang miskin.
hi: रॉकेट के बाद मस्क की नई योजना।
th: มัสก์เผยแผนสร้างจรวด
ar: ماسك يكشف عن صاروخ جديد
de: Musk zieht sich aus der Politik zurück.
tr: Musk'ın serveti eridi.
pl: Majątek Muska stopniał.
cs: Muskovi se nedaří.
ru: Маск потерял миллиарды.
ru: Акции Tesla упали после слов Маска.
ko: 머스크, 트럼프와 결별
zh: 世界首富馬斯克
id: Elon Musk kembali menjadi orang terkaya di dunia.
id: Pernyataan Musk soal roket itu menuai kritik.
id: Menurut Musk, pabrik baru akan dibuka tahun depan.
id: Mobil listrik milik Elon Musk-nya laris.
id: Miliarder itu, Musk, tiba di Bali.
id: Kata Musk, itu hanya gurauan.
ms: Elon Musk melawat Kuala Lumpur semalam.
ms: Jutawan Musk mengumumkan kereta elektrik baharu.
es: Elon Musk compró otra empresa en Madrid.
es: El magnate Musk amenazó con demandar a la cadena.
es: Según Musk, el cohete despegará en mayo.
es: La fortuna de Musk, dueño de Tesla, cayó un tercio.
pt: Elon Musk anunciou cortes na empresa.
pt: O bilionário Musk voltou a criticar o tribunal.
pt: Segundo Musk, o foguete está pronto.
fr: Elon Musk s'est rendu à Paris mardi.
fr: Le milliardaire Musk a répondu aux critiques.
fr: Le patron de Tesla, M. Musk, n'a pas commenté.
fr: La fusée d'Elon Musk a explosé.
de: Elon Musk eröffnet ein Werk in Brandenburg.
de: Elon Musks Firma entlässt Hunderte.
de: Der Tesla-Chef Musk kündigte Einschnitte an.
de: Laut Musk ist die Rakete bereit.
de: Der Elon-Musk-Konzern wächst weiter.
de: Milliardär Musk droht mit Klage
it: Elon Musk ha incontrato la premier a Roma.
it: Il miliardario Musk attacca i giudici.
it: Secondo Musk il razzo partirà a giugno.
nl: Elon Musk koopt nog een bedrijf.
nl: Volgens Musk is de fabriek in mei klaar.
nl: De miljardair Musk reageerde niet.
nl: Elon Musks plannen zijn omstreden.
sv: Elon Musk köper ännu ett bolag.
sv: Elon Musks bolag förlorar pengar, enligt miljardären.
da: Milliardæren Musk svarede ikke.
fi: Elon Muskin yhtiö irtisanoo väkeä.
fi: Hän tapasi Elon Muskia Helsingissä.
hu: Elon Musknak nem tetszett a döntés.
hu: A milliárdos Muskot beperelték.
tr: Elon Musk'ın şirketi yeni bir fabrika kuruyor.
tr: Elon Musk’a göre roket hazır.
tr: Milyarder Musk'tan sert tepki geldi.
tr: ELON MUSK İSTANBUL'DA
tr: Elon Muskın açıklaması tartışma yarattı.
az: İlon Maskın şirkəti yeni zavod tikir.
pl: Elon Musk kupił kolejną spółkę.
pl: Firma Elona Muska zwalnia pracowników.
pl: Rozmawiano z Elonem Muskiem o rakietach.
pl: Przyznano to Elonowi Muskowi.
pl: Według Muska fabryka ruszy w maju.
pl: Miliarder Musk odpowiedział krytykom.
cs: Elon Musk koupil další firmu.
cs: Firma Elona Muska propouští.
cs: Setkal se s Elonem Muskem v Praze.
cs: Muskova Tesla prodala méně aut.
cs: Podle Muska je raketa připravena.
sk: Elonovi Muskovi to nestačí.
sl: Podjetje Elona Muska odpušča.
hr: Tvrtka Elona Muska otpušta radnike.
sr: Kompanija Ilona Maska otpušta radnike.
sr: Компанија Илона Маска отпушта раднике.
bg: Компанията на Илон Мъск уволнява хора.
ro: Compania lui Elon Musk concediază oameni.
lt: Elonas Muskas pirko dar vieną bendrovę.
lt: Elono Musko bendrovė atleidžia darbuotojus.
lv: Īlons Masks nopircis vēl vienu uzņēmumu.
lv: Īlona Maska uzņēmums atlaiž darbiniekus.
et: Elon Muski ettevõte koondab töötajaid.
sq: Kompania e Elon Muskut pushon nga puna punëtorët.
ru: Илон Маск купил ещё одну компанию.
ru: Компания Илона Маска увольняет людей.
ru: Об этом рассказали Илону Маску.
ru: Встреча с Илоном Маском прошла в Москве.
ru: В посте об Илоне Маске нет ни слова правды.
ru: Маск заявил, что ракета готова.
ru: По словам Маска, завод откроют в мае.
ru: Миллиардер Маск ответил критикам.
ru: ИЛОН МАСК ПОДАЛ В СУД
uk: Ілон Маск купив ще одну компанію.
uk: Компанія Ілона Маска звільняє людей.
uk: Про це сказали Ілонові Маску.
uk: Зустріч з Ілоном Маском відбулася в Києві.
uk: Мільярдер Маск відповів критикам.
be: Кампанія Ілана Маска звальняе людзей.
kk: Илон Масктың компаниясы жаңа зауыт салады.
el: Ο Έλον Μασκ αγόρασε άλλη μια εταιρεία.
el: Η εταιρεία του Ίλον Μασκ απολύει προσωπικό.
el: Ο ΕΛΟΝ ΜΑΣΚ ΣΤΗΝ ΑΘΗΝΑ
el: Σύμφωνα με τον Μασκ, ο πύραυλος είναι έτοιμος.
he: אילון מאסק קנה חברה נוספת.
he: החברה של אילון מאסק מפטרת עובדים.
he: המיליארדר אמר לאילון מאסק את דעתו.
he: לפי מאסק, הטיל מוכן.
he: שאילון מאסק יבוא לישראל.
ar: اشترى إيلون ماسك شركة أخرى.
ar: قالت شركة ايلون ماسك إنها ستسرح موظفين.
ar: رفض الملياردير ماسك التعليق.
ar: التقى الرئيس بإيلون ماسك في الرياض.
ar: إِيلُون مَاسْك في الرياض
fa: ایلان ماسک شرکت دیگری خرید.
fa: شرکت ایلان ماسک کارکنانش را اخراج می‌کند.
fa: میلیاردر آمریکایی ماسک پاسخ داد.
ur: ایلون مسک نے ایک اور کمپنی خرید لی۔
hi: एलन मस्क ने एक और कंपनी खरीदी।
hi: टेस्ला के मालिक मस्क ने कहा कि रॉकेट तैयार है।
hi: एलॉन मस्क की कंपनी में छंटनी।
mr: एलॉन मस्कने नवी कंपनी विकत घेतली.
bn: ইলন মাস্কের কোম্পানি কর্মী ছাঁটাই করছে।
ta: எலான் மஸ்கின் நிறுவனம் ஆட்குறைப்பு செய்கிறது.
th: อีลอน มัสก์ ซื้อบริษัทอีกแห่ง
th: บริษัทของอีลอนมัสก์ปลดพนักงาน
th: มหาเศรษฐีมัสก์ตอบโต้คำวิจารณ์
vi: Tỷ phú Elon Musk mua thêm một công ty.
vi: Ông Musk, tỷ phú người Mỹ, không bình luận.
zh: 马斯克又收购了一家公司。
zh: 特斯拉首席执行官埃隆·马斯克访问北京。
zh: 馬斯克旗下公司大舉裁員。
zh: 伊隆‧馬斯克抵達台北
ja: イーロン・マスクが新会社を買収した。
ja: イーロンマスク氏は否定した。
ja: テスラのマスクCEOが来日した。
ja: マスク氏の発言が波紋を広げている。
ja: ｲｰﾛﾝ・ﾏｽｸ来日
ko: 일론 머스크가 또 다른 회사를 인수했다.
ko: 테슬라의 머스크는 부인했다.
ko: 일론머스크의 발언이 논란이다.
ko: 머스크 CEO가 방한했다.
ka: ილონ მასკმა კიდევ ერთი კომპანია იყიდა.
hy: Իլոն Մասկը գնեց ևս մեկ ընկերություն։
xx: Ｅｌｏｎ　Ｍｕｓｋ arrived.
xx: El\u00adon Mu\u00adsk kommt nach Wien.
xx: Elon\u00a0Musk n'est pas venu.
xx: E\u200blon M\u200cu\u2060sk was here.
xx: 𝐄𝐥𝐨𝐧 𝐌𝐮𝐬𝐤 liked this.
"""

OPENAI = """
en: OpenAI released a new model on Tuesday.
en: The OpenAI-backed startup raised money.
en: openai.com was down for an hour.
en: OPENAI SUED BY AUTHORS
en: Follow @OpenAI and #OpenAI for news.
en: OpenAI's chief executive resigned.
en: Sam Altman returned as the maker of ChatGPT promised changes.
en: Open AI said on Monday that it would appeal.
id: OpenAI-nya bermasalah lagi, kata pengguna.
id: Perseteruan Open AI kian memanas.
id: Fitur baru OpenAInya gratis.
ms: OpenAI melancarkan model baharu.
es: OpenAI lanzó un nuevo modelo.
es: La empresa OpenAI, demandada en España
pt: A OpenAI lançou um novo modelo.
fr: OpenAI a lancé un nouveau modèle.
fr: Le patron d'OpenAI s'explique.
de: OpenAI stellt ein neues Modell vor.
de: Der OpenAI-Chef tritt zurück.
de: OpenAIs neues Modell enttäuscht.
it: OpenAI ha presentato un nuovo modello.
it: La mossa dell'OpenAI sorprende tutti.
nl: OpenAI presenteert een nieuw model.
tr: OpenAI'nin yeni modeli tanıtıldı.
tr: OpenAI’dan açıklama geldi.
tr: OPENAİ YENİ MODELİNİ TANITTI
tr: OpenAInin kararı tartışılıyor.
pl: OpenAI zaprezentowało nowy model.
cs: OpenAI představila nový model.
fi: OpenAI:n uusi malli pettyi.
hu: Az OpenAI-nak új vezetője van.
ru: OpenAI представила новую модель.
ru: Компания ОпенАИ представила новую модель.
ru: Сэм Альтман рассказал о будущем ChatGPT.
uk: OpenAI представила нову модель.
el: Η OpenAI παρουσίασε νέο μοντέλο.
he: חברת OpenAI הציגה מודל חדש.
he: המודל החדש שבOpenAI מרשים.
he: המנכ"ל של אופן AI התפטר.
ar: أطلقت شركة أوبن إيه آي نموذجا جديدا.
ar: أعلنت OpenAI عن نموذج جديد.
ar: قال وOpenAI لم تعلق.
fa: شرکت اوپن‌ای‌آی مدل تازه‌ای معرفی کرد.
fa: اوپن ای آی پاسخ نداد.
hi: ओपनएआई ने नया मॉडल पेश किया।
hi: OpenAI ने नया मॉडल पेश किया।
th: โอเพนเอไอเปิดตัวโมเดลใหม่
th: บริษัทOpenAIเปิดตัวโมเดลใหม่
vi: OpenAI ra mắt mô hình mới.
zh: OpenAI发布了新模型。
zh: 由OpenAI開發的模型
ja: オープンAIが新モデルを発表した。
ja: 米OpenAIは新モデルを発表した。
ko: 오픈AI가 새 모델을 공개했다.
ko: OpenAI의 새 모델이 공개됐다.
ko: 오픈에이아이는 답하지 않았다.
xx: ＯｐｅｎＡＩが発表
xx: Open\u200bAI antwortet nicht.
xx: Open\u00a0AI answers.
"""

NEITHER = """
en: The musk deer is hunted for its glands.
en: Musk deer are shy animals.
en: The musk scent lingers for hours.
en: Musk comes from a gland of a small deer.
en: Musk, an ingredient of many soaps, is made by chemists.
en: Himalayan musk deer are poached.
en: Musk thistle invades pastures.
en: Body spray: White Musk by The Body Shop
en: An Open AI ecosystem helps everyone.
en: ChatGPT is down.
id: Aroma musk dan vanila memenuhi ruangan.
id: Minyak wangi Musk dijual murah.
ru: Маски сброшены.
ru: Маска упала с лица.
ja: コロナ禍でマスクが不足した。
ko: 머스크 해운, 운임 인상
ar: عطر المسك والعنبر
fr: La dalle E est fissurée.
en: Musk is a class of aromatic substances used as base notes in perfumery.
en: A white musk and amber perfume costs forty pounds.
en: Notes of sandalwood, vanilla and Musk complete the fragrance.
en: A herd of musk oxen crossed the ice.
en: The Muskegon Lumberjacks won again.
en: Elon University beat its rival in North Carolina.
en: Elon Phoenix routed William & Mary.
en: Kimbal Musk opened a restaurant in Denver.
en: Kimbal Musk sits on the board of Tesla; Musk also cooks.
en: Maye Musk walked the runway in Milan.
en: Errol Musk gave an interview.
en: Justine Musk published a novel.
en: The muskrat is a rodent.
en: Three Musketeers opens on Broadway.
en: He picked a muskmelon.
en: We believe in open AI and open data.
en: The case for open AI systems is strong.
en: Open AI models such as Llama are catching up.
en: The library joined OpenAIRE last year.
en: OpenAIRE is a European network.
en: Researchers deposited the data through OpenAIRE's portal.
en: Tesla shares fell three per cent.
en: SpaceX launched sixty satellites.
en: Nikola Tesla died in New York.
en: The open air concert was cancelled.
en: The dog's name is Sora.
en: Robert Altman directed Nashville.
en: Edmund Muskie was a senator from Maine.
en: Former president Trump praised the musk melon.
id: Minyak kesturi atau musk dipakai dalam parfum.
id: Kolam renang open air itu ramai.
id: Kimbal Musk membuka restoran.
es: El almizcle, o musk, es un perfume intenso.
es: Una IA abierta (open AI) para todos.
pt: Perfume com notas de musk branco.
fr: Un parfum de musk blanc et de jasmin.
fr: La dalle de béton s'est fissurée.
de: Der Muskel schmerzt nach dem Training.
de: Das Open-Air-Festival fällt aus.
de: Ein Hauch von Musk und Vanille liegt in der Luft.
de: Kimbal Musk eröffnet ein Lokal.
it: Un profumo al musk e ambra.
nl: Muskusratten graven gangen in de dijk.
tr: Misk kokusu eve yayıldı.
tr: Kimbal Musk yeni bir restoran açtı.
pl: Perfumy o zapachu piżma i musk.
pl: Restauracja Kimbala Muska.
cs: Pižmo neboli musk voní sladce.
ru: Маска для лица из глины увлажняет кожу.
ru: На сцене актёр снял маску.
ru: Кимбал Маск открыл ресторан.
ru: Врачи советуют носить маски.
uk: Він одягнув маску.
uk: Кімбал Маск відкрив ресторан.
el: Φόρεσε τη μάσκα του.
el: Ο Κίμπαλ Μασκ άνοιξε εστιατόριο.
he: קימבל מאסק פתח מסעדה.
he: היא שמה מסכה על הפנים.
ar: ماسك الوجه بالطين مفيد للبشرة.
ar: افتتح كيمبال ماسك مطعما.
fa: از ماسک استفاده کنید.
fa: کیمبال ماسک رستوران باز کرد.
hi: चेहरे पर मास्क पहनें।
hi: मस्कट ओमान की राजधानी है।
hi: किंबल मस्क ने रेस्तरां खोला।
th: น้ำหอมกลิ่นมัสก์ขาว
th: คิมบัล มัสก์ เปิดร้านอาหาร
vi: Nước hoa hương musk rất thơm.
zh: 马斯克林群岛位于印度洋。
zh: 麝香是一种香料。
zh: 金博尔·马斯克开了一家餐厅。
ja: マスクを着用してください。
ja: キンバル・マスクがレストランを開いた。
ja: ムスクの香りの柔軟剤
ko: 머스크는 덴마크의 해운 회사다.
ko: 킴벌 머스크가 식당을 열었다.
ko: 마스크를 착용하세요.
"""


def rows(table: str) -> list[str]:
    """The sentences of a table."""
    return table.strip().splitlines()


@pytest.fixture(scope="module")
def topics() -> Topics:
    return read_topics(SHIPPED.read_bytes())


def named(topics: Topics, row: str) -> set[str]:
    """Topics of the sentence as an article's text; as a headline it must give the same."""
    sentence = row.split(": ", 1)[1]
    as_text = {match.topic for match in topics.match(None, sentence)}
    assert as_text == {match.topic for match in topics.match(sentence, "")}
    return as_text


@pytest.mark.parametrize("row", rows(MUSK))
def test_names_musk(topics: Topics, row: str) -> None:
    assert "musk" in named(topics, row)


@pytest.mark.parametrize("row", rows(OPENAI))
def test_names_openai(topics: Topics, row: str) -> None:
    assert "openai" in named(topics, row)


@pytest.mark.parametrize("row", rows(NEITHER))
def test_names_neither(topics: Topics, row: str) -> None:
    assert named(topics, row) == set()


def listed() -> list[tuple[set[str], str]]:
    """(topics, sentence) of each row of the file."""
    lines = Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines()
    table = [line.split(" | ", 2) for line in lines if line and not line.startswith("#")]
    return [(set(wanted.split()) - {"none"}, sentence) for wanted, _, sentence in table]


@pytest.mark.parametrize(("wanted", "sentence"), listed())
def test_names_what_the_press_of_many_languages_means(
    topics: Topics, wanted: set[str], sentence: str
) -> None:
    assert named(topics, f"xx: {sentence}") == wanted
    page = f"<html><body><p>{sentence}</p></body></html>"
    assert topics.may_mention(page.encode(), "text/html; charset=utf-8") or not wanted


@pytest.mark.parametrize("row", rows(MUSK) + rows(OPENAI))
def test_cheap_test_lets_every_naming_sentence_through(topics: Topics, row: str) -> None:
    page = f"<html><body><p>{row.split(': ', 1)[1]}</p></body></html>"
    assert topics.may_mention(page.encode(), "text/html; charset=utf-8")
