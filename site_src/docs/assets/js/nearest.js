// On the page for a wrong address: pages whose addresses are like it, from the search index.
const MOST = 4;
const root = new URL("../../", import.meta.url);
const list = document.querySelector("[data-nearest]");

/** How many letters must change to make one text of the other. */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
    row = next;
  }
  return row[other.length];
}

const wanted = decodeURIComponent(location.pathname.slice(root.pathname.length)).toLowerCase().replace(/(index\.html|\/+)$/, "");
if (wanted && wanted.length < 200) {
  const index = await (await fetch(new URL("search/search_index.json", root))).json();
  const pages = index.docs.filter((page) => page.location && !page.location.includes("#"));
  const near = pages
    .map((page) => ({ ...page, far: distance(wanted, page.location.toLowerCase().replace(/\/$/, "")) }))
    .filter((page) => page.far <= Math.max(2, wanted.length * 0.4))
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST);
  for (const page of near) {
    const link = document.createElement("a");
    link.href = new URL(page.location, root);
    link.textContent = new DOMParser().parseFromString(page.title, "text/html").body.textContent;
    const line = document.createElement("li");
    line.append(link);
    list.append(line);
  }
  list.parentElement.hidden = !near.length;
}
