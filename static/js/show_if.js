// Shows a question only while the answer it depends on is given. What is hidden is switched off and not sent.
// Without scripts all questions are shown, and each says in words when it is meant.
(() => {
  const questions = [...document.querySelectorAll("[data-show-if]")];
  if (!questions.length) return;

  // Switched-off controls do not count: their question is hidden itself.
  function given(form, name) {
    return [...form.elements]
      .filter((control) => control.name === name && !control.disabled)
      .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
      .map((control) => control.value);
  }

  // In the order of the page: a question depends only on one before it.
  function settle() {
    for (const question of questions) {
      const form = question.closest("form");
      const wanted = question.dataset.showIfOptions.split(" ");
      const applies = given(form, question.dataset.showIf).some((value) => wanted.includes(value));
      question.hidden = !applies;
      for (const control of question.querySelectorAll("input, select, textarea")) control.disabled = !applies;
    }
  }

  for (const question of questions) {
    const words = question.querySelector("[data-show-if-words]");
    if (words) words.hidden = true;
    question.closest("form").addEventListener("change", settle);
  }
  // Going back in the browser restores answers after the page has loaded.
  window.addEventListener("pageshow", settle);
  settle();
})();
