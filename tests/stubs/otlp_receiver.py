"""A receiver of OTLP/HTTP logs made of the official protobuf classes (opentelemetry-proto), as the text of a program:
it runs in a Python that has them, which the tests' own need not. Writes its port, then one line of JSON for every log
record. Takes both encodings and gzip, and says 400 to what cannot be read."""

CODE = """
import gzip, json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        kind = self.headers.get("Content-Type")
        if self.path != "/v1/logs":
            return self.told(404, b"", "text/plain")
        try:
            if kind == "application/x-protobuf":
                request = ExportLogsServiceRequest.FromString(body)
                answer = ExportLogsServiceResponse().SerializeToString()
            else:
                request = json_format.Parse(body, ExportLogsServiceRequest())
                answer = b"{}"
        except (DecodeError, json_format.ParseError):
            return self.told(400, b'{"message":"cannot be read"}', "application/json")
        for resource in request.resource_logs:
            for scope in resource.scope_logs:
                for record in scope.log_records:
                    told = json_format.MessageToDict(record)
                    told["resource"] = json_format.MessageToDict(resource.resource)
                    print(json.dumps(told), flush=True)
        self.told(200, answer, kind)

    def told(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""
