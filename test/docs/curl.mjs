// As much of curl as the examples need, for machines without it: `-H`, `-d`, `-d @-`, `--no-buffer`.
const headers = {};
let url = "";
let data = "";
const words = process.argv.slice(2);
while (words.length > 0) {
  const word = words.shift();
  if (word === "--no-buffer") continue;
  if (word === "-H") {
    const [name, value] = words.shift().split(/: (.*)/s);
    headers[name] = value;
  } else if (word === "-d") {
    data = words.shift();
    // Like curl, which takes the ends of lines out of a file.
    if (data === "@-") data = (await Array.fromAsync(process.stdin)).join("").replaceAll("\n", "");
  } else if (word.startsWith("-")) throw new Error(`curl ${word} is not known here`);
  else url = word;
}
// Whoever reads the output may have enough.
process.stdout.on("error", () => process.exit(23));
const response = await fetch(url, { method: "POST", headers, body: data });
for await (const chunk of response.body) process.stdout.write(chunk);
