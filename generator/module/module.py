"""The module that a spec means: its blocks, decided in full, before a word of it is text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from generator.hcl.hcl import Block, Value
from generator.source.frozen import frozen

_TESTS = "tests/endpoints.tftest.hcl"
HCL = (
    *(f"{name}.tf" for name in ("main", "data", "security_groups", "moved", "variables", "outputs", "versions")),
    _TESTS,
)
"""The HCL files that a module may have."""


@frozen(kw_only=True)
class Module:
    """What `render` writes and `check` expects. Each block is as Terraform will read it."""

    name: str
    source: str
    """The spec's file name, as the first line of each file gives it."""
    aws_provider: str
    """The version constraint, as `>= 5.0`."""
    region: str | None = None
    """The one Region that the module is for; None where it is for the provider's."""
    endpoints: tuple[Block, ...]
    lookups: tuple[Block, ...] = ()
    """The `data` blocks, and the `locals` made of them."""
    security_groups: tuple[Block, ...] = ()
    """The groups that the module makes, each followed by its rules."""
    moved: tuple[Block, ...] = ()
    """Under which addresses objects were before: Terraform then knows them under those that they have now."""
    variables: tuple[Block, ...] = ()
    outputs: tuple[Block, ...] = ()
    has_diagram: bool = True
    """Whether the README has a picture of the endpoints, where there are some."""
    is_retired: bool = False
    """Whether it makes nothing any more, so that Terraform destroys what it made."""
    tests: tuple[Block, ...] = ()
    """The blocks of `tests/endpoints.tftest.hcl`."""
    ignored: Mapping[str, str] = field(default_factory=dict)
    """The codes of the warnings that the spec ignores, each with its reason."""
    bundles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The bundles that bring an endpoint, as `ecs-fargate@1`, by its label."""

    @property
    def terraform(self) -> Block:
        """The `terraform` block: what the module requires."""
        provider: Mapping[str, Value] = {"source": "hashicorp/aws", "version": self.aws_provider}
        requirements = Block(type="required_providers", arguments={"aws": provider})
        return Block(type="terraform", arguments={"required_version": TERRAFORM}, blocks=(requirements,))

    @property
    def files(self) -> Mapping[str, tuple[Block, ...]]:
        """The blocks of each HCL file of the module; no file is empty."""
        kinds = (self.endpoints, self.lookups, self.security_groups, self.moved, self.variables, self.outputs)
        files = zip(HCL, (*kinds, (self.terraform,), self.tests), strict=True)
        return {path: blocks for path, blocks in files if blocks}


TERRAFORM = ">= 1.3"
"""Where `startswith` came; preconditions and postconditions are of 1.2. `terraform test` with mocks needs 1.7."""
