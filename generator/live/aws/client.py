"""A client of AWS by the ways in which AWS's own tools find credentials, and what to do where AWS does not answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore import exceptions
from botocore.config import Config
from botocore.parsers import ResponseParserError
from botocore.session import get_session

from generator.live.aws import NO_AWS, bounds
from generator.source.diagnostics import Place, Refused
from generator.source.frozen import frozen

# 28 seconds in all, with what lies between the attempts, of a server that says nothing
_CONFIG = Config(connect_timeout=8, read_timeout=8, retries={"mode": "standard", "total_max_attempts": 3})
_MAKING = Lock()
"""Threads may share a client, and not the session that makes it.

https://boto3.amazonaws.com/v1/documentation/api/latest/guide/session.html
"""
_LONGEST = 300  # characters
_NOT_MEANT = (ValueError, LookupError, TypeError, AttributeError)
"""What botocore raises for a URL that is none, and for half an answer."""
_LOG_IN = "aws sso login or aws configure, then the same again, with --profile NAME for another profile"
NOT_AWS = "what answers there is not AWS, or boto3 is old: check --endpoint-url, the Region's spelling and the proxy"
_AGAIN = "the same again in a minute; if it stays so, check the network, the proxy and --endpoint-url"
_SILENT = (exceptions.ReadTimeoutError, exceptions.ConnectTimeoutError, exceptions.ConnectionClosedError)
_FIXES: tuple[tuple[type[Exception], str], ...] = (
    *((kind, _AGAIN) for kind in _SILENT),
    (bounds.SlowAnswerError, _AGAIN),
    (exceptions.ProfileNotFound, "aws configure list-profiles shows what there is"),
    (exceptions.NoCredentialsError, _LOG_IN),
    (exceptions.PartialCredentialsError, _LOG_IN),
    (exceptions.CredentialRetrievalError, _LOG_IN),
    (exceptions.SSOError, _LOG_IN),
    (exceptions.TokenRetrievalError, _LOG_IN),
    (exceptions.LoginError, _LOG_IN),
    (exceptions.InvalidConfigError, "check --endpoint-url, AWS_ENDPOINT_URL and the AWS configuration"),
    (exceptions.ConnectionError, "check the Region's spelling, the network and the proxy"),
    (exceptions.HTTPClientError, "check the network, the proxy and --endpoint-url: what is there does not answer"),
    *((kind, NOT_AWS) for kind in (bounds.EndlessAnswerError, ResponseParserError, *_NOT_MEANT)),
)
_DENIED = re.compile(r"AccessDenied|Unauthorized|NotAuthorized|^403$")
_BUSY = re.compile(r"Throttl|LimitExceeded|TooManyRequests|RequestTimeout|Unavailable|^Internal")
_NO_LOGIN = re.compile(
    r"^(AuthFailure|RequestExpired|SignatureDoesNotMatch|InvalidAccessKeyId|UnrecognizedClient(Exception)?"
    r"|(Expired|Invalid|InvalidClient|MissingAuthentication)Token(Id|Exception)?)$"
)
"""AWS's codes of what is not allowed, what another time is, and credentials that are not valid.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonErrors.html and query-api-troubleshooting.html
(checked 2026-11-28)
"""
_SERVER = 500


@frozen(kw_only=True)
class Access:
    """How AWS is reached: the Region, and what the command line says of the profile and the API's URL."""

    region: str
    profile: str | None = None
    endpoint_url: str | None = None
    made: dict[str, Any] = field(default_factory=dict, compare=False)
    """The profile's session, and its clients by Region and service."""

    def client(self, service: str) -> Any:
        """Return a client, made once; raises what boto3 raises, as for a profile that there is not."""
        with _MAKING:
            if not self.made:
                core = get_session()
                core.set_default_client_config(_CONFIG)  # of those too that botocore makes to get credentials
                session = boto3.Session(botocore_session=core, profile_name=self.profile, region_name=self.region)
                bounds.bound(session)
                if credentials := session.get_credentials():
                    credentials.get_frozen_credentials()
                self.made[""] = session
            if (key := f"{self.region} {service}") not in self.made:
                self.made[key] = self._make(service)
            return self.made[key]

    def _make(self, service: str) -> Any:
        try:
            made = self.made[""].client(
                service, region_name=self.region, endpoint_url=self.endpoint_url, config=_CONFIG
            )
            _ = urlsplit(made.meta.endpoint_url).port  # ValueError too, which botocore raises as it asks
        except ValueError as error:
            raise exceptions.InvalidConfigError(error_msg=f"no client of {service} can be made: {error}") from error
        return made

    @property
    def place(self) -> Place:
        """Where what AWS does not tell is looked for."""
        return Place(f"AWS {self.region}{f' as {self.profile}' if self.profile else ''}")

    @property
    def config(self) -> Config:
        """The patience that a person at a terminal has."""
        return _CONFIG


@contextmanager
def explained(access: Access, action: str) -> Iterator[None]:
    """Turn what boto3 raises while AWS is asked for `action` (as `ec2:DescribeVpcs`) into a finding (E278)."""
    try:
        yield
    except (exceptions.BotoCoreError, exceptions.ClientError, ResponseParserError, *_NOT_MEANT) as error:
        fix = next((fix for kind, fix in _FIXES if isinstance(error, kind)), "")
        fix = _fix(error.response, action) if isinstance(error, exceptions.ClientError) else fix
        raise Refused([NO_AWS.at(access.place, _reason(error), fix)]) from error


def _fix(response: Mapping[str, Any], action: str) -> str:
    """Return what helps where AWS answers with an error, by its code, else by the answer's status."""
    code = str(response.get("Error", {}).get("Code", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if _DENIED.search(code):
        return f"allow {action}"
    if _NO_LOGIN.search(code):
        return _LOG_IN
    if _BUSY.search(code) or status >= _SERVER:
        return _AGAIN
    return f"the credentials must be valid, and allow {action} in the Region"


def _reason(error: Exception) -> str:
    """Return what an error says, without the page that a proxy may have answered with."""
    text = " ".join(str(error).split())
    text = f"the answer can't be read: {type(error).__name__} {text}" if isinstance(error, _NOT_MEANT) else text
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
