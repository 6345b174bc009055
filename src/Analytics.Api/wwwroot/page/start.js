// The token leaves the address before anything else is imported or fetched.
const fragment = new URLSearchParams(location.hash.slice(1));
if (location.hash) history.replaceState(null, "", location.pathname + location.search);
addEventListener("hashchange", () => location.hash.includes("token=") && location.reload());
const { start } = await import("./app.js");
start(fragment);
