// A page by the keyboard alone: Tab reaches every control, each shows that it has the focus, and none keeps it.

/** Answers what is wrong, a line each, and how many controls there are. */
export async function byKeyboard(page) {
  const names = await page.evaluate(() => {
    const isFirstOfGroup = (input) => {
      const group = [...document.getElementsByName(input.name)].filter((other) => other.type === "radio" && other.form === input.form);
      return (group.find((other) => other.checked) ?? group[0]) === input;
    };
    const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])";
    const isControl = (element) =>
      !element.disabled && element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) && (element.type !== "radio" || isFirstOfGroup(element));
    globalThis.controls = [...document.querySelectorAll(kinds)].filter(isControl);
    document.activeElement?.blur();
    return globalThis.controls.map((element) => element.outerHTML.slice(0, 100));
  });
  const [reached, wrong] = [new Set(), []];
  // Once around from wherever the focus begins: the window itself takes a turn too.
  for (let presses = 0; presses < names.length * 2 + 4 && reached.size < names.length; presses += 1) {
    await page.keyboard.press("Tab");
    const { at, isSeen } = await focus(page);
    if (at >= 0 && !isSeen && !reached.has(at)) wrong.push(`no focus is seen on ${names[at]}`);
    if (at >= 0) reached.add(at);
  }
  const last = (await focus(page)).at;
  await page.keyboard.press("Tab");
  if (names.length > 1 && last >= 0 && (await focus(page)).at === last) wrong.push(`Tab does not leave ${names[last]}`);
  wrong.push(...names.filter((_, at) => !reached.has(at)).map((name) => `Tab does not reach ${name}`));
  return { wrong, controls: names.length };
}

/** Which control has the focus, and whether an outline says so: its own, or where it is drawn over a card or beside a hidden mark. */
function focus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const hasOutline = (style) => style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
    const drawn = [getComputedStyle(element), getComputedStyle(element, "::after")];
    if (element.nextElementSibling?.tagName === "LABEL") drawn.push(getComputedStyle(element.nextElementSibling));
    return { at: globalThis.controls.indexOf(element), isSeen: drawn.some(hasOutline) };
  });
}
