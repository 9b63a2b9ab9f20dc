"""First specs: whatever the answers are, the text means exactly them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import spec
from generator.authoring.first_spec import (
    FirstSpec,
    explain_refusal,
    pin_version,
    take_reference,
    take_region,
    take_subnets,
    text,
)
from generator.authoring.offers import existing_subnets, offers, with_blanks
from generator.catalog import bundles as shipped
from generator.generate import understand_text
from generator.live.estate import Estate
from generator.source import source
from generator.source.diagnostics import Refused
from generator.spec.references import ById, ByName

ANSWERS = FirstSpec(
    name="band-up",
    region="ap-southeast-1",
    vpc="band-up-vpc",
    subnets=("private-app-subnet-1", "private-app-subnet-2"),
    bundles=("ecs-fargate@1",),
)
NAMES = st.one_of(
    st.text(min_size=1),
    st.sampled_from(
        ["no", "Y", "null", "012", "1.10", "a: b", "a #b", "{x}", "a, b", '"', "\\", "- a", "@x", "vpc-0a1b2c3d", "~"]
    ),
)


def test_the_text_is_this() -> None:
    """It is short, names the newest facts, and teaches what comes next."""
    assert text(ANSWERS) == (
        "# VPC endpoints, for gen-endpoints: `validate` says what is wrong with this file, `render` makes a Terraform "
        "module of\n"
        "# it. For help from an editor: gen-endpoints schema > spec.schema.json\n"
        "name: band-up # of the module and its folder\n"
        "region: ap-southeast-1 # the module refuses any other\n"
        "\n"
        "vpc: {name: band-up-vpc}\n"
        "subnets: # one in each Availability Zone; the endpoints' network interfaces are in them\n"
        "  - {name: private-app-subnet-1}\n"
        "  - {name: private-app-subnet-2}\n"
        "route_tables: of_subnets # for gateway endpoints: the tables that the subnets use\n"
        "security_groups: # who may reach the network interfaces\n"
        "  - create: {name: band-up-endpoints, ingress: [{vpc: true}]} # anyone in the VPC\n"
        "\n"
        "bundles: # `gen-endpoints bundles NAME` says what one brings, and why\n"
        "  - ecs-fargate@1\n"
        "\n"
        "# Endpoints of your own. One that a bundle brings too is yours then; its Name tag stays unless you say name.\n"
        "# endpoints:\n"
        "#   sqs: {service: sqs, name: band-up-sqs}\n"
    )


def test_what_is_in_comments_is_right_too() -> None:
    """The endpoint that stands in a comment is right once the marks are taken away."""
    uncommented = text(ANSWERS).replace("# endpoints:", "endpoints:").replace("#   sqs:", "  sqs:")

    assert [each.key for each in understand_text(uncommented, "x.yaml").endpoints] == [
        "sqs",
        "ecr_api",
        "ecr_dkr",
        "s3",
        "logs",
    ]


@pytest.mark.parametrize("bundle", [shipped.newest(each).pinned for each in shipped.load().values()])
@pytest.mark.parametrize("group", ["create", "default", "endpoints", "sg-0a1b2c3d4e5f60718"])
def test_each_bundle_and_group_makes_a_spec_that_is_right(bundle: str, group: str) -> None:
    """What `init` writes validates, whichever bundle it is for, in a Region where names are irregular too."""
    answers = FirstSpec(name="x", region="cn-north-1", vpc="v", subnets=("s",), bundles=(bundle,), security_group=group)

    assert any(each.bundles for each in understand_text(text(answers), "x.yaml").endpoints)


@given(vpc=NAMES, subnets=st.lists(NAMES, min_size=1, max_size=3), group=NAMES)
def test_names_arrive_as_they_were_given(vpc: str, subnets: list[str], group: str) -> None:
    """Names with anything that YAML would take for something else are still names; ids are ids of their own kind."""
    answers = FirstSpec(
        name="x",
        region="eu-west-1",
        vpc=vpc,
        subnets=tuple(subnets),
        bundles=("glue@1",),
        security_group=f"group {group}",
    )
    with contextlib.suppress(Refused):  # of characters that no spec can hold
        found = spec.decode(source.parse(text(answers), "x.yaml"))
        assert found.vpc in {ById(vpc), ByName(vpc)}

        assert found.subnets == [ByName(each) for each in subnets]
        assert found.security_groups == [ByName(f"group {group}")]


@pytest.mark.parametrize(
    ("answer", "form"),
    [("vpc-0a1b2c3d", ById), ("subnet-0a1b2c3d", ByName), ("vpc-main", ByName), ("vpc-0A1B2C3D", ByName)],
)
def test_an_id_is_told_from_a_name(answer: str, form: type[ById | ByName]) -> None:
    """Only what has the form of an id, and of the right kind, is one."""
    answers = FirstSpec(name="x", region="eu-west-1", vpc=answer, subnets=("s",), bundles=("glue@1",))

    assert spec.decode(source.parse(text(answers), "x.yaml")).vpc == form(answer)


@pytest.mark.parametrize(
    ("answer", "is_wrong"),
    [
        ("vpc-0a1b2c3d", False),
        ("vpc-0a1b2c3d4e5f60718", False),
        ("vpc-1a", False),
        ("vpc-main", False),
        ("vpc-123", True),
        ("vpc-0A1B2C3D", True),
        ("vpc-0a1b2c3d4e", True),
        ("subnet-0a1b2c3d", True),
        ("v\x1b[Dp", True),
        ("v\u202ep", True),
    ],
)
def test_half_an_id_is_no_name(answer: str, *, is_wrong: bool) -> None:
    """What looks like an id is one of its kind, or it is asked about; so is what no spec may have, as an arrow key."""
    with pytest.raises(Refused) if is_wrong else contextlib.nullcontext():
        assert take_reference("vpc", "--vpc", answer) == answer


def test_what_is_wrong_is_said_of_the_answer() -> None:
    """The file is not there, so none of its lines is cited."""
    answers = FirstSpec(name="x", region="eu-west-1", vpc="v", subnets=("s", "s"), bundles=("glue@1",))
    with pytest.raises(Refused) as refused:
        understand_text(text(answers), "x.yaml")
    findings = explain_refusal(refused.value.diagnostics, text(answers), "x.yaml")

    assert [str(each.place) for each in findings] == ["x.yaml", "--subnet"]


@pytest.mark.parametrize(
    ("bundle", "wanted"),
    [
        ("glue", "glue@1"),
        ("glue@1", "glue@1"),
        ("glue@", "--bundle: E260 glue has no version\n    write glue@1"),
        ("glue@7", "--bundle: E262 glue has no version 7\n    the newest is glue@1"),
        (
            "ECR",
            (
                "--bundle/--service: E261 there is no bundle ECR, and no service\n"
                "    did you mean ecr-pull@1 or ecr.api or ecr.dkr?"
            ),
        ),
        (
            "ecsfargat",
            "--bundle: E261 there is no bundle ecsfargat\n    did you mean ecs-fargate@1 or batch-fargate@1?",
        ),
    ],
)
def test_a_bundle_gets_its_newest_version(bundle: str, wanted: str) -> None:
    """Without a version it gets one; what is not there is told with the nearest that is."""
    assert str(pin_version(bundle)) == wanted


def test_a_region_is_one_that_the_catalog_knows() -> None:
    """A misspelling gets the nearest Region."""
    with pytest.raises(Refused, match="did you mean eu-west-1 or "):
        take_region("eu-west-11")
    assert take_region("eu-west-1") == "eu-west-1"


@pytest.mark.parametrize(
    ("answer", "subnets"),
    [
        ("a, b c", ("a", "b c")),
        ("- a, - b", ("a", "b")),
        ("Private Subnet 1, Private Subnet 2", ("Private Subnet 1", "Private Subnet 2")),
        ("subnet-0a1b2c3d subnet-1a1b2c3d, b", ("subnet-0a1b2c3d", "subnet-1a1b2c3d", "b")),
        ("a b", ("a", "b")),
        ("a,b", ("a", "b")),
        ("a ,\tb", ("a", "b")),
        ("private a,", ("private a",)),
        ("private a, private b, ", ("private a", "private b")),
        ('"private a" "private b"', ("private a", "private b")),
        ("['private a', b]", ("private a", "b")),
        ("[a, b]", ("a", "b")),
        ("- a", ("a",)),
        ("- a - b", ("a", "b")),
        ("Private Subnet 1", ("Private Subnet 1",)),
        ("private a", ("private a",)),
        ("app private 1a", ("app private 1a",)),
        ("Prod-A Prod-B", ("Prod-A", "Prod-B")),
        ("PrivateSubnet1 PrivateSubnet2", ("PrivateSubnet1", "PrivateSubnet2")),
        ("private-1a private-1b", ("private-1a", "private-1b")),
    ],
)
def test_a_list_is_by_comma_or_blank(answer: str, subnets: tuple[str, ...]) -> None:
    """Where it has a comma, also at its end, or its words make one name, the blanks are of the names."""
    assert take_subnets(answer) == subnets


@pytest.mark.parametrize(
    ("options", "subnets"),
    [
        (("Private Subnet 1",), ("Private Subnet 1",)),
        (("Private Subnet 1", "Private Subnet 2"), ("Private Subnet 1", "Private Subnet 2")),
        (("a, b c",), ("a", "b c")),
        (("subnet-0a1b2c3d subnet-1a1b2c3d",), ("subnet-0a1b2c3d", "subnet-1a1b2c3d")),
        (('"a" "b"', "['c d', e]"), ("a", "b", "c d", "e")),
    ],
)
def test_an_option_that_the_shell_kept_together_is_one_name(options: tuple[str, ...], subnets: tuple[str, ...]) -> None:
    """As --vpc is; what are ids is a list."""
    assert take_subnets(*options, are_options=True) == subnets


@pytest.mark.parametrize("answer", ["private a private b", "Private Subnet 1 Private Subnet 2"])
def test_names_with_blanks_take_commas(answer: str) -> None:
    """Words that come twice are no one name."""
    with pytest.raises(Refused, match=r"rivate is given twice\n.*names with blanks take commas"):
        take_subnets(answer)


@pytest.mark.parametrize(("kind", "answer"), [("sg", "CREATE"), ("sg", "Default"), ("sg", "none"), ("vpc", "'null'")])
def test_a_word_is_no_name(kind: str, answer: str) -> None:
    """What is nearly a word of init's, or says that there is none, is asked for again."""
    with pytest.raises(Refused):
        take_reference(kind, "--it", answer)


