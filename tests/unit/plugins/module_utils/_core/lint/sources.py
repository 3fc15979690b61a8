# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the linter share: source files that speak one API or the other, in several languages."""

from __future__ import annotations

ONPREM = {
    "js": r"""
// client of the WhatsApp Business API on our nodes
const axios = require('axios');
async function login() {
  const res = await axios.post(`${process.env.WHATSAPP_URL}/v1/users/login`, {}, { auth });
  return res.data.users[0].token;
}
async function send(to, body) {
  await axios.post(`${base}/v1/contacts`, { blocking: 'wait', contacts: [to] });
  try {
    return await axios.post(`${base}/v1/messages`, { recipient_type: 'individual', to, type: 'text', text: { body } });
  } catch (e) {
    if (e.response.data.errors[0].code === 1013) return null;
  }
}
app.post('/webhook', (req, res) => {
  const message = req.body.messages[0];
  if (message.type === 'voice') download(message.voice.id);
  axios.get(`${base}/v1/media/${id}`);
});
""",
    "php": r"""
<?php
namespace App\WhatsApp;
class Wa {
    public function check($n) { return $this->post('/v1/contacts', ['blocking' => 'wait', 'contacts' => [$n]]); }
    public function tpl($to) {
        return $this->post($this->endpoint . self::VERSION . '/messages', ['to' => $to, 'type' => 'hsm', 'hsm' => [
            'namespace' => $this->ns, 'element_name' => 'x', 'localizable_params' => []]]);
    }
    public function read($id) { return $this->http->put($this->url . '/v1/messages/' . $id, ['status' => 'read']); }
    public function up($f) { return json_decode($this->post('/v1/media', $f))->media[0]->id; }
}
""",
    "go": r"""
package wa
type Message struct {
    To            string `json:"to"`
    RecipientType string `json:"recipient_type"`
    Type          string `json:"type"`
    HSM           *HSM   `json:"hsm,omitempty"`
}
type HSM struct {
    Namespace string `json:"namespace"`
    ElementName string `json:"element_name"`
}
type In struct { Voice *Media `json:"voice,omitempty"` }
func (c *Client) Send() { c.post(c.base+"/v1/messages") ; if resp.Errors[0].Code == 1006 {}
 switch code {
 case 470:
 return ErrWindow
 }
}
// whatsapp
var whatsapp = 1
""",
    "java": r"""
package com.acme.whatsapp;
public class WhatsAppClient {
  @JsonProperty("recipient_type") private String recipientType;
  private static final String MESSAGES = "/v1/messages";
  private static final String CONTACTS = "/v1/contacts";
  void x() { String url = baseUrl + "/v1/users/login"; node.get("users").get(0).get("token");
    if (res.getErrors().get(0).getCode() == 1005) {}
    if ("voice".equals(message.getType())) {}
  }
}
""",
    "cs": r"""
namespace Acme.WhatsApp
{
    public class WhatsAppClient
    {
        [JsonProperty("recipient_type")] public string RecipientType { get; set; }
        public Task Send() => client.PostAsync($"{baseUrl}/v1/messages", content);
        public Task Check() => client.PostAsync("v1/contacts", content);
        public Task Media(string id) => client.GetAsync("v1/media/" + id);
        void On(Event e) { if (e.Messages[0].Type == "voice") {} if (err.Errors[0].Code == 1024) {} }
    }
}
""",
    "rb": r"""
class WhatsappClient
  def send_message(to)
    HTTParty.post("#{@base}/v1/messages", body: { to: to, recipient_type: 'individual',
      hsm: { namespace: ns, element_name: 'x' } })
  end
  def check; HTTParty.post("#{@base}/v1/contacts", body: { blocking: 'wait', contacts: [n] }); end
  def on(params)
    return unless params[:messages].first[:type] == 'voice'
    raise Expired if response['errors'].first['code'] == 470
  end
end
""",
    "py": r"""
import requests

# The WhatsApp Business API on our nodes.
def send(to, namespace, name):
    requests.post(url + "/v1/messages", json={
        "to": to, "type": "template",
        "template": {"namespace": namespace, "name": name, "language": {"policy": "fallback", "code": "en"}},
    })

def check(numbers):
    body = {"blocking": "wait", "contacts": numbers, "force_check": True}
    answer = requests.post("{}/v1/contacts".format(url), json=body)
    return answer.json()["contacts"][0]["status"] == "valid"

def handle(data):
    message = data["messages"][0]
    if message["type"] == "voice":
        requests.get(f"{url}/v1/media/{message['voice']['id']}")
    elif message["type"] == "system":
        rename(message["system"]["new_wa_id"])
    if data["errors"][0]["code"] == 470:
        raise Expired
""",
    "ts": r"""
export class Dialog360 {
  // WhatsApp by a partner
  private base = 'https://waba.360dialog.io/v1';
  templates() { return this.http.get(this.base + '/configs/templates'); }
  webhook(url: string) { return this.http.post(`${this.base}/configs/webhook`, { url }); }
  send(to: string) { return this.http.post(`${this.base}/messages`, { to, type: 'text', text: { body: 'x' } }); }
}
""",
    "kt": r"""
class WhatsAppNode(private val client: OkHttpClient) {
    fun login() = post("https://node.internal:9090/v1/users/login")
    fun media(id: String) = delete("$base/v1/media/$id")
    fun packs() = get("$base/v1/stickerpacks")
    val settings = mapOf("webhooks" to url, "sent_status" to true)
}
""",
}
# The rules of each, in their order.
RULES = {
    "js": ["L01", "L02", "L15", "L17", "L18", "L23", "L24", "L32", "L35"],
    "php": ["L02", "L09", "L11", "L14", "L15", "L30", "L31"],
    "go": ["L01", "L02", "L09", "L11", "L18", "L23", "L24"],
    "java": ["L01", "L02", "L15", "L18", "L23", "L24", "L35"],
    "cs": ["L01", "L02", "L15", "L17", "L18", "L23", "L24", "L32"],
    "rb": ["L01", "L02", "L09", "L11", "L15", "L17", "L18", "L23", "L24"],
    "py": ["L02", "L09", "L10", "L15", "L17", "L18", "L23", "L24", "L26", "L32", "L50"],
    "ts": ["L02", "L36", "L37", "L38"],
    "kt": ["L16", "L28", "L33", "L35"],
}

