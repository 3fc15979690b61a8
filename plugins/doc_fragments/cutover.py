# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: the options of more than one task around the cutover, each described once."""

from __future__ import annotations


class ModuleDocFragment:
    PIN = r"""
---
options:
  pin:
    description:
      - The six digits of two-step verification. Write them in quotes.
      - Where two-step verification is off, or was cleared on the node, they become the new PIN of a number that is not
        registered with the Cloud API yet. Registering a number that is there keeps its PIN.
      - An integer of six digits is taken as those digits. Any other number is refused, because it has already lost
        something (YAML reads V(001234) as the octal number 668).
      - The environment variable E(WABIZ_PIN) on the controller is used where the option is not set.
    type: str
"""

    BACKUP_PASSWORD = r"""
---
options:
  backup_password:
    description:
      - The password that the backup is encrypted with. It can be any text. Register needs the same one that the
        backup was made with.
      - The environment variable E(WABIZ_BACKUP_PASSWORD) on the controller is used where the option is not set.
    type: str
"""

    WITHOUT_BACKUP = r"""
---
options:
  without_backup:
    description:
      - Register without a backup.
      - B(The number then loses its Official Business Account status and its profile,) and Meta may ask for a new
        verification by a code. Set it only where no backup can be had and this is meant.
    type: bool
    default: false
"""

    STATE_DIR = r"""
---
options:
  state_dir:
    description:
      - Directory on the inventory host for the durable records, one folder for each number. It is made with mode
        0700, and its user must own it.
      - The record says which attempts were made, so that a lost answer, a kill or another controller never leads to a
        second attempt. Keep the directory until the migration is over.
    type: path
    default: /var/lib/wabiz
  state_durable:
    description:
      - Whether O(state_dir) outlives this job.
      - It has to be said, with V(true), where the connection is local and the directory lies in the file system of the
        container in which Ansible runs, because the record would vanish with that. A directory that is mounted into the
        container is seen, and needs no word.
      - Of the container of a job (AWX, ansible-runner), which is thrown away in any case, V(true) is not believed.
    type: bool
"""

    OVERRIDE = r"""
---
options:
  override_callback_uri:
    description:
      - The https address that receives this WABA's webhooks in place of the app's own callback.
      - Meta verifies it when it is set, with O(verify_token), and waits six seconds for the answer.
      - Where the option is not set, an override that exists stays as it is.
    type: str
  verify_token:
    description:
      - The token that the receiver at O(override_callback_uri) expects in Meta's verification request. Needed with
        that option.
      - The environment variable E(WABIZ_VERIFY_TOKEN) on the controller is used where the option is not set.
    type: str
"""

    RULES = r"""
---
options:
  backup_max_age:
    description: Seconds. An older backup is refused, because the number's settings may have changed since.
    type: int
    default: 86400
  allow_unverified:
    description:
      - Whether a number may be registered although its C(code_verification_status) is not V(VERIFIED).
      - Graph answers such a register call with 133006 as a rule, and one of ten attempts is gone.
    type: bool
    default: false
  pin_changed_at:
    description:
      - When the PIN of this number was made another one, after a register call that was refused for a wrong PIN
        (133005). Either two-step verification was turned off or the PIN reset in WhatsApp Manager, or O(pin) was
        corrected. A time like V(2026-11-26T14:03:00Z), in quotes. Without a zone it is UTC.
      - After such a refusal nothing is sent until this says so, or two-step verification is cleared on the node. It
        counts only for refusals before that time, so that it has to be said again after another wrong PIN.
      - A number that a wrong PIN has put on neither API is registered again then, where the refusal is the last
        attempt of the record and the node says itself that it does not serve the number. The backup in O(state_dir)
        goes along.
    type: str
  data_localization_region:
    description:
      - Country in which Meta keeps the number's message data at rest. Where it is not set, there is no local storage.
      - To change it later, the number has to be deregistered and registered again.
    type: str
    choices: [AE, AU, BH, BR, CA, CH, DE, GB, ID, IN, JP, KR, SG, ZA]
  register_timeout:
    description: Seconds that the register or deregister call may take. Meta names up to 15, and a lost answer costs
      one attempt; 60 is the least.
    type: float
    default: 90.0
  confirm_timeout:
    description:
      - Seconds within which an unclear answer, or a number that is still settling, is read again. After that the task
        fails with the number's place unknown and the attempt left open in the record; the next run settles it before
        it does anything else.
      - With V(0) the number is read once.
    type: float
    default: 120.0
  confirm_interval:
    description: Seconds between two of these reads.
    type: float
    default: 2.0
  attempts_limit:
    description:
      - Register calls that Meta allows for one number in a moving window of 72 hours. The call after the last one
        locks the number out for 72 hours.
      - Attempts are counted from the record. Those that others made, by hand or with other tools, are not known to
        it.
    type: int
    default: 10
  attempts_reserve:
    description: Attempts of O(attempts_limit) that are kept back for recovery by hand.
    type: int
    default: 2
"""

    WAIVERS = r"""
---
options:
  waivers:
    description:
      - Blockers that somebody takes responsibility for. A list of mappings, or its JSON text, with C(id) of the
        finding, C(who), C(why), C(until) and, where it is not for all numbers, C(numbers) as a list of phone number
        IDs.
      - C(until) is a date, which counts to its end, or a time. Without a zone it is UTC. A waiver that has ended does
        not count any more.
      - What must hold in every case cannot be waived.
    type: raw
    default: []
"""
