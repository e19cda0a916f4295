"""Networks that are right and call none of the blocks that the lesson names."""

import ast
from collections.abc import Mapping


def renamed(network: str, blocks: Mapping[str, str], names: Mapping[str, str]) -> str:
    """A network beside copies of its blocks that bear other names.

    Args:
        network: source of the network's function or class.
        blocks: source of each block that it calls, by name.
        names: the other name of each.
    """
    text = "\n\n".join([*blocks.values(), network])
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def nested(network: str, blocks: Mapping[str, str]) -> str:
    """A network whose blocks are defined inside of it, under names of its own.

    Args:
        network: source of the network's function or class.
        blocks: source of each block that it calls, by name.
    """
    names = {name: f"inner_{name}" for name in blocks}
    (definition,) = ast.parse(renamed(network, {}, names)).body
    inner = ast.parse(renamed("", blocks, names)).body
    if isinstance(definition, ast.ClassDef):
        methods = (node for node in definition.body if isinstance(node, ast.FunctionDef))
        next(method for method in methods if method.name == "__init__").body[:0] = inner
    else:
        assert isinstance(definition, ast.FunctionDef)
        definition.body[:0] = inner
    return ast.unparse(ast.fix_missing_locations(definition))
