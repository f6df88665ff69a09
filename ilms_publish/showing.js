// Asks the preview for news of this page: it is loaded again when it has changed, and says what is to be mended.
(() => {
  const { mark, told } = document.currentScript.dataset;
  const place = document.getElementById("ilms-serve");
  let known = told;

  const ask = async () => {
    const query = new URLSearchParams({ page: location.pathname, mark, told: known });
    const news = await (await fetch(`/__ilms/news?${query}`)).json();
    if (news.mark !== mark) {
      location.reload();
      return false;
    }
    if (news.told !== known) {
      known = news.told;
      place.innerHTML = news.panel;
    }
    return true;
  };

  const seen = () => new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === "visible") {
        document.removeEventListener("visibilitychange", look);
        resolve();
      }
    };
    document.addEventListener("visibilitychange", look);
    look();
  });

  const watch = async () => {
    for (;;) {
      await seen(); // a hidden page holds no connection
      try {
        if (!(await ask())) return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 1000)); // the preview is away; it may come back
      }
    }
  };
  watch();
})();
