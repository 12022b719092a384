// Orders a list by dragging or by its buttons, saves each change in the background and says so.
// Without scripts the buttons post the form; if saving fails, the form is posted too, and the server's page speaks.
(() => {
  for (const form of document.querySelectorAll("form[data-sortable]")) sortable(form);

  function sortable(form) {
    const list = form.querySelector("ol");
    const status = form.querySelector("[data-status]");
    const order = form.elements.order;
    let pending = null;
    let running = null;

    const items = () => [...list.children].filter((item) => item.dataset.id);
    const ids = () => items().map((item) => item.dataset.id).join(",");

    function settle() {
      order.value = ids();
      const all = items();
      all.forEach((item, place) => {
        for (const button of item.querySelectorAll("button[name=move]")) {
          const up = button.value.startsWith("up:");
          // aria-disabled keeps the focus where it is when an entry reaches the end.
          button.disabled = false;
          button.setAttribute("aria-disabled", String(up ? place === 0 : place === all.length - 1));
        }
      });
    }

    function moved(item) {
      settle();
      const place = items().indexOf(item) + 1;
      const text = form.dataset.moved
        .replace("{title}", () => item.dataset.title)
        .replace("{place}", place)
        .replace("{count}", items().length);
      status.textContent = text;
      clearTimeout(pending);
      pending = setTimeout(() => save(text), 600);
    }

    async function save(text) {
      pending = null;
      if (running) await running;
      const wanted = ids();
      running = post(wanted);
      const kept = await running;
      running = null;
      if (pending) return;
      if (kept) {
        status.textContent = text + " " + form.dataset.saved;
      } else {
        form.submit();
      }
    }

    // Times and numbers follow the order: show what the server says now.
    function renew(shown) {
      for (const item of items()) {
        const now = [...shown.children].find((other) => other.dataset.id === item.dataset.id);
        for (const part of [".sortable__title", ".sortable__detail"]) {
          const [here, there] = [item.querySelector(part), now?.querySelector(part)];
          if (here && there) here.replaceChildren(...there.childNodes);
        }
      }
    }

    // True when the page that comes back shows the order we asked for.
    async function post(wanted) {
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
        if (!answer.ok) return false;
        if (answer.status === 204) return true;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const shown = page.getElementById(list.id);
        if (!shown) return false;
        renew(shown);
        return [...shown.children].map((item) => item.dataset.id).filter(Boolean).join(",") === wanted;
      } catch {
        return false;
      }
    }

    list.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=move]");
      if (!button) return;
      event.preventDefault();
      if (button.getAttribute("aria-disabled") === "true") return;
      const item = button.closest("[data-id]");
      if (button.value.startsWith("up:")) item.previousElementSibling.before(item);
      else item.nextElementSibling.after(item);
      button.focus();
      item.scrollIntoView({ block: "nearest" });
      moved(item);
    });

    list.addEventListener("pointerdown", (event) => {
      const handle = event.target.closest(".sortable__handle");
      if (!handle || event.button !== 0) return;
      event.preventDefault();
      const item = handle.closest("[data-id]");
      const before = ids();
      handle.setPointerCapture(event.pointerId);
      item.classList.add("is-dragged");

      const follow = (move) => {
        const edge = 60;
        if (move.clientY < edge) scrollBy(0, -12);
        else if (move.clientY > innerHeight - edge) scrollBy(0, 12);
        // An entry is passed when the pointer crosses its middle. The others step aside, the dragged one is never
        // taken out of the page: that would end the pointer's hold on it.
        const middle = (other) => {
          const box = other.getBoundingClientRect();
          return box.top + box.height / 2;
        };
        const all = items();
        const place = all.indexOf(item);
        for (const other of all.slice(place + 1)) if (move.clientY > middle(other)) item.before(other);
        for (const other of all.slice(0, place).reverse()) if (move.clientY < middle(other)) item.after(other);
      };
      const drop = (cancelled) => {
        handle.removeEventListener("pointermove", follow);
        document.removeEventListener("keydown", escape);
        item.classList.remove("is-dragged");
        if (cancelled) for (const id of before.split(",")) list.append(items().find((entry) => entry.dataset.id === id));
        if (ids() !== before) moved(item);
      };
      const escape = (key) => {
        if (key.key === "Escape") drop(true);
      };
      handle.addEventListener("pointermove", follow);
      handle.addEventListener("pointerup", () => drop(false), { once: true });
      handle.addEventListener("pointercancel", () => drop(true), { once: true });
      document.addEventListener("keydown", escape);
    });

    settle();
  }
})();
