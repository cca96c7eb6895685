"""What words left out of a quote may hide: negations, numbers, ends of sentences and of paragraphs.

In: the folded text of a gap and its language. Out: the names of what stands in it. Leaving out "not" turns
a sentence round, so the lists would rather report a word too many than one too few: whoever leaves such a
word out gives a reason. In a language without a list every gap needs one.
"""

from __future__ import annotations

import re
from functools import cache

from generator.patterns import late

#: Stands for "we have no word list for this language, so nobody has looked".
UNLISTED = "passage in a language without a word list"

# Whole words, as regular expressions without case, parted by white space; `\w*` where a language inflects
# or joins words.
_NEGATIONS: dict[str, str] = {
    "ar": r"""
        لا لم لن ليس\w* لست لسنا ليسوا لات غير\w* دون بدون بلا ألا عدم\w* ما كلا أبدا أبداً قط لولا
        نف[ىيت]\w* رفض\w* ينف\w* يرفض\w*
    """,
    "de": r"""
        nicht\w* kein\w* nie niemals niemand\w* nirgend\w* ohne weder nein kaum keinesfalls keineswegs statt
        unmöglich\w* unwahrscheinlich\w* lehn\w* ablehn\w* abgelehnt\w* verweiger\w* bestreit\w* bestritt\w*
        dementier\w*
    """,
    "el": r"""
        δεν δε μην μη όχι ούτε μήτε κανείς κανέν\w* καμ[ίι]α\w* τίποτ\w* ποτέ χωρίς δίχως αρν\w* απέρριψ\w*
    """,
    "en": r"""
        not no non never none nobody nothing nowhere neither nor cannot \w+n't cant dont wont without hardly
        barely scarcely rarely seldom unless except unlikely unable unwilling impossible fail\w* refus\w*
        den(?:y|ies|ied|ying|ial\w*) reject\w*
    """,
    "es": r"""
        no ni nunca jamás nadie nada ningun\w* ningún sin tampoco apenas salvo excepto imposible\w*
        neg(?:ar|ó|ado|aron)\w* niega\w* rechaz\w*
    """,
    "fa": r"""
        نه نیست\w* نبود\w* نشد\w* نکرد\w* نخواه\w* نمی\w* ندار\w* نداشت\w* نباید هیچ\w* هرگز بدون بی غیر رد
        تکذیب
    """,
    "fr": r"""
        ne n'\w+ pas non ni jamais aucun\w* personne rien nul\w* sans guère point plus sauf impossible\w*
        refus\w* ni(?:er|é|ée|ent) dément\w* rejet\w* démen\w*
    """,
    "he": r"""
        לא אין אינו אינה אינם אינן איני אל בלי ללא בלתי אי מעולם כלום איש שום טרם לאו סירב\w* הכחיש\w* דחה
    """,
    "it": r"""
        non no né mai nessun\w* niente nulla senza neanche nemmeno neppure tranne eccetto impossibil\w*
        rifiut\w* neg(?:a|ato|ò|are) smenti\w* respin\w*
    """,
    "ko": r"""
        안 안(?:되|돼|된|됐|하|한|했|할)\w* 못 못\w* \w*못(?:하|한|했|할|해)\w* \w*않\w* \w*없\w*
        \w*아니\w* \w*아닌\w* \w*아닐\w* \w*아냐\w* 말[고아라자]\w* \w*지마\w* 마[라십]\w* 결코 전혀
        절대\w* 아무\w* 불가\w* 불허\w* 불발\w* 미정\w* 무산\w* 거부\w* 거절\w* 부인\w* 부정\w* 반대\w*
        반박\w* 취소\w* 철회\w* 제외\w* 빼고 \w*외에\w*
    """,
    "nl": r"""
        niet niets geen nee nooit niemand nergens noch zonder behalve nauwelijks onmogelijk\w* weiger\w*
        ontken\w* verwerp\w* verwierp\w* afgewezen
    """,
    "pl": r"""
        nie(?!mc|mie|b[oi])\w* ani nigdy nikt nikogo nic niczego żad\w* bez brak\w* odm[óo]wi\w* odrzuc\w*
        zaprzecz\w*
    """,
    "pt": r"""
        não nao nem nunca jamais ninguém nada nenhum\w* sem tampouco exceto salvo impossív\w*
        neg(?:ou|ar|ado)\w* recus\w* rejeit\w*
    """,
    "ru": r"""
        не ни нет никогда никто никого никому ничто ничего нигде никак\w* без нельзя невозможн\w* едва кроме
        отказ\w* отверг\w* отриц\w* опроверг\w*
    """,
    "tr": r"""
        değil\w* yok\w* hayır asla hiç\w* ne olmaksızın \w+s[ıiuü]z\w*
        \w+m[ae](?:d[ıi]|z|m[ae]|m[ıi]ş|s[ıi]n|y|ks[ıi]z[ıi]n|den|dan)\w* \w+m[ıiuü]yor\w* ret redd\w*
        yalan\w* aksine
    """,
    "uk": r"""
        не ні немає нема ніколи ніхто нікого ніщо нічого ніде ніяк\w* без неможлив\w* ледве крім відмов\w*
        відкин\w* запереч\w* спрост\w*
    """,
}
_NUMBERS: dict[str, str] = {
    "ar": r"""
        واحد\w* اثن\w* إثن\w* ثلاث\w* ثلث\w* أربع\w* اربع\w* خمس\w* ست[ةون]* ستين سبع\w* ثمان\w* تسع\w*
        عشر\w* مئ\w* مائ\w* ألف\w* آلاف الف مليون\w* ملايين مليار\w* نصف ربع ضعف\w* أول\w* عشرات
    """,
    "de": r"""
        ein(?:e[nmrs]?)? eins zwei\w* drei\w* vier\w* fünf\w* sechs\w* sieben\w*
        acht(?:e|en|er|zig|zehn|hundert)?\w* neun\w* zehn\w* elf\w* zwölf\w* \w*zig \w*hundert\w*
        \w*tausend\w* million\w* milliard\w* billion\w* halb\w* hälfte drittel viertel dutzend\w* doppelt\w*
        erste\w*
    """,
    "el": r"""
        έν\w* ένα\w* μ[ίι]α δύο δυο τρεις τρία τέσσερ\w* πέντε έξι επτά εφτά οκτώ οχτώ εννέα εννιά δέκα\w*
        είκοσι τριάντα σαράντα πενήντα εξήντα εβδομήντα ογδόντα ενενήντα εκατό\w* \w*ακόσι\w* χίλι\w*
        χιλιάδ\w* εκατομμύρι\w* δισεκατομμύρι\w* μισ[όήά]\w* διπλάσι\w* πρώτ\w*
    """,
    "en": r"""
        zeros? ones? twos? threes? fours? fives? six(?:es)? sevens? eights? nines? tens? eleven twelve
        \w+teens? twent(?:y|ies) thirt(?:y|ies) fort(?:y|ies) fift(?:y|ies) sixt(?:y|ies) sevent(?:y|ies)
        eight(?:y|ies) ninet(?:y|ies) hundreds? thousands? millions? billions? trillions? dozens? half
        halves quarters? thirds? fourths? fifths? tenths? both once twice thrice double\w* triple\w* first
        second couple
    """,
    "es": r"""
        un uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieci\w+
        veint\w+ treinta cuarenta cincuenta sesenta setenta ochenta noventa cien\w* \w*cient[oa]s
        quinient[oa]s mil miles mill[oó]n\w* medi[oa] mitad doble triple docena\w* primer\w*
    """,
    "fa": r"""
        یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده بیست سی
        چهل پنجاه شصت هفتاد هشتاد نود صد\w* \w*صد هزار\w* میلیون\w* میلیارد\w* نیم نصف اول\w*
    """,
    "fr": r"""
        un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingts?
        trente quarante cinquante soixante septante octante huitante nonante cents? mille milliers?
        millions? milliards? demie?s? moitié tiers quart double triple douzaines? dizaines? centaines?
        premi[eè]re?s?
    """,
    "he": r"""
        אחד אחת שני\w* שתי\w* שלוש\w* ארבע\w* חמש\w* חמיש\w* שש\w* שיש\w* שבע\w* שמונ\w* תשע\w* עשר\w* עשור
        מאה מאות מאתיים אלף אלפ\w* מיליון מיליוני\w* מיליארד\w* חצי רבע ראשו\w* כפול\w*
    """,
    "it": r"""
        un uno una due tre quattro cinque sei sette otto nove dieci undici dodici \w+dici venti\w* trenta\w*
        quaranta\w* cinquanta\w* sessanta\w* settanta\w* ottanta\w* novanta\w* \w*cento\w* mille \w*mila
        milion\w* miliard\w* mezz[oa] metà terzo quarto doppi\w* triplo dozzin\w* prim[oaie]
    """,
    "ko": r"""
        하나\w* 둘\w* 셋\w* 넷\w* 다섯\w* 여섯\w* 일곱\w* 여덟\w* 아홉\w* 열 스물\w* 스무\w* 서른\w*
        마흔\w* 쉰\w* 예순\w* 일흔\w* 여든\w* 아흔\w*
        열(?:하나|한|둘|두|셋|세|넷|네|다섯|여섯|일곱|여덟|아홉)\w* 한 두 세 네
        (?:열|[한두세네])(?:개|명|번|대|달|해|시간|가지|곳|척|배|차례|사람|나라)\w*
        [일이삼사오육칠팔구수몇]?(?:십|백|천|만|억|조) [일이삼사오육칠팔구수몇](?:십|백|천|만|억|조)\w*
        (?:십|백|천|만|억)[일이삼사오육칠팔구십백천만억]*(?:명|원|개|년|월|일|대|달러)\w*
        [일이삼사오육칠팔구](?:명|원|개|년|월|일|대|달러|차)\w* 영 반 절반\w* 첫\w* 처음\w*
    """,
    "nl": r"""
        een één twee\w* drie\w* vier\w* vijf\w* zes\w* zeven\w* acht achtt\w+ tachtig negen\w* tien elf
        twaalf \w*tig \w*honderd\w* \w*duizend\w* miljoen\w* miljard\w* half halve helft kwart derde
        dubbel\w* dozijn\w* eerste
    """,
    "pl": r"""
        jed(?:en|n\w+) dw(?:a|ie|óch|óm|oje|ie\w+) dwa\w* trz\w+ czter\w* pięć\w* pięci\w* sześć\w*
        sześci\w* siedem\w* osiem\w* dziewię\w* dziesię\w* \w*naście \w*dziesiąt sto stu \w*set tysiąc\w*
        tysięcy milion\w* miliard\w* pół połow\w* ćwier\w* podw\w* pierwsz\w*
    """,
    "pt": r"""
        um uma dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quatorze quinze
        deza?ss?e\w+ dezoito vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem
        \w*cent[oa]s? duzent[oa]s trezent[oa]s quinhent[oa]s mil milhares milh[ãõ]\w+ bilh\w+ meio meia
        metade dobro triplo dúzia\w* primeir\w*
    """,
    "ru": r"""
        один одн\w+ два\w* две\w* двух двум\w* три\w* трех трёх трем\w* четыр\w* четвер\w* пят\w* шест\w*
        сем[ьи]\w* восем\w* восьм\w* девят\w* десят\w* \w+надцат\w* сорок\w* сто ста сот\w* \w+ст[аои]
        \w+сот тысяч\w* миллион\w* миллиард\w* пол полов\w* трет\w* вдвое дюжин\w* перв\w*
    """,
    "tr": r"""
        sıfır bir\w* iki\w* üç\w* dört\w* beş\w* altı\w* yedi\w* sekiz\w* dokuz\w* on onun?cu onlarca
        yirmi\w* otuz\w* kırk\w* elli\w* altmış\w* yetmiş\w* seksen\w* doksan\w* yüz\w* bin binlerce bininci
        milyon\w* milyar\w* trilyon\w* yarı\w* yarım buçuk çeyrek düzine\w* ilk
    """,
    "uk": r"""
        один одн\w+ два дві двох двом\w* дванад\w* двад\w* двіст\w* три\w* трьох чотир\w* п'ят\w* шіст\w*
        шест\w* сім\w* сем\w* вісім\w* восьм\w* дев'ят\w* десят\w* \w+надцят\w* сорок\w* сто ста сот\w*
        \w+сот тисяч\w* мільйон\w* мільярд\w* пів полов\w* трет\w* вдвічі перш\w*
    """,
}
# What Arabic and Hebrew write together with the word that follows: "and", "in", "the".
_CLITICS = {"ar": "[وفبلك]?(?:ال)?", "he": "[ובהלכמש]{0,2}"}
# Scripts without spaces: the characters themselves, wherever they stand.
_SIGNS: dict[str, tuple[str, str]] = {
    "ja": (
        r"ない|なか|なく|なけ|なし|なき|ず|ぬ|ません|まい|不|無|非|未|否|反|拒",
        r"[一二三四五六七八九十百千万億兆〇零半倍両初]",
    ),
    "zh": (r"[不没沒無无非未否别別勿莫拒]|反对|反對", r"[一二三四五六七八九十百千万萬亿億兆两兩〇零半倍首]"),
}
LANGUAGES: frozenset[str] = frozenset(_NEGATIONS) | frozenset(_SIGNS)

