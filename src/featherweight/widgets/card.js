// The card: a question, sliders and presets around the canvas. Python puts `drawing.js` before this file.

const SURE = ["a guess", "fairly sure", "certain"];

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// The opening question. Calls `done(answer)` once; the answer is null when it was skipped.
function question(ask, name, done) {
  const radio = (group, text, value) =>
    make("label", {}, make("input", { type: "radio", name: `${name}-${group}`, value: String(value) }), text);
  const chosen = (group) => form.elements[`${name}-${group}`].value;
  const show = make("button", { type: "submit", className: "fw-main", textContent: "Show me", disabled: true });
  const skip = make("button", { type: "button", textContent: "Skip" });
  const form = make(
    "form",
    { className: "fw-ask" },
    make("fieldset", {}, make("legend", { textContent: ask.text }), ...ask.choices.map((c, i) => radio("choice", c, i))),
    make("fieldset", {}, make("legend", { textContent: "How sure are you?" }), ...SURE.map((s) => radio("sure", s, s))),
    make("div", { className: "fw-buttons" }, show, skip),
  );
  form.onchange = () => {
    show.disabled = chosen("choice") === "" || chosen("sure") === "";
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!show.disabled) done({ choice: Number(chosen("choice")), sure: chosen("sure") });
  };
  skip.onclick = () => done(null);
  return form;
}

function verdict(ask, answer) {
  const right = ask.choices[ask.answer];
  if (!answer) return `Skipped. Answer: ${right}. ${ask.because}`;
  const said = `You said “${ask.choices[answer.choice]}” (${answer.sure})`;
  return answer.choice === ask.answer ? `${said}: right. ${ask.because}` : `${said}. It is: ${right}. ${ask.because}`;
}

// Plain keys belong to the sliders and buttons, not to the notebook around them, which would move or delete a cell.
function keepKey(event) {
  const lab = event.ctrlKey || event.metaKey || event.key === "Escape" || (event.shiftKey && event.key === "Enter");
  if (!lab) event.stopPropagation();
}

class Card {
  constructor(model, root) {
    this.model = model;
    this.name = `fw-${Math.random().toString(36).slice(2)}`; // anywidget loads this module once per card: no counting
    this.controls = model.get("controls");
    this.live = model.get("live");
    this.rows = new Rows(model.get("index"), model.get("table"));
    this.asked = this.shown = 0;
    this.row = this.ghost = null;
    this.dragging = this.moving = false;
    this.build(root);
    this.listen();
    this.open();
  }

  build(root) {
    const { model } = this;
    const stage = { ...model.get("stage"), veils: model.get("ask")?.veils ?? [], image: null };
    root.classList.add("fw-card");
    root.addEventListener("keydown", keepKey);
    this.text = make("output", { className: "fw-text", role: "status", "aria-live": "polite", id: `${this.name}-text` });
    this.said = make("div", { className: "fw-said", role: "status" });
    this.note = make("span", { className: "fw-note" });
    this.canvas = make("canvas", { role: "img", "aria-label": model.get("title"), "aria-describedby": this.text.id });
    this.canvas.tabIndex = -1; // a card without sliders has nowhere else to leave the focus
    this.canvas.onclick = (event) => this.pick(event);
    this.canvas.onpointermove = (event) => {
      this.canvas.style.cursor = this.aim(event) ? "pointer" : "";
    };
    this.panel = make("div", { className: "fw-controls" });
    this.sliders = this.controls.map((control) => this.slider(control));
    this.presets();
    root.append(this.said, this.panel, this.canvas, this.text);
    this.root = root;
    this.painter = new Painter(this.canvas, stage);
    createImageBitmap(new Blob([model.get("scene")], { type: "image/png" })).then((image) => {
      stage.image = image;
      this.paint();
      root.dataset.drawn = "yes";
    });
  }

  slider(control) {
    const id = `${this.name}-${control.name}`;
    const input = make("input", { type: "range", id, min: 0, max: control.values.length - 1, step: 1 });
    const value = make("output", { htmlFor: id });
    input.addEventListener("pointerdown", () => {
      this.keepGhost();
      this.dragging = true;
    });
    input.addEventListener("input", () => {
      if (!this.dragging) this.keepGhost();
      this.set({ [control.name]: control.values[input.valueAsNumber] });
    });
    input.addEventListener("change", () => {
      this.dragging = false;
    });
    const label = make("label", { htmlFor: id, textContent: control.label });
    this.panel.append(make("div", { className: "fw-slider" }, label, input, value));
    return { control, input, value };
  }

