// What lies beside the pages of the playground: its own Python, Pyodide, wheels, lessons. Names are relative to
// `playground/`. Who asks for a file that is not there gets an error that names it.

export const text = async (name) => (await answer(name)).text();
export const json = async (name) => (await answer(name)).json();
export const bytes = async (name) => new Uint8Array(await (await answer(name)).arrayBuffer());

async function answer(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer;
}
