"""What an assistant does with an account through PyPI's `pagerduty-mcp`. Prints what it got as JSON."""

import asyncio
import json
import os
import sys
from pathlib import Path

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

url, token, certificate = sys.argv[1:]
server = StdioServerParameters(
    command=str(Path(sys.executable).with_name("pagerduty-mcp")),
    args=["--enable-write-tools"],
    env={
        **os.environ,
        "PAGERDUTY_USER_API_KEY": token,
        "PAGERDUTY_API_HOST": url,
        "REQUESTS_CA_BUNDLE": certificate,
        "SSL_CERT_FILE": certificate,
    },
)


async def main():
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()

        async def call(tool, **arguments):
            answer = await session.call_tool(tool, arguments)
            text = "".join(getattr(part, "text", "") for part in answer.content)
            if answer.isError:
                raise RuntimeError(text)
            return json.loads(text)

        async def refused(tool, **arguments):
            try:
                await call(tool, **arguments)
                return None
            except RuntimeError as error:
                return "2100" in str(error) or "2001" in str(error)

        made = await call(
            "create_incident",
            incident={"title": "By hand", "service": {"id": "PHIGH"}, "urgency": "high", "body": {"details": "It hums."}},
        )

        async def manage(**change):
            answer = await call("manage_incidents", manage_request={"incident_ids": [made["id"]], **change})
            return answer["response"][0]

        note = await call("add_note_to_incident", incident_id=made["id"], note="Looking.")
        by_number = await call("get_incident", incident_id=str(made["incident_number"]))
        assigned = await manage(assignement={"id": "PBEN"})
        got = {
            "user": (await call("get_user_data"))["id"],
            "opened": made["status"],
            "listed": [one["id"] == made["id"] for one in (await call("list_incidents", statuses=["triggered"]))["response"]],
            "byNumber": by_number["id"] == made["id"],
            "noteOf": note["user"]["id"],
            "notes": [one["content"] for one in (await call("list_incident_notes", incident_id=made["id"]))["response"]],
            "assignees": [one["assignee"]["id"] for one in assigned["assignments"]],
            "lowered": (await manage(urgency="low"))["status"],
            "acknowledged": (await manage(status="acknowledged"))["status"],
            "resolved": (await manage(status="resolved"))["status"],
            "alerts": [one["summary"] for one in (await call("list_alerts_from_incident", incident_id=made["id"]))["response"]],
            "found": [one["id"] for one in (await call("list_users", query="carla@"))["response"]],
            "service": (await call("get_service", service_id="PHIGH"))["name"],
            "policy": len((await call("get_escalation_policy", policy_id="PPOLICY"))["escalation_rules"]),
            "onCall": (await call("list_oncalls", escalation_policy_ids=["PPOLICY"], earliest=True))["response"][0]["user"]["id"],
            "schedule": (await call("get_schedule", schedule_id="PNOBODY"))["name"],
            "orchestrations": (await call("list_event_orchestrations"))["response"],
            "unknownIncident": await refused("get_incident", incident_id="QNOWHERE"),
            "notPlayed": await refused("get_past_incidents", incident_id=made["id"], query_model={}),
        }
        print(json.dumps(got))


asyncio.run(main())
