// Draws what the reviewer sees. Every text from a record is set as text, never as markup.

export const $ = (id) => document.getElementById(id);

const STATES = {
  open: "open", accept: "accepted", edit: "edited", reject: "rejected", failed: "not a pair",
};
const LOW = { grounded: 0.95, verbatim: 0.5, confidence: 0.5 };

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Pieces of a text: marked ones, and characters that can't be seen or turn the text around.
function shown(pieces) {
  return pieces.map((piece) => {
    const inner = piece.odd ? element("span", piece.odd, "odd") : new Text(piece.text);
    if (!piece.mark) return inner;
    const mark = document.createElement("mark");
    mark.append(inner);
    return mark;
  });
}

export function fillSelect(select, values, chosen) {
  select.replaceChildren(...values.map(([value, label]) => {
    const option = element("option", label);
    option.value = value;
    return option;
  }));
  select.value = chosen;
}

export function fillReasons(reasons, choose) {
  $("reason-list").replaceChildren(...reasons.map((reason, index) => {
    const button = element("button", "");
    button.type = "button";
    button.append(element("kbd", String(index + 1)), new Text(reason));
    button.addEventListener("click", () => choose(reason));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

export function progress(counts, elsewhere) {
  const { all, decided } = counts;
  const more = elsewhere ? `, ${elsewhere} chunks behind them` : "";
  $("progress-text").textContent = `${decided} of ${all} decided${more}`;
  $("bar").firstElementChild.style.width = all ? `${(100 * decided) / all}%` : "0";
  $("bar").setAttribute("aria-valuemax", all);
  $("bar").setAttribute("aria-valuenow", decided);
}

export function pair(one, place) {
  $("pair").hidden = $("source-pane").hidden = false;
  $("empty").hidden = true;
  $("place").textContent = `${place}  ·  ${one.id}`;
  $("state").textContent = stateOf(one);
  $("state").className = `chip ${one.state}`;
  $("flags").replaceChildren(...one.flags.map((flag) => element("li", flag)));
  $("instruction").replaceChildren(...shown(one.instruction.pieces));
  $("response").replaceChildren(...shown(one.response.pieces));
  $("writer").textContent = one.written_by ? `by the ${one.written_by}` : "";
  was(one.was);
  figures(one);
  source(one);
}

function stateOf(one) {
  const { reason, by, rule, failed } = one.note;
  const parts = [STATES[one.state] || one.state];
  if (reason) parts.push(`: ${reason}`);
  if (by) parts.push(` by ${by}`);
  if (rule) parts.push(` by rule: ${rule}`);
  if (failed) parts.push(`, fails ${failed} gate${failed > 1 ? "s" : ""}`);
  return parts.join("");
}

function was(texts) {
  $("was").hidden = !texts;
  if (!texts) return;
  $("was-instruction").replaceChildren(...shown(texts.instruction.pieces));
  $("was-response").replaceChildren(...shown(texts.response.pieces));
}

function figures(one) {
  const cells = Object.entries(one.figures).filter(([, value]) => typeof value === "number");
  $("figures").replaceChildren(...cells.map(([name, value]) => {
    const cell = document.createElement("div");
    if (value < (LOW[name] ?? 0) || (name === "doubt" && value > 0.5)) cell.className = "low";
    cell.append(element("dt", name), element("dd", value.toFixed(2)));
    return cell;
  }));
  const domains = one.domains.map(({ domain, confidence }) =>
    `${domain.replaceAll("_", " ")}${typeof confidence === "number" ? ` ${confidence.toFixed(2)}` : ""}`);
  $("domains").textContent = domains.join(", ");
}

function source(one) {
  const text = one.source.length ? shown(one.source) : [new Text("This pair carries no source text.")];
  $("source").replaceChildren(...text);
  $("source").scrollTop = 0;
  $("source").querySelector("mark")?.scrollIntoView({ block: "nearest" });
  window.scrollTo(0, 0);
  $("kind").textContent = one.kind.replaceAll("_", " ");
  const parts = Object.values(one.about).map((pieces) => shown(pieces));
  $("about").replaceChildren(...parts.flatMap((part, index) =>
    index ? [new Text("  ·  "), ...part] : part));
  $("cut").hidden = !one.cut;
  $("cut").textContent = `${one.cut} more characters are not shown.`;
}

export function empty(title, text, next, canHandOver) {
  $("pair").hidden = $("source-pane").hidden = true;
  $("empty").hidden = false;
  $("empty-title").textContent = title;
  $("empty-text").textContent = text;
  $("empty-next").hidden = !next;
  $("empty-next").textContent = next;
  $("hand-over").hidden = !canHandOver;
}

export function notice(text, bad = false) {
  $("notice").hidden = !text;
  $("notice").textContent = text;
  $("notice").className = bad ? "bad" : "";
}

export function failedGates(failed, final) {
  $("keep").hidden = $("keep-hint").hidden = final;
  $("failed").replaceChildren(...failed.map(({ reason, figures: found }) => {
    const told = Object.entries(found).map(([name, value]) => `${name.replaceAll("_", " ")}: ${
      Array.isArray(value) ? value.join(", ") : value}`);
    return element("li", told.length ? `${reason} (${told.join("; ")})` : reason);
  }));
}

// Which of the panels under a pair is open: none, "editor", "gates" or "reasons".
export function panel(name) {
  for (const one of ["editor", "gates", "reasons"]) $(one).hidden = one !== name;
  $("instruction").hidden = $("response").hidden = name === "editor" || name === "gates";
  for (const head of $("pair").querySelectorAll(":scope > h2")) head.hidden = $("response").hidden;
  if (name === "gates") $("editor").hidden = false;
  $("editor-buttons").hidden = name === "gates";
  for (const button of $("actions").children) button.disabled = Boolean(name);
}
