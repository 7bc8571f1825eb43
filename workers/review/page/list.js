// The list of pairs and the requests: which pair is shown, and what happens when one fails.
import { Failure, get } from "./api.js";
import { at, openPanel } from "./state.js";
import * as view from "./view.js";
import { $ } from "./view.js";

// Requests

// Runs one request at a time, and tells what went wrong; gives undefined then. A second decision
// while one is under way is dropped: it would be about a pair that nobody has seen yet.
export async function attempt(action, id = null) {
  if (at.busy || at.lost) return undefined;
  at.busy = true;
  try {
    return await action();
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    await failed(failure, id);
    return undefined;
  } finally {
    at.busy = false;
  }
}

// Says what went wrong with a request, about the pair of this id if it was about one.
export async function failed(failure, id = null) {
  if (failure.status === 401) {
    at.lost = true;
    view.notice("This page belongs to an earlier start of the reviewer. Open the link that the "
      + "terminal shows now. Every decision that was taken is saved.", true);
  } else if (failure.status === 0) {
    view.notice("The reviewer does not answer: start it again, and open its new link. What you "
      + "decided before is saved.", true);
  } else if (failure.status === 409) {
    conflict(failure.body.pair);
  } else if (failure.status === 410) {
    view.notice(`${failure.message}: its chunk was handed over, or another reviewer has it.`, true);
    forget(id);
    if (at.pair?.id === id) await showCurrent();
  } else if (failure.status === 422) {
    view.failedGates(failure.body.failed, failure.body.final);
    openPanel("gates");
    $("gates").focus();
    $("gates").scrollIntoView({ block: "nearest" });
  } else {
    view.notice(failure.message, true);
  }
}

function conflict(pair) {
  at.pair = pair;
  keepRow(pair);
  at.index = Math.max(0, at.rows.findIndex((row) => row.id === pair.id));
  view.pair(pair, place());
  const draft = at.panel === "gates" || at.panel === "editor";
  view.panel(at.panel);
  view.notice("Somebody else decided about this pair meanwhile; nothing was overwritten. "
    + (draft ? "Your text is still here: save it to replace that decision, or press Esc."
      : "Decide again to replace that decision, or press s to leave it."), true);
}

export function progressed(answer) {
  at.changes = answer.changes;
  at.open = answer.open;
  view.progress(answer.counts, answer.elsewhere);
}

// The list

const wishes = () => ({
  show: $("show").value, domain: $("domain").value, sort: $("sort").value, search: $("search").value,
});

// Waits until no request is under way: for what must not be dropped.
export async function idle() {
  while (at.busy) await new Promise((later) => { setTimeout(later, 20); });
}

export async function loadList() {
  await idle();
  const found = await attempt(() => get("list", wishes()));
  if (!found) return;
  at.rows = found.rows;
  at.index = 0;
  progressed(found);
  await showCurrent();
}

const place = () => `${at.index + 1} of ${at.rows.length}`;

// Shows the pair at the index. Until it is there no key decides anything.
export async function showCurrent() {
  at.pair = null;
  at.panel = null;
  view.panel(null);
  at.sureToFinish = false;
  const row = at.rows[at.index];
  if (!row) return showEmpty();
  try {
    const pair = await get("pair", { id: row.id });
    if (at.rows[at.index] !== row) return undefined; // the reviewer has gone on meanwhile
    at.pair = pair;
    keepRow(pair);
    view.pair(pair, place());
  } catch (failure) {
    if (failure.status !== 410) return failed(failure);
    forget(row.id);
    return showCurrent();
  }
  return undefined;
}

function showEmpty() {
  if (at.open) {
    view.empty("Nothing here", `${at.open} pairs are open; choose another filter (x), or clear the `
      + "search.", "", false);
  } else {
    view.empty("Everything is decided", "Hand it over when you are sure: until then u takes the "
      + "last decision back.", at.nextStep && `then: ${at.nextStep}`, true);
  }
}

export function keepRow({ id, version, state }) {
  const row = at.rows.find((one) => one.id === id);
  if (row) Object.assign(row, { version, state });
}

function forget(id) {
  at.rows = at.rows.filter((row) => row.id !== id);
  at.index = Math.max(0, Math.min(at.index, at.rows.length - 1));
}

export function move(step) {
  if (!at.rows.length) return undefined;
  at.index = (at.index + step + at.rows.length) % at.rows.length;
  return showCurrent();
}

// After a decision: the next one that is open, from here on and round; else what says so.
export async function next() {
  const { rows, index } = at;
  const order = [...rows.slice(index + 1), ...rows.slice(0, index + 1)];
  const open = order.find((row) => row.state === "open");
  if (open) {
    at.index = rows.indexOf(open);
  } else if ($("show").value === "open" || !at.open) {
    at.rows = [];
  } else if (index + 1 < rows.length) {
    at.index += 1;
  }
  await showCurrent();
}
