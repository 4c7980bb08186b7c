// What a program of the Go client `go-pagerduty` does with an account. Prints what it got as JSON.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/PagerDuty/go-pagerduty"
)

const ben = "ben@example.com"

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func refused(err error) []int {
	var answer pagerduty.APIError
	if !errors.As(err, &answer) {
		return nil
	}
	return []int{answer.StatusCode, answer.APIError.ErrorObject.Code}
}

func trusting(certificate string) *http.Client {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(must(os.ReadFile(certificate)))
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
}

func main() {
	url, token, certificate := os.Args[1], os.Args[2], os.Args[3]
	client := pagerduty.NewClient(token, pagerduty.WithAPIEndpoint(url), pagerduty.WithV2EventsAPIEndpoint(url))
	client.HTTPClient = trusting(certificate)
	ctx := context.Background()
	got := map[string]any{}

	sent := must(client.ManageEventWithContext(ctx, &pagerduty.V2Event{
		RoutingKey: "RPHIGH", Action: "trigger", DedupKey: "d1", Client: "go", ClientURL: "https://example.com/",
		Payload: &pagerduty.V2Payload{Summary: "Disk is full", Source: "db-1", Severity: "critical", Details: map[string]string{"disk": "sda"}},
	}))
	got["sent"] = sent.Status
	listed := must(client.ListIncidentsWithContext(ctx, pagerduty.ListIncidentsOptions{
		Statuses: []string{"triggered"}, Includes: []string{"services", "assignees"}, Since: "2026-03-01", Until: "2026-03-03", TimeZone: "UTC", Total: true,
	}))
	monitored := listed.Incidents[0].ID
	got["monitored"] = []any{listed.Incidents[0].Title, listed.Total}

	made := must(client.CreateIncidentWithContext(ctx, ben, &pagerduty.CreateIncidentOptions{
		Title: "By hand", Urgency: "high", IncidentKey: "k1",
		Service:     &pagerduty.APIReference{ID: "PHIGH", Type: "service_reference"},
		Priority:    &pagerduty.APIReference{ID: "PP1", Type: "priority_reference"},
		Body:        &pagerduty.APIDetails{Type: "incident_body", Details: "It hums."},
		Assignments: []pagerduty.Assignee{{Assignee: pagerduty.APIObject{ID: "PCARLA", Type: "user_reference"}}},
	}))
	got["opened"] = []string{made.IncidentKey, made.Priority.ID, made.Assignments[0].Assignee.ID}
	manage := func(change pagerduty.ManageIncidentsOptions) pagerduty.Incident {
		change.ID = made.ID
		return must(client.ManageIncidentsWithContext(ctx, ben, []pagerduty.ManageIncidentsOptions{change})).Incidents[0]
	}
	got["acknowledged"] = manage(pagerduty.ManageIncidentsOptions{Status: "acknowledged"}).Status
	got["assignee"] = manage(pagerduty.ManageIncidentsOptions{
		Assignments: []pagerduty.Assignee{{Assignee: pagerduty.APIObject{ID: "PBEN", Type: "user_reference"}}},
	}).Assignments[0].Assignee.ID
	got["policy"] = manage(pagerduty.ManageIncidentsOptions{
		EscalationPolicy: &pagerduty.APIReference{ID: "POTHER", Type: "escalation_policy_reference"},
	}).EscalationPolicy.ID
	got["resolved"] = manage(pagerduty.ManageIncidentsOptions{Status: "resolved", Resolution: "Done."}).Status
	must(client.CreateIncidentNoteWithContext(ctx, made.ID, pagerduty.IncidentNote{
		Content: "Looking.", User: pagerduty.APIObject{Summary: ben},
	}))
	got["notes"] = must(client.ListIncidentNotesWithContext(ctx, made.ID))[0].Content

	alerts := must(client.ListIncidentAlertsWithContext(ctx, monitored, pagerduty.ListIncidentAlertsOptions{})).Alerts
	got["alert"] = must(client.GetIncidentAlertWithContext(ctx, monitored, alerts[0].ID)).IncidentAlert.AlertKey
	entries := must(client.ListIncidentLogEntriesWithContext(ctx, monitored, pagerduty.ListIncidentLogEntriesOptions{
		Includes: []string{"channels"}, IsOverview: true, TimeZone: "UTC",
	})).LogEntries
	entry := must(client.GetLogEntryWithContext(ctx, entries[0].ID, pagerduty.GetLogEntryOptions{TimeZone: "UTC", Includes: []string{"channels"}}))
	got["entry"] = entry.ID == entries[0].ID

	users := must(client.ListUsersWithContext(ctx, pagerduty.ListUsersOptions{Query: ben})).Users
	got["found"] = users[0].ID
	got["services"] = len(must(client.ListServicesPaginated(ctx, pagerduty.ListServiceOptions{})))
	service := must(client.GetServiceWithContext(ctx, "PHIGH", &pagerduty.GetServiceOptions{Includes: []string{"integrations"}}))
	integration := must(client.GetIntegrationWithContext(ctx, "PHIGH", service.Integrations[0].ID, pagerduty.GetIntegrationOptions{}))
	got["integration"] = integration.IntegrationKey
	onCall := must(client.ListOnCallsWithContext(ctx, pagerduty.ListOnCallOptions{EscalationPolicyIDs: []string{"PPOLICY"}, Earliest: true}))
	got["onCall"] = onCall.OnCalls[0].User.ID
	must(client.GetScheduleWithContext(ctx, "PNOBODY", pagerduty.GetScheduleOptions{Since: "2026-03-02", Until: "2026-03-09", TimeZone: "UTC"}))

	_, err := client.GetIncidentWithContext(ctx, "QNOWHERE")
	got["unknownIncident"] = refused(err)
	_, err = client.ListIncidentsWithContext(ctx, pagerduty.ListIncidentsOptions{TeamIDs: []string{"PTEAM"}})
	got["notPlayed"] = refused(err)
	if err := json.NewEncoder(os.Stdout).Encode(got); err != nil {
		os.Exit(1)
	}
}
