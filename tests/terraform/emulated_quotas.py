"""The quotas of the emulated AWS. Gap: moto (5.2.1 to 5.2.5) has no ListServiceQuotas.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
"""

from __future__ import annotations

import json

from moto.servicequotas import urls
from moto.servicequotas.responses import ServiceQuotasResponse

QUOTAS = {
    "L-29B6F2EB": ("Interface VPC endpoints per VPC", 50.0),
    "L-1B52E74A": ("Gateway VPC endpoints per Region", 20.0),
}
"""The quotas on endpoints by their codes: their names, and AWS's defaults.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html
"""


class Quotas(ServiceQuotasResponse):
    """moto's Service Quotas API with its gap closed."""

    def list_service_quotas(self) -> str:
        """Answer ListServiceQuotas, one quota a page."""
        asked = json.loads(self.body)
        page = int(asked.get("NextToken", "0"))
        code, (name, value) = list(QUOTAS.items())[page]
        quota = {"ServiceCode": asked["ServiceCode"], "QuotaCode": code, "QuotaName": name, "Value": value}
        more = {"NextToken": str(page + 1)} if page + 1 < len(QUOTAS) else {}
        return json.dumps({"Quotas": [quota], **more})


def serve_quotas() -> None:
    """Put this API in the place of moto's."""
    urls.url_paths["{0}/$"] = Quotas.dispatch
