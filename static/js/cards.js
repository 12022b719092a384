// Ctrl and Enter in the text saves the card; without scripts Tab and Enter do. What is typed while the next card is
// on its way is the beginning of the next card.
(() => {
  const text = document.getElementById("text");
  if (!text?.form) return;
  const name = "next-card";
  const early = sessionStorage.getItem(name);
  if (early) {
    sessionStorage.removeItem(name);
    text.value += early;
    text.setSelectionRange(text.value.length, text.value.length);
  }
  let sent = false;
  text.form.addEventListener("submit", () => {
    sent = true;
    text.readOnly = true;
  });
  text.addEventListener("keydown", (event) => {
    if (sent) {
      const types = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (types) sessionStorage.setItem(name, (sessionStorage.getItem(name) ?? "") + event.key);
      return;
    }
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    text.form.requestSubmit(text.form.querySelector("button[type=submit]"));
  });
  // Back from the history the page is as it was left.
  window.addEventListener("pageshow", () => {
    sent = false;
    text.readOnly = false;
  });
})();
