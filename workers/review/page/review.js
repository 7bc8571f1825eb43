// The reviewer's page: what each key does, and what happens when others decide.
import { Failure, get, post } from "./api.js";
import {
  attempt, failed, idle, keepRow, loadList, move, next, progressed, showCurrent,
} from "./list.js";
import { at, openPanel } from "./state.js";
import * as view from "./view.js";
import { $ } from "./view.js";

const POLL_MS = 3000;

// Deciding

async function decide(decision) {
  if (!at.pair) return;
  const { id, version } = at.pair;
  const row = await attempt(() => post("decide", { id, version, ...decision }), id);
  if (!row) return;
  view.notice("");
  keepRow(row);
  at.decided.push({ id, version: row.version });
  progressed(row);
  await next();
}

async function undo() {
  await idle();
  const last = at.decided.pop() ?? (at.pair?.state !== "open" ? at.pair : null);
  if (!last) return view.notice("There is nothing to undo.");
  const { id, version } = last;
  const row = await attempt(() => post("undo", { id, version }), id);
  if (!row) return undefined;
  progressed(row);
  view.notice("Taken back.");
  if (!at.rows.some((one) => one.id === row.id)) at.rows.splice(at.index, 0, row);
  at.index = at.rows.findIndex((one) => one.id === row.id);
  keepRow(row);
  return showCurrent();
}

async function finish() {
  if (at.open && !at.sureToFinish) {
    at.sureToFinish = true;
    return view.notice("Hand over the chunks whose pairs are all decided? That can't be undone. "
      + "Press f again.");
  }
  const done = await attempt(() => post("finish"));
  if (!done) return undefined;
  progressed(done);
  at.decided = [];
  if (!done.ends) {
    view.notice(`${done.sealed} chunks were handed over; ${done.open} pairs are open, and more `
      + "may come.");
    return loadList();
  }
  at.rows = [];
  at.lost = true;
  view.notice("");
  return view.empty("Handed over", "You can close this page.", at.nextStep && `next: ${at.nextStep}`,
    false);
}

// Panels

function edit() {
  if (!at.pair) return;
  if (at.panel !== "gates") {
    $("edit-instruction").value = at.pair.instruction.text;
    $("edit-response").value = at.pair.response.text;
  }
  openPanel("editor");
  $("edit-response").focus();
}

const save = (keep) => decide({
  action: "edit", instruction: $("edit-instruction").value, response: $("edit-response").value,
  keep_anyway: keep,
});

function reject() {
  if (!at.pair) return;
  openPanel("reasons");
  $("reasons").focus();
  $("reasons").scrollIntoView({ block: "nearest" });
}

const rejectFor = (reason) => decide({ action: "reject", reason });

function closePanel() {
  openPanel(null);
  $("main").focus();
}

// Keys

function cycle(select) {
  select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
  return loadList();
}

const KEYS = {
  a: () => decide({ action: "accept" }),
  e: edit,
  r: reject,
  s: () => move(1),
  j: () => move(1),
  ArrowRight: () => move(1),
  k: () => move(-1),
  ArrowLeft: () => move(-1),
  u: undo,
  f: finish,
  x: () => cycle($("show")),
  o: () => cycle($("sort")),
  "/": () => $("search").focus(),
  "?": () => $("help").showModal(),
};
const PANEL_KEYS = {
  gates: { e: edit, k: () => save(true), Escape: edit },
  reasons: { Escape: closePanel, 9: () => $("own").focus() },
};

function keyed(event) {
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && at.panel === "editor") {
    event.preventDefault();
    return save(false);
  }
  if (typing && event.key === "Escape") {
    if (at.panel) closePanel();
    else event.target.blur();
    return undefined;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || $("help").open) return undefined;
  const action = keyAction(event.key);
  if (action) {
    event.preventDefault();
    action();
  }
  return undefined;
}

function keyAction(key) {
  const reason = at.panel === "reasons" ? at.reasons[Number(key) - 1] : undefined;
  if (reason) return () => rejectFor(reason);
  return at.panel ? PANEL_KEYS[at.panel]?.[key] : KEYS[key];
}

// What others decide

async function poll() {
  if (at.lost || at.busy) return;
  try {
    const news = await get("changes", { since: at.changes });
    for (const [id, row] of Object.entries(news.rows)) await changed(id, row);
    progressed(news);
    if (!at.pair && !at.panel && at.open) await loadList();
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    await failed(failure);
  }
}

async function changed(id, row) {
  if (!row) at.rows = at.rows.filter((one) => one.id !== id || id === at.pair?.id);
  else keepRow(row);
  const newer = row && at.pair?.id === id && row.version !== at.pair.version;
  if (newer && !at.panel) {
    view.notice("Somebody else has just decided about this pair.");
    await showCurrent();
  }
}

// Beginning

function listen() {
  document.addEventListener("keydown", keyed);
  for (const button of $("actions").children) {
    button.addEventListener("click", () => KEYS[button.dataset.key]());
  }
  for (const id of ["show", "domain", "sort"]) $(id).addEventListener("change", loadList);
  let waiting;
  $("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(loadList, 200);
  });
  const forms = { editor: () => save(false), "own-reason": () => rejectFor($("own").value), filters: () => {} };
  for (const [id, action] of Object.entries(forms)) {
    $(id).addEventListener("submit", (event) => {
      event.preventDefault();
      action();
    });
  }
  const clicks = { cancel: closePanel, "keep-it": closePanel, "go-on": edit, keep: () => save(true), "hand-over": finish };
  for (const [id, action] of Object.entries(clicks)) $(id).addEventListener("click", action);
  $("help-button").addEventListener("click", KEYS["?"]);
}

async function begin() {
  listen();
  const state = await attempt(() => get("state"));
  if (!state) return;
  at.reasons = state.reasons;
  at.nextStep = state.next_step;
  document.title = `Review ${state.run}`;
  $("run").textContent = state.run;
  view.fillSelect($("show"), state.show.map((name) => [name, name]), "open");
  view.fillSelect($("sort"), state.sort.map((name) => [name, name]), "doubt");
  const domains = Object.entries(state.domains).map(([name, count]) =>
    [name, `${name.replaceAll("_", " ")} (${count})`]);
  view.fillSelect($("domain"), [["", "all"], ...domains], "");
  view.fillReasons(state.reasons, rejectFor);
  await loadList();
  setInterval(poll, POLL_MS);
}

begin();
