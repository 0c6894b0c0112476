// The item of a row, in plain JavaScript: what items.py is in Python.
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { crc32 } from "node:zlib";

export const CONDITION =
  "(attribute_not_exists(precedence) OR precedence < :precedence) " +
  "AND attribute_not_exists(correctedBy)";
const SHARDS = 64;
const EMAIL = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/;
const CURRENCY = /^[A-Za-z]{3}$/;
const OFFSET = /(Z|[+-]\d\d:\d\d)$/;
const TIERS = new Set(["basic", "silver", "gold"]);
const FIELDS = new Set([
  "id", "timestamp", "amount", "currency", "category", "quantity", "customer", "tags", "note",
]);

class BadRow extends Error {}

// Yields the items of the good rows of a job's file.
export async function* items({ file, form, origin }) {
  const keyed = origin.dataset === "orders";
  let number = 0;
  for await (const row of ROWS[form](file)) {
    number += 1;
    let data = row;
    if (keyed) {
      try {
        data = standardOrder(row);
      } catch (error) {
        if (error instanceof BadRow || error instanceof TypeError) continue;
        throw error;
      }
    }
    yield item(data, number, origin, keyed);
  }
}

function item(data, row, origin, keyed) {
  const recordId = keyed ? `orders:${data.orderId}` : `${fileId(origin)}.${padded(row)}`;
  const version = keyed ? 2 : 1;
  const file = `${origin.lastModified}/${origin.sequencer}/${origin.version}/${padded(version)}`;
  return {
    recordId,
    timestamp: keyed ? data.orderedAt : origin.lastModified,
    itemType: "RECORD",
    status: "ACCEPTED",
    shard: crc32(recordId) % SHARDS,
    precedence: `${file}/${padded(row)}`,
    dataset: origin.dataset,
    contractVersion: version,
    originRegion: origin.region,
    source: { bucket: origin.bucket, key: origin.key, version: origin.version, row },
    data,
    digest: createHash("sha256").update(JSON.stringify(sorted(data))).digest("hex"),
  };
}

function standardOrder(row) {
  require(Object.keys(row).every((name) => FIELDS.has(name)));
  require(row.amount >= 0 && row.quantity >= 1 && Number.isInteger(row.quantity));
  require(CURRENCY.test(row.currency.trim()));
  const placed = new Date(row.timestamp);
  require(OFFSET.test(row.timestamp) && !Number.isNaN(placed.getTime()));
  const standard = {
    orderId: name(row.id),
    orderedAt: placed.toISOString(),
    amount: row.amount,
    currency: row.currency.trim().toUpperCase(),
    category: name(row.category).toLowerCase(),
    quantity: row.quantity,
    customer: customer(row.customer),
    tags: [...new Set((row.tags ?? []).map(name))].sort(),
  };
  const note = (row.note ?? "").trim();
  if (note) standard.note = note;
  return standard;
}

function customer({ id, tier, email }) {
  require(TIERS.has(tier));
  const standard = { id: name(id), tier };
  if (email) {
    require(EMAIL.test(email.trim()));
    standard.email = email.trim().toLowerCase();
  }
  return standard;
}

function name(text) {
  const trimmed = text.trim();
  require(trimmed);
  return trimmed;
}

function require(condition) {
  if (!condition) throw new BadRow();
}

function sorted(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

function fileId({ bucket, key, version }) {
  const identity = `${bucket}\0${key}\0${version}`;
  return "f" + createHash("sha256").update(identity).digest("hex").slice(0, 31);
}

function padded(number) {
  return String(number).padStart(9, "0");
}

async function* lines(file) {
  for await (const line of createInterface({ input: createReadStream(file) })) yield JSON.parse(line);
}

function* array(file) {
  yield* JSON.parse(readFileSync(file, "utf8"));
}

async function* table(file) {
  const { parse } = await import("csv-parse");
  for await (const cells of createReadStream(file).pipe(parse({ columns: true }))) {
    const { customer_id: id, customer_tier: tier, customer_email: email, tags, ...row } = cells;
    row.amount = Number(row.amount);
    row.quantity = Number(row.quantity);
    yield { ...row, customer: { id, tier, email }, tags: tags ? tags.split("|") : [] };
  }
}

const ROWS = { ndjson: lines, json: array, csv: table };
