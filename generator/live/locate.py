"""One spec in AWS: its VPC, and each endpoint with the subnets, tables and groups that its references lead to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field

from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent, Path
from generator.live.addresses import split
from generator.live.estate import AwsObject, Estate
from generator.live.follow import Follower, group_name, table_of
from generator.live.marks import deposed, where, without_id
from generator.live.rival import Rival
from generator.live.vpc_blocks import Blocks, vpc_blocks
from generator.module.root_calls import UNTOLD_PATH, RootCalls
from generator.source.diagnostics import Diagnostic, Refused
from generator.source.frozen import frozen
from generator.spec.references import Create, Default, Subnet

IF_MANAGED = "if Terraform's state has it"  # said by every command of an apply where no state tells


@frozen(kw_only=True)
class LocatedEndpoint:
    """One endpoint of the spec, and what its references lead to."""

    endpoint: Endpoint
    target: str
    """What it leads to, in the estate's Region: a service name or an ARN."""
    subnets: tuple[AwsObject, ...] = ()
    route_tables: tuple[AwsObject, ...] = ()
    security_groups: tuple[AwsObject, ...] = ()
    """The groups that are there: those that exist, and those that the module has made."""
    lost: Collection[str] = ()
    """The fields of which a reference leads nowhere: what the endpoint is to have there is not known."""
    absent_groups: tuple[str, ...] = ()
    """The names of the groups that the module makes, and that are not there (yet)."""
    live: AwsObject | None = None
    """The live endpoint that it is, once `match` has assigned them."""
    rival: Rival | None = None
    """The endpoint of another spec that has the live endpoint which would be its own."""
    one_of: Mapping[str, AwsObject] = field(default_factory=dict)
    """By id the live endpoints of which it is one, or may be, where nothing tells which."""

    @property
    def service_name(self) -> str | None:
        """The name of its service; None where it leads to an ARN."""
        return self.target if self.endpoint.service_name else None

    @property
    def target_key(self) -> str:
        """The key by which AWS's answers say what an endpoint leads to, as `ServiceName`."""
        return self.endpoint.target.argument.title().replace("_", "")

    def shared_tables(self, other: AwsObject) -> list[AwsObject]:
        """Return its route tables that another gateway has too."""
        ids = set(other.get("RouteTableIds") or ()) if self.endpoint.type == "Gateway" else set[str]()
        return [table for table in self.route_tables if table["RouteTableId"] in ids]

    def beside(self, other: AwsObject, way: str) -> str:
        """Return how it goes beside another of its service, or the `way` of that; empty where AWS takes both."""
        if self.endpoint.has_private_dns and other.get("PrivateDnsEnabled"):
            return f"write private_dns_enabled: false in {self.endpoint.key}, or {way}"
        return f"give {self.endpoint.key} other route_tables: or {way}" if self.shared_tables(other) else ""


