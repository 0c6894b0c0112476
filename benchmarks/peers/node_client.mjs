// The document client of the Node SDK, with as many sockets as requests are in the air.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Agent } from "node:https";

export function client({ endpoint }, maxSockets) {
  const httpsAgent = new Agent({ keepAlive: true, maxSockets });
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint, maxAttempts: 10, requestHandler: { httpsAgent } }),
  );
}
