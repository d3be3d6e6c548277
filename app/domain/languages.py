"""Spoken languages: the codes that recognition models know, and their English names."""

from __future__ import annotations

ENGLISH = "en"
ENGLISH_ONLY = "Checks of wording, and times taken from what was said, know English only."

# As OpenAI's Whisper has them; servers answer with the name, everything else uses the code.
_TABLE = """
af=Afrikaans am=Amharic ar=Arabic as=Assamese az=Azerbaijani ba=Bashkir be=Belarusian
bg=Bulgarian bn=Bengali bo=Tibetan br=Breton bs=Bosnian ca=Catalan cs=Czech cy=Welsh da=Danish
de=German el=Greek en=English es=Spanish et=Estonian eu=Basque fa=Persian fi=Finnish fo=Faroese
fr=French gl=Galician gu=Gujarati ha=Hausa haw=Hawaiian he=Hebrew hi=Hindi hr=Croatian
ht=Haitian_Creole hu=Hungarian hy=Armenian id=Indonesian is=Icelandic it=Italian ja=Japanese
jw=Javanese ka=Georgian kk=Kazakh km=Khmer kn=Kannada ko=Korean la=Latin lb=Luxembourgish
ln=Lingala lo=Lao lt=Lithuanian lv=Latvian mg=Malagasy mi=Maori mk=Macedonian ml=Malayalam
mn=Mongolian mr=Marathi ms=Malay mt=Maltese my=Myanmar ne=Nepali nl=Dutch nn=Nynorsk no=Norwegian
oc=Occitan pa=Punjabi pl=Polish ps=Pashto pt=Portuguese ro=Romanian ru=Russian sa=Sanskrit
sd=Sindhi si=Sinhala sk=Slovak sl=Slovenian sn=Shona so=Somali sq=Albanian sr=Serbian
su=Sundanese sv=Swedish sw=Swahili ta=Tamil te=Telugu tg=Tajik th=Thai tk=Turkmen tl=Tagalog
tr=Turkish tt=Tatar uk=Ukrainian ur=Urdu uz=Uzbek vi=Vietnamese yi=Yiddish yo=Yoruba
yue=Cantonese zh=Chinese
"""
LANGUAGES = dict(pair.replace("_", " ").split("=") for pair in _TABLE.split())
_CODES = {name.casefold(): code for code, name in LANGUAGES.items()}


def language_code(told: str) -> str | None:
    """Return the code of a language by its code or English name, None if it is neither."""
    wanted = told.strip().casefold()
    return wanted if wanted in LANGUAGES else _CODES.get(wanted)


def language_name(code: str) -> str:
    """Return what people call the language of a code."""
    return LANGUAGES.get(code, code)


def detected_sentence(code: str, *, settled: bool) -> str:
    """Return what to tell people of a language that was detected."""
    name = language_name(code)
    told = f"The spoken language is {name}." if settled else f"It sounds like {name} so far."
    return told if code == ENGLISH else f"{told} {ENGLISH_ONLY}"


def refuse_language(code: str) -> None:
    """Refuse what is no code; empty is none and means that it is to be detected.

    Raises:
        ValueError: It is not a code that recognition models know.
    """
    if code and code not in LANGUAGES:
        raise ValueError(
            f"“{code}” is no language code; write for example en, de or fr, or nothing to have "
            "the language detected"
        )
