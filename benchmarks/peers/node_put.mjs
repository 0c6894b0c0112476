// The Node SDK's PutCommand, 100 conditional writes in the air.
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { CONDITION, items } from "./items.mjs";
import { forEach, main } from "./measure.mjs";
import { client } from "./node_client.mjs";

const IN_THE_AIR = 100;

await main((job) => {
  const documents = client(job, IN_THE_AIR);
  async function put(Item) {
    const input = {
      TableName: job.table,
      Item,
      ConditionExpression: CONDITION,
      ExpressionAttributeValues: { ":precedence": Item.precedence },
    };
    try {
      await documents.send(new PutCommand(input));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
  return () => forEach(items(job), put, IN_THE_AIR);
});
