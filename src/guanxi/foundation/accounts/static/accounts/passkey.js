// Passkeys: the page's form is filled with what the device answers, and sent.
//   <form data-passkey="use" data-passkey-url="…">   signs in; options are fetched from the URL, or stand in
//   <form data-passkey="make">                       makes one;  <script id="passkey-options" type="application/json">
(() => {
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const listed = (list = []) => list.map(one => ({ ...one, id: bytes(one.id) }));

  async function make({ publicKey }) {
    const wanted = {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: listed(publicKey.excludeCredentials),
      authenticatorSelection: { ...publicKey.authenticatorSelection, residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    };
    const made = await navigator.credentials.create({ publicKey: wanted });
    return {
      ...common(made),
      response: {
        clientDataJSON: text(made.response.clientDataJSON),
        attestationObject: text(made.response.attestationObject),
        transports: made.response.getTransports?.() ?? [],
      },
    };
  }

  async function use({ publicKey }) {
    const wanted = { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials) };
    const shown = await navigator.credentials.get({ publicKey: wanted });
    return {
      ...common(shown),
      response: {
        clientDataJSON: text(shown.response.clientDataJSON),
        authenticatorData: text(shown.response.authenticatorData),
        signature: text(shown.response.signature),
        userHandle: shown.response.userHandle ? text(shown.response.userHandle) : null,
      },
    };
  }

  const common = key => ({
    type: key.type, id: key.id, rawId: text(key.rawId),
    authenticatorAttachment: key.authenticatorAttachment ?? null, clientExtensionResults: key.getClientExtensionResults(),
  });

  async function options(form) {
    if (!form.dataset.passkeyUrl) return JSON.parse(document.getElementById('passkey-options').textContent);
    const answer = await fetch(form.dataset.passkeyUrl, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new TypeError('no options');
    const data = await answer.json();
    return data;
  }

  function say(form, key) {
    const line = form.querySelector('[data-passkey-error]');
    line.querySelector('span').textContent = form.querySelector('[data-passkey-words]').dataset[key];
    line.hidden = false;
  }

  document.querySelectorAll('form[data-passkey]').forEach(form => {
    if (!window.PublicKeyCredential) {
      form.hidden = true;
      document.querySelectorAll('[data-passkey-missing]').forEach(line => { line.hidden = false; });
      return;
    }
    form.hidden = false;
    form.addEventListener('submit', async event => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      form.querySelector('[data-passkey-error]').hidden = true;
      try {
        const data = await options(form);
        const made = form.dataset.passkey === 'make' ? await make(data.creation_options) : await use(data.request_options);
        form.elements.credential.value = JSON.stringify(made);
        form.requestSubmit();
      } catch (error) {
        say(form, error.name === 'InvalidStateError' ? 'known' : error.name === 'TypeError' ? 'failed' : 'cancelled');
      }
    });
  });
})();
