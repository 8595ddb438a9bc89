// Loaded on the two pages that the gateway's own script works on: adding a card, and proving that a card is one's own.
// The gateway's script asks its questions in frames of the gateway: nothing of a card passes here.
(() => {
  const root = document.querySelector("[data-gateway]");
  if (!root) return;
  const told = document.getElementById("gateway-said");
  const say = (text) => { told.textContent = text; told.hidden = false; };
  if (typeof Stripe !== "function") { say(root.dataset.away); return; }
  const stripe = Stripe(root.dataset.gateway, { locale: document.documentElement.lang.slice(0, 2) || "auto" });
  const button = root.querySelector("button");
  const wrong = (error) => { button.disabled = false; say((error && error.message) || root.dataset.away); };
  button.hidden = false;
  if (root.dataset.setup) {
    const card = stripe.elements().create("card");
    card.mount("#gateway-card");
    root.addEventListener("submit", (event) => {
      event.preventDefault();
      button.disabled = true;
      stripe.confirmCardSetup(root.dataset.secret, { payment_method: { card } })
        .then((done) => { if (done.error) wrong(done.error); else root.submit(); })
        .catch(wrong);
    });
  } else {
    button.addEventListener("click", () => {
      button.disabled = true;
      // Whatever came of it, the payment's own page says so.
      stripe.confirmCardPayment(root.dataset.secret).then(() => location.assign(root.dataset.back)).catch(wrong);
    });
  }
})();
