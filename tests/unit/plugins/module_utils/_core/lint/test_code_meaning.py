# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the rules for source code: words and paths that mean the On-Premises API in one place and not in another."""

from __future__ import annotations

import pytest
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint import code
from ansible_collections.wabiz.migration.plugins.module_utils._core.lint.evidence import Evidence
from ansible_collections.wabiz.migration.tests.unit.plugins.module_utils._core.lint import sources

ONPREM = sources.ONPREM["py"]
CLOUD = sources.CLOUD["js"]


def found(*files, name="file"):
    """Return the rules and lines of the last of some files of one project."""
    project = Evidence()
    for text in files:
        project = project.joined(code.evidence(text, code.split(text), name))
    lines = code.split(files[-1])
    return [(line.rule, line.number) for line in code.check(lines, code.evidence(files[-1], lines, name), project)]


def rules(*files, **options):
    """Return the rules of the last of some files."""
    return [rule for rule, _line in found(*files, **options)]


PROVIDER = """
// WhatsApp, SMS and voice by a provider
await http.post(`${host}/v1/messages`, { channel: 'whatsapp', messages: [text] });
await http.get(`${host}/v1/users/${id}`);
const channels = ['sms', 'voice', 'whatsapp'];
"""


@pytest.mark.parametrize(
    "text",
    [
        PROVIDER,
        PROVIDER.replace("/v1/users", "/v1/media"),
        "# whatsapp\nclient.post(base + '/v1/messages')\nclient.get(base + '/v1/contacts')\n",
        "# whatsapp\nfetch(`${api}/v1/stickerpacks`)\n",
        # a provider's own templates
        "# whatsapp\ncontact.status in [:session, :hsm]\ntemplate = {elementName: name}\n",
        '// whatsapp\nNamespace string `json:"namespace"`\nTemplateName string `json:"templateName"`\n'
        'Lang Lang `json:"language"`\ntype Lang struct { Policy string `json:"policy"` }\nvoice := "voice"\n',
        "# whatsapp\nstatus in [:session, :hsm]\n" + "x = 1\n" * 60 + "element_name = template\n",
    ],
)
def test_a_provider_with_the_same_paths_is_another_api(text):
    assert rules(text) == []


def test_shapes_are_signs_only_beside_each_other():
    first, second = (
        "# whatsapp\nfor status in hook['statuses']: x()\n",
        "# whatsapp\nbody['recipient_type'] = 'individual'\n",
    )
    client = "# whatsapp\nurl = base + '/v1/messages'\n"
    assert rules(first, second, client) == []
    assert rules(first + second, client) == ["L02"]


def test_signs_count_for_a_project_only_in_files_about_whatsapp():
    client = "url = base + '/v1/users/login'\nother = base + '/v1/contacts'\n"
    assert rules("# whatsapp is one of our channels\nx = 1\n", client) == []
    assert rules(client, name="whatsapp/client.py") == ["L35", "L15"]


@pytest.mark.parametrize(
    "line",
    [
        'contacts = data.get("contacts", [])',
        'json.put("messages", list);',
        'params.delete("media")',
        'media = serializer.validated_data.get("media")',
    ],
)
def test_a_map_is_no_client(line):
    assert rules(ONPREM, "# whatsapp\nvoice = base + '/v1/media'\n" + line) == ["L30"]


PARTNER_CLOUD = """
D360_BASE = "https://waba-v2.360dialog.io"
def templates():
    return get(D360_BASE + "/v1/configs/templates").json()["waba_templates"]
def webhook(url):
    return post("https://waba-v2.360dialog.io/v1/configs/webhook", {"url": url})
"""


@pytest.mark.parametrize("beside", [(), (CLOUD,), (ONPREM,), (CLOUD, sources.ONPREM["ts"])])
def test_what_the_cloud_api_of_a_partner_has_kept_is_no_difference(beside):
    assert rules(*beside, PARTNER_CLOUD) == []


