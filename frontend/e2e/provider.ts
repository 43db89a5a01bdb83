import { createServer, type Server } from "node:http";
import Provider from "oidc-provider";

/** A real OpenID provider at the address that the server under test was told; whoever signs in there is who they say. */
export async function startProvider(site: string): Promise<Server> {
  const issuer = process.env.LIANGNUO_PROVIDER_URL;
  const [client_id, client_secret] = [
    process.env.LIANGNUO_PROVIDER_CLIENT_ID,
    process.env.LIANGNUO_PROVIDER_CLIENT_SECRET,
  ];
  if (!issuer || !client_id || !client_secret) throw new Error("script/with-server names the provider");
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id,
        client_secret,
        redirect_uris: [`${site}/console/sign-in/provider`],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ["for a test"] },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  const server = createServer(provider.callback());
  await new Promise<void>((resolve) => server.listen(Number(new URL(issuer).port), "127.0.0.1", resolve));
  return server;
}
