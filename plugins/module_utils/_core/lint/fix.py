# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule: what a message for the On-Premises API is on the Cloud API, as far as that can be known. Pure."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Dict, List, Mapping, Optional

from . import cloud_shapes, messages


def fixed(found: Mapping[str, Any], media: Optional[Mapping[str, str]] = None) -> Dict[str, Any]:
    """Return a copy of a message with the differences mended whose Cloud form is certain.

    ``media`` maps On-Premises media IDs to IDs of the Cloud API. What is left, :func:`messages.check` finds in the
    copy.
    """
    message: Dict[str, Any] = deepcopy(dict(found))
    if message.get("status") != "read" or "message_id" in message:
        message = {"messaging_product": "whatsapp", **message, **_product(message)}
    _preview(message)
    if isinstance(message.get("hsm"), dict):
        _hsm(message)
    for name in ("ttl", "render_mentions"):
        message.pop(name, None)
    template = message.get("template")
    if isinstance(template, dict):
        _template(template, messages.is_onprem(found))
    interactive = message.get("interactive")
    if isinstance(interactive, dict):
        _strip(interactive.get("action"))
    _media(message, media or {})
    _unknown(message)
    return message


def _product(message: Mapping[str, Any]) -> Dict[str, str]:
    return {} if "messaging_product" in message else {"messaging_product": "whatsapp"}


def _preview(message: Dict[str, Any]) -> None:
    """Move preview_url to the text, where the Cloud API reads it."""
    text = message.get("text")
    if isinstance(text, dict) and isinstance(message.get("preview_url"), bool):
        text.setdefault("preview_url", message.pop("preview_url"))


def _hsm(message: Dict[str, Any]) -> None:
    hsm = message["hsm"]
    parameters = hsm.get("localizable_params") or []
    name, language = hsm.get("element_name"), hsm.get("language")
    texts = [entry.get("default") for entry in parameters if isinstance(entry, dict)]
    plain = (
        isinstance(parameters, list) and len(texts) == len(parameters) and all(isinstance(one, str) for one in texts)
    )
    if not (isinstance(name, str) and isinstance(language, dict) and isinstance(language.get("code"), str) and plain):
        return
    template: Dict[str, Any] = {"name": name, "language": {"code": language["code"]}}
    if texts:
        template["components"] = [{"type": "body", "parameters": [{"type": "text", "text": one} for one in texts]}]
    del message["hsm"]
    message["type"] = "template"
    message["template"] = template


def _template(template: Dict[str, Any], onprem: bool) -> None:
    template.pop("namespace", None)
    language = template.get("language")
    if isinstance(language, dict) and language.get("policy") == "fallback":
        del language["policy"]
    components = template.get("components")
    if not isinstance(components, list):
        return
    buttons = [one for one in components if isinstance(one, dict) and one.get("type") in ("button", "BUTTON")]
    for component in components:
        if isinstance(component, dict) and isinstance(component.get("parameters"), dict):
            component["parameters"] = [component["parameters"]]
    for button in buttons:
        if onprem and isinstance(button.get("index"), int) and not isinstance(button["index"], bool):
            button["index"] = str(button["index"])
    # With several buttons nobody knows which one is meant.
    if len(buttons) == 1 and "index" not in buttons[0]:
        buttons[0]["index"] = "0"


def _strip(action: Any) -> None:
    if not isinstance(action, dict):
        return
    _stripped(action, ("button",))
    for button in _objects(action.get("buttons")):
        _stripped(button.get("reply"), ("id", "title"))
    for section in _objects(action.get("sections")):
        _stripped(section, ("title",))
        for row in _objects(section.get("rows")):
            _stripped(row, ("id", "title", "description"))


def _objects(node: Any) -> List[Dict[str, Any]]:
    return [entry for entry in node if isinstance(entry, dict)] if isinstance(node, list) else []


def _stripped(node: Any, names: Any) -> None:
    if isinstance(node, dict):
        for name in names:
            value = node.get(name)
            # Spaces only need a text, which nobody but the author knows.
            if isinstance(value, str) and value.strip():
                node[name] = value.strip()


def _media(node: Any, media: Mapping[str, str]) -> None:
    stack = [node]
    while stack:
        inner = stack.pop()
        if isinstance(inner, dict):
            for name, value in inner.items():
                if name in cloud_shapes.MEDIA_TYPES and isinstance(value, dict) and value.get("id") in media:
                    value["id"] = media[value["id"]]
            stack.extend(inner.values())
        elif isinstance(inner, list):
            stack.extend(inner)


def _unknown(message: Dict[str, Any]) -> None:
    """Remove the properties that the Cloud API does not know, the deepest first."""
    for hit in sorted(messages.check(message), key=lambda one: -len(one.pointer)):
        if hit.rule == "L03":
            node: Any = message
            for part in hit.pointer[:-1]:
                node = node[part]
            node.pop(hit.pointer[-1], None)
