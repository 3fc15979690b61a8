# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared docs: options around the cutover that more than one module has."""

from __future__ import annotations


class ModuleDocFragment:
    PIN = r"""
---
options:
  pin:
    description:
      - The six digits of the two-step verification PIN. Write them in quotes.
      - If two-step verification is off, or was cleared on the node, these digits become the new PIN of a number that is
        not registered with the Cloud API yet. A number that is registered there keeps its PIN.
      - An integer of six digits is used as those digits. Any other integer is refused, because it has already lost
        digits (YAML reads V(001234) as the octal number 668).
      - If the option is not set, the environment variable E(WABIZ_PIN) on the controller is used.
    type: str
"""

    BACKUP_PASSWORD = r"""
---
options:
  backup_password:
    description:
      - The password that encrypts the backup. It can be any text. The register call needs the password that the backup
        was made with.
      - If the option is not set, the environment variable E(WABIZ_BACKUP_PASSWORD) on the controller is used.
    type: str
"""

    WITHOUT_BACKUP = r"""
---
options:
  without_backup:
    description:
      - Register the number without a backup.
      - B(The number then loses its Official Business Account status and its profile.) Meta may also require a new
        verification by code. Set it only if no backup can be made and you accept this loss.
    type: bool
    default: false
"""

    STATE_DIR = r"""
---
options:
  state_dir:
    description:
      - Directory on the inventory host for the attempt log, with one folder for each number. The task creates it with
        mode 0700. The user of the task must own it.
      - The attempt log keeps each register attempt, so that a lost answer, a killed run or a change of controller never
        leads to a second attempt. Keep the directory until the migration is over. Deleting it loses the attempt log.
    type: path
    default: /var/lib/wabiz
"""

    STATE_DURABLE = r"""
---
options:
  state_durable:
    description:
      - Whether O(state_dir) outlives this job.
      - Set V(true) if the connection is local and Ansible runs in a container that keeps the directory in its own file
        system. Otherwise the task is refused, because what it keeps there would be lost with the container. A directory
        that is mounted into the container is recognized without this option.
      - In the container of a job (AWX, ansible-runner) V(true) is ignored, because that container is always deleted.
    type: bool
"""

    OVERRIDE = r"""
---
options:
  override_callback_uri:
    description:
      - The https address that receives the webhooks of this WABA in place of the app's own callback.
      - When it is set, Meta verifies it with O(verify_token) and waits six seconds for the answer.
      - If the option is not set, an existing override stays as it is.
    type: str
  verify_token:
    description:
      - The token that the receiver at O(override_callback_uri) expects in Meta's verification request. Required with
        that option.
      - If the option is not set, the environment variable E(WABIZ_VERIFY_TOKEN) on the controller is used.
    type: str
"""

    RULES = r"""
---
options:
  lane:
    description:
      - V(backup) registers the number with the backup of its node. V(code) registers it without a backup and asks
        nothing of its node; the number must be verified by a one-time code first.
      - With V(auto) M(wabiz.migration.wa_preflight) chooses V(code) only where no backup can be had and
        all losses are accepted. M(wabiz.migration.wa_register) takes V(auto) as V(backup).
      - A number that is registered with neither API is registered with V(code) only, or after a wrong PIN.
      - V(waba) adds the number to another WABA with M(wabiz.migration.wa_number_move), and goes on there with V(code).
        M(wabiz.migration.wa_preflight) never chooses it, and M(wabiz.migration.wa_register) refuses it.
    type: str
    choices: [auto, backup, code, waba]
    default: auto
  backup_max_age:
    description: Maximum age of the backup in seconds. An older backup is refused, because the settings of the number
      may have changed since.
    type: int
    default: 86400
  allow_unverified:
    description:
      - Whether a number may be registered although its C(code_verification_status) is not V(VERIFIED).
      - The Graph API usually refuses such a register call with 133006, and the call uses one of ten attempts.
    type: bool
    default: false
  pin_changed_at:
    description:
      - When the PIN of this number was changed after a register call was refused for a wrong PIN (133005). Either
        two-step verification was turned off or the PIN was reset in WhatsApp Manager, or O(pin) was corrected. A time
        like V(2026-11-26T14:03:00Z), in quotes. A time without a zone is UTC.
      - After such a refusal no register call is sent until this option is set or two-step verification is cleared on
        the node. It applies only to refusals before that time. Set it again after another wrong PIN.
      - A number that a wrong PIN left registered with neither API can then be registered again. The refusal must be the
        last attempt of the attempt log, and the node itself must report that it does not serve the number. The call
        uses the backup in O(state_dir).
    type: str
  data_localization_region:
    description:
      - Country in which Meta stores the message data of the number. If it is not set, there is no local storage.
      - To change it later, deregister the number and register it again.
    type: str
    choices: [AE, AU, BH, BR, CA, CH, DE, GB, ID, IN, JP, KR, SG, ZA]
  register_timeout:
    description: Timeout in seconds of the register or deregister call, at least 60. Meta documents up to 15 seconds,
      and a lost answer uses one attempt.
    type: float
    default: 90.0
  confirm_timeout:
    description:
      - Seconds in which an unclear answer, or a number in transition, is confirmed by reading it again. After that the
        task fails, the location of the number is unknown and the attempt stays open in the attempt log. The next run
        confirms this attempt before it does anything else.
      - With V(0) the number is read once.
    type: float
    default: 120.0
  confirm_interval:
    description: Seconds between two of these reads.
    type: float
    default: 2.0
  attempts_limit:
    description:
      - Register calls that Meta allows for one number in a moving window of 72 hours. The next call locks the number
        out for 72 hours.
      - Attempts are counted from the attempt log. It does not include attempts by hand or with other tools.
    type: int
    default: 10
  attempts_reserve:
    description: Attempts of O(attempts_limit) that are reserved for recovery by hand.
    type: int
    default: 2
"""

    WAIVERS = r"""
---
options:
  waivers:
    description:
      - Blockers that somebody takes responsibility for. A list of mappings, or its JSON text. Each mapping has C(id) of
        the finding, C(who), C(why) and C(until). C(numbers) is a list of phone number IDs; without it the waiver
        applies to all numbers.
      - C(until) is a date, which includes the whole day, or a time. Without a zone it is UTC. A waiver that has ended
        has no effect.
      - Some blockers cannot be waived. The documentation of a finding says so.
    type: raw
    default: []
"""
