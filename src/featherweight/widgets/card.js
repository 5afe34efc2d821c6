// The card: sliders, presets and a question around a canvas that redraws one row of a table.
// Python draws the empty stage and computes every point; this file only copies points to pixels.

const EIGHTHS = 8;
const PEN_UP = -32768;
const FONT = '12px system-ui, "DejaVu Sans", sans-serif';
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

// A set of frames: the lines they share, and the points of those lines.
class Rows {
  constructor(index, buffer) {
    this.index = index;
    this.points = buffer;
  }

  at(row) {
    const [numbers, marks, summary] = this.index.frames[row];
    return { lines: numbers.map((number) => this.line(number)), marks, summary };
  }

  line(number) {
    const [panel, method, colour, width, markers, filled, ghost, first, count] = this.index.lines[number];
    const points = [];
    for (let i = 0; i < count; i += 1) {
      const x = this.points.getInt16(4 * (first + i), true);
      const y = this.points.getInt16(4 * (first + i) + 2, true);
      points.push(x === PEN_UP && y === PEN_UP ? null : [x / EIGHTHS, y / EIGHTHS]);
    }
    return { panel, method, colour, width, markers, filled, ghost, points, key: `${method} ${first} ${count}` };
  }
}

function marker(context, kind, x, y, size) {
  const r = size / 2;
  const shapes = {
    s: [[-r, -r], [r, -r], [r, r], [-r, r]],
    D: [[0, -1.3 * r], [1.3 * r, 0], [0, 1.3 * r], [-1.3 * r, 0]],
    "^": [[-r, r], [r, r], [0, -r]],
    v: [[-r, -r], [r, -r], [0, r]],
  };
  context.beginPath();
  if (kind === "x") {
    context.moveTo(x - r, y - r);
    context.lineTo(x + r, y + r);
    context.moveTo(x - r, y + r);
    context.lineTo(x + r, y - r);
    context.lineWidth = 1.5;
    context.stroke();
    return;
  }
  if (kind in shapes) shapes[kind].forEach(([dx, dy]) => context.lineTo(x + dx, y + dy));
  else context.arc(x, y, r, 0, 2 * Math.PI);
  context.fill();
}

class Painter {
  constructor(canvas, stage) {
    this.canvas = canvas;
    this.stage = stage;
    this.density = 2;
    canvas.width = stage.width * this.density;
    canvas.height = stage.height * this.density;
    this.context = canvas.getContext("2d");
  }

  // One synchronous pass: the background covers the last picture, so no blank frame can show.
  paint(row, ghost) {
    const { context, stage } = this;
    context.setTransform(this.density, 0, 0, this.density, 0, 0);
    context.fillStyle = stage.paper;
    context.fillRect(0, 0, stage.width, stage.height);
    if (stage.image) context.drawImage(stage.image, 0, 0, stage.width, stage.height);
    if (!row) return this.veil();
    const now = new Set(row.lines.map((line) => line.key));
    for (const line of ghost?.lines ?? []) {
      if (line.ghost && !now.has(line.key)) this.line({ ...line, colour: stage.ghost, filled: false });
    }
    row.lines.forEach((line) => this.line(line));
    row.marks.forEach((mark) => this.mark(mark));
  }

  // Before the reveal: cover the panels whose background gives the answer away.
  veil() {
    const { context, stage } = this;
    for (const panel of stage.veils) {
      const [left, top, wide, high] = stage.panels[panel];
      context.fillStyle = "#ececec";
      context.fillRect(left, top, wide, high);
      context.fillStyle = stage.ink;
      context.font = FONT;
      context.textBaseline = "middle";
      context.fillText("your guess first", left + wide / 2 - 42, top + high / 2);
    }
  }

  line({ panel, method, colour, width, markers, filled, points }) {
    const { context, stage } = this;
    const [left, top, wide, high] = stage.panels[panel];
    const look = stage.methods[method];
    context.save();
    context.beginPath();
    context.rect(left, top, wide, high);
    context.clip();
    context.strokeStyle = context.fillStyle = colour || look.colour;
    context.lineWidth = width;
    context.lineJoin = "round";
    const path = new Path2D();
    let lifted = true;
    for (const point of points) {
      if (point && lifted) path.moveTo(...point);
      else if (point) path.lineTo(...point);
      lifted = !point;
    }
    if (filled && points.length) this.fill(path, points, top + high);
    context.setLineDash(look.dash);
    context.stroke(path);
    context.setLineDash([]);
    points.forEach((point, i) => {
      if (markers && point && i % markers === 0) marker(context, look.marker, ...point, 5);
    });
    context.restore();
  }

  fill(path, points, bottom) {
    const area = new Path2D(path);
    area.lineTo(points.at(-1)[0], bottom);
    area.lineTo(points[0][0], bottom);
    this.context.globalAlpha = 0.25;
    this.context.fill(area);
    this.context.globalAlpha = 1;
  }

  mark([x, y, textX, textY, leftwards, text, method]) {
    const { context, stage } = this;
    const look = stage.methods[method];
    context.fillStyle = context.strokeStyle = look.colour;
    marker(context, look.marker, x, y, 8);
    if (!text) return;
    context.font = FONT;
    const wide = context.measureText(text).width;
    const start = leftwards ? textX - wide : textX;
    context.globalAlpha = 0.85;
    context.fillStyle = stage.paper;
    context.fillRect(start - 2, textY - 8, wide + 4, 16);
    context.globalAlpha = 1;
    context.fillStyle = stage.ink;
    context.textBaseline = "middle";
    context.fillText(text, start, textY);
  }
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
    this.dragging = false;
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

  listen() {
    this.handlers = this.controls.map(({ name }) => [`change:${name}`, () => this.update()]);
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
    for (const [name, value] of Object.entries(state)) this.model.set(name, value);
    this.update();
    this.model.save_changes();
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
