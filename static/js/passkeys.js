// What allauth's script for passkeys leaves out: words for whoever gets no passkey, and Enter in the form that adds one.
const WORDS = {
  NotAllowedError: "Your browser gave no passkey: it was cancelled, took too long, or has none for this site. Try again.",
  InvalidStateError: "This passkey is set up already.",
  SecurityError: "Passkeys do not work under this address of the site.",
};

document.addEventListener("allauth.error", (event) => {
  const problem = document.getElementById("passkey-problem");
  if (!problem) return;
  event.preventDefault();
  problem.hidden = false;
  problem.textContent = WORDS[event.detail.exception.name] ?? "Passkeys do not work here at the moment. Try again, or use a code.";
});

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.getElementById(form.dataset.passkey).click();
  });
}
