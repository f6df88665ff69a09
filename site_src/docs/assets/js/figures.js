// Buttons under a figure that only a script can offer: the chart that answers, its picture, and the code to embed it.
// Nothing is fetched before a click.
const TEXTS = {
  explore: "Explore the chart", close: "Back to the drawing", waiting: "Loading the chart …", failed: "The chart could not be loaded.",
};

// Where the program and its figures come from; a page opened from disk brings its own way (classic.py).
const DISK = globalThis.ilmsFromDisk;
const SOURCE = DISK ?? {
  parts: () => import("./explore.js"),
  async answer(path) {
    const found = await fetch(path);
    if (!found.ok) throw new Error(found.statusText);
    return found.json();
  },
};

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "ilms-button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function save(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

async function picture(file) {
  const text = await (await fetch(file)).text();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.naturalWidth;
  canvas.height = 2 * image.naturalHeight;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  save(canvas.toDataURL("image/png"), file.split("/").pop().replace(/svg$/, "png"));
}

function code(link, title) {
  const box = document.createElement("p");
  box.className = "ilms-code";
  const label = document.createElement("label");
  label.textContent = "Code for your page";
  const text = document.createElement("textarea");
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: link.href, title, width: "100%", height: "640", loading: "lazy" });
  text.value = frame.outerHTML;
  text.readOnly = true;
  text.rows = 3;
  label.append(text);
  const copy = button("Copy", async () => {
    text.select();
    await navigator.clipboard?.writeText(text.value);
    copy.textContent = "Copied";
  });
  box.append(label, copy);
  return box;
}

function answering(figure, chart, still) {
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  let place = null;
  const toggle = button(TEXTS.explore, async () => {
    if (place) {
      place.remove();
      place = null;
    } else {
      said.textContent = TEXTS.waiting;
      try {
        const [{ explore }, data] = await Promise.all([SOURCE.parts(), SOURCE.answer(figure.dataset.live)]);
        place = document.createElement("div");
        place.className = "ilms-live";
        chart.append(place);
        await explore(place, data, figure.dataset.kind, figure.dataset.start.split(","));
        said.textContent = "";
      } catch (error) {
        place?.remove();
        place = null;
        said.textContent = TEXTS.failed;
      }
    }
    still.toggleAttribute("hidden", !!place);
    toggle.textContent = place ? TEXTS.close : TEXTS.explore;
  });
  chart.after(toggle, said);
}

for (const take of document.querySelectorAll(".ilms-figure__take")) {
  const figure = take.parentElement;
  const chart = figure.querySelector(".ilms-figure__chart");
  const still = chart?.querySelector("svg");
  if (!still) continue;
  if (figure.dataset.live) answering(figure, chart, still);
  if (DISK) continue; // a picture is made of what was fetched, and a page on a disk cannot be embedded
  const drawn = take.querySelector('a[href$=".svg"]');
  drawn?.after(" · ", button("PNG", () => picture(drawn.href)));
  const embed = take.querySelector("a[data-embed]");
  embed?.addEventListener("click", (event) => {
    event.preventDefault();
    const open = figure.querySelector(".ilms-code");
    if (open) open.remove();
    else take.after(code(embed, still.querySelector("title").textContent));
  });
}
