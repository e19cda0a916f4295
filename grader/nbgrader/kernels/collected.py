"""What a kernel sends upon one request, as far as grading reads it."""

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

#: what an object takes beside its text
_OBJECT = 64
#: outputs that are kept of a cell, and characters of each
_MOST_OUTPUTS, _LONGEST_TEXT = 100, 10_000


class Collected:
    """What a request has sent so far.

    Args:
        request: its number.
        mime_type: of the displays to collect.
        keep: whether outputs are collected, too, as a notebook has them.
    """

    def __init__(self, request: str, mime_type: str, keep: bool = False):
        self._request = request
        self._mime_type = mime_type
        self._keep = keep
        self.displays: list[Any] = []
        self.outputs: list[NotebookNode] = []
        self.error = ""
        self.size = 0
        self.idle = False

    def add(self, message: dict[str, Any]) -> None:
        """Takes a message, of this request or of another."""
        content = message["content"]
        self.size += _size(content)
        if message["parent_header"].get("msg_id") != self._request:
            return
        kind = message["msg_type"]
        if kind == "status":
            self.idle = content.get("execution_state") == "idle"
        elif kind == "display_data" and self._mime_type in content.get("data", {}):
            self.displays.append(content["data"][self._mime_type])
        elif kind == "error":
            self._raised(content)
        elif self._keep and kind == "stream":
            name = "stderr" if content.get("name") == "stderr" else "stdout"
            text = str(content.get("text", ""))[:_LONGEST_TEXT]
            self._output(new_output("stream", name=name, text=text))
        elif self._keep and kind == "execute_result":
            text = str(content.get("data", {}).get("text/plain", ""))[:_LONGEST_TEXT]
            self._output(new_output("execute_result", data={"text/plain": text}))

    def answer(self, reply: dict[str, Any]) -> None:
        """Takes the answer to the request: it knows of errors that nothing showed."""
        if reply.get("status") != "ok" and not self.error:
            silent = {
                "ename": "Error",
                "evalue": "The kernel did not say how it ended.",
            }
            self._raised({**silent, "traceback": [], **reply})

    def _raised(self, content: dict[str, Any]) -> None:
        ename, evalue = str(content.get("ename")), str(content.get("evalue"))
        self.error = f"{ename}: {evalue}"[:2000]
        if self._keep:
            shown = list(content.get("traceback", ()))[:_MOST_OUTPUTS]
            lines = [str(line)[:_LONGEST_TEXT] for line in shown]
            named = {"ename": ename[:_LONGEST_TEXT], "evalue": evalue[:_LONGEST_TEXT]}
            self._output(new_output("error", **named, traceback=lines))

    def _output(self, output: NotebookNode) -> None:
        """Keeps an output; of many the first of each kind, which decides a mark."""
        kinds = ((other.output_type, other.get("name")) for other in self.outputs)
        kind = (output.output_type, output.get("name"))
        if len(self.outputs) < _MOST_OUTPUTS or kind not in kinds:
            self.outputs.append(output)


def _size(content: Any) -> int:
    """Characters of text in a message, and what else takes room, about."""
    if isinstance(content, str):
        return len(content) + _OBJECT
    if isinstance(content, dict):
        return sum(_size(k) + _size(v) for k, v in content.items()) + _OBJECT
    if isinstance(content, list):
        return sum(_size(value) for value in content) + _OBJECT
    return _OBJECT
