// Seeks the published quotes in an article of the reader's, in the reader's browser. It sends nothing anywhere.
"use strict";
const form = document.forms.verify;
const said = form.dataset;
const rules = JSON.parse(said.fold);
const steps = rules.steps.map(([find, put]) => [new RegExp(find, "gu"), put]);
const border = new RegExp(rules.torn, "uy");

function fold(text) {
  return steps.reduce((folded, [find, put]) => folded.replace(find, put), text).normalize();
}

function torn(text, at) {
  border.lastIndex = at;
  return border.test(text);
}

// Where whole words end that begin at `from` or later; -1 where they do not stand.
function endOf(text, words, from) {
  let at = words ? text.indexOf(words, from) : -1;
  while (at >= 0 && (torn(text, at) || torn(text, at + words.length))) at = text.indexOf(words, at + 1);
  return at < 0 ? -1 : at + words.length;
}

function holds(text, runs) {
  let at = 0;
  return runs.every(words => (at = endOf(text, words, at)) >= 0);
}

const sources = Array.from(document.querySelectorAll("[data-sha256]"), place => ({
  place,
  quotes: Array.from(place.querySelectorAll("[data-quote]"), line => ({
    line,
    runs: Array.from(line.querySelectorAll("mark"), mark => fold(mark.textContent)),
  })),
}));

async function digest(bytes) {
  if (!crypto.subtle) return "";
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(sum, byte => byte.toString(16).padStart(2, "0")).join("");
}

function tell(words, values, place) {
  const line = document.createElement("p");
  const text = document.createElement(place ? "a" : "span");
  if (place) text.href = "#" + place.id;
  text.append(...words.split(/\{(\w+)\}/).map((part, at) => (at % 2 ? values[part] : part)));
  line.append(text);
  form.querySelector("[role=status]").append(line);
}

async function compare(file, bytes) {
  const sum = await digest(bytes);
  const text = fold(new TextDecoder().decode(bytes));
  const held = source => source.quotes.filter(quote => holds(text, quote.runs)).length;
  const same = sources.filter(source => source.place.dataset.sha256 === sum);
  const part = source => held(source) / source.quotes.length;
  const asked = sources.filter(source => source.quotes.length && [source.place.id, ""].includes(form.which.value));
  const best = asked.sort((a, b) => part(b) - part(a)).slice(0, 1);
  const fits = same.length ? same : best.filter(source => form.which.value || part(source) >= 0.5);
  if (!fits.length) tell(said.none, { file });
  for (const source of fits) {
    // The title as it stands in its heading: in its own language, whatever that of the sentence.
    const heading = source.place.querySelector("h2");
    const title = document.createElement("bdi");
    title.textContent = heading.textContent;
    if (heading.lang) title.lang = heading.lang;
    const values = { file, title, held: held(source), all: source.quotes.length };
    tell(same.length ? said.same : said.copy, values, source.place);
    for (const { line, runs } of source.quotes) {
      line.dataset.quote = holds(text, runs) ? (same.length ? "verified" : "found") : "missing";
      line.querySelector(".verdict").textContent = said[line.dataset.quote];
    }
  }
  if (!sum) tell(said.nodigest, {});
}

async function take(files) {
  form.querySelector("[role=status]").textContent = "";
  for (const file of files) await compare(file.name, await file.arrayBuffer());
}

form.hidden = false;
form.file.addEventListener("change", () => take(form.file.files));
form.compare.addEventListener("click", () => take([new File([form.text.value], said.pasted)]));
addEventListener("dragover", event => event.preventDefault());
addEventListener("drop", event => {
  event.preventDefault();
  take(event.dataTransfer.files);
});
