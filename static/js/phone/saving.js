// A record that does not get away can be taken out of the phone as a file.

export function saveAsFile(row) {
  const { id, kind, record, body, made_at, title, answer } = row;
  const text = JSON.stringify({ id, kind, record, title, made_at, body, answer }, null, 2);
  const name = kind.replace("/", "-") + "-" + made_at.slice(0, 10) + "-" + id.slice(0, 8) + ".json";
  const blob = new Blob([text], { type: "application/json" });
  const file = self.File ? new File([blob], name, { type: "application/json" }) : null;
  // Phones share (to WeChat, to a message); where they cannot, the file is downloaded.
  if (file && navigator.canShare && navigator.canShare({ files: [file] })) {
    return navigator.share({ files: [file] }).catch(() => download(blob, name));
  }
  return download(blob, name);
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.parentNode.removeChild(link);
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
