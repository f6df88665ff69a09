// The chart of one table that answers a reader: choices, drawing, and each figure in words under the pointer or by key.
// Loaded after a click only. Withheld figures are not in its file; a line is never drawn across a gap, break or source.
import { draw } from "./engine.js";

const MOST = 6; // lines that can be told apart
let made = 0;

const grouped = (text) =>
  text.replace(/^(-?)(\d+)/, (_, sign, whole) => (sign && "\u2212") + whole.replace(/\B(?=(\d{3})+$)/g, "\u202f"));

function element(tag, className, text = "") {
  const one = document.createElement(tag);
  one.className = className;
  one.textContent = text;
  return one;
}

function choice(title, options, chosen, act) {
  const label = element("label", "", title);
  const select = document.createElement("select");
  for (const [value, text] of options) select.add(new Option(text, value, false, String(value) === String(chosen)));
  select.addEventListener("change", () => act(select.value));
  label.append(select);
  return label;
}

/** The rows as objects; `codes` holds the number of the code in each dimension. */
function read(data) {
  const width = data.choices.length;
  return data.rows.map((row) => {
    const [year, text, status, source] = row.slice(width);
    return { codes: row.slice(0, width), year, text, status, source, value: Number(text) };
  });
}

/** What is chosen at first: the question that the drawing answered. */
function beginning(data, rows, kind, start) {
  const several = data.choices.map((one, at) => at).filter((at) => data.choices[at].codes.length > 1 && !data.choices[at].apart);
  const main = data.choices.findIndex((one) => one.main && one.codes.length > 1);
  const side = several.find((at) => at > 0 && at !== main);
  const wanted = { time: 0, classes: main, largest: main, sides: side ?? main }[kind] ?? 0;
  const years = [...new Set(rows.map((row) => row.year))].sort((a, b) => b - a);
  return {
    compare: several.includes(wanted) ? wanted : several[0] ?? 0,
    view: kind === "classes" || years.length < 2 ? "bars" : "lines",
    fixed: data.choices.map((one, at) => (start[at] ? Number(start[at]) : one.chosen)), scheme: {}, several, years, year: years[0], from: years.at(-1), to: years[0],
  };
}

/** The rows of what is chosen; in the years chosen where lines are drawn. */
const matching = (rows, state) =>
  rows.filter((row) => row.codes.every((code, at) => at === state.compare || code === state.fixed[at])
    && (state.view === "bars" || (row.year >= state.from && row.year <= state.to)));

/** The codes that are compared: of one scheme, totals beside parts only where there is room, at most so many lines. */
function compared(data, state, rows) {
  const codes = data.choices[state.compare].codes;
  const held = [...new Set(rows.map((row) => row.codes[state.compare]))].sort((a, b) => a - b);
  const schemes = [...new Set(held.map((code) => codes[code][1]))];
  if (!schemes.includes(state.scheme[state.compare])) state.scheme[state.compare] = schemes[0];
  let chosen = held.filter((code) => codes[code][1] === state.scheme[state.compare]);
  const parts = chosen.filter((code) => !codes[code][2]);
  if (parts.length && (state.view === "bars" || chosen.length > MOST)) chosen = parts;
  if (state.view === "lines" && chosen.length > MOST) {
    const last = (code) => rows.filter((row) => row.codes[state.compare] === code).reduce((a, b) => (b.year > a.year ? b : a)).value;
    chosen = chosen.sort((a, b) => last(b) - last(a)).slice(0, MOST);
  }
  return { chosen, schemes };
}

/** The unit of a row; where a dimension keeps units apart, such as currencies, its code says which. */
function unitOf(data, row) {
  const at = data.choices.findIndex((one) => one.apart);
  return at < 0 ? data.unit : data.choices[at].codes[row.codes[at]][0];
}

function told(data, row, label) {
  const status = data.status[row.status];
  return `${label}, ${row.year}: ${grouped(row.text)} ${unitOf(data, row)}${status ? `; ${status}` : ""}. Source: ${data.sources[row.source]}.`;
}

/** The rows of the drawing: each with its label, what is said of it, and the unbroken run of its line. */
function drawn(data, state, rows, chosen) {
  const found = [];
  for (const code of chosen) {
    const label = data.choices[state.compare].codes[code][0];
    let run = 0, before = null;
    const own = rows.filter((row) => row.codes[state.compare] === code && (state.view === "lines" || row.year === state.year));
    for (const row of own.sort((a, b) => a.year - b.year || a.source - b.source)) {
      const broken = !!before && (row.status === "B" || row.source !== before.source);
      if (!before || broken || row.year - before.year > 1) run += 1;
      found.push({
        label, year: row.year, edge: row.year - 0.5, value: row.value, named: `${label}: ${grouped(row.text)}`, status: row.status,
        broken, segment: `${code}-${run}`, codes: row.codes, told: told(data, row, label),
      });
      before = row;
    }
  }
  if (state.view === "bars") found.sort((a, b) => b.value - a.value);
  return found.map((row, id) => ({ ...row, id }));
}

