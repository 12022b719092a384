// Choosing a reason puts the sentence that goes with it into the field, unless somebody has written one of their own.
(() => {
  const reply = document.getElementById("reply");
  if (!reply) return;
  const sentence = (reason) => document.getElementById(`${reason.id}-detail`)?.textContent.trim() ?? "";
  const reasons = [...document.querySelectorAll("input[name=reason]")];
  for (const reason of reasons) {
    reason.addEventListener("change", () => {
      const typed = reply.value.trim();
      if (!typed || reasons.some((other) => sentence(other) === typed)) reply.value = sentence(reason);
    });
  }
})();
