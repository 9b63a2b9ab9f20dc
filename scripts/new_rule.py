"""Make a rule to be filled in: its function, its texts, a refused and an accepted spec. The tests name what is left.

python scripts/new_rule.py W254           in generator/rules/fields.py
python scripts/new_rule.py W254 groups    in generator/rules/groups.py, which is made if need be
python scripts/new_rule.py                says which codes are free
"""

from __future__ import annotations

import re
import sys
from itertools import count
from pathlib import Path

from generator.rules import RULES
from generator.source.codes import codes
from generator.source.diagnostics import ExitCode

ROOT = Path(__file__).parent.parent
ABOUT = "fields"
SPEC = """\
name: x
region: eu-west-1
vpc: {name: app}
subnets: [{name: a}, {name: b}]
security_groups: [{name: endpoints}]
endpoints:
  sqs: {service: sqs}
"""
MODULE = '''\
"""Fill in: what these rules are about."""

from __future__ import annotations

from generator.intent.intent import Intent
from generator.rules.rule import Findings, rule
'''
RULE = '''

@rule("{code}")
def {name}(intent: Intent) -> Findings:
    """Fill in."""
    for endpoint in () if intent else intent.endpoints:
        yield endpoint.place, f"{{endpoint.key}}: fill in", "fill in"
'''
TEXTS = """
[{code}]
why = ""
fix = ""
source = ""
"""


def free(letter: str) -> str:
    """Return the first code of a letter that is free after those of the rules."""
    last = max(rule.code for rule in RULES if rule.code.startswith(letter))
    return next(code for number in count(int(last[1:]) + 1) if (code := f"{letter}{number}") not in codes())


def scaffold(code: str, about: str) -> list[Path]:
    """Write the files of a rule that is to be filled in, and return their paths."""
    module = ROOT / "generator" / "rules" / f"{about}.py"
    text = module.read_text("utf-8") if module.exists() else MODULE
    imported = re.compile("(?<=from generator.rules.rule import ).+")
    text = imported.sub(lambda names: ", ".join(sorted({*names[0].split(", "), "rule"})), text, count=1)
    files = {module: text.rstrip() + "\n" + RULE.format(code=code, name=code.lower())}
    texts = ROOT / "generator" / "data" / "codes.toml"
    files[texts] = texts.read_text("utf-8") + TEXTS.format(code=code)
    files |= {ROOT / "tests" / folder / f"{code}-fill-in.yaml": SPEC for folder in ("invalid", "valid")}
    files[ROOT / "tests" / "invalid" / f"{code}-fill-in.txt"] = ""
    for path, content in files.items():
        path.write_text(content, "utf-8")
    return list(files)


def main() -> None:
    """Make the rule that the arguments name, or say why not."""
    code, about, *_ = [*sys.argv[1:], *("", ABOUT)[len(sys.argv) - 1 :]]
    if not code:
        print(f"free: {free('E')} for an error, {free('W')} for a warning; make rule CODE={free('W')} ABOUT={ABOUT}")
    elif not re.fullmatch("[EW][0-9]{3}", code) or not about.isidentifier():
        print(f"{code} {about}: a code is E or W and three digits, ABOUT the name of a module of generator/rules")
        sys.exit(ExitCode.USAGE)
    elif code in codes():
        print(f"{code} is taken: {codes()[code].title}; free: {free(code[0])}")
        sys.exit(ExitCode.REFUSED)
    else:
        for path in scaffold(code, about):
            print(f"wrote {path.relative_to(ROOT)}")
        print("next: fill them in, then make golden docs; make test ARGS='-k rules' names what is left")


if __name__ == "__main__":
    main()
