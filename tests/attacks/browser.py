"""Code for the instructor's browser: it runs if a page's title becomes the alarm."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from tests.attacks.attack import Attack, Scene

ALARM = "pwned by a page"
#: in a file's name: no slash, and in an attribute without quotes no space
_QUOTELESS = f"document.title=`{ALARM}`".replace(" ", "\\x20")
_RUN = f"document.title='{ALARM}';try{{top.document.title='{ALARM}'}}catch(e){{}}"


def _markdown(*texts: str):
    def build(scene: Scene):
        notebook = scene.silent()
        for number, text in enumerate(texts):
            cell = new_markdown_cell(text.replace("RUN", _RUN))
            notebook.cells.insert(2 * number, cell)
        return notebook

    return build


def _outputs(scene: Scene):
    notebook = scene.silent()
    page = f'<script>{_RUN}</script><img src=x onerror="{_RUN}">'
    bundle = {
        "text/html": page,
        "application/javascript": _RUN,
        "image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{_RUN}\"/>",
        "text/markdown": page,
        "text/latex": f"$\\href{{javascript:{_RUN}}}{{x}}$",
        "text/plain": page,
    }
    for kind, text in bundle.items():
        output = new_output("display_data", {kind: text})
        result = new_output("execute_result", {kind: text}, execution_count=1)
        notebook.cells.append(new_code_cell("1", outputs=[output, result]))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [new_output("display_data", bundle)]
    return notebook


def _shown_by_function(scene: Scene):
    return scene.attacking(f"""
        from IPython.display import HTML, Javascript, SVG, display
        code = {_RUN!r}
        page = "<script>" + code + "</script><img src=x onerror=\\"" + code + "\\">"
        display(HTML(page), Javascript(code))
        print(page)
        raise RuntimeError(page)
        """)


def _layer_names(scene: Scene):
    notebook = scene.solved("identity_block")
    cell = next(c for c in notebook.cells if "def identity_block" in c.source)
    page = f"<img src=x onerror='{_RUN}'><script>{_RUN}</script>".replace("/", "|")
    cell.source = cell.source.replace(
        'conv_name_base + "2a"', repr(page.replace('"', "'"))
    )
    assert "onerror" in cell.source
    return notebook


def _attachments(scene: Scene):
    notebook = scene.silent()
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{_RUN}\"/>"
    cell = new_markdown_cell("![x](attachment:a.svg) ![y](attachment:b.png)")
    cell.attachments = {
        "a.svg": {"image/svg+xml": svg},
        "b.png": {"image/png": f'x" onerror="{_RUN}'},
    }
    notebook.cells.insert(1, cell)
    return notebook


def _raw_cells(scene: Scene):
    notebook = scene.silent()
    page = f'<script>{_RUN}</script><img src=x onerror="{_RUN}">'
    for kind in ("text/html", "text/markdown", "text/latex", "raw", ""):
        cell = new_raw_cell(page)
        cell.metadata["raw_mimetype"] = kind
        cell.metadata["format"] = kind
        notebook.cells.insert(1, cell)
    return notebook


def _metadata(scene: Scene):
    notebook = scene.silent()
    page = f'</title></script><script>{_RUN}</script><img src=x onerror="{_RUN}">'
    notebook.metadata["title"] = page
    notebook.metadata["authors"] = [{"name": page}]
    notebook.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {page: page}}
    }
    notebook.metadata["language_info"] = {
        "name": page,
        "pygments_lexer": page,
        "codemirror_mode": page,
    }
    for cell in notebook.cells:
        cell.metadata["tags"] = [page.replace(" ", "")]
    notebook.cells[2].id = "x"
    return notebook


def _pages_beside(scene: Scene):
    notebook = scene.silent()
    page = f"<html xmlns='http://www.w3.org/1999/xhtml'><script>{_RUN}</script></html>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><script>{_RUN}</script></svg>"
    names = ("notes.html", "notes.xhtml", "notes.svg", "notes.xml", "NOTES.HTM")
    links = " ".join(f"[my notes]({name})" for name in names)
    notebook.cells.insert(1, new_markdown_cell(links))
    pages = {n: (svg if n.endswith("svg") else page).encode() for n in names}
    return {"residual_networks.ipynb": nbformat.writes(notebook).encode(), **pages}


def _names_of_files(scene: Scene):
    """Several files that could be the lesson's: their names are told."""
    solved = nbformat.writes(scene.solved()).encode()
    page = f"<img src=x onerror={_QUOTELESS}>"
    names = (f"{page}.ipynb", f"$\\href{{javascript:{_QUOTELESS}}}{{x}}$.ipynb")
    return dict.fromkeys(names, solved + b"\n") | {"a\n- zoe_zoe: 100.ipynb": solved}


