const methods = ['get', 'post', 'put', 'patch', 'delete'];
const place = operation => methods.indexOf(operation.get('method'));

SwaggerUIBundle({
  dom_id: '#docs',
  // Beside the page, whatever the prefix of both.
  url: new URL('openapi.json', document.baseURI).href,
  // Unless told not to, it sends the document to a validator of its makers.
  validatorUrl: null,
  deepLinking: true,
  // The document has its methods in the order of the alphabet.
  operationsSorter: (one, other) => one.get('path').localeCompare(other.get('path')) || place(one) - place(other),
  presets: [SwaggerUIBundle.presets.apis],
});
