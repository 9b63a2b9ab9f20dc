"""A double of Terraform's AWS provider: the published schema of a release that can't be had as a program, and no AWS.

    process      what Terraform is attached to: a server of plugin protocol 5, as the AWS provider is one
    └── protocol     its calls
        ├── blocks       the schema's file, as the protocol says it
        ├── plan         what a resource will be, and what it becomes
        └── world        what a data source answers

Terraform itself judges a module by the schema: arguments that are unknown, missing or of a wrong type, references that
are lost, and what is deprecated. A data source answers with what it is asked for and with values made from that, the
same in each process; a resource keeps what it is given. What the double refuses, the release refuses, as far as the
schema's file is right. What it lets pass, the release may refuse: the double has no validators, conflicts, normalising
of JSON or CIDR blocks, errors of AWS, identities or functions, and knows few arguments that force replacement.

Of the package `tf` it takes the generated messages alone: its framework serves protocol 6 only, and keeps a private key
in the user's cache.
"""