@frozen(kw_only=True, eq=False)
class Located:
    """One spec, what is known of its Region, and where its references lead there; what is kept of one is by itself."""

    intent: Intent
    estate: Estate
    inputs: Mapping[str, tuple[str, ...]]
    """The ids that the module's inputs get, by name."""
    vpc: AwsObject
    """Empty where the spec's VPC is not there; then there are no endpoints either."""
    endpoints: tuple[LocatedEndpoint, ...]
    findings: Mapping[Diagnostic, str]
    """What leads nowhere, each with the AWS CLI's line that shows it; empty where there is none."""
    applied: Mapping[str, AwsObject] | None = None
    """What Terraform's state has, by id, where that is told."""
    imports: Mapping[tuple[str, str], str] | None = None
    """The files whose blocks bring an id, or what is at an address, to one of the module; None for no folder."""
    imported: Mapping[str, str] | None = None
    """The files whose import blocks bring in what exists of the spec, by its id, where `match` knows of any files."""
    untold: Mapping[str, str] = field(default_factory=dict)
    """By id what no state has that is given, and its root may: with the file of an import block that does not read."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Which endpoint of the module each id is to be, by its key, where a state or import blocks say it."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """The whole addresses to which `moved` blocks bring what a state has, by its id."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """The addresses in the module of what exists of the spec, by id, once `match` has assigned it."""
    former: Mapping[str, str] = field(default_factory=dict)
    """The addresses in the module by those, and by the ones that it had before."""
    roots: tuple[str, ...] = ("",)
    """The path below which the state has the module, or roots call it, with its dot; several where nothing tells."""
    kept: Callable[[], Collection[str] | None] = tuple
    """Tells which addresses other files than the module's own have, or take out of it; None where these don't read."""
    calls: RootCalls | None = None
    callers: tuple[str, ...] = ()
    """How its root calls it; the folders of roots that do, where none is told to be that, and any brings it things."""
    applied_by: object = None
    """Which root applies the module, by the state that has it, once `match` has seen them all; None where not told."""
    taken: Collection[tuple[object, str]] = ()
    """The paths of the states below which another spec's module is."""
    sharing: Sequence[str] = ()
    """The specs that have as much below a path as it has, each with that path: nothing tells whose module is there."""
    targets: Mapping[str, bool] = field(default_factory=dict)
    """All targets of its file by the calls of their modules, and whether they are given; none where all are."""
    namesakes: Mapping[str, str] = field(default_factory=dict)
    """Folders of other modules by the names of their calls; by `match` only one that its own path in a state has."""
    added: Mapping[object, int] = field(default_factory=dict)
    """How many endpoints the specs before it add that take room from its own: by what has it, a subnet or a quota."""
    coming: Mapping[str, str] = field(default_factory=dict)
    """Which spec has what in its VPC, by type and service as `service_in`, once `match` has seen them all."""
    groups: Sequence[tuple[str, Mapping[str, str]]] = ()
    """The specs that make security groups in its VPC, each with the tags of one, once `match` has seen them all."""
    holders: Mapping[str, Rival] = field(default_factory=dict)
    """Which endpoints of the specs the live ones of the VPC are, by their ids, once `match` has assigned them."""
    others: Mapping[str, Located] = field(default_factory=dict)
    """The specs of its VPC by their paths, itself too, as `match` leaves them."""
    may_be: Mapping[str, str] = field(default_factory=dict)
    """Which endpoints of the specs the other live ones may be, by their ids, where nothing tells it."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """Beside which endpoints of the specs live ones are left that may be theirs in Terraform's state, by their ids."""
    ignored_tags: Collection[str] = ()
    """The keys of tags that belong to others: where the spec does not state them, they count nowhere."""

    def is_managed(self, identifier: str) -> bool | None:
        """Tell whether Terraform's state has what exists for the module, or an import block; None where not told."""
        if identifier in (self.imported or ()):
            return True
        is_told = self.is_told_of(identifier)
        return identifier in (self.applied or ()) and not self.elsewhere(identifier) if is_told else None

    def is_told_of(self, identifier: str) -> bool:
        """Tell whether a state says that it has something, or has not: that has it, or the ids of all that it has."""
        is_open = self.applied is None or identifier in self.untold
        return not is_open and (identifier in (self.applied or ()) or not without_id(self.applied))

    def stands(self, identifier: str) -> str:
        """Return where the state has what exists, or a `moved` block what is the spec's, if that is told."""
        moved = self.moved.get(identifier) if identifier in self.addresses else ""
        return moved or where(self.applied, identifier)[1]

    def elsewhere(self, identifier: str) -> str:
        """Return at which address the state has what the module has at another: its apply makes a second of that."""
        own, at = self.addresses.get(identifier), self.stands(identifier)
        is_here = split(at)[0] in self.roots and self.place(identifier) not in self.taken
        return "" if not own or (is_here and own == self.former.get(split(at)[1])) else at

    def place(self, identifier: str) -> tuple[object, str]:
        """Return which of the states has what exists, and below which path, if one has it."""
        return where(self.applied, identifier)[0], split(self.stands(identifier))[0]

    def lacks(self, identifier: str) -> str:
        """Say that Terraform's state does not have what exists, or has it at another address."""
        if at := self.elsewhere(identifier):
            return f"Terraform's state has it at {at}, not at the module's {self.addresses[identifier]}"
        return f"it is {there[0]}" if (there := deposed(self.applied, identifier)) else "Terraform's state lacks it"

    def shares_root(self, other: Located) -> bool | None:
        """Tell whether one apply makes what this and another spec have; None where no root of one is told."""
        roots = {self.applied_by, other.applied_by}
        return True if self.path == other.path else None if None in roots else len(roots) == 1

    def address(self, resource: str) -> str:
        """Return the address of a resource of the module, below the path in the state, or of the root's call."""
        return self.root + resource

    @property
    def root(self) -> str:
        """What comes before an address of the module in the commands to run; PATH where that is not told."""
        path = self.calls.path if self.calls and self.calls.own and self.is_uncalled else self.roots[0]
        return UNTOLD_PATH if self.sharing or self.roots[1:] or self.namesakes else path

    @property
    def is_uncalled(self) -> bool:
        """Whether a root here calls the module at no path below which the state has it: which state it has is open."""
        return self.calls is not None and not self.calls.may_lead(self.roots[0])

    @property
    def path(self) -> str:
        """What commands take for the spec."""
        return self.intent.source.path

    @property
    def vpc_id(self) -> str:
        """The VPC's id; empty where it is not there."""
        return str(self.vpc.get("VpcId", ""))

    @property
    def blocks(self) -> Blocks:
        """The CIDR blocks of the VPC, as the module lets them in."""
        of_vpc = (vpc_blocks, self.vpc_id, self.intent.spec.aws_provider)
        return self.estate.once(of_vpc, lambda: vpc_blocks(self.vpc, of_vpc[-1]))

    @property
    def own_tables(self) -> frozenset[str]:
        """The ids of the route tables that the subnets of the endpoints use; none where one's is not told."""
        subnets = {str(each["SubnetId"]): each for located in self.endpoints for each in located.subnets}
        used = [table_of(each, self.estate) for each in subnets.values()]
        return frozenset(str(each["RouteTableId"]) for tables in used for each in tables if all(used))

    @property
    def with_private_dns(self) -> tuple[LocatedEndpoint, ...]:
        """The endpoints that are to have private DNS."""
        return tuple(each for each in self.endpoints if each.endpoint.has_private_dns)

    def follow(self, kind: str, reference: Subnet, path: Path, *, one: bool = True) -> tuple[AwsObject, ...]:
        """Return the `one` object, or several, that a reference at `path` leads to; raises Refused for none."""
        follower = Follower(self.intent, self.estate, self.inputs, self.vpc_id)
        found = follower.follow(kind, reference, path, one=one)
        if follower.findings:
            raise Refused(follower.findings)
        return found

    def require_all(self) -> Located:
        """Return this; raises Refused where a reference leads nowhere."""
        if errors := [each for each in self.findings if not each.is_warning]:
            raise Refused(errors)
        return self


