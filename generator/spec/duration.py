"""How Terraform writes a time, as one pattern: a JSON Schema has it too."""

from __future__ import annotations

_UNIT = "(ns|us|\u00b5s|\u03bcs|ms|s|m|h)"
_NUMBER = r"([0-9]{1,6}(\.[0-9]{0,9})?|\.[0-9]{1,9})"
_ZERO = r"(0{1,6}(\.0{0,9})?|\.0{1,9})"
_MORE = r"(0{0,5}[1-9][0-9]{0,5}(\.[0-9]{0,9})?|0{0,6}\.0{0,8}[1-9][0-9]{0,8})"
DURATION = rf"^\+?({_ZERO}{_UNIT}){{0,3}}{_MORE}{_UNIT}({_NUMBER}{_UNIT}){{0,4}}$"
"""What Go takes as a time, of more than zero: with none, or less, the provider gives up before AWS has made anything.

https://pkg.go.dev/time#ParseDuration
"""
