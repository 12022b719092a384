// Says that scripts run, and takes the reader to what just happened: the error summary, else the message.
document.documentElement.classList.add("js");

(() => {
  const summary = document.querySelector(".summary[data-focus]");
  const target = summary || document.querySelector("[data-focus]");
  // A form keeps the fragment of its page, for example that of the skip link: it must not lead past what was refused.
  if (location.hash === "#inhalt" || summary) history.replaceState(null, "", location.pathname + location.search);
  // Any other address with a fragment has said already where to go.
  if (target && !location.hash) {
    target.focus();
  }

  for (const link of document.querySelectorAll(".summary a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      const shown = field.closest(".field") || field;
      shown.scrollIntoView({ block: "start" });
      field.focus({ preventScroll: true });
    });
  }

})();
