// The table, the timeline and the sections of a report. All text goes in as text nodes, so markup in a name stays text.
(function () {
  "use strict";
  var CHUNK = 50, BARS = 40, OWN_ID = "\ue000", OWN_WABA = "\ue001", SVG = "http://www.w3.org/2000/svg";
  var data = JSON.parse(document.getElementById("data").textContent), pool = data.pool;
  var ATTENTION = { needs_you: 0, untouched: 1, moved: 2 };
  var LABELS = { needs_you: "needs you", moved: "moved", untouched: "untouched" };

  function own(row, index) { return pool[index].split(OWN_ID).join(row[2]).split(OWN_WABA).join(row[3]); }
  var rows = data.numbers.map(function (row) {
    var one = {
      row: row, host: row[0], number: row[1], id: row[2], waba: row[3], state: pool[row[4]], group: pool[row[5]],
      location: pool[row[6]], wave: row[7], text: own(row, row[8]), causes: row[9].map(function (at) { return pool[at]; }),
      seconds: row[10], running: row[11], safe: row[12], gap: row[13], spans: row[14], parts: row[15], open: false
    };
    one.ids = pool[one.parts[0]].concat(pool[one.parts[3]]).match(/WM[0-9]+/g) || [];
    one.find = [one.host, one.number, one.number.replace(/[^0-9]/g, ""), one.id, one.waba, one.state, one.location, one.text,
      one.causes.join(" "), one.ids.join(" ")].join("\n").toLowerCase();
    return one;
  });
  var byHost = new Map(rows.map(function (one) { return [one.host, one]; }));
  var filter = { text: "", states: new Set(), group: "", cause: "", finding: "" };
  var sort = { key: "state", down: false }, ordered = rows, shown = rows, limit = CHUNK, barLimit = BARS, later = 0, printing = false;
  var $ = function (id) { return document.getElementById(id); };
  var body = $("rows"), bars = $("bars");

  function el(name, properties) {
    var made = document.createElement(name);
    Object.keys(properties || {}).forEach(function (key) {
      if (key === "class") { made.className = properties[key]; } else { made.setAttribute(key, properties[key]); }
    });
    for (var at = 2; at < arguments.length; at += 1) {
      var child = arguments[at];
      if (child !== null && child !== undefined && child !== "") {
        made.appendChild(typeof child === "object" ? child : document.createTextNode(String(child)));
      }
    }
    return made;
  }
  function draw(name, properties) {
    var made = document.createElementNS(SVG, name);
    Object.keys(properties).forEach(function (key) { made.setAttribute(key, properties[key]); });
    return made;
  }
  function link(host) { return "#n=" + encodeURIComponent(host); }
  function time(offset, millis) { return new Date(data.t0 + offset).toISOString().slice(11, millis ? 23 : 19); }
  function duration(seconds) {
    if (seconds < 60) { return seconds.toFixed(1) + " s"; }
    if (seconds < 3600) { return Math.floor(seconds / 60) + " min " + Math.round(seconds % 60) + " s"; }
    return Math.floor(seconds / 3600) + " h " + Math.floor(seconds % 3600 / 60) + " min";
  }
  function interrupted(one) { return one.running ? "no end" : one.seconds === null ? "" : duration(one.seconds); }
  function shape(group) {
    var icon = draw("svg", { "aria-hidden": "true", viewBox: "0 0 12 12" });
    icon.appendChild(draw("use", { href: "#s-" + group }));
    return icon;
  }
  function state(one) { return el("span", { "class": "state " + one.group }, shape(one.group), el("span", {}, one.state)); }

  // --- the timeline: one scale for all numbers, and one of its own in a number's section

  function line(one, from, length) {
    var made = draw("svg", { "class": "line", viewBox: "0 0 1000 18", preserveAspectRatio: "none", role: "img" });
    var at = function (moment) { return Math.max(0, Math.min(1000, (moment - from) / (length || 1) * 1000)); };
    var said = [];
    made.appendChild(draw("path", { "class": "b-rail", d: "M0 9H1000" }));
    one.spans.forEach(function (span) {
      var kind = pool[span[0]], x = at(span[2]), end = span[3] < 0 ? 1000 : at(span[3]), wide = Math.max(2, end - x);
      var text = (kind === "step" ? pool[span[1]] : kind === "wait" ? "waits" : "register call") + " " + time(span[2]) +
        (span[3] < 0 ? ", no end" : ", " + duration((span[3] - span[2]) / 1000)) + (span[4] && own(one.row, span[4]) ? ": " + own(one.row, span[4]) : "");
      var mark = kind === "wait" ? draw("path", { "class": "b-wait", d: "M" + x + " 9h" + wide })
        : draw("rect", { "class": "b-" + kind, x: Math.min(x, 998), y: kind === "register" ? 3 : 5, width: wide, height: kind === "register" ? 12 : 8 });
      var title = draw("title", {});
      title.textContent = text;
      mark.appendChild(title);
      made.appendChild(mark);
      said.push(text);
    });
    if (one.gap && one.gap[0] >= 0) {
      var x = at(one.gap[0]), until = one.gap[1] < 0 ? 1000 : at(one.gap[1]);
      made.appendChild(draw("rect", { "class": "b-gap", x: Math.min(x, 998), y: 15, width: Math.max(2, until - x), height: 3 }));
      said.push("interrupted: " + interrupted(one));
    }
    made.setAttribute("aria-label", one.host + ": " + (said.join("; ") || "no times noted"));
    return made;
  }
  function axis(from, length) {
    var made = draw("svg", { "class": "ticks", "aria-hidden": "true" });
    [0, 0.25, 0.5, 0.75, 1].forEach(function (part) {
      var label = draw("text", { x: part * 100 + "%", y: "65%", "text-anchor": part === 0 ? "start" : part === 1 ? "end" : "middle" });
      label.textContent = time(from + part * length, length < 20000);
      if (part === 0 || part === 1 || part === 0.5) { made.appendChild(label); }
    });
    return made;
  }
  function drawBars() {
    if (!bars) { return; }
    var timed = shown.filter(function (one) { return one.spans.length || one.gap; });
    var made = document.createDocumentFragment();
    made.appendChild(el("div", { "class": "axis" }, el("span", {}, timed.length === 1 ? "1 number" : timed.length + " numbers"), axis(0, data.t1)));
    timed.slice(0, barLimit).forEach(function (one) {
      made.appendChild(el("div", { "class": "bar" }, el("a", { href: link(one.host) }, one.host), line(one, 0, data.t1)));
    });
    bars.replaceChildren(made);
    $("more-bars").hidden = timed.length <= barLimit;
  }

  // --- the section of a number

  function list(values, make, tag) {
    var made = el(tag || "ul", {});
    values.forEach(function (value) { made.appendChild(el("li", {}, make ? make(value) : value)); });
    return made;
  }
  function block(title, content, full) { return el("div", full ? { "class": "full" } : {}, el("h4", {}, title), content); }
  function grid(label, heads, lines) {
    var head = el("tr", {}), made = el("tbody", {});
    heads.forEach(function (text) { head.appendChild(el("th", { scope: "col" }, text)); });
    lines.forEach(function (cells) {
      var row = el("tr", {});
      cells.forEach(function (cell) { row.appendChild(el("td", {}, cell === null || cell === undefined ? "" : cell)); });
      made.appendChild(row);
    });
    return el("div", { "class": "wide", tabindex: "0", role: "region", "aria-label": label }, el("table", {}, el("thead", {}, head), made));
  }
  function plain(value) { return value === null || value === undefined ? "unknown" : typeof value === "object" ? JSON.stringify(value) : String(value); }
  function finding(name) { return $("finding-" + name) ? el("a", { href: "#finding-" + name }, name) : name; }
  function section(one) {
    var part = one.parts.map(function (index) { return JSON.parse(own(one.row, index)); });
    var findings = part[0], plan = part[1], requests = part[2], changes = part[3], health = part[5], attempts = part[6], failure = part[7], sent = part[8];
    var step = part[9][0], command = part[9][1], left = part[9][2], compared = part[9][3], log = part[9][4], action = part[9][5];
    var made = el("section", { "class": "number", "aria-label": "Number " + one.number + " (" + one.host + ")", tabindex: "-1" });
    made.appendChild(el("div", { "class": "full" }, el("h3", {}, one.number + " (" + one.host + ")"),
      el("p", { "class": "quiet" }, "phone number ID " + (one.id || "unknown") + " · WABA " + (one.waba || "unknown") + (one.wave === null ? "" : " · wave " + one.wave) + (one.location ? " · " + one.location : "")),
      el("p", {}, one.text)));
    if (action.done) { made.appendChild(block("Done by this run", el("p", {}, action.done), true)); }
    if (step || command) {
      made.appendChild(block("Next", el("div", {}, el("p", {}, step + (action.safe ? ". " + action.safe : "")), command ? el("pre", { tabindex: "0", role: "region", "aria-label": "Command for " + one.host }, command) : null), true));
    }
    if (one.spans.length) {
      var times = one.spans.concat(one.gap ? [[0, 0, one.gap[0], one.gap[1]]] : []);
      var first = Math.min.apply(null, times.map(function (span) { return span[2]; }));
      var last = Math.max.apply(null, times.map(function (span) { return Math.max(span[2], span[3]); }));
      made.appendChild(block("Times, " + time(first, true) + " to " + time(last, true) + " UTC" + (one.gap ? ", interrupted: " + interrupted(one) : ""), line(one, first, last - first || 1), true));
    }
    if (findings.length) {
      made.appendChild(block("Findings", list(findings, function (found) {
        return el("span", {}, el("span", { "class": "sev " + found.severity }, found.severity), " ", finding(found.id), " ", found.seen,
          found.waived ? " Waived until " + found.waived.until + " by " + found.waived.who + " (" + found.waived.why + ")." : "",
          found.fix ? el("span", { "class": "quiet" }, " Fix: " + found.fix) : null);
      }), true));
    }
    if (failure.code !== undefined && failure.code !== null) {
      made.appendChild(block("Error", el("div", {}, el("p", {}, failure.code + " " + (failure.title || "")), el("p", { "class": "quiet" }, failure.details),
        failure.fbtrace_id ? el("p", { "class": "quiet" }, "fbtrace_id " + failure.fbtrace_id) : null, sent.length ? el("div", {}, el("p", {}, "Sent before this:"), list(sent)) : null)));
    }
    if (log.faults.length) { made.appendChild(block("Attempt log: it was altered", list(log.faults), true)); }
    if (requests.length) {
      made.appendChild(block("Requests of the plan, without secrets", grid("Requests of " + one.host, ["Time", "Seconds", "Request", "Answer"], requests.map(function (one_) {
        return [one_.at ? one_.at.slice(11, 23).replace("Z", "") : "not noted", one_.seconds, one_.what, [one_.outcome, one_.code, one_.fbtrace_id].filter(Boolean).join(" ")];
      })), true));
    }
    if (changes.length) {
      made.appendChild(block("Before and after" + (compared ? ", " + compared + " facts compared" : ""), grid("Changes of " + one.host, ["Fact", "Before", "After", "Finding"], changes.map(function (change) {
        return [change.fact, plain(change.was), plain(change.now), change.finding ? finding(change.finding) : ""];
      })), true));
    }
    if (health.verdict) {
      made.appendChild(block("Messaging health: " + health.verdict, el("div", {}, health.entities.length ? list(health.entities, function (entity) {
        return entity.entity_type + " " + entity.id + ": " + entity.can_send_message;
      }) : null, health.reasons.length ? list(health.reasons) : null)));
    }
    if (attempts.length) {
      made.appendChild(block("Register requests", grid("Register requests of " + one.host, ["Sent", "Outcome", "Code", "Ended"], attempts.map(function (attempt) {
        return [attempt.at, attempt.outcome, attempt.code, attempt.ended];
      }))));
    }
    var facts = [left === null ? "" : "Register requests left: " + left, plan.target ? "Target: " + plan.target : "", plan.downtime ? "Downtime: " + plan.downtime : "", plan.wrong_pin ? "Wrong PIN: " + plan.wrong_pin : "", plan.digest ? "Digest " + plan.digest : "", log.entries ? "Attempt log: " + log.entries + " entries, digest " + log.digest : ""].filter(Boolean);
    if (facts.length) { made.appendChild(block("Plan", list(facts))); }
    return made;
  }

  // --- the table

  function tr(one) {
    var row = el("tr", { "data-host": one.host }, el("td", {}, state(one)),
      el("td", { "class": "who" }, el("a", { href: link(one.host), "aria-expanded": String(one.open) }, one.number), el("small", {}, one.host)),
      el("td", { "class": "num" }, interrupted(one)), el("td", { "class": "wide-only" }, one.location),
      el("td", { "class": "num wide-only" }, one.wave === null ? "" : one.wave),
      el("td", { "class": "what" }, el("span", {}, one.text)));
    return row;
  }
  function detail(one) { return el("tr", { "class": "open" }, el("td", { colspan: "6" }, section(one))); }
  function drawRows() {
    var made = document.createDocumentFragment();
    shown.slice(0, limit).forEach(function (one) {
      made.appendChild(tr(one));
      if (one.open) { made.appendChild(detail(one)); }
    });
    body.replaceChildren(made);
    $("more").hidden = shown.length <= limit;
    $("more").textContent = "Show " + Math.min(CHUNK, shown.length - limit) + " more of " + (shown.length - limit);
  }
  var KEYS = {
    state: function (one) { return ATTENTION[one.group] + one.state; },
    number: function (one) { return one.number.replace(/[^0-9]/g, "").padStart(20, "0"); },
    seconds: function (one) { return one.running ? -1e9 : one.seconds === null ? 1e9 : -one.seconds; },
    location: function (one) { return one.location; },
    wave: function (one) { return one.wave === null ? 1e9 : one.wave; },
    text: function (one) { return one.text; }
  };
  function order() {
    var key = KEYS[sort.key], up = sort.down ? -1 : 1;
    ordered = rows.map(function (one, at) { return [key(one), at, one]; }).sort(function (a, b) {
      return a[0] < b[0] ? -up : a[0] > b[0] ? up : a[1] - b[1];
    }).map(function (entry) { return entry[2]; });
  }
  function apply() {
    var words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    shown = ordered.filter(function (one) {
      return words.every(function (word) { return one.find.includes(word); }) && (!filter.states.size || filter.states.has(one.state)) &&
        (!filter.group || (filter.group === "safe" ? one.safe : one.group === filter.group)) &&
        (!filter.cause || one.causes.includes(filter.cause)) && (!filter.finding || one.ids.includes(filter.finding));
    });
    limit = CHUNK;
    barLimit = BARS;
    drawRows();
    cancelAnimationFrame(later);
    later = requestAnimationFrame(function () { later = requestAnimationFrame(drawBars); });
    var narrow = shown.length < rows.length || filter.text || filter.states.size || filter.group || filter.cause || filter.finding;
    var by = [filter.group && (LABELS[filter.group] || filter.group), filter.cause && "cause " + filter.cause, filter.finding && "finding " + filter.finding].filter(Boolean);
    $("count").textContent = (narrow ? shown.length + " of " : "") + rows.length + (rows.length === 1 ? " number" : " numbers") + (by.length ? ": " + by.join(", ") : "");
    $("clear").hidden = !narrow;
    document.querySelectorAll("[data-state]").forEach(function (chip) { chip.setAttribute("aria-pressed", String(filter.states.has(chip.dataset.state))); });
    document.querySelectorAll("[data-group]").forEach(function (chip) { chip.setAttribute("aria-pressed", String(filter.group === chip.dataset.group)); });
  }
  function reset() { filter = { text: "", states: new Set(), group: "", cause: "", finding: "" }; $("q").value = ""; }
  function only(name, value) { reset(); filter[name] = value; apply(); $("numbers").scrollIntoView(); $("numbers").focus({ preventScroll: true }); }
  function rowOf(host) { return Array.prototype.find.call(body.children, function (row) { return row.dataset.host === host; }); }
  function toggle(one, open) {
    one.open = open;
    if (open && shown.indexOf(one) < 0) { reset(); apply(); }
    if (open && shown.indexOf(one) >= limit) { limit = shown.indexOf(one) + 1; drawRows(); }
    var row = rowOf(one.host), next = row && row.nextSibling;
    if (!row) { return null; }
    row.querySelector("a").setAttribute("aria-expanded", String(open));
    if (next && next.className === "open") { next.remove(); }
    if (open) { row.after(detail(one)); }
    return row;
  }
  function follow() {
    var hash = location.hash.slice(1), one = hash.indexOf("n=") === 0 ? byHost.get(decodeURIComponent(hash.slice(2))) : null;
    if (one) {
      var row = toggle(one, true);
      row.scrollIntoView();
      row.nextSibling.querySelector(".number").focus({ preventScroll: true });
    } else if (hash && $(hash)) { $(hash).focus({ preventScroll: true }); }
  }

  document.addEventListener("click", function (event) {
    var from = event.target.closest("a, button");
    if (!from) { return; }
    var set = from.dataset, host = from.closest("tr[data-host]");
    if (host && from.hash) {
      var one = byHost.get(host.dataset.host);
      if (one.open) { event.preventDefault(); toggle(one, false); history.replaceState(null, "", "#numbers"); } else if (location.hash === from.hash) { follow(); }
    } else if (from.hash && location.hash === from.hash) { follow(); }
    if (set.sort) {
      sort = { key: set.sort, down: sort.key === set.sort && !sort.down };
      document.querySelectorAll("#table > thead th").forEach(function (head) { head.removeAttribute("aria-sort"); });
      from.parentNode.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      order();
      apply();
    } else if (set.state) {
      if (!filter.states.delete(set.state)) { filter.states.add(set.state); }
      apply();
    } else if (set.group) { only("group", filter.group === set.group ? "" : set.group);
    } else if (set.cause) { only("cause", set.cause);
    } else if (set.find) { only("finding", set.find);
    } else if (set.copy) { copy(from, $(set.copy));
    } else if (from.id === "more") { limit += CHUNK; drawRows();
    } else if (from.id === "more-bars") { barLimit += BARS * 4; drawBars(); }
  });
  function copy(button, from) {
    var range = document.createRange();
    range.selectNodeContents(from);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    var done = function () { button.textContent = "Copied"; };
    if (navigator.clipboard) { navigator.clipboard.writeText(from.textContent).then(done, function () { document.execCommand("copy"); done(); }); } else if (document.execCommand("copy")) { done(); }
  }
  document.querySelector(".tools").addEventListener("submit", function (event) { event.preventDefault(); });
  document.querySelector(".tools").addEventListener("reset", function () { reset(); apply(); });
  $("q").addEventListener("input", function () { filter.text = this.value; apply(); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); $("q").focus(); }
    var row = event.target.closest && event.target.closest("tr[data-host]"), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (row && step) {
      var all = Array.prototype.slice.call(body.querySelectorAll("tr[data-host] .who a")), next = all[all.indexOf(row.querySelector(".who a")) + step];
      if (next) { event.preventDefault(); next.focus(); }
    }
  });
  // Paper has no buttons: print every number of the filter, and the sections of those that need somebody.
  addEventListener("beforeprint", function () {
    if (printing) { return; }
    printing = true;
    limit = barLimit = shown.length;
    shown.forEach(function (one, at) { one.was = one.open; one.open = one.open || (one.group === "needs_you" && at < 200); });
    drawRows();
    drawBars();
  });
  addEventListener("afterprint", function () {
    if (!printing) { return; }
    printing = false;
    shown.forEach(function (one) { one.open = one.was; });
    limit = CHUNK;
    barLimit = BARS;
    drawRows();
    drawBars();
  });
  addEventListener("hashchange", follow);
  order();
  apply();
  follow();
}());
