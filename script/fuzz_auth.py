"""Signs Schemathesis in as the role in FUZZ_ROLE, and again before a token runs out (SCHEMATHESIS_HOOKS)."""

import json
import os
import urllib.request

import schemathesis

ROLE = os.environ.get("FUZZ_ROLE", "")


def token() -> str:
    with open(os.environ["LIANGNUO_E2E_ACCOUNTS"], encoding="utf-8") as file:
        account = next(account for account in json.load(file) if account["role"] == ROLE)
    body = json.dumps({"login": account["login"], "password": account["password"]}).encode()
    url = os.environ["LIANGNUO_E2E_URL"] + "/api/v1/auth/login"
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)["access_token"]


if ROLE:

    @schemathesis.auth(refresh_interval=300)
    class Login:
        def get(self, case, context):
            return token()

        def set(self, case, data, context):
            case.headers = case.headers or {}
            case.headers["Authorization"] = f"Bearer {data}"
