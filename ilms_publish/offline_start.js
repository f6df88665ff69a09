// Opened from disk a page can fetch nothing; what a click asks for comes as plain scripts, which may come from disk.
globalThis.ilmsFromDisk = {
  home: document.currentScript.src.replace(/[^/]*$/, ""),
  answers: {},
  script: (address) =>
    new Promise((done, failed) => {
      const one = document.createElement("script");
      Object.assign(one, { src: address, onload: done, onerror: () => failed(new Error(address)) });
      document.head.append(one);
    }),
  async parts() {
    if (!this.explore) for (const name of ["vega.js", "explore.js"]) await this.script(this.home + name);
    return this;
  },
  async answer(path) {
    const address = new URL(`${path}.js`, location.href).href;
    if (!(address in this.answers)) await this.script(address);
    return this.answers[address];
  },
};
