// Shows how far the files of an edition are; when the last one is done, the page is loaded again.
// Without scripts the link "Stand neu laden" does the same.
(() => {
  const place = document.querySelector("[data-progress]");
  if (!place) return;
  const said = place.querySelector("[data-progress-said]");
  const EVERY = 2000;
  const known = new Map();
  for (const item of place.querySelectorAll("[data-file]")) {
    known.set(item.dataset.file, item.querySelector("[data-state]")?.dataset.state);
  }

  async function look() {
    let answer;
    try {
      answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      answer = await answer.json();
    } catch {
      // The server is away for a moment: ask again later.
      setTimeout(look, EVERY * 5);
      return;
    }
    for (const file of answer.files) show(file);
    if (answer.pending) setTimeout(look, EVERY);
    else location.reload();
  }

  function show(file) {
    const item = place.querySelector(`[data-file="${file.id}"]`);
    if (!item) return;
    const bar = item.querySelector("progress");
    if (bar && file.total) {
      bar.max = file.total;
      bar.value = file.done;
    }
    if (known.get(String(file.id)) === file.state) return;
    known.set(String(file.id), file.state);
    const words = item.querySelector("[data-state] .kern-label");
    if (words) words.textContent = file.words;
    if (said) said.textContent = `${item.dataset.name}: ${file.words}`;
  }

  setTimeout(look, EVERY);
})();
