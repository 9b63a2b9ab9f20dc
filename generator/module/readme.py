"""What the README of a module says, in the form that people know from terraform-docs."""

from __future__ import annotations

from collections.abc import Mapping

from generator.diagram.mermaid import mermaid
from generator.diagram.picture import picture
from generator.hcl import hcl, layout
from generator.hcl.hcl import Block, Expression, Value
from generator.hcl.markdown import Row
from generator.intent.targets import target_of
from generator.module.module import Module
from generator.source.frozen import frozen

_MANY = 25
"""More endpoints than these make a diagram that is read rather than seen."""
_ALWAYS = frozenset({"Endpoints", "Resources"})
"""The tables that a module without endpoints has too."""


@frozen(kw_only=True)
class Readme:
    """The tables (head row first) and the code of a module's README, by heading."""

    title: str
    tables: Mapping[str, tuple[Row, ...]]
    usage: Block
    diagram: str
    """The endpoints as Mermaid; empty where the module is to have none."""
    is_folded: bool
    """Whether a reader has to open the diagram, which is large."""
    optional: tuple[str, ...]
    """The inputs that a caller may leave out, each as code."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings in their order: the code comes after the first table."""
        first, *rest = self.tables
        return (self.title, first, *self.code, *rest)

    @property
    def code(self) -> Mapping[str, str]:
        """The code under each heading that has some, as text."""
        usage = {"Usage": layout.format("\n".join(hcl.lines(self.usage)))}
        return {"Diagram": self.diagram, **usage} if self.diagram else usage


def readme(module: Module) -> Readme:
    """Return what the README of a module says."""
    optional = [block for block in module.variables if "default" in block.arguments]
    tables = {
        "Endpoints": _endpoints(module),
        "Requirements": (
            ("Name", "Version"),
            ("terraform", str(module.terraform.arguments["required_version"])),
            ("aws", module.aws_provider),
        ),
        "Inputs": (
            ("Name", "Description", "Type", "Required"),
            *(
                (
                    block.label,
                    str(block.arguments["description"]),
                    f"`{hcl.literal(block.arguments['type'])}`",
                    "no" if block in optional else "yes",
                )
                for block in module.variables
            ),
        ),
        "Outputs": (
            ("Name", "Description"),
            *((block.label, str(block.arguments["description"])) for block in module.outputs),
        ),
        "Resources": (
            ("Name", "Type"),
            *((block.address, "resource") for block in (*module.endpoints, *module.security_groups)),
            *((block.address, "data source") for block in module.lookups if block.type == "data"),
        ),
        "Ignored warnings": (("Code", "Why it is not for this module"), *module.ignored.items()),
    }
    inputs = {block.label: _from_caller(block) for block in module.variables if block not in optional}
    arguments: dict[str, Value] = {"source": f"./{module.name}", **inputs}
    return Readme(
        title=module.name,
        tables={
            heading: tuple(map(_on_one_line, rows))
            for heading, rows in tables.items()
            if len(rows) > 1 or heading in _ALWAYS
        },
        optional=tuple(f"`{block.label}`" for block in optional),
        diagram=mermaid(picture(module.files, module.name)) if module.has_diagram and module.endpoints else "",
        is_folded=len(module.endpoints) > _MANY,
        usage=Block(type="module", labels=(hcl.label(module.name),), arguments=arguments),
    )


def _from_caller(variable: Block) -> Expression:
    """Return what a caller writes for an input: what a module that makes the VPC outputs; text from its own input."""
    is_text = str(variable.arguments["description"]).startswith(("Name of", "Text", "Id of an "))
    return Expression(f"{'var' if is_text else 'module.vpc'}.{variable.label}")


def _on_one_line(row: Row) -> Row:
    """Return a row as a Markdown table can hold it, where any space is one space."""
    return tuple(" ".join(cell.split()) for cell in row)


def _endpoints(module: Module) -> tuple[Row, ...]:
    """Return the table of endpoints; it says which bundles bring them where any does."""
    rows = (("Endpoint", "Service", "Type", "Name"), *map(_endpoint, module.endpoints))
    if not module.bundles:
        return rows
    cells = ("Bundle", *(", ".join(module.bundles.get(block.label, ())) for block in module.endpoints))
    return tuple((*row, cell) for row, cell in zip(rows, cells, strict=True))


def _endpoint(block: Block) -> Row:
    tags = block.arguments["tags"]
    name = tags.get("Name", "") if isinstance(tags, dict) else ""
    return block.label, f"`{target_of(block.arguments)}`", str(block.arguments["vpc_endpoint_type"]), str(name)
