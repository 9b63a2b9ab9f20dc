"""What a user writes: the typed spec (`model`, `references`), and the reading of YAML data into it (`decode`).

This sub-package alone imports pydantic.
"""

from generator.spec import _pydantic as _pydantic  # first, so that it loads pydantic
from generator.spec.decode import decode, decode_as
from generator.spec.model import Endpoint, Spec
from generator.spec.rest import decode_rest
from generator.spec.schema import json_schema

__all__ = ["Endpoint", "Spec", "decode", "decode_as", "decode_rest", "json_schema"]
