"""References: each form that a spec may write is one type behind the door."""

from __future__ import annotations

import pytest

from generator import spec
from generator.source import source
from generator.spec import forms, references
from generator.spec.references import as_written

SPEC = "name: x\nregion: eu-west-1\nvpc: {name: v}\nendpoints:\n  q: {service: sqs, FIELD: [FORM]}\n"
FORMS = [
    ("subnets", "{id: subnet-0a1b2c3d}", references.ById("subnet-0a1b2c3d")),
    ("subnets", "{name: a}", references.ByName("a")),
    ("subnets", "{tags: {A: b, C: d}}", references.ByTags({"C": "d", "A": "b"})),
    ("subnets", "{variable: ids}", references.ByInput("ids")),
    ("route_tables", "{main: true}", references.Main()),
    ("route_tables", "{subnet: {name: a}}", references.OfSubnet(references.ByName("a"))),
    ("security_groups", "{default: true}", references.Default()),
]


@pytest.mark.parametrize(("field", "form", "value"), FORMS)
def test_each_form_is_a_type(field: str, form: str, value: references.Reference) -> None:
    """What is written is decoded to its type, and written again as it was."""
    stated = spec.decode(source.parse(SPEC.replace("FIELD", field).replace("FORM", form), "x.yaml"))

    assert stated.endpoints is not None
    assert getattr(stated.endpoints["q"], field) == [value]
    assert form == as_written(getattr(stated.endpoints["q"], field)[0])


def test_the_tables_of_the_subnets_stand_alone() -> None:
    """`of_subnets` is a list of one reference."""
    text = SPEC.replace("FIELD: [FORM]", "type: Gateway").replace("vpc:", "route_tables: of_subnets\nvpc:")

    assert spec.decode(source.parse(text, "x.yaml")).route_tables == [references.OfSubnets()]


@pytest.mark.parametrize(
    "model",
    [*forms.Reference.__subclasses__(), forms.SecurityGroupReference, forms.Ingress],
    ids=lambda model: model.__name__,
)
def test_no_form_is_without_a_type(model: type[forms.Choice]) -> None:
    """Whichever field of a reference is written, it has a type; a form that was forgotten would be a KeyError."""
    for field in model.choices or model.model_fields:
        value = "x" if field.startswith("cidr_") else references.ByName("x")
        assert model.model_construct(_fields_set={field}, **{field: value}).value() is not None
