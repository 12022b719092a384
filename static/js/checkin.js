// At the door: the list follows what is typed, and the camera reads the QR code. Without scripts there are a button to
// search and a field to type the code into.
(() => {
  const form = document.querySelector("form[data-search]");
  if (form) searchWhileTyping(form);
  const door = document.querySelector("[data-door]");
  if (door) readByCamera(door);

  function searchWhileTyping(form) {
    const field = form.querySelector("input[type=search]");
    const parts = [form.dataset.search, "stand"];
    let timer;
    let asked;

    async function look() {
      asked?.abort();
      asked = new AbortController();
      const address = new URL(form.action);
      address.hash = "";
      address.search = new URLSearchParams({ q: field.value.trim() });
      try {
        const answer = await fetch(address, { signal: asked.signal, redirect: "error" });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of parts) {
          const fresh = page.getElementById(id);
          if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
        }
      } catch {
        // Typed on meanwhile, or no connection: the button to search tells.
      }
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, 200);
    });
  }

  function readByCamera(door) {
    const button = door.querySelector("[data-camera]");
    const picture = door.querySelector("[data-camera-picture]");
    const said = door.querySelector("[data-camera-said]");
    const field = door.querySelector("input[name=code]");
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const WIDTH = 640;
    const EVERY = 120;
    let stream;

    const say = (what) => {
      said.textContent = said.dataset[what] ?? "";
    };

    function stop() {
      for (const track of stream?.getTracks() ?? []) track.stop();
      stream = undefined;
      picture.hidden = true;
      button.setAttribute("aria-pressed", "false");
    }

    function load(address) {
      return new Promise((resolve, reject) => {
        if (window.jsQR) return resolve();
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      });
    }

    function look() {
      if (!stream) return;
      if (picture.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && picture.videoWidth) {
        const scale = Math.min(1, WIDTH / picture.videoWidth);
        canvas.width = Math.round(picture.videoWidth * scale);
        canvas.height = Math.round(picture.videoHeight * scale);
        context.drawImage(picture, 0, 0, canvas.width, canvas.height);
        const seen = context.getImageData(0, 0, canvas.width, canvas.height);
        const read = window.jsQR(seen.data, seen.width, seen.height, { inversionAttempts: "dontInvert" });
        if (read?.data.startsWith("EINLASS-")) {
          stop();
          say("found");
          field.value = read.data;
          field.form.requestSubmit();
          return;
        }
        if (read?.data) say("foreign");
      }
      setTimeout(look, EVERY);
    }

    button.addEventListener("click", async () => {
      if (stream) {
        stop();
        say("");
        return;
      }
      if (!window.isSecureContext || !navigator.mediaDevices) return say("insecure");
      button.setAttribute("aria-pressed", "true");
      try {
        await load(door.dataset.jsqr);
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        picture.srcObject = stream;
        picture.hidden = false;
        await picture.play();
        say("looking");
        look();
      } catch (error) {
        stop();
        say(error.name === "NotAllowedError" ? "denied" : "missing");
      }
    });
    // Back from the history nobody is looking.
    window.addEventListener("pagehide", stop);
  }
})();
