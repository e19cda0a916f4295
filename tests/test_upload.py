"""The upload button of lesson 1, in a real kernel that is spoken to as a page does."""

import io
from pathlib import Path

import nbformat
import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from PIL import Image

LESSON = Path(__file__).resolve().parents[1] / "solutions" / "01_residual_networks"
CODE = """
import numpy as np
from resnets_utils import upload_image

class Dark:
    \"\"\"Says 5 of a white picture and 0 of a black one, and counts its calls.\"\"\"
    calls = 0

    def predict(self, images, verbose):
        assert images.shape == (2, 64, 64, 3) and images.dtype == "float32"
        self.calls += 1
        light = images.mean(axis=(1, 2, 3))
        return np.array([1 - light, *[0 * light] * 4, light]).T

model = Dark()
upload_image(model)
"""


class Page:
    """A page's half of the button: it opens on `CODE` and sends pictures."""

    def __init__(self, client):
        self.client = client
        self.comms = {}
        self.shown = []
        self.redraws = 0
        self.run(client.execute(CODE))
        self.button = self.widget("FileUploadModel")
        self.output = self.widget("OutputModel")

    def widget(self, name):
        (found,) = [c for c, s in self.comms.items() if s.get("_model_name") == name]
        return found

    def run(self, sent):
        """Takes in what the kernel answers to one message."""
        hook = ""
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            if kind in ("comm_open", "comm_msg"):
                state = content["data"].get("state", {})
                self.comms.setdefault(content["comm_id"], {}).update(state)
                hook = state.get("msg_id", hook)
            elif kind == "clear_output":
                assert content["wait"]
                self.shown, self.redraws = [], self.redraws + 1
            elif kind in ("stream", "display_data"):
                shown = content.get("text") or content["data"]
                inside = "application/vnd.jupyter.widget-view+json" not in shown
                assert (hook == sent) == inside, (
                    "the Output widget holds all but itself"
                )
                self.shown.append(shown)
            else:
                assert kind in ("status", "execute_input"), content

    def upload(self, name, data):
        file = {"name": name, "type": "", "size": len(data), "last_modified": 0}
        content = {
            "comm_id": self.button,
            "data": {
                "method": "update",
                "state": {"value": [file]},
                "buffer_paths": [["value", 0, "content"]],
            },
        }
        message = self.client.session.msg("comm_msg", content)
        self.client.session.send(
            self.client.shell_channel.socket,
            message,
            buffers=[data],
        )
        self.run(message["header"]["msg_id"])
        return self.shown


@pytest.fixture(scope="module")
def page():
    manager, client = start_new_kernel(cwd=str(LESSON))
    try:
        yield Page(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def encoded(color, size=(300, 200), kind="JPEG", **options):
    data = io.BytesIO()
    Image.new("RGB", size, color).save(data, kind, **options)
    return data.getvalue()


def plots(shown):
    return [each for each in shown if "image/png" in each]


def texts(shown):
    return "".join(each for each in shown if isinstance(each, str))


@pytest.mark.slow
def test_each_picture_takes_the_place_of_the_one_before(page):
    before = page.redraws
    for times, (color, number) in enumerate([("white", 5), ("black", 0)] * 2, 1):
        shown = page.upload("hand.jpg", encoded(color))
        assert f"is sure: it sees a {number}" in texts(shown)
        assert len(plots(shown)) == 1
        assert page.redraws == before + times


@pytest.mark.slow
def test_the_same_picture_can_be_chosen_again(page):
    data = encoded("white")
    assert plots(page.upload("hand.jpg", data))
    before = page.redraws
    assert plots(page.upload("hand.jpg", data))
    assert page.redraws == before + 1
    assert page.comms[page.button]["value"] == []


@pytest.mark.slow
def test_what_is_no_picture_is_told_in_a_line_and_the_next_one_works(page):
    noise = np.random.default_rng(0).integers(0, 256, (80, 80, 3), dtype=np.uint8)
    cut = io.BytesIO()
    Image.fromarray(noise).save(cut, "PNG")
    heic = b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(200)
    for data, words in [
        (b"five fingers", "hand.xyz cannot be read as a picture: save it as JPEG"),
        (cut.getvalue()[:4000], "hand.xyz cannot be read as a picture"),
        (heic, "hand.xyz is an HEIC picture, as iPhones take them: save it as JPEG"),
        (b"\n<!DOCTYPE html>", "hand.xyz is a web page: open the picture alone"),
        (encoded("white", (10_000, 10_000), "PNG"), "hand.xyz has too many pixels"),
        (b"", "hand.xyz is empty"),
    ]:
        shown = page.upload("hand.xyz", data)
        assert words in texts(shown)
        assert texts(shown).count("\n") == 1
        assert plots(shown) == []
    assert plots(page.upload("hand.jpg", encoded("white")))


@pytest.mark.slow
def test_a_telephones_picture_is_turned_upright(page):
    exif = Image.Exif()
    exif[0x0112] = 6
    page.upload("hand.jpg", encoded("black", (40, 90), exif=exif))
    assert "it sees a 0" in texts(page.shown)


@pytest.mark.slow
def test_without_a_page_the_button_is_drawn_and_nothing_else_happens(tmp_path):
    cell = nbformat.v4.new_code_cell(CODE)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, resources={"metadata": {"path": str(LESSON)}}).execute()
    (out,) = cell.outputs
    assert "application/vnd.jupyter.widget-view+json" in out.data
    assert "FileUpload" in out.data["text/plain"]
