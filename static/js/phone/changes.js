// Tells this page, the other tabs and the worker that what is stored has changed.

const channel = self.BroadcastChannel ? new BroadcastChannel("grid") : null;
const listeners = [];

export function onChange(listener) {
  listeners.push(listener);
}

function tell() {
  for (const listener of listeners) listener();
}

export function changed() {
  tell();
  if (channel) channel.postMessage("changed");
}

if (channel) channel.onmessage = tell;
