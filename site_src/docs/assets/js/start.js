// What a page can do with scripts is fetched only where the page has it. Everything essential stands without them.
const PARTS = { "figure[data-live], a[data-embed]": "./figures.js", "[data-register]": "./register.js", "[data-nearest]": "./nearest.js" };
for (const [has, part] of Object.entries(PARTS)) if (document.querySelector(has)) import(part);
