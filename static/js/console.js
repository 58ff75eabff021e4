// Copy buttons. Every page works without this file: the buttons stay hidden then, and the text can be selected by hand.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it and copy";
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2500);
  });
}