def test_the_nearest_host_of_a_partner_says_which_of_its_apis_is_meant():
    host = "# whatsapp\nBASE = 'https://%s.360dialog.io'\n"
    client = "# whatsapp\nurl = f'{base}/v1/configs/webhook'\n"
    assert rules(ONPREM, host % "waba-v2", client) == []
    assert rules(ONPREM, host % "waba", client) == ["L38"]
    assert rules(host % "waba", host % "waba-v2" + client) == []
    both = host % "waba" + "new = 'https://waba-v2.360dialog.io/v1/configs/webhook'\n"
    assert rules(both) == ["L36"]


def test_paths_of_a_partner_without_a_host_belong_to_the_api_that_the_project_speaks():
    text = "# whatsapp\nurl = f'{base}/v1/configs/webhook'\n"
    assert rules(text) == ["L38"]
    assert rules(CLOUD, text) == []
    assert rules(CLOUD, ONPREM, text) == ["L38"]


def test_templates_of_the_api_for_partners_are_another_list():
    answer = '// whatsapp\n[JsonProperty("waba_templates")]\n'
    assert rules(ONPREM, answer) == ["L37"]
    assert rules(ONPREM, '// whatsapp\nurl = "accounts/{id}/waba_templates";\n') == []
    assert rules(ONPREM, answer + 'url = $"partners/{id}/waba_accounts/{account}/waba_templates";\n') == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("router.get(\n  '/messages',\n  list)", []),
        ('sub.POST("/contacts", handler)', []),
        ("this.http.post(\n  `${base}/messages`,\n  body)", ["L02"]),
        ("get(f'{base}/v1/contacts/{wa_id}/messages')", []),
        ("get(f'{base}/v1/contacts/{wa_id}')", []),
        ("get(f'{base}/v1/contacts/{wa_id}/identity')", ["L46"]),
        ("post(f'{base}/v1/contacts/')", ["L15"]),
        ("sprintf('whatsapp/numbers/%s/messages', $id)", []),
        ('"https://api.example.com/numbers/{id}/messages"', []),
        ("sprintf('%s/messages', $base)", ["L02"]),
        ('"https://{host}/messages"', ["L02"]),
        ("get('/v1/settings/application/media/providers')", ["L08"]),
        ("patch('/v1/settings/application')", ["L28"]),
        ("http.put(`${base}/messages/${id}`)", ["L14"]),
        ('"#{api_base_path}/media/#{media_id}"', ["L32"]),
        ("`${cdn}/media/${file}`", []),
        ("'{base}/media/{media_id}'.format(base=base)", ["L32"]),
        ('"https://api.example.com/numbers/{number}/media/{mediaId}"', []),
    ],
)
def test_what_a_path_belongs_to(line, expected):
    assert rules(ONPREM, "// whatsapp\n" + line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "const type = this.bodyRequest.messages[0].type",
        "$statuses = $response['statuses'][0];",
        "for s in request.data.get('statuses', []):",
        "if ('statuses' in req.body) {",
        "if (isset($request->messages)) {",
        "webhookPayload.messages[0].from",
        "message = data['messages'][0]",
    ],
)
def test_the_envelope_of_a_webhook_is_found(line):
    assert rules(ONPREM, "// whatsapp\n" + line) == ["L17"]


@pytest.mark.parametrize(
    "line",
    [
        "return response.data.messages[0].id",
        "const { id } = res.data.messages[0]",
        "id := respBody.messages[0].id",
        "const status = change.value.statuses[0]",
        "value?.statuses[0].status",
        "choices = answer.messages[0]",
    ],
)
def test_an_answer_and_the_envelope_of_the_cloud_api_are_no_webhook_of_a_node(line):
    assert rules(ONPREM, "// whatsapp\n" + line) == []


