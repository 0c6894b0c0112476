// The Node SDK's BatchWriteCommand: 25 unconditional writes a request, 10 requests in the air.
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { items } from "./items.mjs";
import { forEach, main } from "./measure.mjs";
import { client } from "./node_client.mjs";

const ITEMS_A_CALL = 25;
const CALLS_AT_ONCE = 10;

async function* batches(many) {
  let batch = [];
  for await (const Item of many) {
    batch.push({ PutRequest: { Item } });
    if (batch.length === ITEMS_A_CALL) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length) yield batch;
}

await main((job) => {
  const documents = client(job, CALLS_AT_ONCE);
  let records = 0;
  async function write(batch) {
    let waiting = { [job.table]: batch };
    while (Object.keys(waiting).length) {
      const answer = await documents.send(new BatchWriteCommand({ RequestItems: waiting }));
      waiting = answer.UnprocessedItems ?? {};
    }
    records += batch.length;
  }
  return async () => {
    await forEach(batches(items(job)), write, CALLS_AT_ONCE);
    return records;
  };
});
