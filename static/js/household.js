// Adds and removes people without loading the page anew: the server answers as it does without scripts, and only the
// parts that depend on who comes are exchanged. What was typed elsewhere is not touched.
(() => {
  const form = document.querySelector("[data-household]")?.closest("form");
  if (!form) return;
  let busy = false;

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !["add", "remove"].includes(button.name)) return;
    event.preventDefault();
    if (!busy) exchange(button);
  });

  async function exchange(button) {
    busy = true;
    const body = new URLSearchParams(new FormData(form));
    body.append(button.name, button.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !page.querySelector("[data-household]")) throw new Error(answer.status);
      for (const part of form.querySelectorAll("[data-household]")) {
        const opened = [...part.querySelectorAll("details")].map((each) => each.open);
        part.innerHTML = page.getElementById(part.id).innerHTML;
        part.querySelectorAll("details").forEach((each, place) => {
          each.open ||= opened[place] ?? false;
        });
      }
      form.elements.people.value = page.querySelector("[name=people]").value;
      const next = form.querySelector("[data-household] [autofocus]") ?? form.querySelector("[name=add]");
      next.focus();
    } catch {
      // Without an answer that helps, the browser sends the form as it would without scripts.
      sendPlainly(button);
    } finally {
      busy = false;
    }
  }

  function sendPlainly(button) {
    const pressed = document.createElement("input");
    pressed.type = "hidden";
    pressed.name = button.name;
    pressed.value = button.value;
    form.append(pressed);
    form.submit();
  }
})();