function choices(data, state, schemes, change) {
  const bar = element("div", "ilms-choices");
  const views = [["lines", "over the years"], ["bars", "in one year"]];
  if (state.years.length > 1) bar.append(choice("Show", views, state.view, (v) => change({ view: v })));
  if (state.several.length > 1) {
    const names = state.several.map((at) => [at, data.choices[at].title.toLowerCase()]);
    bar.append(choice("Compare by", names, state.compare, (v) => change({ compare: Number(v) })));
  }
  if (schemes.length > 1) {
    const codes = data.choices[state.compare].codes;
    const name = (scheme) => (codes.find((code) => code[1] === scheme && code[2]) ?? codes.find((code) => code[1] === scheme))[0];
    bar.append(choice("Classes of", schemes.map((one) => [one, name(one)]), state.scheme[state.compare],
      (v) => change({ scheme: { ...state.scheme, [state.compare]: v } })));
  }
  data.choices.forEach((one, at) => {
    if (at === state.compare || one.codes.length < 2) return;
    const names = one.codes.map((code, number) => [number, code[0]]);
    bar.append(choice(one.title, names, state.fixed[at], (v) => change({ fixed: state.fixed.map((old, i) => (i === at ? Number(v) : old)) })));
  });
  if (state.years.length > 1) {
    const among = (years) => years.map((year) => [year, year]);
    if (state.view === "bars") bar.append(choice("Year", among(state.years), state.year, (v) => change({ year: Number(v) })));
    else bar.append(
      choice("From", among(state.years.filter((year) => year <= state.to)), state.from, (v) => change({ from: Number(v) })),
      choice("To", among(state.years.filter((year) => year >= state.from)), state.to, (v) => change({ to: Number(v) })),
    );
  }
  return bar;
}

/** Puts the chart into a place. kind, start: which of the table's drawings stood there, and the codes that it showed. */
export async function explore(place, data, kind, start) {
  const rows = read(data);
  let state = beginning(data, rows, kind, start);
  const bar = element("div", "");
  const stage = element("div", "ilms-live__stage");
  const canvas = element("div", "ilms-live__canvas");
  const tip = element("div", "ilms-live__tip");
  const says = element("p", "ilms-live__says");
  const help = element("p", "ilms-live__help", "Arrow keys step through the figures.");
  help.id = `ilms-live-${(made += 1)}`;
  Object.entries({ role: "group", tabindex: "0", "aria-label": data.title, "aria-describedby": help.id }).forEach((pair) => stage.setAttribute(...pair));
  canvas.setAttribute("aria-hidden", "true");
  says.setAttribute("aria-live", "polite");
  tip.hidden = true;
  stage.append(canvas, tip);
  const unit = element("p", "ilms-live__help");
  const keys = element("ul", "ilms-live__keys");
  place.append(bar, keys, unit, stage, says, help);
  let shown = [], view = null, at = -1;

  const hover = (_, event, item, value) => {
    tip.hidden = !value;
    if (!value) return;
    tip.textContent = value;
    const box = stage.getBoundingClientRect();
    tip.style.left = `${Math.min(Math.max(event.clientX - box.left - 90, 0), Math.max(box.width - 220, 0))}px`;
    tip.style.top = `${event.clientY - box.top + 16}px`;
  };

  async function render(focused) {
    const held = matching(rows, state);
    const { chosen, schemes } = held.length ? compared(data, state, held) : { chosen: [], schemes: [] };
    shown = drawn(data, state, held, chosen);
    at = -1;
    bar.replaceChildren(choices(data, state, schemes, (change) => {
      const focus = document.activeElement?.closest("label")?.firstChild?.textContent;
      state = { ...state, ...change };
      return render(focus);
    }));
    if (focused) [...bar.querySelectorAll("label")].find((one) => one.firstChild.textContent === focused)?.querySelector("select").focus();
    view?.finalize();
    view = null;
    canvas.replaceChildren();
    const span = [...new Set(shown.map((row) => row.year))].sort();
    says.textContent = shown.length
      ? `${new Set(shown.map((row) => row.label)).size} ${state.view === "lines" ? "lines" : "bars"}, ${span[0]}${span.length > 1 ? `\u2013${span.at(-1)}` : ""}, ${unitOf(data, shown[0])}.`
      : "No figure is held for this choice. That is not zero.";
    keys.replaceChildren(...(state.view === "lines" ? chosen : []).map((code) => element("li", "", data.choices[state.compare].codes[code][0])));
    unit.textContent = shown.length ? unitOf(data, shown[0]) : "";
    if (shown.length) view = (await draw(canvas, state.view, shown, hover)).view;
  }

  stage.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !view) return;
    event.preventDefault();
    at = (at + step + shown.length) % shown.length;
    says.textContent = shown[at].told;
    view.signal("at", at).runAsync();
  });
  stage.addEventListener("blur", () => view?.signal("at", -1).runAsync());
  await render();
}