def test_a_message_is_marked_as_read_where_the_request_follows():
    lines = ["// whatsapp", "const body = { status: 'read' };", *["//"] * 9, "setTimeout(() => http.put(url, body));"]
    assert found(ONPREM, "\n".join(lines)) == [("L14", 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # C#: properties by their own names
        ("public class Hsm {\n public string @namespace { get; set; }\n public string element_name { get; set; }", 2),
        ("public Params hsm { get; set; }\npublic IList<P> localizable_params { get; set; }", 2),
        # Go
        ('Blocking string `json:"blocking"`\nForceCheck bool `json:"force_check"`\nx := Check{Blocking: "wait"}', 2),
    ],
)
def test_declarations_without_quotes_are_found(text, expected):
    assert len(rules(ONPREM, "// whatsapp\n" + text)) == expected


TEMPLATE = "\n".join(
    ("'template' => [", "  'namespace' => $this->ns,", "  'name' => $name,", "  'language' => ['policy' => 'x'],", "]")
)


def test_the_namespace_of_a_template_is_found_in_a_file_that_does_not_name_whatsapp():
    assert found(ONPREM, TEMPLATE) == [("L09", 2)]
    assert rules(ONPREM, CLOUD, TEMPLATE) == []
    assert rules(ONPREM, "{ template: 'deployment', namespace: 'default' }") == []
    assert rules(ONPREM, "# whatsapp\nconfig = {'namespace': 'default'}") == []


def test_a_template_with_a_namespace_shows_the_api_beside_a_client_of_the_cloud_api():
    assert rules(CLOUD, "# whatsapp\n" + TEMPLATE) == ["L09"]
    moved = "# whatsapp\nx = {'messaging_product': 1}\n" + TEMPLATE
    assert rules(CLOUD, moved) == rules(moved, "# whatsapp\nurl = base + '/v1/configs/webhook'\n") == []


@pytest.mark.parametrize(
    "line",
    [
        'if (text.includes("localizable_params")) return "parameters";',
        'if "localizable_params" in details:',
        "str_contains($details, 'localizable_params')",
    ],
)
def test_the_text_of_an_error_is_no_parameter(line):
    assert rules(CLOUD, "// whatsapp\n" + line) == []


@pytest.mark.parametrize(
    "line",
    [
        "'localizable_params': params",
        '"localizable_params" => []',
        '@JsonProperty("localizable_params")',
        '@SerializedName("localizable_params")',
        'raw = "{\\"localizable_params\\": []}"',
        "hsm['localizable_params']",
        "localizable_params: [{default: x}]",
    ],
)
def test_a_parameter_of_an_hsm_is_found_in_any_project(line):
    assert rules(CLOUD, "// whatsapp\n" + line) == ["L11"]


def test_a_node_can_be_administered_beside_the_graph_api():
    text = (
        "TEMPLATES = 'https://graph.facebook.com/v14.0/%s/message_templates'\n"
        "requests.post(base + '/v1/users/login')\nrequests.patch(base + '/v1/settings/application')\n"
        "first = errors[0]\n"
    )
    assert found(ONPREM, text) == [("L35", 2), ("L28", 3)]
    assert rules(CLOUD, text) == []


def test_both_endpoints_of_the_profile_show_the_api():
    text = "# whatsapp\nabout = '/v1/settings/profile/about'\nprofile = '/v1/settings/business/profile'\n"
    assert rules(CLOUD, text) == ["L39", "L39"]
    assert rules(CLOUD, text.rsplit("profile =", 1)[0]) == []


def test_an_old_message_id_in_a_file_of_the_cloud_api_is_an_example():
    text = "messaging_product = 'whatsapp'\nid = 'gBGGFlA5FpafAgkOuJbR2kI4gUg'\n"
    assert rules(text) == []
    old = "# whatsapp\n" + text.splitlines()[1]
    assert rules(ONPREM, old) == ["L19"]
    assert rules(ONPREM, text) == []
    # A provider may hand such IDs on.
    assert rules(old) == []
