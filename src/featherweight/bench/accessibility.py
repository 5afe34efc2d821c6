"""What stands in the way of a reader with a keyboard or a screen reader, found in a real page.

Rules: axe-core, as axe-playwright-python brings it. Keyboard: Tab through a part of the page, as its reader would.
"""

from __future__ import annotations

from featherweight.errors import InputError

__all__ = ["IMPACTS", "barriers", "violations"]

IMPACTS = ("serious", "critical")
"""The violations that count, in axe's own words."""
LONGEST = 80  # characters of an element that a complaint shows

START = """(part) => {
  const start = document.createElement("span");
  start.tabIndex = -1;
  start.dataset.start = "yes";
  part.before(start);
  start.focus();
}"""
END = "() => document.querySelectorAll('[data-start], [data-met]').forEach((node) => {\
  if (node.dataset.start) node.remove(); else delete node.dataset.met; })"
CONTROLS = """(part) => {
  const groups = new Set(), found = [];
  for (const node of part.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
    if (node.disabled || !node.checkVisibility({ visibilityProperty: true })) continue;
    if (node.tabIndex < 0 && node.matches("canvas, [role=img]")) continue;
    const group = node.type === "radio" ? node.name : "";
    if (group && groups.has(group)) continue;
    groups.add(group);
    const radios = [...part.querySelectorAll("input[type=radio]")].filter((radio) => radio.name === group);
    const met = group ? radios.some((radio) => radio.dataset.met) : Boolean(node.dataset.met);
    found.push({ met, said: node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent
      || node.outerHTML });
  }
  return found;
}"""
FOCUS = """(part) => {
  const node = document.activeElement;
  if (!part.contains(node)) return null;
  node.dataset.met = "yes";
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255).map((c) =>
      c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  let back = node.parentElement;
  const clear = (node) => /, 0\\)$/.test(getComputedStyle(node).backgroundColor);
  while (back.parentElement && clear(back)) back = back.parentElement;
  const paper = clear(back) ? 1.05 : light(getComputedStyle(back).backgroundColor);
  const look = getComputedStyle(node), ring = light(look.outlineColor);
  const seen = look.outlineStyle === "auto" || (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2
    && Math.max(ring, paper) / Math.min(ring, paper) >= 3);
  return { seen, said: node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent
    || node.outerHTML };
}"""


def violations(page, within: str = "") -> list[str]:
    """The serious and critical violations of axe-core's rules, one line each: rule, impact, place, what to do.

    within: a CSS selector; the whole page without one. Raises InputError where nothing matches it.
    """
    from axe_playwright_python.sync_playwright import Axe

    if within and not page.locator(within).count():
        raise InputError(f"{within!r} matches nothing on {page.url}; wanted the part of the page to look at.")
    found = Axe().run(page, context=within or None).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}) at {node['target'][-1]}: {rule['help']}"
        for rule in found
        if rule["impact"] in IMPACTS
        for node in rule["nodes"]
    ]


def barriers(page, part) -> list[str]:
    """What keeps a keyboard from a part of the page (a locator), one line each; an empty list is what is wanted.

    A control that Tab does not reach, a focus that cannot be seen (WCAG 2.2, 2.4.7 and 1.4.11: a contrast of 3 : 1),
    and a focus that does not leave, forwards or back.
    """
    part.evaluate(START)
    wanted = len(part.evaluate(CONTROLS))
    found, left = _walk(page, part, "Tab", wanted)
    controls = part.evaluate(CONTROLS)
    found += [f"Tab does not reach {_short(each['said'])}" for each in controls if not each["met"]]
    if left and wanted:
        page.keyboard.press("Shift+Tab")
        backwards = _walk(page, part, "Shift+Tab", wanted)[1]
        found += [] if backwards else ["Shift+Tab does not leave"]
    page.evaluate(END)
    return found


def _walk(page, part, key: str, controls: int) -> tuple[list[str], bool]:
    """Press a key until the focus is elsewhere: controls whose focus cannot be seen, and whether it left."""
    hidden = {}
    for _ in range(controls + 2):
        page.keyboard.press(key)
        focus = part.evaluate(FOCUS)
        if focus is None:
            return list(hidden), True
        if not focus["seen"]:
            hidden[f"the focus cannot be seen on {_short(focus['said'])}"] = True
    return [*hidden, f"{key} does not leave"], False


def _short(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
