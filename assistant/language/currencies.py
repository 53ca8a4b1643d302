"""Currencies as news writes them: by their symbols, codes and names."""

from __future__ import annotations

_CURRENCIES = {
    "dollar": "dollars",
    "euro": "EUR",
    "pound": "pounds",
    "rupee": "rupees",
    "yen": "JPY",
    "yuan": "CNY",
    "krone": "kroner",
    "kroner": "kroner",
    "krona": "kronor",
    "kronor": "kronor",
    "franc": "francs",
    "peso": "pesos",
    "real": "reais",
    "rand": "rand",
    "won": "won",
    "rouble": "roubles",
    "ruble": "roubles",
    "renminbi": "CNY",
    "dirham": "dirhams",
    "riyal": "riyals",
    "dinar": "dinars",
    "shekel": "ILS",
    "lira": "lira",
    "baht": "THB",
    "ringgit": "MYR",
    "rupiah": "IDR",
    "naira": "NGN",
    "taka": "BDT",
    "hryvnia": "UAH",
}
# The currencies whose country goes without saying, and how it is said; "kroner" may be Danish or Norwegian.
_HOME = {
    "dollars": ("USD", ("us", "u.s.", "american")),
    "pounds": ("GBP", ("uk", "british")),
    "rupees": ("INR", ("indian",)),
}
_COUNTRIES = (
    r"(?:US|U\.S\.|American|Canadian|Australian|New Zealand|Hong Kong|Singapore|(?:New )?Taiwan|UK|British|Egyptian|Lebanese"
    r"|Syrian|Sudanese|Indian|Pakistani|Sri Lankan|Nepalese|Mauritian|Japanese|Chinese|Danish|Norwegian|Swedish|Icelandic|Swiss"
    r"|Mexican|Philippine|Argentine|Colombian|Chilean|Russian|Belarusian|South Korean|South African)"
)
_SYMBOLS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "RS": "INR", "RS.": "INR", "¥": "JPY"}
_SYMBOLS |= {"A$": "australian dollars", "AU$": "australian dollars", "C$": "canadian dollars", "CA$": "canadian dollars"}
_SYMBOLS |= {"HK$": "hong kong dollars", "NZ$": "new zealand dollars", "S$": "singapore dollars", "NT$": "new taiwan dollars"}
# Codes of currencies that are mostly written out otherwise.
_CODES = {"AUD": "australian dollars", "CAD": "canadian dollars", "HKD": "hong kong dollars", "NZD": "new zealand dollars"}
_CODES |= {"SGD": "singapore dollars", "CHF": "swiss francs", "SEK": "swedish kronor", "NOK": "norwegian kroner"}
_CODES |= {"DKK": "danish kroner", "PKR": "pakistani rupees", "LKR": "sri lankan rupees", "RUB": "russian roubles"}
_CODES |= {"AED": "dirhams", "SAR": "riyals", "RMB": "CNY"}
_CODES |= {code: code for code in "USD EUR INR GBP JPY CNY THB MYR IDR NGN BDT UAH ILS".split()}
_CODE = rf"(?:{'|'.join(_CODES)})"
SYMBOL = rf"(?:\b(?-i:[A-Z]{{1,3}})\$|[$€£₹¥]|\bRs\.?|\b(?:USD|EUR|INR|GBP|(?-i:{_CODE}))(?![^\W\d]))"
# "11 won" mostly tells who won: a currency is of a large number, or of a country.
_WON = rf"(?:{'|'.join(rf'(?<={before} )' for before in ('Korean', ',000', 'thousand', 'illion', 'bn', 'tn'))})won"
CURRENCY_WORD = (
    rf"(?:{_COUNTRIES} )?"
    rf"(?:dollars?|euros?|pounds?|rupees?|yen|yuan|renminbi|krone|kroner|krona|kronor|francs?|pesos?|rand|{_WON}|ro?ubles?"
    rf"|dirhams?|riyals?|dinars?|shekels?|liras?|baht|ringgit|rupiah|naira|takas?|hryvnias?|(?-i:{_CODE}))\b"
)


def currency(symbol: str | None, word: str | None) -> str | None:
    """Of a symbol, or else of a currency's name: its code, or the name with the country ("danish kroner"); None of neither."""
    if symbol:
        written = symbol.strip().upper()
        return _SYMBOLS.get(written) or _CODES.get(written, written)
    if not word:
        return None
    if word in _CODES:
        return _CODES[word]
    *country, noun = word.lower().split()
    name = _CURRENCIES.get(noun) or _CURRENCIES[noun.rstrip("s")]
    land = " ".join(country)
    code, home = _HOME.get(name, (name, ()))
    return f"{land} {name}" if land and land not in home and not name.isupper() else code
