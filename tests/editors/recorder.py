"""A language server that can nothing but start and stop: it writes what it is started with into the
file that its argument names."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def serve(record: Path) -> None:
    while True:
        length = 0
        while line := sys.stdin.buffer.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if not length:
            return
        message = json.loads(sys.stdin.buffer.read(length))
        if message["method"] == "initialize":
            options = message["params"]["initializationOptions"]
            record.write_text(json.dumps(options), encoding="utf-8")
        if "id" in message:
            result = {"capabilities": {}} if message["method"] == "initialize" else None
            answer = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result})
            sys.stdout.write(f"Content-Length: {len(answer)}\r\n\r\n{answer}")
            sys.stdout.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