  presets() {
    const buttons = Object.entries(this.model.get("presets")).map(([name, state]) => this.button(name, state));
    if (this.controls.length) buttons.push(this.button("Reset", this.model.get("start")));
    if (!buttons.length) return;
    this.panel.append(make("div", { className: "fw-presets", role: "group", "aria-label": "Presets" }, ...buttons));
  }

  button(name, state) {
    const button = make("button", { type: "button", textContent: name });
    button.onclick = () => {
      this.keepGhost();
      if (name === "Reset") this.ghost = null;
      this.set(state);
    };
    return button;
  }

  // What a click in the picture would set: never more than the sliders can.
  aim({ offsetX, offsetY }) {
    const scale = this.model.get("stage").width / this.canvas.clientWidth;
    const [x, y] = [offsetX * scale, offsetY * scale];
    const hit = ([left, top, right, bottom]) => left <= x && x < right && top <= y && y < bottom;
    return this.row?.targets.find(hit)?.at(-1);
  }

  pick(event) {
    const sets = this.aim(event);
    if (!sets) return;
    this.keepGhost();
    this.set(sets);
  }

  listen() {
    this.handlers = this.controls.map(({ name }) => [`change:${name}`, () => this.moving || this.update()]);
    this.handlers.push(["change:note", () => this.tell()]);
    this.handlers.push(["msg:custom", (content, buffers) => this.answer(content, buffers)]);
    this.handlers.forEach(([event, handler]) => this.model.on(event, handler));
  }

  close() {
    this.handlers.forEach(([event, handler]) => this.model.off(event, handler));
  }

  open() {
    const ask = this.model.get("ask");
    if (ask && !this.model.get("revealed")) {
      this.panel.hidden = this.text.hidden = true;
      this.form = question(ask, this.name, (answer) => this.reveal(answer));
      this.said.replaceChildren(this.form);
      return;
    }
    this.tell();
    this.update();
  }

  reveal(answer) {
    this.model.set("answer", answer ?? {});
    this.model.set("revealed", true);
    this.model.save_changes();
    this.panel.hidden = this.text.hidden = false;
    this.tell();
    this.update();
    this.keepGhost();
    this.set(this.model.get("ask").shows);
    (this.sliders[0]?.input ?? this.canvas).focus();
  }

  tell() {
    const ask = this.model.get("ask");
    if (!ask || !this.model.get("revealed")) return;
    const answer = this.model.get("answer");
    const note = this.model.get("note");
    this.said.textContent = verdict(ask, "choice" in answer ? answer : null) + (note ? ` ${note}` : "");
  }

  keepGhost() {
    this.ghost = this.row;
  }

  set(state) {
    this.moving = true; // one redraw for all changes
    for (const [name, value] of Object.entries(state)) this.model.set(name, value);
    this.moving = false;
    this.update();
    this.model.save_changes(); // one in flight, then the latest; kept back any longer, an echo would undo it
  }

  // Read the state, move the sliders, show the row (or ask Python for it).
  update() {
    const places = this.controls.map(({ name, values }) => Math.max(values.indexOf(this.model.get(name)), 0));
    this.sliders.forEach(({ control, input, value }, i) => {
      input.value = places[i];
      value.textContent = control.texts[places[i]];
      input.setAttribute("aria-valuetext", control.texts[places[i]]);
    });
    if (!this.panel.hidden) this.live ? this.request(places) : this.show(this.rows.at(this.number(places)));
  }

  number(places) {
    return this.controls.reduce((row, { values }, i) => row * values.length + places[i], 0);
  }

  show(row) {
    this.row = row;
    this.paint();
    this.text.textContent = row.summary;
  }

  paint() {
    this.painter.paint(this.row, this.ghost);
  }

  // Live: one request at a time; while it runs only the latest wish is kept.
  request(places) {
    const wish = places.join();
    if (this.row === null) this.show(this.rows.at(0));
    if (wish === this.wish) return;
    this.wish = wish;
    this.pending = places;
    if (this.asked === this.shown) this.send();
  }

  send() {
    if (!this.pending) return;
    this.asked += 1;
    this.model.send({ run: this.asked, places: this.pending });
    this.pending = null;
  }

  answer(content, buffers) {
    if (content.run !== this.asked || content.run === this.shown) return; // stale, or for another view
    this.shown = content.run;
    this.show(new Rows(content.index, buffers[0]).at(0));
    this.send();
  }
}

function render({ model, el }) {
  const card = new Card(model, el);
  return () => card.close();
}

export default { render };