def _names_of_folders(scene: Scene):
    solved = nbformat.writes(scene.solved()).encode()
    page = f"<img src=x onerror={_QUOTELESS}>"
    folders = (page, f"[x](javascript:{_QUOTELESS})")
    return {f"{folder}/residual_networks.ipynb": solved for folder in folders}


def _names_beside(scene: Scene):
    notebook = nbformat.writes(scene.silent()).encode()
    page = f"<img src=x onerror={_QUOTELESS}>"
    # a link is left out, and named
    links = {f"{page}{n}.txt": scene.root / "gone" for n in range(3)}
    return {"residual_networks.ipynb": notebook, f"{page}.txt": b"x", **links}


def _names_in_source(scene: Scene):
    """A function's name and an exception's text are told in reports and repairs."""
    page = f"<img src=x onerror={_QUOTELESS}>"
    return scene.attacking(f"raise type({page!r}, (Exception,), {{}})({page!r})")


def _slow_texts(scene: Scene):
    notebook = scene.silent()
    pieces = ["\\\\(", "\\begin{a}", "``` a\n", "$$ a "]
    for number, piece in enumerate([*pieces, *pieces[:1] * 4]):
        text = (piece * 50_000)[:49_000]
        notebook.cells.insert(number, new_markdown_cell(text))
    for piece in ("a.", "**"):
        notebook.cells.insert(2, new_code_cell((piece * 90_000)[:90_000]))
    notebook.cells += [new_code_cell("1") for _ in range(5_000)]
    return notebook


ATTACKS = (
    Attack(
        "scripts_in_markdown",
        "writes scripts, handlers and frames into Markdown cells",
        _markdown(
            "<script>RUN</script>",
            '<img src=x onerror="RUN">',
            '<svg onload="RUN"></svg><svg><script>RUN</script></svg>',
            '<iframe srcdoc="<script>RUN</script>"></iframe>',
            '<math><mi><mglyph><svg><mtext><style><img src=x onerror="RUN">',
            '<details open ontoggle="RUN">x</details><body onload="RUN">',
            '<style>@import "x";*{animation:x}</style><b style="x" onclick="RUN">x</b>',
            "`</code><script>RUN</script>`\n\n```html\n</pre><script>RUN</script>\n```",
            "<!--><script>RUN</script>-->",
            '$$\\style{x:"><script>RUN</script>}$$ $<img src=x onerror="RUN">$',
        ),
        chosen=True,
    ),
    Attack(
        "links_in_markdown",
        "writes links that are code",
        _markdown(
            "[x](javascript:RUN)",
            "<a href=' java\nscript:RUN'>x</a>",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](JaVaScRiPt&colon;RUN) [y](vbscript:x)",
            "[x]: javascript:RUN\n\n[x]",
            '<form action="javascript:RUN"><button formaction="javascript:RUN">'
            "<meta http-equiv=refresh content='0;url=javascript:RUN'>"
            "<base href='javascript:/'><object data='javascript:RUN'>"
            "<embed src='javascript:RUN'>",
            "$\\href{javascript:RUN}{x}$",
        ),
    ),
    Attack("scripts_in_outputs", "hands in outputs that are scripts", _outputs),
    Attack(
        "scripts_displayed",
        "displays and raises scripts while it is graded",
        _shown_by_function,
    ),
    Attack(
        "scripts_in_layer_names",
        "names its layers by scripts, which the report shows",
        _layer_names,
        deserves=30,
    ),
    Attack(
        "pages_beside_the_notebook",
        "hands in pages beside the notebook, and links to them",
        _pages_beside,
        chosen=True,
    ),
    Attack("scripts_in_attachments", "attaches pictures with scripts", _attachments),
    Attack("scripts_in_raw_cells", "has raw cells that are pages", _raw_cells),
    Attack(
        "scripts_in_metadata",
        "writes scripts where a page puts a notebook's metadata",
        _metadata,
    ),
    Attack(
        "markup_in_names_of_files",
        "hands in notebooks whose names are HTML, a formula and a line",
        _names_of_files,
        deserves=100,
        chosen=True,
    ),
    Attack(
        "markup_in_names_of_folders",
        "hands in notebooks in folders whose names are HTML and a link",
        _names_of_folders,
        deserves=100,
    ),
    Attack(
        "markup_in_names_beside",
        "hands in files and links beside the notebook whose names are HTML",
        _names_beside,
    ),
    Attack(
        "markup_in_names_of_types",
        "raises an exception whose type and text are HTML",
        _names_in_source,
    ),
    Attack(
        "slow_pages",
        "writes cells that take minutes to render, and thousands of them",
        _slow_texts,
    ),
)
