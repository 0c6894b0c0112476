// Measures a case as measure.py does: from the first byte of the file to the last acknowledged write.
import { readFileSync } from "node:fs";

const job = JSON.parse(process.argv[2]);

export async function main(prepare) {
  const work = await prepare(job);
  const waited = waitedS();
  const started = performance.now();
  const before = process.cpuUsage();
  const records = await work();
  const { user, system } = process.cpuUsage(before);
  const measured = {
    records,
    cpu_s: (user + system) / 1e6,
    wall_s: (performance.now() - started) / 1e3,
    waited_s: waitedS() - waited,
    peak_rss_bytes: peakRssBytes(),
    details: {},
  };
  console.log(JSON.stringify(measured));
}

// Calls start for each of many, in so many at a time; returns how many there were.
export async function forEach(many, start, atOnce) {
  let done = 0;
  async function take() {
    for (let next = await many.next(); !next.done; next = await many.next()) {
      await start(next.value);
      done += 1;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, take));
  return done;
}

function waitedS() {
  return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[1]) / 1e9;
}

function peakRssBytes() {
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
}
