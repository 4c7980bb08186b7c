# Keeps the contract of Vertex AI's prebuilt XGBoost container around the real xgboost: its environment variables, its health and prediction
# routes, instances and predictions (https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements; the predictor
# is google-cloud-aiplatform's, prediction/xgboost/predictor.py: a Booster of model.bst, and a DMatrix of what was sent).
import json, os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import xgboost

folder = os.environ["AIP_STORAGE_URI"]
health, predict = os.environ["AIP_HEALTH_ROUTE"], os.environ["AIP_PREDICT_ROUTE"]
booster = xgboost.Booster(model_file=os.path.join(folder, "model.bst"))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer(200, {}) if self.path == health else self.answer(404, {"detail": "Not Found"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != predict:
            return self.answer(404, {"detail": "Not Found"})
        try:
            instances = json.loads(body)["instances"]
            self.answer(200, {"predictions": booster.predict(xgboost.DMatrix(instances)).tolist()})
        except (KeyError, ValueError, xgboost.core.XGBoostError) as error:
            self.answer(400, {"error": str(error)})

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["AIP_HTTP_PORT"])), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
