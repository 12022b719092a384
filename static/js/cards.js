// Ctrl and Enter in the text saves the card; without scripts Tab and Enter do.
(() => {
  const text = document.getElementById("text");
  if (!text?.form) return;
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    text.form.requestSubmit(text.form.querySelector("button[type=submit]"));
  });
})();
