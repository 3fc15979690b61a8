# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: reads and writes YAML where PyYAML is installed: on the controller, and on hosts that have it."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Tuple

try:
    import yaml
except ImportError:
    HAS_YAML = False
else:
    HAS_YAML = True

MISSING = "PyYAML is not installed where the task runs"


class YamlError(ValueError):
    """A text is no YAML, or there is no PyYAML; ``line`` is where it was seen, from 1."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


def documents(text: str) -> Iterator[Tuple[Any, Dict[Tuple[Any, ...], int]]]:
    """Yield each document of a text with the lines of its keys and entries; raises YamlError.

    Tags that YAML itself does not have are ignored.
    """
    if not HAS_YAML:
        raise YamlError(MISSING)
    loader = None
    try:
        loader = _loader()(text)
        while loader.check_node():
            node = loader.get_node()
            yield loader.construct_document(node), _lines(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise YamlError(
            str(getattr(error, "problem", None) or getattr(error, "reason", "no YAML"))[:200],
            mark.line + 1 if mark else 1,
        ) from None
    except RecursionError:
        raise YamlError("it is nested too deeply") from None
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        raise YamlError("a value cannot be read: %s" % type(error).__name__) from None
    finally:
        if loader is not None:
            loader.dispose()


def written(found: Any) -> str:
    """Return a document as YAML; raises YamlError."""
    if not HAS_YAML:
        raise YamlError(MISSING)
    text: str = yaml.safe_dump(found, sort_keys=False, allow_unicode=True, default_flow_style=False, width=120)
    return text


def _loader() -> Any:
    class Loader(yaml.SafeLoader):
        """Reads any tag as the plain value below it."""

    def plain(loader: Any, _suffix: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Loader.add_multi_constructor("", plain)
    return Loader


def _lines(root: Any) -> Dict[Tuple[Any, ...], int]:
    """Return the line of each pointer. An alias is not followed twice: its lines are those of its anchor."""
    found: Dict[Tuple[Any, ...], int] = {}
    stack: List[Tuple[Any, Tuple[Any, ...]]] = [(root, ())]
    seen = set()
    while stack and len(found) < 200000:
        node, at = stack.pop()
        found.setdefault(at, node.start_mark.line + 1)
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    found[(*at, key.value)] = key.start_mark.line + 1
                    stack.append((value, (*at, key.value)))
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((value, (*at, number)) for number, value in enumerate(node.value))
    return found