@pytest.mark.parametrize(("kind", "of_arn"), [("vpc", "vpc"), ("subnet", "subnet"), ("sg", "security-group")])
def test_an_arn_is_its_id(kind: str, of_arn: str) -> None:
    """The console shows both; a spec has the id."""
    known_id = f"{kind}-0123456789abcdef0"
    assert take_reference(kind, "--it", f"arn:aws-cn:ec2:cn-north-1:123456789012:{of_arn}/{known_id}") == known_id
    with pytest.raises(Refused, match="is in cn-north-1, not in eu-west-1"):
        take_reference(kind, "--it", f"arn:aws-cn:ec2:cn-north-1:123456789012:{of_arn}/{known_id}", region="eu-west-1")


def test_names_that_exist_keep_their_blanks() -> None:
    """Where AWS says what there is; what is no such Name is a list by blanks."""
    names = ("private a", "private b", "c", "d")
    there = [
        {"SubnetId": f"subnet-{number}", "VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": each}]}
        for number, each in enumerate(names)
    ]
    vpc = {"VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": "main vpc"}]}
    estate = Estate(region="eu-west-1", objects={"Vpcs": (vpc,), "Subnets": (*there,)})
    given = ("private a, private b", "c d")

    assert existing_subnets(estate, "main vpc", take_subnets(*with_blanks(estate, "main vpc", given))) == names
    assert [*offers("Vpcs", [vpc])] == ["main vpc"]
    with pytest.raises(Refused, match="has no subnet private z\n"):
        existing_subnets(estate, "main vpc", take_subnets(*with_blanks(estate, "main vpc", ("private z",))))


