/** A classic script that runs before the others: reports what goes wrong before they can. */
(() => {
  let told = false;
  const tell = (/** @type {string} */ error) => {
    if (told) return;
    told = true;
    fetch('/report', { method: 'POST', body: JSON.stringify({ error }) });
  };
  addEventListener(
    'error',
    (event) => {
      const { target } = event;
      tell(target instanceof HTMLScriptElement ? `${target.src} does not load` : event.message);
    },
    true,
  );
  addEventListener('unhandledrejection', (event) => tell(`unhandled rejection: ${event.reason}`));
})();