#: Vowel points and the like, which texts for learners and scripture print, and the Arabic stretching sign.
_POINTS = late("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]")

_digit = late(r"\d|[½¼¾⅓⅔⅛%‰]")


def hidden_in(
    gap: str, language: str, *, sentence_end: bool = False, paragraph_end: bool = False
) -> tuple[str, ...]:
    """Name what a gap hides: "negation", "number", "sentence end", "paragraph end", `UNLISTED`; nothing: ().

    `gap` is folded, so that "don’t" reads "don't"; `language` is a BCP 47 tag, its first part counts.
    """
    gap, primary = _ready(gap, language)
    found = []
    patterns = _patterns(primary)
    if patterns and patterns[0].search(gap):
        found.append("negation")
    if _digit.search(gap) or (patterns and patterns[1].search(gap)):
        found.append("number")
    if sentence_end:
        found.append("sentence end")
    if paragraph_end:
        found.append("paragraph end")
    if patterns is None:
        found.append(UNLISTED)
    return tuple(found)


def holds_number(text: str, language: str) -> bool:
    """Say whether a number stands in a text, in digits or, in a language with a word list, in words."""
    if _digit.search(text):
        return True
    text, primary = _ready(text, language)
    patterns = _patterns(primary)
    return bool(patterns and patterns[1].search(text))


def _ready(text: str, language: str) -> tuple[str, str]:
    """A text whose case and vowel points can be passed over, and the first part of its language."""
    primary = language.partition("-")[0].lower()
    if primary == "tr":
        text = text.replace("İ", "i").replace("I", "ı")  # which no case-blind comparison does
    if primary in ("ar", "fa", "he"):
        text = _POINTS.sub("", text)
    return text, primary


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """Return what finds the negations and the numbers of a language, or None when it has no list."""
    if language in _SIGNS:
        negation, number = _SIGNS[language]
        return re.compile(negation), re.compile(number)
    if language not in _NEGATIONS:
        return None
    clitics = _CLITICS.get(language, "")
    negation, number = (
        rf"(?<!\w){clitics}(?:{'|'.join(words[language].split())})(?!\w)" for words in (_NEGATIONS, _NUMBERS)
    )
    return re.compile(negation, re.IGNORECASE), re.compile(number, re.IGNORECASE)
