# Copyright: (c) 2026, wabiz.migration contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that an option must refuse, by what the option is."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ansible_collections.wabiz.migration.tests.support.optionkinds import KINDS, Number

# Every secret value holds it, so that a search of all output finds any of them.
MARK = "PlantedSecret"
INF, NAN = float("inf"), float("nan")


class Maker:
    """Makes bad values, the same for the same seed; files that are none lie below ``where``."""

    def __init__(self, seed: int, where: Path) -> None:
        self.random = random.Random(seed)
        self.files = list(_no_ca_files(where))
        self.where = where

    def bad(self, option: str) -> Any:
        """Return one value that the option must refuse."""
        kind = KINDS[option]
        if isinstance(kind, Number):
            return self.random.choice(list(self._numbers(kind)))
        return self.random.choice(list(_MAKERS[kind](self)))

    def word(self, letters: str = string.ascii_letters, most: int = 12) -> str:
        return "".join(self.random.choice(letters) for _at in range(self.random.randint(1, most)))

    def digits(self, count: int) -> str:
        return "".join(self.random.choice(string.digits[1:]) for _at in range(count))

    def other_types(self) -> Iterator[Any]:
        yield from ([self.word()], {self.word(): 1}, [], {}, 1.5, True)

    def _numbers(self, kind: Number) -> Iterator[Any]:
        yield from (NAN, INF, -INF, "nan", "inf", ".nan", "1e30", 1e30, -1e30, True, False)
        yield from (self.word(), f"{self.random.randint(1, 9)} s", [1], {"a": 1}, [], "one hour", "10%", "1,5")
        below = kind.least - self.random.choice((1, 0.5, 5, 1000))
        above = kind.most + self.random.choice((1, 1000, kind.most))
        yield from (int(below) - 1, int(above) + 1, str(int(below) - 1), str(int(above) + 1))
        if kind.whole:
            yield from (1.5, "1.5", 2.0, 0.1)
        else:
            yield from (below, above)


