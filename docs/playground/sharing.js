// Code in the part of an address that never leaves the browser: deflated, in the alphabet of RFC 4648, section 5.

const KEY = "#code=";

// `place` is what the address of a part of a chapter asks for, if the code belongs to one.
export async function hashOf(code, place = "") {
  const bytes = await piped(new TextEncoder().encode(code), new CompressionStream("deflate-raw"));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const letters = text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return KEY + letters + (place && `&${place}`);
}

export const holdsCode = (hash) => hash.startsWith(KEY);

// Throws if the code is damaged.
export async function codeFrom(hash) {
  const [letters] = hash.slice(KEY.length).split("&");
  const text = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return new TextDecoder().decode(await piped(bytes, new DecompressionStream("deflate-raw")));
}

async function piped(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
