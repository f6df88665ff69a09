// The register of sources, cut down to what a reader asks for. Without this, every source is listed.
const register = document.querySelector("[data-register]");
const sections = [...register.querySelectorAll("section")];
const lines = [...register.querySelectorAll("li")];
const share = (line) => Number(line.dataset.answered) / Number(line.dataset.asked);
const place = (line) => line.closest("section").querySelector("h3").textContent.trim();
const FULL = {
  "half or more answered": (line) => share(line) >= 0.5, "less than half answered": (line) => share(line) < 0.5,
  "figures rest on it": (line) => line.dataset.tables !== "0", "no figures held": (line) => line.dataset.tables === "0",
};
const asked = {};

function choice(title, names, fits) {
  const label = document.createElement("label");
  const select = document.createElement("select");
  for (const name of ["all", ...names]) select.add(new Option(name));
  select.addEventListener("change", () => {
    asked[title] = (line) => !select.selectedIndex || fits(line, select.value);
    show();
  });
  label.append(title, select);
  return label;
}

function show() {
  for (const line of lines) line.hidden = !Object.values(asked).every((fits) => fits(line));
  for (const section of sections) section.hidden = !section.querySelector("li:not([hidden])");
  const left = lines.filter((line) => !line.hidden).length;
  told.textContent = left ? `${left} of ${lines.length} sources` : "No source of this kind is known here.";
}

const bar = document.createElement("div");
bar.className = "ilms-choices";
const told = document.createElement("p");
told.className = "ilms-small";
told.setAttribute("role", "status");
const kinds = [...new Set(lines.map((line) => line.dataset.kind))].sort();
bar.append(
  choice("Country", sections.map((one) => one.querySelector("h3").textContent.trim()), (line, name) => place(line) === name),
  choice("Kind", kinds, (line, name) => line.dataset.kind === name),
  choice("Documentation", Object.keys(FULL), (line, name) => FULL[name](line)),
);
register.prepend(bar, told);
show();
