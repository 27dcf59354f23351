// Print the latest value of each parameter of a satellite, and what the wrong name would have been.
//
//     node examples/latest.mjs http://127.0.0.1:8080 classroom-1
//
// In a browser the same few lines work on a page of the dashboard itself (its own origin only).

const [url = "http://127.0.0.1:8080", id = "classroom-1"] = process.argv.slice(2);

const answer = await fetch(`${url}/api/v1/satellites/${encodeURIComponent(id)}/latest`);
const found = await answer.json();
if (!answer.ok) {
  console.error(found.error); // one sentence, often with the right name
  process.exit(1);
}
for (const [name, reading] of Object.entries(found.parameters)) {
  console.log(`${name}: ${reading.value} ${reading.unit} (${reading.state}), ${reading.time}`);
}