def test_what_is_offered_can_be_typed() -> None:
    """A Name that would be read as something else stands beside its id."""
    names = {"a": "plain", "b": "priv as", "c": "priv, b", "d": "yes", "e": "twice", "f": "twice", "0": ""}
    there = [
        {"SubnetId": f"subnet-{each * 8}", "Tags": [{"Key": "Name", "Value": name}]} for each, name in names.items()
    ]

    assert {answer: facts[0] for answer, facts in offers("Subnets", there).items()} == {
        "plain": "subnet-aaaaaaaa",
        "subnet-00000000": "subnet-00000000",
        **{f"subnet-{each * 8}": names[each] for each in "bcdef"},
    }


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (("a", "subnet-3"), []),
        (("a", "b"), ["VPC vpc-1 has 2 subnets with the Name b", "give ids: subnet-2, subnet-3"]),
        (("c",), ["VPC vpc-1 has no subnet c"]),
        (("a", "subnet-1"), ["a and subnet-1 are one subnet", "give subnet-1 alone"]),
    ],
)
def test_each_answer_is_one_subnet(answers: tuple[str, ...], told: list[str]) -> None:
    """By a Name that two have, the module would look up more than was meant."""
    named = [
        {"SubnetId": f"subnet-{number}", "VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": name}]}
        for number, name in enumerate("abb", 1)
    ]
    there = Estate(region="eu-west-1", objects={"Vpcs": ({"VpcId": "vpc-1"},), "Subnets": (*named,)})
    with pytest.raises(Refused) if told else contextlib.nullcontext() as refused:
        assert existing_subnets(there, "vpc-1", answers) == answers

    assert all(line in str(refused.value.diagnostics[0]) for line in told) if refused else not told
