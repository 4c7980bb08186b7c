"""What a program of the PyPI client `pagerduty` does with an account. Prints what it got as JSON."""

import json
import ssl
import sys

from pagerduty import EventsApiV2Client, HttpError, RestApiV2Client

url, token, certificate = sys.argv[1:]
trust = ssl.create_default_context(cafile=certificate)
client = RestApiV2Client(token, default_from="ben@example.com", base_url=url, verify=trust)
events = EventsApiV2Client("RPHIGH", base_url=url, verify=trust)


def refused(work):
    try:
        work()
        return None
    except HttpError as error:
        return [error.response.status_code, error.response.json()["error"]["code"]]


dedup_key = events.trigger("Disk is full", "db-1", severity="critical", custom_details={"disk": "sda"})
events.submit("Deployed 1.2", source="ci", timestamp="2026-03-02T02:00:00Z")
monitored = client.rget("incidents", params={"statuses[]": ["triggered"]})[0]
made = client.rpost(
    "incidents",
    json={
        "type": "incident",
        "title": "By hand",
        "service": {"id": "PHIGH", "type": "service_reference"},
        "assignments": [{"assignee": {"id": "PCARLA", "type": "user_reference"}}],
        "body": {"type": "incident_body", "details": "It hums."},
    },
)
client.rpost(f"incidents/{made['id']}/notes", json={"content": "Looking."})
acknowledged = client.rput(made, json={"type": "incident_reference", "status": "acknowledged"})
print(
    json.dumps(
        {
            "dedupKey": dedup_key,
            "monitored": [monitored["title"], monitored["incident_key"]],
            "alerts": [alert["alert_key"] for alert in client.iter_all(f"incidents/{monitored['id']}/alerts")],
            "assignees": [one["assignee"]["id"] for one in made["assignments"]],
            "acknowledged": acknowledged["status"],
            "found": client.find("users", "carla@example.com", attribute="email")["id"],
            "users": sorted(user["id"] for user in client.iter_all("users", page_size=2)),
            "links": [client.rget(made)["id"] == made["id"], client.rget(made["service"])["name"] == "High"],
            "notes": [note["content"] for note in client.rget(f"incidents/{made['id']}/notes")],
            "logEntries": [
                entry["type"] for entry in client.iter_all(f"incidents/{made['id']}/log_entries", params={"is_overview": "true"})
            ],
            "changes": [change["summary"] for change in client.list_all("services/PHIGH/change_events")],
            "resolved": events.resolve(dedup_key) and client.rget(f"incidents/{monitored['id']}")["status"],
            "unknownIncident": refused(lambda: client.rget("incidents/QNOWHERE")),
            "notPlayed": refused(lambda: client.rget("incidents", params={"team_ids[]": ["PTEAM"]})),
            "access": client.api_key_access,
        }
    )
)
