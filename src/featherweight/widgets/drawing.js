// Drawing: rows of a table become lines and marks on a canvas, over the stage that Python drew.
// Python computes every point; this file only copies points to pixels. `card.js` follows in the same module.

const EIGHTHS = 8;
const PEN_UP = -32768;
const FONT = '12px system-ui, "DejaVu Sans", sans-serif';

// A set of frames: the lines they share, and the points of those lines.
class Rows {
  constructor(index, buffer) {
    this.index = index;
    this.points = buffer;
  }

  at(row) {
    const [numbers, marks, summary, targets] = this.index.frames[row];
    return { lines: numbers.map((number) => this.line(number)), marks, summary, targets };
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
