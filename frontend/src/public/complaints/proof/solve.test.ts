import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { BATCH, encodeSolution } from "./challenge";
import { tryBatch } from "./solve";

const salt =
  "46d5b1c8871e5152d902ee3f?edk=1493462145de1ce33a52fb569b27a364&codeChallenge=464Cjs7PbiJJhJZ_ReJ-y9UGGDndcpsnP6vS8x1nEJyTkhjQkJyL2jcnYEuMKcrG&expires=1795435200";
const answer = 4321;
const challenge = {
  algorithm: "SHA-256",
  // Made with another implementation than the one under test.
  challenge: createHash("sha256").update(`${salt}${answer}`).digest("hex"),
  salt,
  signature: "4b1cf0e0be0f4e5247e50b0f9a449830f1fbca44c32ff94bc080146815f31a18",
  maxnumber: 50_000,
};

test("the number is found in the batch that holds it, and in no other", () => {
  expect(tryBatch(challenge, 0)).toBeNull();
  expect(tryBatch(challenge, BATCH)).toBeNull();
  expect(tryBatch(challenge, 2 * BATCH)).toBe(answer);
});

test("the search ends at maxnumber", () => {
  expect(tryBatch({ ...challenge, maxnumber: answer - 1 }, 2 * BATCH)).toBeNull();
});

test("the solution is base64 of the JSON that the server checks", () => {
  expect(JSON.parse(Buffer.from(encodeSolution(challenge, answer), "base64").toString("utf8"))).toEqual({
    algorithm: "SHA-256",
    challenge: challenge.challenge,
    number: answer,
    salt,
    signature: challenge.signature,
  });
});
