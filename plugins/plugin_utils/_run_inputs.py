# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inputs of all hosts of a run, checked in one go: unknown names, values, and what does not fit between hosts."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from ansible.errors import AnsibleError

from ..module_utils import _environment, _option_names, _spec
from ..module_utils._core.cutover.lane import without_node
from ..module_utils._core.fleet import waves
from . import _approval, _codes_inputs, _inputs, _schedule
from ._contract import PREFLIGHT, Contract

try:  # from ansible-core 2.19 on only what is trusted is templated
    from ansible.template import is_trusted_as_template
except ImportError:

    def is_trusted_as_template(value: Any) -> bool:
        """Tell whether Ansible templates a text: not where it was marked as unsafe."""
        return not getattr(value, "__UNSAFE__", False)


_UNDEFINED = re.compile(
    r"'[\w.]{1,80}' is undefined|(?:object of type )?'[\w ]{1,40}' has no (?:attribute|element) '?[\w.@+-]{1,80}'?"
)
_CLOSE = 0.85


class Host(NamedTuple):
    """The inputs of one host, what each of them came to, and where its node is called from."""

    name: str
    inputs: Mapping[str, Any]
    names: Collection[str]
    errors: Sequence[str]
    local: bool
    address: str
    contract: Contract

    def input(self, short: str) -> Any:
        """Return an input by its short name, with its default where it counts as not set."""
        return self.contract.resolved(self.inputs, self.contract.name(short))


class Run(NamedTuple):
    """What the play says: the contract of its role, its tags, and whether and how it moves numbers."""

    contract: Contract
    groups: Mapping[str, Sequence[str]]
    moves: bool
    waved: bool
    batched: bool  # the play has a serial of its own
    skipped: str  # why its tags leave out the tasks that move a number, "" where they don't


class _UnevaluatedError(Exception):
    """An expression that Ansible handed over as it was written. Its text is safe to show."""


def host(contract: Contract, name: str, variables: Mapping[str, Any], templar: Any, transport: str) -> Host:
    """Return the inputs of one host out of all of its variables; ``transport`` is the play's own connection."""
    inputs: dict[str, Any] = {}
    errors: list[str] = []
    for variable in contract.inputs:
        if variable not in variables:
            continue
        try:
            inputs[variable] = _templated(variables[variable], templar)
        except Exception as error:  # noqa: BLE001 - the user's expression can raise anything
            errors.append("%s: its expression cannot be evaluated: %s" % (variable, _why(error)))
    facts = {key: _plain_or_none(variables.get(key), templar) for key in _CONNECTION}
    connection = str(facts["ansible_connection"] or transport)
    local = connection.endswith("local") and str(facts["ansible_become"]).lower() not in ("true", "yes", "1")
    url = str(contract.resolved(inputs, contract.name("onprem_url"))).rstrip("/").lower()
    address = url
    if not connection.endswith("local"):
        address = "%s:%s %s" % (facts["ansible_host"] or name, facts["ansible_port"] or 22, url)
    return Host(name, inputs, tuple(map(str, variables)), errors, local, address, contract)


_CONNECTION = ("ansible_connection", "ansible_become", "ansible_host", "ansible_port")


def _plain_or_none(value: Any, templar: Any) -> Any:
    try:
        return _inputs.plain(value, templar)
    except AnsibleError:
        return None  # Ansible itself says so as soon as it connects


def _templated(value: Any, templar: Any) -> Any:
    found = _inputs.plain(value, templar)
    # With error_on_undefined_vars off, Ansible hands an expression over as it was written.
    if isinstance(found, str) and found == value and "{{" in found and is_trusted_as_template(value):
        raise _UnevaluatedError("it names a variable that is undefined")
    return found


def _why(error: BaseException) -> str:
    """Return what of an error of templating is safe to show: it may quote the expression, and that a secret."""
    seen: list[str] = []
    link: BaseException | None = error
    while link is not None:
        seen.append(str(link))
        link = link.__cause__ or link.__context__
    match = _UNDEFINED.search(" ".join(seen))
    if match is not None:
        return match.group(0)
    return str(error) if isinstance(error, _UnevaluatedError) else type(error).__name__


# ---------------------------------------------------------------------------------------------------------------------
# One host


