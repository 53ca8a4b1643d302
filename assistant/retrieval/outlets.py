"""Questions about what one outlet writes: "According to the Tarn Valley Herald, how many died?".

Articles seldom name their outlet, so its articles alone are asked, without its name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_REPORTS = r"(?:report(?:ed|s)?|say|said|says|write|wrote|writes|count(?:ed)?|give|gave|put|publish(?:ed)?)"


@dataclass(frozen=True, slots=True)
class OfOutlet:
    """The question without the outlet, and the outlet."""

    question: str
    outlet: str


def of_outlet(question: str, outlets: Sequence[str]) -> OfOutlet | None:
    """The question as it is to be asked of one outlet's articles; None where it asks for none of them. Of two outlets of which
    one has the other's name in its own, the longer is meant."""
    for outlet in sorted(outlets, key=lambda name: (-len(name), name)):
        name = rf"(?:the )?{re.escape(re.sub(r'^the ', '', outlet, flags=re.IGNORECASE))}"
        if re.search(rf"\b{name}\b", question, re.IGNORECASE) is None:
            continue
        for rule, instead in (
            (rf"^(?:according to|in|as reported by) {name},? ", ""),
            (rf",? (?:according to|as reported by|as reported in) {name}(?=\W*$)", ""),
            (
                rf"\b(?P<asks>what|how (?:many|much)(?: \w+)?|who|which \w+) (?:did|does|has|had) {name} {_REPORTS}\b",
                r"\g<asks> was reported",
            ),
        ):
            plain, times = re.subn(rule, instead, question, count=1, flags=re.IGNORECASE)
            if times:
                return OfOutlet(plain[:1].upper() + plain[1:], outlet)
    return None
