#!/bin/sh
# pagerduty 7.2.0 (PyPI), PagerDuty's own client, on a list of 12,000 incidents: `for incident in client.iter_all("incidents")`.
# Behaviour: it asks for offsets up to 9,900 and then ends the loop as if there were no more. Nothing is raised: a Python warning says so, which
# programs that log to JSON or run under `-W ignore` never show, and `list_all` gives the same short list.
# Output seen: 10000 incidents, 100 requests, one UserWarning.
# A good guess: an exception, as for every other answer that the API would refuse, or the rest by cursor. A history that was exported by it
# ends 10,000 incidents after its beginning, and looks whole; `more` was true in the last answer.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${PYTHON:-}" ]; then python=$PYTHON; else
  python3 -m venv "$folder/venv"
  python=$folder/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check pagerduty==7.2.0
fi
cd "$folder"
# The client takes HTTPS alone.
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 2 -subj /CN=localhost \
  -addext "subjectAltName=DNS:localhost" 2>/dev/null
SSL_CERT_FILE=$folder/certificate.pem REQUESTS_CA_BUNDLE=$folder/certificate.pem "$python" - <<'PYTHON'
import json
import ssl
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse
import pagerduty

THERE = 12_000
asked = []

class Incidents(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        query = parse_qs(urlparse(self.path).query)
        offset, limit = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["25"])[0])
        more = offset + limit < THERE
        asked.append((offset, more))
        incidents = [{"id": f"P{i}"} for i in range(offset, min(THERE, offset + limit))]
        body = json.dumps({"incidents": incidents, "offset": offset, "limit": limit, "more": more, "total": None}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = ThreadingHTTPServer(("127.0.0.1", 0), Incidents)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("certificate.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = pagerduty.RestApiV2Client("none-" * 4)
client.url = f"https://localhost:{server.server_port}"
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    got = sum(1 for _ in client.iter_all("incidents"))
print(got, "incidents,", len(asked), "requests, last", asked[-1], [one.category.__name__ for one in told])
assert got == 10_000 and asked[-1] == (9_900, True)
assert [one.category.__name__ for one in told] == ["UserWarning"]
PYTHON
echo "still so"