def host_errors(one: Host, groups: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], list[str]]:
    """Return the inputs of a host as the role goes by them, and everything that is wrong with them.

    ``groups`` are those of the inventory, which a wave may name.
    """
    broken = {error.partition(":")[0] for error in one.errors}
    params, others, found = one.contract.check(one.inputs, one.local)
    found += _approval.confirm(params)
    found += _schedule.confirm(params, {"window": one.input("window")})
    try:
        waves.check(one.input("waves"), groups)
    except ValueError as reason:
        found.append(str(reason))
    naming = _option_names.naming(one.contract.prefix)
    reported = _option_names.written(_inputs.as_written(PREFLIGHT, {"vars_prefix": one.contract.prefix}, found), naming)
    # An input whose expression is wrong has no value, which is not the user's error twice.
    own = [error for error in reported if not broken & set(error.partition(":")[0].split(" "))]
    return others, [*unknown(one.contract, one.names, _allowed(one)), *one.errors, *own, *_dest_errors(one)]


def _allowed(one: Host) -> frozenset[str]:
    name = one.contract.name(_inputs.OWN_VARIABLES)
    if name not in one.contract.inputs:
        return frozenset()
    try:
        return frozenset(one.contract.value_of(name, one.contract.resolved(one.inputs, name) or []))
    except ValueError:
        return frozenset()  # reported as an error of that input


def unknown(contract: Contract, names: Iterable[str], allowed: Collection[str]) -> list[str]:
    """Return an error for each variable that looks like an input of the role and is none."""
    known = tuple(contract.inputs)
    return [error for name in sorted(names) if name not in allowed for error in _unknown(contract.prefix, known, name)]


@cache
def _unknown(prefix: str, inputs: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return what is wrong with the name of a variable, nothing where it is an input or has nothing to do with them."""
    own = name.startswith(prefix)
    if name in inputs or name.startswith("__") or not (own or _slip(prefix, name)):
        return ()
    near = difflib.get_close_matches(name.lower(), inputs, n=1, cutoff=0.6)
    # Other prefixes are the user's own, unless the whole name is nearly that of an input.
    if not own and (not near or _alike(name.lower(), near[0]) < _CLOSE):
        return ()
    meant = "; is %s meant?" % near[0] if near else "."
    allowed = prefix + _inputs.OWN_VARIABLES
    way_out = " A variable of your own can be named in %s." % allowed if allowed in inputs else ""
    return ("%s: the role has no such input%s%s" % (name, meant, way_out),)


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _slip(prefix: str, name: str) -> bool:
    """Tell whether the beginning of a name can be the prefix, misspelt."""
    if prefix in name[2:]:
        return False
    return _alike(name.lower()[: len(prefix)], prefix) >= _CLOSE


# ---------------------------------------------------------------------------------------------------------------------
# Between hosts, and of the whole run


def between(hosts: Sequence[Host]) -> dict[str, list[str]]:
    """Return the errors between hosts: a number or a node that two of them claim."""
    numbers: dict[str, list[str]] = {}
    nodes: dict[str, list[str]] = {}
    for one in hosts:
        number = str(one.input("phone_number_id") or "").strip()
        if number:
            numbers.setdefault(number, []).append(one.name)
        if not without_node(one.input("lane")):  # nothing is asked of its node, and it may have none
            nodes.setdefault(one.address, []).append(one.name)
    found: dict[str, list[str]] = {}
    for kind, claims in (("O(phone_number_id): %s", numbers), ("O(onprem_url): the node %s", nodes)):
        for claimed, claimants in claims.items():
            for name in claimants if len(claimants) > 1 else ():
                others = ", ".join(other for other in claimants if other != name)
                found.setdefault(name, []).append("%s is also claimed by host %s" % (kind % claimed, others))
    return found


def of_the_run(hosts: Sequence[Host], run: Run) -> list[str]:
    """Return what is wrong with the inputs of the whole run, beside what each host says of its own."""
    found: list[str] = [*_environment_errors(os.environ)]
    if run.moves and run.skipped:
        found.append(
            "%s leaves out the tasks that move a number, so nothing would be moved. Leave it out" % run.skipped
        )
    for short in run.contract.same_on_all_hosts:
        stated: dict[str, list[str]] = {}
        for one in hosts:
            stated.setdefault(str(one.input(short)), []).append(one.name)
        if len(stated) > 1:
            values = "; ".join("%s on %s" % (value, _some(names)) for value, names in sorted(stated.items()))
            found.append(
                "%s: differs between hosts (%s). It is for the whole run, so set it once (group_vars/all or -e)"
                % (run.contract.name(short), values)
            )
    found += _codes_inputs.errors(hosts, {name for names in run.groups.values() for name in names})
    if not any(error.startswith(run.contract.name("waves")) for error in found):
        found += _wave_errors(hosts, run)
    return found


def _environment_errors(names: Iterable[str]) -> Iterator[str]:
    """Yield an error for each variable of the environment that is nearly one of the collection's own."""
    known = list(_environment.ENVIRONMENT.values())
    for name in sorted(names):
        if name.upper().startswith("WABIZ_") and name not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=_CLOSE)
            if near:
                yield "%s: the environment has a variable of this name; is %s meant?" % (name, near[0])