def locate(intent: Intent, estate: Estate, inputs: Mapping[str, tuple[str, ...]] | None = None) -> Located:
    """Return where a spec's references lead, and findings; `inputs` are the ids that module inputs get, by name."""
    follower = Follower(intent, estate, inputs or {})
    vpc = next(iter(follower.follow("Vpcs", intent.spec.vpc, ("vpc",), one=True)), {})
    follower.vpc_id = str(vpc.get("VpcId", ""))
    found = tuple(_locate(endpoint, follower) for endpoint in intent.endpoints) if vpc else ()
    return Located(
        intent=intent, estate=estate, inputs=follower.inputs, vpc=vpc, endpoints=found, findings=follower.findings
    )


def _locate(endpoint: Endpoint, follower: Follower) -> LocatedEndpoint:
    made = [each for each in endpoint.security_groups if isinstance(each, Create | Default)]
    return LocatedEndpoint(
        endpoint=endpoint,
        target=follower.target(endpoint),
        subnets=follower.follow_all("Subnets", endpoint, "subnets"),
        route_tables=follower.follow_all("RouteTables", endpoint, "route_tables"),
        security_groups=follower.follow_all("SecurityGroups", endpoint, "security_groups"),
        absent_groups=tuple(group_name(each) for each in made if not follower.group(each)),
        lost=follower.lost.get(endpoint.key, ()),
    )
