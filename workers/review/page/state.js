// What the page knows: one object that its modules share.
import * as view from "./view.js";

export const at = {
  rows: [], index: 0, pair: null, panel: null, reasons: [], changes: 0, open: 0,
  decided: [], nextStep: "", lost: false, busy: false, sureToFinish: false,
};

// Opens one of the panels under a pair: "editor", "gates", "reasons", or none.
export function openPanel(name) {
  at.panel = name;
  view.panel(name);
}