def _some(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else "%s and %d more" % (", ".join(names[:3]), len(names) - 3)


def _wave_errors(hosts: Sequence[Host], run: Run) -> Iterator[str]:
    stated = hosts[0].input("waves")
    try:
        waves.check(stated, run.groups)
    except ValueError:
        return  # reported for each host
    try:
        order = waves.plan([one.name for one in hosts], stated, run.groups)
    except ValueError as reason:
        yield str(reason)
        return
    default = run.contract.default(run.contract.name("waves"))
    if run.moves and not run.waved and not run.batched and stated != default and len(set(order.values())) > 1:
        yield (
            "O(waves): this play moves all of its hosts at once, because it uses the role by itself. Use the playbook "
            "wabiz.migration.migrate, or serial in the play and no O(waves)"
        )


def _dest_errors(one: Host) -> Iterator[str]:
    """Return what keeps the plan from being written, as far as it can be seen before there is one."""
    stated = one.input("plan_dest")
    if _spec.is_missing(stated) or not isinstance(stated, str):
        return
    path = os.path.abspath(os.path.expanduser(stated))
    folder = os.path.dirname(path)
    if os.path.isdir(path):
        yield "O(plan_dest): %s is a directory; name a file in it" % path
    elif not os.path.isdir(folder):
        yield "O(plan_dest): the directory %s is not there on the controller" % folder
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield "O(plan_dest): the user of this run may not write into %s" % folder


# ---------------------------------------------------------------------------------------------------------------------
# The whole


def check(names: Sequence[str], load: Callable[[str], Host], run: Run) -> dict[str, Any]:
    """Return what ``_operations.inputs`` reports: errors of the run and of each host, and the inputs of the whole run.

    ``load`` reads one host. An error in this check itself keeps no number out: it is named under ``unchecked``.
    """
    hosts: list[Host] = []
    own: dict[str, list[str]] = {}
    unchecked: dict[str, str] = {}
    inputs: dict[str, Any] = {}
    for name in names:
        with _noted(unchecked, "The inputs of host %s" % name):
            one = load(name)
            others, own[name] = host_errors(one, run.groups)
            hosts.append(one)
            inputs = inputs or others
    run_errors: list[str] = []
    with _noted(unchecked, "What two hosts may claim"):
        for name, errors in between(hosts).items():
            own[name] = [*own.get(name, []), *errors]
    with _noted(unchecked, "The inputs of the whole run"):
        run_errors += of_the_run(hosts, run) if hosts else []
    shared = _shared(own, len(names))
    run_errors = list(dict.fromkeys([*shared, *run_errors]))
    go_on = bool(hosts) and all(one.input("on_blocker") == "continue" for one in hosts)
    same = {run.contract.name(short): short for short in run.contract.same_on_all_hosts}
    found = {
        "run": run_errors,
        "hosts": {name: [error for error in errors if error not in shared] for name, errors in own.items()},
        "unchecked": ["%s could not be checked (%s)" % pair for pair in unchecked.items()],
        "go_on": go_on,
        "inputs": {same[name]: value for name, value in inputs.items() if name in same},
    }
    return dict(_option_names.written(found, _option_names.naming(run.contract.prefix)))


def _shared(own: Mapping[str, Sequence[str]], count: int) -> list[str]:
    """Return the errors that every host of a run of several has: they are reported once."""
    if count < 2 or len(own) < count:
        return []
    first, *rest = own.values()
    others = [set(errors) for errors in rest]
    return [error for error in first if all(error in errors for errors in others)]


@contextlib.contextmanager
def _noted(unchecked: dict[str, str], what: str) -> Iterator[None]:
    """Note under ``what`` an error of this check itself, which must not stop a number that is well."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is
        unchecked[what] = _location_of(error)


def _location_of(error: Exception) -> str:
    """Name the place of an error of this check without the exception's text, which may quote a secret."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return "%s at %s:%d" % (type(error).__name__, os.path.basename(frame.filename), frame.lineno or 0)
