"""A made-up press for news searches: 300 outlets, 3,000 headlines in ten languages, from a seed.

Of the outlets 60 have no feed; of these 40 have sitemaps only and 20 have neither. What makes it
hard: headlines that the outlet changed, equal ones at two outlets and at one on two days, pairs of
articles that differ in a few words, times that are but days, headlines that were cut, editions on
subdomains, typography, outlets that forbid, sitemaps of 50,000 addresses and of rubbish, feeds too
short to hold what was published, articles that their outlet lists nowhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

OUTLETS, HEADLINES = 300, 3000
WITHOUT_FEED, SITEMAP_ONLY = 60, 40
WAVE = timedelta(minutes=90)
FEED_ITEMS, NOISE = 20, 12
"""Items of a feed; articles of an outlet that no search shows, each wave."""

WORDS = {
    "en": "harbour warden office bridge council ferry market garden letter winter school "
    "engine border harvest signal museum forest island tower record opens closes delays "
    "repairs finds loses buys sells counts paints near under after before against "
    "beside new old first late",
    "id": "pelabuhan penjaga kantor jembatan dewan feri pasar kebun surat musim sekolah mesin "
    "batas panen isyarat museum hutan pulau menara catatan membuka menutup menunda "
    "memperbaiki menemukan kehilangan membeli menjual menghitung dekat bawah setelah "
    "sebelum lawan baru lama pertama",
    "es": "puerto guarda oficina puente consejo barco mercado jardín carta invierno escuela "
    "motor frontera cosecha señal museo bosque isla torre registro abre cierra retrasa "
    "repara encuentra pierde compra vende cuenta pinta cerca bajo después antes contra "
    "nuevo viejo primero tarde",
    "de": "Hafen Wärter Büro Brücke Rat Fähre Markt Garten Brief Winter Schule Motor Grenze "
    "Ernte Zeichen Museum Wald Insel Turm Rekord öffnet schließt verschiebt repariert "
    "findet verliert kauft verkauft zählt streicht nahe unter nach vor gegen neu alt "
    "erste spät große",
    "fr": "port gardien bureau pont conseil bac marché jardin lettre hiver école moteur "
    "frontière récolte signal musée forêt île tour record ouvre ferme retarde répare "
    "trouve perd achète vend compte peint près sous après avant contre nouveau vieux "
    "premier tard grand",
    "ru": "порт сторож контора мост совет паром рынок сад письмо зима школа мотор граница "
    "урожай сигнал музей лес остров башня рекорд открывает закрывает откладывает чинит "
    "находит теряет покупает продаёт считает красит возле под после перед против новый "
    "старый первый поздний",
    "ar": "ميناء حارس مكتب جسر مجلس عبارة سوق حديقة رسالة شتاء مدرسة محرك حدود حصاد إشارة "
    "متحف غابة جزيرة برج سجل يفتح يغلق يؤجل يصلح يجد يفقد يشتري يبيع يعد يرسم قرب تحت "
    "بعد قبل ضد جديد قديم أول",
    "hi": "बंदरगाह रक्षक दफ्तर पुल परिषद नाव बाजार बगीचा पत्र सर्दी विद्यालय इंजन सीमा फसल "
    "संकेत संग्रहालय जंगल द्वीप मीनार अभिलेख खोलता बंद टालता सुधारता पाता खोता खरीदता "
    "बेचता गिनता रंगता पास नीचे बाद पहले विरुद्ध नया पुराना पहला देर बड़ा",
    "ja": "港 番人 事務所 橋 評議会 渡船 市場 庭園 手紙 冬 学校 機関 国境 収穫 信号 博物館 "
    "森林 島 塔 記録 開設 閉鎖 延期 修理 発見 紛失 購入 売却 集計 塗装 付近 地下 以後 "
    "以前 反対 新設 老朽 最初 深夜 巨大",
    "zh": "港口 看守 办公室 大桥 议会 渡轮 市场 花园 信件 冬季 学校 引擎 边境 收成 信号 "
    "博物馆 森林 岛屿 高塔 纪录 开放 关闭 推迟 修理 找到 丢失 购买 出售 统计 粉刷 附近 "
    "地下 之后 之前 反对 崭新 古老 首次",
}
_SPACELESS = {"ja", "zh"}


@dataclass
class Piece:
    """An article of an outlet."""

    url: str
    title: str
    at: datetime
    wave: int


@dataclass
class Shown:
    """A headline as the search shows it."""

    guid: str
    wave: int
    title: str
    at: datetime
    piece: Piece | None
    """The article that it is of; None: its outlet lists it nowhere."""
    kind: str
    """What is special about it."""


@dataclass
class Paper:
    """An outlet."""

    number: int
    language: str
    has_feed: bool
    has_sitemap: bool
    host: str
    name: str
    forbids: bool = False
    rubbish: bool = False
    """Whether its sitemap is."""
    huge: bool = False
    """Whether its sitemap lists 50,000 addresses, without titles."""
    pieces: list[Piece] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)

    @property
    def home(self) -> str:
        return f"http://{self.host}"

    def lists(self, piece: Piece, wave: int) -> bool:
        """Whether anything of it lists an article in a wave."""
        if self.forbids:
            return False
        in_feed = self.has_feed and piece in self.feed_of(wave)
        return in_feed or (self.has_sitemap and not self.rubbish)

    def feed_of(self, wave: int) -> list[Piece]:
        """The articles in its feed in a wave."""
        known = [piece for piece in self.pieces if piece.wave <= wave]
        return sorted(known, key=lambda piece: piece.at, reverse=True)[:FEED_ITEMS]


class Maker:
    """Makes the press."""

    def __init__(self, seed: int, began: datetime, waves: int) -> None:
        """`waves` are runs in which headlines come."""
        self._waves = waves
        self._chooser = random.Random(seed)
        self._began = began
        self._count = 0

    def papers(self) -> list[Paper]:
        """All outlets with their articles and headlines."""
        made = [self._paper(number) for number in range(OUTLETS)]
        for paper in made:
            for wave in range(self._waves):
                for _ in range(NOISE):
                    self._piece(paper, wave)
        for number in range(HEADLINES):
            self._headline(made[number % OUTLETS], number * self._waves // HEADLINES, made)
        return made

    def _paper(self, number: int) -> Paper:
        language = list(WORDS)[number % len(WORDS)]
        feedless, sitemap_only = number < WITHOUT_FEED, number < SITEMAP_ONLY
        edition = "edition." if number % 17 == 0 else ""
        paper = Paper(
            number,
            language,
            has_feed=not feedless,
            has_sitemap=sitemap_only or (not feedless and number % 2 == 0),
            host=f"{edition}paper{number}.example",
            name=f"{WORDS[language].split()[number % 30].title()} {number}",
        )
        paper.forbids = number % 60 == 59
        paper.rubbish = number in {110, 220}
        paper.huge = number in {100, 200} or number in {5, 15}
        return paper

    def _title(self, language: str) -> str:
        words = self._chooser.sample(WORDS[language].split(), self._chooser.randrange(6, 10))
        number = [str(self._chooser.randrange(2, 90))] if self._chooser.random() < 0.3 else []
        title = ("" if language in _SPACELESS else " ").join([*words, *number])
        return title[:1].upper() + title[1:]

    def _piece(self, paper: Paper, wave: int, title: str | None = None) -> Piece:
        self._count += 1
        at = self._began + wave * WAVE - timedelta(seconds=self._chooser.randrange(60, 5000))
        said = title or self._title(paper.language)
        slug = f"{self._count}"
        if paper.huge:
            slug = quote("-".join(said.lower().split()) + f"-{self._count}")
        host = paper.host.replace("edition.", self._chooser.choice(("edition.", "www.")))
        piece = Piece(f"http://{host}/{wave}/{slug}", said, at, wave)
        paper.pieces.append(piece)
        return piece

    def _headline(self, paper: Paper, wave: int, papers: list[Paper]) -> None:
        chance = self._chooser.random()
        if chance < 0.02:
            self._unlisted(paper, wave)
        elif chance < 0.05:
            self._changed(paper, wave)
        elif chance < 0.07:
            self._siblings(paper, wave)
        elif chance < 0.09 and wave:
            title = f"{self._title(paper.language)} {paper.number}"
            self._piece(paper, wave - 1, title)
            self._show(paper, self._piece(paper, wave, title), "same on two days")
        elif chance < 0.11:
            other = papers[(paper.number + 10) % OUTLETS]
            title = self._title(paper.language)
            self._piece(other, wave, title)
            self._show(paper, self._piece(paper, wave, title), "same at two outlets")
        elif chance < 0.13 and paper.language not in _SPACELESS:
            piece = self._piece(paper, wave)
            self._show(paper, piece, "cut", title=piece.title[: len(piece.title) * 3 // 4] + "…")
        elif chance < 0.2:
            piece = self._piece(paper, wave)
            day = piece.at.replace(hour=8, minute=0, second=0)
            self._show(paper, piece, "day only", at=day)
        elif chance < 0.3:
            piece = self._piece(paper, wave)
            typeset = piece.title.replace(" ", "\u00a0", 1).replace("e", "e\u00ad", 1)
            self._show(paper, piece, "typography", title=f"«{typeset}»")
        else:
            self._show(paper, self._piece(paper, wave), "plain")

    def _unlisted(self, paper: Paper, wave: int) -> None:
        """An article that its outlet lists nowhere, beside one that is much like it."""
        title = self._title(paper.language)
        at = self._piece(paper, wave, self._reworded(paper, title, 4)).at
        self._show(paper, None, "unlisted", title=title, at=at + timedelta(minutes=30), wave=wave)

    def _changed(self, paper: Paper, wave: int) -> None:
        title = self._title(paper.language)
        piece = self._piece(paper, wave, self._reworded(paper, title, 2))
        late = timedelta(minutes=self._chooser.choice((0, 0, 0, 5)))
        self._show(paper, piece, "changed", title=title, at=piece.at + late)

    def _siblings(self, paper: Paper, wave: int) -> None:
        """Two articles within minutes that differ in two words."""
        title = self._title(paper.language)
        piece = self._piece(paper, wave, title)
        sibling = self._piece(paper, wave, self._reworded(paper, title, 2))
        sibling.at = piece.at + timedelta(minutes=3)
        self._show(paper, piece, "sibling")

    def _reworded(self, paper: Paper, title: str, count: int) -> str:
        joiner = "" if paper.language in _SPACELESS else " "
        known = WORDS[paper.language].split()
        words = title.split() if joiner else list(_cut(title, known))
        for place in self._chooser.sample(range(len(words)), min(count, len(words))):
            words[place] = self._chooser.choice([word for word in known if word not in words])
        return joiner.join(words)

    def _show(
        self,
        paper: Paper,
        piece: Piece | None,
        kind: str,
        *,
        title: str | None = None,
        at: datetime | None = None,
        wave: int | None = None,
    ) -> None:
        said = title or (piece.title if piece else "")
        when = at or (piece.at if piece else self._began)
        number = self._count
        shown_in = piece.wave if piece else wave or 0
        guid = f"CBMi{number:06}AU_yqL{paper.number}"
        paper.shown.append(Shown(guid, shown_in, said, when, piece, kind))


def _cut(title: str, known: list[str]) -> Iterator[str]:
    """A title without spaces as the words that it was made of."""
    rest = title
    while rest:
        word = next((one for one in known if rest.startswith(one)), rest[0])
        yield word
        rest = rest[len(word) :]


def search_item(paper: Paper, shown: Shown) -> str:
    """A headline as the service writes it."""
    link = f"http://news.google.com/rss/articles/{shown.guid}?oc=5"
    return (
        f"<item><title>{escape(shown.title)} - {escape(paper.name)}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{shown.guid}</guid>'
        f"<pubDate>{format_datetime(shown.at, usegmt=True)}</pubDate>"
        f'<source url="{paper.home}">{escape(paper.name)}</source></item>'
    )


def answers(paper: Paper, wave: int) -> Iterator[tuple[str, str, bytes]]:
    """What an outlet answers in a wave: address, type, body. Articles are not among them."""
    sitemap = f"{paper.home}/sitemaps/all.xml"
    lines = ["User-agent: *", "Disallow: /" if paper.forbids else "Disallow: /private/"]
    if paper.has_sitemap:
        lines.append(f"Sitemap: {sitemap}")
    yield f"{paper.home}/robots.txt", "text/plain", "\n".join(lines).encode()
    named = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    head = named if paper.has_feed else ""
    yield f"{paper.home}/", "text/html", f"<html><head>{head}</head><body/></html>".encode()
    if paper.has_feed:
        yield f"{paper.home}/feed", "application/rss+xml", _feed(paper, wave)
    if paper.has_sitemap:
        yield from _sitemaps(paper, wave, sitemap)


def _feed(paper: Paper, wave: int) -> bytes:
    items = "".join(
        f"<item><title>{escape(piece.title)}</title><link>{escape(piece.url)}</link>"
        f"<pubDate>{format_datetime(piece.at, usegmt=True)}</pubDate></item>"
        for piece in paper.feed_of(wave)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(paper.name)}</title>'
        f"{items}</channel></rss>"
    ).encode()


def _sitemaps(paper: Paper, wave: int, index: str) -> Iterator[tuple[str, str, bytes]]:
    head = '<?xml version="1.0"?>\n<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    head += 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    if paper.rubbish:
        yield index, "application/xml", b"\x00\xff<html><p>404 & more" * 40
        return
    known = [piece for piece in paper.pieces if piece.wave <= wave]
    if paper.huge:
        old = (f"<url><loc>{paper.home}/old/{number}</loc></url>" for number in range(50_000))
        new = (
            f"<url><loc>{escape(piece.url)}</loc><lastmod>{piece.at.isoformat()}</lastmod></url>"
            for piece in known
        )
        body = "".join([head.format("urlset"), *new, *list(old)[len(known) :], "</urlset>"])
        yield index, "application/xml", body.encode()
        return
    child = f"{paper.home}/sitemaps/news.xml"
    yield (
        index,
        "application/xml",
        (
            head.format("sitemapindex")
            + f"<sitemap><loc>{paper.home}/sitemaps/2019.xml</loc><lastmod>2019-12-31</lastmod>"
            f"</sitemap><sitemap><loc>{child}</loc></sitemap></sitemapindex>"
        ).encode(),
    )
    listed = "".join(
        f"<url><loc>{escape(piece.url)}</loc><news:news><news:publication><news:name>"
        f"{escape(paper.name)}</news:name><news:language>{paper.language}</news:language>"
        f"</news:publication><news:publication_date>{piece.at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(piece.title)}</news:title></news:news></url>"
        for piece in known
    )
    yield child, "application/xml", f"{head.format('urlset')}{listed}</urlset>".encode()
