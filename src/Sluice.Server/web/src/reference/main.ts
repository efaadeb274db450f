// The API reference: Scalar shows /openapi/v1.json and sends requests to this server.
import './reference.css';

declare const Scalar: { createApiReference(selector: string, configuration: object): void };

Scalar.createApiReference('#app', {
  url: '../openapi/v1.json',
  // The server as the reader reached it, below whatever path.
  servers: [{ url: new URL('..', location.href).href.replace(/\/$/, '') }],
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
});
