// Talks to the reviewer. Knows requests and how they fail; shows nothing.

const token = location.hash.slice(1);

// What a request failed with: status 0 when nobody answered.
export class Failure extends Error {
  constructor(status, body) {
    super(body.error || "the reviewer does not answer");
    this.status = status;
    this.body = body;
  }
}

async function answer(path, options) {
  let response;
  try {
    response = await fetch(path, {
      ...options,
      headers: { Authorization: `Bearer ${token}`, ...options.headers },
    });
  } catch {
    throw new Failure(0, {});
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failure(response.status, body);
  return body;
}

export const get = (path, query = {}) =>
  answer(`/api/${path}?${new URLSearchParams(query)}`, { method: "GET" });

export const post = (path, body = {}) =>
  answer(`/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