CLOUD = {
    "js": r"""
const url = `https://graph.facebook.com/v21.0/${phoneNumberId}/messages`;
async function send(to) {
  return axios.post(url, { messaging_product: 'whatsapp', recipient_type: 'individual', to, text: { body } });
}
app.post('/v1/messages', (req, res) => queue(req.body));
app.post('/webhook', (req, res) => {
  const value = req.body.entry[0].changes[0].value;
  const message = value.messages[0];
  if (message.type === 'audio' && message.audio.voice) transcribe(message.audio.id);
  const failed = value.statuses[0].errors[0].code;
  if (failed === 131047) return;
});
""",
    "py": r"""
# We moved from the On-Premises API: /v1/contacts and localizable_params are gone.
import anthropic, requests

VOICE = "voice"

def send(to):
    body = {"messaging_product": "whatsapp", "to": to, "template": {"name": "x", "language": {"code": "en"}}}
    return requests.post(f"https://graph.facebook.com/v21.0/{PHONE}/messages", json=body).json()

def ask(text):
    return requests.post("https://api.anthropic.com/v1/messages", json={"messages": [{"role": "user"}]})

def error(answer):
    # number of localizable_params does not match
    return answer["error"]["code"] in (132000, 131026)
""",
    "ts": r"""
// types shared by the WhatsApp routes of this service
export interface Outgoing { recipient_type: 'individual' | 'group'; to: string; type: string }
router.get('/v1/contacts', list);
router.post('/v1/users/login', login);
export const first = (errors: string[]) => errors[0];
export const namespace = { "namespace": "whatsapp", template: "deployment" };
""",
    "go": r"""
package meta

type Message struct {
    Product string `json:"messaging_product"`
    Type    string `json:"recipient_type"`
    Voice   bool   `json:"voice"`
}

func status(s Status) error {
    switch s.Errors[0].Code {
    case 1005:
        return errAccess
    }
    return nil
}
""",
    "java": r"""
package com.acme.whatsapp;
public interface Cloud {
  @POST("/{version}/{phone}/messages") Call<Answer> send(@Body Message message);
  String HOST = "https://waba-v2.360dialog.io/messages";
  String ID = "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=";
}
""",
    "env": r"""
WHATSAPP_URL=https://graph.facebook.com/v21.0
WHATSAPP_PHONE_NUMBER_ID=106540352242922
""",
}
# No WhatsApp at all.
FOREIGN = {
    "js": "fetch('https://clientsettings.example.com/v1/settings/application?applicationName=x')",
    "py": "client.post('/v1/messages', json={'hsm': vault, 'namespace': 'default'})\nif errors[0].code == 1005: pass\n",
    "rb": "post '/v1/contacts', params: { contact: { name: 'A' } }\nexpect(json['errors'].first['code']).to eq 1013\n",
}