def _no_ca_files(where: Path) -> Iterator[str]:
    for name, content in (
        ("empty.pem", ""),
        ("text.pem", "this is no certificate\n"),
        ("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        ("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ("binary.pem", "\x00\x01\x02"),
    ):
        (where / name).write_text(content, encoding="utf-8")
        yield str(where / name)
    yield from (
        str(where),
        "/dev/null",
        str(where / "nothing.pem"),
        "~/no such file.pem",
        "$NOTHING/ca.pem",
        "/",
        "x\x00y",
    )


def _ids(make: Maker) -> Iterator[Any]:
    yield from (0, 83, 1234, "0", "83", "0" + make.digits(14), make.digits(make.random.choice((1, 4, 21, 200))))
    yield from (10 ** make.random.randint(20, 200), -1, "+1 631 555", make.digits(8) + "x", "my " + make.word())
    yield from (
        [make.digits(15)],
        {"id": "1"},
        1.5e14,
        True,
        "10654035224292２",
        make.digits(15) + "\n",
        " " + make.digits(15),
    )


def _pins(make: Maker) -> Iterator[Any]:
    yield from (
        0o1234,
        12345,
        1234567,
        1e5,
        True,
        "12345",
        "1234567",
        "12 345",
        "12345x",
        "١٢٣٤٥٦",
        ["123456"],
        {"a": 1},
    )
    yield from (MARK, make.digits(5) + "\n", make.digits(6) + "\n", " " + make.digits(6))


def _secrets(make: Maker) -> Iterator[Any]:
    sign = make.random.choice(("\n", "\r\n", "\t", "\x00", "\x1b[0m", "\x7f"))
    yield from (MARK + make.word() + "\n", MARK + sign + make.word(), sign + MARK, 42, 1e5, True, [MARK], {"a": MARK})


def _tokens(make: Maker) -> Iterator[Any]:
    yield from _secrets(make)
    yield from (MARK + " " + make.word(), MARK + "ä", " " + MARK, MARK + "\u200b")


def _addresses(make: Maker) -> Iterator[Any]:
    name = make.word(string.ascii_lowercase) + ".example.com"
    yield from (
        name,
        "ftp://" + name,
        "https://",
        f"https://user:{MARK}@{name}",
        f"https://{name}#x",
        f"https://{name}:port",
    )
    yield from (
        f"https://{name}:99999",
        f"https://{name}/a b",
        f"https://{name}\n",
        f"http://{name}",
        5,
        "https://[::1",
        "//" + name,
    )


def _api_addresses(make: Maker) -> Iterator[Any]:
    yield from _addresses(make)
    yield from ("https://node.example.com?x=1", "https://node.example.com/v25.0", "https://node.example.com/v1/")
    yield from make.other_types()


def _https_addresses(make: Maker) -> Iterator[Any]:
    yield from _addresses(make)
    yield from make.other_types()


def _choices(make: Maker) -> Iterator[Any]:
    yield from ("x" + make.word(), "STOP", "Registered", "none of them", 7, *make.other_types())


def _truths(make: Maker) -> Iterator[Any]:
    yield from ("x" + make.word(), "maybe", "tru", 2, -1, 1.5, [], {}, [True], "yes please")


def _lists(make: Maker) -> Iterator[Any]:
    yield from (5, True, 1.5, {"a": 1}, [""], ["a", ""], "a,,b", ",", [None], [["a"]], [{}], [1.5, make.word()], [True])


def _windows(make: Maker) -> Iterator[Any]:
    good = {"days": "mon", "hours": "22:00-23:00", "timezone": "UTC"}
    yield from (
        "always",
        5,
        True,
        {**good},
        [5],
        ["mon"],
        [{}],
        [{**good, "hour": "x"}],
        [good, {**good, "days": make.word()}],
    )
    yield from (
        [{**good, name: value}]
        for name, value in (
            ("days", 8),
            ("days", "mon-"),
            ("hours", "25:00-26:00"),
            ("hours", "10:00"),
            ("hours", "10:00-10:00"),
            ("hours", 600),
            ("timezone", ""),
            ("timezone", "Europe/" + make.word()),
            ("timezone", 1),
        )
    )


def _freezes(make: Maker) -> Iterator[Any]:
    yield from (
        make.word(),
        "./freeze",
        "~/freeze",
        "ftp://changes.example.com",
        "http://changes.example.com/x",
        "https://",
    )
    yield from make.other_types()


def _destinations(make: Maker) -> Iterator[Any]:
    yield from (make.word(), "./x", f"ftp://files.example.com/{MARK}", f"http://files.example.com/{MARK}", "https://")
    yield from (f"https://user:{MARK}@files.example.com/", "/x\x00y", *make.other_types())


def _sources(make: Maker) -> Iterator[Any]:
    yield from (make.word(), "./events.json", "/", f"/nowhere/{MARK}/events.json", "ftp://hooks.example.com/x")
    yield from ("https://", f"https://user:{MARK}@hooks.example.com/", *make.other_types())


def _headers(make: Maker) -> Iterator[Any]:
    yield from (MARK, f"A B: {MARK}", f": {MARK}", "Authorization:", f"Authorization: {MARK}\nX: y", f"A: {MARK}  x")
    yield from (f"Authorization: {MARK}\u00e4", 5, True, [MARK], {"a": MARK})


def _plans(make: Maker) -> Iterator[Any]:
    yield from (
        make.word(),
        str(make.where / "no plan.json"),
        str(make.where),
        "p12",
        "f" + "g" * 24,
        5,
        1.5,
        True,
        ["p12"],
    )
    yield from (str(make.where / "text.pem"), {"numbers": 5}, {"digest": "f12", "numbers": {}}, "p" + make.digits(25))


def _waivers(make: Maker) -> Iterator[Any]:
    good = {"id": "WM108", "who": "ada", "why": "x", "until": "2099-01-01"}
    yield from ("soon", 5, True, {**good}, ["WM108"], [5], [{}], "[{]")
    for name in good:
        yield [{key: value for key, value in good.items() if key != name}]
    yield from (
        [{**good, name: value}]
        for name, value in (
            ("id", "WM999"),
            ("id", "WM106"),
            ("id", "WM133"),
            ("until", "soon"),
            ("until", "2026-13-01"),
            ("until", 5),
            ("who", ""),
            ("numbers", "all"),
            ("numbers", ["x"]),
            ("numbers", []),
            (make.word(string.ascii_lowercase) + "s", "x"),
        )
    )


def _waves(make: Maker) -> Iterator[Any]:
    yield from (
        [],
        ["0%"],
        "0%",
        [0],
        [-1],
        ["101%"],
        ["no" + make.word()],
        [make.word() + "%"],
        {"first": 1},
        [True],
        [1.5],
        [[1]],
    )
    yield from ("many", "1;2", [1, "canray", "100%"], ["10 %"], 0, "-1", [None], 1.5, False)


def _rules(make: Maker) -> Iterator[Any]:
    good = {"purpose": "a", "meaning": "b"}
    yield from ([], "x", 5, [5], [{}], [{"purpose": "a"}], [{**good, make.word() + "s": 1}], {**good}, [good, good])
    yield from ([{**good, "prohibited_since": "soon"}], [{**good, "exemptions": 5}], [{**good, "meaning": 5}])


_MAKERS: dict[str, Callable[[Maker], Iterator[Any]]] = {
    "id": _ids,
    "pin": _pins,
    "code": lambda make: iter(
        (make.digits(5), make.digits(7), make.digits(5) + "x", "12-3456", 0o1234, 1e5, True, ["123456"], {"a": 1}, MARK)
    ),
    "language": lambda make: iter(("en", "en-US", "EN_us", "xx_XX", "english", 5, True, ["en_US"], {})),
    "codes file": lambda make: make.other_types(),
    "phone number": lambda make: iter(
        ("12345", make.digits(16), "six", True, 1.5, [], {}, "1+6315551019", make.word())
    ),
    "moment": lambda make: iter((5, True, 1.5, "soon", "2026-13-01T00:00:00Z", "12:00", [], {}, make.word())),
    "secret": _secrets,
    "token": _tokens,
    "user name": lambda make: iter(("a:b", "a\nb", make.word() + "\x00", 1.5, [], {}, True)),
    "api address": _api_addresses,
    "https address": _https_addresses,
    "version": lambda make: iter(
        (25.0, 25, "25.0", "v25", "V25.0", "v25.0/", "latest", make.word(), *make.other_types())
    ),
    "ca file": lambda make: iter((*make.files, *make.other_types())),
    # what is no certificate is no photo either
    "photo": lambda make: iter((*make.files, *make.other_types())),
    # what is a CA file is no list of recipients either, and these can be read by others
    "recipients": lambda make: iter((*make.files, *make.other_types())),
    "template": lambda make: iter(("Service-Ends", "a b", "ä", "A" + make.word(), *make.other_types())),
    "template language": lambda make: iter(("english", "EN", "en-US", "en_us", "E" + make.word(), *make.other_types())),
    "parameters": lambda make: iter(({}, True, 1.5, [""], [[]], [{}], ["a\nb"], ["a" + " " * 5 + "b"], [None])),
    "confirmation": lambda make: iter(("yes", "n12", "n" + "G" * 12, "x" + make.word(), *make.other_types())),
    "profile": lambda make: iter(
        (5, True, ["about"], "{", {"abuot": "x"}, {make.word() + "s": 1}, {"about": "x" * 140}, {"websites": "ftp://x"})
    ),
    "profile text": lambda make: iter(("x" * 513, "é" * 600, make.word() * 600, *make.other_types())),
    "email": lambda make: iter((make.word(), "a@b c", "@", "x" * 129 + "@example.com", *make.other_types())),
    "websites": lambda make: iter(
        ("www.example.com", ["ftp://x"], ["https://a"] * 3, ["https://" + "x" * 256], *_lists(make))
    ),
    "node code": lambda make: iter(
        (MARK, "12345", "1234567", "12-3456", "12 34 56", "١٢٣٤٥٦", 12345, 0o1234, True, *make.other_types())
    ),
    "country code": lambda make: iter(("x", "0049", "1234", "+", -1, 0, make.word(), *make.other_types())),
    "certificate": lambda make: iter(("short", "a b" * 20, "x" * 20 + "\n" + "y", MARK + "!", *make.other_types())),
    "shards": lambda make: iter((0, 3, 33, "3", "many", 1.5, True, [], {}, [2])),
    "industry": lambda make: iter(("x" + make.word(), "NOT_A_BIZ", "Retail shop", *make.other_types())),
    "absolute path": lambda make: iter(
        ("~/x", "x/y", "./x", "$HOME/x", make.word(), 5, "/x\x00y", *make.other_types())
    ),
    # any text will do: one that cannot be written is worth a warning only
    "folder": lambda make: make.other_types(),
    "file to write": lambda make: iter(
        (str(make.where / make.word() / "plan.json"), str(make.where), "/no/such/folder/plan.json", *make.other_types())
    ),
    "truth": _truths,
    "choice": _choices,
    "list": _lists,
    "list of choices": lambda make: iter((["health", "x" + make.word()], "weather", *_lists(make))),
    "list of mappings": lambda make: iter((5, True, 1.5, {"a": 1}, ["a"], [5], make.word())),
    "mapping": lambda make: iter((5, True, 1.5, [], ["a"], make.word())),
    "steps": lambda make: iter((5, True, {}, [], ["wa_backup"], "none", [{make.word(): {}}], [{}], [5])),
    "purpose rules": _rules,
    "waves": _waves,
    "window": _windows,
    "freeze": _freezes,
    "destination": _destinations,
    "source": _sources,
    "header": _headers,
    "plan": _plans,
    "waivers": _waivers,
}
